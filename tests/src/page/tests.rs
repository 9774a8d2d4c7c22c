//! Pages are read as a person sees them.

use super::{Link, Page};

fn page() -> Page {
    Page::parse(
        r##"<title>Stok
          · Lumbung</title><h1>Stok</h1><p hidden>rahasia</p><script>rahasia</script>
        <p>Rp<b>12.500</b><br>per kg</p><a href="/offers/1"> Beras
          pandan</a><a href="#top">Atas</a>
        <table><thead><tr><th>Barang</th><th>Stok</th></tr></thead><tbody>
          <tr><th>Beras</th><td>40 kg</td></tr><tr><th>Kopi</th><td>8 kg</td></tr></tbody></table>
        <form action="/offers/1/lots" method="post"><input name="packs" aria-describedby="h e" value="0">
          <p id="h">Bungkus</p><p id="e">Isi jumlah</p><button>Simpan</button></form>"##,
    )
}

#[test]
fn what_is_visible_is_read() {
    let page = page();
    assert_eq!(page.title(), "Stok · Lumbung");
    assert_eq!(page.heading(), "Stok");
    page.reads("Rp12.500 per kg");
    page.lacks("rahasia");
    assert!(page.has("table") && !page.has("aside"));
}

#[test]
fn links_rows_and_messages_are_found() {
    let page = page();
    let beras = Link {
        text: "Beras pandan".into(),
        href: "/offers/1".into(),
    };
    assert_eq!(page.links().first(), Some(&beras));
    assert_eq!(page.link("Beras"), "/offers/1");
    assert_eq!(page.row("Kopi").cell("Stok"), "8 kg");
    assert_eq!(page.rows().len(), 2);
    assert_eq!(page.field_message("packs"), "Bungkus Isi jumlah");
    assert_eq!(page.form("/lots").action, "/offers/1/lots");
    assert_eq!(page.form_with_button("Simpan").value("packs"), Some("0"));
}

#[test]
#[should_panic(expected = "no row with “Teh”")]
fn a_row_that_isnt_there_fails_the_test() {
    let _ = page().row("Teh");
}

#[test]
#[should_panic(expected = "“Teh” is not on")]
fn words_that_arent_there_fail_the_test() {
    page().reads("Teh");
}

#[test]
#[should_panic(expected = "assertion `left == right` failed")]
fn another_status_fails_the_test() {
    let _ = page().expect(404);
}
