//! The edition of the public pages: a number that moves on in the deed that changes what everybody sees.
//!
//! Whoever keeps drawn pages asks [`Store::edition`] and throws them away when the number is another one. Offers,
//! catalogs, prices and cooperatives move it on whenever they change; sales and stock only when the availability that is
//! told on public pages changes (`outlooks`), or every order would empty everybody's cache.

use std::collections::HashMap;
use std::fmt::Write as _;

use domain::offers::Viewer;
use domain::time::Instant;
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

use crate::entities::outlooks;
use crate::error::Error;
use crate::offers;
use crate::sql::{Sql, placeholders};
use crate::write::{Store, Tx};

/// Which pages hold, and until when by time alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edition {
    pub number: i64,
    /// The next moment at which a catalog opens or closes, without anybody doing anything.
    pub until: Option<Instant>,
}

impl Store {
    /// The edition of the public pages.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn edition(&self, now: Instant) -> Result<Edition, Error> {
        #[derive(FromQueryResult)]
        struct Row {
            number: i64,
            opens: Option<i64>,
            closes: Option<i64>,
        }
        let row: Option<Row> = self
            .row(
                "SELECT number, (SELECT MIN(opens_at) FROM catalogs WHERE state = 'published' AND opens_at > $1) AS opens, \
                 (SELECT MIN(closes_at) FROM catalogs WHERE state = 'published' AND closes_at > $1) AS closes \
                 FROM editions WHERE id = 1",
                [now.0.into()],
            )
            .await?;
        let row = row.ok_or(Error::NotFound)?;
        Ok(Edition {
            number: row.number,
            until: row.opens.into_iter().chain(row.closes).min().map(Instant),
        })
    }
}

impl Tx {
    /// The last thing of a deed that changed what everybody sees; [`Store::write`] calls it.
    pub(crate) async fn next_edition(&self) -> Result<(), Error> {
        self.exec("UPDATE editions SET number = number + 1 WHERE id = 1", [])
            .await?;
        Ok(())
    }

    /// Stock behind these offers moved. Where that changes what public pages tell of it, they are told anew: index work
    /// and a new edition. Otherwise nothing is done.
    pub(crate) async fn availability_changed(&self, offers: &[Uuid]) -> Result<(), Error> {
        let mut ids: Vec<Uuid> = offers.to_vec();
        ids.sort_unstable();
        ids.dedup();
        if ids.is_empty() {
            return Ok(());
        }
        let told = offers::told_to(self, &Viewer::ANONYMOUS, self.now(), &ids).await?;
        let before: Vec<outlooks::Model> = self
            .rows(
                format!(
                    "SELECT offer_id, told FROM outlooks WHERE offer_id IN ({})",
                    placeholders(1, ids.len())
                ),
                ids.iter().map(|id| Value::from(*id)),
            )
            .await?;
        let before: HashMap<Uuid, String> = before
            .into_iter()
            .map(|row| (row.offer_id, row.told))
            .collect();
        let changed: Vec<(Uuid, String)> = told
            .into_iter()
            .filter(|(id, told)| before.get(id) != Some(told))
            .collect();
        if changed.is_empty() {
            return Ok(());
        }
        let ids: Vec<Uuid> = changed.iter().map(|(id, _)| *id).collect();
        self.offers_changed(&ids).await?;
        let mut sql = String::from("INSERT INTO outlooks (offer_id, told) VALUES ");
        let mut values: Vec<Value> = Vec::new();
        for (at, (id, told)) in changed.iter().enumerate() {
            let comma = if at == 0 { "" } else { ", " };
            let _ = write!(sql, "{comma}(${}, ${})", 2 * at + 1, 2 * at + 2);
            values.extend([Value::from(*id), Value::from(told.clone())]);
        }
        sql.push_str(" ON CONFLICT (offer_id) DO UPDATE SET told = excluded.told");
        self.exec(sql, values).await?;
        Ok(())
    }
}
