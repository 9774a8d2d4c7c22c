//! Many goods and offers at once, for measuring at scale: `lumbung fill`.
//!
//! Rows are written in bulk and not one deed each, but as the deeds of `products`, `offers` and `catalogs` would leave
//! them: stock with its movements, supplies that fit, prices on every offer, history, an edition of the catalog. People,
//! memberships and orders are made through the deeds themselves.

use domain::ids::{OfferId, OrganisationId, ProductId};
use domain::offers::PriceRow;
use domain::products::{Content, SaleUnit};
use domain::quantity::{Packs, Units};
use domain::time::{Day, Instant};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::act::Act;
use crate::entities::{
    catalog_offers, catalogs, certificates, events, lots, movements, offer_prices, offers,
    products, supplies,
};
use crate::error::Error;
use crate::jobs::{INDEX_OFFER, REBUILD_INDEX};
use crate::sql::Sql;
use crate::write::{Store, Tx};

/// Goods that several members make alike.
#[derive(Clone, Debug)]
pub struct Goods {
    pub commodity: String,
    pub category: String,
    /// `taxable` or `exempt`.
    pub ppn_treatment: String,
    pub unit: SaleUnit,
    pub content: Option<Content>,
    /// The carton's name and how many packs it holds.
    pub carton: Option<(String, i64)>,
    pub shelf_life_days: Option<i32>,
    /// Kinds of certificates that every supply needs.
    pub required: Vec<String>,
    pub products: Vec<Product>,
    pub offers: Vec<Offer>,
}

/// One member's product with its lots.
#[derive(Clone, Debug)]
pub struct Product {
    pub supplier: OrganisationId,
    pub name: String,
    pub asked_rupiah: i64,
    pub lots: Vec<Lot>,
}

#[derive(Clone, Copy, Debug)]
pub struct Lot {
    pub ready_on: Day,
    pub good_until: Option<Day>,
    /// More than 0.
    pub packs: Packs,
}

/// An offer of some of the products.
#[derive(Clone, Debug)]
pub struct Offer {
    pub title: String,
    pub description: String,
    /// Places in [`Goods::products`].
    pub products: Vec<usize>,
    /// Best tier last; one nameless grade.
    pub prices: Vec<PriceRow>,
    pub minimum: Units,
    pub lead_time_days: i32,
    pub rule: String,
    pub published_at: Instant,
}

/// A catalog of goods.
#[derive(Clone, Debug)]
pub struct Stall {
    pub title: String,
    /// `public` or `verified`.
    pub audience: String,
    pub opens_at: Instant,
    pub goods: Vec<Goods>,
}

/// A permit of a business.
#[derive(Clone, Debug)]
pub struct Permit {
    pub kind: String,
    pub number: String,
    pub valid_until: Option<Day>,
}

/// A commodity as the fillers of a market need it.
#[derive(Clone, Debug, FromQueryResult)]
pub struct FillCommodity {
    pub id: String,
    pub category_id: String,
    pub name_id: String,
    pub dimension: String,
    pub ppn_treatment: String,
    pub perishable: bool,
}

#[derive(Default)]
struct Rows {
    products: Vec<products::Model>,
    lots: Vec<lots::Model>,
    movements: Vec<movements::Model>,
    offers: Vec<offers::Model>,
    prices: Vec<offer_prices::Model>,
    supplies: Vec<supplies::Model>,
    events: Vec<events::Model>,
    placed: Vec<catalog_offers::Model>,
}

