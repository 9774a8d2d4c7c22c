//! Another password, for whoever knows the current one. Every other device is signed out.

use askama::Template;
use domain::{accounts::password, problem::Problem};

use super::limits;
use crate::{
    ctx::{Ctx, SignedIn},
    error::Error,
    flash::Flash,
    form::Form,
    handler::Answer,
    security,
    session::Token,
    shell::Shell,
};

#[derive(Template)]
#[template(path = "accounts/account_password.html")]
struct Page {
    shell: Shell,
    form: Form,
}

pub async fn page(ctx: Ctx, _: SignedIn) -> Answer {
    let page = Page {
        shell: ctx.shell().await,
        form: ctx.empty_form(),
    };
    ctx.html(&page)
}

pub async fn submit(ctx: Ctx, person: SignedIn) -> Answer {
    let known = ctx.store().credentials(person.person).await?;
    let own = [
        known.email.as_deref().unwrap_or_default(),
        known.phone.as_deref().unwrap_or_default(),
        known.name.as_str(),
    ];
    let mut reader = ctx.reader();
    let current = reader.raw("current_password").to_owned();
    let typed = reader.with("password", |raw| password(raw, &own));
    let stored = limits::is_password(&ctx, &current).await?;
    if stored.is_none() {
        reader.add("current_password", Problem::new("account-password-wrong"));
    }
    let (stored, new) = match reader.finish(|| Some((stored?, typed?))) {
        Ok(both) => both,
        Err(form) => {
            let page = Page {
                shell: ctx.shell().await,
                form,
            };
            return ctx.unprocessable(&page);
        }
    };
    let hash = ctx.state().passwords.hash(&new).await?;
    let this = ctx.session_token().map(Token::hash).unwrap_or_default();
    let changed = ctx
        .store()
        .change_password(&ctx.act(), person.person, &stored, &hash, &this)
        .await?;
    if !changed {
        return Err(Error::conflict("account-password-moved").way_out("/account", "account-back"));
    }
    security::note(&ctx, security::Kind::PasswordChanged);
    ctx.flash(Flash::done(ctx.t("account-password-saved")))
        .await?;
    ctx.renew_session().await?;
    ctx.see("/account")
}
