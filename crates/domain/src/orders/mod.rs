//! The life of an order (DOMAIN §7, up to `confirmed`): states, who may do what when, and the guards with the facts
//! they look at.
//!
//! [`transition`] is the one table; nothing else decides a state. Guards ([`needs_approval`], [`four_eyes`],
//! [`may_confirm`]) are asked beside it by the deed. A member's part of an order is in [`crate::shares`], the split
//! itself in [`crate::allocation`], money in [`crate::pricing`].

use crate::{
    coded::coded,
    ids::PersonId,
    money::Rupiah,
    quantity::Units,
    shares::ShareState,
    time::{Day, Instant, Zone},
};

mod consents;
mod payment;

pub use consents::{Consent, ConsentEvent, ConsentKind, ConsentRefusal, ConsentState};
pub use payment::PaymentTerm;

coded! {
    /// Where an order stands. Later stations (collection, packing, delivery) follow `confirmed`.
    pub enum OrderState {
        /// Returned by the approver, to be changed or sent again. It holds no stock.
        Draft = "draft",
        /// Above the buyer's staff limit; stock is held while the approver decides.
        PendingApproval = "pending_approval",
        /// With the cooperative: its members answer their shares, its manager confirms or declines.
        Sent = "sent",
        Confirmed = "confirmed",
        Declined = "declined",
        Cancelled = "cancelled",
        Expired = "expired",
    }
}

coded! {
    /// What can happen to an order. Its name is also the kind of the event row.
    pub enum OrderEvent {
        /// The buyer places it and it goes straight to the cooperative.
        Submit = "submit",
        /// The buyer places it and it needs the approver first.
        AskApproval = "ask_approval",
        Approve = "approve",
        /// The approver gives it back, with a reason.
        Return = "return",
        Confirm = "confirm",
        /// The cooperative can't or won't, with a reason.
        Decline = "decline",
        Cancel = "cancel",
        /// The cooperative did not answer in time.
        TimeOut = "time_out",
    }
}

coded! {
    /// In which capacity somebody acts on an order.
    pub enum Actor {
        BuyerStaff = "buyer_staff",
        BuyerApprover = "buyer_approver",
        CoopManager = "coop_manager",
        System = "system",
    }
}

/// Why an order stays as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Nobody can do this to an order in this state; somebody else may have been faster.
    #[error("an order that is {state} can't take `{event}`")]
    WrongState {
        state: OrderState,
        event: OrderEvent,
    },
    /// The state allows it, but not to this actor.
    #[error("`{event}` is not for {actor}")]
    WrongActor { event: OrderEvent, actor: Actor },
}

impl OrderState {
    /// Whether nothing can happen to it any more.
    #[must_use]
    pub fn is_terminal(self) -> bool {
        matches!(self, Self::Declined | Self::Cancelled | Self::Expired)
    }

    /// Whether its shares hold stock. A transition out of these states into another releases each hold, once.
    #[must_use]
    pub fn holds_stock(self) -> bool {
        matches!(self, Self::PendingApproval | Self::Sent | Self::Confirmed)
    }
}

impl OrderEvent {
    /// Whether a reason must be written down (DOMAIN §7: return; issue: decline).
    #[must_use]
    pub fn needs_reason(self) -> bool {
        matches!(self, Self::Return | Self::Decline)
    }
}

