//! Applying, admitting, declining, leaving. A member that leaves keeps its own data; what it supplied is withdrawn
//! at once and the history stays (CHECKLIST B10).

use domain::ids::{EventId, MemberId, OfferId, OrganisationId};
use domain::members::{MemberEvent, MemberRefusal, MemberStatus, transition};
use domain::time::Zone;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::act::Act;
use crate::entities::members;
use crate::error::Error;
use crate::events::Event;
use crate::letters::About;
use crate::sql::Sql;
use crate::write::{Store, Tx, rerun_by_store};

/// The manager's answer to an application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MembershipDecision {
    Admit,
    /// Not all of the principal share is paid yet.
    AdmitAsCandidate,
    /// Supplies like a member, does not vote.
    AdmitAsAssociate,
    Decline {
        reason: String,
    },
}

/// Why a membership stays as it is.
#[derive(Debug, thiserror::Error)]
pub enum MembershipError {
    /// No such cooperative to join, or no such membership of this organisation.
    #[error("not found")]
    NotFound,
    /// There is an application or membership already.
    #[error("a membership exists already: {0}")]
    Exists(MemberStatus),
    #[error(transparent)]
    Refused(#[from] MemberRefusal),
    #[error(transparent)]
    Store(#[from] Error),
}
rerun_by_store!(MembershipError);

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    cooperative_id: Uuid,
    supplier_id: Uuid,
    number: Option<i32>,
    status: String,
    region_code: String,
}

impl Row {
    fn status(&self) -> Result<MemberStatus, Error> {
        self.status
            .parse()
            .map_err(|_| Error::Corrupt(self.status.clone()))
    }
}

impl Store {
    /// A supplier asks to become a member; the cooperative's managers get a letter.
    ///
    /// # Errors
    /// [`MembershipError`]: `NotFound` when the cooperative is not there or not verified, `Exists` when it asked before.
    pub async fn apply_membership(
        &self,
        act: &Act,
        supplier: OrganisationId,
        cooperative: OrganisationId,
    ) -> Result<MemberId, MembershipError> {
        let outcome = self
            .write(act, async |tx| {
                tx.apply_membership(supplier, cooperative).await
            })
            .await;
        match outcome {
            // Two windows asked at the same moment: the other one is the application.
            Err(MembershipError::Store(error)) if error.is_unique_violation() => {
                Err(MembershipError::Exists(MemberStatus::Applied))
            }
            outcome => outcome,
        }
    }

    /// The manager admits or declines; the applicant gets a letter.
    ///
    /// # Errors
    /// [`MembershipError`].
    pub async fn decide_membership(
        &self,
        act: &Act,
        cooperative: OrganisationId,
        member: MemberId,
        decision: &MembershipDecision,
    ) -> Result<(), MembershipError> {
        self.write(act, async |tx| {
            tx.decide_membership(cooperative, member, decision).await
        })
        .await
    }

    /// A membership ends, by either side (`party` is the cooperative or the supplier). Supplies are withdrawn at once,
    /// and no manager acts on the supplier's behalf any more. Shares of orders that are under way stay: they are promises
    /// to a buyer, answered by their owner (or its silence) as before.
    ///
    /// # Errors
    /// [`MembershipError`].
    pub async fn end_membership(
        &self,
        act: &Act,
        party: OrganisationId,
        member: MemberId,
        reason: Option<&str>,
    ) -> Result<(), MembershipError> {
        self.write(act, async |tx| {
            tx.end_membership(party, member, reason).await
        })
        .await
    }
}

impl Tx {
    pub(crate) async fn apply_membership(
        &self,
        supplier: OrganisationId,
        cooperative: OrganisationId,
    ) -> Result<MemberId, MembershipError> {
        let (member, event) = self.note_application(supplier, cooperative).await?;
        let about = About {
            organisation: Some(supplier),
            cooperative: Some(cooperative),
            ..About::default()
        };
        self.letter_to_roles(
            "membership_applied",
            event,
            cooperative,
            &["coop_manager"],
            about,
        )
        .await?;
        Ok(member)
    }

