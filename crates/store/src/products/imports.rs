//! Lists of goods from files: kept as a preview, written all or nothing with the owner's consent, undone as a whole.
//!
//! What a row becomes is decided by `domain::listings`, over the file's table as `sheets` read it. The web page and the
//! command `import listings` share this: the page stages, shows and asks; the command does it in one go.

use std::collections::HashSet;

use domain::{
    ids::{CategoryId, ImportId, OrganisationId, ProductId},
    listings::{Fingerprint, Known, ListingDraft, Preview, RowOutcome, SheetRow, Tally, interpret},
    problem::Problem,
    products::{ProductEvent, ProductState},
    quantity::Packs,
    time::{Instant, Zone},
};
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::{Facts, NewLot, ProductError, not_found};
use crate::act::Act;
use crate::entities::imports;
use crate::error::Error;
use crate::events;
use crate::sql::Sql;
use crate::write::{Store, Tx, rerun_by_store};

/// Imports listed on one page.
const LIST_MAX: i64 = 10;

/// A file's table: headers, and rows with their numbers as the file's reader counts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    pub headers: Vec<String>,
    pub rows: Vec<(u32, Vec<String>)>,
}

/// How a table is taken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportOptions {
    /// Only rows of this seller.
    pub seller: Option<String>,
    /// Complete rows are published at once; otherwise every row becomes a draft.
    pub publish: bool,
}

/// What an import brought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportReport {
    pub tally: Tally,
    pub published: usize,
    /// Set by undoing: products archived, and products kept because they are in use.
    pub archived: usize,
    pub kept: usize,
}

/// Where an import stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportState {
    Preview,
    Done,
    Undone,
    Discarded,
}

impl ImportState {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Preview => "preview",
            Self::Done => "done",
            Self::Undone => "undone",
            Self::Discarded => "discarded",
        }
    }

    fn read(word: &str) -> Result<Self, Error> {
        [Self::Preview, Self::Done, Self::Undone, Self::Discarded]
            .into_iter()
            .find(|state| state.as_str() == word)
            .ok_or_else(|| Error::Corrupt(word.to_owned()))
    }
}

/// An import as its page shows it.
#[derive(Clone, Debug)]
pub struct ImportView {
    pub id: ImportId,
    pub file_name: String,
    pub state: ImportState,
    pub created_at: Instant,
    pub table: Table,
    /// Only rows of this seller are taken.
    pub seller: Option<String>,
    /// Once it is done.
    pub report: Option<ImportReport>,
}

/// An import in the list of them.
#[derive(Clone, Debug)]
pub struct ImportLine {
    pub id: ImportId,
    pub file_name: String,
    pub state: ImportState,
    pub created_at: Instant,
}

/// What the command's import did, or would do.
#[derive(Clone, Debug)]
pub struct ImportOutcome {
    pub preview: Preview,
    pub report: ImportReport,
    /// `None` for a dry run.
    pub import: Option<ImportId>,
}

/// Why a list was not taken.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error("no such import")]
    NotFound,
    /// The table can't be read as a list of goods.
    #[error("unreadable: {0}")]
    Unreadable(Problem),
    /// It was consented to, discarded or undone before.
    #[error("the import is {}", .0.as_str())]
    WrongState(ImportState),
    /// Other goods came in between: the preview is another one now.
    #[error("the preview changed")]
    Changed,
    #[error(transparent)]
    Store(#[from] Error),
}
rerun_by_store!(ImportError);

/// An import's content, as it is stored.
#[derive(Default, Serialize, Deserialize)]
struct Content {
    table: Table,
    seller: Option<String>,
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    file_name: String,
    content: String,
    state: String,
    report: Option<String>,
    created_at: i64,
}

/// What the rules need to know beside the file.
struct Context {
    categories: Vec<(String, CategoryId)>,
    imported: HashSet<Fingerprint>,
}

