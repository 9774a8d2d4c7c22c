//! A member's share of an order line (DOMAIN §7 "Share", DESIGN "Order and shares"): its states, the member's answer,
//! what is still missing and when the sharing rule runs once more.
//!
//! Shares count sale units ([`Packs`]). How the packs are split is [`crate::allocation`].

use crate::{coded::coded, quantity::Packs, time::Instant};

coded! {
    pub enum ShareState {
        /// Held on the member's lots, waiting for the answer.
        Proposed = "proposed",
        Accepted = "accepted",
        /// The member gives less than proposed, and that much for sure.
        Reduced = "reduced",
        Declined = "declined",
        /// The order ended before delivery; nothing is held any more.
        Released = "released",
    }
}

coded! {
    /// What can happen to a share. Its name is also the kind of the event row.
    pub enum ShareEvent {
        Accept = "accept",
        Reduce = "reduce",
        Decline = "decline",
        /// The order was returned, declined, cancelled or expired.
        Release = "release",
    }
}

coded! {
    /// In which capacity somebody acts on a share.
    pub enum ShareActor {
        Owner = "owner",
        /// The cooperative's manager on the owner's behalf; the row and the event are marked.
        ManagerOnBehalf = "manager_on_behalf",
        /// The deadline (silence accepts) or the end of the order.
        System = "system",
    }
}

/// Why a share stays as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ShareRefusal {
    #[error("a share that is {state} can't take `{event}`")]
    WrongState {
        state: ShareState,
        event: ShareEvent,
    },
    #[error("`{event}` is not for {actor}")]
    WrongActor {
        event: ShareEvent,
        actor: ShareActor,
    },
}

impl ShareState {
    /// Whether the member (or the deadline) has spoken.
    #[must_use]
    pub fn is_answered(self) -> bool {
        self != Self::Proposed
    }

    /// Whether its packs count as accepted for the order.
    #[must_use]
    pub fn is_given(self) -> bool {
        matches!(self, Self::Accepted | Self::Reduced)
    }

    /// Whether its packs are held on the member's lots.
    #[must_use]
    pub fn holds_stock(self) -> bool {
        matches!(self, Self::Proposed | Self::Accepted | Self::Reduced)
    }
}

/// The share table of DOMAIN §7. Every pair that is not here is an error.
///
/// # Errors
/// [`ShareRefusal`] when the state does not know the event or the event is not this actor's.
pub fn transition(
    state: ShareState,
    event: ShareEvent,
    actor: ShareActor,
) -> Result<ShareState, ShareRefusal> {
    use ShareActor::{ManagerOnBehalf, Owner, System};
    use ShareEvent as E;
    use ShareState as S;
    let (to, actors): (S, &[ShareActor]) = match (state, event) {
        (S::Proposed, E::Accept) => (S::Accepted, &[Owner, ManagerOnBehalf, System]),
        (S::Proposed, E::Reduce) => (S::Reduced, &[Owner, ManagerOnBehalf]),
        (S::Proposed, E::Decline) => (S::Declined, &[Owner, ManagerOnBehalf]),
        (S::Proposed | S::Accepted | S::Reduced, E::Release) => (S::Released, &[System]),
        _ => return Err(ShareRefusal::WrongState { state, event }),
    };
    if actors.contains(&actor) {
        Ok(to)
    } else {
        Err(ShareRefusal::WrongActor { event, actor })
    }
}

/// What a member says to a proposed share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    Accept,
    /// The packs the member can give.
    Reduce(Packs),
    Decline,
}

/// A share as its answer leaves it. `freed` packs go back to the member's lots, earliest expiry last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answered {
    pub state: ShareState,
    pub packs: Packs,
    pub freed: Packs,
}

/// Why an answer can't be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AnswerProblem {
    #[error(transparent)]
    Refused(#[from] ShareRefusal),
    /// Silence accepted the share at `deadline`.
    #[error("the deadline has passed")]
    TooLate { deadline: Instant },
    /// The system speaks only after the deadline.
    #[error("the deadline has not passed")]
    TooEarly { deadline: Instant },
    /// Less than one pack: decline instead.
    #[error("{packs} packs is no share")]
    NotPositive { packs: Packs },
    /// As much as proposed, or more: accept instead.
    #[error("{packs} is not less than the proposed {proposed}")]
    NotLess { packs: Packs, proposed: Packs },
    /// Where a carton is not mixed, a share is whole cartons; `below` is the next lower whole one (may be 0).
    #[error("{packs} packs are no whole units of {step}")]
    NotWhole {
        packs: Packs,
        step: i64,
        below: Packs,
    },
}

/// A proposed share and the facts its answer is measured by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proposal {
    pub state: ShareState,
    pub proposed: Packs,
    /// Packs that can't be split between members: the carton where cartons are not mixed, otherwise 1.
    pub step_packs: i64,
    /// The first instant at which silence has accepted; `None` without a deadline.
    pub answer_by: Option<Instant>,
}