    /// A supplier that the cooperative invited becomes a member at once: the invitation was the manager's yes.
    pub(crate) async fn join_invited(
        &self,
        supplier: OrganisationId,
        cooperative: OrganisationId,
    ) -> Result<(), MembershipError> {
        let member = match self.note_application(supplier, cooperative).await {
            Ok((member, _)) => member,
            Err(MembershipError::Exists(MemberStatus::Applied)) => {
                let row: Option<Row> = self
                    .row(
                        "SELECT id, cooperative_id, supplier_id, number, status, '' AS region_code FROM members \
                         WHERE cooperative_id = $1 AND supplier_id = $2",
                        [cooperative.0.into(), supplier.0.into()],
                    )
                    .await?;
                MemberId(row.ok_or(MembershipError::NotFound)?.id)
            }
            // In already: nothing to do.
            Err(MembershipError::Exists(_)) => return Ok(()),
            Err(error) => return Err(error),
        };
        self.decide_membership(cooperative, member, &MembershipDecision::Admit)
            .await
    }

    async fn note_application(
        &self,
        supplier: OrganisationId,
        cooperative: OrganisationId,
    ) -> Result<(MemberId, EventId), MembershipError> {
        let joinable = self
            .number(
                "SELECT COUNT(*) FROM organisations c JOIN organisations s ON s.id = $2 WHERE c.id = $1 \
                 AND c.id <> s.id AND c.kind = 'cooperative' AND c.verification = 'verified' \
                 AND s.kind IN ('umkm', 'cooperative')",
                [cooperative.0.into(), supplier.0.into()],
            )
            .await?;
        if joinable == 0 {
            return Err(MembershipError::NotFound);
        }
        let before: Option<Row> = self
            .row(
                format!(
                    "SELECT m.id, m.cooperative_id, m.supplier_id, m.number, m.status, '' AS region_code FROM members m \
                     WHERE m.cooperative_id = $1 AND m.supplier_id = $2{}",
                    self.for_update()
                ),
                [cooperative.0.into(), supplier.0.into()],
            )
            .await?;
        let (id, from) = match before {
            None => {
                let id = self.new_id();
                self.insert(members::Model {
                    id,
                    cooperative_id: cooperative.0,
                    supplier_id: supplier.0,
                    number: None,
                    status: MemberStatus::Applied.as_str().to_owned(),
                    applied_at: self.now().0,
                    decided_at: None,
                    joined_on: None,
                    left_on: None,
                    note: None,
                })
                .await?;
                (id, None)
            }
            Some(row) => {
                let status = row.status()?;
                let to = transition(status, MemberEvent::Apply)
                    .map_err(|_| MembershipError::Exists(status))?;
                self.exec(
                    "UPDATE members SET status = $2, applied_at = $3, decided_at = NULL, note = NULL WHERE id = $1",
                    [row.id.into(), to.as_str().into(), self.now().0.into()],
                )
                .await?;
                (row.id, Some(status))
            }
        };
        let event = self
            .event(Event {
                subject_kind: "member",
                subject_id: id,
                kind: "membership_applied",
                from_state: from.map(MemberStatus::as_str),
                to_state: Some(MemberStatus::Applied.as_str()),
                ..Event::default()
            })
            .await?;
        Ok((MemberId(id), event))
    }

    /// A membership of which `party` is one side, locked. The cooperative's row is locked first, so that two
    /// decisions in one cooperative can't draw one number.
    async fn membership(
        &self,
        party: OrganisationId,
        member: MemberId,
    ) -> Result<Row, MembershipError> {
        self.row::<Row>(
            format!(
                "SELECT m.id, m.cooperative_id, m.supplier_id, m.number, m.status, c.region_code FROM members m \
                 JOIN organisations c ON c.id = m.cooperative_id \
                 WHERE m.id = $1 AND (m.cooperative_id = $2 OR m.supplier_id = $2){}",
                self.for_update()
            ),
            [member.0.into(), party.0.into()],
        )
        .await?
        .ok_or(MembershipError::NotFound)
    }

