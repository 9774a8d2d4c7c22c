//! The other language, and the end of a session.

use tests::browser::Browser;

use super::Walk;
use crate::crawl::raw_keys;

pub async fn english_is_complete(walk: &Walk, buyer: &Browser) {
    buyer.click("English").await;
    buyer.press("English").await;
    for path in ["/home", "/orders", "/search", "/cart", "/"] {
        buyer.go(path).await;
        assert_eq!(
            buyer
                .find("html")
                .await
                .attr("lang")
                .await
                .expect("an answer"),
            Some("en".to_owned()),
            "{path}"
        );
        let text = buyer.text().await;
        let raw = raw_keys(&text);
        assert!(raw.is_empty(), "{path} shows {raw:?}");
        walk.picture(buyer, &format!("english-{}", path.trim_matches('/')))
            .await;
    }
    buyer.go("/home").await;
    buyer.reads("My orders").await;
    buyer.click("My orders").await;
    buyer.click("RAR").await;
    buyer.reads("Confirmed").await;
    walk.picture(buyer, "english-order").await;
}

/// Signing out ends the session where it lives: its cookie, put back, opens nothing.
pub async fn a_signed_out_session_is_dead(walk: &Walk, buyer: &Browser) {
    let cookies = buyer.driver.get_all_cookies().await.expect("cookies");
    let session = cookies.into_iter().find(|cookie| cookie.name == "lumbung");
    let session = session.expect("a session");
    buyer.go("/home").await;
    buyer.press("Log out").await;
    buyer.go("/home").await;
    assert!(buyer.path().await.starts_with("/login"));
    buyer.driver.add_cookie(session).await.expect("a cookie");
    buyer.go("/orders").await;
    assert!(buyer.path().await.starts_with("/login"));
    walk.picture(buyer, "signed-out").await;
}
