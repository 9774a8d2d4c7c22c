//! The devices that are signed in, and signing them out: one, or all but this one.

use askama::Template;
use domain::time::{Instant, Zone};
use store::accounts::Device;

use super::entering;
use crate::{
    ctx::{Ctx, SignedIn},
    error::Error,
    flash::Flash,
    handler::Answer,
    security,
    session::{self, Token},
    shell::Shell,
};

/// The value that stands for all other devices.
const OTHERS: &str = "others";

#[derive(Template)]
#[template(path = "accounts/account_sessions.html")]
struct Page {
    shell: Shell,
    zone: Zone,
    devices: Vec<(String, Device)>,
}

impl Page {
    fn time(&self, at: &Instant) -> String {
        self.shell.date_time(*at, self.zone)
    }

    fn has_others(&self) -> bool {
        self.devices.len() > 1
    }
}

pub async fn page(ctx: Ctx, person: SignedIn) -> Answer {
    let this = ctx.session_token().map(Token::hash).unwrap_or_default();
    let idle_since = ctx.now().plus_seconds(-session::IDLE_SECONDS);
    let devices = ctx
        .store()
        .devices(person.person, &this, idle_since, ctx.now())
        .await?;
    let page = Page {
        shell: ctx.shell().await,
        zone: ctx
            .acting()
            .map_or(Zone::Wib, |acting| Zone::of_region(&acting.region_code)),
        devices: devices
            .into_iter()
            .map(|device| (entering::device(&ctx, device.agent.as_deref()), device))
            .collect(),
    };
    ctx.html(&page)
}

pub async fn submit(ctx: Ctx, person: SignedIn) -> Answer {
    let which = ctx.posted().only("session").ok_or(Error::BadRequest)?;
    let act = ctx.act();
    let this = ctx.session_token().map(Token::hash).unwrap_or_default();
    if which == OTHERS {
        ctx.store()
            .end_other_sessions(&act, person.person, &this)
            .await?;
    } else if !ctx.store().end_session(&act, person.person, which).await? {
        return Err(Error::NotFound);
    }
    security::note(&ctx, security::Kind::SessionsEnded);
    ctx.flash(Flash::done(ctx.t("account-sessions-ended")))
        .await?;
    ctx.see("/account/sessions")
}
