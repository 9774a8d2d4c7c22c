//! "Akun saya": the person's own name, address, number, password, devices and organisations, each with its way to
//! change it.

use askama::Template;
use domain::ids::OrganisationId;
use store::accounts::{Belonging, Credentials};

use super::profile;
use crate::{
    ctx::{Ctx, SignedIn},
    handler::Answer,
    nav,
    session::{self, Token},
    shell::Shell,
};

#[derive(Template)]
#[template(path = "accounts/account.html")]
struct Page {
    shell: Shell,
    known: Credentials,
    devices: usize,
    has_step: bool,
    /// The acting organisation's facts are this person's to change.
    has_profile: bool,
    belongs: Vec<Belonging>,
    acting: Option<OrganisationId>,
}

impl Page {
    fn is_acting(&self, belonging: &Belonging) -> bool {
        self.acting == Some(belonging.organisation)
    }

    fn role(&self, belonging: &Belonging) -> String {
        self.shell.t(nav::role_key(&belonging.roles))
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
        known: ctx.store().credentials(person.person).await?,
        devices: devices.len(),
        has_profile: profile::managed(&ctx).is_ok(),
        has_step: ctx.store().second_step(person.person).await?.is_some(),
        belongs: ctx
            .visitor()
            .map(|visitor| visitor.belongs.clone())
            .unwrap_or_default(),
        acting: ctx.acting().map(|acting| acting.organisation),
        shell: ctx.shell().await,
    };
    ctx.html(&page)
}
