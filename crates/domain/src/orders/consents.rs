//! Questions put to the buyer after an order was placed: fewer units, or freight that was worked out.

use serde::{Deserialize, Serialize};

use super::{Actor, needs_approval};
use crate::{coded::coded, money::Rupiah};

coded! {
    /// What the buyer is asked to agree to after the order was placed.
    pub enum ConsentKind {
        /// Fewer units than ordered; the line keeps its tier price (DESIGN "Order and shares").
        Reduced = "reduced",
        /// An amount of freight that the cooperative worked out (DESIGN "Price").
        Freight = "freight",
    }
}

coded! {
    pub enum ConsentState {
        Open = "open",
        Accepted = "accepted",
        Refused = "refused",
        /// The cooperative took its question back, or the order ended first.
        Withdrawn = "withdrawn",
    }
}

coded! {
    pub enum ConsentEvent {
        Accept = "accept",
        Refuse = "refuse",
        Withdraw = "withdraw",
    }
}

/// A changed order put to its buyer: the total before and after, in rupiah.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    pub kind: ConsentKind,
    pub before_total: Rupiah,
    pub after_total: Rupiah,
    pub state: ConsentState,
}

/// The question was answered already, or is not this actor's to answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConsentRefusal {
    #[error("the question is {state} already")]
    Answered { state: ConsentState },
    #[error("`{event}` is not for {actor}")]
    WrongActor { event: ConsentEvent, actor: Actor },
    /// The new total is above what staff may order alone.
    #[error("the new total needs the approver")]
    NeedsApprover { total: Rupiah },
}

impl Consent {
    /// What becomes of the question. A total that rose past the staff limit is the approver's to accept.
    ///
    /// # Errors
    /// [`ConsentRefusal`] when it is answered already, not this actor's, or above the limit.
    pub fn answer(
        &self,
        event: ConsentEvent,
        actor: Actor,
        staff_limit: Option<Rupiah>,
    ) -> Result<ConsentState, ConsentRefusal> {
        if self.state != ConsentState::Open {
            return Err(ConsentRefusal::Answered { state: self.state });
        }
        match (event, actor) {
            (ConsentEvent::Accept, Actor::BuyerStaff)
                if self.after_total > self.before_total
                    && needs_approval(self.after_total, staff_limit) =>
            {
                Err(ConsentRefusal::NeedsApprover {
                    total: self.after_total,
                })
            }
            (ConsentEvent::Accept, Actor::BuyerStaff | Actor::BuyerApprover) => {
                Ok(ConsentState::Accepted)
            }
            (ConsentEvent::Refuse, Actor::BuyerStaff | Actor::BuyerApprover) => {
                Ok(ConsentState::Refused)
            }
            (ConsentEvent::Withdraw, Actor::CoopManager | Actor::System) => {
                Ok(ConsentState::Withdrawn)
            }
            _ => Err(ConsentRefusal::WrongActor { event, actor }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(before: i64, after: i64) -> Consent {
        Consent {
            kind: ConsentKind::Freight,
            before_total: Rupiah(before),
            after_total: Rupiah(after),
            state: ConsentState::Open,
        }
    }

    #[test]
    fn the_buyer_answers_and_only_the_cooperative_takes_a_question_back() {
        use Actor::{BuyerApprover, BuyerStaff, CoopManager, System};
        let open = asked(100, 90);
        for actor in [BuyerStaff, BuyerApprover] {
            assert_eq!(
                open.answer(ConsentEvent::Accept, actor, None),
                Ok(ConsentState::Accepted)
            );
            assert_eq!(
                open.answer(ConsentEvent::Refuse, actor, None),
                Ok(ConsentState::Refused)
            );
            assert!(open.answer(ConsentEvent::Withdraw, actor, None).is_err());
        }
        for actor in [CoopManager, System] {
            assert!(open.answer(ConsentEvent::Accept, actor, None).is_err());
            assert_eq!(
                open.answer(ConsentEvent::Withdraw, actor, None),
                Ok(ConsentState::Withdrawn)
            );
        }
        let done = Consent {
            state: ConsentState::Refused,
            ..open
        };
        assert_eq!(
            done.answer(ConsentEvent::Accept, BuyerApprover, None),
            Err(ConsentRefusal::Answered {
                state: ConsentState::Refused
            })
        );
    }

    #[test]
    fn freight_that_lifts_the_total_past_the_limit_is_the_approvers_to_accept() {
        let limit = Some(Rupiah(100));
        let raised = asked(90, 110);
        assert_eq!(
            raised.answer(ConsentEvent::Accept, Actor::BuyerStaff, limit),
            Err(ConsentRefusal::NeedsApprover { total: Rupiah(110) })
        );
        assert_eq!(
            raised.answer(ConsentEvent::Accept, Actor::BuyerApprover, limit),
            Ok(ConsentState::Accepted)
        );
        // A lower total was approved already when it was higher.
        assert_eq!(
            asked(120, 110).answer(ConsentEvent::Accept, Actor::BuyerStaff, limit),
            Ok(ConsentState::Accepted)
        );
    }
}
