//! Where and when the goods of one cooperative's cart are wanted, and what the buyer writes beside them.

use askama::Template;
use domain::{ids::OrganisationId, problem::Problem, regions, time::Day, time::Zone};
use store::carts::{Check, Details};

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
    provinces: Vec<Province>,
    today: String,
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

/// The buyer's today, for dates that must not be over.
fn today(ctx: &Ctx) -> Day {
    let zone = ctx
        .acting()
        .map_or(Zone::Wib, |acting| Zone::of_region(&acting.region_code));
    zone.day_of(ctx.now())
}

/// Reads what the buyer writes beside the goods; asked for again when the order is sent.
pub(super) fn details(ctx: &Ctx, reader: &mut Reader<'_>) -> Option<Details> {
    let deliver_to = reader.text("deliver_to", 300);
    let region_code = reader.with("region", |raw| match raw.trim() {
        "" => Err(Problem::new("error-region-empty")),
        code => regions::find(code)
            .filter(|region| region.is_regency())
            .map(|region| region.code.to_owned())
            .ok_or_else(|| Problem::new("error-region")),
    });
    let wanted_on = reader.optional_day("wanted_on");
    if let Some(Some(day)) = wanted_on
        && day < today(ctx)
    {
        reader.add("wanted_on", Problem::new("orders-wanted-past"));
    }
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

async fn draw(ctx: &Ctx, check: &Check, form: Form) -> Answer {
    let is_again = form.has_errors();
    let page = Page {
        shell: ctx.shell().await,
        form,
        steps: steps(ctx),
        cooperative: check.cooperative.to_string(),
        name: check.cooperative_name.clone(),
        provinces: provinces(),
        today: today(ctx).iso(),
    };
    if is_again {
        ctx.unprocessable(&page)
    } else {
        ctx.html(&page)
    }
}

pub async fn page(ctx: Ctx, buyer: Buyer) -> Answer {
    let Some(cooperative) = cooperative(&ctx) else {
        return ctx.see("/cart");
    };
    let Some(check) = cart(&ctx, &buyer, cooperative).await? else {
        return ctx.see("/cart");
    };
    let known = &check.details;
    let form = ctx
        .empty_form()
        .with("deliver_to", &known.deliver_to)
        .with("region", &known.region_code)
        .with(
            "wanted_on",
            known.wanted_on.map(Day::iso).unwrap_or_default(),
        )
        .with("po_number", &known.po_number)
        .with("note", &known.note);
    draw(&ctx, &check, form).await
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
    let mut reader = ctx.reader();
    let details = details(&ctx, &mut reader);
    let details = match reader.finish(|| details) {
        Ok(details) => details,
        Err(form) => return draw(&ctx, &check, form).await,
    };
    ctx.store()
        .set_cart_details(&ctx.act(), buyer.organisation, cooperative, &details)
        .await?;
    ctx.see(format!("/orders/check?cooperative={cooperative}"))
}
