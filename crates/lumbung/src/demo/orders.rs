//! Buyers order: one order in every state there is so far.

use anyhow::{Context, anyhow};
use domain::ids::{OrderId, OrganisationId, ShareId};
use domain::money::Rupiah;
use domain::offers::{FreightSum, Viewer};
use domain::orders::Actor;
use domain::quantity::{Packs, Units};
use domain::shares::{Answer, ShareState};
use domain::time::Instant;
use store::orders::{PlaceOrder, ShareOwner, Side};
use store::{Act, Store};
use uuid::Uuid;

use super::build::{Party, People};
use super::data::BUYERS;

struct Trade<'a> {
    store: &'a Store,
    now: Instant,
    people: &'a People,
}

/// Tells the orders, oldest first, and lets time do what it does in between.
pub async fn tell(store: &Store, now: Instant, people: &People) -> anyhow::Result<()> {
    Trade { store, now, people }.tell().await
}

impl Trade<'_> {
    fn hours_ago(&self, hours: i64) -> Instant {
        self.now.plus_hours(-hours)
    }

    async fn tell(&self) -> anyhow::Result<()> {
        let [retailer, exporter, hospital] = self.people.buyers.as_slice() else {
            return Err(anyhow!("three buyers"));
        };
        // Nobody answered this one in three working days.
        self.order(*hospital, 2, &[(28, 20)], 260, "PO-RSD-101")
            .await?;
        self.store.sweep(self.hours_ago(120)).await?;

        // Confirmed: the members' silence accepted.
        let confirmed = self
            .order(*exporter, 1, &[(10, 12), (13, 5)], 118, "PO-EKS-310")
            .await?;
        self.store.sweep(self.hours_ago(93)).await?;
        self.confirm(confirmed, 1, 92).await?;
        let confirmed = self
            .order(*retailer, 0, &[(0, 10)], 90, "PO-RNC-0911")
            .await?;
        self.store.sweep(self.hours_ago(65)).await?;
        self.confirm(confirmed, 0, 64).await?;

        // Refused by the cooperative, taken back by the buyer.
        let refused = self
            .order(*hospital, 2, &[(29, 25)], 60, "PO-RSD-102")
            .await?;
        let coop = self.coop(2)?;
        self.store
            .decline_order(
                &coop.act(self.hours_ago(58)),
                coop.organisation,
                refused,
                "Panen kol rusak karena hujan. Kami kabari minggu depan.",
            )
            .await?;
        let cancelled = self
            .order(*exporter, 3, &[(34, 12)], 52, "PO-EKS-311")
            .await?;
        self.store
            .cancel_order(
                &exporter.act(self.hours_ago(50)),
                exporter.organisation,
                Actor::BuyerStaff,
                cancelled,
            )
            .await?;

        // Given back by the approver.
        let returned = self
            .order(*retailer, 0, &[(4, 20)], 40, "PO-RNC-0913")
            .await?;
        self.store
            .return_order(
                &self.people.approver.act(self.hours_ago(38)),
                self.people.approver.organisation,
                returned,
                "Gudang penuh sampai tanggal 20. Kirim lagi setelah itu.",
            )
            .await?;

        // A member gave less, the rest was shared out anew, and silence accepted that.
        let shared_again = self
            .order(*hospital, 1, &[(11, 8)], 50, "PO-RSD-103")
            .await?;
        self.reduce_first(shared_again, 1, 48).await?;
        let asked = self
            .order(*hospital, 0, &[(6, 5)], 30, "PO-RSD-106")
            .await?;
        self.store.sweep(self.hours_ago(2)).await?;
        // Its freight was worked out; the buyer is asked.
        let coop = self.coop(0)?;
        self.store
            .ask_freight(
                &coop.act(self.hours_ago(1)),
                coop.organisation,
                asked,
                Rupiah(350_000),
            )
            .await?;

        // With the cooperative now: shares wait for their members.
        self.order(*retailer, 0, &[(1, 10)], 5, "PO-RNC-0914")
            .await?;
        let partly = self
            .order(*exporter, 2, &[(23, 8)], 4, "PO-EKS-312")
            .await?;
        self.accept_first(partly, 2, 3).await?;
        self.order(*hospital, 3, &[(36, 15)], 3, "PO-RSD-104")
            .await?;
        // Above the staff's limit: waits for the approver.
        self.order(*retailer, 0, &[(4, 20)], 2, "PO-RNC-0915")
            .await?;
        // And something lies in the retailer's carts.
        let viewer = viewer(retailer.organisation);
        for (offer, units) in [(2, 10), (10, 10)] {
            let offer = self.people.offers.get(offer).copied().context("offer")?;
            self.store
                .put_in_cart(
                    &retailer.act(self.hours_ago(1)),
                    &viewer,
                    retailer.organisation,
                    offer,
                    Units(units),
                )
                .await?;
        }
        Ok(())
    }

    fn coop(&self, place: usize) -> anyhow::Result<Party> {
        self.people.coops.get(place).copied().context("cooperative")
    }

    /// Puts lines (offer, units) into the cart and places them, so many hours ago.
    async fn order(
        &self,
        buyer: Party,
        coop: usize,
        lines: &[(usize, i64)],
        hours: i64,
        po_number: &str,
    ) -> anyhow::Result<OrderId> {
        let at = self.hours_ago(hours);
        let act = buyer.act(at);
        let cooperative = self.coop(coop)?.organisation;
        let viewer = viewer(buyer.organisation);
        for (offer, units) in lines {
            let id = self.people.offers.get(*offer).copied().context("offer")?;
            self.store
                .put_in_cart(&act, &viewer, buyer.organisation, id, Units(*units))
                .await
                .with_context(|| format!("offer {offer}"))?;
        }
        let check = self
            .store
            .check_cart(&viewer, buyer.organisation, cooperative, at)
            .await?
            .context("an empty cart")?;
        let place = self
            .people
            .buyers
            .iter()
            .position(|party| party.organisation == buyer.organisation);
        let address = place
            .and_then(|place| BUYERS.get(place))
            .map_or("", |row| row.address);
        // Who fetches the goods gives no address.
        let (note, address) = match check.freight {
            FreightSum::Fetched => ("Diambil pukul 08.00–15.00.", ""),
            _ => ("Antar pukul 08.00–15.00.", address),
        };
        let cmd = PlaceOrder {
            order: OrderId(Uuid::now_v7()),
            buyer: buyer.organisation,
            cooperative,
            actor: Actor::BuyerStaff,
            po_number: po_number.to_owned(),
            note: note.to_owned(),
            deliver_to: address.to_owned(),
            region_code: check.details.region_code.clone(),
            wanted_on: None,
            changes: None,
            seen: check.seen,
        };
        let placed = self
            .store
            .place_order(&act, &cmd)
            .await
            .with_context(|| po_number.to_owned())?;
        Ok(placed.order)
    }

    async fn confirm(&self, order: OrderId, coop: usize, hours: i64) -> anyhow::Result<()> {
        let coop = self.coop(coop)?;
        self.store
            .confirm_order(&coop.act(self.hours_ago(hours)), coop.organisation, order)
            .await?;
        Ok(())
    }

    /// The first open share of an order: its id, business, packs, and the packs of a carton.
    async fn first_share(
        &self,
        order: OrderId,
        coop: usize,
    ) -> anyhow::Result<(ShareId, OrganisationId, Packs, i64)> {
        let cooperative = self.coop(coop)?.organisation;
        let view = self
            .store
            .order(Side::Cooperative(cooperative), order)
            .await?
            .context("the order")?;
        view.lines
            .iter()
            .flat_map(|line| line.shares.iter().map(|share| (share, line.packs_per_unit)))
            .find(|(share, _)| share.state == ShareState::Proposed)
            .map(|(share, step)| (share.id, share.supplier, Packs(share.packs), step))
            .context("an open share")
    }

    fn owner(&self, organisation: OrganisationId, at: Instant) -> anyhow::Result<Act> {
        let party = self
            .people
            .umkm
            .iter()
            .find(|party| party.organisation == organisation)
            .context("the share's business")?;
        Ok(party.act(at))
    }

    async fn accept_first(&self, order: OrderId, coop: usize, hours: i64) -> anyhow::Result<()> {
        let (share, supplier, _, _) = self.first_share(order, coop).await?;
        let act = self.owner(supplier, self.hours_ago(hours))?;
        self.store
            .answer_share(
                &act,
                ShareOwner::Supplier(supplier),
                share,
                Answer::Accept,
                None,
            )
            .await?;
        Ok(())
    }

    /// The first member gives a unit less than proposed, or nothing where it was one.
    async fn reduce_first(&self, order: OrderId, coop: usize, hours: i64) -> anyhow::Result<()> {
        let (share, supplier, packs, step) = self.first_share(order, coop).await?;
        let act = self.owner(supplier, self.hours_ago(hours))?;
        let less = Packs(packs.0 - step);
        let answer = if less.0 > 0 {
            Answer::Reduce(less)
        } else {
            Answer::Decline
        };
        self.store
            .answer_share(
                &act,
                ShareOwner::Supplier(supplier),
                share,
                answer,
                Some("Nira sedang sedikit."),
            )
            .await?;
        Ok(())
    }
}

fn viewer(buyer: OrganisationId) -> Viewer {
    Viewer {
        signed_in: true,
        verified: true,
        buyer: Some(buyer),
    }
}
