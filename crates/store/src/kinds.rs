//! Categories and commodities, extended by the administrator. Ids are slugs that never change; what is retired can't be
//! chosen any more, and everything that was made with it stays as it is.

use std::collections::BTreeMap;

use domain::ids::{CategoryId, CommodityId};
use domain::names::slug;
use domain::products::Dimension;
use sea_orm::FromQueryResult;
use serde_json::json;
use uuid::Uuid;

use crate::act::Act;
use crate::entities::{categories, commodities};
use crate::error::Error;
use crate::events::Event;
use crate::sql::Sql;
use crate::write::{Store, Tx, rerun_by_store};

/// More offers than this are better served by a new index than one by one.
const OFFERS_ONE_BY_ONE: usize = 200;

/// A category as the administrator sees it.
#[derive(Clone, Debug, FromQueryResult)]
pub struct CategoryRow {
    pub id: String,
    pub position: i32,
    pub name_id: String,
    pub name_en: String,
    pub picture: String,
    pub retired_at: Option<i64>,
    pub commodities: i64,
    /// Products and offers filed under it.
    pub in_use: i64,
}

/// A commodity as the administrator sees it.
#[derive(Clone, Debug, FromQueryResult)]
pub struct CommodityRow {
    pub id: String,
    pub category_id: String,
    pub name_id: String,
    pub name_en: String,
    pub dimension: String,
    pub ppn_treatment: String,
    pub perishable: bool,
    /// Best first, with commas between.
    pub grades: String,
    pub picture: String,
    pub retired_at: Option<i64>,
}

/// What is said of a category.
#[derive(Clone, Debug)]
pub struct CategoryFacts {
    pub name_id: String,
    pub name_en: String,
    /// Place in lists, from 1.
    pub position: i32,
    pub picture: String,
    pub retired: bool,
}

/// What is said of a commodity.
#[derive(Clone, Debug)]
pub struct CommodityFacts {
    pub name_id: String,
    pub name_en: String,
    pub picture: String,
    pub exempt: bool,
    pub perishable: bool,
    /// Best first.
    pub grades: Vec<String>,
    pub retired: bool,
}

/// Why a category or commodity was not written.
#[derive(Debug, thiserror::Error)]
pub enum KindError {
    #[error("no such category or commodity")]
    NotFound,
    /// Another one is called so in that language: `name_id` or `name_en`.
    #[error("the name is taken: {0}")]
    NameTaken(&'static str),
    #[error(transparent)]
    Store(#[from] Error),
}

rerun_by_store!(KindError);

#[derive(FromQueryResult)]
struct Id {
    id: Uuid,
}

#[derive(FromQueryResult)]
struct Names {
    name_id: String,
    name_en: String,
}

const CATEGORY: &str = "SELECT c.id, c.position, c.name_id, c.name_en, c.picture, c.retired_at, \
     (SELECT COUNT(*) FROM commodities k WHERE k.category_id = c.id) AS commodities, \
     (SELECT COUNT(*) FROM offers o WHERE o.category_id = c.id AND o.state = 'live') AS in_use FROM categories c";
const COMMODITY: &str = "SELECT k.id, k.category_id, k.name_id, k.name_en, k.dimension, k.ppn_treatment, k.perishable, \
     k.grades, k.picture, k.retired_at FROM commodities k";

impl Store {
    /// Every category in the order of lists, retired ones last.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn category_rows(&self) -> Result<Vec<CategoryRow>, Error> {
        self.rows(
            format!("{CATEGORY} ORDER BY CASE WHEN c.retired_at IS NULL THEN 0 ELSE 1 END, c.position, c.id"),
            [],
        )
        .await
    }

    /// One category with its commodities by name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn category_row(
        &self,
        id: &CategoryId,
    ) -> Result<Option<(CategoryRow, Vec<CommodityRow>)>, Error> {
        let category: Option<CategoryRow> = self
            .row(
                format!("{CATEGORY} WHERE c.id = $1"),
                [id.0.as_str().into()],
            )
            .await?;
        let Some(category) = category else {
            return Ok(None);
        };
        let below = self
            .rows(
                format!("{COMMODITY} WHERE k.category_id = $1 ORDER BY LOWER(k.name_id), k.id"),
                [id.0.as_str().into()],
            )
            .await?;
        Ok(Some((category, below)))
    }

