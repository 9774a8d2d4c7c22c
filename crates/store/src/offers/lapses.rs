//! Offers whose permits have run out: a live offer without a single supply that has what it requires pauses by itself,
//! with its event and a letter to the managers (DOMAIN §7). The member whose permit it was is told in any case, once for
//! each permit: its goods aren't sold there until it has a new one.

use domain::ids::{OfferId, OrganisationId, PersonId};
use domain::offers::{OfferActor, OfferEvent, OfferState, transition};
use domain::time::{Day, Instant, Zone};
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

use crate::act::Act;
use crate::error::Error;
use crate::events::Event;
use crate::letters::{About, Told};
use crate::offers::facts::list;
use crate::sql::{Sql, placeholders};
use crate::write::{Store, Tx};

/// Offers looked at in one sweep.
const BATCH: i64 = 500;
/// The mark that says for which hour permits were looked at.
const MARK: &str = "permits_seen";
/// Permits that ended longer ago were looked at while they ended.
const BACK_DAYS: i32 = 8;

#[derive(FromQueryResult)]
struct OfferRow {
    id: Uuid,
    required_certificates: String,
    region_code: String,
}

#[derive(FromQueryResult)]
struct PermitRow {
    offer_id: Uuid,
    supply_id: Uuid,
    kind: Option<String>,
    valid_from: Option<i32>,
    valid_until: Option<i32>,
}

/// A permit that has ended, of goods in an offer that requires it.
#[derive(FromQueryResult)]
struct LapsedRow {
    certificate_id: Uuid,
    kind: String,
    valid_until: i32,
    supplier_id: Uuid,
    offer_id: Uuid,
    required_certificates: String,
    cooperative_id: Uuid,
    region_code: String,
}

#[derive(FromQueryResult)]
struct OwnerRow {
    person_id: Uuid,
    organisation_id: Uuid,
}

impl Store {
    /// Once an hour: tells members whose permits have ended, and pauses the offers whose last required permit it was.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn pause_lapsed_offers(&self, now: Instant) -> Result<(), Error> {
        // Days begin at different hours in the three zones.
        let hour = now.0.div_euclid(3_600_000_000).to_string();
        if self.mark(MARK).await?.as_deref() == Some(hour.as_str()) {
            return Ok(());
        }
        let today = Zone::Wit.day_of(now);
        let suspects: Vec<OfferRow> = self
            .rows(
                "SELECT DISTINCT o.id, o.required_certificates, c.region_code FROM certificates x \
                 JOIN supplies s ON s.supplier_id = x.organisation_id AND s.withdrawn_at IS NULL \
                 JOIN offers o ON o.id = s.offer_id AND o.state = 'live' AND o.required_certificates <> '' \
                 JOIN organisations c ON c.id = o.cooperative_id \
                 WHERE x.valid_until < $1 AND x.valid_until >= $2 ORDER BY o.id LIMIT $3",
                [
                    today.0.into(),
                    today.plus(-BACK_DAYS).0.into(),
                    BATCH.into(),
                ],
            )
            .await?;
        let lapsed = self.lapsed_permits(today).await?;
        let act = Act::system(now);
        self.write(&act, async |tx| -> Result<(), Error> {
            tx.tell_lapsed(&lapsed).await?;
            tx.pause_uncertified(&suspects).await?;
            tx.set_mark(MARK, &hour).await
        })
        .await
    }
}

impl Store {
    /// Permits that ended lately, nobody was told about, and nothing has taken the place of.
    async fn lapsed_permits(&self, today: Day) -> Result<Vec<LapsedRow>, Error> {
        self.rows(
            "SELECT x.id AS certificate_id, x.kind, x.valid_until, s.supplier_id, o.id AS offer_id, \
             o.required_certificates, o.cooperative_id, c.region_code FROM certificates x \
             JOIN supplies s ON s.supplier_id = x.organisation_id AND s.withdrawn_at IS NULL \
             AND (x.product_id IS NULL OR x.product_id = s.product_id) \
             JOIN offers o ON o.id = s.offer_id AND o.state = 'live' AND o.required_certificates <> '' \
             JOIN organisations c ON c.id = o.cooperative_id \
             WHERE x.valid_until < $1 AND x.valid_until >= $2 AND NOT EXISTS (SELECT 1 FROM events e \
             WHERE e.subject_kind = 'certificate' AND e.subject_id = x.id) AND NOT EXISTS \
             (SELECT 1 FROM certificates y WHERE y.organisation_id = x.organisation_id AND y.kind = x.kind \
             AND (y.product_id IS NULL OR y.product_id = s.product_id) AND (y.valid_from IS NULL OR y.valid_from <= $1) \
             AND (y.valid_until IS NULL OR y.valid_until >= $1)) ORDER BY x.id, o.id LIMIT $3",
            [
                today.0.into(),
                today.plus(-BACK_DAYS).0.into(),
                BATCH.into(),
            ],
        )
        .await
    }
}

