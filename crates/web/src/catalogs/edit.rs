//! A catalog's form, its state, and the ways on. Who saves second sees both versions (CHECKLIST F07).

use actix_web::http::StatusCode;
use askama::Template;
use domain::{
    catalogs::{Audience, CatalogState},
    ids::{CatalogId, OrganisationId},
    problem::Problem,
    time::{Instant, Zone},
};
use store::catalogs::{CatalogError, CatalogOffer, ManagedCatalog};

use super::{
    index,
    terms::{self, Choices, audience_keys, closes_words},
};
use crate::{
    ctx::{Ctx, Manager},
    error::{Error, encode},
    flash::Flash,
    form::Form,
    handler::{Answer, Id},
    members::zone,
    parts::Crumb,
    shell::Shell,
};

#[derive(Template)]
#[template(path = "catalogs/edit.html")]
struct Page {
    shell: Shell,
    form: Form,
    choices: Choices,
    catalog: ManagedCatalog,
    offers: Vec<CatalogOffer>,
    now: Instant,
    zone: Zone,
    is_stale: bool,
    /// A message with name and address, for WhatsApp.
    share: String,
}

async fn find(
    ctx: &Ctx,
    cooperative: OrganisationId,
    id: CatalogId,
) -> Result<ManagedCatalog, Error> {
    ctx.store()
        .managed_catalog(cooperative, id)
        .await?
        .ok_or(Error::NotFound)
}

pub async fn page(ctx: Ctx, manager: Manager, Id(id): Id<CatalogId>) -> Answer {
    let catalog = find(&ctx, manager.organisation, id).await?;
    let form = terms::stored(ctx.empty_form(), &catalog.terms, zone(&ctx));
    draw(&ctx, manager.organisation, catalog, form, StatusCode::OK).await
}

async fn draw(
    ctx: &Ctx,
    cooperative: OrganisationId,
    catalog: ManagedCatalog,
    form: Form,
    status: StatusCode,
) -> Answer {
    let shell = ctx.shell().await;
    let offers = ctx
        .store()
        .offers_for_catalog(cooperative, Some(catalog.id))
        .await?;
    let url = ctx.state().absolute(&format!("/catalogs/{}", catalog.id));
    let share = format!(
        "https://wa.me/?text={}",
        encode(&format!("{}\n{url}", catalog.terms.title))
    );
    let page = Page {
        choices: Choices::new(
            &shell,
            &offers,
            &ctx.store().buyers_for_catalog(Some(catalog.id)).await?,
        ),
        shell,
        form,
        catalog,
        offers,
        now: ctx.now(),
        zone: zone(ctx),
        is_stale: status == StatusCode::CONFLICT,
        share,
    };
    ctx.html_as(status, &page)
}

pub async fn submit(ctx: Ctx, manager: Manager, Id(id): Id<CatalogId>) -> Answer {
    let cooperative = manager.organisation;
    let catalog = find(&ctx, cooperative, id).await?;
    let terms = match terms::read(ctx.reader(), zone(&ctx), Some(&catalog.terms)) {
        Ok(terms) => terms,
        Err(form) => {
            return draw(
                &ctx,
                cooperative,
                catalog,
                form,
                StatusCode::UNPROCESSABLE_ENTITY,
            )
            .await;
        }
    };
    let version = ctx
        .posted()
        .only("version")
        .unwrap_or_default()
        .parse()
        .unwrap_or(0);
    let outcome = ctx
        .store()
        .edit_catalog(&ctx.act(), cooperative, id, version, &terms)
        .await;
    let (field, key, status) = match outcome {
        Ok(_) => {
            let now = find(&ctx, cooperative, id).await?;
            let key = match now.edition > catalog.edition {
                true => "catalogs-saved-edition",
                false => "catalogs-saved",
            };
            ctx.flash(Flash::done(ctx.t(key))).await?;
            return ctx.see(format!("/catalogs/{id}/edit"));
        }
        Err(CatalogError::Stale(_)) => ("", "catalogs-stale", StatusCode::CONFLICT),
        Err(CatalogError::NoLiveOffer) => (
            "offer",
            "catalogs-no-live-offer",
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        Err(CatalogError::Over) => ("closes", "catalogs-over", StatusCode::UNPROCESSABLE_ENTITY),
        Err(error) => return Err(error.into()),
    };
    let mut form = Form::of(ctx.posted(), ctx.lang());
    form.add(field, Problem::new(key));
    let catalog = find(&ctx, cooperative, id).await?;
    draw(&ctx, cooperative, catalog, form, status).await
}

impl Page {
    fn crumbs(&self) -> Vec<Crumb> {
        vec![Crumb::new("/catalogs", self.shell.t("catalogs-title"))]
    }

    fn badge(&self) -> (&'static str, String, &'static str) {
        let terms = &self.catalog.terms;
        index::badge(
            &self.shell,
            self.catalog.state,
            terms.opens_at,
            terms.closes_at,
            self.now,
        )
    }

    fn edition(&self) -> i64 {
        i64::from(self.catalog.edition)
    }

    fn is_draft(&self) -> bool {
        self.catalog.state == CatalogState::Draft
    }

    fn is_published(&self) -> bool {
        self.catalog.state == CatalogState::Published
    }

    fn is_closed(&self) -> bool {
        self.catalog.state == CatalogState::Closed
    }

    fn is_for_buyers(&self) -> bool {
        self.catalog.terms.audience == Audience::Buyers
    }

    fn is_editable(&self) -> bool {
        self.is_draft() || self.is_published()
    }

    fn is_open(&self) -> bool {
        self.catalog.is_open(self.now)
    }

    /// What is stored, in words.
    fn facts(&self) -> Vec<(String, String)> {
        let terms = &self.catalog.terms;
        let offers = terms
            .offers
            .iter()
            .filter_map(|id| self.offers.iter().find(|offer| offer.id == id.0))
            .map(|offer| offer.title.as_str())
            .collect::<Vec<_>>()
            .join(", ");
        [
            ("catalogs-name", terms.title.clone()),
            ("catalogs-description", terms.description.clone()),
            (
                "catalogs-audience",
                self.shell.t(audience_keys(terms.audience).0),
            ),
            (
                "catalogs-opens",
                self.shell.date(self.zone.day_of(terms.opens_at)),
            ),
            (
                "catalogs-closes",
                terms
                    .closes_at
                    .map(|closes| closes_words(&self.shell, self.zone, closes))
                    .unwrap_or_default(),
            ),
            ("catalogs-offers", offers),
        ]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(key, value)| (self.shell.t(key), value))
        .collect()
    }
}
