//! Another e-mail address: the current password first, a warning to the old address, a link to the new one. The same
//! page sends the link once more to an address that is not confirmed yet. Whether an address is another person's, the
//! page tells nobody.

use askama::Template;
use domain::{identifiers, problem::Problem};
use store::{accounts::Credentials, tokens::Purpose};

use super::limits::{self, HOUR_SECONDS};
use crate::{
    ctx::{Ctx, SignedIn},
    flash::Flash,
    form::Form,
    handler::Answer,
    security,
    shell::Shell,
};

/// Letters that one person may have sent within an hour.
const LETTERS_MAX: i64 = 10;

#[derive(Template)]
#[template(path = "accounts/account_email.html")]
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

pub async fn page(ctx: Ctx, person: SignedIn) -> Answer {
    let known = ctx.store().credentials(person.person).await?;
    let typed = match (&known.email, known.email_confirmed) {
        (Some(email), false) => email.clone(),
        _ => String::new(),
    };
    let form = ctx.empty_form().with("email", typed);
    draw(&ctx, known, form).await
}

pub async fn submit(ctx: Ctx, person: SignedIn) -> Answer {
    let known = ctx.store().credentials(person.person).await?;
    let mut reader = ctx.reader();
    let email = reader.with("email", identifiers::email);
    let current = reader.raw("current_password").to_owned();
    if limits::is_password(&ctx, &current).await?.is_none() {
        reader.add("current_password", Problem::new("account-password-wrong"));
    }
    let email = match reader.finish(|| email) {
        Ok(email) => email.normalised,
        Err(form) => return draw(&ctx, known, form).await,
    };
    let bucket = format!("email:person:{}", person.person);
    limits::within(&ctx, &bucket, LETTERS_MAX, HOUR_SECONDS).await?;
    let link = ctx.new_link(Purpose::Email)?;
    ctx.store()
        .ask_email_change(&ctx.act(), person.person, &email, &link)
        .await?;
    security::note(&ctx, security::Kind::EmailChangeAsked);
    let told = text::t_with(ctx.lang(), "account-email-sent", &[("email", email.into())]);
    ctx.flash(Flash::done(told)).await?;
    ctx.see("/account")
}