    /// One commodity.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn commodity_row(&self, id: &CommodityId) -> Result<Option<CommodityRow>, Error> {
        self.row(
            format!("{COMMODITY} WHERE k.id = $1"),
            [id.0.as_str().into()],
        )
        .await
    }

    /// Makes a category.
    ///
    /// # Errors
    /// [`KindError`].
    pub async fn add_category(
        &self,
        act: &Act,
        facts: &CategoryFacts,
    ) -> Result<CategoryId, KindError> {
        self.write(act, async |tx| -> Result<CategoryId, KindError> {
            tx.kind_names_free("categories", "", &facts.name_id, &facts.name_en)
                .await?;
            let id = tx.free_kind_id("categories", &facts.name_id).await?;
            tx.insert(categories::Model {
                id: id.clone(),
                position: facts.position,
                name_id: facts.name_id.clone(),
                name_en: facts.name_en.clone(),
                picture: facts.picture.clone(),
                retired_at: None,
            })
            .await?;
            tx.kind_event(
                "category",
                &id,
                "category_added",
                &facts.name_id,
                &facts.name_en,
            )
            .await?;
            Ok(CategoryId(id))
        })
        .await
    }

    /// Renames, moves, retires or brings back a category. Offers filed under it are indexed anew.
    ///
    /// # Errors
    /// [`KindError`].
    pub async fn change_category(
        &self,
        act: &Act,
        id: &CategoryId,
        facts: &CategoryFacts,
    ) -> Result<(), KindError> {
        self.write(act, async |tx| -> Result<(), KindError> {
            tx.kind_names_free("categories", &id.0, &facts.name_id, &facts.name_en)
                .await?;
            let before: Names = tx
                .row(
                    "SELECT name_id, name_en FROM categories WHERE id = $1",
                    [id.0.as_str().into()],
                )
                .await?
                .ok_or(KindError::NotFound)?;
            tx.exec(
                "UPDATE categories SET name_id = $2, name_en = $3, position = $4, picture = $5, \
                 retired_at = CASE WHEN $6 = 1 THEN COALESCE(retired_at, $7) END WHERE id = $1",
                [
                    id.0.as_str().into(),
                    facts.name_id.as_str().into(),
                    facts.name_en.as_str().into(),
                    facts.position.into(),
                    facts.picture.as_str().into(),
                    i32::from(facts.retired).into(),
                    tx.now().0.into(),
                ],
            )
            .await?;
            let kind = if facts.retired {
                "category_retired"
            } else {
                "category_changed"
            };
            tx.kind_event("category", &id.0, kind, &facts.name_id, &facts.name_en)
                .await?;
            if before.name_id != facts.name_id || before.name_en != facts.name_en {
                tx.offers_of_kind_changed("category_id", &id.0).await?;
            }
            Ok(())
        })
        .await
    }

    /// Makes a commodity below a category.
    ///
    /// # Errors
    /// [`KindError`].
    pub async fn add_commodity(
        &self,
        act: &Act,
        category: &CategoryId,
        dimension: Dimension,
        facts: &CommodityFacts,
    ) -> Result<CommodityId, KindError> {
        self.write(act, async |tx| -> Result<CommodityId, KindError> {
            let known = tx
                .number(
                    "SELECT COUNT(*) FROM categories WHERE id = $1",
                    [category.0.as_str().into()],
                )
                .await?;
            if known == 0 {
                return Err(KindError::NotFound);
            }
            tx.kind_names_free("commodities", "", &facts.name_id, &facts.name_en)
                .await?;
            let id = tx.free_kind_id("commodities", &facts.name_id).await?;
            tx.insert(commodities::Model {
                id: id.clone(),
                category_id: category.0.clone(),
                name_id: facts.name_id.clone(),
                name_en: facts.name_en.clone(),
                dimension: dimension.as_str().to_owned(),
                ppn_treatment: treatment(facts.exempt).to_owned(),
                perishable: facts.perishable,
                grades: facts.grades.join(","),
                picture: facts.picture.clone(),
                retired_at: None,
            })
            .await?;
            tx.kind_event(
                "commodity",
                &id,
                "commodity_added",
                &facts.name_id,
                &facts.name_en,
            )
            .await?;
            Ok(CommodityId(id))
        })
        .await
    }

    /// Renames, retires or brings back a commodity. Offers of it are indexed anew; what they were sold for stays.
    ///
    /// # Errors
    /// [`KindError`].
    pub async fn change_commodity(
        &self,
        act: &Act,
        id: &CommodityId,
        facts: &CommodityFacts,
    ) -> Result<(), KindError> {
        self.write(act, async |tx| -> Result<(), KindError> {
            tx.kind_names_free("commodities", &id.0, &facts.name_id, &facts.name_en)
                .await?;
            let before: Names = tx
                .row(
                    "SELECT name_id, name_en FROM commodities WHERE id = $1",
                    [id.0.as_str().into()],
                )
                .await?
                .ok_or(KindError::NotFound)?;
            tx.exec(
                "UPDATE commodities SET name_id = $2, name_en = $3, picture = $4, ppn_treatment = $5, perishable = $6, \
                 grades = $7, retired_at = CASE WHEN $8 = 1 THEN COALESCE(retired_at, $9) END WHERE id = $1",
                [
                    id.0.as_str().into(),
                    facts.name_id.as_str().into(),
                    facts.name_en.as_str().into(),
                    facts.picture.as_str().into(),
                    treatment(facts.exempt).into(),
                    facts.perishable.into(),
                    facts.grades.join(",").into(),
                    i32::from(facts.retired).into(),
                    tx.now().0.into(),
                ],
            )
            .await?;
            let kind = if facts.retired { "commodity_retired" } else { "commodity_changed" };
            tx.kind_event("commodity", &id.0, kind, &facts.name_id, &facts.name_en)
                .await?;
            if before.name_id != facts.name_id || before.name_en != facts.name_en {
                tx.offers_of_kind_changed("commodity_id", &id.0).await?;
            }
            Ok(())
        })
        .await
    }
}

