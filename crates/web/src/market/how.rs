//! How Lumbung works, in four steps for each of the three who use it.

use askama::Template;

use crate::{ctx::Ctx, handler::Answer, shell::Shell};

#[derive(Template)]
#[template(path = "market/how.html")]
struct Page {
    shell: Shell,
}

pub async fn page(ctx: Ctx) -> Answer {
    ctx.html(&Page {
        shell: ctx.shell().await,
    })
}
