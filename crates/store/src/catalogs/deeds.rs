//! Making and changing catalogs.

use domain::catalogs::{
    Audience, CatalogActor, CatalogEvent, CatalogRefusal, CatalogState, ClosesTooEarly, check_time,
    transition,
};
use domain::ids::{CatalogId, OfferId, OrganisationId};
use domain::time::Instant;
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

use crate::act::Act;
use crate::catalogs::editions;
use crate::entities::{catalog_buyers, catalog_offers, catalogs};
use crate::error::Error;
use crate::events::Event;
use crate::sql::{Sql, placeholders};
use crate::write::{Store, Tx, rerun_by_store};

/// What the manager decides about a catalog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatalogTerms {
    pub title: String,
    pub description: String,
    pub audience: Audience,
    /// Counts only where the audience is named buyers.
    pub buyers: Vec<OrganisationId>,
    pub opens_at: Instant,
    /// `None` when it stays open.
    pub closes_at: Option<Instant>,
    /// In the order they are shown.
    pub offers: Vec<OfferId>,
}

/// Why a catalog stays as it is.
#[derive(Debug, thiserror::Error)]
pub enum CatalogError {
    /// Not there, or another cooperative's: the catalog, one of its offers, one of its buyers.
    #[error("not found")]
    NotFound,
    /// Somebody changed it since it was read; the version it has now.
    #[error("changed in the meantime, now version {0}")]
    Stale(i64),
    #[error(transparent)]
    Refused(#[from] CatalogRefusal),
    #[error(transparent)]
    Time(#[from] ClosesTooEarly),
    /// It would be over before anybody sees it.
    #[error("it is over already")]
    Over,
    /// Nothing in it can be bought.
    #[error("no live offer in it")]
    NoLiveOffer,
    /// It is for named buyers and names none, or it is for others and can't be sent to them.
    #[error("no buyer is named")]
    NoBuyer,
    /// This edition was sent already.
    #[error("sent already")]
    Sent,
    #[error("the cooperative is not verified")]
    Unverified,
    #[error(transparent)]
    Store(#[from] Error),
}
rerun_by_store!(CatalogError);

impl Store {
    /// A new draft, version 1.
    ///
    /// # Errors
    /// [`CatalogError`].
    pub async fn create_catalog(
        &self,
        act: &Act,
        cooperative: OrganisationId,
        terms: &CatalogTerms,
    ) -> Result<CatalogId, CatalogError> {
        self.write(act, async |tx| tx.create_catalog(cooperative, terms).await)
            .await
    }

    /// Changes a draft, or a published catalog, which makes its next edition. Answers the new version.
    ///
    /// # Errors
    /// [`CatalogError`].
    pub async fn edit_catalog(
        &self,
        act: &Act,
        cooperative: OrganisationId,
        catalog: CatalogId,
        version: i64,
        terms: &CatalogTerms,
    ) -> Result<i64, CatalogError> {
        self.write(act, async |tx| {
            tx.edit_catalog(cooperative, catalog, version, terms).await
        })
        .await
    }
}

#[derive(FromQueryResult)]
struct Offer {
    offer_id: Uuid,
}

impl Tx {
    pub(crate) async fn create_catalog(
        &self,
        cooperative: OrganisationId,
        terms: &CatalogTerms,
    ) -> Result<CatalogId, CatalogError> {
        check_time(terms.opens_at, terms.closes_at)?;
        let id = self.new_id();
        self.insert(catalogs::Model {
            id,
            cooperative_id: cooperative.0,
            title: terms.title.clone(),
            description: terms.description.clone(),
            audience: terms.audience.to_string(),
            opens_at: terms.opens_at.0,
            closes_at: terms.closes_at.map(|at| at.0),
            state: CatalogState::Draft.to_string(),
            edition: 0,
            version: 1,
            created_at: self.now().0,
            updated_at: self.now().0,
        })
        .await?;
        self.set_contents(cooperative, id, terms, &[]).await?;
        self.event(Event {
            subject_kind: "catalog",
            subject_id: id,
            kind: "catalog_created",
            to_state: Some(CatalogState::Draft.as_str()),
            ..Event::default()
        })
        .await?;
        Ok(CatalogId(id))
    }

    /// Writes which offers and buyers a catalog has. Offers must be the cooperative's own and not archived (those in it
    /// already may be), buyers verified.
    async fn set_contents(
        &self,
        cooperative: OrganisationId,
        catalog: Uuid,
        terms: &CatalogTerms,
        before: &[Uuid],
    ) -> Result<(), CatalogError> {
        let mut offers: Vec<Uuid> = Vec::with_capacity(terms.offers.len());
        for offer in &terms.offers {
            if !offers.contains(&offer.0) {
                offers.push(offer.0);
            }
        }
        if !offers.is_empty() {
            let mut values: Vec<Value> = vec![cooperative.0.into()];
            values.extend(offers.iter().map(|id| Value::from(*id)));
            let own: Vec<Offer> = self
                .rows(
                    format!(
                        "SELECT id AS offer_id FROM offers WHERE cooperative_id = $1 AND id IN ({}) \
                         AND state <> 'archived'",
                        placeholders(2, offers.len())
                    ),
                    values,
                )
                .await?;
            let known = |id: &Uuid| before.contains(id) || own.iter().any(|o| o.offer_id == *id);
            if !offers.iter().all(known) {
                return Err(CatalogError::NotFound);
            }
        }
        let mut buyers: Vec<Uuid> = match terms.audience {
            Audience::Buyers => terms.buyers.iter().map(|id| id.0).collect(),
            _ => Vec::new(),
        };
        buyers.sort_unstable();
        buyers.dedup();
        if !buyers.is_empty() {
            let known = self
                .number(
                    format!(
                        "SELECT COUNT(*) FROM organisations WHERE kind = 'buyer' AND verification = 'verified' \
                         AND id IN ({})",
                        placeholders(1, buyers.len())
                    ),
                    buyers.iter().map(|id| Value::from(*id)),
                )
                .await?;
            if usize::try_from(known) != Ok(buyers.len()) {
                return Err(CatalogError::NotFound);
            }
        }
        for table in ["catalog_offers", "catalog_buyers"] {
            self.exec(
                format!("DELETE FROM {table} WHERE catalog_id = $1"),
                [catalog.into()],
            )
            .await?;
        }
        let rows = (1_i32..)
            .zip(offers)
            .map(|(position, offer_id)| catalog_offers::Model {
                catalog_id: catalog,
                offer_id,
                position,
            })
            .collect();
        self.insert_many(rows).await?;
        self.insert_many(
            buyers
                .into_iter()
                .map(|buyer_id| catalog_buyers::Model {
                    catalog_id: catalog,
                    buyer_id,
                })
                .collect(),
        )
        .await?;
        Ok(())
    }

    /// The row of this cooperative's catalog, locked, at the version that was read.
    pub(super) async fn catalog_to_change(
        &self,
        cooperative: OrganisationId,
        catalog: CatalogId,
        version: Option<i64>,
    ) -> Result<(catalogs::Model, CatalogState), CatalogError> {
        let row = self
            .row::<catalogs::Model>(
                format!(
                    "SELECT * FROM catalogs WHERE id = $1 AND cooperative_id = $2{}",
                    self.for_update()
                ),
                [catalog.0.into(), cooperative.0.into()],
            )
            .await?
            .ok_or(CatalogError::NotFound)?;
        if version.is_some_and(|version| version != row.version) {
            return Err(CatalogError::Stale(row.version));
        }
        let state = row
            .state
            .parse()
            .map_err(|_| Error::Corrupt(row.state.clone()))?;
        Ok((row, state))
    }

    pub(crate) async fn edit_catalog(
        &self,
        cooperative: OrganisationId,
        catalog: CatalogId,
        version: i64,
        terms: &CatalogTerms,
    ) -> Result<i64, CatalogError> {
        let (row, state) = self
            .catalog_to_change(cooperative, catalog, Some(version))
            .await?;
        if state != CatalogState::Draft {
            // Refuses what is closed or archived.
            transition(state, CatalogEvent::Republish, CatalogActor::CoopManager)?;
        }
        check_time(terms.opens_at, terms.closes_at)?;
        let before = editions::offers_in(self, row.id).await?;
        self.exec(
            "UPDATE catalogs SET title = $2, description = $3, audience = $4, opens_at = $5, closes_at = $6, \
             version = version + 1, updated_at = $7 WHERE id = $1",
            [
                row.id.into(),
                terms.title.as_str().into(),
                terms.description.as_str().into(),
                terms.audience.as_str().into(),
                terms.opens_at.0.into(),
                terms.closes_at.map(|at| at.0).into(),
                self.now().0.into(),
            ],
        )
        .await?;
        self.set_contents(cooperative, row.id, terms, &before)
            .await?;
        self.event(Event {
            subject_kind: "catalog",
            subject_id: row.id,
            kind: "catalog_changed",
            ..Event::default()
        })
        .await?;
        if state == CatalogState::Published {
            self.readers_see(cooperative, row.id, CatalogEvent::Republish, state)
                .await?;
            // What it no longer holds is for fewer eyes, too.
            self.offers_changed(&before).await?;
        }
        Ok(row.version + 1)
    }
}
