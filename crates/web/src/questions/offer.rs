//! All questions on one offer that the visitor may see, and the form to ask.

use askama::Template;
use domain::ids::OfferId;
use store::{accounts::Tries, offers::OfferPage};

use super::{Asked, WORDS_MAX, may_ask, on};
use crate::{
    ctx::{Buyer, Ctx},
    error::Error,
    flash::Flash,
    form::Form,
    handler::{Answer, Id},
    market::{page_number, viewer},
    parts::{Crumb, Pager},
    shell::Shell,
};

const PER_PAGE: i64 = 20;
/// Questions of one buyer within an hour.
const QUESTIONS_MAX: i64 = 10;
const WINDOW_SECONDS: i64 = 3_600;

#[derive(Template)]
#[template(path = "questions/offer.html")]
struct Page {
    shell: Shell,
    form: Form,
    offer: OfferPage,
    questions: Vec<Asked>,
    pager: Pager,
    may_ask: bool,
}

/// The offer, if the visitor may see it.
async fn find(ctx: &Ctx, id: OfferId) -> Result<OfferPage, Error> {
    ctx.store()
        .offer_page(&viewer(ctx), ctx.now(), id)
        .await?
        .ok_or(Error::NotFound)
}

pub async fn page(ctx: Ctx, Id(id): Id<OfferId>) -> Answer {
    let offer = find(&ctx, id).await?;
    draw(&ctx, offer, ctx.empty_form()).await
}

async fn draw(ctx: &Ctx, offer: OfferPage, form: Form) -> Answer {
    let shell = ctx.shell().await;
    let number = page_number(ctx);
    let id = offer.id;
    let (questions, total) = on(ctx, &shell, id, &offer.region_code, number, PER_PAGE).await?;
    let is_again = form.has_errors();
    let page = Page {
        pager: Pager::new(
            shell.t1("questions-total", "n", total),
            number,
            (total + PER_PAGE - 1) / PER_PAGE,
            |n| format!("/offers/{id}/questions?page={n}"),
        ),
        may_ask: may_ask(ctx),
        shell,
        form,
        offer,
        questions,
    };
    if is_again {
        ctx.unprocessable(&page)
    } else {
        ctx.html(&page)
    }
}

pub async fn submit(ctx: Ctx, buyer: Buyer, Id(id): Id<OfferId>) -> Answer {
    let offer = find(&ctx, id).await?;
    let mut reader = ctx.reader();
    let words = reader.text("question", WORDS_MAX);
    let words = match reader.finish(|| words) {
        Ok(words) => words,
        Err(form) => return draw(&ctx, offer, form).await,
    };
    let bucket = format!("questions:{}", buyer.organisation);
    let tries = ctx
        .store()
        .count_try(&ctx.act(), &bucket, QUESTIONS_MAX, WINDOW_SECONDS)
        .await?;
    if let Tries::Exhausted {
        retry_after_seconds,
    } = tries
    {
        return Err(Error::TooMany {
            retry_after_seconds,
        });
    }
    ctx.store()
        .ask_question(&ctx.act(), &viewer(&ctx), id, &words)
        .await?;
    ctx.flash(Flash::done(ctx.t("questions-asked"))).await?;
    ctx.see(format!("/offers/{id}/questions"))
}

impl Page {
    fn crumbs(&self) -> Vec<Crumb> {
        vec![
            Crumb::new("/search", self.shell.t("nav-catalog")),
            Crumb::new(format!("/offers/{}", self.offer.id), &self.offer.title),
        ]
    }
}
