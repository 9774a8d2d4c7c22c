//! Forms as they should be sent, and as they shouldn't: without their token, with fields that nobody asked for, with
//! ids of another tenant, and with values that no browser sends.

use tests::{
    app::TestApp,
    database::Kind,
    page::Page,
    rows::{Looker, Rows},
};
use web::routes::Method;

use super::{
    Fields, LINES, Line, MISSING, Sender, Site, anonymous, content, form, is_file, path_of, send,
    sender, token,
};

fn deeds() -> impl Iterator<Item = &'static Line> {
    LINES.iter().filter(|line| line.method == Method::Post)
}

/// Who does a deed. The observer may go: nobody needs it afterwards.
fn doer(line: &Line) -> &'static str {
    match line.path {
        "/logout" => "observer",
        _ => line.who[0],
    }
}

async fn sqlite() -> TestApp {
    let app = TestApp::start(Kind::Sqlite).await;
    app.expect("SQLite is always there")
}

/// What no form may decide (CHECKLIST B05), with the most tempting values.
fn uninvited(site: &Site, fields: &Fields) -> Fields {
    let other = |noun: &str| site.other[noun].clone();
    let mut extra: Fields = [
        ("coop_id", other("cooperative")),
        ("cooperative_id", other("cooperative")),
        ("owner_id", other("umkm")),
        ("umkm_id", other("umkm")),
        ("supplier_id", other("umkm")),
        ("organisation_id", other("umkm")),
        ("buyer_id", other("buyer")),
        ("product_id", other("product")),
        ("offer_id", other("offer")),
        ("id", MISSING.to_owned()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into();
    for (name, value) in [
        ("role", "platform_admin"),
        ("roles", "platform_admin"),
        ("kind_of_organisation", "platform"),
        ("is_admin", "1"),
        ("price", "1"),
        ("price_rupiah", "1"),
        ("buyer_price", "1"),
        ("member_price", "1"),
        ("total", "1"),
        ("total_rupiah", "1"),
        ("discount", "100"),
        ("status", "confirmed"),
        ("state", "confirmed"),
        ("is_verified", "true"),
        ("verified_at", "1"),
        ("verification", "verified"),
        ("created_at", "0"),
        ("updated_at", "0"),
        ("held", "0"),
        ("held_packs", "0"),
        ("actor", "system"),
        ("number", "1"),
    ] {
        extra.push((name.to_owned(), value.to_owned()));
    }
    extra.retain(|(name, _)| fields.iter().all(|(there, _)| there != name));
    // The page of a list's columns asks for these: which column fills the field.
    if fields
        .iter()
        .any(|(name, value)| name == "name" && value == "0")
    {
        extra.retain(|(name, _)| !["price", "number", "status"].contains(&name.as_str()));
    }
    extra
}

/// Does every deed of the site once, as expected, and tells what the rows are afterwards.
async fn all_deeds(app: &TestApp, with_uninvited: bool) -> Rows {
    let site = Site::of(app).await;
    let mut wrong = Vec::new();
    for line in deeds() {
        let sender = sender(app, &site, doer(line)).await;
        let mut fields = form(line, &site, sender.visitor()).await;
        if with_uninvited {
            let extra = uninvited(&site, &fields);
            // Before and after what belongs there: neither the first nor the last of a name may win.
            let half = extra.len() / 2;
            fields.splice(0..0, extra[half..].iter().cloned());
            fields.extend_from_slice(&extra[..half]);
        }
        let path = path_of(line, &site.own);
        let answer = send(sender.visitor(), &path, &fields, Some(&sender.token)).await;
        let expected = if line.conflict { 409 } else { 303 };
        if answer.status != expected {
            let said = answer.visible();
            wrong.push(format!("{}: {}\n    {said}", line.path, answer.status));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let rows = Looker::at(&app.database.url).await.rows().await;
    rows.named(&site.names())
}

#[tokio::test]
async fn fields_that_no_form_asks_for_are_without_effect() {
    let (plain, tempted) = (sqlite().await, sqlite().await);
    let expected = all_deeds(&plain, false).await;
    let rows = all_deeds(&tempted, true).await;
    let changes = expected.changes(&rows);
    assert!(changes.is_empty(), "{}", changes.join("\n"));
}

#[tokio::test]
async fn a_form_without_the_token_of_its_session_is_refused_and_changes_nothing() {
    let app = sqlite().await;
    let site = Site::of(&app).await;
    let looker = Looker::at(&app.database.url).await;
    let before = looker.rows().await;
    let stranger = anonymous(&app).await.token;
    let colleague = token(&site.people["board"].visitor, "/home").await;
    for line in deeds() {
        let sender = sender(&app, &site, doer(line)).await;
        let fields = form(line, &site, sender.visitor()).await;
        let path = path_of(line, &site.own);
        let right = sender.token.as_str();
        let cut = &right[..right.len() - 1];
        for token in [None, Some(""), Some("0"), Some(cut)]
            .into_iter()
            .chain([Some(stranger.as_str()), Some(colleague.as_str())])
        {
            let answer = send(sender.visitor(), &path, &fields, token).await;
            assert_eq!(answer.status, 403, "{path} with token {token:?}");
        }
        let mut twice = fields.clone();
        twice.push(("csrf_token".to_owned(), right.to_owned()));
        let answer = send(sender.visitor(), &path, &twice, Some(right)).await;
        assert_eq!(answer.status, 403, "{path} with two tokens");
        let changes = before.changes(&looker.rows().await);
        assert!(changes.is_empty(), "{path}:\n{}", changes.join("\n"));
    }
}

/// Ids in fields that have to be one's own (CHECKLIST B02): another tenant's is as good as none.
const OWN_FIELDS: &[(&str, &str, &str)] = &[
    ("/offers/{id}/supplies", "product", "pooled"),
    ("/offers/{id}/photos", "photo", "shown"),
    ("/catalogs/new", "offer", "offer"),
    ("/catalogs/{id}/edit", "offer", "offer"),
    ("/products/bulk", "product", "product"),
    ("/organisation", "organisation", "umkm"),
    ("/people/removal", "person", "colleague"),
    ("/orders/details", "cooperative", "cooperative"),
    ("/orders", "cooperative", "cooperative"),
];

#[tokio::test]
async fn an_id_of_another_tenant_in_a_field_is_as_good_as_none() {
    for app in TestApp::each().await {
        let site = Site::of(&app).await;
        let looker = Looker::at(&app.database.url).await;
        let before = looker.rows().await;
        for (path, field, noun) in OWN_FIELDS {
            let line = deeds().find(|line| line.path == *path);
            let line = line.unwrap_or_else(|| panic!("{path} has no line"));
            let sender = sender(&app, &site, doer(line)).await;
            let fields = form(line, &site, sender.visitor()).await;
            let path = path_of(line, &site.own);
            let mut answers = Vec::new();
            for id in [site.other[noun].as_str(), MISSING] {
                let mut fields = fields.clone();
                let mut there = fields.iter_mut().filter(|(name, _)| name == field);
                there.next().expect("the form has the field").1 = id.to_owned();
                let answer = send(sender.visitor(), &path, &fields, Some(&sender.token)).await;
                assert!(answer.status < 500, "{path}: {}", answer.status);
                let to = answer.header("location").unwrap_or_default();
                answers.push((answer.status, to.replace(id, "(id)")));
            }
            // Cooperatives are there for everybody to see; their ids say nothing.
            if *noun != "cooperative" {
                assert_eq!(answers[0], answers[1], "{path}, {field}");
            }
            let changes = before.changes(&looker.rows().await);
            assert!(changes.is_empty(), "{path}:\n{}", changes.join("\n"));
        }
    }
}

/// A person may write here what they like.
const FREE_TEXT: &[&str] = &[
    "person_name",
    "organisation_name",
    "name_id",
    "name_en",
    "new_name_id",
    "new_name_en",
    "legal_basis",
    "decided_by",
    "password",
    "name",
    "title",
    "reason",
    "leaving",
    "deliver_to",
    "grades",
    "note",
    "question",
    "answer",
    "address",
    "village",
];

/// Fields that may stay empty or be left out.
const OPTIONAL: &[(&str, &str)] = &[
    ("/organisation/profile", "phone"),
    ("/organisation/profile", "address"),
    ("/organisation/profile", "village"),
    ("/organisation/profile", "postal_code"),
    ("/organisation/profile", "nib"),
    ("/organisation/profile", "npwp"),
    ("/products/{id}/lots/{lot}/adjustment", "reason"),
    (
        "/members/{member}/products/{id}/lots/{lot}/adjustment",
        "reason",
    ),
    ("/products/new", "kind"),
    ("/members/{member}/products/new", "kind"),
    // A draft may have gaps.
    ("/members/{member}/products/{id}/edit", "kind"),
    ("/offers/new", "grades"),
    ("/offers/{id}/supplies", "product"),
    ("/catalogs/new", "offer"),
    // A field that no column fills.
    ("/products/imports/{id}/columns", "name"),
    ("/members/imports/{id}/columns", "name"),
    ("/members/{member}/products/imports/{id}/columns", "name"),
];

/// Boxes, ticked by whatever comes, or a number of which any will do.
const BOXES: &[&str] = &["app_orders", "app_shares", "app_members"];

/// Whether the server may take the field like this.
fn may_pass(line: &Line, field: &str, how: &str) -> bool {
    match how {
        "twice" => false,
        _ if BOXES.contains(&field) => true,
        // A table of one cell is a table, too.
        "of another type" => field == "file" || FREE_TEXT.contains(&field),
        "missing" | "empty" => OPTIONAL.contains(&(line.path, field)),
        // Old spreadsheets write what isn't UTF-8, and no photo is.
        "no UTF-8" => ["file", "photo_file"].contains(&field),
        "with NUL" => field == "photo_file",
        _ => false,
    }
}

#[tokio::test]
async fn bad_input_is_told_and_never_a_fault() {
    let app = sqlite().await;
    let site = Site::of(&app).await;
    let looker = Looker::at(&app.database.url).await;
    let mut before = looker.rows().await;
    let mut wrong = Vec::new();
    for line in deeds().filter(|line| line.path != "/logout") {
        let sender = sender(&app, &site, doer(line)).await;
        let fields = form(line, &site, sender.visitor()).await;
        let path = path_of(line, &site.own);
        for (what, body) in bad_bodies(&fields, &sender) {
            let (kind, body) = body;
            let answer: Page = sender.visitor().post_body(&path, kind, body).await;
            let (field, how) = what.split_once(' ').expect("a field and what is bad");
            let is_told = match how {
                // Files may be that large.
                "MB" if line.form.iter().any(|(name, _)| *name == "file") => answer.status < 500,
                "MB" => answer.status == 413,
                _ if may_pass(line, field, how) => answer.status < 500,
                _ => (400..500).contains(&answer.status),
            };
            if !is_told {
                wrong.push(format!("{}, {what}: {}", line.path, answer.status));
            }
            let after = looker.rows().await;
            if answer.status >= 400 && before != after {
                let changes = before.changes(&after).join("\n    ");
                wrong.push(format!("{}, {what} changed\n    {changes}", line.path));
            }
            before = after;
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

type Body = (&'static str, Vec<u8>);

/// Each field twice, missing, empty, with NUL, with bytes that are no UTF-8, and as something else; and far too much.
fn bad_bodies(fields: &Fields, sender: &Sender<'_>) -> Vec<(String, Body)> {
    let mut bodies = Vec::new();
    let is_upload = fields.iter().any(|(_, value)| is_file(value));
    let body = |pairs: &[(String, Vec<u8>)]| -> Body {
        let mut out = Vec::new();
        if is_upload {
            for (name, value) in pairs {
                out.extend_from_slice(b"--pembatas\r\ncontent-disposition: form-data; name=\"");
                out.extend_from_slice(name.as_bytes());
                out.extend_from_slice(match name.as_str() {
                    "file" | "photo_file" => b"\"; filename=\"a.csv\"\r\n\r\n".as_slice(),
                    _ => b"\"\r\n\r\n",
                });
                out.extend_from_slice(value);
                out.extend_from_slice(b"\r\n");
            }
            out.extend_from_slice(b"--pembatas--\r\n");
            return ("multipart/form-data; boundary=pembatas", out);
        }
        for (name, value) in pairs {
            out.extend_from_slice(name.as_bytes());
            out.push(b'=');
            for byte in value {
                out.extend_from_slice(format!("%{byte:02x}").as_bytes());
            }
            out.push(b'&');
        }
        ("application/x-www-form-urlencoded", out)
    };
    let pairs: Vec<(String, Vec<u8>)> = [("csrf_token".to_owned(), sender.token.clone())]
        .iter()
        .chain(fields)
        .map(|(name, value)| (name.clone(), content(value)))
        .collect();
    for at in 1..pairs.len() {
        let name = &pairs[at].0;
        let mut twice = pairs.clone();
        twice.push((name.clone(), b"lain".to_vec()));
        bodies.push((format!("{name} twice"), body(&twice)));
        let mut missing = pairs.clone();
        missing.remove(at);
        bodies.push((format!("{name} missing"), body(&missing)));
        let value = pairs[at].1.clone();
        let with = |bytes: &[u8]| [value.as_slice(), bytes].concat();
        for (what, value) in [
            ("empty", Vec::new()),
            ("with NUL", with(b"\0")),
            ("no UTF-8", with(&[0xff, 0xfe])),
            ("of another type", "'; DROP TABLE {}[]".as_bytes().to_vec()),
        ] {
            let mut bad = pairs.clone();
            bad[at].1 = value;
            bodies.push((format!("{name} {what}"), body(&bad)));
        }
    }
    let mut large = pairs.clone();
    large.push(("note".to_owned(), vec![b'a'; 1024 * 1024]));
    bodies.push(("1 MB".to_owned(), body(&large)));
    bodies
}
