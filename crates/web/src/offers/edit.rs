//! Changing the terms of an offer. Who saves second sees both versions and decides (CHECKLIST F07); whoever would put
//! goods out of the pool is asked first.

use actix_web::http::StatusCode;
use askama::Template;
use domain::{ids::OfferId, problem::Problem};
use store::offers::{ManagedOffer, OfferError, PutOut};

use super::{
    find, prices,
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
    /// Goods that would leave with what is typed: the question before it is saved.
    put_out: Vec<PutOut>,
}

pub async fn page(ctx: Ctx, manager: Manager, Id(id): Id<OfferId>) -> Answer {
    let offer = find(&ctx, manager.organisation, id).await?;
    let form = terms::stored(ctx.empty_form(), &offer.terms);
    draw(&ctx, offer, form, StatusCode::OK).await
}

async fn draw(ctx: &Ctx, offer: ManagedOffer, form: Form, status: StatusCode) -> Answer {
    asking(ctx, offer, form, status, Vec::new()).await
}

async fn asking(
    ctx: &Ctx,
    offer: ManagedOffer,
    form: Form,
    status: StatusCode,
    put_out: Vec<PutOut>,
) -> Answer {
    let shell = ctx.shell().await;
    let page = Page {
        choices: Choices::new(&shell, &ctx.store().offer_commodities().await?),
        shell,
        form,
        is_locked: offer.is_locked(),
        is_stale: status == StatusCode::CONFLICT,
        put_out,
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
    let put_out = ctx
        .store()
        .put_out_by_terms(&offer, &terms, ctx.now())
        .await?;
    if !put_out.is_empty() && ctx.posted().first("put_out") != prices::named(&put_out) {
        // Nothing is stored before the manager has seen whose goods would leave.
        let form = Form::of(ctx.posted(), ctx.lang());
        return asking(&ctx, offer, form, StatusCode::OK, put_out).await;
    }
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
    /// `Dapur Bu Siti, Keripik singkong, sisa 68 bungkus: belum punya izin halal`.
    fn leaves(&self, goods: &PutOut) -> String {
        let unit = self.offer.terms.unit;
        let packs = text::units::count(self.shell.lang, goods.free.0, unit);
        let why: Vec<String> = goods
            .misfits
            .iter()
            .map(|misfit| words::misfit(&self.shell, misfit))
            .collect();
        text::t_with(
            self.shell.lang,
            "offers-leaves-line",
            &[
                ("business", goods.business.as_str().into()),
                ("goods", goods.goods.as_str().into()),
                ("packs", packs.into()),
                ("why", why.join(", ").into()),
            ],
        )
    }

    fn put_out_ids(&self) -> String {
        prices::named(&self.put_out)
    }

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
