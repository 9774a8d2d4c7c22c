//! One order and one share, as their pages show them. Each side is given what it may see and nothing more: a buyer no
//! member prices and no members' reasons, a cooperative nothing of the buyer's own approval.

use domain::allocation::Rule;
use domain::ids::{OfferId, OrderId, OrderLineId, OrganisationId, PersonId, ShareId};
use domain::money::Rupiah;
use domain::offers::{DeliveryBasis, FreightSum, freight_sum};
use domain::orders::OrderState;
use domain::shares::ShareState;
use domain::time::{Day, Instant};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::error::Error;
use crate::orders::lists::{Side, stored};
use crate::sql::Sql;
use crate::write::Store;

mod history;
mod share;

pub use history::{ConsentView, EventView};
pub use share::ShareView;

/// An order with everything its side may see.
#[derive(Clone, Debug)]
pub struct OrderView {
    pub id: OrderId,
    pub number: String,
    pub state: OrderState,
    pub buyer: OrganisationId,
    pub buyer_name: String,
    pub cooperative: OrganisationId,
    pub cooperative_name: String,
    pub cooperative_slug: String,
    pub cooperative_region: String,
    pub created_by: PersonId,
    pub created_at: Instant,
    pub sent_at: Option<Instant>,
    /// Members answer until then.
    pub answer_by: Option<Instant>,
    /// The cooperative answers until then.
    pub expires_at: Option<Instant>,
    pub goods: Rupiah,
    pub ppn: Rupiah,
    pub freight: FreightSum,
    pub total: Rupiah,
    pub freight_pending: bool,
    pub is_pkp: bool,
    /// How it is paid, as agreed when it was made: a word of [`domain::orders::PaymentTerm`].
    pub payment_term: Option<String>,
    pub po_number: String,
    pub note: String,
    pub deliver_to: String,
    pub region_code: String,
    pub wanted_on: Option<Day>,
    /// Whoever made the order may not approve it.
    pub four_eyes: bool,
    /// What the buyer's staff may order alone.
    pub staff_limit: Option<Rupiah>,
    pub lines: Vec<LineView>,
    pub events: Vec<EventView>,
    /// The question that waits for the buyer.
    pub consent: Option<ConsentView>,
    /// The returned order that this one took the place of; never told to the cooperative.
    pub replaces: Option<Replacement>,
    /// The order that took the place of this returned one.
    pub replaced_by: Option<Replacement>,
}

/// The other of two orders of which one took the other's place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replacement {
    pub id: OrderId,
    pub number: String,
}

#[derive(Clone, Debug)]
pub struct LineView {
    pub id: OrderLineId,
    pub offer: OfferId,
    pub title: String,
    pub picture: String,
    pub unit: String,
    pub carton_name: Option<String>,
    pub packs_per_unit: i64,
    pub ordered_units: i64,
    pub units: i64,
    pub packs: i64,
    pub rule: Rule,
    pub delivery_basis: DeliveryBasis,
    pub goods: Rupiah,
    pub ppn: Rupiah,
    pub freight: Rupiah,
    pub prices: Vec<LinePrice>,
    /// Best first come the earliest runs; released ones are left out.
    pub shares: Vec<LineShareView>,
    /// The cooperative's own figures; `None` for buyers.
    pub margin: Option<Rupiah>,
    pub runs: i32,
}

#[derive(Clone, Debug)]
pub struct LinePrice {
    pub grade: String,
    pub buyer_price: Rupiah,
    /// `None` for buyers.
    pub member_price: Option<Rupiah>,
}

/// A member's part as the order's page lists it.
#[derive(Clone, Debug)]
pub struct LineShareView {
    pub id: ShareId,
    pub supplier: OrganisationId,
    pub supplier_name: String,
    pub supplier_region: String,
    pub grade: String,
    pub proposed_packs: i64,
    pub packs: i64,
    pub state: ShareState,
    pub answer_by: Option<Instant>,
    pub answered_at: Option<Instant>,
    /// Nobody answered in time.
    pub by_silence: bool,
    pub on_behalf: bool,
    /// `None` for buyers.
    pub reason: Option<String>,
    pub run: i32,
}

#[derive(FromQueryResult)]
struct Head {
    id: Uuid,
    number: Option<String>,
    state: String,
    buyer_id: Uuid,
    buyer_name: String,
    staff_limit_rupiah: Option<i64>,
    cooperative_id: Uuid,
    cooperative_name: String,
    cooperative_slug: String,
    cooperative_region: String,
    created_by: Uuid,
    created_at: i64,
    sent_at: Option<i64>,
    answer_by: Option<i64>,
    expires_at: Option<i64>,
    goods_rupiah: i64,
    ppn_rupiah: i64,
    freight_rupiah: i64,
    total_rupiah: i64,
    freight_pending: bool,
    is_pkp: bool,
    po_number: String,
    note: String,
    deliver_to: String,
    region_code: String,
    wanted_on: Option<i32>,
    terms: String,
    payment_term: Option<String>,
}

