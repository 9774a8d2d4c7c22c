//! Inviting members: a list of people, one a line.

use askama::Template;
use domain::accounts::invited;

use crate::{
    accounts::inviting,
    ctx::{Ctx, Manager},
    form::Form,
    handler::Answer,
    shell::Shell,
};

#[derive(Template)]
#[template(path = "members/invitations_new.html")]
struct Page {
    shell: Shell,
    form: Form,
}

pub async fn page(ctx: Ctx, _: Manager) -> Answer {
    let page = Page {
        shell: ctx.shell().await,
        form: ctx.empty_form(),
    };
    ctx.html(&page)
}

pub async fn submit(ctx: Ctx, manager: Manager) -> Answer {
    let mut reader = ctx.reader();
    let people = reader.with("people", invited);
    let people = match reader.finish(|| people) {
        Ok(people) => people,
        Err(form) => {
            let page = Page {
                shell: ctx.shell().await,
                form,
            };
            return ctx.unprocessable(&page);
        }
    };
    let list = inviting::invite(&ctx, manager.organisation, None, people).await?;
    ctx.see(format!("/members/invitations?new={list}"))
}
