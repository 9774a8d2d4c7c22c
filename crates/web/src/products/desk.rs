//! At whose goods somebody works: at one's own, or, as manager, at an active member's on its behalf.
//!
//! The pages of goods hang at two places of the site, `/products…` for the owner and `/members/{member}/products…` for
//! the manager of its cooperative. Both are the same pages: a [`Desk`] says whose goods they show, under which address,
//! and with which circumstances a deed is done, so that everything a manager does is marked. Whether the membership
//! still holds is asked here for pages, and once more inside each deed (CHECKLIST B10).

use domain::{
    ids::{MemberId, OrganisationId, ProductId},
    members::MemberStatus,
    products::{Gap, ProductRefusal},
    time::{Day, Zone},
};
use store::{
    Act,
    products::{ProductError, ProductView},
};
use text::Lang;

use super::gap_words;
use crate::{
    ctx::{Ctx, Manager, Seller},
    error::Error,
    handler::FromVisit,
};

/// Whose goods, and for whom the work is done.
pub struct Desk {
    pub umkm: OrganisationId,
    /// For deeds: marked when it is done on a member's behalf.
    pub act: Act,
    /// Where the list of these goods is.
    pub base: String,
    /// The name of the member on whose behalf a manager works.
    pub behalf: Option<String>,
    /// The zone of the business whose goods they are: its lots end at its midnight.
    pub zone: Zone,
    now: domain::time::Instant,
}

impl Desk {
    /// The desk of this visit, by the address that was asked for.
    ///
    /// # Errors
    /// 404 for a member that is not this cooperative's, 409 for one that is not active (any more).
    pub async fn of(ctx: &Ctx) -> Result<Self, Error> {
        if ctx.request().match_info().get("member").is_none() {
            let seller = Seller::from_visit(ctx)?;
            return Ok(Self {
                umkm: seller.organisation,
                act: ctx.act(),
                base: "/products".to_owned(),
                behalf: None,
                zone: zone(ctx),
                now: ctx.now(),
            });
        }
        let manager = Manager::from_visit(ctx)?;
        let member: MemberId = ctx.param("member")?;
        let found = ctx
            .store()
            .member_supplier(manager.organisation, member)
            .await?
            .ok_or(Error::NotFound)?;
        if found.status()? != MemberStatus::Active {
            return Err(Error::conflict("products-not-active")
                .arg("name", found.name)
                .way_out(format!("/members/{member}"), "products-way-member"));
        }
        let umkm = OrganisationId(found.supplier_id);
        Ok(Self {
            umkm,
            act: ctx.act().on_behalf_of(umkm),
            base: format!("/members/{member}/products"),
            zone: Zone::of_region(&found.region_code),
            behalf: Some(found.name),
            now: ctx.now(),
        })
    }

    /// The page of a product, or one below it.
    #[must_use]
    pub fn to(&self, product: ProductId, below: &str) -> String {
        format!("{}/{product}{below}", self.base)
    }

    /// Today where the goods are.
    #[must_use]
    pub fn today(&self) -> Day {
        self.zone.day_of(self.now)
    }

    /// A product of this desk, or 404.
    pub async fn product(&self, ctx: &Ctx, product: ProductId) -> Result<ProductView, Error> {
        ctx.store()
            .product(self.umkm, product)
            .await?
            .ok_or(Error::NotFound)
    }

    /// A refused deed on a product, with the way back to it.
    pub fn refused(&self, lang: Lang, product: ProductId, error: ProductError) -> Error {
        let here = self.to(product, "");
        match error {
            ProductError::NotFound => Error::NotFound,
            ProductError::Changed => {
                Error::conflict("products-changed").way_out(here, "products-way-back")
            }
            ProductError::KeyUsed => {
                Error::conflict("products-listed-before").way_out(here, "products-way-listed")
            }
            ProductError::Gaps(gaps) => Error::conflict("products-gaps-left")
                .arg("gaps", gap_words(lang, &gaps))
                .way_out(
                    match gaps.as_slice() {
                        [Gap::Stock] => format!("{here}/lots"),
                        _ => format!("{here}/edit"),
                    },
                    "products-way-fill",
                ),
            ProductError::Refused(ProductRefusal::WrongState { .. }) => {
                Error::conflict("products-wrong-state").way_out(here, "products-way-back")
            }
            ProductError::Refused(ProductRefusal::WrongActor { .. }) => Error::Forbidden,
            ProductError::Pooled { offer } => Error::conflict("products-pooled-page")
                .arg("offer", offer)
                .way_out(here, "products-way-back"),
            ProductError::PooledElsewhere => {
                Error::conflict("products-pooled-elsewhere-page").way_out(here, "products-way-back")
            }
            ProductError::PriceAboveOffer { most, offer } => {
                Error::conflict("products-price-above")
                    .arg("most", most.to_string())
                    .arg("offer", offer)
                    .way_out(here, "products-way-back")
            }
            ProductError::UnknownKind => Error::BadRequest,
            ProductError::TooFew { free } => Error::conflict("products-too-few")
                .arg("free", free.to_string())
                .way_out(here, "products-way-back"),
            ProductError::Store(error) => error.into(),
        }
    }
}

/// The zone of the acting organisation.
pub(crate) fn zone(ctx: &Ctx) -> Zone {
    Zone::of_region(ctx.acting().map_or("", |acting| &acting.region_code))
}