#[derive(FromQueryResult)]
struct LineRow {
    id: Uuid,
    offer_id: Uuid,
    title: String,
    picture: String,
    unit: String,
    carton_name: Option<String>,
    packs_per_unit: i64,
    ordered_units: i64,
    units: i64,
    packs: i64,
    rule: String,
    delivery_basis: String,
    goods_rupiah: i64,
    ppn_rupiah: i64,
    freight_rupiah: i64,
    margin_rupiah: i64,
}

#[derive(FromQueryResult)]
struct PriceRow {
    order_line_id: Uuid,
    grade: String,
    buyer_price_rupiah: i64,
    member_price_rupiah: i64,
}

#[derive(FromQueryResult)]
struct LineShareRow {
    id: Uuid,
    order_line_id: Uuid,
    supplier_id: Uuid,
    supplier_name: String,
    supplier_region: String,
    grade: String,
    proposed_packs: i64,
    packs: i64,
    state: String,
    answer_by: Option<i64>,
    answered_at: Option<i64>,
    answered_by: Option<Uuid>,
    on_behalf: bool,
    reason: Option<String>,
    run: i32,
}

impl Store {
    /// An order of this buyer, or one that was sent to this cooperative; `None` for everybody else's.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn order(&self, side: Side, order: OrderId) -> Result<Option<OrderView>, Error> {
        let (mine, owner) = match side {
            Side::Buyer(id) => ("o.buyer_id = $2", id),
            Side::Cooperative(id) => ("o.cooperative_id = $2 AND o.sent_at IS NOT NULL", id),
        };
        let head: Option<Head> = self
            .row(
                format!(
                    "SELECT o.id, o.number, o.state, o.buyer_id, b.name AS buyer_name, b.staff_limit_rupiah, \
                     o.cooperative_id, k.name AS cooperative_name, k.slug AS cooperative_slug, \
                     k.region_code AS cooperative_region, o.created_by, o.created_at, o.sent_at, o.answer_by, \
                     o.expires_at, o.goods_rupiah, o.ppn_rupiah, o.freight_rupiah, o.total_rupiah, o.freight_pending, \
                     o.is_pkp, o.po_number, o.note, o.deliver_to, o.region_code, o.wanted_on, o.terms, o.payment_term \
                     FROM orders o JOIN organisations b ON b.id = o.buyer_id \
                     JOIN organisations k ON k.id = o.cooperative_id WHERE o.id = $1 AND {mine}"
                ),
                [order.0.into(), owner.0.into()],
            )
            .await?;
        let Some(head) = head else {
            return Ok(None);
        };
        let is_buyer = matches!(side, Side::Buyer(_));
        let terms: domain::settings::Terms = serde_json::from_str(&head.terms)?;
        let lines = self.line_views(order, is_buyer).await?;
        let (replaces, replaced_by) = if is_buyer {
            self.replacements(order).await?
        } else {
            (None, None)
        };
        Ok(Some(OrderView {
            id: OrderId(head.id),
            number: head.number.unwrap_or_default(),
            state: stored(&head.state)?,
            buyer: OrganisationId(head.buyer_id),
            buyer_name: head.buyer_name,
            cooperative: OrganisationId(head.cooperative_id),
            cooperative_name: head.cooperative_name,
            cooperative_slug: head.cooperative_slug,
            cooperative_region: head.cooperative_region,
            created_by: PersonId(head.created_by),
            created_at: Instant(head.created_at),
            sent_at: head.sent_at.map(Instant),
            answer_by: head.answer_by.map(Instant),
            expires_at: head.expires_at.map(Instant),
            payment_term: head.payment_term,
            goods: Rupiah(head.goods_rupiah),
            ppn: Rupiah(head.ppn_rupiah),
            freight: freight_sum(
                lines.iter().map(|line| line.delivery_basis),
                head.freight_pending,
                Rupiah(head.freight_rupiah),
            ),
            total: Rupiah(head.total_rupiah),
            freight_pending: head.freight_pending,
            is_pkp: head.is_pkp,
            po_number: head.po_number,
            note: head.note,
            deliver_to: head.deliver_to,
            region_code: head.region_code,
            wanted_on: head.wanted_on.map(Day),
            four_eyes: terms.four_eyes,
            staff_limit: head.staff_limit_rupiah.map(Rupiah),
            lines,
            events: self.event_views(order, owner, is_buyer).await?,
            consent: self.open_consent(order).await?,
            replaces,
            replaced_by,
        }))
    }

    /// What an order took the place of, and what took its place.
    async fn replacements(
        &self,
        order: OrderId,
    ) -> Result<(Option<Replacement>, Option<Replacement>), Error> {
        #[derive(FromQueryResult)]
        struct Row {
            id: Uuid,
            number: Option<String>,
            order_id: Uuid,
        }
        let rows: Vec<Row> = self
            .rows(
                "SELECT o.id, o.number, x.order_id FROM order_changes x JOIN orders o \
                 ON o.id = CASE WHEN x.order_id = $1 THEN x.replaced_by ELSE x.order_id END \
                 WHERE x.replaced_by IS NOT NULL AND (x.order_id = $1 OR x.replaced_by = $1)",
                [order.0.into()],
            )
            .await?;
        let (mut replaces, mut replaced_by) = (None, None);
        for row in rows {
            let other = Replacement {
                id: OrderId(row.id),
                number: row.number.unwrap_or_default(),
            };
            if row.order_id == order.0 {
                replaced_by = Some(other);
            } else {
                replaces = Some(other);
            }
        }
        Ok((replaces, replaced_by))
    }

    async fn line_views(&self, order: OrderId, is_buyer: bool) -> Result<Vec<LineView>, Error> {
        let lines: Vec<LineRow> = self
            .rows(
                "SELECT id, offer_id, title, picture, unit, carton_name, packs_per_unit, ordered_units, units, packs, \
                 rule, delivery_basis, goods_rupiah, ppn_rupiah, freight_rupiah, margin_rupiah FROM order_lines WHERE order_id = $1 \
                 ORDER BY position",
                [order.0.into()],
            )
            .await?;
        let prices: Vec<PriceRow> = self
            .rows(
                "SELECT p.order_line_id, p.grade, p.buyer_price_rupiah, p.member_price_rupiah FROM order_line_prices p \
                 JOIN order_lines l ON l.id = p.order_line_id WHERE l.order_id = $1 \
                 ORDER BY p.order_line_id, p.buyer_price_rupiah DESC, p.grade",
                [order.0.into()],
            )
            .await?;
        let shares: Vec<LineShareRow> = self
            .rows(
                "SELECT s.id, s.order_line_id, s.supplier_id, u.name AS supplier_name, u.region_code AS supplier_region, \
                 s.grade, s.proposed_packs, s.packs, s.state, s.answer_by, s.answered_at, s.answered_by, s.on_behalf, \
                 s.reason, a.run FROM shares s JOIN organisations u ON u.id = s.supplier_id \
                 JOIN allocations a ON a.id = s.allocation_id JOIN orders o ON o.id = s.order_id \
                 WHERE s.order_id = $1 AND (s.state <> 'released' OR o.state IN ('declined', 'cancelled', 'expired')) \
                 ORDER BY s.order_line_id, a.run, s.proposed_packs DESC, u.name, s.id",
                [order.0.into()],
            )
            .await?;
        lines
            .into_iter()
            .map(|line| {
                let mine: Vec<LineShareView> = shares
                    .iter()
                    .filter(|share| share.order_line_id == line.id)
                    .map(|share| line_share(share, is_buyer))
                    .collect::<Result<_, _>>()?;
                Ok(LineView {
                    id: OrderLineId(line.id),
                    offer: OfferId(line.offer_id),
                    title: line.title,
                    picture: line.picture,
                    unit: line.unit,
                    carton_name: line.carton_name,
                    packs_per_unit: line.packs_per_unit,
                    ordered_units: line.ordered_units,
                    units: line.units,
                    packs: line.packs,
                    rule: stored(&line.rule)?,
                    delivery_basis: stored(&line.delivery_basis)?,
                    goods: Rupiah(line.goods_rupiah),
                    ppn: Rupiah(line.ppn_rupiah),
                    freight: Rupiah(line.freight_rupiah),
                    prices: prices
                        .iter()
                        .filter(|price| price.order_line_id == line.id)
                        .map(|price| LinePrice {
                            grade: price.grade.clone(),
                            buyer_price: Rupiah(price.buyer_price_rupiah),
                            member_price: (!is_buyer).then_some(Rupiah(price.member_price_rupiah)),
                        })
                        .collect(),
                    margin: (!is_buyer).then_some(Rupiah(line.margin_rupiah)),
                    runs: mine.iter().map(|share| share.run).max().unwrap_or(1),
                    shares: mine,
                })
            })
            .collect()
    }
}

fn line_share(row: &LineShareRow, is_buyer: bool) -> Result<LineShareView, Error> {
    Ok(LineShareView {
        id: ShareId(row.id),
        supplier: OrganisationId(row.supplier_id),
        supplier_name: row.supplier_name.clone(),
        supplier_region: row.supplier_region.clone(),
        grade: row.grade.clone(),
        proposed_packs: row.proposed_packs,
        packs: row.packs,
        state: stored(&row.state)?,
        answer_by: row.answer_by.map(Instant),
        answered_at: row.answered_at.map(Instant),
        by_silence: row.answered_at.is_some() && row.answered_by.is_none(),
        on_behalf: row.on_behalf,
        reason: row.reason.clone().filter(|_| !is_buyer),
        run: row.run,
    })
}
