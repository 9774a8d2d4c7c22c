//! Questions about offers: buyers ask ([`offer`]), the cooperative answers ([`index`], [`show`]) or hides
//! ([`hiding`]).
//!
//! The offer's page shows a few of them by [`on`]; everything else is here.

mod hiding;
mod index;
mod offer;
mod show;

use domain::{
    ids::OfferId,
    time::{Instant, Zone},
};
use store::questions::{OfferQuestion, QuestionError};

use crate::{
    ctx::{Buyer, CoopReader, Ctx, Manager, acting_as},
    error::Error,
    market::viewer,
    routes::{Access, Route},
    shell::Shell,
};

#[must_use]
pub fn routes() -> Vec<Route> {
    let manager = Access::Roles(Manager::ROLES);
    vec![
        Route::get("/offers/{id}/questions", Access::Public, offer::page),
        Route::post(
            "/offers/{id}/questions",
            Access::Roles(Buyer::ROLES),
            offer::submit,
        ),
        Route::get("/questions", Access::Roles(CoopReader::ROLES), index::page),
        Route::get(
            "/questions/{id}",
            Access::Roles(CoopReader::ROLES),
            show::page,
        )
        .own("question"),
        Route::post("/questions/{id}", manager, show::submit).own("question"),
        Route::post("/questions/{id}/hiding", manager, hiding::submit).own("question"),
    ]
}

impl From<QuestionError> for Error {
    fn from(error: QuestionError) -> Self {
        match error {
            QuestionError::NotFound => Self::NotFound,
            QuestionError::Stale(_) => {
                Self::conflict("questions-stale").way_out("/questions", "questions-way-back")
            }
            QuestionError::Store(error) => error.into(),
        }
    }
}

/// Characters of a question and of an answer.
pub(crate) const WORDS_MAX: usize = 1_000;

/// A question on an offer's page, in words.
pub(crate) struct Asked {
    pub question: String,
    pub answer: Option<String>,
    /// Who sees it, or that it waits; empty for those of others.
    pub mine: String,
    pub asked: String,
    pub answered: Option<String>,
}

impl Asked {
    fn new(shell: &Shell, zone: Zone, row: OfferQuestion) -> Self {
        let day = |at: i64| shell.date(zone.day_of(Instant(at)));
        let mine = match (row.mine, &row.answer, row.is_public) {
            (0, ..) => String::new(),
            (_, None, _) => shell.t("questions-mine-waiting"),
            (_, _, true) => shell.t("questions-mine-public"),
            (_, _, false) => shell.t("questions-mine-private"),
        };
        Self {
            mine,
            asked: day(row.asked_at),
            answered: row.answered_at.map(day),
            question: row.question,
            answer: row.answer,
        }
    }
}

/// Questions on an offer that the visitor may see, and how many there are. The caller has shown the offer itself.
pub(crate) async fn on(
    ctx: &Ctx,
    shell: &Shell,
    offer: OfferId,
    region_code: &str,
    page: i64,
    per_page: i64,
) -> Result<(Vec<Asked>, i64), Error> {
    let zone = Zone::of_region(region_code);
    let buyer = viewer(ctx).buyer;
    let (rows, total) = ctx
        .store()
        .questions_on(offer, buyer, page, per_page)
        .await?;
    let asked = rows
        .into_iter()
        .map(|row| Asked::new(shell, zone, row))
        .collect();
    Ok((asked, total))
}

/// Whether the visitor may ask.
pub(crate) fn may_ask(ctx: &Ctx) -> bool {
    acting_as(ctx, Buyer::ROLES).is_ok()
}
