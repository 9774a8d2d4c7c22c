//! Where and when the goods of one cooperative's cart are wanted, and what the buyer writes beside them.

use actix_web::http::StatusCode;
use askama::Template;
use domain::{ids::OrganisationId, problem::Problem, regions, time::Day, time::Zone};
use store::carts::{Check, Details};
use text::format;

use super::words::place_of;
use crate::{
    accounts::registering::{Province, provinces},
    cart::{index::steps, viewer},
    ctx::{Buyer, Ctx},
    error::Error,
    form::{Form, Reader},
    handler::Answer,
    shell::Shell,
};

#[derive(Template)]
#[template(path = "orders/new.html")]
struct Page {
    shell: Shell,
    form: Form,
    steps: Vec<String>,
    cooperative: String,
    name: String,
    /// The buyer fetches everything: no address is asked for.
    is_fetched: bool,
    /// Where some of the goods are fetched; empty where all are brought.
    pick_up: String,
    provinces: Vec<Province>,
    /// The first day that can be wanted, as the date's field takes it and in words.
    earliest: String,
    wanted_hint: String,
    /// Where goods were brought before: what the button sends, and the address in one line.
    addresses: Vec<(String, String)>,
}

impl Page {
    fn title_key(&self) -> &'static str {
        match self.is_fetched {
            true => "orders-new-title-fetched",
            false => "orders-new-title",
        }
    }

    fn wanted_key(&self) -> &'static str {
        match self.is_fetched {
            true => "orders-wanted-fetched",
            false => "orders-wanted-on",
        }
    }
}

/// The cart with this cooperative; `None` when there is nothing in it.
pub(super) async fn cart(
    ctx: &Ctx,
    buyer: &Buyer,
    cooperative: OrganisationId,
) -> Result<Option<Check>, Error> {
    Ok(ctx
        .store()
        .check_cart(&viewer(buyer), buyer.organisation, cooperative, ctx.now())
        .await?)
}

/// The cooperative that the address asks for, if it names one.
pub(super) fn cooperative(ctx: &Ctx) -> Option<OrganisationId> {
    ctx.query().only("cooperative")?.parse().ok()
}

/// Why a day can't be wanted: it is before the first one on which all the goods can be there, in the cooperative's zone.
pub(super) fn too_early(ctx: &Ctx, check: &Check, earliest: Day) -> Problem {
    let zone = Zone::of_region(&check.cooperative_region);
    Problem::new("orders-wanted-early")
        .with("day", format::date_with_weekday(ctx.lang(), earliest))
        .with("zone", zone.abbreviation())
}

/// Reads what the buyer writes beside the goods; asked for again when the order is sent. Goods that are fetched need no
/// address.
pub(super) fn details(reader: &mut Reader<'_>, is_fetched: bool) -> Option<Details> {
    let deliver_to = match is_fetched {
        true => Some(String::new()),
        false => reader.text("deliver_to", 300),
    };
    let region_code = reader.with("region", |raw| match raw.trim() {
        "" => Err(Problem::new("error-region-empty")),
        code => regions::find(code)
            .filter(|region| region.is_regency())
            .map(|region| region.code.to_owned())
            .ok_or_else(|| Problem::new("error-region")),
    });
    let wanted_on = reader.optional_day("wanted_on");
    let po_number = reader.optional_line("po_number", 60);
    let note = reader.optional_text("note", 500);
    Some(Details {
        deliver_to: deliver_to?,
        region_code: region_code?,
        wanted_on: wanted_on?,
        po_number: po_number?.unwrap_or_default(),
        note: note?.unwrap_or_default(),
    })
}