impl Store {
    /// All commodities, by id.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn commodities_to_fill(&self) -> Result<Vec<FillCommodity>, Error> {
        self.rows(
            "SELECT id, category_id, name_id, dimension, ppn_treatment, perishable FROM commodities ORDER BY id",
            [],
        )
        .await
    }

    /// Gives businesses their permits.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn fill_permits(
        &self,
        act: &Act,
        permits: &[(OrganisationId, Permit)],
    ) -> Result<(), Error> {
        self.write(act, async |tx| -> Result<(), Error> {
            let rows = permits
                .iter()
                .map(|(owner, permit)| certificates::Model {
                    id: tx.new_id(),
                    organisation_id: owner.0,
                    product_id: None,
                    kind: permit.kind.clone(),
                    number: permit.number.clone(),
                    issuer: None,
                    valid_from: None,
                    valid_until: permit.valid_until.map(|day| day.0),
                    created_at: tx.now().0,
                })
                .collect();
            tx.insert_many(rows).await
        })
        .await
    }

    /// Writes products, lots, live offers and the open catalog they stand in. Gives the offers in their order.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn fill_stall(
        &self,
        act: &Act,
        cooperative: OrganisationId,
        stall: &Stall,
    ) -> Result<Vec<OfferId>, Error> {
        self.write(act, async |tx| -> Result<Vec<OfferId>, Error> {
            tx.fill_stall(cooperative, stall).await
        })
        .await
    }

    /// Queues one rebuild of the index in the place of all updates of single offers that are due.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn fill_ends(&self, act: &Act) -> Result<(), Error> {
        self.write(act, async |tx| -> Result<(), Error> {
            tx.exec(
                "DELETE FROM jobs WHERE kind = $1 AND done_at IS NULL AND run_at <= $2",
                [INDEX_OFFER.into(), tx.now().0.into()],
            )
            .await?;
            let dedupe = format!("{REBUILD_INDEX}:fill:{}", tx.new_id());
            tx.job(REBUILD_INDEX, dedupe, None, &()).await
        })
        .await
    }
}

impl Tx {
    async fn fill_stall(
        &self,
        cooperative: OrganisationId,
        stall: &Stall,
    ) -> Result<Vec<OfferId>, Error> {
        let mut rows = Rows::default();
        let catalog = self.new_id();
        for goods in &stall.goods {
            let products: Vec<ProductId> = goods
                .products
                .iter()
                .map(|product| self.fill_product(&mut rows, goods, product))
                .collect();
            for offer in &goods.offers {
                let id = self.fill_offer(&mut rows, cooperative, goods, offer, &products);
                rows.placed.push(catalog_offers::Model {
                    catalog_id: catalog,
                    offer_id: id.0,
                    position: i32::try_from(rows.placed.len()).unwrap_or(i32::MAX),
                });
            }
        }
        let ids = rows.offers.iter().map(|row| OfferId(row.id)).collect();
        self.insert(catalogs::Model {
            id: catalog,
            cooperative_id: cooperative.0,
            title: stall.title.clone(),
            description: String::new(),
            audience: stall.audience.clone(),
            opens_at: stall.opens_at.0,
            closes_at: None,
            state: "published".to_owned(),
            edition: 1,
            version: 2,
            created_at: stall.opens_at.0,
            updated_at: stall.opens_at.0,
        })
        .await?;
        self.insert_many(rows.products).await?;
        self.insert_many(rows.lots).await?;
        self.insert_many(rows.movements).await?;
        self.insert_many(rows.offers).await?;
        self.insert_many(rows.prices).await?;
        self.insert_many(rows.supplies).await?;
        self.insert_many(rows.events).await?;
        self.insert_many(rows.placed).await?;
        self.write_edition(catalog, 1).await?;
        self.pages_changed();
        Ok(ids)
    }

