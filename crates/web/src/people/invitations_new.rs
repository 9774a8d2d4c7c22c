//! Inviting somebody to a role in one's own organisation.

use askama::Template;
use domain::accounts::{Role, invited};
use domain::problem::Problem;

use crate::{
    accounts::inviting,
    ctx::{Ctx, PeopleManager},
    error::Error,
    form::Form,
    handler::Answer,
    nav,
    parts::Choice,
    shell::Shell,
};

#[derive(Template)]
#[template(path = "people/invitations_new.html")]
struct Page {
    shell: Shell,
    form: Form,
    roles: Vec<Choice>,
}

/// The roles there are in the acting organisation.
fn roles(ctx: &Ctx) -> Result<Vec<Role>, Error> {
    let kind = ctx.acting().ok_or(Error::Forbidden)?.kind;
    Ok(kind.roles().collect())
}

async fn draw(ctx: &Ctx, form: Form) -> Answer {
    let is_again = form.has_errors();
    let roles = roles(ctx)?
        .into_iter()
        .map(|role| Choice::new(role, ctx.t(nav::role_key(&[role]))))
        .collect();
    let page = Page {
        shell: ctx.shell().await,
        form,
        roles,
    };
    if is_again {
        ctx.unprocessable(&page)
    } else {
        ctx.html(&page)
    }
}

pub async fn page(ctx: Ctx, _: PeopleManager) -> Answer {
    let mut form = ctx.empty_form();
    if let [only] = roles(&ctx)?.as_slice() {
        form = form.with("role", only);
    }
    draw(&ctx, form).await
}

pub async fn submit(ctx: Ctx, manager: PeopleManager) -> Answer {
    let allowed = roles(&ctx)?;
    let mut reader = ctx.reader();
    let people = reader.with("people", invited);
    let role = reader.choice::<Role>("role");
    if role.is_some_and(|role| !allowed.contains(&role)) {
        reader.add("role", Problem::new("form-choose"));
    }
    let (people, role) = match reader.finish(|| Some((people?, role?))) {
        Ok(both) => both,
        Err(form) => return draw(&ctx, form).await,
    };
    let list = inviting::invite(&ctx, manager.organisation, Some(role), people).await?;
    ctx.see(format!("/people?new={list}"))
}
