//! Choosing the organisation one acts for, where one has roles in several.

use askama::Template;
use domain::ids::OrganisationId;
use store::accounts::Belonging;

use crate::{
    ctx::Ctx, error::Error, flash::Flash, handler::Answer, nav::role_key, session::Token,
    shell::Shell,
};

#[derive(Template)]
#[template(path = "accounts/organisation.html")]
struct Page {
    shell: Shell,
    belongs: Vec<Belonging>,
    acting: Option<OrganisationId>,
}

impl Page {
    fn is_acting(&self, belonging: &Belonging) -> bool {
        self.acting == Some(belonging.organisation)
    }

    fn role(&self, belonging: &Belonging) -> String {
        self.shell.t(role_key(&belonging.roles))
    }
}

pub async fn page(ctx: Ctx) -> Answer {
    let page = Page {
        shell: ctx.shell().await,
        belongs: ctx
            .visitor()
            .map(|visitor| visitor.belongs.clone())
            .unwrap_or_default(),
        acting: ctx.acting().map(|acting| acting.organisation),
    };
    ctx.html(&page)
}

pub async fn submit(ctx: Ctx) -> Answer {
    let organisation: OrganisationId = ctx
        .posted()
        .only("organisation")
        .and_then(|id| id.parse().ok())
        .ok_or(Error::NotFound)?;
    let name = ctx
        .visitor()
        .and_then(|visitor| {
            let mut belongs = visitor.belongs.iter();
            belongs.find(|belonging| belonging.organisation == organisation)
        })
        .map(|belonging| belonging.name.clone())
        .ok_or(Error::NotFound)?;
    let hash = ctx.session_token().map(Token::hash).unwrap_or_default();
    if !ctx.store().act_for(&ctx.act(), &hash, organisation).await? {
        return Err(Error::NotFound);
    }
    ctx.flash(Flash::done(text::t_with(
        ctx.lang(),
        "organisation-now-acting",
        &[("name", name.into())],
    )))
    .await?;
    ctx.renew_session().await?;
    ctx.see("/home")
}