async fn draw(ctx: &Ctx, buyer: &Buyer, check: &Check, form: Form, status: StatusCode) -> Answer {
    let addresses = ctx.store().addresses(buyer.organisation).await?;
    let zone = Zone::of_region(&check.cooperative_region);
    let shell = ctx.shell().await;
    let wanted_key = match check.is_fetched() {
        true => "orders-wanted-fetched-hint",
        false => "orders-wanted-on-hint",
    };
    let page = Page {
        is_fetched: check.is_fetched(),
        pick_up: pick_up(ctx, check).await?,
        steps: steps(ctx),
        cooperative: check.cooperative.to_string(),
        name: check.cooperative_name.clone(),
        provinces: provinces(),
        earliest: check.earliest_on.iso(),
        wanted_hint: shell.t2(
            wanted_key,
            "day",
            shell.date(check.earliest_on),
            "zone",
            zone.abbreviation(),
        ),
        addresses: addresses
            .into_iter()
            .filter(|known| known.deliver_to != form.value("deliver_to"))
            .map(|known| {
                let place = regions::short_name(&known.region_code);
                let lines: Vec<&str> = known.deliver_to.lines().map(str::trim).collect();
                (
                    known.last_used.to_string(),
                    format!("{}, {place}", lines.join(", ")),
                )
            })
            .collect(),
        shell,
        form,
    };
    ctx.html_as(status, &page)
}

/// The place where the goods of this cart are fetched; empty where all are brought.
pub(super) async fn pick_up(ctx: &Ctx, check: &Check) -> Result<String, Error> {
    if !check.is_partly_fetched() {
        return Ok(String::new());
    }
    let place = ctx.store().whereabouts(check.cooperative).await?;
    Ok(place_of(&place))
}

/// The page with what was typed and what is wrong with it.
pub(super) async fn again(ctx: &Ctx, buyer: &Buyer, check: &Check, form: Form) -> Answer {
    draw(ctx, buyer, check, form, StatusCode::UNPROCESSABLE_ENTITY).await
}

pub async fn page(ctx: Ctx, buyer: Buyer) -> Answer {
    let Some(cooperative) = cooperative(&ctx) else {
        return ctx.see("/cart");
    };
    let Some(check) = cart(&ctx, &buyer, cooperative).await? else {
        return ctx.see("/cart");
    };
    let known = &check.details;
    let mut form = ctx
        .empty_form()
        .with("deliver_to", &known.deliver_to)
        .with("region", &known.region_code)
        .with(
            "wanted_on",
            known.wanted_on.map(Day::iso).unwrap_or_default(),
        )
        .with("po_number", &known.po_number)
        .with("note", &known.note);
    if let Some(day) = known.wanted_on
        && day < check.earliest_on
    {
        // It was in time when it was written down.
        form.add("wanted_on", too_early(&ctx, &check, check.earliest_on));
    }
    draw(&ctx, &buyer, &check, form, StatusCode::OK).await
}

pub async fn submit(ctx: Ctx, buyer: Buyer) -> Answer {
    let cooperative: OrganisationId = ctx
        .posted()
        .only("cooperative")
        .and_then(|id| id.parse().ok())
        .ok_or(Error::BadRequest)?;
    let Some(check) = cart(&ctx, &buyer, cooperative).await? else {
        return ctx.see("/cart");
    };
    if let Some(last_used) = ctx.posted().only("use") {
        return with_address(&ctx, &buyer, &check, last_used).await;
    }
    let mut reader = ctx.reader();
    let details = details(&mut reader, check.is_fetched());
    let wanted_on = details.as_ref().and_then(|details| details.wanted_on);
    if wanted_on.is_some_and(|day| day < check.earliest_on) {
        reader.add("wanted_on", too_early(&ctx, &check, check.earliest_on));
    }
    let details = match reader.finish(|| details) {
        Ok(details) => details,
        Err(form) => return again(&ctx, &buyer, &check, form).await,
    };
    ctx.store()
        .set_cart_details(
            &ctx.act(),
            &viewer(&buyer),
            buyer.organisation,
            cooperative,
            &details,
        )
        .await?;
    ctx.see(format!("/orders/check?cooperative={cooperative}"))
}

/// The page with an address that was used before; what was typed beside it stays.
async fn with_address(ctx: &Ctx, buyer: &Buyer, check: &Check, last_used: &str) -> Answer {
    let addresses = ctx.store().addresses(buyer.organisation).await?;
    let known = addresses
        .iter()
        .find(|known| known.last_used.to_string() == last_used)
        .ok_or(Error::BadRequest)?;
    let mut form = ctx
        .empty_form()
        .with("deliver_to", &known.deliver_to)
        .with("region", &known.region_code);
    for name in ["wanted_on", "po_number", "note"] {
        form = form.with(name, ctx.posted().first(name));
    }
    draw(ctx, buyer, check, form, StatusCode::OK).await
}
