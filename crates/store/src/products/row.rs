//! A product's row as deeds read it, and what differs between two statements of its facts.

use domain::{
    money::Rupiah,
    products::{Content, Gap, Grade, ProductState, SaleUnit, gaps},
    quantity::Packs,
};
use sea_orm::FromQueryResult;
use serde_json::json;
use uuid::Uuid;

use super::Facts;
use crate::error::Error;

/// A row of `products` with its stock, as deeds read it.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct Row {
    pub id: Uuid,
    pub name: String,
    pub description: String,
    pub category_id: Option<String>,
    pub commodity_id: Option<String>,
    pub unit: Option<String>,
    pub content_amount: Option<i64>,
    pub content_dimension: Option<String>,
    pub packs_per_carton: Option<i64>,
    pub price_rupiah: Option<i64>,
    pub grade: Option<String>,
    pub lead_time_days: Option<i32>,
    pub shelf_life_days: Option<i32>,
    pub place: Option<String>,
    pub minimum_packs: Option<i64>,
    pub state: String,
    pub version: i64,
    pub on_hand: i64,
    pub held: i64,
}

/// The columns of [`Row`], for a query on `products p`.
pub(super) const ROW: &str = "p.id, p.name, p.description, p.category_id, p.commodity_id, p.unit, p.content_amount, \
     p.content_dimension, p.packs_per_carton, p.price_rupiah, p.grade, p.lead_time_days, p.shelf_life_days, p.place, \
     p.minimum_packs, p.state, p.version, \
     (SELECT CAST(COALESCE(SUM(l.on_hand), 0) AS BIGINT) FROM lots l WHERE l.product_id = p.id) AS on_hand, \
     (SELECT CAST(COALESCE(SUM(l.held), 0) AS BIGINT) FROM lots l WHERE l.product_id = p.id) AS held";

fn stored<T: std::str::FromStr>(word: &str) -> Result<T, Error> {
    word.parse().map_err(|_| Error::Corrupt(word.to_owned()))
}

impl Row {
    pub(super) fn state(&self) -> Result<ProductState, Error> {
        stored(&self.state)
    }

    pub(super) fn facts(&self) -> Result<Facts, Error> {
        let content = match (self.content_amount, &self.content_dimension) {
            (Some(amount), Some(dimension)) => Some(Content {
                amount,
                dimension: stored(dimension)?,
            }),
            _ => None,
        };
        Ok(Facts {
            name: self.name.clone(),
            description: self.description.clone(),
            category: self.category_id.as_deref().map(Into::into),
            commodity: self.commodity_id.as_deref().map(Into::into),
            unit: self.unit.as_deref().map(stored::<SaleUnit>).transpose()?,
            content,
            packs_per_carton: self.packs_per_carton,
            price: self.price_rupiah.map(Rupiah),
            grade: self.grade.as_deref().map(Grade::from),
            lead_time_days: self.lead_time_days,
            shelf_life_days: self.shelf_life_days,
            place: self.place.clone(),
            minimum_packs: self.minimum_packs,
        })
    }

    /// What is missing to publish it.
    pub(super) fn gaps(&self) -> Result<Vec<Gap>, Error> {
        Ok(gaps(
            &self.facts()?.with_stock(self.state()?, Packs(self.on_hand)),
        ))
    }
}

/// What changed, for the history: each field with its value before and after.
pub(super) fn differences(before: &Facts, after: &Facts) -> serde_json::Value {
    let mut changed = serde_json::Map::new();
    let mut note = |field: &str, old: serde_json::Value, new: serde_json::Value| {
        if old != new {
            changed.insert(field.to_owned(), json!([old, new]));
        }
    };
    note("name", json!(before.name), json!(after.name));
    note(
        "description",
        json!(before.description),
        json!(after.description),
    );
    note("category", json!(before.category), json!(after.category));
    note("commodity", json!(before.commodity), json!(after.commodity));
    note("unit", json!(before.unit), json!(after.unit));
    note("content", json!(before.content), json!(after.content));
    note(
        "packs_per_carton",
        json!(before.packs_per_carton),
        json!(after.packs_per_carton),
    );
    note("price_rupiah", json!(before.price), json!(after.price));
    note("grade", json!(before.grade), json!(after.grade));
    note(
        "lead_time_days",
        json!(before.lead_time_days),
        json!(after.lead_time_days),
    );
    note(
        "shelf_life_days",
        json!(before.shelf_life_days),
        json!(after.shelf_life_days),
    );
    note("place", json!(before.place), json!(after.place));
    note(
        "minimum_packs",
        json!(before.minimum_packs),
        json!(after.minimum_packs),
    );
    changed.into()
}
