//! A new catalog.

use askama::Template;
use domain::ids::OrganisationId;

use super::terms::{self, Choices};
use crate::{
    ctx::{Ctx, Manager},
    flash::Flash,
    form::Form,
    handler::Answer,
    members::{today, zone},
    parts::Crumb,
    shell::Shell,
};

#[derive(Template)]
#[template(path = "catalogs/new.html")]
struct Page {
    shell: Shell,
    form: Form,
    choices: Choices,
}

pub async fn page(ctx: Ctx, manager: Manager) -> Answer {
    let form = terms::blank(ctx.empty_form(), today(&ctx));
    draw(&ctx, manager.organisation, form).await
}

async fn draw(ctx: &Ctx, cooperative: OrganisationId, form: Form) -> Answer {
    let is_again = form.has_errors();
    let shell = ctx.shell().await;
    let page = Page {
        choices: Choices::new(
            &shell,
            &ctx.store().offers_for_catalog(cooperative, None).await?,
            &ctx.store().buyers_for_catalog(None).await?,
        ),
        shell,
        form,
    };
    if is_again {
        ctx.unprocessable(&page)
    } else {
        ctx.html(&page)
    }
}

pub async fn submit(ctx: Ctx, manager: Manager) -> Answer {
    let terms = match terms::read(ctx.reader(), zone(&ctx), None) {
        Ok(terms) => terms,
        Err(form) => return draw(&ctx, manager.organisation, form).await,
    };
    let id = ctx
        .store()
        .create_catalog(&ctx.act(), manager.organisation, &terms)
        .await?;
    ctx.flash(Flash::done(ctx.t("catalogs-saved"))).await?;
    ctx.see(format!("/catalogs/{id}/edit"))
}

impl Page {
    fn crumbs(&self) -> Vec<Crumb> {
        vec![Crumb::new("/catalogs", self.shell.t("catalogs-title"))]
    }
}
