//! The answer to every forgotten password.

use askama::Template;

use crate::{ctx::Ctx, handler::Answer, shell::Shell};

#[derive(Template)]
#[template(path = "accounts/password_asked.html")]
struct Page {
    shell: Shell,
}

pub async fn page(ctx: Ctx) -> Answer {
    let page = Page {
        shell: ctx.shell().await,
    };
    ctx.html(&page)
}
