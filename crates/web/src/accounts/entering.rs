//! A session begins: a new token, the device's name, and what the person has to know first.

use domain::{ids::PersonId, time::Zone};
use store::accounts::NewSession;
use text::format;

use crate::{
    ctx::Ctx,
    error::Error,
    flash::Flash,
    security,
    session::{LIFE_SECONDS, SHORT_SECONDS, Token},
};

/// Characters of what a browser says of itself that are kept.
const AGENT_CHARS: usize = 300;

/// A new session under a new token; what the visitor had before is worthless from here on.
pub async fn begin(ctx: &Ctx, person: PersonId, keep: bool) -> Result<(), Error> {
    let life = if keep { LIFE_SECONDS } else { SHORT_SECONDS };
    let token = Token::random()?;
    let session = NewSession {
        token_hash: token.hash(),
        csrf: Token::random()?.as_str().to_owned(),
        person,
        expires_at: ctx.now().plus_seconds(life),
        replaces: ctx.session_token().map(Token::hash),
        agent: agent(ctx),
    };
    ctx.store().open_session(&ctx.act(), &session).await?;
    security::note_person(ctx, security::Kind::SignedIn, Some(person));
    let notice = ctx.store().take_reset_notice(&ctx.act(), person).await?;
    if let Some((at, by)) = notice {
        let flash = Flash::note(text::t_with(
            ctx.lang(),
            "account-reset-was-issued",
            &[
                ("by", by.into()),
                ("at", format::date_time(ctx.lang(), at, Zone::Wib).into()),
            ],
        ));
        ctx.store()
            .set_flash(&ctx.act(), &session.token_hash, &flash.to_row())
            .await?;
    }
    let cookies = ctx.state().cookies();
    ctx.set_cookie(cookies.session(&token, keep));
    ctx.set_cookie(cookies.no_visit());
    Ok(())
}

/// The browser's own words, without what could break a log or a page.
fn agent(ctx: &Ctx) -> Option<String> {
    let header = ctx.request().headers().get("user-agent")?;
    let text = header.to_str().ok()?;
    let clean: String = text
        .chars()
        .filter(|c| !c.is_control())
        .take(AGENT_CHARS)
        .collect();
    (!clean.trim().is_empty()).then_some(clean)
}

/// "Chrome di Android": what a person recognises a device by.
pub fn device(ctx: &Ctx, agent: Option<&str>) -> String {
    let agent = agent.unwrap_or_default();
    let find = |names: &[(&'static str, &'static str)]| {
        let mut all = names.iter();
        all.find(|(mark, _)| agent.contains(mark)).map(|(_, n)| *n)
    };
    let browser = find(&[
        ("SamsungBrowser", "Samsung Internet"),
        ("OPR/", "Opera"),
        ("Edg", "Edge"),
        ("Firefox", "Firefox"),
        ("FxiOS", "Firefox"),
        ("UCBrowser", "UC Browser"),
        ("CriOS", "Chrome"),
        ("Chrome", "Chrome"),
        ("Safari", "Safari"),
    ]);
    let system = find(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "Mac"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => text::t_with(
            ctx.lang(),
            "account-device",
            &[("browser", browser.into()), ("system", system.into())],
        ),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => ctx.t("account-device-unknown"),
    }
}
