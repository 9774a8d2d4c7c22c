//! A new password by a one-time link, from a letter or from whoever may issue one.

use askama::Template;
use domain::accounts::password;
use store::{accounts::LinkKind, tokens};

use super::links;
use crate::{ctx::Ctx, form::Form, handler::Answer, security, shell::Shell};

/// Where a link that no longer works leads.
const WAY: (&str, &str) = ("/password/forgotten", "link-new");

#[derive(Template)]
#[template(path = "accounts/password_reset.html")]
struct Page {
    shell: Shell,
    form: Form,
    token: String,
    name: String,
}

pub async fn page(ctx: Ctx) -> Answer {
    let token = links::token(&ctx);
    if token.is_empty() {
        return ctx.see("/password/forgotten");
    }
    let link = links::open(&ctx, LinkKind::Reset, &token, WAY).await?;
    let page = Page {
        shell: ctx.shell().await,
        form: ctx.empty_form(),
        token,
        name: link.person_name,
    };
    links::html(&ctx, &page, false)
}

pub async fn submit(ctx: Ctx) -> Answer {
    let token = links::token(&ctx);
    let link = links::open(&ctx, LinkKind::Reset, &token, WAY).await?;
    let known = ctx.store().credentials(link.person).await?;
    let own = [
        known.email.as_deref().unwrap_or_default(),
        known.phone.as_deref().unwrap_or_default(),
        known.name.as_str(),
    ];
    let mut reader = ctx.reader();
    let typed = reader.with("password", |raw| password(raw, &own));
    let new = match reader.finish(|| typed) {
        Ok(new) => new,
        Err(form) => {
            let page = Page {
                shell: ctx.shell().await,
                form,
                token,
                name: link.person_name,
            };
            return links::html(&ctx, &page, true);
        }
    };
    let hash = ctx.state().passwords.hash(&new).await?;
    let person = ctx
        .store()
        .reset_password(&ctx.act(), &tokens::hash(&token), &hash)
        .await?
        .ok_or_else(|| links::over(WAY))?;
    security::note_person(&ctx, security::Kind::PasswordReset, Some(person));
    if ctx
        .visitor()
        .is_some_and(|visitor| visitor.person == person)
    {
        ctx.set_cookie(ctx.state().cookies().no_session());
    }
    ctx.see("/password/done")
}