    pub(crate) async fn decide_membership(
        &self,
        cooperative: OrganisationId,
        member: MemberId,
        decision: &MembershipDecision,
    ) -> Result<(), MembershipError> {
        let row = self.membership(cooperative, member).await?;
        if row.cooperative_id != cooperative.0 {
            return Err(MembershipError::NotFound);
        }
        let from = row.status()?;
        let (event, kind, letter, reason) = match decision {
            MembershipDecision::Admit => (
                MemberEvent::Admit,
                "membership_approved",
                "membership_approved",
                None,
            ),
            MembershipDecision::AdmitAsCandidate => (
                MemberEvent::AdmitAsCandidate,
                "membership_approved",
                "membership_approved",
                None,
            ),
            MembershipDecision::AdmitAsAssociate => (
                MemberEvent::AdmitAsAssociate,
                "membership_approved",
                "membership_approved",
                None,
            ),
            MembershipDecision::Decline { reason } => (
                MemberEvent::Decline,
                "membership_declined",
                "membership_declined",
                Some(reason.as_str()),
            ),
        };
        let to = transition(from, event)?;
        let today = Zone::of_region(&row.region_code).day_of(self.now());
        let joined = (from == MemberStatus::Applied && to.may_supply()).then_some(today.0);
        let number = match row.number {
            // Who comes back keeps the old number; who is declined gets none.
            None if to.may_supply() => Some(self.next_member_number(cooperative).await?),
            number => number,
        };
        self.exec(
            "UPDATE members SET status = $2, number = $3, decided_at = $4, joined_on = COALESCE($5, joined_on), \
             left_on = CASE WHEN $5 IS NULL THEN left_on ELSE NULL END, note = $6 WHERE id = $1",
            [
                row.id.into(),
                to.as_str().into(),
                number.into(),
                self.now().0.into(),
                joined.into(),
                reason.into(),
            ],
        )
        .await?;
        let event = self
            .event(Event {
                subject_kind: "member",
                subject_id: row.id,
                kind,
                from_state: Some(from.as_str()),
                to_state: Some(to.as_str()),
                reason,
                data: None,
            })
            .await?;
        let about = About {
            organisation: Some(OrganisationId(row.supplier_id)),
            cooperative: Some(cooperative),
            ..About::default()
        };
        self.letter_to_roles(
            letter,
            event,
            OrganisationId(row.supplier_id),
            &["umkm_owner", "coop_manager"],
            about,
        )
        .await?;
        Ok(())
    }

    async fn next_member_number(&self, cooperative: OrganisationId) -> Result<i32, Error> {
        let next = self
            .number(
                "SELECT CAST(COALESCE(MAX(number), 0) + 1 AS BIGINT) FROM members WHERE cooperative_id = $1",
                [cooperative.0.into()],
            )
            .await?;
        i32::try_from(next).map_err(|_| Error::Corrupt("member numbers are used up".to_owned()))
    }

    pub(crate) async fn end_membership(
        &self,
        party: OrganisationId,
        member: MemberId,
        reason: Option<&str>,
    ) -> Result<(), MembershipError> {
        let row = self.membership(party, member).await?;
        let from = row.status()?;
        let to = transition(from, MemberEvent::Leave)?;
        let today = Zone::of_region(&row.region_code).day_of(self.now());
        self.exec(
            "UPDATE members SET status = $2, left_on = $3, note = $4 WHERE id = $1",
            [
                row.id.into(),
                to.as_str().into(),
                today.0.into(),
                reason.into(),
            ],
        )
        .await?;
        let event = self
            .event(Event {
                subject_kind: "member",
                subject_id: row.id,
                kind: "membership_ended",
                from_state: Some(from.as_str()),
                to_state: Some(to.as_str()),
                reason,
                data: None,
            })
            .await?;
        let (cooperative, supplier) = (
            OrganisationId(row.cooperative_id),
            OrganisationId(row.supplier_id),
        );
        let about = About {
            organisation: Some(supplier),
            cooperative: Some(cooperative),
            ..About::default()
        };
        // The other side is told.
        let other = if party == cooperative {
            supplier
        } else {
            cooperative
        };
        self.letter_to_roles(
            "membership_ended",
            event,
            other,
            &["umkm_owner", "coop_manager"],
            about,
        )
        .await?;
        #[derive(FromQueryResult)]
        struct Supply {
            offer_id: Uuid,
        }
        let mut offers: Vec<Uuid> = self
            .rows::<Supply>(
                "UPDATE supplies SET withdrawn_at = $3 WHERE cooperative_id = $1 AND supplier_id = $2 \
                 AND withdrawn_at IS NULL RETURNING offer_id",
                [
                    row.cooperative_id.into(),
                    row.supplier_id.into(),
                    self.now().0.into(),
                ],
            )
            .await?
            .into_iter()
            .map(|supply| supply.offer_id)
            .collect();
        offers.sort_unstable();
        offers.dedup();
        for offer in &offers {
            self.event(Event {
                subject_kind: "offer",
                subject_id: *offer,
                kind: "supply_withdrawn",
                reason,
                data: Some(serde_json::json!({ "supplier": row.supplier_id }).to_string()),
                ..Event::default()
            })
            .await?;
            self.pause_without_supply(OfferId(*offer)).await?;
        }
        self.offers_look_changed(&offers).await?;
        Ok(())
    }
}