impl Tx {
    /// Writes down that these permits have ended, and tells the owners of the goods. A permit of several offers is told
    /// once, by the first.
    async fn tell_lapsed(&self, lapsed: &[LapsedRow]) -> Result<(), Error> {
        let mut ended: Vec<&LapsedRow> = lapsed
            .iter()
            .filter(|row| list(&row.required_certificates).contains(&row.kind))
            .filter(|row| row.valid_until < Zone::of_region(&row.region_code).day_of(self.now()).0)
            .collect();
        ended.dedup_by_key(|row| row.certificate_id);
        if ended.is_empty() {
            return Ok(());
        }
        let owners: Vec<OwnerRow> = self
            .rows(
                format!(
                    "SELECT person_id, organisation_id FROM roles WHERE until IS NULL AND role IN \
                     ('umkm_owner', 'coop_manager') AND organisation_id IN ({}) ORDER BY person_id",
                    placeholders(1, ended.len())
                ),
                ended.iter().map(|row| Value::from(row.supplier_id)),
            )
            .await?;
        for row in ended {
            let event = self
                .event(Event {
                    subject_kind: "certificate",
                    subject_id: row.certificate_id,
                    kind: "permit_lapsed",
                    reason: Some(&row.kind),
                    ..Event::default()
                })
                .await?;
            let about = About {
                organisation: Some(OrganisationId(row.supplier_id)),
                cooperative: Some(OrganisationId(row.cooperative_id)),
                offer: Some(OfferId(row.offer_id)),
                ..About::default()
            };
            let to: Vec<Told> = owners
                .iter()
                .filter(|owner| owner.organisation_id == row.supplier_id)
                .map(|owner| Told {
                    person: PersonId(owner.person_id),
                    organisation: Some(OrganisationId(row.supplier_id)),
                    about,
                })
                .collect();
            self.tell("member_permit_lapsed", event, &to).await?;
        }
        Ok(())
    }

    /// Looks at live offers whose supplies may have lost a permit now.
    pub(crate) async fn check_permits(&self, offers: &[Uuid]) -> Result<(), Error> {
        if offers.is_empty() {
            return Ok(());
        }
        let rows: Vec<OfferRow> = self
            .rows(
                format!(
                    "SELECT o.id, o.required_certificates, c.region_code FROM offers o JOIN organisations c \
                     ON c.id = o.cooperative_id WHERE o.state = 'live' AND o.required_certificates <> '' \
                     AND o.id IN ({}) ORDER BY o.id",
                    placeholders(1, offers.len())
                ),
                offers.iter().map(|id| Value::from(*id)),
            )
            .await?;
        self.pause_uncertified(&rows).await
    }

    async fn pause_uncertified(&self, offers: &[OfferRow]) -> Result<(), Error> {
        if offers.is_empty() {
            return Ok(());
        }
        let permits = self.permits_of(offers).await?;
        for offer in offers {
            let today = Zone::of_region(&offer.region_code).day_of(self.now());
            if is_certified(offer, &permits, today) {
                continue;
            }
            let Ok(to) = transition(OfferState::Live, OfferEvent::Pause, OfferActor::System) else {
                continue;
            };
            self.offer_moved(
                OfferId(offer.id),
                OfferEvent::Pause,
                OfferState::Live,
                to,
                Some("permit_lapsed"),
            )
            .await?;
        }
        Ok(())
    }

    /// Every supply of these offers with each of its permits; one query.
    async fn permits_of(&self, offers: &[OfferRow]) -> Result<Vec<PermitRow>, Error> {
        self.rows(
            format!(
                "SELECT s.offer_id, s.id AS supply_id, x.kind, x.valid_from, x.valid_until FROM supplies s \
                 LEFT JOIN certificates x ON x.organisation_id = s.supplier_id AND (x.product_id IS NULL OR \
                 x.product_id = s.product_id) WHERE s.withdrawn_at IS NULL AND s.offer_id IN ({})",
                placeholders(1, offers.len())
            ),
            offers.iter().map(|offer| Value::from(offer.id)),
        )
        .await
    }

    /// Whether one supply of an offer has every permit that it requires, today.
    pub(crate) async fn has_certified_supply(
        &self,
        cooperative: OrganisationId,
        offer: OfferId,
    ) -> Result<bool, Error> {
        let row: Option<OfferRow> = self
            .row(
                "SELECT o.id, o.required_certificates, c.region_code FROM offers o JOIN organisations c \
                 ON c.id = o.cooperative_id WHERE o.id = $1 AND o.cooperative_id = $2",
                [offer.0.into(), cooperative.0.into()],
            )
            .await?;
        let Some(row) = row else {
            return Ok(false);
        };
        let today = Zone::of_region(&row.region_code).day_of(self.now());
        let permits = self.permits_of(std::slice::from_ref(&row)).await?;
        Ok(is_certified(&row, &permits, today))
    }
}

fn is_certified(offer: &OfferRow, permits: &[PermitRow], today: Day) -> bool {
    let required = list(&offer.required_certificates);
    let of_offer = || permits.iter().filter(|row| row.offer_id == offer.id);
    of_offer().any(|supply| {
        required.iter().all(|kind| {
            of_offer().any(|row| {
                row.supply_id == supply.supply_id
                    && row.kind.as_ref() == Some(kind)
                    && row.valid_from.is_none_or(|day| day <= today.0)
                    && row.valid_until.is_none_or(|day| day >= today.0)
            })
        })
    })
}
