//! Finding offers without an index: the plain search that pages fall back to, and the home page's pick.

use std::collections::HashMap;

use domain::ids::OfferId;
use domain::offers::Viewer;
use domain::time::Instant;
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

use crate::error::Error;
use crate::offers::visibility::{price_shown, visible};
use crate::sql::{Sql, placeholders};
use crate::write::Store;

/// Words of a query that are looked at.
const WORDS_MAX: usize = 8;
/// Newest offers among which the home page picks.
const HOME_LOOKED_AT: i64 = 24;

/// What is looked for. Values of one list are alternatives; empty lists do not filter.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub text: String,
    pub categories: Vec<String>,
    pub commodities: Vec<String>,
    /// Codes of provinces or regencies.
    pub regions: Vec<String>,
    pub certificates: Vec<String>,
    pub price_from: Option<i64>,
    pub price_to: Option<i64>,
    /// The least order comes to no more, in rupiah.
    pub least_to: Option<i64>,
    /// Ready in this many days.
    pub within_days: Option<i32>,
    pub cooperative: Option<String>,
    /// From 1.
    pub page: i64,
    pub per_page: i64,
}

/// One page of offers, and how many there are in all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    pub ids: Vec<OfferId>,
    pub total: i64,
}

#[derive(FromQueryResult)]
struct Id {
    id: Uuid,
}

/// SQL that grows with its values.
struct Condition {
    sql: String,
    values: Vec<Value>,
}

impl Condition {
    /// Adds `AND …`, where each `?` is the next value.
    fn and(&mut self, sql: &str, values: impl IntoIterator<Item = Value>) {
        let mut values = values.into_iter();
        self.sql.push_str(" AND ");
        for piece in sql.split_inclusive('?') {
            match (piece.strip_suffix('?'), values.next()) {
                (Some(before), Some(value)) => {
                    self.values.push(value);
                    self.sql.push_str(before);
                    self.sql.push_str(&format!("${}", self.values.len()));
                }
                _ => self.sql.push_str(piece),
            }
        }
    }

    fn and_one_of(&mut self, expression: &str, list: &[String]) {
        if list.is_empty() {
            return;
        }
        let first = self.values.len() + 1;
        self.values
            .extend(list.iter().map(|item| Value::from(item.clone())));
        self.sql.push_str(&format!(
            " AND {expression} IN ({})",
            placeholders(first, list.len())
        ));
    }
}

/// The word as a pattern that contains it, its own wildcards made harmless.
fn containing(word: &str) -> String {
    let mut pattern = String::from("%");
    for c in word.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

impl Store {
    /// Offers that the viewer may see and that have all words somewhere in their names; newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn search_fallback(
        &self,
        viewer: &Viewer,
        now: Instant,
        wanted: &Wanted,
    ) -> Result<Found, Error> {
        let condition = fallback(viewer, now, wanted);
        let from = "FROM offers o JOIN organisations c ON c.id = o.cooperative_id \
                    JOIN commodities k ON k.id = o.commodity_id";
        let total = self
            .number(
                format!("SELECT COUNT(*) {from} WHERE {}", condition.sql),
                condition.values.clone(),
            )
            .await?;
        let per_page = wanted.per_page.clamp(1, 100);
        let skipped = (wanted.page.clamp(1, 10_000) - 1) * per_page;
        let mut values = condition.values;
        values.extend([per_page.into(), skipped.into()]);
        let ids: Vec<Id> = self
            .rows(
                format!(
                    "SELECT o.id {from} WHERE {} ORDER BY o.published_at DESC, o.id DESC LIMIT ${} OFFSET ${}",
                    condition.sql,
                    values.len() - 1,
                    values.len()
                ),
                values,
            )
            .await?;
        Ok(Found {
            ids: ids.into_iter().map(|row| OfferId(row.id)).collect(),
            total,
        })
    }

    /// All offers that this viewer may see at `now`, by id; what the audit holds against the index.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn visible_offer_ids(
        &self,
        viewer: &Viewer,
        now: Instant,
    ) -> Result<Vec<OfferId>, Error> {
        let (condition, values) = visible(viewer, now, 1);
        let ids: Vec<Id> = self
            .rows(
                format!("SELECT o.id FROM offers o WHERE {condition} ORDER BY o.id"),
                values,
            )
            .await?;
        Ok(ids.into_iter().map(|row| OfferId(row.id)).collect())
    }

    /// Up to `count` of the newest offers that are ready within a week, from as many cooperatives as these have.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn home_offers(
        &self,
        viewer: &Viewer,
        now: Instant,
        count: usize,
    ) -> Result<Vec<OfferId>, Error> {
        #[derive(FromQueryResult)]
        struct Row {
            id: Uuid,
            cooperative_id: Uuid,
        }
        // Looked at from the newest on, so that a large market is read no further than a small one.
        let (condition, mut values) = visible(viewer, now, 1);
        values.push(HOME_LOOKED_AT.into());
        let newest: Vec<Row> = self
            .rows(
                format!(
                    "SELECT o.id, o.cooperative_id FROM offers o WHERE {condition} AND o.lead_time_days <= 7 \
                     AND EXISTS (SELECT 1 FROM supplies s JOIN lots l ON l.product_id = s.product_id \
                     AND l.on_hand > l.held WHERE s.offer_id = o.id AND s.withdrawn_at IS NULL) \
                     ORDER BY o.published_at DESC, o.id DESC LIMIT ${}",
                    values.len()
                ),
                values,
            )
            .await?;
        // One of each cooperative, then a second of each, and so on.
        let mut seen: HashMap<Uuid, usize> = HashMap::new();
        let mut picked: Vec<(usize, Uuid)> = newest
            .into_iter()
            .map(|row| {
                let nth = seen.entry(row.cooperative_id).or_default();
                *nth += 1;
                (*nth, row.id)
            })
            .collect();
        picked.sort_by_key(|(nth, _)| *nth);
        Ok(picked
            .into_iter()
            .take(count)
            .map(|(_, id)| OfferId(id))
            .collect())
    }
}

