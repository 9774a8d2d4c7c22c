//! The answer to every registration, whether the sign-in name was known or not.

use askama::Template;

use crate::{ctx::Ctx, handler::Answer, shell::Shell};

#[derive(Template)]
#[template(path = "accounts/register_done.html")]
struct Page {
    shell: Shell,
}

pub async fn page(ctx: Ctx) -> Answer {
    let page = Page {
        shell: ctx.shell().await,
    };
    ctx.html(&page)
}
