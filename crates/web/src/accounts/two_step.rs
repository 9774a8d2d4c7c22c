//! Setting up the second step of signing in: scan, type a code, keep the recovery codes. And taking it away again.

use askama::Template;
use domain::problem::Problem;
use store::accounts::SecondStep;
use totp_rs::Totp;

use super::steps;
use crate::{
    ctx::{Ctx, SignedIn, local_path},
    error::{Error, encode},
    form::Form,
    handler::Answer,
    security,
    session::Token,
    shell::Shell,
};

#[derive(Template)]
#[template(path = "accounts/two_step.html")]
struct Page {
    shell: Shell,
    form: Form,
    step: Option<SecondStep>,
    /// Shown once, right after setting up.
    codes: Vec<String>,
    /// The role asks for it.
    is_needed: bool,
    /// And the platform requires it: it is changed, not taken away.
    is_required: bool,
    seed: String,
    /// The secret in groups, to be typed where nothing can be scanned.
    secret: String,
    qr: String,
    url: String,
    next: String,
}

async fn draw(ctx: &Ctx, person: SignedIn, seed: String, form: Form, next: String) -> Answer {
    let known = ctx.store().credentials(person.person).await?;
    let account = known.email.or(known.phone).unwrap_or(known.name);
    let app = steps::app(ctx, &seed, &account)?;
    let step = ctx.store().second_step(person.person).await?;
    let url = app.to_url().map_err(Error::broken)?;
    let is_again = form.has_errors();
    let page = Page {
        codes: shown_codes(ctx, person, step.is_some()).await?,
        is_needed: is_needed(ctx),
        is_required: is_needed(ctx) && ctx.store().second_step_required(ctx.now()).await?,
        secret: groups(&app),
        qr: papers::qr_svg(&url),
        url,
        shell: ctx.shell().await,
        form,
        step,
        seed,
        next,
    };
    if is_again {
        ctx.unprocessable(&page)
    } else {
        ctx.html(&page)
    }
}

/// Whether one of the visitor's roles asks for a second step.
pub fn is_needed(ctx: &Ctx) -> bool {
    let mut belongs = ctx.visitor().into_iter().flat_map(|v| v.belongs.iter());
    belongs.any(|belonging| belonging.roles.iter().any(|role| role.needs_second_step()))
}

fn groups(app: &Totp) -> String {
    let secret: Vec<char> = app.secret().to_base32().chars().collect();
    let groups: Vec<String> = secret.chunks(4).map(|four| four.iter().collect()).collect();
    groups.join(" ")
}

/// The recovery codes, while the address still has what they are made of.
async fn shown_codes(ctx: &Ctx, person: SignedIn, is_set: bool) -> Result<Vec<String>, Error> {
    let seed = ctx.query().first("codes");
    if !is_set || seed.len() != 64 {
        return Ok(Vec::new());
    }
    let codes = steps::recovery_codes(ctx, seed);
    let Some(first) = codes.first() else {
        return Ok(Vec::new());
    };
    let hash = steps::recovery_hash(person.person, first);
    let theirs = ctx.store().has_recovery_code(person.person, &hash).await?;
    Ok(if theirs { codes } else { Vec::new() })
}

fn next(href: &str) -> String {
    local_path(href).unwrap_or_default().to_owned()
}

pub async fn page(ctx: Ctx, person: SignedIn) -> Answer {
    let seed = Token::random()?.as_str().to_owned();
    let next = next(ctx.query().first("next"));
    draw(&ctx, person, seed, ctx.empty_form(), next).await
}

pub async fn submit(ctx: Ctx, person: SignedIn) -> Answer {
    let seed = ctx.posted().only("seed").unwrap_or_default().to_owned();
    let is_seed = seed.len() == 64 && seed.bytes().all(|b| b.is_ascii_hexdigit());
    if !is_seed {
        return Err(
            Error::conflict("two-step-stale").way_out("/account/two-step", "account-two-step")
        );
    }
    let app = steps::app(&ctx, &seed, "-")?;
    let typed = ctx.posted().only("code").unwrap_or_default();
    let next = next(ctx.posted().first("next"));
    let Some(step) = steps::step_of(&ctx, &app, typed) else {
        let mut form = ctx.empty_form();
        form.add("code", Problem::new("login-code-wrong"));
        return draw(&ctx, person, seed, form, next).await;
    };
    let codes = Token::random()?.as_str().to_owned();
    let hashes: Vec<String> = steps::recovery_codes(&ctx, &codes)
        .iter()
        .map(|code| steps::recovery_hash(person.person, code))
        .collect();
    ctx.store()
        .set_second_step(&ctx.act(), person.person, &seed, step, &hashes)
        .await?;
    security::note(&ctx, security::Kind::StepSet);
    ctx.renew_session().await?;
    ctx.see(format!(
        "/account/two-step?codes={codes}&next={}",
        encode(&next)
    ))
}