fn fallback(viewer: &Viewer, now: Instant, wanted: &Wanted) -> Condition {
    let (sql, values) = visible(viewer, now, 1);
    let mut condition = Condition { sql, values };
    for word in wanted
        .text
        .to_lowercase()
        .split_whitespace()
        .take(WORDS_MAX)
    {
        let pattern = containing(word);
        condition.and(
            "(LOWER(o.title) LIKE ? ESCAPE '\\' OR LOWER(k.name_id) LIKE ? ESCAPE '\\' \
             OR LOWER(k.name_en) LIKE ? ESCAPE '\\' OR LOWER(c.name) LIKE ? ESCAPE '\\')",
            std::iter::repeat_n(Value::from(pattern), 4),
        );
    }
    condition.and_one_of("o.category_id", &wanted.categories);
    condition.and_one_of("o.commodity_id", &wanted.commodities);
    let (provinces, regencies): (Vec<String>, Vec<String>) = wanted
        .regions
        .iter()
        .cloned()
        .partition(|code| code.len() == 2);
    condition.and_one_of("SUBSTR(c.region_code, 1, 2)", &provinces);
    condition.and_one_of("c.region_code", &regencies);
    if let Some(cooperative) = &wanted.cooperative {
        condition.and("c.slug = ?", [cooperative.clone().into()]);
    }
    if let Some(days) = wanted.within_days {
        condition.and("o.lead_time_days <= ?", [days.into()]);
    }
    for kind in &wanted.certificates {
        condition.and(
            "',' || o.required_certificates || ',' LIKE ?",
            [format!("%,{kind},%").into()],
        );
    }
    for (sql, figure) in [
        ("p.buyer_price_rupiah >= ?", wanted.price_from),
        ("p.buyer_price_rupiah <= ?", wanted.price_to),
        (
            "p.minimum_units <= o.minimum_units AND \
             p.buyer_price_rupiah * o.minimum_units * o.packs_per_unit <= ?",
            wanted.least_to,
        ),
    ] {
        if let Some(figure) = figure {
            // A hidden price never passes a price filter: it would tell the price.
            let (shown, values) = price_shown(viewer, now, condition.values.len() + 1);
            condition.values.extend(values);
            condition.sql.push_str(&format!(" AND {shown}"));
            condition.and(
                &format!("EXISTS (SELECT 1 FROM offer_prices p WHERE p.offer_id = o.id AND {sql})"),
                [figure.into()],
            );
        }
    }
    condition
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_in_a_word_are_only_characters() {
        assert_eq!(containing("50%_a\\"), "%50\\%\\_a\\\\%");
    }

    #[test]
    fn values_are_numbered_on() {
        let mut condition = Condition {
            sql: "a = $1".to_owned(),
            values: vec![1_i64.into()],
        };
        condition.and("(b = ? OR c = ?)", [2_i64.into(), 3_i64.into()]);
        condition.and_one_of("d", &["x".to_owned(), "y".to_owned()]);
        assert_eq!(
            condition.sql,
            "a = $1 AND (b = $2 OR c = $3) AND d IN ($4, $5)"
        );
        assert_eq!(condition.values.len(), 5);
    }
}
