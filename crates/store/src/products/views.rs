//! What pages show of products: the owner's list, one product, the offers that pool it, the kinds of goods.

use domain::{
    ids::{OfferId, OrganisationId, ProductId},
    money::Rupiah,
    products::{Gap, ProductState, Shelf},
    quantity::Packs,
    time::Instant,
};
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

use super::Facts;
use super::row::{ROW, Row};
use crate::error::Error;
use crate::sql::Sql;
use crate::write::Store;

/// Products on one page of the list.
pub const LIST_PAGE: i64 = 24;

/// A word of the catalogue of kinds, in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    pub id: String,
    pub en: String,
}

/// A category with the commodities below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Category {
    pub id: String,
    pub names: Names,
    /// Can't be chosen any more; what was filed under it stays.
    pub retired: bool,
    pub commodities: Vec<Commodity>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commodity {
    pub id: String,
    pub names: Names,
    /// Can't be chosen any more.
    pub retired: bool,
    /// Best first.
    pub grades: Vec<String>,
}

/// Which products the list shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListingFilter {
    /// `None`: all but the archived.
    pub shelf: Option<Shelf>,
    /// Part of the name; empty for any.
    pub name: String,
    pub sort: ListingSort,
    /// From 1.
    pub page: i64,
}

/// In which order the list stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ListingSort {
    #[default]
    Name,
    Newest,
    /// Those with least left first.
    Stock,
    /// The dearest first; those without a price last.
    Price,
}

impl ListingSort {
    pub const ALL: [Self; 4] = [Self::Name, Self::Newest, Self::Stock, Self::Price];

    /// As addresses have it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Newest => "newest",
            Self::Stock => "stock",
            Self::Price => "price",
        }
    }

    fn order(self) -> &'static str {
        match self {
            Self::Name => "LOWER(p.name), p.id",
            Self::Newest => "p.created_at DESC, p.id DESC",
            Self::Stock => "COALESCE(s.free, 0), LOWER(p.name), p.id",
            Self::Price => "COALESCE(p.price_rupiah, -1) DESC, LOWER(p.name), p.id",
        }
    }
}

/// A page of the owner's list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    pub rows: Vec<ProductLine>,
    /// How many the filter finds on all pages.
    pub found: i64,
    /// How many are on each shelf, whatever is searched for; in the order of [`Shelf::ALL`].
    pub counts: Vec<(Shelf, i64)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductLine {
    pub id: ProductId,
    pub name: String,
    pub state: ProductState,
    pub shelf: Shelf,
    /// Slug of the drawn picture of its kind.
    pub picture: String,
    pub unit: Option<String>,
    pub price: Option<Rupiah>,
    pub packs_per_carton: Option<i64>,
    pub on_hand: Packs,
    pub free: Packs,
}

/// All that its own page shows of a product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductView {
    pub id: ProductId,
    pub facts: Facts,
    pub state: ProductState,
    pub shelf: Shelf,
    pub version: i64,
    pub on_hand: Packs,
    pub held: Packs,
    /// What is missing to publish it.
    pub gaps: Vec<Gap>,
    pub picture: String,
    pub category: Option<Names>,
    pub commodity: Option<Names>,
    pub changed_at: Instant,
}

impl ProductView {
    #[must_use]
    pub fn free(&self) -> Packs {
        Packs(self.on_hand.0.saturating_sub(self.held.0))
    }
}

/// An offer that pools a product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferUse {
    pub offer: OfferId,
    pub title: String,
    pub cooperative: String,
    /// `draft`, `live`, `paused` or `archived`.
    pub state: String,
}

pub(super) const STOCK: &str = "LEFT JOIN (SELECT product_id, CAST(SUM(on_hand) AS BIGINT) AS on_hand, \
     CAST(SUM(on_hand - held) AS BIGINT) AS free FROM lots WHERE umkm_id = $1 GROUP BY product_id) s \
     ON s.product_id = p.id";

/// The shelf as a condition on `products p` with its stock.
pub(super) fn shelf_is(shelf: Option<Shelf>) -> &'static str {
    match shelf {
        None => "p.state <> 'archived'",
        Some(Shelf::Draft) => "p.state = 'draft'",
        Some(Shelf::Live) => "p.state = 'live' AND COALESCE(s.free, 0) > 0",
        Some(Shelf::SoldOut) => "p.state = 'live' AND COALESCE(s.free, 0) <= 0",
        Some(Shelf::Paused) => "p.state IN ('paused', 'hidden')",
        Some(Shelf::Archived) => "p.state = 'archived'",
    }
}