impl Proposal {
    /// # Errors
    /// [`AnswerProblem`] with the facts the page needs.
    pub fn answer(
        &self,
        answer: Answer,
        actor: ShareActor,
        now: Instant,
    ) -> Result<Answered, AnswerProblem> {
        let event = match answer {
            Answer::Accept => ShareEvent::Accept,
            Answer::Reduce(_) => ShareEvent::Reduce,
            Answer::Decline => ShareEvent::Decline,
        };
        let state = transition(self.state, event, actor)?;
        if let Some(deadline) = self.answer_by {
            match actor {
                ShareActor::System if now < deadline => {
                    return Err(AnswerProblem::TooEarly { deadline });
                }
                ShareActor::Owner | ShareActor::ManagerOnBehalf if now >= deadline => {
                    return Err(AnswerProblem::TooLate { deadline });
                }
                _ => {}
            }
        }
        let packs = match answer {
            Answer::Accept => self.proposed,
            Answer::Decline => Packs(0),
            Answer::Reduce(packs) => self.reduced(packs)?,
        };
        Ok(Answered {
            state,
            packs,
            freed: Packs(self.proposed.0.saturating_sub(packs.0)),
        })
    }

    fn reduced(&self, packs: Packs) -> Result<Packs, AnswerProblem> {
        if packs.0 <= 0 {
            return Err(AnswerProblem::NotPositive { packs });
        }
        if packs >= self.proposed {
            return Err(AnswerProblem::NotLess {
                packs,
                proposed: self.proposed,
            });
        }
        let over = packs.0.checked_rem(self.step_packs).unwrap_or(0);
        if over != 0 {
            return Err(AnswerProblem::NotWhole {
                packs,
                step: self.step_packs,
                below: Packs(packs.0 - over),
            });
        }
        Ok(packs)
    }
}

/// A share of one line, for sums.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineShare {
    pub state: ShareState,
    /// Proposed packs while proposed, accepted packs afterwards.
    pub packs: Packs,
}

#[must_use]
pub fn all_answered(shares: &[LineShare]) -> bool {
    shares.iter().all(|share| share.state.is_answered())
}

/// Packs that members have given for sure: accepted and reduced shares.
#[must_use]
pub fn given(shares: &[LineShare]) -> Packs {
    sum(shares, ShareState::is_given)
}

/// Packs of a line that no share covers, counting the proposed ones as covered; never negative.
#[must_use]
pub fn shortfall(ordered: Packs, shares: &[LineShare]) -> Packs {
    let covered = sum(shares, ShareState::holds_stock);
    Packs(ordered.0.saturating_sub(covered.0).max(0))
}

/// Whether the sharing rule runs once more on the shortfall: only after the first run, when everybody has answered
/// and something is missing. What it gives comes on top; packs already accepted never shrink (DESIGN).
#[must_use]
pub fn needs_second_run(runs_so_far: i32, ordered: Packs, shares: &[LineShare]) -> bool {
    runs_so_far == 1 && all_answered(shares) && shortfall(ordered, shares) > Packs(0)
}

