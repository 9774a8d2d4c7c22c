//! "Check your answers": everything once more, and the one button that places the order.
//!
//! The page carries the order's id, so that sending it twice places it once, and a fingerprint of what it shows: where
//! the truth is another by then, the page comes back with old and new and asks again.

use actix_web::http::StatusCode;
use askama::Template;
use domain::{
    accounts::Role,
    ids::{OrderId, OrganisationId},
    orders::{Actor, OrderState},
    regions,
    time::Day,
};
use store::{
    carts::Check,
    orders::{PlaceError, PlaceOrder},
};
use text::format;

use super::new;
use crate::{
    cart::{card::Card, index::steps},
    ctx::{Buyer, Ctx},
    error::Error,
    flash::Flash,
    handler::Answer,
    shell::Shell,
};

#[derive(Template)]
#[template(path = "orders/check.html")]
struct Page {
    shell: Shell,
    steps: Vec<String>,
    card: Card,
    order: OrderId,
    seen: String,
    deliver_to: String,
    region: String,
    place: String,
    wanted_on: String,
    wanted_words: String,
    po_number: String,
    note: String,
    needs_approval: bool,
    freight_pending: bool,
    /// Something changed while the buyer looked: string key of what.
    changed: Option<&'static str>,
}

async fn draw(ctx: &Ctx, check: &Check, changed: Option<&'static str>) -> Answer {
    let details = &check.details;
    let region = details.region_code.as_str();
    let page = Page {
        shell: ctx.shell().await,
        steps: steps(ctx),
        card: Card::of(ctx.lang(), check),
        order: OrderId(uuid::Uuid::now_v7()),
        seen: check.seen.clone(),
        deliver_to: details.deliver_to.clone(),
        region: region.to_owned(),
        place: match regions::province_of(region) {
            Some(province) => format!("{}, {}", regions::name(region), province.name),
            None => regions::name(region).to_owned(),
        },
        wanted_on: details.wanted_on.map(Day::iso).unwrap_or_default(),
        wanted_words: details
            .wanted_on
            .map(|day| format::date_with_weekday(ctx.lang(), day))
            .unwrap_or_default(),
        po_number: details.po_number.clone(),
        note: details.note.clone(),
        needs_approval: check.needs_approval,
        freight_pending: check.freight_pending,
        changed,
    };
    match changed {
        Some(_) => ctx.html_as(StatusCode::CONFLICT, &page),
        None => ctx.html(&page),
    }
}

pub async fn page(ctx: Ctx, buyer: Buyer) -> Answer {
    let Some(cooperative) = new::cooperative(&ctx) else {
        return ctx.see("/cart");
    };
    match new::cart(&ctx, &buyer, cooperative).await? {
        None => ctx.see("/cart"),
        Some(check) if check.details.deliver_to.trim().is_empty() => {
            ctx.see(format!("/orders/new?cooperative={cooperative}"))
        }
        Some(check) => draw(&ctx, &check, None).await,
    }
}

pub async fn submit(ctx: Ctx, buyer: Buyer) -> Answer {
    let mut reader = ctx.reader();
    let order = reader.id::<OrderId>("order");
    let cooperative = reader.id::<OrganisationId>("cooperative");
    let seen = reader.line("seen", 100);
    let details = new::details(&ctx, &mut reader);
    let command = reader.finish(|| {
        let details = details?;
        Some(PlaceOrder {
            order: order?,
            buyer: buyer.organisation,
            cooperative: cooperative?,
            actor: actor(&ctx),
            po_number: details.po_number,
            note: details.note,
            deliver_to: details.deliver_to,
            region_code: details.region_code,
            wanted_on: details.wanted_on,
            seen: seen?,
        })
    });
    let command = match command {
        Ok(command) => command,
        // These fields came from the page, not from a person: only the day that was wanted may be over by now.
        Err(form) => match (cooperative, form.errors().as_slice()) {
            (Some(cooperative), [only]) if only.field == "wanted_on" => {
                return ctx.see(format!("/orders/new?cooperative={cooperative}"));
            }
            _ => return Err(Error::BadRequest),
        },
    };
    let changed = match ctx.store().place_order(&ctx.act(), &command).await {
        Ok(placed) => {
            let key = match placed.state {
                OrderState::PendingApproval => "orders-placed-approval",
                _ => "orders-placed",
            };
            ctx.flash(Flash::done(ctx.t(key))).await?;
            return ctx.see(format!("/orders/{}", placed.order));
        }
        Err(PlaceError::SoldOut(_)) => "orders-changed-sold-out",
        Err(PlaceError::Changed) => "orders-changed-price",
        Err(PlaceError::Gone(_)) => "orders-changed-gone",
        Err(PlaceError::Quantity(_)) => "orders-changed-quantity",
        Err(other) => return Err(other.into()),
    };
    match new::cart(&ctx, &buyer, command.cooperative).await? {
        Some(check) => draw(&ctx, &check, Some(changed)).await,
        None => Err(PlaceError::CartEmpty.into()),
    }
}

/// In which capacity a buyer's person acts: the approver's word goes further.
pub(super) fn actor(ctx: &Ctx) -> Actor {
    let is_approver = ctx
        .acting()
        .is_some_and(|acting| acting.roles.contains(&Role::BuyerApprover));
    if is_approver {
        Actor::BuyerApprover
    } else {
        Actor::BuyerStaff
    }
}
