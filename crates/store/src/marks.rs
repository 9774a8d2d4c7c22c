//! Small facts about the database itself: that it holds demo data, which edition the public pages have.

use sea_orm::FromQueryResult;

use crate::act::Act;
use crate::error::Error;
use crate::sql::Sql;
use crate::write::{Store, Tx};

#[derive(FromQueryResult)]
struct Mark {
    value: String,
}

impl Store {
    /// # Errors
    /// When the database fails.
    pub async fn mark(&self, key: &str) -> Result<Option<String>, Error> {
        Ok(self
            .row::<Mark>("SELECT value FROM marks WHERE key = $1", [key.into()])
            .await?
            .map(|mark| mark.value))
    }

    /// # Errors
    /// When the database fails.
    pub async fn set_mark(&self, act: &Act, key: &str, value: &str) -> Result<(), Error> {
        self.write(act, async |tx| tx.set_mark(key, value).await)
            .await
    }
}

impl Tx {
    pub(crate) async fn set_mark(&self, key: &str, value: &str) -> Result<(), Error> {
        self.exec(
            "INSERT INTO marks (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            [key.into(), value.into()],
        )
        .await?;
        Ok(())
    }
}
