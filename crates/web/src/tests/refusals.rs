//! Pages that say why not: each has its words in both languages, and a way on.

use crate::error::Error;

use super::*;

const KINDS: &[(&str, u16)] = &[
    ("bad-request", 400),
    ("forbidden", 403),
    ("unverified", 403),
    ("csrf", 403),
    ("not-found", 404),
    ("conflict", 409),
    ("organisation", 409),
    ("too-large", 413),
    ("too-many", 429),
    ("broken", 500),
    ("unavailable", 503),
    ("no-room", 503),
];

async fn refuse(ctx: Ctx) -> Answer {
    Err(match ctx.query().first("kind") {
        "bad-request" => Error::BadRequest,
        "forbidden" => Error::Forbidden,
        "unverified" => Error::Unverified,
        "csrf" => Error::Csrf,
        "conflict" => Error::conflict("account-password-moved").way_out("/account", "account-back"),
        "organisation" => Error::OtherOrganisation,
        "too-large" => Error::TooLarge,
        "too-many" => Error::TooMany {
            retry_after_seconds: 61,
        },
        "broken" => Error::broken("the cause"),
        "no-room" => Error::NoRoom("the cause".to_owned()),
        "unavailable" => Error::Unavailable("the cause".to_owned()),
        _ => Error::NotFound,
    })
}

#[actix_web::test]
async fn every_refusal_has_a_page_in_both_languages_with_a_way_on() {
    let routes = vec![Route::get("/refusal", Access::Public, refuse)];
    let house = house_with(Some(routes), "").await;
    let app = serve!(house);
    for (kind, status) in KINDS {
        let mut titles = Vec::new();
        for lang in ["id", "en"] {
            let asked = TestRequest::get()
                .uri(&format!("/refusal?kind={kind}"))
                .insert_header(("accept-language", lang));
            let seen = Browser::new(&app).ask(asked).await;
            let body = &seen.body;
            assert_eq!(seen.status, *status, "{kind}");
            assert!(body.contains(&format!("<html lang=\"{lang}\">")), "{kind}");
            assert!(!body.contains("refusal-"), "{kind}: {body}");
            assert!(!body.contains("the cause"), "{kind}: {body}");
            let main = body.split_once("<main").map(|(_, main)| main).unwrap();
            let (main, _) = main.split_once("</main>").unwrap();
            assert!(main.contains("<a class=\"button"), "{kind}: {main}");
            assert_eq!(main.matches("<h1>").count(), 1, "{kind}");
            let title = main.split_once("<h1>").unwrap().1;
            titles.push(title.split_once("</h1>").unwrap().0.to_owned());
        }
        titles.dedup();
        assert_eq!(titles.len(), 2, "{kind}: {titles:?}");
    }
}
