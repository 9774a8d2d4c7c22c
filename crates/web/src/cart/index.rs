//! The cart: a card for each cooperative, a stepper for each offer, what changed, what is left.

use askama::Template;
use domain::{carts::parse_units, ids::OfferId, problem::Problem, quantity::Units};

use super::{card::Card, problem, viewer};
use crate::{
    ctx::{Buyer, Ctx},
    error::Error,
    flash::Flash,
    form::Form,
    handler::Answer,
    market,
    shell::Shell,
};

#[derive(Template)]
#[template(path = "cart/index.html")]
struct Page {
    shell: Shell,
    form: Form,
    cards: Vec<Card>,
    steps: Vec<String>,
}

async fn draw(ctx: &Ctx, buyer: &Buyer, mut form: Form) -> Answer {
    let checks = ctx
        .store()
        .carts(&viewer(buyer), buyer.organisation, ctx.now())
        .await?;
    let cards: Vec<Card> = checks
        .iter()
        .map(|check| Card::of(ctx.lang(), check))
        .collect();
    for line in cards.iter().flat_map(|card| &card.lines) {
        // What was typed stands first and stays.
        form = form.with(&line.field, line.units);
    }
    let is_again = form.has_errors();
    let page = Page {
        steps: steps(ctx),
        shell: ctx.shell().await,
        form,
        cards,
    };
    if is_again {
        ctx.unprocessable(&page)
    } else {
        ctx.html(&page)
    }
}

/// The stations from the cart to the order.
pub(crate) fn steps(ctx: &Ctx) -> Vec<String> {
    vec![
        ctx.t("cart-step-cart"),
        ctx.t("cart-step-details"),
        ctx.t("cart-step-check"),
    ]
}

pub async fn page(ctx: Ctx, buyer: Buyer) -> Answer {
    draw(&ctx, &buyer, ctx.empty_form()).await
}

pub async fn submit(ctx: Ctx, buyer: Buyer) -> Answer {
    let posted = ctx.posted();
    let offer: OfferId = posted
        .only("offer")
        .and_then(|id| id.parse().ok())
        .ok_or(Error::BadRequest)?;
    // The offer's page sends `units`; the cart has a field of its own for each line.
    let own_field = format!("units-{offer}");
    let is_from_cart = posted.pairs().iter().any(|(name, _)| *name == own_field);
    let field = if is_from_cart { &own_field } else { "units" };
    let wanted = match posted.only(field) {
        Some(raw) => parse_units(raw),
        None if posted.first(field).is_empty() => Err(Problem::new("error-quantity-empty")),
        None => Err(Problem::new("form-twice")),
    };
    let wanted = match wanted {
        Ok(units) => stepped(&ctx, units),
        Err(problem) => return again(&ctx, &buyer, offer, field, problem, is_from_cart).await,
    };
    let put = ctx
        .store()
        .put_in_cart(
            &ctx.act(),
            &viewer(&buyer),
            buyer.organisation,
            offer,
            wanted,
        )
        .await;
    if let Err(error) = put {
        let problem = problem(error)?;
        return again(&ctx, &buyer, offer, field, problem, is_from_cart).await;
    }
    let key = if is_from_cart {
        "cart-changed"
    } else {
        "cart-added"
    };
    ctx.flash(Flash::done(ctx.t(key))).await?;
    ctx.see("/cart")
}

/// The quantity after − or +: steps of the offer's multiple, not below its least order. The store checks it again.
fn stepped(ctx: &Ctx, typed: Units) -> Units {
    let whole = |name: &str| {
        ctx.posted()
            .first(name)
            .parse::<i64>()
            .unwrap_or(1)
            .clamp(1, domain::carts::MOST_UNITS)
    };
    let (by, least) = (whole("by"), whole("least"));
    match ctx.posted().first("step") {
        "less" => Units(typed.0.saturating_sub(by).max(least)),
        "more" => Units(typed.0.saturating_add(by)),
        _ => typed,
    }
}

/// What was typed and why it can't be, where it was typed: in the cart or on the offer's page.
async fn again(
    ctx: &Ctx,
    buyer: &Buyer,
    offer: OfferId,
    field: &str,
    problem: Problem,
    is_from_cart: bool,
) -> Answer {
    let mut form = Form::of(ctx.posted(), ctx.lang());
    form.add(field, problem);
    if is_from_cart {
        draw(ctx, buyer, form).await
    } else {
        market::offer::again(ctx, offer, form).await
    }
}
