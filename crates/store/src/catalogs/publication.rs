//! Publishing, closing, archiving and sending catalogs.

use domain::catalogs::{Audience, CatalogActor, CatalogEvent, CatalogState, transition};
use domain::ids::{CatalogId, OrganisationId, PersonId};
use domain::time::Instant;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::act::Act;
use crate::catalogs::deeds::CatalogError;
use crate::catalogs::editions;
use crate::error::Error;
use crate::events::Event;
use crate::letters::{About, Told};
use crate::sql::Sql;
use crate::write::{Store, Tx};

impl Store {
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

    /// Tells the people of the named buyers about the catalog, once for each edition. Answers how many people.
    ///
    /// # Errors
    /// [`CatalogError::Sent`] when this edition was sent before, and the others of [`CatalogError`].
    pub async fn send_catalog(
        &self,
        act: &Act,
        cooperative: OrganisationId,
        catalog: CatalogId,
    ) -> Result<usize, CatalogError> {
        self.write(act, async |tx| tx.send_catalog(cooperative, catalog).await)
            .await
    }
}

impl Tx {
    pub(crate) async fn publish_catalog(
        &self,
        cooperative: OrganisationId,
        catalog: CatalogId,
    ) -> Result<i32, CatalogError> {
        let (row, from) = self.catalog_to_change(cooperative, catalog, None).await?;
        let event = match from {
            CatalogState::Draft => CatalogEvent::Publish,
            _ => CatalogEvent::Republish,
        };
        let to = transition(from, event, CatalogActor::CoopManager)?;
        self.exec(
            "UPDATE catalogs SET state = $2, version = version + 1, updated_at = $3 WHERE id = $1",
            [row.id.into(), to.as_str().into(), self.now().0.into()],
        )
        .await?;
        self.readers_see(cooperative, row.id, event, from).await
    }

    /// A published catalog as it is now comes before its readers: in the next edition, if it reads differently. Refused
    /// when nobody could buy from it. Answers the number of the edition in force.
    pub(super) async fn readers_see(
        &self,
        cooperative: OrganisationId,
        catalog: Uuid,
        event: CatalogEvent,
        from: CatalogState,
    ) -> Result<i32, CatalogError> {
        let (row, _) = self
            .catalog_to_change(cooperative, CatalogId(catalog), None)
            .await?;
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
        let edition = self.next_edition_of(row.id, event, from).await?;
        let offers = editions::offers_in(self, row.id).await?;
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
        let offers = editions::offers_in(self, catalog).await?;
        self.offers_changed(&offers).await
    }

    async fn send_catalog(
        &self,
        cooperative: OrganisationId,
        catalog: CatalogId,
    ) -> Result<usize, CatalogError> {
        #[derive(FromQueryResult)]
        struct Reader {
            person_id: Uuid,
            buyer_id: Uuid,
        }
        let (row, state) = self.catalog_to_change(cooperative, catalog, None).await?;
        if state != CatalogState::Published || row.closes_at.is_some_and(|at| at <= self.now().0) {
            return Err(CatalogError::Over);
        }
        if row.audience != Audience::Buyers.as_str() {
            return Err(CatalogError::NoBuyer);
        }
        let edition = serde_json::json!({ "edition": row.edition }).to_string();
        let sent = self
            .number(
                "SELECT COUNT(*) FROM events WHERE subject_kind = 'catalog' AND subject_id = $1 \
                 AND kind = 'catalog_sent' AND data = $2",
                [row.id.into(), edition.as_str().into()],
            )
            .await?;
        if sent > 0 {
            return Err(CatalogError::Sent);
        }
        let event = self
            .event(Event {
                subject_kind: "catalog",
                subject_id: row.id,
                kind: "catalog_sent",
                data: Some(edition),
                ..Event::default()
            })
            .await?;
        let readers: Vec<Reader> = self
            .rows(
                "SELECT DISTINCT r.person_id, b.buyer_id FROM catalog_buyers b JOIN roles r \
                 ON r.organisation_id = b.buyer_id AND r.until IS NULL JOIN people p ON p.id = r.person_id \
                 AND p.locked_at IS NULL WHERE b.catalog_id = $1 ORDER BY r.person_id, b.buyer_id",
                [row.id.into()],
            )
            .await?;
        let about = About {
            catalog: Some(catalog),
            cooperative: Some(cooperative),
            ..About::default()
        };
        let mut to: Vec<Told> = readers
            .iter()
            .map(|reader| Told {
                person: PersonId(reader.person_id),
                organisation: Some(OrganisationId(reader.buyer_id)),
                about,
            })
            .collect();
        // Who buys for several of them is told once.
        to.dedup_by_key(|told| told.person);
        self.tell("catalog_sent", event, &to).await?;
        Ok(to.len())
    }
}
