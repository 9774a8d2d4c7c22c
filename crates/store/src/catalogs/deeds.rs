//! Making, changing, publishing, closing and archiving catalogs.

use domain::catalogs::{
    Audience, CatalogActor, CatalogEvent, CatalogRefusal, CatalogState, ClosesTooEarly, check_time,
    edition_after, transition,
};
use domain::ids::{CatalogId, OfferId, OrganisationId};
use domain::time::Instant;
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

use crate::act::Act;
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
    /// It is for named buyers and names none.
    #[error("no buyer is named")]
    NoBuyer,
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

    /// Publishes the first edition of a draft, or the next one of what is published. Answers its number.
    ///
    /// # Errors
    /// [`CatalogError`].
    pub async fn publish_catalog(
        &self,
        act: &Act,
        cooperative: OrganisationId,
        catalog: CatalogId,
    ) -> Result<i32, CatalogError> {
        self.write(act, async |tx| {
            tx.publish_catalog(cooperative, catalog).await
        })
        .await
    }

    /// Closes a published catalog for good.
    ///
    /// # Errors
    /// [`CatalogError`].
    pub async fn close_catalog(
        &self,
        act: &Act,
        cooperative: OrganisationId,
        catalog: CatalogId,
    ) -> Result<(), CatalogError> {
        self.write(act, async |tx| {
            tx.end_catalog(cooperative, catalog, CatalogEvent::Close)
                .await
        })
        .await
    }

    /// Puts a draft or a closed catalog away.
    ///
    /// # Errors
    /// [`CatalogError`].
    pub async fn archive_catalog(
        &self,
        act: &Act,
        cooperative: OrganisationId,
        catalog: CatalogId,
    ) -> Result<(), CatalogError> {
        self.write(act, async |tx| {
            tx.end_catalog(cooperative, catalog, CatalogEvent::Archive)
                .await
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
    async fn catalog_to_change(
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

    pub(crate) async fn offers_in(&self, catalog: Uuid) -> Result<Vec<Uuid>, Error> {
        Ok(self
            .rows::<Offer>(
                "SELECT offer_id FROM catalog_offers WHERE catalog_id = $1 ORDER BY position",
                [catalog.into()],
            )
            .await?
            .into_iter()
            .map(|row| row.offer_id)
            .collect())
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
        let before = self.offers_in(row.id).await?;
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
            self.publish_edition(cooperative, catalog, CatalogActor::CoopManager)
                .await?;
            self.offers_changed(&before).await?;
        }
        Ok(row.version + 1)
    }

    pub(crate) async fn publish_catalog(
        &self,
        cooperative: OrganisationId,
        catalog: CatalogId,
    ) -> Result<i32, CatalogError> {
        self.publish_edition(cooperative, catalog, CatalogActor::CoopManager)
            .await
    }

    async fn publish_edition(
        &self,
        cooperative: OrganisationId,
        catalog: CatalogId,
        actor: CatalogActor,
    ) -> Result<i32, CatalogError> {
        let (row, from) = self.catalog_to_change(cooperative, catalog, None).await?;
        let event = match from {
            CatalogState::Draft => CatalogEvent::Publish,
            _ => CatalogEvent::Republish,
        };
        let to = transition(from, event, actor)?;
        let verified = self
            .number(
                "SELECT COUNT(*) FROM organisations WHERE id = $1 AND verification = 'verified'",
                [cooperative.0.into()],
            )
            .await?;
        if verified == 0 {
            return Err(CatalogError::Unverified);
        }
        let now = self.now().0;
        if row.closes_at.is_some_and(|closes| closes <= now) {
            return Err(CatalogError::Over);
        }
        let live = self
            .number(
                "SELECT COUNT(*) FROM catalog_offers co JOIN offers o ON o.id = co.offer_id AND o.state = 'live' \
                 WHERE co.catalog_id = $1",
                [row.id.into()],
            )
            .await?;
        if live == 0 {
            return Err(CatalogError::NoLiveOffer);
        }
        if row.audience == Audience::Buyers.as_str() {
            let named = self
                .number(
                    "SELECT COUNT(*) FROM catalog_buyers WHERE catalog_id = $1",
                    [row.id.into()],
                )
                .await?;
            if named == 0 {
                return Err(CatalogError::NoBuyer);
            }
        }
        let edition = edition_after(row.edition, event);
        self.exec(
            "UPDATE catalogs SET state = $2, edition = $3, version = version + 1, updated_at = $4 WHERE id = $1",
            [
                row.id.into(),
                to.as_str().into(),
                edition.into(),
                now.into(),
            ],
        )
        .await?;
        self.write_edition(row.id, edition).await?;
        self.event(Event {
            subject_kind: "catalog",
            subject_id: row.id,
            kind: event.as_str(),
            from_state: Some(from.as_str()),
            to_state: Some(to.as_str()),
            reason: None,
            data: Some(serde_json::json!({ "edition": edition }).to_string()),
        })
        .await?;
        let offers = self.offers_in(row.id).await?;
        self.offers_changed(&offers).await?;
        for moment in [Some(row.opens_at), row.closes_at].into_iter().flatten() {
            if moment > now {
                self.offers_change_at(&offers, Instant(moment)).await?;
            }
        }
        Ok(edition)
    }

    async fn end_catalog(
        &self,
        cooperative: OrganisationId,
        catalog: CatalogId,
        event: CatalogEvent,
    ) -> Result<(), CatalogError> {
        let (row, from) = self.catalog_to_change(cooperative, catalog, None).await?;
        let to = transition(from, event, CatalogActor::CoopManager)?;
        self.catalog_ended(row.id, event, from, to).await?;
        Ok(())
    }

    /// Catalogs whose time is over become closed, as they have been for every viewer since that moment.
    pub(crate) async fn close_catalogs_due(&self, most: i64) -> Result<usize, Error> {
        #[derive(FromQueryResult)]
        struct Due {
            id: Uuid,
        }
        let due: Vec<Due> = self
            .rows(
                format!(
                    "SELECT id FROM catalogs WHERE state = 'published' AND closes_at <= $1 ORDER BY closes_at LIMIT $2{}",
                    self.for_update()
                ),
                [self.now().0.into(), most.into()],
            )
            .await?;
        for catalog in &due {
            if let Ok(to) = transition(
                CatalogState::Published,
                CatalogEvent::Close,
                CatalogActor::System,
            ) {
                self.catalog_ended(catalog.id, CatalogEvent::Close, CatalogState::Published, to)
                    .await?;
            }
        }
        Ok(due.len())
    }

    async fn catalog_ended(
        &self,
        catalog: Uuid,
        event: CatalogEvent,
        from: CatalogState,
        to: CatalogState,
    ) -> Result<(), Error> {
        self.exec(
            "UPDATE catalogs SET state = $2, version = version + 1, updated_at = $3 WHERE id = $1",
            [catalog.into(), to.as_str().into(), self.now().0.into()],
        )
        .await?;
        self.event(Event {
            subject_kind: "catalog",
            subject_id: catalog,
            kind: event.as_str(),
            from_state: Some(from.as_str()),
            to_state: Some(to.as_str()),
            ..Event::default()
        })
        .await?;
        let offers = self.offers_in(catalog).await?;
        self.offers_changed(&offers).await
    }
}
