//! The second step of signing in: what an authenticator app is set up with, each code once, and recovery codes.
//!
//! Codes are reckoned by the pages; here only stands which was taken last. A code of that step or an older one is
//! refused, so that whoever looked over a shoulder is too late.

use domain::{ids::PersonId, time::Instant};
use sea_orm::FromQueryResult;

use crate::{
    Act, Error, Store, entities::recovery_codes, events::Event, letters::About, sql::Sql, write::Tx,
};

/// A second step that is set up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecondStep {
    /// What the app's secret is derived from ([`crate::tokens`]).
    pub seed: String,
    pub since: Instant,
    /// Recovery codes that were not used.
    pub codes_left: i64,
}

#[derive(FromQueryResult)]
struct StepRow {
    step_seed: Option<String>,
    step_since: Option<i64>,
    codes_left: i64,
}

impl Store {
    /// The second step of a person, if it is set up.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn second_step(&self, person: PersonId) -> Result<Option<SecondStep>, Error> {
        let row = self
            .row::<StepRow>(
                "SELECT step_seed, step_since, (SELECT COUNT(*) FROM recovery_codes c WHERE c.person_id = p.id \
                 AND c.used_at IS NULL) AS codes_left FROM people p WHERE p.id = $1",
                [person.0.into()],
            )
            .await?;
        Ok(row.and_then(|row| {
            Some(SecondStep {
                seed: row.step_seed?,
                since: Instant(row.step_since?),
                codes_left: row.codes_left,
            })
        }))
    }

    /// Sets the second step up, in place of one that was. `step` is that of the code which proved it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_second_step(
        &self,
        act: &Act,
        person: PersonId,
        seed: &str,
        step: i64,
        code_hashes: &[String],
    ) -> Result<(), Error> {
        self.write(act, async |tx| -> Result<(), Error> {
            tx.exec(
                "UPDATE people SET step_seed = $2, step_since = $3, step_last = $4 WHERE id = $1",
                [person.0.into(), seed.into(), tx.now().0.into(), step.into()],
            )
            .await?;
            tx.forget_codes(person).await?;
            for code_hash in code_hashes {
                tx.insert(recovery_codes::Model {
                    person_id: person.0,
                    code_hash: code_hash.clone(),
                    used_at: None,
                })
                .await?;
            }
            tx.tell_step(person, "second_step_on", None).await
        })
        .await
    }

    /// Takes the second step away. `false` when there is none.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn drop_second_step(&self, act: &Act, person: PersonId) -> Result<bool, Error> {
        self.write(act, async |tx| tx.drop_second_step(person, None).await)
            .await
    }

    /// Takes the code of a step; `false` when it, or a later one, was taken before.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn take_step(&self, act: &Act, person: PersonId, step: i64) -> Result<bool, Error> {
        self.write(act, async |tx| -> Result<bool, Error> {
            let changed = tx
                .exec(
                    "UPDATE people SET step_last = $2 WHERE id = $1 AND step_seed IS NOT NULL \
                     AND COALESCE(step_last, 0) < $2",
                    [person.0.into(), step.into()],
                )
                .await?;
            Ok(changed == 1)
        })
        .await
    }

    /// Takes a recovery code; `false` when there is none such or it was used. The person is told.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn take_recovery_code(
        &self,
        act: &Act,
        person: PersonId,
        code_hash: &str,
    ) -> Result<bool, Error> {
        self.write(act, async |tx| -> Result<bool, Error> {
            let changed = tx
                .exec(
                    "UPDATE recovery_codes SET used_at = $3 WHERE person_id = $1 AND code_hash = $2 \
                     AND used_at IS NULL",
                    [person.0.into(), code_hash.into(), tx.now().0.into()],
                )
                .await?;
            if changed == 1 {
                tx.tell_step(person, "recovery_code_used", None).await?;
            }
            Ok(changed == 1)
        })
        .await
    }

    /// Whether a recovery code is there and unused, without using it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn has_recovery_code(
        &self,
        person: PersonId,
        code_hash: &str,
    ) -> Result<bool, Error> {
        let there = self
            .number(
                "SELECT COUNT(*) FROM recovery_codes WHERE person_id = $1 AND code_hash = $2 AND used_at IS NULL",
                [person.0.into(), code_hash.into()],
            )
            .await?;
        Ok(there > 0)
    }
}

impl Tx {
    /// Takes the second step away, and tells its person. `false` when there is none.
    pub(crate) async fn drop_second_step(
        &self,
        person: PersonId,
        reason: Option<&str>,
    ) -> Result<bool, Error> {
        let changed = self
            .exec(
                "UPDATE people SET step_seed = NULL, step_since = NULL, step_last = NULL \
                 WHERE id = $1 AND step_seed IS NOT NULL",
                [person.0.into()],
            )
            .await?;
        if changed == 1 {
            self.forget_codes(person).await?;
            self.tell_step(person, "second_step_off", reason).await?;
        }
        Ok(changed == 1)
    }

    async fn forget_codes(&self, person: PersonId) -> Result<(), Error> {
        self.exec(
            "DELETE FROM recovery_codes WHERE person_id = $1",
            [person.0.into()],
        )
        .await?;
        Ok(())
    }

    async fn tell_step(
        &self,
        person: PersonId,
        kind: &str,
        reason: Option<&str>,
    ) -> Result<(), Error> {
        let event = self
            .event(Event {
                subject_kind: "person",
                subject_id: person.0,
                kind,
                reason,
                ..Event::default()
            })
            .await?;
        self.letter_if_reachable(kind, event, person, About::default())
            .await
    }
}