    fn fill_product(&self, rows: &mut Rows, goods: &Goods, product: &Product) -> ProductId {
        let id = self.new_id();
        rows.products.push(products::Model {
            id,
            umkm_id: product.supplier.0,
            name: product.name.clone(),
            description: String::new(),
            category_id: Some(goods.category.clone()),
            commodity_id: Some(goods.commodity.clone()),
            unit: Some(goods.unit.as_str().to_owned()),
            content_amount: goods.content.map(|content| content.amount),
            content_dimension: goods
                .content
                .map(|content| content.dimension.as_str().to_owned()),
            packs_per_carton: goods.carton.as_ref().map(|(_, packs)| *packs),
            price_rupiah: Some(product.asked_rupiah),
            grade: None,
            lead_time_days: None,
            shelf_life_days: goods.shelf_life_days,
            place: None,
            minimum_packs: None,
            state: "live".to_owned(),
            import_id: None,
            fingerprint: None,
            version: 1,
            created_at: self.now().0,
            updated_at: self.now().0,
        });
        for lot in &product.lots {
            let lot_id = self.new_id();
            rows.lots.push(lots::Model {
                id: lot_id,
                product_id: id,
                umkm_id: product.supplier.0,
                ready_on: lot.ready_on.0,
                good_until: lot.good_until.map(|day| day.0),
                on_hand: lot.packs.0,
                held: 0,
                created_at: self.now().0,
            });
            rows.movements.push(movements::Model {
                id: self.new_id(),
                lot_id,
                kind: "opening".to_owned(),
                packs: lot.packs.0,
                reason: None,
                at: self.now().0,
                person_id: None,
                organisation_id: Some(product.supplier.0),
                on_behalf: false,
            });
        }
        ProductId(id)
    }

    fn fill_offer(
        &self,
        rows: &mut Rows,
        cooperative: OrganisationId,
        goods: &Goods,
        offer: &Offer,
        products: &[ProductId],
    ) -> OfferId {
        let id = self.new_id();
        let at = offer.published_at.0;
        rows.offers.push(offers::Model {
            id,
            cooperative_id: cooperative.0,
            title: offer.title.clone(),
            description: offer.description.clone(),
            category_id: goods.category.clone(),
            commodity_id: goods.commodity.clone(),
            unit: goods.unit.as_str().to_owned(),
            content_amount: goods.content.map(|content| content.amount),
            content_dimension: goods
                .content
                .map(|content| content.dimension.as_str().to_owned()),
            grades: String::new(),
            required_certificates: goods.required.join(","),
            carton_name: goods.carton.as_ref().map(|(name, _)| name.clone()),
            packs_per_unit: goods.carton.as_ref().map_or(1, |(_, packs)| *packs),
            mixed_carton: "no".to_owned(),
            minimum_units: offer.minimum.0,
            multiple_units: 1,
            lead_time_days: offer.lead_time_days,
            rule: offer.rule.clone(),
            max_share_bp: None,
            min_share_units: 0,
            lower_grade_max_bp: None,
            delivery_basis: "loco".to_owned(),
            ppn_treatment: goods.ppn_treatment.clone(),
            price_visibility: "public".to_owned(),
            margin_model: "spread".to_owned(),
            packaging_rupiah: 0,
            transport_rupiah: 0,
            state: "live".to_owned(),
            version: 1,
            created_at: at,
            updated_at: at,
            published_at: Some(at),
            build_up_shown: false,
        });
        rows.prices
            .extend(offer.prices.iter().map(|price| offer_prices::Model {
                offer_id: id,
                grade: price.grade.0.clone(),
                minimum_units: price.min_units.0,
                buyer_price_rupiah: price.buyer_price.0,
                member_price_rupiah: price.member_price.0,
            }));
        for place in &offer.products {
            let (Some(product), Some(made)) = (products.get(*place), goods.products.get(*place))
            else {
                continue;
            };
            rows.supplies.push(supplies::Model {
                id: self.new_id(),
                offer_id: id,
                product_id: product.0,
                cooperative_id: cooperative.0,
                supplier_id: made.supplier.0,
                grade: String::new(),
                limit_packs: None,
                offered_at: at,
                withdrawn_at: None,
                out_by_price: false,
            });
        }
        rows.events.push(history(self, id, at, cooperative));
        OfferId(id)
    }
}

fn history(tx: &Tx, offer: Uuid, at: i64, cooperative: OrganisationId) -> events::Model {
    events::Model {
        id: tx.new_id(),
        subject_kind: "offer".to_owned(),
        subject_id: offer,
        seq: 1,
        at,
        person_id: None,
        organisation_id: Some(cooperative.0),
        on_behalf_of: None,
        kind: "publish".to_owned(),
        from_state: Some("draft".to_owned()),
        to_state: Some("live".to_owned()),
        reason: None,
        data: None,
    }
}
