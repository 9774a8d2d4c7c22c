//! The first step of joining: as what.

use askama::Template;

use crate::{ctx::Ctx, handler::Answer, shell::Shell};

#[derive(Template)]
#[template(path = "accounts/register.html")]
struct Page {
    shell: Shell,
}

pub async fn page(ctx: Ctx) -> Answer {
    if ctx.visitor().is_some() {
        return ctx.see("/home");
    }
    let page = Page {
        shell: ctx.shell().await,
    };
    ctx.html(&page)
}
