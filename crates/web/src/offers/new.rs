//! A new offer: its terms, the first of four steps.

use askama::Template;
use domain::allocation::Rule;

use super::terms::{self, Choices};
use crate::{
    ctx::{Ctx, Manager},
    form::Form,
    handler::Answer,
    parts::Crumb,
    shell::Shell,
};

#[derive(Template)]
#[template(path = "offers/new.html")]
struct Page {
    shell: Shell,
    form: Form,
    choices: Choices,
    /// Nothing is fixed yet; for the part that both forms share.
    is_locked: bool,
}

pub async fn page(ctx: Ctx, _: Manager) -> Answer {
    let form = terms::blank(ctx.empty_form(), Rule::ProRata);
    draw(&ctx, form).await
}

async fn draw(ctx: &Ctx, form: Form) -> Answer {
    let is_again = form.has_errors();
    let shell = ctx.shell().await;
    let page = Page {
        choices: Choices::new(&shell, &ctx.store().offer_commodities().await?),
        shell,
        form,
        is_locked: false,
    };
    if is_again {
        ctx.unprocessable(&page)
    } else {
        ctx.html(&page)
    }
}

pub async fn submit(ctx: Ctx, manager: Manager) -> Answer {
    let mut commodities = ctx.store().offer_commodities().await?;
    commodities.retain(|commodity| commodity.retired_at.is_none());
    let terms = match terms::read(ctx.reader(), &commodities, None) {
        Ok(terms) => terms,
        Err(form) => return draw(&ctx, form).await,
    };
    let id = ctx
        .store()
        .create_offer(&ctx.act(), manager.organisation, &terms)
        .await?;
    ctx.see(format!("/offers/{id}/supplies"))
}

impl Page {
    fn crumbs(&self) -> Vec<Crumb> {
        super::crumbs(&self.shell)
    }

    fn steps(&self) -> Vec<String> {
        super::step_names(&self.shell)
    }
}
