//! A member's goods from a list: products with their lots.

use std::collections::{HashMap, HashSet};

use domain::{
    ids::{CategoryId, CommodityId, ImportId, LotId, OrganisationId, ProductId},
    imports::{Fingerprint, RowOutcome, RowReading},
    listings::{Known, ListingDraft, Preview, interpret},
    products::{Kinds, ProductState},
    quantity::Packs,
    time::{Day, Instant, Zone},
};
use sea_orm::FromQueryResult;
use serde_json::json;
use uuid::Uuid;

use super::{ImportError, Reading, Table, parts::Part};
use crate::products::Facts;
use crate::sql::Sql;
use crate::write::Tx;

/// What a table of goods would bring an UMKM.
pub(super) async fn read(
    sql: &impl Sql,
    umkm: OrganisationId,
    table: &Table,
    reading: &Reading,
) -> Result<Preview, ImportError> {
    #[derive(FromQueryResult)]
    struct Category {
        id: String,
        name_id: String,
        name_en: String,
    }
    #[derive(FromQueryResult)]
    struct Kind {
        id: String,
        category_id: String,
        name_id: String,
    }
    #[derive(FromQueryResult)]
    struct Seen {
        fingerprint: String,
    }
    let categories: Vec<Category> = sql
        .rows(
            "SELECT id, name_id, name_en FROM categories ORDER BY position",
            [],
        )
        .await?;
    let categories: Vec<(String, CategoryId)> = categories
        .into_iter()
        .flat_map(|row| {
            let id = CategoryId(row.id);
            [(row.name_id, id.clone()), (row.name_en, id)]
        })
        .collect();
    let seen: Vec<Seen> = sql
        .rows(
            "SELECT fingerprint FROM products WHERE umkm_id = $1 AND fingerprint IS NOT NULL",
            [umkm.0.into()],
        )
        .await?;
    let imported: HashSet<Fingerprint> = seen
        .into_iter()
        .map(|row| Fingerprint(row.fingerprint))
        .collect();
    let kinds: Vec<Kind> = sql
        .rows(
            "SELECT c.id, c.category_id, c.name_id FROM commodities c JOIN categories k ON k.id = c.category_id \
             WHERE c.retired_at IS NULL AND k.retired_at IS NULL ORDER BY c.id",
            [],
        )
        .await?;
    let names = Kinds::new(
        kinds
            .iter()
            .map(|row| (row.id.as_str(), row.name_id.as_str())),
    );
    let category_of: HashMap<CommodityId, CategoryId> = kinds
        .into_iter()
        .map(|row| (CommodityId(row.id), CategoryId(row.category_id)))
        .collect();
    let known = Known {
        kinds: Some((&names, &category_of)),
        seller: reading.seller.as_deref(),
        imported: Some(&imported),
        mapping: reading.mapping.as_ref(),
        categories: &categories,
    };
    interpret(&table.headers, table.sheet_rows(), &known).map_err(ImportError::Unreadable)
}

/// The day it is where an organisation is.
pub(super) async fn today_of(
    sql: &impl Sql,
    organisation: OrganisationId,
    now: Instant,
) -> Result<Day, ImportError> {
    #[derive(FromQueryResult)]
    struct Region {
        region_code: String,
    }
    let region: Region = sql
        .row(
            "SELECT region_code FROM organisations WHERE id = $1",
            [organisation.0.into()],
        )
        .await?
        .ok_or(ImportError::NotFound)?;
    Ok(Zone::of_region(&region.region_code).day_of(now))
}

