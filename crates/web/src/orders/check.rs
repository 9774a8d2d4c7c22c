//! "Check your answers": everything once more, and the one button that places the order.
//!
//! The page carries the order's id, so that sending it twice places it once, and a fingerprint of what it shows: where
//! the truth is another by then, the page comes back with old and new and asks again.

use actix_web::http::StatusCode;
use askama::Template;
use domain::{
    accounts::Role,
    carts::{CartView, Change},
    ids::{OfferId, OrderId, OrganisationId},
    orders::{Actor, OrderState},
    problem::Problem,
    quantity::Units,
    regions,
    time::{Day, Zone},
};
use store::{
    carts::Check,
    orders::{PlaceError, PlaceOrder},
};
use text::{format, t_with};

use super::{
    new,
    words::{Measure, payment},
};
use crate::{
    cart::{card::Card, index::steps},
    ctx::{Buyer, Ctx},
    error::Error,
    flash::Flash,
    form::Form,
    handler::Answer,
    photos,
    shell::Shell,
};

#[derive(Template)]
#[template(path = "orders/check.html")]
struct Page {
    shell: Shell,
    steps: Vec<String>,
    card: Card,
    order: OrderId,
    /// The returned order that this one takes the place of.
    changes: String,
    /// What this page shows, to be compared when it comes back.
    seen: String,
    deliver_to: String,
    region: String,
    /// The buyer fetches everything: there is no address.
    is_fetched: bool,
    /// Where some of the goods are fetched; empty where all are brought.
    pick_up: String,
    place: String,
    wanted_on: String,
    wanted_words: String,
    po_number: String,
    note: String,
    needs_approval: bool,
    /// How it is paid; empty where nothing is agreed.
    payment: String,
    freight_pending: bool,
    /// Until when the goods are set aside, in words; empty where they are not.
    held: String,
    /// Something changed while the buyer looked: string key of what, and each change in words.
    changed: Option<(&'static str, Vec<String>)>,
}

async fn draw(ctx: &Ctx, check: &Check, changed: Option<(&'static str, Vec<String>)>) -> Answer {
    let status = match changed {
        Some(_) => StatusCode::CONFLICT,
        None => StatusCode::OK,
    };
    let details = &check.details;
    let region = details.region_code.as_str();
    let mut card = Card::of(ctx.lang(), check);
    card.put_photos(&photos::of_offers(ctx, card.offers()).await?);
    let page = Page {
        shell: ctx.shell().await,
        steps: steps(ctx),
        card,
        order: OrderId(uuid::Uuid::now_v7()),
        changes: check
            .changes
            .as_ref()
            .map(|(order, _)| order.to_string())
            .unwrap_or_default(),
        seen: serde_json::to_string(&check.seen).map_err(Error::broken)?,
        deliver_to: details.deliver_to.clone(),
        region: region.to_owned(),
        is_fetched: check.is_fetched(),
        pick_up: new::pick_up(ctx, check).await?,
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
        payment: payment(ctx.lang(), check.payment_term.as_deref()),
        freight_pending: check.freight_pending,
        held: check
            .held_until
            .map(|until| {
                let zone = ctx
                    .acting()
                    .map_or(Zone::Wib, |acting| Zone::of_region(&acting.region_code));
                let words = format::deadline_in_words(ctx.lang(), ctx.now(), until, zone);
                t_with(ctx.lang(), "orders-check-held", &[("until", words.into())])
            })
            .unwrap_or_default(),
        changed,
    };
    ctx.html_as(status, &page)
}

/// What changed since the buyer looked, old and new.
fn in_words(ctx: &Ctx, check: &Check, changes: &[Change]) -> Vec<String> {
    let lang = ctx.lang();
    let say = |offer: OfferId, key: &str, before: String, after: String| {
        let line = check.lines.iter().find(|line| line.offer == offer)?;
        let args = [
            ("title", line.title.as_str().into()),
            ("before", before.into()),
            ("after", after.into()),
        ];
        Some(t_with(lang, key, &args))
    };
    let units = |offer: OfferId, units: Units| {
        let line = check.lines.iter().find(|line| line.offer == offer);
        line.map_or_else(String::new, |line| {
            Measure::new(&line.unit, line.carton_name.as_deref(), line.packs_per_unit)
                .units(lang, units.0)
        })
    };
    changes
        .iter()
        .filter_map(|change| match *change {
            Change::Price {
                offer,
                before,
                after,
            } => say(
                offer,
                "orders-changed-line-price",
                before.to_string(),
                after.to_string(),
            ),
            Change::Quantity {
                offer,
                before,
                after,
            } => say(
                offer,
                "orders-changed-line-quantity",
                units(offer, before),
                units(offer, after),
            ),
            Change::Total { before, after } => Some(t_with(
                lang,
                "orders-changed-line-total",
                &[
                    ("before", before.to_string().into()),
                    ("after", after.to_string().into()),
                ],
            )),
            // Each stands at its line.
            Change::Gone { .. } | Change::Short { .. } => None,
        })
        .collect()
}

pub async fn page(ctx: Ctx, buyer: Buyer) -> Answer {
    let Some(cooperative) = new::cooperative(&ctx) else {
        return ctx.see("/cart");
    };
    match new::cart(&ctx, &buyer, cooperative).await? {
        None => ctx.see("/cart"),
        Some(check)
            if (check.details.deliver_to.trim().is_empty() && !check.is_fetched())
                || check
                    .details
                    .wanted_on
                    .is_some_and(|day| day < check.earliest_on) =>
        {
            ctx.see(format!("/orders/new?cooperative={cooperative}"))
        }
        Some(check) => draw(&ctx, &check, None).await,
    }
}

pub async fn submit(ctx: Ctx, buyer: Buyer) -> Answer {
    let mut reader = ctx.reader();
    let order = reader.id::<OrderId>("order");
    let cooperative = reader.id::<OrganisationId>("cooperative");
    let changes = reader.optional("changes", |raw| {
        raw.parse::<OrderId>()
            .map_err(|_| Problem::new("form-choose"))
    });
    let seen = reader.with("seen", |raw| {
        serde_json::from_str::<CartView>(raw).map_err(|_| Problem::new("form-choose"))
    });
    // Whether the goods need an address is asked again in the deed.
    let has_no_address = ctx.posted().first("deliver_to").trim().is_empty();
    let details = new::details(&mut reader, has_no_address);
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
            changes: changes?,
            seen: seen?,
        })
    });
    // These fields came from the page, not from a person.
    let command = command.map_err(|_| Error::BadRequest)?;
    let (key, changes) = match ctx.store().place_order(&ctx.act(), &command).await {
        Ok(placed) => {
            let key = match placed.state {
                OrderState::PendingApproval => "orders-placed-approval",
                _ => "orders-placed",
            };
            ctx.flash(Flash::done(ctx.t(key))).await?;
            return ctx.see(format!("/orders/{}", placed.order));
        }
        Err(PlaceError::SoldOut(_)) => ("orders-changed-sold-out", Vec::new()),
        Err(PlaceError::Changed(changes)) => ("orders-changed-price", changes),
        Err(PlaceError::Gone(_)) => ("orders-changed-gone", Vec::new()),
        Err(PlaceError::Quantity(_)) => ("orders-changed-quantity", Vec::new()),
        Err(PlaceError::NoAddress) => return no_address(&ctx, &buyer, &command).await,
        Err(PlaceError::TooEarly(earliest)) => {
            return too_early(&ctx, &buyer, &command, earliest).await;
        }
        Err(other) => return Err(other.into()),
    };
    match new::cart(&ctx, &buyer, command.cooperative).await? {
        Some(check) => {
            let words = in_words(&ctx, &check, &changes);
            draw(&ctx, &check, Some((key, words))).await
        }
        None => Err(PlaceError::CartEmpty.into()),
    }
}

/// The day that was wanted can't be any more: back to where it was typed, with everything else that was.
async fn too_early(ctx: &Ctx, buyer: &Buyer, command: &PlaceOrder, earliest: Day) -> Answer {
    let Some(check) = new::cart(ctx, buyer, command.cooperative).await? else {
        return Err(PlaceError::CartEmpty.into());
    };
    let mut form = Form::of(ctx.posted(), ctx.lang());
    form.add("wanted_on", new::too_early(ctx, &check, earliest));
    new::again(ctx, buyer, &check, form).await
}

/// The goods are brought now: back to where the address is written, with everything else that was.
async fn no_address(ctx: &Ctx, buyer: &Buyer, command: &PlaceOrder) -> Answer {
    let Some(check) = new::cart(ctx, buyer, command.cooperative).await? else {
        return Err(PlaceError::CartEmpty.into());
    };
    let mut form = Form::of(ctx.posted(), ctx.lang());
    form.add("deliver_to", Problem::new("orders-no-address"));
    new::again(ctx, buyer, &check, form).await
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
