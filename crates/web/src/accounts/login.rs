//! Signing in with an e-mail address or mobile number and a password.
//!
//! The answer to a wrong name and to a wrong password is the same, after the same time. Ten failures within a quarter
//! of an hour close an account's door for the rest of it; the right password does not open it earlier, but the owner
//! who stays signed in elsewhere notices nothing.

use askama::Template;
use domain::{identifiers, problem::Problem};

use super::{
    entering,
    limits::{self, FAILURES_MAX, PASSWORD_BYTES_MAX, QUARTER_SECONDS},
};
use crate::{
    ctx::{Ctx, local_path},
    error::encode,
    form::Form,
    handler::Answer,
    security,
    session::Token,
    shell::Shell,
};

/// Failures per address: a whole cooperative office may sit behind one.
const ADDRESS_FAILURES_MAX: i64 = 50;

#[derive(Template)]
#[template(path = "accounts/login.html")]
struct Page {
    shell: Shell,
    form: Form,
    next: String,
    /// Comes from the letter that confirms an address.
    is_confirmed: bool,
}

pub async fn page(ctx: Ctx) -> Answer {
    let next = next(ctx.query().first("next"));
    if ctx.visitor().is_some() {
        return ctx.see(next);
    }
    let page = Page {
        shell: ctx.shell().await,
        form: ctx.empty_form().with("keep", "on"),
        next,
        is_confirmed: ctx.query().first("email") == "confirmed",
    };
    ctx.html(&page)
}

pub async fn submit(ctx: Ctx) -> Answer {
    let posted = ctx.posted();
    let typed = posted.only("login").unwrap_or_default();
    let password = posted.only("password").unwrap_or_default();
    let mut form = Form::of(posted, ctx.lang());
    if typed.trim().is_empty() {
        form.add("login", Problem::new("error-login-empty"));
    }
    if password.is_empty() {
        form.add("password", Problem::new("error-password-empty"));
    }
    if form.has_errors() {
        return again(&ctx, form).await;
    }
    // What is no address or number is nobody's name, and takes as long to refuse.
    let login = identifiers::login(typed).ok();
    let key = login.as_ref().map_or_else(
        || typed.trim().to_lowercase().chars().take(254).collect(),
        identifiers::Login::key,
    );
    let account = format!("login:account:{key}");
    let address = limits::of_address(&ctx, "login");
    limits::within(&ctx, &account, FAILURES_MAX, QUARTER_SECONDS).await?;
    limits::within(&ctx, &address, ADDRESS_FAILURES_MAX, QUARTER_SECONDS).await?;
    let candidate = match &login {
        Some(login) => ctx.store().sign_in_candidate(login).await?,
        None => None,
    };
    let stored = candidate
        .as_ref()
        .filter(|candidate| !candidate.locked && password.len() <= PASSWORD_BYTES_MAX)
        .and_then(|candidate| candidate.password_hash.clone());
    let checked: String = password.chars().take(PASSWORD_BYTES_MAX).collect();
    let fits = ctx.state().passwords.verify(&checked, stored).await?;
    let known = candidate.as_ref().map(|candidate| candidate.person);
    let Some(candidate) = candidate.filter(|_| fits) else {
        security::note_person(&ctx, security::Kind::SignInFailed, known);
        form.add("", Problem::new("login-wrong"));
        return again(&ctx, form).await;
    };
    ctx.store()
        .forgive_try(&ctx.act(), &[&account, &address])
        .await?;
    let keep = posted.only("keep").is_some();
    let next = next(posted.first("next"));
    let step = ctx.store().second_step(candidate.person).await?;
    if step.is_some() {
        let token = Token::random()?;
        ctx.store()
            .begin_step(&ctx.act(), candidate.person, &token.hash(), keep)
            .await?;
        ctx.set_cookie(ctx.state().cookies().step(&token));
        return ctx.see(format!("/login/code?next={}", encode(&next)));
    }
    entering::begin(&ctx, candidate.person, keep).await?;
    ctx.see(next)
}

async fn again(ctx: &Ctx, form: Form) -> Answer {
    let page = Page {
        next: next(form.value("next")),
        shell: ctx.shell().await,
        form,
        is_confirmed: false,
    };
    ctx.unprocessable(&page)
}

fn next(href: &str) -> String {
    local_path(href).unwrap_or("/home").to_owned()
}