fn treatment(exempt: bool) -> &'static str {
    if exempt { "exempt" } else { "taxable" }
}

impl Tx {
    /// `table` is a name of ours, never somebody's words.
    async fn kind_names_free(
        &self,
        table: &'static str,
        own: &str,
        name_id: &str,
        name_en: &str,
    ) -> Result<(), KindError> {
        for (column, name) in [("name_id", name_id), ("name_en", name_en)] {
            let taken = self
                .number(
                    format!("SELECT COUNT(*) FROM {table} WHERE LOWER({column}) = $1 AND id <> $2"),
                    [name.to_lowercase().into(), own.into()],
                )
                .await?;
            if taken > 0 {
                return Err(KindError::NameTaken(column));
            }
        }
        Ok(())
    }

    /// The name as a slug, with a number where that is somebody's id already, also a retired one's.
    async fn free_kind_id(&self, table: &'static str, name: &str) -> Result<String, Error> {
        #[derive(FromQueryResult)]
        struct Row {
            id: String,
        }
        let wanted = slug(name);
        let rows: Vec<Row> = self
            .rows(
                format!("SELECT id FROM {table} WHERE id = $1 OR id LIKE $2"),
                [wanted.clone().into(), format!("{wanted}-%").into()],
            )
            .await?;
        let is_taken = |id: &str| rows.iter().any(|row| row.id == id);
        let mut number = 2;
        let mut id = wanted.clone();
        while is_taken(&id) {
            id = format!("{wanted}-{number}");
            number += 1;
        }
        Ok(id)
    }

    /// Events speak of subjects by UUID; a slug has one made of it, the same each time.
    async fn kind_event(
        &self,
        subject: &str,
        slug: &str,
        kind: &str,
        name_id: &str,
        name_en: &str,
    ) -> Result<(), Error> {
        let names = BTreeMap::from([("id", name_id), ("en", name_en)]);
        self.event(Event {
            subject_kind: subject,
            subject_id: kind_subject(subject, slug),
            kind,
            data: Some(json!({ "slug": slug, "names": names }).to_string()),
            ..Event::default()
        })
        .await?;
        Ok(())
    }

    /// Published offers of a category or commodity go into the index anew.
    async fn offers_of_kind_changed(&self, column: &'static str, id: &str) -> Result<(), Error> {
        let limit = i64::try_from(OFFERS_ONE_BY_ONE + 1).unwrap_or(i64::MAX);
        let offers: Vec<Id> = self
            .rows(
                format!("SELECT id FROM offers WHERE {column} = $1 AND state = 'live' LIMIT $2"),
                [id.into(), limit.into()],
            )
            .await?;
        if offers.len() > OFFERS_ONE_BY_ONE {
            let dedupe = format!("{}:{}", crate::jobs::REBUILD_INDEX, self.new_id());
            return self
                .job(crate::jobs::REBUILD_INDEX, dedupe, None, &())
                .await;
        }
        let offers: Vec<Uuid> = offers.into_iter().map(|row| row.id).collect();
        self.offers_changed(&offers).await
    }
}

/// The id under which the history of a category or commodity is kept.
#[must_use]
pub fn kind_subject(subject: &str, slug: &str) -> Uuid {
    use sha2::{Digest, Sha256};
    let digest = Sha256::digest(format!("{subject}:{slug}"));
    let mut bytes = [0_u8; 16];
    for (to, from) in bytes.iter_mut().zip(digest.iter()) {
        *to = *from;
    }
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}
