//! What follows when every share of a line has its answer: the rule runs once more over what is missing, or the manager
//! hears that the order is whole or short.
//!
//! Packs that a member has accepted never shrink, and a member who gave less or nothing is not asked again for the
//! same line: the second run goes over what the *others* can still give.

use std::collections::HashMap;
use std::str::FromStr;

use domain::ids::{OfferId, OrderLineId, SupplyId};
use domain::quantity::Packs;
use domain::shares::{LineShare, ShareState, needs_second_run, shortfall};
use domain::time::Day;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::answers::AnswerError;
use super::decide::OrderRow;
use super::sharing::{self, Portion};
use crate::error::Error;
use crate::events::Event;
use crate::letters::About;
use crate::offers::facts;
use crate::sql::Sql;
use crate::stock::HoldKind;
use crate::supplies;
use crate::write::Tx;

impl Tx {
    /// When every share of a line has its answer, shares out once more what is missing; when nothing is open any
    /// more, tells the manager.
    pub(crate) async fn after_answers(&self, order: &OrderRow) -> Result<(), AnswerError> {
        #[derive(FromQueryResult)]
        struct LineRow {
            id: Uuid,
            offer_id: Uuid,
            packs: i64,
            second_run_at: Option<i64>,
        }
        #[derive(FromQueryResult)]
        struct Part {
            order_line_id: Uuid,
            supply_id: Uuid,
            packs: i64,
            state: String,
        }
        let lines: Vec<LineRow> = self
            .rows(
                "SELECT id, offer_id, packs, second_run_at FROM order_lines WHERE order_id = $1 \
                 ORDER BY position",
                [order.id.into()],
            )
            .await?;
        let parts: Vec<Part> = self
            .rows(
                "SELECT order_line_id, supply_id, packs, state FROM shares WHERE order_id = $1 AND state <> 'released'",
                [order.id.into()],
            )
            .await?;
        let mut open = false;
        let mut short = false;
        for line in &lines {
            let mine: Vec<&Part> = parts
                .iter()
                .filter(|part| part.order_line_id == line.id)
                .collect();
            let states: Vec<LineShare> = mine
                .iter()
                .map(|part| {
                    Ok(LineShare {
                        state: ShareState::from_str(&part.state)
                            .map_err(|_| Error::Corrupt(part.state.clone()))?,
                        packs: Packs(part.packs),
                    })
                })
                .collect::<Result<_, Error>>()?;
            let runs = if line.second_run_at.is_some() { 2 } else { 1 };
            let ordered = Packs(line.packs);
            if needs_second_run(runs, ordered, &states) {
                let kept = mine
                    .iter()
                    .zip(&states)
                    .filter(|(_, state)| state.state.is_given())
                    .map(|(part, state)| (SupplyId(part.supply_id), state.packs))
                    .collect();
                let unwilling = mine
                    .iter()
                    .zip(&states)
                    .filter(|(_, state)| {
                        matches!(state.state, ShareState::Reduced | ShareState::Declined)
                    })
                    .map(|(part, _)| SupplyId(part.supply_id))
                    .collect::<Vec<_>>();
                let missing = shortfall(ordered, &states);
                let given = self
                    .share_out_missing(order, line.id, line.offer_id, missing, kept, &unwilling)
                    .await?;
                open |= given > 0;
                short |= Packs(given) < missing;
            } else {
                open |= states.iter().any(|share| !share.state.is_answered());
                short |= shortfall(ordered, &states).0 > 0;
            }
        }
        if !open {
            let letter = if short {
                "shares_short"
            } else {
                "shares_complete"
            };
            let event = self
                .event(Event {
                    subject_kind: "order",
                    subject_id: order.id,
                    kind: letter,
                    ..Event::default()
                })
                .await?;
            self.letter_to_roles(
                letter,
                event,
                order.cooperative(),
                &["coop_manager"],
                About::order(order.order()),
            )
            .await?;
        }
        Ok(())
    }

    /// The second and last run of a line. Answers the packs that were proposed anew.
    async fn share_out_missing(
        &self,
        order: &OrderRow,
        line: Uuid,
        offer_id: Uuid,
        missing: Packs,
        kept: HashMap<SupplyId, Packs>,
        unwilling: &[SupplyId],
    ) -> Result<i64, AnswerError> {
        let offers = facts::by_ids(self, &[OfferId(offer_id)]).await?;
        let offer = offers.first().ok_or(Error::NotFound)?;
        let cooperative = facts::party(self, order.cooperative(), "cooperative").await?;
        let terms = order.terms()?;
        let delivery = offer.delivery(self.now(), cooperative.zone(), order.wanted_on.map(Day));
        let mut pool = self
            .locked_pool(&[offer.pool_terms(delivery)], None)
            .await?;
        // Whoever gave less or nothing has no more to give here, but what is kept still counts to cartons and limits.
        for supply in pool
            .iter_mut()
            .filter(|supply| unwilling.contains(&supply.id))
        {
            supply.free = Packs(0);
        }
        let served = supplies::served(self, order.cooperative(), self.now()).await?;
        let shared = sharing::run(offer, missing, &kept, &mut pool, &served)?;
        let given: i64 = shared.given().map(|part| part.packs.0).sum();
        self.exec(
            "UPDATE order_lines SET second_run_at = $2 WHERE id = $1",
            [line.into(), self.now().0.into()],
        )
        .await?;
        let run = self
            .number(
                "SELECT CAST(COALESCE(MAX(run), 0) + 1 AS BIGINT) FROM allocations WHERE order_line_id = $1",
                [line.into()],
            )
            .await?;
        let answer_by = self.now().plus_hours(terms.share_answer_hours);
        let portion = Portion {
            order: order.order(),
            line: OrderLineId(line),
            offer,
            run: i32::try_from(run).unwrap_or(i32::MAX),
        };
        shared
            .write(self, &portion, HoldKind::Order, Some(answer_by))
            .await?;
        let event = self
            .event(Event {
                subject_kind: "order",
                subject_id: order.id,
                kind: "shared_again",
                data: Some(format!("{{\"packs\":{given}}}")),
                ..Event::default()
            })
            .await?;
        if given > 0 {
            self.exec(
                "UPDATE orders SET answer_by = $2 WHERE id = $1",
                [order.id.into(), answer_by.0.into()],
            )
            .await?;
            self.letters_to_proposed(event, order.order()).await?;
        }
        self.offers_of_order_changed(order.order()).await?;
        Ok(given)
    }
}
