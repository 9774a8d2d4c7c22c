//! There is no line: what can still be read, and the way on. The list of pages kept on the phone is filled in by
//! `static/app.js`, since only the phone knows them.

use askama::Template;

use crate::{ctx::Ctx, handler::Answer, shell::Shell};

#[derive(Template)]
#[template(path = "offline/index.html")]
struct Page {
    shell: Shell,
}

pub async fn page(ctx: Ctx) -> Answer {
    ctx.html(&Page {
        shell: ctx.shell().await,
    })
}
