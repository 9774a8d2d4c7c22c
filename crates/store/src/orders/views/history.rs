//! What happened to an order, and the question that waits for its buyer.

use domain::ids::{OrderId, OrganisationId};
use domain::money::Rupiah;
use domain::orders::{ConsentKind, OrderState};
use domain::time::Instant;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::error::Error;
use crate::orders::consents::ProposedLine;
use crate::orders::lists::stored;
use crate::sql::Sql;
use crate::write::Store;

/// Something that happened to the order.
#[derive(Clone, Debug)]
pub struct EventView {
    pub at: Instant,
    pub kind: String,
    pub to: Option<OrderState>,
    pub reason: Option<String>,
    /// The person for one's own side, the organisation for the other; `None` for what time brought about.
    pub who: Option<String>,
}

#[derive(Clone, Debug)]
pub struct ConsentView {
    pub kind: ConsentKind,
    pub before: Rupiah,
    pub after: Rupiah,
    pub lines: Vec<ProposedLine>,
    pub asked_at: Instant,
}

#[derive(FromQueryResult)]
struct EventRow {
    at: i64,
    kind: String,
    to_state: Option<String>,
    reason: Option<String>,
    organisation_id: Option<Uuid>,
    organisation_name: Option<String>,
    person_name: Option<String>,
}

#[derive(FromQueryResult)]
struct ConsentRow {
    kind: String,
    before_rupiah: i64,
    after_rupiah: i64,
    proposal: String,
    asked_at: i64,
}

impl Store {
    pub(super) async fn event_views(
        &self,
        order: OrderId,
        viewer: OrganisationId,
        is_buyer: bool,
    ) -> Result<Vec<EventView>, Error> {
        let rows: Vec<EventRow> = self
            .rows(
                "SELECT e.at, e.kind, e.to_state, e.reason, e.organisation_id, g.name AS organisation_name, \
                 p.name AS person_name FROM events e LEFT JOIN organisations g ON g.id = e.organisation_id \
                 LEFT JOIN people p ON p.id = e.person_id WHERE e.subject_kind = 'order' AND e.subject_id = $1 \
                 ORDER BY e.seq",
                [order.0.into()],
            )
            .await?;
        rows.into_iter()
            // How a buyer comes to its own yes is not the cooperative's business.
            .filter(|row| is_buyer || !matches!(row.kind.as_str(), "ask_approval" | "return"))
            .map(|row| {
                let row_kind = row.kind.clone();
                Ok(EventView {
                    at: Instant(row.at),
                    kind: row.kind,
                    to: row.to_state.as_deref().map(stored).transpose()?,
                    reason: row.reason,
                    // Who happened to answer last is nobody's doing in what followed from it.
                    who: if matches!(
                        row_kind.as_str(),
                        "shared_again" | "order_short" | "shares_complete"
                    ) {
                        None
                    } else if row.organisation_id == Some(viewer.0) {
                        row.person_name
                    } else {
                        row.organisation_name
                    },
                })
            })
            .collect()
    }

    pub(super) async fn open_consent(&self, order: OrderId) -> Result<Option<ConsentView>, Error> {
        let row: Option<ConsentRow> = self
            .row(
                "SELECT kind, before_rupiah, after_rupiah, proposal, asked_at FROM consents WHERE order_id = $1 \
                 AND state = 'open'",
                [order.0.into()],
            )
            .await?;
        row.map(|row| {
            Ok(ConsentView {
                kind: stored(&row.kind)?,
                before: Rupiah(row.before_rupiah),
                after: Rupiah(row.after_rupiah),
                lines: serde_json::from_str(&row.proposal)?,
                asked_at: Instant(row.asked_at),
            })
        })
        .transpose()
    }
}
