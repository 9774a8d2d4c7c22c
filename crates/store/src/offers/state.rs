//! The life of an offer: published, paused, resumed, archived (DOMAIN §7).

use domain::ids::{EventId, OfferId, OrganisationId};
use domain::offers::{
    OfferActor, OfferEvent, OfferGap, OfferState, PriceTable, offer_gaps, transition,
};

use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

use crate::act::Act;
use crate::error::Error;
use crate::events::Event;
use crate::letters::About;
use crate::offers::error::OfferError;
use crate::offers::managed::{ManagedOffer, managed, word};
use crate::sql::{Sql, placeholders};
use crate::write::{Store, Tx};

impl ManagedOffer {
    /// What is missing to publish it, in the order of the steps.
    #[must_use]
    pub fn gaps(&self) -> Vec<OfferGap> {
        // A table that lacks a grade is as good as none.
        let prices = PriceTable::new(
            self.prices.rows().to_vec(),
            &self.terms.grades,
            self.terms.minimum,
        )
        .unwrap_or_default();
        offer_gaps(
            &self.terms.title,
            &prices,
            usize::try_from(self.supplies).unwrap_or(0),
            self.terms.delivery_basis,
            &self.terms.freight,
        )
    }
}

impl Store {
    /// Puts a draft before the buyers (once it also stands in an open catalog).
    ///
    /// # Errors
    /// [`OfferError`]: `Gaps` with everything that is missing.
    pub async fn publish_offer(
        &self,
        act: &Act,
        cooperative: OrganisationId,
        offer: OfferId,
    ) -> Result<(), OfferError> {
        self.change_offer(act, cooperative, offer, OfferEvent::Publish)
            .await
    }

    /// Publishes, pauses, resumes or archives an offer.
    ///
    /// # Errors
    /// [`OfferError`].
    pub async fn change_offer(
        &self,
        act: &Act,
        cooperative: OrganisationId,
        offer: OfferId,
        event: OfferEvent,
    ) -> Result<(), OfferError> {
        self.write(act, async |tx| {
            tx.change_offer(cooperative, offer, event).await
        })
        .await
    }
}

impl Tx {
    pub(crate) async fn change_offer(
        &self,
        cooperative: OrganisationId,
        offer: OfferId,
        event: OfferEvent,
    ) -> Result<(), OfferError> {
        let row = self.offer_to_change(cooperative, offer, None).await?;
        let from: OfferState = word(&row.state)?;
        let to = transition(from, event, OfferActor::CoopManager)?;
        if to == OfferState::Live {
            let gaps = managed(self, &row).await?.gaps();
            if !gaps.is_empty() {
                return Err(OfferError::Gaps(gaps));
            }
            if !self.has_certified_supply(cooperative, offer).await? {
                return Err(OfferError::Gaps(vec![OfferGap::Permits]));
            }
        }
        self.offer_moved(offer, event, from, to, None).await?;
        Ok(())
    }

    pub(super) async fn offer_moved(
        &self,
        offer: OfferId,
        event: OfferEvent,
        from: OfferState,
        to: OfferState,
        reason: Option<&str>,
    ) -> Result<(), Error> {
        self.exec(
            "UPDATE offers SET state = $2, version = version + 1, updated_at = $3, \
             published_at = CASE WHEN $2 = 'live' THEN COALESCE(published_at, $3) ELSE published_at END WHERE id = $1",
            [offer.0.into(), to.as_str().into(), self.now().0.into()],
        )
        .await?;
        let id = self
            .event(Event {
                subject_kind: "offer",
                subject_id: offer.0,
                kind: event.as_str(),
                from_state: Some(from.as_str()),
                to_state: Some(to.as_str()),
                reason,
                data: None,
            })
            .await?;
        if reason.is_some() {
            // Nobody of the cooperative did it, so its managers are told.
            self.letter_of_paused_offer(offer, id).await?;
        }
        self.offers_look_changed(&[offer.0]).await
    }

    async fn letter_of_paused_offer(&self, offer: OfferId, event: EventId) -> Result<(), Error> {
        #[derive(FromQueryResult)]
        struct Owner {
            cooperative_id: Uuid,
        }
        let owner: Option<Owner> = self
            .row(
                "SELECT cooperative_id FROM offers WHERE id = $1",
                [offer.0.into()],
            )
            .await?;
        let Some(owner) = owner else {
            return Ok(());
        };
        let about = About {
            offer: Some(offer),
            ..About::default()
        };
        let cooperative = OrganisationId(owner.cooperative_id);
        self.letter_to_roles("offer_paused", event, cooperative, &["coop_manager"], about)
            .await
    }

    /// Those of these offers that lost their last supply pause by themselves; the others are left alone.
    pub(crate) async fn pause_if_empty(&self, offers: &[Uuid]) -> Result<(), Error> {
        #[derive(FromQueryResult)]
        struct Empty {
            id: Uuid,
        }
        if offers.is_empty() {
            return Ok(());
        }
        let empty: Vec<Empty> = self
            .rows(
                format!(
                    "SELECT o.id FROM offers o WHERE o.state = 'live' AND o.id IN ({}) AND NOT EXISTS \
                     (SELECT 1 FROM supplies s WHERE s.offer_id = o.id AND s.withdrawn_at IS NULL) ORDER BY o.id",
                    placeholders(1, offers.len())
                ),
                offers.iter().map(|id| Value::from(*id)),
            )
            .await?;
        for offer in empty {
            self.pause_without_supply(OfferId(offer.id)).await?;
        }
        Ok(())
    }

    /// A live offer that lost its last supply pauses by itself.
    pub(crate) async fn pause_without_supply(&self, offer: OfferId) -> Result<(), Error> {
        let empty = self
            .number(
                "SELECT COUNT(*) FROM offers o WHERE o.id = $1 AND o.state = 'live' AND NOT EXISTS \
                 (SELECT 1 FROM supplies s WHERE s.offer_id = o.id AND s.withdrawn_at IS NULL)",
                [offer.0.into()],
            )
            .await?;
        if empty > 0
            && let Ok(to) = transition(OfferState::Live, OfferEvent::Pause, OfferActor::System)
        {
            self.offer_moved(
                offer,
                OfferEvent::Pause,
                OfferState::Live,
                to,
                Some("no_supply"),
            )
            .await?;
        }
        Ok(())
    }
}
