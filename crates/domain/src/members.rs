//! Membership of a supplier in a cooperative: who may take it from which state to which (DOMAIN §1, "Anggota").
//!
//! Savings, dues and votes are not here.

use crate::coded::coded;

coded! {
    /// Where a membership stands.
    pub enum MemberStatus {
        Applied = "applied",
        /// Not all of the principal share is paid; supplies like a member, does not vote.
        Candidate = "candidate",
        Active = "active",
        Associate = "associate",
        Declined = "declined",
        Left = "left",
    }
}

coded! {
    /// What can happen to a membership.
    pub enum MemberEvent {
        Apply = "apply",
        /// As an active member.
        Admit = "admit",
        AdmitAsCandidate = "admit_as_candidate",
        /// As an associate member ("anggota luar biasa"): supplies, does not vote.
        AdmitAsAssociate = "admit_as_associate",
        Decline = "decline",
        Leave = "leave",
    }
}

/// The membership is in a state that does not know the event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a membership that is {status} can't take `{event}`")]
pub struct MemberRefusal {
    pub status: MemberStatus,
    pub event: MemberEvent,
}

/// The membership table; every pair that is not here is an error. Who was declined or has left may apply again.
///
/// # Errors
/// [`MemberRefusal`].
pub fn transition(status: MemberStatus, event: MemberEvent) -> Result<MemberStatus, MemberRefusal> {
    use MemberEvent as E;
    use MemberStatus as S;
    Ok(match (status, event) {
        (S::Declined | S::Left, E::Apply) => S::Applied,
        (S::Applied | S::Candidate | S::Associate, E::Admit) => S::Active,
        (S::Applied, E::AdmitAsCandidate) => S::Candidate,
        (S::Applied | S::Candidate, E::AdmitAsAssociate) => S::Associate,
        (S::Applied, E::Decline) => S::Declined,
        (S::Active | S::Candidate | S::Associate, E::Leave) => S::Left,
        _ => return Err(MemberRefusal { status, event }),
    })
}

impl MemberStatus {
    /// Whether its products may be pooled.
    #[must_use]
    pub fn may_supply(self) -> bool {
        matches!(self, Self::Active | Self::Candidate | Self::Associate)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_and_event_answers_as_the_table_says() {
        use MemberEvent as E;
        use MemberStatus as S;
        let table = [
            (S::Declined, E::Apply, S::Applied),
            (S::Left, E::Apply, S::Applied),
            (S::Applied, E::Admit, S::Active),
            (S::Candidate, E::Admit, S::Active),
            (S::Associate, E::Admit, S::Active),
            (S::Applied, E::AdmitAsCandidate, S::Candidate),
            (S::Applied, E::AdmitAsAssociate, S::Associate),
            (S::Candidate, E::AdmitAsAssociate, S::Associate),
            (S::Applied, E::Decline, S::Declined),
            (S::Active, E::Leave, S::Left),
            (S::Candidate, E::Leave, S::Left),
            (S::Associate, E::Leave, S::Left),
        ];
        for &status in S::ALL {
            for &event in E::ALL {
                let expected = table
                    .iter()
                    .find(|row| row.0 == status && row.1 == event)
                    .map_or(Err(MemberRefusal { status, event }), |row| Ok(row.2));
                assert_eq!(transition(status, event), expected);
            }
        }
    }

    #[test]
    fn only_who_belongs_to_the_cooperative_supplies() {
        let supplying: Vec<_> = MemberStatus::ALL
            .iter()
            .filter(|status| status.may_supply())
            .collect();
        assert_eq!(
            supplying,
            [
                &MemberStatus::Candidate,
                &MemberStatus::Active,
                &MemberStatus::Associate
            ]
        );
    }
}
