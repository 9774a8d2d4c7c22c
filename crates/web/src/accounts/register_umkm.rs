//! Joining as an UMKM: the owner and the business.

use askama::Template;
use domain::accounts::{OrganisationKind, RegisterUmkm};

use super::registering::{self, Joining, Province};
use crate::{ctx::Ctx, form::Form, handler::Answer, shell::Shell};

#[derive(Template)]
#[template(path = "accounts/register_umkm.html")]
struct Page {
    shell: Shell,
    form: Form,
    provinces: Vec<Province>,
}

async fn draw(ctx: &Ctx, form: Form) -> Answer {
    let is_again = form.has_errors();
    let page = Page {
        shell: ctx.shell().await,
        form,
        provinces: registering::provinces(),
    };
    if is_again {
        ctx.unprocessable(&page)
    } else {
        ctx.html(&page)
    }
}

pub async fn page(ctx: Ctx) -> Answer {
    draw(&ctx, ctx.empty_form()).await
}

pub async fn submit(ctx: Ctx) -> Answer {
    let command = match registering::read(&ctx, |source| RegisterUmkm::parse(source)) {
        Ok(command) => command,
        Err(form) => return draw(&ctx, form).await,
    };
    let joining = Joining {
        kind: OrganisationKind::Umkm,
        person_name: command.person_name,
        organisation_name: command.organisation_name,
        region: command.region,
        buyer_kind: None,
        login: command.login,
        password: command.password,
    };
    registering::join(&ctx, joining).await
}
