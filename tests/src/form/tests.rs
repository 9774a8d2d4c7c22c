//! Forms are filled in and sent as a browser would.

use super::Form;
use crate::page::Page;

fn form() -> Form {
    Page::parse(
            r#"<form method="post" action="/offers">
              <input type="hidden" name="csrf_token" value="abc">
              <input name="name" value="Beras &amp; ketan">
              <textarea name="note">
baris</textarea>
              <select name="unit"><option value="kg">Kg<option value="peti" selected>Peti</select>
              <input type="radio" name="rule" value="even"><input type="radio" name="rule" value="pro_rata">
              <input type="checkbox" name="grade" value="A" checked><input type="checkbox" name="grade" value="B">
              <input name="old" disabled value="x"><fieldset disabled><input name="older"></fieldset>
              <button name="step" value="draft">Simpan draf</button><button>Terbitkan</button>
            </form><input name="elsewhere">"#,
        )
        .form("/offers")
}

#[test]
fn a_form_sends_what_a_browser_would() {
    assert_eq!(
        form().sent(),
        [
            ("csrf_token", "abc"),
            ("name", "Beras & ketan"),
            ("note", "baris"),
            ("unit", "peti"),
            ("grade", "A"),
            ("step", "draft"),
        ]
    );
}

#[test]
fn a_form_is_filled_in() {
    let form = form()
        .with("name", "Kopi 1+1")
        .with("unit", "kg")
        .with("rule", "pro_rata")
        .tick("grade", "A", false)
        .tick("grade", "B", true)
        .press("Terbitkan");
    assert_eq!(
        form.query(),
        "csrf_token=abc&name=Kopi+1%2B1&note=baris&unit=kg&rule=pro_rata&grade=B"
    );
}

#[test]
#[should_panic(expected = "no field \"old\"")]
fn a_disabled_field_cant_be_filled_in() {
    let _ = form().with("old", "y");
}

#[test]
#[should_panic(expected = "no field \"csrf_token\"")]
fn a_hidden_field_cant_be_filled_in() {
    let _ = form().with("csrf_token", "y");
}

#[test]
#[should_panic(expected = "is not in")]
fn a_value_that_isnt_offered_cant_be_chosen() {
    let _ = form().with("unit", "karung");
}

#[test]
fn a_tampered_form_sends_what_it_is_told() {
    let form = form()
        .tampered("csrf_token", "no")
        .tampered("step", "publish")
        .without("name");
    assert_eq!(form.value("step"), Some("publish"));
    assert_eq!(form.value("csrf_token"), Some("no"));
    assert_eq!(form.value("name"), None);
}

#[test]
fn a_file_goes_along() {
    let page = Page::parse(
        r#"<form method="post" action="/i" enctype="multipart/form-data"><input name="a" value="1"><input type="file" name="f"></form>"#,
    );
    let sent = page.form("/i").attach("f", "x.csv", b"nama;stok\n").body();
    let body = String::from_utf8(sent.body).expect("a text");
    assert!(body.contains("name=\"a\"\r\n\r\n1\r\n"));
    assert!(body.contains(
        "filename=\"x.csv\"\r\nContent-Type: application/octet-stream\r\n\r\nnama;stok\n\r\n"
    ));
    let (_, boundary) = sent
        .content_type
        .split_once("boundary=")
        .expect("a boundary");
    assert!(body.ends_with(&format!("--{boundary}--\r\n")));
}
