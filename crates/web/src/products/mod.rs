//! An UMKM's goods: the list, one product with its lots and permits, and lists from files.
//!
//! Every page acts on the goods of the acting organisation; somebody else's are as missing as none. What the form of a
//! product asks is in [`fields`], the words for states and gaps here.

mod adjustment;
mod certificates;
mod certificates_remove;
mod copy;
mod edit;
mod fields;
mod import_consent;
mod import_discard;
mod import_new;
mod import_show;
mod import_undo;
mod index;
mod lots;
mod new;
mod show;
mod state;
mod stock;

pub use import_new::table;

use domain::{
    ids::ProductId,
    products::{Gap, ProductRefusal, Shelf},
};
use store::products::{ImportError, LotView, Names, ProductError, ProductView};
use text::Lang;

use crate::{
    ctx::{Ctx, Seller},
    error::Error,
    routes::{Access, Route},
    shell::Shell,
};

const SELLER: Access = Access::Roles(Seller::ROLES);

#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/products", SELLER, index::page),
        Route::get("/products/new", SELLER, new::page),
        Route::post("/products/new", SELLER, new::submit),
        Route::get("/products/{id}", SELLER, show::page).own("product"),
        Route::get("/products/{id}/edit", SELLER, edit::page).own("product"),
        Route::post("/products/{id}/edit", SELLER, edit::submit).own("product"),
        Route::post("/products/{id}/state", SELLER, state::submit).own("product"),
        Route::post("/products/{id}/stock", SELLER, stock::submit).own("product"),
        Route::post("/products/{id}/copy", SELLER, copy::submit).own("product"),
        Route::get("/products/{id}/lots", SELLER, lots::page).own("product"),
        Route::post("/products/{id}/lots", SELLER, lots::submit).own("product"),
        Route::get(
            "/products/{id}/lots/{lot}/adjustment",
            SELLER,
            adjustment::page,
        )
        .own("product"),
        Route::post(
            "/products/{id}/lots/{lot}/adjustment",
            SELLER,
            adjustment::submit,
        )
        .own("product"),
        Route::get("/products/{id}/certificates", SELLER, certificates::page).own("product"),
        Route::post("/products/{id}/certificates", SELLER, certificates::submit).own("product"),
        Route::post(
            "/products/{id}/certificates/{certificate}/removal",
            SELLER,
            certificates_remove::submit,
        )
        .own("product"),
        Route::get("/products/imports/new", SELLER, import_new::page),
        Route::post("/products/imports/new", SELLER, import_new::submit).upload(),
        Route::get("/products/imports/{id}", SELLER, import_show::page).own("import"),
        Route::post(
            "/products/imports/{id}/consent",
            SELLER,
            import_consent::submit,
        )
        .own("import"),
        Route::post(
            "/products/imports/{id}/discard",
            SELLER,
            import_discard::submit,
        )
        .own("import"),
        Route::post("/products/imports/{id}/undo", SELLER, import_undo::submit).own("import"),
    ]
}

/// The owner's product, or 404.
async fn find(ctx: &Ctx, seller: Seller, product: ProductId) -> Result<ProductView, Error> {
    ctx.store()
        .product(seller.organisation, product)
        .await?
        .ok_or(Error::NotFound)
}

/// A word of the catalogue of kinds in the reader's language.
fn name_of(lang: Lang, names: &Names) -> &str {
    match lang {
        Lang::Id => &names.id,
        Lang::En => &names.en,
    }
}

/// The string key, badge kind and icon of a shelf.
fn shelf_badge(shelf: Shelf) -> (&'static str, &'static str, &'static str) {
    match shelf {
        Shelf::Draft => ("products-shelf-draft", "", ""),
        Shelf::Live => ("products-shelf-live", "ok", ""),
        Shelf::SoldOut => ("products-shelf-sold-out", "wait", "warn"),
        Shelf::Paused => ("products-shelf-paused", "wait", ""),
        Shelf::Archived => ("products-shelf-archived", "", "archive"),
    }
}

/// Until when a lot is good, in words.
fn lot_until(shell: &Shell, lot: &LotView) -> String {
    match lot.good_until {
        Some(last) => shell.date(last),
        None => shell.t("products-lot-keeps"),
    }
}

/// The string key of what is missing.
fn gap_key(gap: Gap) -> &'static str {
    match gap {
        Gap::Name => "products-gap-name",
        Gap::Category => "products-gap-kind",
        Gap::Unit => "products-gap-unit",
        Gap::Content => "products-gap-content",
        Gap::Price => "products-gap-price",
        Gap::Stock => "products-gap-stock",
    }
}

/// The field of the form in which a gap is filled.
fn gap_field(gap: Gap) -> &'static str {
    match gap {
        Gap::Name => "name",
        Gap::Category => "kind",
        Gap::Unit => "unit",
        Gap::Content => "content",
        Gap::Price => "price",
        Gap::Stock => "stock",
    }
}

/// `satuan, harga, sisa barang`.
fn gap_words(lang: Lang, gaps: &[Gap]) -> String {
    let words: Vec<String> = gaps
        .iter()
        .map(|gap| text::t(lang, gap_key(*gap)))
        .collect();
    words.join(", ")
}

/// A refused deed on a product; `way` leads back to it.
fn refused(lang: Lang, product: ProductId, error: ProductError) -> Error {
    let here = format!("/products/{product}");
    match error {
        ProductError::NotFound => Error::NotFound,
        ProductError::Changed => {
            Error::conflict("products-changed").way_out(here, "products-way-back")
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
        ProductError::PriceAboveOffer { most, offer } => Error::conflict("products-price-above")
            .arg("most", most.to_string())
            .arg("offer", offer)
            .way_out(here, "products-way-back"),
        ProductError::UnknownKind => Error::BadRequest,
        ProductError::TooFew { free } => Error::conflict("products-too-few")
            .arg("free", free.to_string())
            .way_out(here, "products-way-back"),
        ProductError::Store(error) => error.into(),
    }
}

impl From<ImportError> for Error {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::NotFound => Self::NotFound,
            ImportError::Unreadable(_) => Self::BadRequest,
            ImportError::WrongState(_) => {
                Self::conflict("products-import-answered").way_out("/products", "products-way-list")
            }
            ImportError::Changed => Self::conflict("products-import-changed"),
            ImportError::Store(error) => error.into(),
        }
    }
}
