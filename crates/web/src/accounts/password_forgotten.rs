//! A forgotten password: the page takes a sign-in name and says the same whoever it is, after the same work: two
//! counters and one row in the outbox. Who gets a letter, the outbox finds out later (CHECKLIST A07).

use askama::Template;
use domain::identifiers;
use store::tokens::Purpose;

use super::limits::{self, HOUR_SECONDS};
use crate::{ctx::Ctx, form::Form, handler::Answer, security, shell::Shell};

/// Letters for one name within an hour.
const NAME_MAX: i64 = 5;
/// From one address within an hour.
const ADDRESS_MAX: i64 = 30;

#[derive(Template)]
#[template(path = "accounts/password_forgotten.html")]
struct Page {
    shell: Shell,
    form: Form,
}

pub async fn page(ctx: Ctx) -> Answer {
    let page = Page {
        shell: ctx.shell().await,
        form: ctx.empty_form(),
    };
    ctx.html(&page)
}

pub async fn submit(ctx: Ctx) -> Answer {
    let mut reader = ctx.reader();
    let login = reader.with("login", identifiers::login);
    let login = match reader.finish(|| login) {
        Ok(login) => login,
        Err(form) => {
            let page = Page {
                shell: ctx.shell().await,
                form,
            };
            return ctx.unprocessable(&page);
        }
    };
    let name = format!("reset:account:{}", login.key());
    limits::within(&ctx, &name, NAME_MAX, HOUR_SECONDS).await?;
    let address = limits::of_address(&ctx, "reset");
    limits::within(&ctx, &address, ADDRESS_MAX, HOUR_SECONDS).await?;
    let seed = ctx.new_link(Purpose::Reset)?.seed;
    ctx.store().ask_reset(&ctx.act(), &login, &seed).await?;
    security::note(&ctx, security::Kind::ResetAsked);
    ctx.see("/password/asked")
}
