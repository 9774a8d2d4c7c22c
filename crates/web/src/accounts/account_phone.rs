//! Another mobile number: the current password first. The number is only claimed until its owner opens an invitation
//! that a cooperative sent to it.

use askama::Template;
use domain::{
    identifiers::{self, Login},
    problem::Problem,
};
use store::accounts::Credentials;

use super::limits;
use crate::{
    ctx::{Ctx, SignedIn},
    flash::Flash,
    form::Form,
    handler::Answer,
    security,
    shell::Shell,
};

#[derive(Template)]
#[template(path = "accounts/account_phone.html")]
struct Page {
    shell: Shell,
    form: Form,
    known: Credentials,
}

async fn draw(ctx: &Ctx, known: Credentials, form: Form) -> Answer {
    let is_again = form.has_errors();
    let page = Page {
        shell: ctx.shell().await,
        form,
        known,
    };
    if is_again {
        ctx.unprocessable(&page)
    } else {
        ctx.html(&page)
    }
}

/// A mobile number, the only kind that one can sign in with.
fn mobile(raw: &str) -> Result<String, Problem> {
    match identifiers::login(raw) {
        Ok(Login::Phone(number)) => Ok(number),
        Ok(Login::Email(_)) => Err(Problem::new("error-phone")),
        Err(problem) if problem.code == "error-login" => Err(Problem::new("error-phone")),
        Err(problem) => Err(problem),
    }
}

pub async fn page(ctx: Ctx, person: SignedIn) -> Answer {
    let known = ctx.store().credentials(person.person).await?;
    draw(&ctx, known, ctx.empty_form()).await
}

pub async fn submit(ctx: Ctx, person: SignedIn) -> Answer {
    let known = ctx.store().credentials(person.person).await?;
    let mut reader = ctx.reader();
    let phone = reader.with("phone", mobile);
    let current = reader.raw("current_password").to_owned();
    if limits::is_password(&ctx, &current).await?.is_none() {
        reader.add("current_password", Problem::new("account-password-wrong"));
    }
    let phone = match reader.finish(|| phone) {
        Ok(phone) => phone,
        Err(form) => return draw(&ctx, known, form).await,
    };
    let changed = ctx
        .store()
        .change_phone(&ctx.act(), person.person, Some(&phone))
        .await?;
    if changed.is_err() {
        let mut form = Form::of(ctx.posted(), ctx.lang());
        form.add("phone", Problem::new("account-phone-taken"));
        return draw(&ctx, known, form).await;
    }
    security::note(&ctx, security::Kind::PhoneChanged);
    ctx.flash(Flash::done(ctx.t("account-phone-saved"))).await?;
    ctx.see("/account")
}
