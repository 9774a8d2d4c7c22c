//! The person's own name.

use askama::Template;
use domain::accounts::NAME_CHARS;

use crate::{
    ctx::{Ctx, SignedIn},
    flash::Flash,
    form::Form,
    handler::Answer,
    shell::Shell,
};

#[derive(Template)]
#[template(path = "accounts/account_name.html")]
struct Page {
    shell: Shell,
    form: Form,
}

pub async fn page(ctx: Ctx, person: SignedIn) -> Answer {
    let known = ctx.store().credentials(person.person).await?;
    let page = Page {
        shell: ctx.shell().await,
        form: ctx.empty_form().with("name", known.name),
    };
    ctx.html(&page)
}

pub async fn submit(ctx: Ctx, person: SignedIn) -> Answer {
    let mut reader = ctx.reader();
    let name = reader.line("name", NAME_CHARS);
    let name = match reader.finish(|| name) {
        Ok(name) => name,
        Err(form) => {
            let page = Page {
                shell: ctx.shell().await,
                form,
            };
            return ctx.unprocessable(&page);
        }
    };
    ctx.store()
        .change_name(&ctx.act(), person.person, &name)
        .await?;
    ctx.flash(Flash::done(ctx.t("account-name-saved"))).await?;
    ctx.see("/account")
}