async fn context(sql: &impl Sql, umkm: OrganisationId) -> Result<Context, Error> {
    #[derive(FromQueryResult)]
    struct Category {
        id: String,
        name_id: String,
        name_en: String,
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
    let seen: Vec<Seen> = sql
        .rows(
            "SELECT fingerprint FROM products WHERE umkm_id = $1 AND fingerprint IS NOT NULL",
            [umkm.0.into()],
        )
        .await?;
    Ok(Context {
        categories: categories
            .into_iter()
            .flat_map(|row| {
                let id = CategoryId(row.id);
                [(row.name_id, id.clone()), (row.name_en, id)]
            })
            .collect(),
        imported: seen
            .into_iter()
            .map(|row| Fingerprint(row.fingerprint))
            .collect(),
    })
}

fn read(table: &Table, context: &Context, seller: Option<&str>) -> Result<Preview, Problem> {
    let rows = table.rows.iter().map(|(number, cells)| SheetRow {
        number: *number,
        cells,
    });
    let known = Known {
        seller,
        imported: Some(&context.imported),
        categories: &context.categories,
    };
    interpret(&table.headers, rows, &known)
}

impl Store {
    /// What a table would bring to an UMKM now.
    ///
    /// # Errors
    /// [`ImportError::Unreadable`] when its columns make no list of goods.
    pub async fn preview_listings(
        &self,
        umkm: OrganisationId,
        table: &Table,
        seller: Option<&str>,
    ) -> Result<Preview, ImportError> {
        let context = context(self, umkm).await?;
        read(table, &context, seller).map_err(ImportError::Unreadable)
    }

    /// Reads a list of goods for the command line: writes it in one deed, or with `dry_run` only tells what it would do.
    ///
    /// # Errors
    /// [`ImportError::Unreadable`]; nothing is written then.
    pub async fn import_listings(
        &self,
        act: &Act,
        umkm: OrganisationId,
        file_name: &str,
        table: &Table,
        options: &ImportOptions,
        dry_run: bool,
    ) -> Result<ImportOutcome, ImportError> {
        if dry_run {
            let preview = self
                .preview_listings(umkm, table, options.seller.as_deref())
                .await?;
            let report = ImportReport {
                tally: preview.tally(),
                ..ImportReport::default()
            };
            let import = None;
            return Ok(ImportOutcome {
                preview,
                report,
                import,
            });
        }
        self.write(act, async |tx| -> Result<ImportOutcome, ImportError> {
            let seller = options.seller.as_deref();
            let import = tx.stage_import(umkm, file_name, table, seller).await?;
            let (preview, report) = tx.take_import(umkm, import, options.publish, None).await?;
            Ok(ImportOutcome {
                preview,
                report,
                import: Some(import),
            })
        })
        .await
    }

    /// Keeps a table for its preview page. An older preview of the UMKM is dropped: one is looked at at a time.
    ///
    /// # Errors
    /// [`ImportError::Unreadable`] when its columns make no list of goods.
    pub async fn stage_import(
        &self,
        act: &Act,
        umkm: OrganisationId,
        file_name: &str,
        table: &Table,
        seller: Option<&str>,
    ) -> Result<ImportId, ImportError> {
        self.preview_listings(umkm, table, seller).await?;
        self.write(act, async |tx| -> Result<ImportId, ImportError> {
            tx.stage_import(umkm, file_name, table, seller).await
        })
        .await
    }

    /// One import with its table.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn import(
        &self,
        umkm: OrganisationId,
        import: ImportId,
    ) -> Result<Option<ImportView>, Error> {
        let row: Option<Row> = self
            .row(
                "SELECT id, file_name, content, state, report, created_at FROM imports WHERE id = $1 AND umkm_id = $2",
                [import.0.into(), umkm.0.into()],
            )
            .await?;
        row.map(|row| {
            let content: Content = if row.content.is_empty() {
                Content::default()
            } else {
                serde_json::from_str(&row.content)?
            };
            Ok(ImportView {
                id: import,
                file_name: row.file_name,
                state: ImportState::read(&row.state)?,
                created_at: Instant(row.created_at),
                table: content.table,
                seller: content.seller,
                report: row
                    .report
                    .as_deref()
                    .map(serde_json::from_str)
                    .transpose()?,
            })
        })
        .transpose()
    }

    /// The latest imports of an UMKM, the newest first; those that were dropped left out.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn imports(&self, umkm: OrganisationId) -> Result<Vec<ImportLine>, Error> {
        let rows: Vec<Row> = self
            .rows(
                format!(
                    "SELECT id, file_name, '' AS content, state, report, created_at FROM imports WHERE umkm_id = $1 \
                     AND state <> 'discarded' ORDER BY created_at DESC, id DESC LIMIT {LIST_MAX}"
                ),
                [umkm.0.into()],
            )
            .await?;
        rows.into_iter()
            .map(|row| {
                Ok(ImportLine {
                    id: ImportId(row.id),
                    file_name: row.file_name,
                    state: ImportState::read(&row.state)?,
                    created_at: Instant(row.created_at),
                })
            })
            .collect()
    }

    /// Writes a previewed list, all or nothing. `seen` is the tally that the owner consented to.
    ///
    /// # Errors
    /// [`ImportError::Changed`] when the list would do something else by now; [`ImportError::WrongState`].
    pub async fn consent_import(
        &self,
        act: &Act,
        umkm: OrganisationId,
        import: ImportId,
        publish: bool,
        seen: &str,
    ) -> Result<ImportReport, ImportError> {
        self.write(act, async |tx| -> Result<ImportReport, ImportError> {
            let (_, report) = tx.take_import(umkm, import, publish, Some(seen)).await?;
            Ok(report)
        })
        .await
    }

    /// Drops a preview.
    ///
    /// # Errors
    /// [`ImportError::WrongState`] when it is none any more.
    pub async fn discard_import(
        &self,
        act: &Act,
        umkm: OrganisationId,
        import: ImportId,
    ) -> Result<(), ImportError> {
        self.write(act, async |tx| -> Result<(), ImportError> {
            tx.lock_import(umkm, import, ImportState::Preview).await?;
            tx.exec(
                "UPDATE imports SET state = 'discarded', content = '', done_at = $2 WHERE id = $1",
                [import.0.into(), tx.now().0.into()],
            )
            .await?;
            Ok(())
        })
        .await
    }

    /// Archives what an import brought, as far as it is still as it came: drafts, and live products that no offer has
    /// ever pooled. Afterwards the same file can be imported again.
    ///
    /// # Errors
    /// [`ImportError::WrongState`] unless it is done.
    pub async fn undo_import(
        &self,
        act: &Act,
        umkm: OrganisationId,
        import: ImportId,
    ) -> Result<ImportReport, ImportError> {
        self.write(act, async |tx| -> Result<ImportReport, ImportError> {
            tx.undo_import(umkm, import).await
        })
        .await
    }
}

