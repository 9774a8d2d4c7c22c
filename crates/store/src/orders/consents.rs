//! Questions to the buyer after an order was placed: fewer goods than ordered, or freight that had to be worked out.
//! The order changes only when the buyer agrees; each line keeps its tier price.

use std::collections::BTreeMap;

use domain::ids::{OrderId, OrganisationId, ShareId};
use domain::money::{Overflow, Rupiah};
use domain::orders::{
    Actor, Consent, ConsentEvent, ConsentKind, ConsentRefusal, ConsentState, OrderState,
};
use domain::pricing::{BuildUp, LineTotals, UnitCosts};
use domain::quantity::{Packs, Units};
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::act::Act;
use crate::entities::consents;
use crate::error::Error;
use crate::events::Event;
use crate::letters::About;
use crate::offers::facts;
use crate::orders::decide::{OrderRow, Owner};
use crate::orders::lines::ppn_rate;
use crate::sql::Sql;
use crate::write::{Store, Tx, rerun_by_store};

/// Why a question was not asked, or an answer not taken.
#[derive(Debug, thiserror::Error)]
pub enum ConsentError {
    #[error(transparent)]
    Refused(#[from] ConsentRefusal),
    /// Only an order that waits for the cooperative can change.
    #[error("the order is {0}")]
    OrderState(OrderState),
    /// Members have not all answered yet.
    #[error("shares are still open")]
    SharesOpen,
    /// There is nothing to ask: the order is whole.
    #[error("nothing changed")]
    NothingToAsk,
    /// Another question waits for the buyer's answer.
    #[error("a question is open already")]
    Open,
    /// No question waits for an answer.
    #[error("no question is open")]
    NoneOpen,
    #[error(transparent)]
    Overflow(#[from] Overflow),
    #[error(transparent)]
    Store(#[from] Error),
}
rerun_by_store!(ConsentError);

/// A line as it would be after the buyer agrees. Rupiah and units.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ProposedLine {
    pub line: Uuid,
    pub units: i64,
    pub packs: i64,
    pub goods: i64,
    pub ppn: i64,
    pub freight: i64,
    pub margin: i64,
    /// Shares that keep fewer packs than accepted, because only whole cartons are sold: share and packs kept.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kept: Vec<(Uuid, i64)>,
}

#[derive(FromQueryResult)]
struct LineRow {
    id: Uuid,
    units: i64,
    packs: i64,
    packs_per_unit: i64,
    ppn_treatment: String,
    delivery_basis: String,
    packaging_rupiah: i64,
    transport_rupiah: i64,
    goods_rupiah: i64,
    ppn_rupiah: i64,
    freight_rupiah: i64,
    margin_rupiah: i64,
}

/// A given share with the prices of its grade, the last answered first.
#[derive(FromQueryResult)]
struct GivenRow {
    id: Uuid,
    order_line_id: Uuid,
    grade: String,
    packs: i64,
    buyer_price_rupiah: i64,
    member_price_rupiah: i64,
}

/// What the members of a line give in whole units. Packs of a grade that fill no carton stay with whoever answered
/// last (ties: larger id): only mixed cartons, where a member may reduce to any number, leave such packs.
struct WholeUnits {
    packs: i64,
    goods: Rupiah,
    members: Rupiah,
    kept: Vec<(Uuid, i64)>,
}

fn whole_units(
    line: Uuid,
    packs_per_unit: i64,
    given: &[GivenRow],
) -> Result<WholeUnits, Overflow> {
    let mut loose: BTreeMap<&str, i64> = BTreeMap::new();
    for share in given.iter().filter(|share| share.order_line_id == line) {
        *loose.entry(&share.grade).or_default() += share.packs;
    }
    for packs in loose.values_mut() {
        *packs -= Packs(*packs)
            .units(packs_per_unit)
            .packs(packs_per_unit)
            .ok_or(Overflow)?
            .0;
    }
    let mut whole = WholeUnits {
        packs: 0,
        goods: Rupiah::ZERO,
        members: Rupiah::ZERO,
        kept: Vec::new(),
    };
    for share in given.iter().filter(|share| share.order_line_id == line) {
        let over = loose.get_mut(share.grade.as_str()).map_or(0, |loose| {
            let over = share.packs.min(*loose);
            *loose -= over;
            over
        });
        let packs = share.packs - over;
        if over > 0 {
            whole.kept.push((share.id, packs));
        }
        whole.packs = whole.packs.saturating_add(packs);
        whole.goods = whole
            .goods
            .checked_add(Rupiah(share.buyer_price_rupiah).times(Packs(packs))?)?;
        whole.members = whole
            .members
            .checked_add(Rupiah(share.member_price_rupiah).times(Packs(packs))?)?;
    }
    Ok(whole)
}

impl Store {
    /// Asks the buyer to take what the members accepted, where that is less than ordered.
    ///
    /// # Errors
    /// [`ConsentError`].
    pub async fn ask_reduced(
        &self,
        act: &Act,
        cooperative: OrganisationId,
        order: OrderId,
    ) -> Result<(), ConsentError> {
        self.write(act, async |tx| -> Result<(), ConsentError> {
            let row = tx.asking(cooperative, order).await?;
            if tx.share_states(order).await?.iter().any(|state| !state.is_answered()) {
                return Err(ConsentError::SharesOpen);
            }
            let terms = row.terms()?;
            let lines = tx.lines(order).await?;
            let given: Vec<GivenRow> = tx
                .rows(
                    "SELECT s.id, s.order_line_id, s.grade, s.packs, p.buyer_price_rupiah, p.member_price_rupiah \
                     FROM shares s JOIN order_line_prices p ON p.order_line_id = s.order_line_id AND p.grade = s.grade \
                     WHERE s.order_id = $1 AND s.state IN ('accepted', 'reduced') ORDER BY s.answered_at DESC, s.id DESC",
                    [row.id.into()],
                )
                .await?;
            let mut proposal = Vec::with_capacity(lines.len());
            for line in &lines {
                let WholeUnits { packs, goods, members, kept } = whole_units(line.id, line.packs_per_unit, &given)?;
                let units = Packs(packs).units(line.packs_per_unit).0;
                let costs = UnitCosts {
                    packaging: Rupiah(line.packaging_rupiah),
                    transport: Rupiah(line.transport_rupiah),
                };
                let margin = BuildUp::of_sums(goods, members, Units(units), costs, terms.platform_fee_bp)?.margin;
                let totals = LineTotals::new(
                    goods,
                    ppn_rate(row.is_pkp, &line.ppn_treatment, &terms)?,
                    Rupiah::ZERO,
                )?;
                // Franco freight is a rate per unit; freight that the cooperative worked out stays what it is.
                let freight = if line.delivery_basis == "franco" && line.units > 0 {
                    Rupiah(line.freight_rupiah.div_euclid(line.units)).times(Packs(units))?.0
                } else {
                    line.freight_rupiah
                };
                proposal.push(ProposedLine {
                    line: line.id,
                    units,
                    packs,
                    goods: goods.0,
                    ppn: totals.ppn.0,
                    freight,
                    margin: margin.0,
                    kept,
                });
            }
            // An order of nothing is declined, not reduced.
            let nothing_left = proposal.iter().all(|line| line.packs == 0);
            if nothing_left || proposal.iter().zip(&lines).all(|(new, old)| new.packs == old.packs) {
                return Err(ConsentError::NothingToAsk);
            }
            tx.ask(&row, ConsentKind::Reduced, &proposal).await
        })
        .await
    }

    /// Enters the freight that the cooperative worked out for the whole order, and asks the buyer.
    ///
    /// # Errors
    /// [`ConsentError`].
    pub async fn ask_freight(
        &self,
        act: &Act,
        cooperative: OrganisationId,
        order: OrderId,
        freight: Rupiah,
    ) -> Result<(), ConsentError> {
        self.write(act, async |tx| -> Result<(), ConsentError> {
            let row = tx.asking(cooperative, order).await?;
            if !row.freight_pending {
                return Err(ConsentError::NothingToAsk);
            }
            let lines = tx.lines(order).await?;
            // One amount for the load: it stands whole on the first line that waits for it, so that nothing is lost to
            // rounding. The others keep the freight they were ordered with.
            let on = lines
                .iter()
                .find(|line| line.delivery_basis == "quoted")
                .or(lines.first())
                .map(|line| line.id);
            let mut proposal = Vec::with_capacity(lines.len());
            for line in &lines {
                let added = if on == Some(line.id) {
                    freight
                } else {
                    Rupiah::ZERO
                };
                proposal.push(ProposedLine {
                    line: line.id,
                    units: line.units,
                    packs: line.packs,
                    goods: line.goods_rupiah,
                    ppn: line.ppn_rupiah,
                    freight: Rupiah(line.freight_rupiah).checked_add(added)?.0,
                    margin: line.margin_rupiah,
                    kept: Vec::new(),
                });
            }
            tx.ask(&row, ConsentKind::Freight, &proposal).await
        })
        .await
    }

    /// The buyer agrees to the open question, or does not.
    ///
    /// # Errors
    /// [`ConsentError`].
    pub async fn answer_consent(
        &self,
        act: &Act,
        buyer: OrganisationId,
        actor: Actor,
        order: OrderId,
        agree: bool,
    ) -> Result<(), ConsentError> {
        #[derive(FromQueryResult)]
        struct Open {
            id: Uuid,
            kind: String,
            before_rupiah: i64,
            after_rupiah: i64,
            proposal: String,
        }
        self.write(act, async |tx| -> Result<(), ConsentError> {
            let row = tx.lock_order(Owner::Buyer(buyer), order).await?;
            if row.state()? != OrderState::Sent {
                return Err(ConsentError::OrderState(row.state()?));
            }
            let open: Open = tx
                .row(
                    "SELECT id, kind, before_rupiah, after_rupiah, proposal FROM consents WHERE order_id = $1 \
                     AND state = 'open'",
                    [row.id.into()],
                )
                .await?
                .ok_or(ConsentError::NoneOpen)?;
            let party = facts::party(tx, buyer, "buyer").await?;
            let consent = Consent {
                kind: open.kind.parse().map_err(|_| Error::Corrupt(open.kind.clone()))?,
                before_total: Rupiah(open.before_rupiah),
                after_total: Rupiah(open.after_rupiah),
                state: ConsentState::Open,
            };
            let event = if agree { ConsentEvent::Accept } else { ConsentEvent::Refuse };
            let state = consent.answer(event, actor, party.staff_limit_rupiah.map(Rupiah))?;
            if state == ConsentState::Accepted {
                let proposal: Vec<ProposedLine> = serde_json::from_str(&open.proposal).map_err(Error::from)?;
                tx.apply(&row, consent.kind, &proposal).await?;
            }
            tx.exec(
                "UPDATE consents SET state = $2, answered_at = $3, answered_by = $4 WHERE id = $1 AND state = 'open'",
                [
                    open.id.into(),
                    state.as_str().into(),
                    tx.now().0.into(),
                    tx.act.person.map(Uuid::from).into(),
                ],
            )
            .await?;
            let event = tx
                .event(Event {
                    subject_kind: "order",
                    subject_id: row.id,
                    kind: if agree { "consent_accepted" } else { "consent_refused" },
                    data: Some(format!("{{\"before\":{},\"after\":{}}}", open.before_rupiah, open.after_rupiah)),
                    ..Event::default()
                })
                .await?;
            tx.letter_to_roles("consent_answered", event, row.cooperative(), &["coop_manager"], About::order(order))
                .await?;
            Ok(())
        })
        .await
    }
}

impl Tx {
    /// The order, if the cooperative may ask about it now.
    async fn asking(
        &self,
        cooperative: OrganisationId,
        order: OrderId,
    ) -> Result<OrderRow, ConsentError> {
        let row = self
            .lock_order(Owner::Cooperative(cooperative), order)
            .await?;
        if row.state()? != OrderState::Sent {
            return Err(ConsentError::OrderState(row.state()?));
        }
        let open = self
            .number(
                "SELECT COUNT(*) FROM consents WHERE order_id = $1 AND state = 'open'",
                [row.id.into()],
            )
            .await?;
        if open > 0 {
            Err(ConsentError::Open)
        } else {
            Ok(row)
        }
    }

    async fn lines(&self, order: OrderId) -> Result<Vec<LineRow>, Error> {
        self.rows(
            "SELECT id, units, packs, packs_per_unit, ppn_treatment, delivery_basis, packaging_rupiah, \
             transport_rupiah, goods_rupiah, ppn_rupiah, freight_rupiah, margin_rupiah FROM order_lines \
             WHERE order_id = $1 ORDER BY position",
            [order.0.into()],
        )
        .await
    }

    async fn ask(
        &self,
        row: &OrderRow,
        kind: ConsentKind,
        proposal: &[ProposedLine],
    ) -> Result<(), ConsentError> {
        let after = Rupiah::sum(
            proposal
                .iter()
                .flat_map(|line| [Rupiah(line.goods), Rupiah(line.ppn), Rupiah(line.freight)]),
        )?;
        self.insert(consents::Model {
            id: self.new_id(),
            order_id: row.id,
            kind: kind.as_str().to_owned(),
            before_rupiah: row.total_rupiah,
            after_rupiah: after.0,
            proposal: serde_json::to_string(proposal).map_err(Error::from)?,
            state: ConsentState::Open.as_str().to_owned(),
            asked_at: self.now().0,
            asked_by: self.act.person.map(Into::into),
            answered_at: None,
            answered_by: None,
        })
        .await?;
        let event = self
            .event(Event {
                subject_kind: "order",
                subject_id: row.id,
                kind: "consent_asked",
                data: Some(format!(
                    "{{\"before\":{},\"after\":{}}}",
                    row.total_rupiah, after.0
                )),
                ..Event::default()
            })
            .await?;
        let about = About::order(row.order());
        self.letter_to_roles(
            "consent_asked",
            event,
            row.buyer(),
            &["buyer_staff", "buyer_approver"],
            about,
        )
        .await?;
        Ok(())
    }

    /// Writes what the buyer agreed to into the lines and the order's sums.
    async fn apply(
        &self,
        row: &OrderRow,
        kind: ConsentKind,
        proposal: &[ProposedLine],
    ) -> Result<(), ConsentError> {
        let (mut goods, mut ppn, mut freight) = (Rupiah::ZERO, Rupiah::ZERO, Rupiah::ZERO);
        for line in proposal {
            self.exec(
                "UPDATE order_lines SET units = $2, packs = $3, goods_rupiah = $4, ppn_rupiah = $5, \
                 freight_rupiah = $6, margin_rupiah = $7 WHERE id = $1",
                [
                    line.line.into(),
                    line.units.into(),
                    line.packs.into(),
                    line.goods.into(),
                    line.ppn.into(),
                    line.freight.into(),
                    line.margin.into(),
                ],
            )
            .await?;
            for (share, packs) in &line.kept {
                self.keep_whole(row.order(), ShareId(*share), Packs(*packs))
                    .await?;
            }
            goods = goods.checked_add(Rupiah(line.goods))?;
            ppn = ppn.checked_add(Rupiah(line.ppn))?;
            freight = freight.checked_add(Rupiah(line.freight))?;
        }
        let total = Rupiah::sum([goods, ppn, freight])?;
        let pending = row.freight_pending && kind != ConsentKind::Freight;
        self.exec(
            "UPDATE orders SET goods_rupiah = $2, ppn_rupiah = $3, freight_rupiah = $4, total_rupiah = $5, \
             freight_pending = $6, version = version + 1 WHERE id = $1",
            [
                row.id.into(),
                goods.0.into(),
                ppn.0.into(),
                freight.0.into(),
                total.0.into(),
                pending.into(),
            ],
        )
        .await?;
        Ok(())
    }
}