fn sum(shares: &[LineShare], counts: impl Fn(ShareState) -> bool) -> Packs {
    Packs(
        shares
            .iter()
            .filter(|share| counts(share.state))
            .fold(0, |total: i64, share| total.saturating_add(share.packs.0)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_state_event_and_actor_answers_as_the_table_says() {
        use ShareActor::{ManagerOnBehalf as KM, Owner as UO, System as Sys};
        use ShareEvent as E;
        use ShareState as S;
        let table: &[(S, E, &[ShareActor], S)] = &[
            (S::Proposed, E::Accept, &[UO, KM, Sys], S::Accepted),
            (S::Proposed, E::Reduce, &[UO, KM], S::Reduced),
            (S::Proposed, E::Decline, &[UO, KM], S::Declined),
            (S::Proposed, E::Release, &[Sys], S::Released),
            (S::Accepted, E::Release, &[Sys], S::Released),
            (S::Reduced, E::Release, &[Sys], S::Released),
        ];
        for &state in S::ALL {
            for &event in E::ALL {
                let row = table.iter().find(|row| row.0 == state && row.1 == event);
                for &actor in ShareActor::ALL {
                    let expected = match row {
                        None => Err(ShareRefusal::WrongState { state, event }),
                        Some(row) if !row.2.contains(&actor) => {
                            Err(ShareRefusal::WrongActor { event, actor })
                        }
                        Some(row) => Ok(row.3),
                    };
                    assert_eq!(transition(state, event, actor), expected);
                }
            }
        }
    }

    const DEADLINE: Instant = Instant(1_000);

    fn proposal(proposed: i64, step_packs: i64) -> Proposal {
        Proposal {
            state: ShareState::Proposed,
            proposed: Packs(proposed),
            step_packs,
            answer_by: Some(DEADLINE),
        }
    }

    fn owner(proposal: &Proposal, answer: Answer) -> Result<Answered, AnswerProblem> {
        proposal.answer(answer, ShareActor::Owner, Instant(0))
    }

    #[test]
    fn an_answer_gives_packs_and_frees_the_rest() {
        let proposal = proposal(120, 40);
        let answered = |state, packs, freed| {
            Ok(Answered {
                state,
                packs: Packs(packs),
                freed: Packs(freed),
            })
        };
        assert_eq!(
            owner(&proposal, Answer::Accept),
            answered(ShareState::Accepted, 120, 0)
        );
        assert_eq!(
            owner(&proposal, Answer::Reduce(Packs(80))),
            answered(ShareState::Reduced, 80, 40)
        );
        assert_eq!(
            owner(&proposal, Answer::Decline),
            answered(ShareState::Declined, 0, 120)
        );
    }

    #[test]
    fn a_reduction_is_whole_units_between_nothing_and_the_proposal() {
        let proposal = proposal(120, 40);
        for packs in [0, -1, i64::MIN] {
            let packs = Packs(packs);
            assert_eq!(
                owner(&proposal, Answer::Reduce(packs)),
                Err(AnswerProblem::NotPositive { packs })
            );
        }
        for packs in [120, 121, i64::MAX] {
            let packs = Packs(packs);
            assert_eq!(
                owner(&proposal, Answer::Reduce(packs)),
                Err(AnswerProblem::NotLess {
                    packs,
                    proposed: Packs(120)
                })
            );
        }
        assert_eq!(
            owner(&proposal, Answer::Reduce(Packs(79))),
            Err(AnswerProblem::NotWhole {
                packs: Packs(79),
                step: 40,
                below: Packs(40)
            })
        );
        let mixed = super::tests::proposal(120, 1);
        assert!(owner(&mixed, Answer::Reduce(Packs(79))).is_ok());
    }

    #[test]
    fn silence_accepts_at_the_deadline_and_not_before() {
        let proposal = proposal(10, 1);
        let before = Instant(DEADLINE.0 - 1);
        let answer = |actor, now| proposal.answer(Answer::Accept, actor, now);
        assert_eq!(
            answer(ShareActor::System, before),
            Err(AnswerProblem::TooEarly { deadline: DEADLINE })
        );
        assert!(answer(ShareActor::System, DEADLINE).is_ok());
        assert!(answer(ShareActor::Owner, before).is_ok());
        assert_eq!(
            answer(ShareActor::ManagerOnBehalf, DEADLINE),
            Err(AnswerProblem::TooLate { deadline: DEADLINE })
        );
    }

    #[test]
    fn a_share_is_answered_once() {
        let accepted = Proposal {
            state: ShareState::Accepted,
            ..proposal(10, 1)
        };
        assert!(matches!(
            owner(&accepted, Answer::Decline),
            Err(AnswerProblem::Refused(ShareRefusal::WrongState { .. }))
        ));
    }

    fn share(state: ShareState, packs: i64) -> LineShare {
        LineShare {
            state,
            packs: Packs(packs),
        }
    }

    #[test]
    fn a_second_run_waits_for_the_last_answer_and_never_becomes_a_third() {
        use ShareState::{Accepted, Declined, Proposed, Reduced};
        let open = [share(Accepted, 40), share(Proposed, 30), share(Declined, 0)];
        assert_eq!(shortfall(Packs(100), &open), Packs(30));
        assert!(!needs_second_run(1, Packs(100), &open));
        let closed = [share(Accepted, 40), share(Reduced, 20), share(Declined, 0)];
        assert_eq!(given(&closed), Packs(60));
        assert_eq!(shortfall(Packs(100), &closed), Packs(40));
        assert!(needs_second_run(1, Packs(100), &closed));
        assert!(!needs_second_run(2, Packs(100), &closed));
        assert!(!needs_second_run(1, Packs(60), &closed));
    }

    proptest! {
        #[test]
        fn given_packs_and_freed_packs_are_the_proposed_ones(
            units in 1_i64..1_000, step in 1_i64..60, wanted in -5_i64..70_000
        ) {
            let proposal = proposal(units * step, step);
            for answer in [Answer::Accept, Answer::Reduce(Packs(wanted)), Answer::Decline] {
                if let Ok(answered) = owner(&proposal, answer) {
                    prop_assert_eq!(answered.packs.0 + answered.freed.0, proposal.proposed.0);
                    prop_assert_eq!(answered.packs.0 % step, 0);
                    prop_assert_eq!(answered.packs.0 > 0, answered.state.is_given());
                }
            }
        }
    }
}
