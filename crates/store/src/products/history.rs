//! What happened to a product, for its owner and for whoever works at it on the owner's behalf.

use domain::{
    ids::{OrganisationId, ProductId},
    time::Instant,
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::error::Error;
use crate::sql::Sql;
use crate::write::Store;

/// Events of one page; stock has its own list, see [`Store::movements`].
const EVENTS_MAX: i64 = 20;

/// A change of a product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductChange {
    /// `product_created`, `product_edited`, `product_published`, `certificate_added`, …
    pub kind: String,
    pub at: Instant,
    pub reason: Option<String>,
    /// What was edited, in the order of the form: the field with its value before and after, as JSON has them.
    pub fields: Vec<(String, serde_json::Value, serde_json::Value)>,
    pub person: Option<String>,
    pub by: By,
}

/// For whom somebody did it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum By {
    /// The owner itself, or nobody in particular.
    Owner,
    /// A cooperative in the owner's name.
    Behalf {
        cooperative: OrganisationId,
        name: String,
    },
}

impl By {
    pub(super) fn of(on_behalf: bool, cooperative: Option<Uuid>, name: Option<String>) -> Self {
        match (on_behalf, cooperative, name) {
            (true, Some(cooperative), Some(name)) => Self::Behalf {
                cooperative: OrganisationId(cooperative),
                name,
            },
            _ => Self::Owner,
        }
    }
}

impl Store {
    /// The latest changes of a product, the newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn product_changes(
        &self,
        umkm: OrganisationId,
        product: ProductId,
    ) -> Result<Vec<ProductChange>, Error> {
        #[derive(FromQueryResult)]
        struct Row {
            kind: String,
            at: i64,
            reason: Option<String>,
            data: Option<String>,
            person: Option<String>,
            organisation_id: Option<Uuid>,
            organisation: Option<String>,
            on_behalf_of: Option<Uuid>,
        }
        let rows: Vec<Row> = self
            .rows(
                format!(
                    "SELECT e.kind, e.at, e.reason, e.data, p.name AS person, e.organisation_id, o.name AS organisation, \
                     e.on_behalf_of FROM products g JOIN events e ON e.subject_kind = 'product' AND e.subject_id = g.id \
                     LEFT JOIN people p ON p.id = e.person_id LEFT JOIN organisations o ON o.id = e.organisation_id \
                     WHERE g.id = $1 AND g.umkm_id = $2 ORDER BY e.seq DESC LIMIT {EVENTS_MAX}"
                ),
                [product.0.into(), umkm.0.into()],
            )
            .await?;
        Ok(rows
            .into_iter()
            .map(|row| ProductChange {
                fields: match row.kind.as_str() {
                    "product_edited" => fields(row.data.as_deref()),
                    _ => Vec::new(),
                },
                kind: row.kind,
                at: Instant(row.at),
                reason: row.reason,
                person: row.person,
                by: By::of(
                    row.on_behalf_of.is_some(),
                    row.organisation_id,
                    row.organisation,
                ),
            })
            .collect())
    }
}

/// Reads what [`super::write`] wrote down of an edit: `{"price_rupiah": [10500, 11000]}`.
fn fields(data: Option<&str>) -> Vec<(String, serde_json::Value, serde_json::Value)> {
    let Some(Ok(serde_json::Value::Object(changed))) = data.map(serde_json::from_str) else {
        return Vec::new();
    };
    changed
        .into_iter()
        .filter_map(|(field, pair)| match pair {
            serde_json::Value::Array(pair) => {
                let mut pair = pair.into_iter();
                Some((field, pair.next()?, pair.next()?))
            }
            _ => None,
        })
        .collect()
}
