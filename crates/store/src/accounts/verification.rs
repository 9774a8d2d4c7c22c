//! The platform's look at cooperatives and buyers: who waits, and the administrator's answer.

use domain::{
    accounts::{OrganisationKind, Verification},
    ids::OrganisationId,
    time::Instant,
};
use sea_orm::FromQueryResult;
use serde_json::json;
use uuid::Uuid;

use crate::{
    Act, Error, Store,
    events::Event,
    letters::About,
    sql::Sql,
    write::{Tx, rerun_by_store},
};

/// An organisation that asked to be looked at, with the person behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applicant {
    pub organisation: OrganisationId,
    pub kind: OrganisationKind,
    pub name: String,
    pub region_code: String,
    pub buyer_kind: Option<String>,
    pub verification: Verification,
    pub note: Option<String>,
    pub since: Instant,
    pub person_name: String,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub nib: Option<String>,
    pub npwp: Option<String>,
    /// As it was typed.
    pub nib_typed: Option<String>,
    /// As it was typed.
    pub npwp_typed: Option<String>,
    pub address: Option<String>,
    pub postal_code: Option<String>,
}

/// The administrator's answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// A cooperative gets the code that its document numbers carry; a buyer none.
    Verify {
        code: Option<String>,
    },
    Reject {
        reason: String,
    },
}

/// Why the answer was not taken.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    #[error("no such applicant")]
    NotFound,
    /// Somebody has answered already.
    #[error("already answered")]
    AlreadyAnswered,
    #[error("a cooperative needs a code")]
    CodeMissing,
    #[error("the code `{0}` is another cooperative's")]
    CodeTaken(String),
    #[error(transparent)]
    Store(#[from] Error),
}

rerun_by_store!(VerifyError);

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    kind: String,
    name: String,
    region_code: String,
    buyer_kind: Option<String>,
    verification: String,
    verification_note: Option<String>,
    created_at: i64,
    person_name: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    nib: Option<String>,
    npwp: Option<String>,
    nib_typed: Option<String>,
    npwp_typed: Option<String>,
    address: Option<String>,
    postal_code: Option<String>,
}

impl Row {
    fn read(self) -> Result<Applicant, Error> {
        Ok(Applicant {
            organisation: OrganisationId(self.id),
            kind: self.kind.parse().map_err(|_| Error::Corrupt(self.kind))?,
            name: self.name,
            region_code: self.region_code,
            buyer_kind: self.buyer_kind,
            verification: self
                .verification
                .parse()
                .map_err(|_| Error::Corrupt(self.verification))?,
            note: self.verification_note,
            since: Instant(self.created_at),
            person_name: self.person_name.unwrap_or_default(),
            email: self.email,
            phone: self.phone,
            nib: self.nib,
            npwp: self.npwp,
            nib_typed: self.nib_typed,
            npwp_typed: self.npwp_typed,
            address: self.address,
            postal_code: self.postal_code,
        })
    }
}

const APPLICANTS: &str = "SELECT o.id, o.kind, o.name, o.region_code, o.buyer_kind, o.verification, \
     o.verification_note, o.created_at, o.email, o.phone, o.nib, o.npwp, o.nib_typed, o.npwp_typed, \
     o.address, o.postal_code, \
     (SELECT p.name FROM roles r JOIN people p ON p.id = r.person_id WHERE r.organisation_id = o.id \
      ORDER BY r.since, p.id LIMIT 1) AS person_name \
     FROM organisations o WHERE o.kind IN ('cooperative', 'buyer')";

/// Whose business the answer is.
const READERS: &[&str] = &[
    "coop_manager",
    "coop_board",
    "buyer_staff",
    "buyer_approver",
];

/// Applicants on one page.
pub const APPLICANT_ROWS: i64 = 50;

/// Which applicants to list.
#[derive(Clone, Debug, Default)]
pub struct ApplicantFilter {
    /// `None` for all.
    pub state: Option<Verification>,
    pub kind: Option<OrganisationKind>,
    /// Part of the name or code.
    pub search: String,
    /// From 1.
    pub page: i64,
}