/// The order table of DOMAIN §7 up to `confirmed`. Every pair that is not here is an error.
///
/// # Errors
/// [`Refusal::WrongState`] when the state does not know the event, [`Refusal::WrongActor`] when it is not theirs.
pub fn transition(
    state: OrderState,
    event: OrderEvent,
    actor: Actor,
) -> Result<OrderState, Refusal> {
    use Actor::{BuyerApprover, BuyerStaff, CoopManager, System};
    use OrderEvent as E;
    use OrderState as S;
    let (to, actors): (S, &[Actor]) = match (state, event) {
        (S::Draft, E::Submit) => (S::Sent, &[BuyerStaff, BuyerApprover]),
        (S::Draft, E::AskApproval) => (S::PendingApproval, &[BuyerStaff, BuyerApprover]),
        (S::Draft | S::PendingApproval, E::Approve) => (S::Sent, &[BuyerApprover]),
        (S::PendingApproval, E::Return) => (S::Draft, &[BuyerApprover]),
        (S::Sent, E::Confirm) => (S::Confirmed, &[CoopManager]),
        (S::Sent, E::Decline) => (S::Declined, &[CoopManager]),
        // A returned order is given up, or replaced by a changed one; it holds nothing any more.
        (S::Draft | S::Sent, E::Cancel) => (S::Cancelled, &[BuyerStaff, BuyerApprover]),
        (S::Sent, E::TimeOut) => (S::Expired, &[System]),
        _ => return Err(Refusal::WrongState { state, event }),
    };
    if actors.contains(&actor) {
        Ok(to)
    } else {
        Err(Refusal::WrongActor { event, actor })
    }
}

/// What this actor can do to an order in this state, for the buttons of its page.
pub fn open_events(state: OrderState, actor: Actor) -> impl Iterator<Item = OrderEvent> {
    OrderEvent::ALL
        .iter()
        .copied()
        .filter(move |event| transition(state, *event, actor).is_ok())
}

/// Whether an order's total goes past what the buyer's staff may order alone. An order at the limit does not.
/// No limit means that staff may order anything. A total that still lacks its freight counts as it stands; the
/// freight asks the buyer's consent later.
#[must_use]
pub fn needs_approval(total: Rupiah, staff_limit: Option<Rupiah>) -> bool {
    staff_limit.is_some_and(|limit| total > limit)
}

/// The event with which a buyer places an order: straight to the cooperative, or to the approver first. An approver's
/// own order above the limit still needs another approver where four eyes are asked.
#[must_use]
pub fn placing_event(
    total: Rupiah,
    staff_limit: Option<Rupiah>,
    placed_by: Actor,
    four_eyes: bool,
) -> OrderEvent {
    let alone = placed_by == Actor::BuyerApprover && !four_eyes;
    if needs_approval(total, staff_limit) && !alone {
        OrderEvent::AskApproval
    } else {
        OrderEvent::Submit
    }
}

/// The one who made the order can't approve it (DOMAIN §7, setting `four_eyes`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an order needs another approver than the person who made it")]
pub struct SamePerson {
    pub person: PersonId,
}

/// # Errors
/// [`SamePerson`] when four eyes are asked and there are only two.
pub fn four_eyes(
    asked: bool,
    created_by: PersonId,
    approved_by: PersonId,
) -> Result<(), SamePerson> {
    if asked && created_by == approved_by {
        return Err(SamePerson {
            person: approved_by,
        });
    }
    Ok(())
}

/// Why a manager can't confirm yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfirmRefusal {
    #[error("{open} shares are not answered yet")]
    SharesOpen { open: usize },
    #[error("members accepted {accepted} of {ordered}; the buyer has to consent to less")]
    Short { accepted: Units, ordered: Units },
    /// Nothing was accepted: decline instead.
    #[error("no member accepted anything")]
    NothingAccepted,
    #[error("the freight is not entered yet")]
    FreightMissing,
    #[error("the buyer has not answered yet")]
    ConsentOpen,
}

/// One line as the confirming manager finds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConfirmLine {
    /// What the line asks for now: the order's first quantity, or the lower one the buyer consented to.
    pub ordered: Units,
    /// Σ of accepted and reduced shares.
    pub accepted: Units,
}