impl Tx {
    /// What these rows of a list become: products with their lots, opened `today`.
    pub(super) fn listings_part(
        &self,
        umkm: OrganisationId,
        import: ImportId,
        today: Day,
        rows: &[RowReading<ListingDraft>],
        publish: bool,
    ) -> Part {
        let mut part = Part::default();
        for row in rows {
            let (draft, is_whole) = match &row.outcome {
                RowOutcome::New(draft) => (draft, true),
                RowOutcome::Draft(draft, _) => (draft, false),
                _ => continue,
            };
            let id = ProductId(self.new_id());
            let fingerprint = Some(row.fingerprint.0.clone());
            let mut model = self.product_row(id, umkm, &facts(draft), Some(import.0), fingerprint);
            let created = json!({ "import": import }).to_string();
            let (draft_state, live) = (ProductState::Draft.as_str(), ProductState::Live.as_str());
            part.events.push(self.event_row(
                "product",
                id.0,
                1,
                "product_created",
                (None, draft_state),
                created,
            ));
            if is_whole && publish {
                model.state = live.to_owned();
                part.published += 1;
                let change = (Some(draft_state), live);
                part.events.push(self.event_row(
                    "product",
                    id.0,
                    2,
                    "product_published",
                    change,
                    String::new(),
                ));
            }
            part.products.push(model);
            let packs = draft.stock.unwrap_or_default();
            if packs.0 > 0 {
                self.first_lot(umkm, today, id, packs, &mut part);
            }
        }
        part
    }

    /// The first lot of a new product; what lies in it comes by its opening movement.
    fn first_lot(
        &self,
        umkm: OrganisationId,
        today: Day,
        product: ProductId,
        packs: Packs,
        part: &mut Part,
    ) {
        let (lot, row) = self.empty_lot(umkm, product, today, packs);
        part.opened.push((LotId(lot.id), packs));
        part.lots.push(lot);
        part.events.push(row);
    }

    /// Archives what an import brought: drafts, and products that no offer has ever pooled. How many, and how many stay.
    pub(super) async fn take_back_listings(
        &self,
        import: ImportId,
    ) -> Result<(usize, usize), ImportError> {
        #[derive(FromQueryResult)]
        struct Product {
            id: Uuid,
            state: String,
            is_free: i64,
            seq: i64,
        }
        let products: Vec<Product> = self
            .rows(
                format!(
                    "SELECT p.id, p.state, CASE WHEN p.state = 'draft' OR NOT EXISTS (SELECT 1 FROM supplies s \
                     WHERE s.product_id = p.id) THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END AS is_free, \
                     (SELECT COALESCE(MAX(e.seq), 0) FROM events e WHERE e.subject_kind = 'product' \
                     AND e.subject_id = p.id) AS seq FROM products p \
                     WHERE p.import_id = $1 AND p.state <> 'archived' ORDER BY p.id{}",
                    if self.is_postgres() { " FOR UPDATE OF p" } else { "" }
                ),
                [import.0.into()],
            )
            .await?;
        let free: Vec<&Product> = products.iter().filter(|p| p.is_free == 1).collect();
        let archived = ProductState::Archived.as_str();
        let mut history = Vec::with_capacity(free.len());
        for product in &free {
            let change = (Some(product.state.as_str()), archived);
            let mut row = self.event_row(
                "product",
                product.id,
                product.seq + 1,
                "product_archived",
                change,
                String::new(),
            );
            row.reason = Some("import undone".to_owned());
            history.push(row);
        }
        self.insert_many(history).await?;
        for chunk in free.chunks(5_000) {
            let mut values: Vec<sea_orm::Value> = vec![archived.into(), self.now().0.into()];
            values.extend(chunk.iter().map(|product| product.id.into()));
            self.exec(
                format!(
                    "UPDATE products SET state = $1, updated_at = $2, version = version + 1 WHERE id IN ({})",
                    crate::sql::placeholders(3, chunk.len())
                ),
                values,
            )
            .await?;
        }
        // What is archived may come in again with the same file.
        self.exec(
            "UPDATE products SET fingerprint = NULL WHERE import_id = $1 AND state = 'archived'",
            [import.0.into()],
        )
        .await?;
        Ok((free.len(), products.len() - free.len()))
    }
}

/// A row of the file as a member would have stated it.
fn facts(draft: &ListingDraft) -> Facts {
    Facts {
        name: draft.name.clone(),
        description: draft.description.clone(),
        category: draft.category.clone(),
        commodity: draft.commodity.clone(),
        unit: draft.unit,
        content: draft.content,
        packs_per_carton: draft.packs_per_carton,
        price: draft.price,
        grade: draft.grade.clone(),
        lead_time_days: None,
        shelf_life_days: None,
        place: draft.origin.clone(),
        minimum_packs: None,
    }
}
