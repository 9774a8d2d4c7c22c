//! What members make: products with their lots and certificates. Lists of them from files are in [`crate::imports`].
//!
//! Deeds take the UMKM whose goods they change; who may do so is asked in one place, `Tx::product_actor`, which also
//! lets a cooperative's manager act for an active member. Stock itself moves in [`crate::stock`] alone. Start at
//! [`Facts`] and `Store::list_product`.

mod batches;
mod certificates;
mod history;
mod listing;
mod lots;
mod row;
mod views;
mod write;

pub use batches::{
    BATCH_MAX, BatchChange, BatchLine, BatchOutcome, BatchView, Chosen, LeftOut, OpenBatch,
    TableRow,
};
pub use certificates::{CertificateView, NewCertificate};
pub use history::{By, ProductChange};
pub use listing::NewProduct;
pub use lots::{LotView, MovementView, NewLot};
pub use views::{
    Category, Commodity, LIST_PAGE, Listing, ListingFilter, ListingSort, Names, OfferUse,
    ProductLine, ProductView,
};
pub use write::Event;

use domain::{
    ids::{CategoryId, CommodityId, OrganisationId, ProductId},
    money::Rupiah,
    products::{Content, Gap, Grade, ProductActor, ProductFacts, ProductRefusal, SaleUnit},
    quantity::Packs,
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::error::Error;
use crate::sql::Sql;
use crate::write::{Store, Tx, rerun_by_store};

/// What a member states about a product. A draft may leave everything but the name open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    pub name: String,
    /// Empty where nothing is said.
    pub description: String,
    pub category: Option<CategoryId>,
    pub commodity: Option<CommodityId>,
    pub unit: Option<SaleUnit>,
    /// What one sale unit holds.
    pub content: Option<Content>,
    pub packs_per_carton: Option<i64>,
    /// What the member asks per sale unit, ex PPN.
    pub price: Option<Rupiah>,
    pub grade: Option<Grade>,
    pub lead_time_days: Option<i32>,
    pub shelf_life_days: Option<i32>,
    /// Place of origin, in the member's words.
    pub place: Option<String>,
    /// The least it gives to one order, if it gives anything.
    pub minimum_packs: Option<i64>,
}

impl Facts {
    /// As the rules want it, with the stock from elsewhere.
    #[must_use]
    pub fn with_stock(
        &self,
        state: domain::products::ProductState,
        on_hand: Packs,
    ) -> ProductFacts {
        ProductFacts {
            state,
            name: self.name.clone(),
            category: self.category.clone(),
            commodity: self.commodity.clone(),
            unit: self.unit,
            content: self.content,
            grade: self.grade.clone(),
            asked_price: self.price,
            on_hand,
        }
    }
}

/// Why a product stays as it is.
#[derive(Debug, thiserror::Error)]
pub enum ProductError {
    /// Missing, or somebody else's.
    #[error("no such product")]
    NotFound,
    /// Somebody else changed it since it was opened.
    #[error("changed meanwhile")]
    Changed,
    /// The one-time key is that of a product that says something else.
    #[error("listed before as something else")]
    KeyUsed,
    /// Not whole enough for buyers and pools.
    #[error("gaps: {0:?}")]
    Gaps(Vec<Gap>),
    #[error(transparent)]
    Refused(#[from] ProductRefusal),
    /// An offer pools it as it is: kind, unit, content and grade stay.
    #[error("pooled in `{offer}`")]
    Pooled { offer: String },
    /// Another cooperative's offer pools it as it is; which one is not this manager's to know.
    #[error("pooled elsewhere")]
    PooledElsewhere,
    /// An offer pools it and pays at most this.
    #[error("`{offer}` pays at most {most}")]
    PriceAboveOffer { most: Rupiah, offer: String },
    /// No such category or commodity, or one of another category.
    #[error("unknown kind of goods")]
    UnknownKind,
    /// Fewer packs are free than should go.
    #[error("only {free} packs are free")]
    TooFew { free: Packs },
    #[error(transparent)]
    Store(#[from] Error),
}
rerun_by_store!(ProductError);

#[derive(FromQueryResult)]
struct OfferRow {
    offer_id: Uuid,
}

/// Whether `umkm` is an active member of `cooperative`.
pub(crate) async fn is_active_member(
    sql: &impl Sql,
    cooperative: OrganisationId,
    umkm: OrganisationId,
) -> Result<bool, Error> {
    let found = sql
        .number(
            "SELECT COUNT(*) FROM members WHERE cooperative_id = $1 AND supplier_id = $2 AND status = 'active'",
            [cooperative.0.into(), umkm.0.into()],
        )
        .await?;
    Ok(found > 0)
}

impl Store {
    /// Whether `umkm` is an active member of `cooperative`, whose manager may then act on its behalf.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn member_of(
        &self,
        cooperative: OrganisationId,
        umkm: OrganisationId,
    ) -> Result<bool, Error> {
        is_active_member(self, cooperative, umkm).await
    }
}

impl Tx {
    /// In which capacity this deed changes the goods of `umkm`; anybody else finds nothing there.
    pub(crate) async fn product_actor(&self, umkm: OrganisationId) -> Result<ProductActor, Error> {
        match (self.act.organisation, self.act.on_behalf_of) {
            // The command line names the owner and acts as it; nobody is signed in there.
            (None, None) => Ok(ProductActor::Owner),
            (Some(own), None) if own == umkm => Ok(ProductActor::Owner),
            (Some(cooperative), Some(member))
                if member == umkm && is_active_member(self, cooperative, umkm).await? =>
            {
                Ok(ProductActor::ManagerOnBehalf)
            }
            _ => Err(Error::NotFound),
        }
    }

    /// Queues the index work for every offer that pools the product, and answers which these are.
    pub(crate) async fn product_changed(&self, product: ProductId) -> Result<Vec<Uuid>, Error> {
        let offers = self.offers_pooling(product).await?;
        self.offers_look_changed(&offers).await?;
        Ok(offers)
    }

    /// There is more or less of the product: told where it shows.
    pub(crate) async fn stock_changed(&self, product: ProductId) -> Result<(), Error> {
        let offers = self.offers_pooling(product).await?;
        self.availability_changed(&offers).await
    }

    async fn offers_pooling(&self, product: ProductId) -> Result<Vec<Uuid>, Error> {
        let offers: Vec<OfferRow> = self
            .rows(
                "SELECT offer_id FROM supplies WHERE product_id = $1 AND withdrawn_at IS NULL ORDER BY offer_id",
                [product.0.into()],
            )
            .await?;
        Ok(offers.into_iter().map(|row| row.offer_id).collect())
    }
}

/// The owner's `Store::NotFound` and a missing row are the same to whoever asks.
fn not_found(error: Error) -> ProductError {
    match error {
        Error::NotFound => ProductError::NotFound,
        other => ProductError::Store(other),
    }
}