/// The guard of `confirm`: every share answered, accepted = ordered on each line (or the buyer's consent to exactly
/// the accepted quantity, which has made it the ordered one), freight known, no question to the buyer open.
///
/// # Errors
/// [`ConfirmRefusal`] with the first thing that is missing.
pub fn may_confirm(
    lines: &[ConfirmLine],
    shares: &[ShareState],
    freight_pending: bool,
    consent_open: bool,
) -> Result<(), ConfirmRefusal> {
    let open = shares
        .iter()
        .filter(|state| **state == ShareState::Proposed)
        .count();
    if open > 0 {
        return Err(ConfirmRefusal::SharesOpen { open });
    }
    if consent_open {
        return Err(ConfirmRefusal::ConsentOpen);
    }
    if lines.iter().all(|line| line.accepted.0 <= 0) {
        return Err(ConfirmRefusal::NothingAccepted);
    }
    if let Some(short) = lines.iter().find(|line| line.accepted != line.ordered) {
        return Err(ConfirmRefusal::Short {
            accepted: short.accepted,
            ordered: short.ordered,
        });
    }
    if freight_pending {
        return Err(ConfirmRefusal::FreightMissing);
    }
    Ok(())
}

/// When a sent order expires: the end of the `working_days`-th working day after the day it was sent, in the
/// cooperative's zone (DOMAIN §7 timeout, D-3).
#[must_use]
pub fn deadline_working_days(
    sent_at: Instant,
    working_days: i64,
    zone: Zone,
    holidays: &[Day],
) -> Instant {
    zone.end_of(
        zone.day_of(sent_at)
            .plus_working_days(working_days, holidays),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    /// The table of DOMAIN §7 written out once more, row by row: what is not here must be refused.
    const TABLE: &[(OrderState, OrderEvent, &[Actor], OrderState)] = {
        use Actor::{BuyerApprover as BA, BuyerStaff as BS, CoopManager as KM, System};
        use OrderEvent as E;
        use OrderState as S;
        &[
            (S::Draft, E::Submit, &[BS, BA], S::Sent),
            (S::Draft, E::AskApproval, &[BS, BA], S::PendingApproval),
            (S::Draft, E::Approve, &[BA], S::Sent),
            (S::Draft, E::Cancel, &[BS, BA], S::Cancelled),
            (S::PendingApproval, E::Approve, &[BA], S::Sent),
            (S::PendingApproval, E::Return, &[BA], S::Draft),
            (S::Sent, E::Confirm, &[KM], S::Confirmed),
            (S::Sent, E::Decline, &[KM], S::Declined),
            (S::Sent, E::Cancel, &[BS, BA], S::Cancelled),
            (S::Sent, E::TimeOut, &[System], S::Expired),
        ]
    };

    #[test]
    fn every_state_event_and_actor_answers_as_the_table_says() {
        for &state in OrderState::ALL {
            for &event in OrderEvent::ALL {
                let row = TABLE.iter().find(|row| row.0 == state && row.1 == event);
                for &actor in Actor::ALL {
                    let expected = match row {
                        None => Err(Refusal::WrongState { state, event }),
                        Some(row) if !row.2.contains(&actor) => {
                            Err(Refusal::WrongActor { event, actor })
                        }
                        Some(row) => Ok(row.3),
                    };
                    assert_eq!(transition(state, event, actor), expected);
                }
            }
        }
    }

    #[test]
    fn nothing_happens_to_an_order_that_has_ended() {
        for &state in OrderState::ALL {
            if state.is_terminal() {
                assert!(!state.holds_stock());
                for &actor in Actor::ALL {
                    assert_eq!(open_events(state, actor).count(), 0);
                }
            }
        }
    }

    #[test]
    fn the_buttons_are_the_events_that_would_succeed() {
        let events: Vec<_> = open_events(OrderState::Sent, Actor::CoopManager).collect();
        assert_eq!(events, [OrderEvent::Confirm, OrderEvent::Decline]);
    }

    #[test]
    fn an_order_at_the_limit_needs_no_approval_and_one_rupiah_more_does() {
        let limit = Some(Rupiah(10_000_000));
        assert!(!needs_approval(Rupiah(9_999_999), limit));
        assert!(!needs_approval(Rupiah(10_000_000), limit));
        assert!(needs_approval(Rupiah(10_000_001), limit));
        assert!(!needs_approval(Rupiah(i64::MAX), None));
    }

    #[test]
    fn an_approver_alone_can_send_a_large_order_only_without_four_eyes() {
        let (total, limit) = (Rupiah(11), Some(Rupiah(10)));
        let place = |actor, four_eyes| placing_event(total, limit, actor, four_eyes);
        assert_eq!(place(Actor::BuyerStaff, true), OrderEvent::AskApproval);
        assert_eq!(place(Actor::BuyerStaff, false), OrderEvent::AskApproval);
        assert_eq!(place(Actor::BuyerApprover, true), OrderEvent::AskApproval);
        assert_eq!(place(Actor::BuyerApprover, false), OrderEvent::Submit);
        assert_eq!(
            placing_event(Rupiah(10), limit, Actor::BuyerStaff, true),
            OrderEvent::Submit
        );
    }

    #[test]
    fn the_one_who_made_an_order_does_not_approve_it() {
        let (ani, budi) = (PersonId(Uuid::from_u128(1)), PersonId(Uuid::from_u128(2)));
        assert_eq!(four_eyes(true, ani, ani), Err(SamePerson { person: ani }));
        assert_eq!(four_eyes(true, ani, budi), Ok(()));
        assert_eq!(four_eyes(false, ani, ani), Ok(()));
    }

    fn line(ordered: i64, accepted: i64) -> ConfirmLine {
        ConfirmLine {
            ordered: Units(ordered),
            accepted: Units(accepted),
        }
    }

    #[test]
    fn an_order_is_confirmed_only_when_nothing_is_open_or_missing() {
        use ShareState::{Accepted, Declined, Proposed, Reduced};
        let full = [line(20, 20), line(5, 5)];
        assert_eq!(
            may_confirm(&full, &[Accepted, Reduced, Declined], false, false),
            Ok(())
        );
        assert_eq!(
            may_confirm(&full, &[Accepted, Proposed], false, false),
            Err(ConfirmRefusal::SharesOpen { open: 1 })
        );
        assert_eq!(
            may_confirm(&full, &[Accepted], true, false),
            Err(ConfirmRefusal::FreightMissing)
        );
        assert_eq!(
            may_confirm(&full, &[Accepted], false, true),
            Err(ConfirmRefusal::ConsentOpen)
        );
        assert_eq!(
            may_confirm(&[line(20, 19), line(5, 5)], &[Reduced], false, false),
            Err(ConfirmRefusal::Short {
                accepted: Units(19),
                ordered: Units(20)
            })
        );
        assert_eq!(
            may_confirm(&[line(20, 0)], &[Declined], false, false),
            Err(ConfirmRefusal::NothingAccepted)
        );
        assert_eq!(
            may_confirm(&[], &[], false, false),
            Err(ConfirmRefusal::NothingAccepted)
        );
    }

    #[test]
    fn three_working_days_from_a_friday_end_on_wednesday_night() {
        let friday = Day::from_ymd(2026, 9, 4).unwrap();
        let at = Zone::Wita.start_of(friday).plus_hours(23);
        let wednesday = Day::from_ymd(2026, 9, 9).unwrap();
        let thursday = wednesday.plus(1);
        assert_eq!(
            deadline_working_days(at, 3, Zone::Wita, &[]),
            Zone::Wita.end_of(wednesday)
        );
        assert_eq!(
            deadline_working_days(at, 3, Zone::Wita, &[Day::from_ymd(2026, 9, 7).unwrap()]),
            Zone::Wita.end_of(thursday)
        );
        // The same instant is already Saturday further east; the count still starts on Monday.
        assert_eq!(
            deadline_working_days(at, 3, Zone::Wit, &[]),
            Zone::Wit.end_of(wednesday)
        );
    }
}
