//! The cart: a card for each cooperative, a stepper for each offer, what changed, what is left. What is posted here comes
//! from one of the cards ([`quantities`]) or from an offer's page ([`addition`]).

use actix_web::http::StatusCode;
use askama::Template;

use super::{addition, card::Card, quantities, viewer};
use crate::{
    ctx::{Buyer, Ctx},
    form::Form,
    handler::Answer,
    photos,
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

/// The page, with what was typed and what is wrong with it.
pub(super) async fn draw(ctx: &Ctx, buyer: &Buyer, mut form: Form) -> Answer {
    let checks = ctx
        .store()
        .carts(&viewer(buyer), buyer.organisation, ctx.now())
        .await?;
    let mut cards: Vec<Card> = checks
        .iter()
        .map(|check| Card::of(ctx.lang(), check))
        .collect();
    let photos = photos::of_offers(ctx, cards.iter().flat_map(Card::offers)).await?;
    for card in &mut cards {
        card.put_photos(&photos);
    }
    for line in cards.iter().flat_map(|card| &card.lines) {
        // What was typed stands first and stays.
        form = form.with(&line.field, line.units);
    }
    let status = if form.has_errors() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let page = Page {
        steps: steps(ctx),
        shell: ctx.shell().await,
        form,
        cards,
    };
    ctx.html_as(status, &page)
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
    match ctx.posted().only("cooperative") {
        Some(cooperative) => quantities::submit(&ctx, &buyer, cooperative).await,
        None => addition::submit(&ctx, &buyer).await,
    }
}
