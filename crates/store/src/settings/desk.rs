//! Settings as they are decided: a value, from which day it holds, on what basis, and by whom. Nothing that held is
//! changed afterwards; a decision for a day to come may be taken back until that day.

use domain::ids::SettingId;
use domain::settings::Key;
use domain::time::Day;
use sea_orm::FromQueryResult;
use serde_json::json;
use uuid::Uuid;

use super::PLATFORM;
use crate::act::Act;
use crate::entities::settings;
use crate::error::Error;
use crate::events::Event;
use crate::sql::Sql;
use crate::write::{Store, Tx, rerun_by_store};

/// A decision of the platform.
#[derive(Clone, Debug)]
pub struct Decided {
    pub id: SettingId,
    pub key: Key,
    pub value: String,
    pub valid_from: Day,
    /// The last day; `None` until further notice.
    pub valid_until: Option<Day>,
    pub legal_basis: Option<String>,
    pub decided_by: Option<String>,
    pub created_at: i64,
}

/// A decision that is made now.
#[derive(Clone, Debug)]
pub struct Decision {
    pub key: Key,
    pub value: String,
    pub valid_from: Day,
    pub legal_basis: Option<String>,
    pub decided_by: Option<String>,
}

/// Why a decision was not taken down, or back.
#[derive(Debug, thiserror::Error)]
pub enum SettingError {
    #[error("no such setting")]
    NotFound,
    #[error(transparent)]
    Bad(#[from] domain::settings::BadSetting),
    /// What held on a day that is over stays as it was.
    #[error("the day is over")]
    Past,
    /// Another decision begins on that day or later.
    #[error("a decision begins on {0:?}")]
    Overlap(Day),
    /// It holds already.
    #[error("the setting holds already")]
    InForce,
    #[error(transparent)]
    Store(#[from] Error),
}

rerun_by_store!(SettingError);

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    key: String,
    value: String,
    valid_from: i32,
    valid_until: Option<i32>,
    legal_basis: Option<String>,
    decided_by: Option<String>,
    created_at: i64,
}

impl Row {
    /// `None` for a key of a later version.
    fn read(self) -> Option<Decided> {
        Some(Decided {
            id: SettingId(self.id),
            key: self.key.parse().ok()?,
            value: self.value,
            valid_from: Day(self.valid_from),
            valid_until: self.valid_until.map(Day),
            legal_basis: self.legal_basis,
            decided_by: self.decided_by,
            created_at: self.created_at,
        })
    }
}

const COLUMNS: &str = "SELECT id, key, value, valid_from, valid_until, legal_basis, decided_by, created_at FROM settings";

impl Store {
    /// Everything the platform has decided, by key, the latest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn platform_settings(&self) -> Result<Vec<Decided>, Error> {
        let rows: Vec<Row> = self
            .rows(
                format!("{COLUMNS} WHERE scope = $1 ORDER BY key, valid_from DESC"),
                [PLATFORM.into()],
            )
            .await?;
        Ok(rows.into_iter().filter_map(Row::read).collect())
    }

    /// Takes a decision of the platform down. It holds from its day on, until a later one begins; what held before
    /// ends the day before.
    ///
    /// # Errors
    /// [`SettingError`]. `today` is the platform's.
    pub async fn decide_setting(
        &self,
        act: &Act,
        today: Day,
        decision: &Decision,
    ) -> Result<SettingId, SettingError> {
        decision.key.check(&decision.value)?;
        if decision.valid_from < today {
            return Err(SettingError::Past);
        }
        self.write(act, async |tx| -> Result<SettingId, SettingError> {
            tx.lock_setting(decision.key).await?;
            let last = tx
                .number(
                    "SELECT MAX(valid_from) FROM settings WHERE scope = $1 AND key = $2 AND valid_from >= $3",
                    [
                        PLATFORM.into(),
                        decision.key.as_str().into(),
                        decision.valid_from.0.into(),
                    ],
                )
                .await?;
            if last >= i64::from(decision.valid_from.0) && last != 0 {
                let day = i32::try_from(last).unwrap_or(decision.valid_from.0);
                return Err(SettingError::Overlap(Day(day)));
            }
            tx.exec(
                "UPDATE settings SET valid_until = $3 WHERE scope = $1 AND key = $2 \
                 AND (valid_until IS NULL OR valid_until > $3)",
                [
                    PLATFORM.into(),
                    decision.key.as_str().into(),
                    decision.valid_from.plus(-1).0.into(),
                ],
            )
            .await?;
            let id = tx.new_id();
            tx.insert(settings::Model {
                id,
                scope: PLATFORM.to_owned(),
                key: decision.key.as_str().to_owned(),
                value: decision.value.clone(),
                valid_from: decision.valid_from.0,
                valid_until: None,
                legal_basis: decision.legal_basis.clone(),
                decided_by: decision.decided_by.clone(),
                created_at: tx.now().0,
            })
            .await?;
            tx.setting_event(id, "setting_decided", decision.key, &decision.value, decision.valid_from)
                .await?;
            Ok(SettingId(id))
        })
        .await
    }

    /// Takes back a decision whose day has not come; what held before holds on.
    ///
    /// # Errors
    /// [`SettingError`].
    pub async fn withdraw_setting(
        &self,
        act: &Act,
        today: Day,
        id: SettingId,
    ) -> Result<Key, SettingError> {
        self.write(act, async |tx| -> Result<Key, SettingError> {
            let row: Row = tx
                .row(
                    format!("{COLUMNS} WHERE id = $1 AND scope = $2"),
                    [id.0.into(), PLATFORM.into()],
                )
                .await?
                .ok_or(SettingError::NotFound)?;
            let row = row.read().ok_or(SettingError::NotFound)?;
            tx.lock_setting(row.key).await?;
            if row.valid_from <= today {
                return Err(SettingError::InForce);
            }
            let gone = tx
                .exec("DELETE FROM settings WHERE id = $1", [id.0.into()])
                .await?;
            if gone == 0 {
                return Err(SettingError::NotFound);
            }
            tx.exec(
                "UPDATE settings SET valid_until = $4 WHERE scope = $1 AND key = $2 AND valid_until = $3",
                [
                    PLATFORM.into(),
                    row.key.as_str().into(),
                    row.valid_from.plus(-1).0.into(),
                    row.valid_until.map(|day| day.0).into(),
                ],
            )
            .await?;
            tx.setting_event(id.0, "setting_withdrawn", row.key, &row.value, row.valid_from)
                .await?;
            Ok(row.key)
        })
        .await
    }
}

impl Tx {
    /// Two decisions about one key come one after the other, on either engine.
    async fn lock_setting(&self, key: Key) -> Result<(), Error> {
        self.exec(
            "INSERT INTO marks (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            [
                format!("setting:{key}").into(),
                self.now().0.to_string().into(),
            ],
        )
        .await?;
        Ok(())
    }

    async fn setting_event(
        &self,
        id: Uuid,
        kind: &str,
        key: Key,
        value: &str,
        from: Day,
    ) -> Result<(), Error> {
        self.event(Event {
            subject_kind: "setting",
            subject_id: id,
            kind,
            data: Some(json!({ "key": key, "value": value, "from": from.iso() }).to_string()),
            ..Event::default()
        })
        .await?;
        Ok(())
    }
}