impl Store {
    /// A page of cooperatives and buyers: who waits comes first, the longest first, the others by name; and how many
    /// the filter finds.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn applicants(
        &self,
        filter: &ApplicantFilter,
    ) -> Result<(Vec<Applicant>, i64), Error> {
        let condition = "($1 = '' OR o.verification = $1) AND ($2 = '' OR o.kind = $2) AND ($3 = '%%' \
                         OR LOWER(o.name) LIKE $3 ESCAPE '\\' OR LOWER(COALESCE(o.code, '')) LIKE $3 ESCAPE '\\')";
        let values = || -> Vec<sea_orm::Value> {
            vec![
                filter.state.map_or("", Verification::as_str).into(),
                filter.kind.map_or("", OrganisationKind::as_str).into(),
                crate::members::like(&filter.search).into(),
            ]
        };
        let found = self
            .number(
                format!(
                    "SELECT COUNT(*) FROM organisations o WHERE o.kind IN ('cooperative', 'buyer') AND {condition}"
                ),
                values(),
            )
            .await?;
        let mut of_page = values();
        of_page.push(APPLICANT_ROWS.into());
        of_page.push(((filter.page.max(1) - 1).saturating_mul(APPLICANT_ROWS)).into());
        let rows = self
            .rows::<Row>(
                format!(
                    "{APPLICANTS} AND {condition} ORDER BY CASE WHEN o.verification = 'submitted' THEN o.created_at \
                     ELSE 9223372036854775807 END, LOWER(o.name), o.id LIMIT $4 OFFSET $5"
                ),
                of_page,
            )
            .await?
            .into_iter()
            .map(Row::read)
            .collect::<Result<_, _>>()?;
        Ok((rows, found))
    }

    /// A cooperative or buyer asks to be looked at, for the first time or again after it was refused. `false` when it
    /// waits already or was let in.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn submit_for_verification(
        &self,
        act: &Act,
        id: OrganisationId,
    ) -> Result<bool, Error> {
        self.write(act, async |tx| -> Result<bool, Error> {
            let changed = tx
                .exec(
                    "UPDATE organisations SET verification = 'submitted', verification_note = NULL, \
                     version = version + 1 WHERE id = $1 AND kind IN ('cooperative', 'buyer') \
                     AND verification IN ('unverified', 'rejected')",
                    [id.0.into()],
                )
                .await?;
            if changed == 1 {
                tx.event(Event {
                    subject_kind: "organisation",
                    subject_id: id.0,
                    kind: "verification_asked",
                    to_state: Some(Verification::Submitted.as_str()),
                    ..Event::default()
                })
                .await?;
            }
            Ok(changed == 1)
        })
        .await
    }

    /// How many wait.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn applicants_waiting(&self) -> Result<i64, Error> {
        self.number(
            "SELECT COUNT(*) FROM organisations WHERE kind IN ('cooperative', 'buyer') AND verification = 'submitted'",
            [],
        )
        .await
    }

    /// One cooperative or buyer, whatever its state.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn applicant(&self, id: OrganisationId) -> Result<Option<Applicant>, Error> {
        self.row::<Row>(format!("{APPLICANTS} AND o.id = $1"), [id.0.into()])
            .await?
            .map(Row::read)
            .transpose()
    }

    /// Writes the administrator's answer, its event and the letter about it.
    ///
    /// # Errors
    /// See [`VerifyError`]; nothing is changed then.
    pub async fn answer_applicant(
        &self,
        act: &Act,
        id: OrganisationId,
        decision: &Decision,
    ) -> Result<(), VerifyError> {
        let outcome = self
            .write(act, async |tx| -> Result<(), VerifyError> {
                tx.answer_applicant(id, decision).await
            })
            .await;
        match (outcome, decision) {
            // Two administrators gave the same code to two cooperatives at the same moment.
            (Err(VerifyError::Store(error)), Decision::Verify { code: Some(code) })
                if error.is_unique_violation() =>
            {
                Err(VerifyError::CodeTaken(code.clone()))
            }
            (outcome, _) => outcome,
        }
    }
}

impl Tx {
    async fn answer_applicant(
        &self,
        id: OrganisationId,
        decision: &Decision,
    ) -> Result<(), VerifyError> {
        let applicant = self
            .row::<Row>(
                format!("{APPLICANTS} AND o.id = $1{}", self.for_update()),
                [id.0.into()],
            )
            .await?
            .map(Row::read)
            .transpose()?
            .ok_or(VerifyError::NotFound)?;
        let (state, code, note) = match decision {
            Decision::Verify { code } => {
                if applicant.kind == OrganisationKind::Cooperative && code.is_none() {
                    return Err(VerifyError::CodeMissing);
                }
                (Verification::Verified, code.clone(), None)
            }
            Decision::Reject { reason } => (Verification::Rejected, None, Some(reason.clone())),
        };
        let open = match state {
            // A refused applicant who called and explained may still be let in.
            Verification::Verified => "('submitted', 'rejected')",
            _ => "('submitted')",
        };
        if let Some(code) = &code {
            let taken = self
                .number(
                    "SELECT COUNT(*) FROM organisations WHERE code = $1 AND id <> $2",
                    [code.clone().into(), id.0.into()],
                )
                .await?;
            if taken > 0 {
                return Err(VerifyError::CodeTaken(code.clone()));
            }
        }
        let changed = self
            .exec(
                format!(
                    "UPDATE organisations SET verification = $2, code = COALESCE($3, code), verification_note = $4, \
                     verified_at = $5, verified_by = $6, version = version + 1 \
                     WHERE id = $1 AND verification IN {open}"
                ),
                [
                    id.0.into(),
                    state.as_str().into(),
                    code.clone().into(),
                    note.clone().into(),
                    (state == Verification::Verified).then_some(self.now().0).into(),
                    self.act.person.map(Uuid::from).into(),
                ],
            )
            .await?;
        if changed != 1 {
            return Err(VerifyError::AlreadyAnswered);
        }
        let kind = match state {
            Verification::Verified => "organisation_verified",
            _ => "organisation_rejected",
        };
        let event = self
            .event(Event {
                subject_kind: "organisation",
                subject_id: id.0,
                kind,
                from_state: Some(applicant.verification.as_str()),
                to_state: Some(state.as_str()),
                reason: note.as_deref(),
                data: code.map(|code| json!({ "code": code }).to_string()),
            })
            .await?;
        self.letter_to_roles(kind, event, id, READERS, About::organisation(id))
            .await?;
        Ok(())
    }
}