/// `100% jagung` as a part of a name, for LIKE.
pub(super) fn part_of(name: &str) -> String {
    let mut pattern = String::from("%");
    for c in name.to_lowercase().chars().take(80) {
        if matches!(c, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

impl Store {
    /// A page of an UMKM's products, by name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn products(
        &self,
        umkm: OrganisationId,
        filter: &ListingFilter,
    ) -> Result<Listing, Error> {
        self.products_by(umkm, filter, LIST_PAGE).await
    }

    /// As [`Store::products`], in pages of so many rows.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn products_by(
        &self,
        umkm: OrganisationId,
        filter: &ListingFilter,
        rows_max: i64,
    ) -> Result<Listing, Error> {
        #[derive(FromQueryResult)]
        struct Line {
            id: Uuid,
            name: String,
            state: String,
            picture: String,
            unit: Option<String>,
            price_rupiah: Option<i64>,
            packs_per_carton: Option<i64>,
            on_hand: i64,
            free: i64,
        }
        #[derive(FromQueryResult)]
        struct Count {
            state: String,
            is_out: i64,
            n: i64,
        }
        let counted: Vec<Count> = self
            .rows(
                format!(
                    "SELECT p.state, CASE WHEN COALESCE(s.free, 0) <= 0 THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END \
                     AS is_out, COUNT(*) AS n FROM products p {STOCK} WHERE p.umkm_id = $1 GROUP BY 1, 2"
                ),
                [umkm.0.into()],
            )
            .await?;
        let mut counts: Vec<(Shelf, i64)> = Shelf::ALL.iter().map(|shelf| (*shelf, 0)).collect();
        for count in counted {
            let state: ProductState = count
                .state
                .parse()
                .map_err(|_| Error::Corrupt(count.state.clone()))?;
            let shelf = Shelf::of(state, Packs(1 - count.is_out));
            for (of, n) in &mut counts {
                if *of == shelf {
                    *n += count.n;
                }
            }
        }
        let name = part_of(&filter.name);
        let condition = format!(
            "p.umkm_id = $1 AND {} AND LOWER(p.name) LIKE $2 ESCAPE '!'",
            shelf_is(filter.shelf)
        );
        let found = self
            .number(
                format!("SELECT COUNT(*) FROM products p {STOCK} WHERE {condition}"),
                [umkm.0.into(), name.clone().into()],
            )
            .await?;
        let offset = filter
            .page
            .clamp(1, 100_000)
            .saturating_sub(1)
            .saturating_mul(rows_max);
        let order = filter.sort.order();
        let values: [Value; 3] = [umkm.0.into(), name.into(), offset.into()];
        let lines: Vec<Line> = self
            .rows(
                format!(
                    "SELECT p.id, p.name, p.state, COALESCE(c.picture, k.picture, 'barang') AS picture, p.unit, \
                     p.price_rupiah, p.packs_per_carton, COALESCE(s.on_hand, 0) AS on_hand, COALESCE(s.free, 0) AS free \
                     FROM products p {STOCK} LEFT JOIN commodities c ON c.id = p.commodity_id \
                     LEFT JOIN categories k ON k.id = p.category_id WHERE {condition} \
                     ORDER BY {order} LIMIT {rows_max} OFFSET $3"
                ),
                values,
            )
            .await?;
        let rows = lines
            .into_iter()
            .map(|line| {
                let state: ProductState =
                    line.state.parse().map_err(|_| Error::Corrupt(line.state))?;
                Ok(ProductLine {
                    id: ProductId(line.id),
                    name: line.name,
                    state,
                    shelf: Shelf::of(state, Packs(line.free)),
                    picture: line.picture,
                    unit: line.unit,
                    price: line.price_rupiah.map(Rupiah),
                    packs_per_carton: line.packs_per_carton,
                    on_hand: Packs(line.on_hand),
                    free: Packs(line.free),
                })
            })
            .collect::<Result<_, Error>>()?;
        Ok(Listing {
            rows,
            found,
            counts,
        })
    }

    /// One product of an UMKM.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn product(
        &self,
        umkm: OrganisationId,
        product: ProductId,
    ) -> Result<Option<ProductView>, Error> {
        #[derive(FromQueryResult)]
        struct Beside {
            picture: String,
            category_id: Option<String>,
            category_en: Option<String>,
            commodity_id: Option<String>,
            commodity_en: Option<String>,
            updated_at: i64,
        }
        let values = || -> [Value; 2] { [product.0.into(), umkm.0.into()] };
        let row: Option<Row> = self
            .row(
                format!("SELECT {ROW} FROM products p WHERE p.id = $1 AND p.umkm_id = $2"),
                values(),
            )
            .await?;
        let Some(row) = row else { return Ok(None) };
        let beside: Option<Beside> = self
            .row(
                "SELECT COALESCE(c.picture, k.picture, 'barang') AS picture, k.name_id AS category_id, \
                 k.name_en AS category_en, c.name_id AS commodity_id, c.name_en AS commodity_en, p.updated_at \
                 FROM products p LEFT JOIN commodities c ON c.id = p.commodity_id \
                 LEFT JOIN categories k ON k.id = p.category_id WHERE p.id = $1 AND p.umkm_id = $2",
                values(),
            )
            .await?;
        let Some(beside) = beside else {
            return Ok(None);
        };
        let names = |id: Option<String>, en: Option<String>| {
            Some(Names {
                id: id?,
                en: en.unwrap_or_default(),
            })
        };
        let state = row.state()?;
        Ok(Some(ProductView {
            id: product,
            facts: row.facts()?,
            state,
            shelf: Shelf::of(state, Packs(row.on_hand.saturating_sub(row.held))),
            version: row.version,
            on_hand: Packs(row.on_hand),
            held: Packs(row.held),
            gaps: row.gaps()?,
            picture: beside.picture,
            category: names(beside.category_id, beside.category_en),
            commodity: names(beside.commodity_id, beside.commodity_en),
            changed_at: Instant(beside.updated_at),
        }))
    }

    /// The offers that pool a product now; those of one cooperative only, where `of` says so.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn offers_of_product(
        &self,
        umkm: OrganisationId,
        product: ProductId,
        of: Option<OrganisationId>,
    ) -> Result<Vec<OfferUse>, Error> {
        #[derive(FromQueryResult)]
        struct Use {
            id: Uuid,
            title: String,
            name: String,
            state: String,
        }
        let uses: Vec<Use> = self
            .rows(
                "SELECT o.id, o.title, c.name, o.state FROM supplies s JOIN offers o ON o.id = s.offer_id \
                 JOIN organisations c ON c.id = o.cooperative_id WHERE s.product_id = $1 AND s.supplier_id = $2 \
                 AND s.withdrawn_at IS NULL AND o.state <> 'archived' AND ($3 = 0 OR o.cooperative_id = $4) \
                 ORDER BY o.title, o.id LIMIT 50",
                [
                    product.0.into(),
                    umkm.0.into(),
                    i64::from(of.is_some()).into(),
                    of.map(Uuid::from).into(),
                ],
            )
            .await?;
        Ok(uses
            .into_iter()
            .map(|row| OfferUse {
                offer: OfferId(row.id),
                title: row.title,
                cooperative: row.name,
                state: row.state,
            })
            .collect())
    }

    /// What new goods can be filed under: [`Store::kinds`] without what is retired.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn kinds_to_choose(&self) -> Result<Vec<Category>, Error> {
        let mut kinds = self.kinds().await?;
        kinds.retain(|category| !category.retired);
        for category in &mut kinds {
            category.commodities.retain(|commodity| !commodity.retired);
        }
        Ok(kinds)
    }

    /// Every category with its commodities, in the order of the catalogue.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn kinds(&self) -> Result<Vec<Category>, Error> {
        #[derive(FromQueryResult)]
        struct Top {
            id: String,
            name_id: String,
            name_en: String,
            retired_at: Option<i64>,
        }
        #[derive(FromQueryResult)]
        struct Below {
            id: String,
            category_id: String,
            name_id: String,
            name_en: String,
            grades: String,
            retired_at: Option<i64>,
        }
        let tops: Vec<Top> = self
            .rows(
                "SELECT id, name_id, name_en, retired_at FROM categories ORDER BY position, id",
                [],
            )
            .await?;
        let mut below: Vec<Below> = self
            .rows(
                "SELECT id, category_id, name_id, name_en, grades, retired_at FROM commodities ORDER BY name_id, id",
                [],
            )
            .await?;
        Ok(tops
            .into_iter()
            .map(|top| Category {
                commodities: below
                    .extract_if(.., |row| row.category_id == top.id)
                    .map(|row| Commodity {
                        id: row.id,
                        retired: row.retired_at.is_some(),
                        names: Names {
                            id: row.name_id,
                            en: row.name_en,
                        },
                        grades: row.grades.split(',').map(str::to_owned).collect(),
                    })
                    .collect(),
                id: top.id,
                retired: top.retired_at.is_some(),
                names: Names {
                    id: top.name_id,
                    en: top.name_en,
                },
            })
            .collect())
    }
}
