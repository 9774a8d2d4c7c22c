//! The second step of signing in: a code from the authenticator app, or one of the recovery codes. Between the two
//! steps there is no session yet, only a cookie that stands for the right password, for ten minutes.

use askama::Template;
use domain::problem::Problem;
use store::accounts::{LinkKind, OpenLink};

use super::{
    entering,
    limits::{self, FAILURES_MAX, QUARTER_SECONDS},
    steps,
};
use crate::{
    ctx::{Ctx, local_path},
    error::Error,
    form::Form,
    handler::Answer,
    security,
    session::Token,
    shell::Shell,
};

#[derive(Template)]
#[template(path = "accounts/login_code.html")]
struct Page {
    shell: Shell,
    form: Form,
    next: String,
}

/// The sign-in that waits, and its cookie.
async fn waiting(ctx: &Ctx) -> Result<Option<(Token, OpenLink)>, Error> {
    let Some(token) = ctx.state().cookies().read_step(ctx.request()) else {
        return Ok(None);
    };
    let link = ctx
        .store()
        .open_link(LinkKind::Step, &token.hash(), ctx.now())
        .await?;
    Ok(link.map(|link| (token, link)))
}

fn next(href: &str) -> String {
    local_path(href).unwrap_or("/home").to_owned()
}

pub async fn page(ctx: Ctx) -> Answer {
    if waiting(&ctx).await?.is_none() {
        return ctx.see("/login");
    }
    let page = Page {
        shell: ctx.shell().await,
        form: ctx.empty_form(),
        next: next(ctx.query().first("next")),
    };
    ctx.html(&page)
}

pub async fn submit(ctx: Ctx) -> Answer {
    let over = || Error::conflict("login-code-over").way_out("/login", "login-button");
    let (token, link) = waiting(&ctx).await?.ok_or_else(over)?;
    let bucket = format!("code:person:{}", link.person);
    limits::within(&ctx, &bucket, FAILURES_MAX, QUARTER_SECONDS).await?;
    let step = ctx.store().second_step(link.person).await?;
    let step = step.ok_or_else(over)?;
    let typed = ctx.posted().only("code").unwrap_or_default();
    if !steps::take(&ctx, link.person, &step, typed).await? {
        security::note_person(&ctx, security::Kind::CodeRefused, Some(link.person));
        let mut form = ctx.empty_form();
        form.add("code", Problem::new("login-code-wrong"));
        let page = Page {
            shell: ctx.shell().await,
            form,
            next: next(ctx.posted().first("next")),
        };
        return ctx.unprocessable(&page);
    }
    ctx.store().forgive_try(&ctx.act(), &[&bucket]).await?;
    ctx.store().end_step(&ctx.act(), &token.hash()).await?;
    ctx.set_cookie(ctx.state().cookies().no_step());
    entering::begin(&ctx, link.person, link.keep).await?;
    ctx.see(next(ctx.posted().first("next")))
}