impl Tx {
    async fn lock_import(
        &self,
        umkm: OrganisationId,
        import: ImportId,
        wanted: ImportState,
    ) -> Result<Row, ImportError> {
        self.product_actor(umkm).await.map_err(no_import)?;
        let row: Row = self
            .row(
                format!(
                    "SELECT id, file_name, content, state, report, created_at FROM imports WHERE id = $1 AND umkm_id = $2{}",
                    self.for_update()
                ),
                [import.0.into(), umkm.0.into()],
            )
            .await?
            .ok_or(ImportError::NotFound)?;
        let state = ImportState::read(&row.state)?;
        if state != wanted {
            return Err(ImportError::WrongState(state));
        }
        Ok(row)
    }

    async fn stage_import(
        &self,
        umkm: OrganisationId,
        file_name: &str,
        table: &Table,
        seller: Option<&str>,
    ) -> Result<ImportId, ImportError> {
        self.product_actor(umkm).await.map_err(no_import)?;
        self.exec(
            "UPDATE imports SET state = 'discarded', content = '', done_at = $2 WHERE umkm_id = $1 AND state = 'preview'",
            [umkm.0.into(), self.now().0.into()],
        )
        .await?;
        let id = ImportId(self.new_id());
        let content = serde_json::to_string(&json!({ "table": table, "seller": seller }))
            .map_err(Error::from)?;
        self.insert(imports::Model {
            id: id.0,
            umkm_id: umkm.0,
            person_id: self.act.person.map(Into::into),
            organisation_id: self.act.organisation.map(Into::into),
            file_name: file_name.to_owned(),
            content,
            state: ImportState::Preview.as_str().to_owned(),
            report: None,
            created_at: self.now().0,
            done_at: None,
        })
        .await?;
        Ok(id)
    }

    async fn take_import(
        &self,
        umkm: OrganisationId,
        import: ImportId,
        publish: bool,
        seen: Option<&str>,
    ) -> Result<(Preview, ImportReport), ImportError> {
        let row = self.lock_import(umkm, import, ImportState::Preview).await?;
        let content: Content = serde_json::from_str(&row.content).map_err(Error::from)?;
        let context = context(self, umkm).await?;
        let preview = read(&content.table, &context, content.seller.as_deref())
            .map_err(ImportError::Unreadable)?;
        let tally = preview.tally();
        if seen.is_some_and(|seen| seen != tally.to_string()) {
            return Err(ImportError::Changed);
        }
        let published = self.write_rows(umkm, import, &preview, publish).await?;
        let report = ImportReport {
            tally,
            published,
            ..ImportReport::default()
        };
        let words = serde_json::to_string(&report).map_err(Error::from)?;
        self.exec(
            "UPDATE imports SET state = 'done', report = $2, done_at = $3 WHERE id = $1",
            [import.0.into(), words.clone().into(), self.now().0.into()],
        )
        .await?;
        self.event(events::Event {
            subject_kind: "import",
            subject_id: import.0,
            kind: "import_done",
            data: Some(words),
            ..Default::default()
        })
        .await?;
        Ok((preview, report))
    }

