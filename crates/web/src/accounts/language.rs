//! Choosing the language. A page with a form, so that pages everybody shares need none.

use askama::Template;
use text::Lang;

use crate::{
    ctx::{Ctx, local_path},
    error::Error,
    handler::Answer,
    shell::Shell,
};

#[derive(Template)]
#[template(path = "accounts/language.html")]
struct Page {
    shell: Shell,
    next: String,
    choices: Vec<Choice>,
}

struct Choice {
    value: &'static str,
    label: String,
    is_current: bool,
}

pub async fn page(ctx: Ctx) -> Answer {
    let choices = Lang::ALL.iter().map(|lang| Choice {
        value: lang.code(),
        label: ctx.t(match lang {
            Lang::Id => "language-id",
            Lang::En => "language-en",
        }),
        is_current: *lang == ctx.lang(),
    });
    let page = Page {
        choices: choices.collect(),
        shell: ctx.shell().await,
        next: next(ctx.query().first("next")),
    };
    ctx.html(&page)
}

pub async fn submit(ctx: Ctx) -> Answer {
    let lang = ctx
        .posted()
        .only("lang")
        .and_then(Lang::from_code)
        .ok_or(Error::BadRequest)?;
    if let Some(visitor) = ctx.visitor() {
        ctx.store()
            .set_language(&ctx.act(), visitor.person, lang.code())
            .await?;
    }
    ctx.set_cookie(ctx.state().cookies().language(lang));
    ctx.see(next(ctx.posted().first("next")))
}

fn next(href: &str) -> String {
    local_path(href).unwrap_or("/").to_owned()
}
