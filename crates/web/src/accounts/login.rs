//! Signing in with an e-mail address or mobile number and a password.
//!
//! The answer to a wrong name and to a wrong password is the same, after the same time. Ten failures within a quarter
//! of an hour close an account's door for the rest of it; the right password does not open it earlier, but the owner
//! who stays signed in elsewhere notices nothing.

use askama::Template;
use domain::{identifiers, ids::PersonId, problem::Problem};
use store::accounts::{NewSession, Tries};

use crate::{
    ctx::{Ctx, local_path},
    error::Error,
    form::Form,
    handler::Answer,
    session::{LIFE_SECONDS, SHORT_SECONDS, Token},
    shell::Shell,
};

const WINDOW_SECONDS: i64 = 15 * 60;
/// Failures per account (CHECKLIST A08).
const ACCOUNT_FAILURES_MAX: i64 = 10;
/// Failures per address: a whole cooperative office may sit behind one.
const ADDRESS_FAILURES_MAX: i64 = 50;
/// Longer than any password we take; more is not worth hashing.
const PASSWORD_BYTES_MAX: usize = 1024;

#[derive(Template)]
#[template(path = "accounts/login.html")]
struct Page {
    shell: Shell,
    form: Form,
    next: String,
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
    let address = match ctx.ip() {
        Some(ip) => format!("login:address:{ip}"),
        None => "login:address:unknown".to_owned(),
    };
    for (bucket, limit) in [
        (&account, ACCOUNT_FAILURES_MAX),
        (&address, ADDRESS_FAILURES_MAX),
    ] {
        let tries = ctx
            .store()
            .count_try(&ctx.act(), bucket, limit, WINDOW_SECONDS)
            .await?;
        if let Tries::Exhausted {
            retry_after_seconds,
        } = tries
        {
            tracing::warn!(ip = ?ctx.ip(), "sign-in refused: too many failures");
            return Err(Error::TooMany {
                retry_after_seconds,
            });
        }
    }
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
    let Some(candidate) = candidate.filter(|_| fits) else {
        tracing::warn!(ip = ?ctx.ip(), "sign-in failed");
        form.add("", Problem::new("login-wrong"));
        return again(&ctx, form).await;
    };
    ctx.store()
        .forgive_try(&ctx.act(), &[&account, &address])
        .await?;
    tracing::info!(person = %candidate.person, ip = ?ctx.ip(), "signed in");
    let keep = posted.only("keep").is_some();
    begin(&ctx, candidate.person, keep).await?;
    ctx.see(next(posted.first("next")))
}

/// A new session under a new token; what the visitor had before is worthless from here on.
async fn begin(ctx: &Ctx, person: PersonId, keep: bool) -> Result<(), Error> {
    let life = if keep { LIFE_SECONDS } else { SHORT_SECONDS };
    let token = Token::random()?;
    let session = NewSession {
        token_hash: token.hash(),
        csrf: Token::random()?.as_str().to_owned(),
        person,
        expires_at: ctx.now().plus_seconds(life),
        replaces: ctx.session_token().map(Token::hash),
    };
    ctx.store().open_session(&ctx.act(), &session).await?;
    let cookies = ctx.state().cookies();
    ctx.set_cookie(cookies.session(&token, keep));
    ctx.set_cookie(cookies.no_visit());
    Ok(())
}

async fn again(ctx: &Ctx, form: Form) -> Answer {
    let page = Page {
        next: next(form.value("next")),
        shell: ctx.shell().await,
        form,
    };
    ctx.unprocessable(&page)
}

fn next(href: &str) -> String {
    local_path(href).unwrap_or("/home").to_owned()
}