    /// The products of a preview with their lots; how many were published.
    async fn write_rows(
        &self,
        umkm: OrganisationId,
        import: ImportId,
        preview: &Preview,
        publish: bool,
    ) -> Result<usize, ImportError> {
        #[derive(FromQueryResult)]
        struct Region {
            region_code: String,
        }
        let region: Region = self
            .row(
                "SELECT region_code FROM organisations WHERE id = $1",
                [umkm.0.into()],
            )
            .await?
            .ok_or(ImportError::NotFound)?;
        let today = Zone::of_region(&region.region_code).day_of(self.now());
        let mut models = Vec::new();
        let mut stocked: Vec<(ProductId, Packs, bool)> = Vec::new();
        for row in &preview.rows {
            let (draft, is_whole) = match &row.outcome {
                RowOutcome::New(draft) => (draft, true),
                RowOutcome::Draft(draft, _) => (draft, false),
                RowOutcome::Repeat(_) | RowOutcome::Refused(_) | RowOutcome::Filtered => continue,
            };
            let product = ProductId(self.new_id());
            models.push(self.product_row(
                product,
                umkm,
                &facts(draft),
                Some(import.0),
                Some(row.fingerprint.0.clone()),
            ));
            stocked.push((
                product,
                draft.stock.unwrap_or_default(),
                is_whole && publish,
            ));
        }
        self.insert_many(models).await?;
        let mut published = 0;
        for (product, packs, to_publish) in stocked {
            self.event(events::Event {
                subject_kind: "product",
                subject_id: product.0,
                kind: "product_created",
                to_state: Some(ProductState::Draft.as_str()),
                data: Some(json!({ "import": import }).to_string()),
                ..Default::default()
            })
            .await?;
            if packs.0 > 0 {
                let lot = NewLot {
                    ready_on: today,
                    good_until: None,
                    packs,
                };
                self.open_lot(umkm, product, &lot).await.map_err(broken)?;
            }
            if to_publish {
                self.change_product_state(umkm, product, ProductEvent::Publish, None)
                    .await
                    .map_err(broken)?;
                published += 1;
            }
        }
        Ok(published)
    }

    async fn undo_import(
        &self,
        umkm: OrganisationId,
        import: ImportId,
    ) -> Result<ImportReport, ImportError> {
        #[derive(FromQueryResult)]
        struct Product {
            id: Uuid,
            is_free: i64,
        }
        let row = self.lock_import(umkm, import, ImportState::Done).await?;
        let mut report: ImportReport = row
            .report
            .as_deref()
            .map(serde_json::from_str)
            .transpose()
            .map_err(Error::from)?
            .unwrap_or_default();
        let products: Vec<Product> = self
            .rows(
                "SELECT p.id, CASE WHEN p.state = 'draft' OR NOT EXISTS (SELECT 1 FROM supplies s WHERE s.product_id = p.id) \
                 THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END AS is_free FROM products p \
                 WHERE p.import_id = $1 AND p.state <> 'archived' ORDER BY p.id",
                [import.0.into()],
            )
            .await?;
        for product in products {
            if product.is_free == 0 {
                report.kept += 1;
                continue;
            }
            self.change_product_state(
                umkm,
                ProductId(product.id),
                ProductEvent::Archive,
                Some("import undone"),
            )
            .await
            .map_err(broken)?;
            report.archived += 1;
        }
        // What is archived by this may come in again with the same file.
        self.exec(
            "UPDATE products SET fingerprint = NULL WHERE import_id = $1 AND state = 'archived'",
            [import.0.into()],
        )
        .await?;
        let words = serde_json::to_string(&report).map_err(Error::from)?;
        self.exec(
            "UPDATE imports SET state = 'undone', report = $2 WHERE id = $1",
            [import.0.into(), words.clone().into()],
        )
        .await?;
        self.event(events::Event {
            subject_kind: "import",
            subject_id: import.0,
            kind: "import_undone",
            data: Some(words),
            ..Default::default()
        })
        .await?;
        Ok(report)
    }
}

/// A row of the file as a member would have stated it.
fn facts(draft: &ListingDraft) -> Facts {
    Facts {
        name: draft.name.clone(),
        description: draft.description.clone(),
        category: draft.category.clone(),
        commodity: None,
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

fn no_import(error: Error) -> ImportError {
    match not_found(error) {
        ProductError::Store(error) => ImportError::Store(error),
        _ => ImportError::NotFound,
    }
}

/// The rules said the row is whole; a product deed that refuses it all the same is a fault of ours.
fn broken(error: ProductError) -> ImportError {
    ImportError::Store(match error {
        ProductError::Store(error) => error,
        other => Error::Corrupt(format!("import: {other}")),
    })
}
