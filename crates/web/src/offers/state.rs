//! The last step: what is still missing, going live, pausing, putting away; and the offer at a glance.

use askama::Template;
use domain::{
    ids::OfferId,
    offers::{OfferEvent, OfferGap, OfferState},
    problem::Problem,
    time::Instant,
};
use store::{
    members::PastEvent,
    offers::{ManagedOffer, OfferError},
};

use super::{find, words};
use crate::{
    ctx::{CoopReader, Ctx, Manager},
    error::Error,
    flash::Flash,
    form::Form,
    handler::{Answer, FromVisit, Id},
    members::zone,
    parts::{Crumb, Event},
    shell::Shell,
};

#[derive(Template)]
#[template(path = "offers/state.html")]
struct Page {
    shell: Shell,
    form: Form,
    offer: ManagedOffer,
    gaps: Vec<OfferGap>,
    history: Vec<Event>,
    may_write: bool,
}

pub async fn page(ctx: Ctx, reader: CoopReader, Id(id): Id<OfferId>) -> Answer {
    let offer = find(&ctx, reader.organisation, id).await?;
    draw(&ctx, offer, ctx.empty_form()).await
}

async fn draw(ctx: &Ctx, offer: ManagedOffer, form: Form) -> Answer {
    let shell = ctx.shell().await;
    let is_again = form.has_errors();
    let history = ctx.store().offer_history(offer.id).await?;
    let page = Page {
        history: history
            .iter()
            .map(|event| past(ctx, &shell, event))
            .collect(),
        gaps: offer.gaps(),
        may_write: Manager::from_visit(ctx).is_ok(),
        shell,
        form,
        offer,
    };
    if is_again {
        ctx.unprocessable(&page)
    } else {
        ctx.html(&page)
    }
}

pub async fn submit(ctx: Ctx, manager: Manager, Id(id): Id<OfferId>) -> Answer {
    let offer = find(&ctx, manager.organisation, id).await?;
    let mut reader = ctx.reader();
    let event = reader.choice::<OfferEvent>("event");
    let event = match reader.finish(|| event) {
        Ok(event) => event,
        Err(form) => return draw(&ctx, offer, form).await,
    };
    match ctx
        .store()
        .change_offer(&ctx.act(), manager.organisation, id, event)
        .await
    {
        Ok(()) => {}
        Err(OfferError::Gaps(gaps)) => {
            // The page again: what is missing stands on it, each with the way to its step.
            let key = match gaps.as_slice() {
                [OfferGap::Permits] => "offers-gap-permits",
                _ => "offers-has-gaps",
            };
            let mut form = ctx.empty_form();
            form.add("", Problem::new(key));
            return draw(&ctx, offer, form).await;
        }
        Err(OfferError::Refused(_)) => {
            return Err(Error::conflict("offers-already")
                .way_out(format!("/offers/{id}/state"), "offers-way-state"));
        }
        Err(error) => return Err(error.into()),
    }
    let key = match event {
        OfferEvent::Publish => "offers-done-published",
        OfferEvent::Pause => "offers-done-paused",
        OfferEvent::Resume => "offers-done-resumed",
        OfferEvent::Archive => "offers-done-archived",
    };
    ctx.flash(Flash::done(ctx.t(key))).await?;
    ctx.see(format!("/offers/{id}/state"))
}

fn past(ctx: &Ctx, shell: &Shell, event: &PastEvent) -> Event {
    let key = match event.kind.as_str() {
        "offer_created" => "offers-event-created",
        "offer_changed" => "offers-event-changed",
        "offer_prices_set" => "offers-event-prices",
        "offer_supplies_set" => "offers-event-supplies",
        "offer_build_up_set" => "offers-event-build-up",
        "supply_withdrawn" => "offers-event-withdrawn",
        "supply_returned" => "offers-event-returned",
        "offer_photo_chosen" => "offers-event-photo",
        "publish" => "offers-event-published",
        "pause" => "offers-event-paused",
        "resume" => "offers-event-resumed",
        _ => "offers-event-archived",
    };
    let reason = match event.reason.as_deref() {
        Some("no_supply") => Some(shell.t("offers-reason-no-supply")),
        Some("permit_lapsed") => Some(shell.t("offers-reason-permit-lapsed")),
        Some("misfit") => Some(shell.t("offers-reason-misfit")),
        other => other.map(str::to_owned),
    };
    Event {
        word: shell.t(key),
        when: shell.date_time(Instant(event.at), zone(ctx)),
        detail: [event.person.clone(), reason]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" · "),
        state: "done",
    }
}

impl Page {
    fn crumbs(&self) -> Vec<Crumb> {
        super::crumbs(&self.shell)
    }

    fn steps(&self) -> Vec<String> {
        super::step_names(&self.shell)
    }

    fn badge(&self) -> (&'static str, String, &'static str) {
        words::state_badge(&self.shell, self.offer.state.as_str())
    }

    fn facts(&self) -> Vec<(String, String)> {
        words::facts(&self.shell, &self.offer.terms)
    }

    /// What is missing, and the step on which it is mended.
    fn gaps(&self) -> Vec<(String, String)> {
        self.gaps
            .iter()
            .map(|gap| {
                let (key, step) = match gap {
                    OfferGap::Title => ("offers-gap-title", "edit"),
                    OfferGap::Prices => ("offers-gap-prices", "prices"),
                    OfferGap::Supplies => ("offers-gap-supplies", "supplies"),
                    OfferGap::Freight => ("offers-gap-freight", "edit"),
                    OfferGap::Permits => ("offers-gap-permits", "supplies"),
                };
                (
                    self.shell.t(key),
                    format!("/offers/{}/{step}", self.offer.id),
                )
            })
            .collect()
    }

    fn prices(&self) -> Vec<(String, String)> {
        self.offer
            .prices
            .rows()
            .iter()
            .map(|row| {
                let units = words::units_of(&self.shell, row.min_units, &self.offer.terms);
                let tier = self.shell.t1("offers-tier-from", "units", units);
                let tier = match row.grade.is_ungraded() {
                    true => tier,
                    false => format!(
                        "{} · {tier}",
                        self.shell
                            .t1("offers-grade-title", "grade", row.grade.0.as_str())
                    ),
                };
                let pair = self.shell.t2(
                    "offers-price-pair",
                    "buyer",
                    row.buyer_price.to_string(),
                    "member",
                    row.member_price.to_string(),
                );
                (tier, pair)
            })
            .collect()
    }

    fn is_draft(&self) -> bool {
        self.offer.state == OfferState::Draft
    }

    fn is_live(&self) -> bool {
        self.offer.state == OfferState::Live
    }

    fn is_paused(&self) -> bool {
        self.offer.state == OfferState::Paused
    }

    fn is_archived(&self) -> bool {
        self.offer.state == OfferState::Archived
    }

    /// Live, but in no catalog: nobody finds it.
    fn is_unseen(&self) -> bool {
        self.is_live() && self.offer.catalogs == 0
    }
}
