//! Changing the terms of an offer. Who saves second sees both versions and decides (CHECKLIST F07).

use actix_web::http::StatusCode;
use askama::Template;
use domain::{ids::OfferId, problem::Problem};
use store::offers::{ManagedOffer, OfferError};

use super::{
    find,
    terms::{self, Choices},
    words,
};
use crate::{
    ctx::{Ctx, Manager},
    flash::Flash,
    form::Form,
    handler::{Answer, Id},
    parts::Crumb,
    shell::Shell,
};

#[derive(Template)]
#[template(path = "offers/edit.html")]
struct Page {
    shell: Shell,
    form: Form,
    choices: Choices,
    offer: ManagedOffer,
    is_locked: bool,
    /// Somebody else saved in the meantime: what is stored now stands beside the form.
    is_stale: bool,
}

pub async fn page(ctx: Ctx, manager: Manager, Id(id): Id<OfferId>) -> Answer {
    let offer = find(&ctx, manager.organisation, id).await?;
    let form = terms::stored(ctx.empty_form(), &offer.terms);
    draw(&ctx, offer, form, StatusCode::OK).await
}

async fn draw(ctx: &Ctx, offer: ManagedOffer, form: Form, status: StatusCode) -> Answer {
    let shell = ctx.shell().await;
    let page = Page {
        choices: Choices::new(&shell, &ctx.store().offer_commodities().await?),
        shell,
        form,
        is_locked: offer.is_locked(),
        is_stale: status == StatusCode::CONFLICT,
        offer,
    };
    ctx.html_as(status, &page)
}

pub async fn submit(ctx: Ctx, manager: Manager, Id(id): Id<OfferId>) -> Answer {
    let offer = find(&ctx, manager.organisation, id).await?;
    let commodities = ctx.store().offer_commodities().await?;
    let locked = offer.is_locked().then_some(&offer.terms);
    let terms = match terms::read(ctx.reader(), &commodities, locked) {
        Ok(terms) => terms,
        Err(form) => return draw(&ctx, offer, form, StatusCode::UNPROCESSABLE_ENTITY).await,
    };
    let version = ctx
        .posted()
        .only("version")
        .unwrap_or_default()
        .parse()
        .unwrap_or(0);
    match ctx
        .store()
        .edit_offer(&ctx.act(), manager.organisation, id, version, &terms)
        .await
    {
        Ok(_) => {}
        Err(OfferError::Stale(_)) => {
            let offer = find(&ctx, manager.organisation, id).await?;
            let mut form = Form::of(ctx.posted(), ctx.lang());
            form.add("", Problem::new("offers-stale"));
            return draw(&ctx, offer, form, StatusCode::CONFLICT).await;
        }
        Err(error) => return Err(error.into()),
    }
    ctx.flash(Flash::done(ctx.t("offers-saved"))).await?;
    ctx.see(format!("/offers/{id}/supplies"))
}

impl Page {
    fn crumbs(&self) -> Vec<Crumb> {
        super::crumbs(&self.shell)
    }

    fn steps(&self) -> Vec<String> {
        super::step_names(&self.shell)
    }

    fn facts(&self) -> Vec<(String, String)> {
        words::facts(&self.shell, &self.offer.terms)
    }
}
