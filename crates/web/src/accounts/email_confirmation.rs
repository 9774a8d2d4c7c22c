//! An address is confirmed by a link in a letter to it, and by pressing a button: programs that look into letters
//! open links too.

use askama::Template;
use store::{accounts::LinkKind, tokens};

use super::links;
use crate::{ctx::Ctx, flash::Flash, handler::Answer, security, shell::Shell};

/// Where a link that no longer works leads.
const WAY: (&str, &str) = ("/account/email", "link-new");

#[derive(Template)]
#[template(path = "accounts/email_confirmation.html")]
struct Page {
    shell: Shell,
    token: String,
    email: String,
}

pub async fn page(ctx: Ctx) -> Answer {
    let token = links::token(&ctx);
    if token.is_empty() {
        return ctx.see("/account");
    }
    let link = links::open(&ctx, LinkKind::Email, &token, WAY).await?;
    let page = Page {
        shell: ctx.shell().await,
        token,
        email: link.email.unwrap_or_default(),
    };
    links::html(&ctx, &page, false)
}

pub async fn submit(ctx: Ctx) -> Answer {
    let token = links::token(&ctx);
    links::open(&ctx, LinkKind::Email, &token, WAY).await?;
    let person = ctx
        .store()
        .confirm_email(&ctx.act(), &tokens::hash(&token))
        .await?
        .ok_or_else(|| links::over(WAY))?;
    security::note_person(&ctx, security::Kind::EmailConfirmed, Some(person));
    // Nobody is signed in where the letter was opened: the page for signing in tells it, which keeps no message.
    if ctx.visitor().is_none() {
        return ctx.see("/login?email=confirmed");
    }
    ctx.flash(Flash::done(ctx.t("account-email-confirmed")))
        .await?;
    ctx.see("/account")
}
