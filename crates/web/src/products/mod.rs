//! An UMKM's goods: the list, one product with its lots and permits, and lists from files.
//!
//! Every page acts on the goods of the acting organisation, or as manager on those of an active member ([`desk`]);
//! somebody else's are as missing as none. What the form of a product asks is in [`fields`], the words for states and
//! gaps here.

mod adjustment;
mod bulk;
mod certificates;
mod certificates_remove;
mod change;
mod copy;
pub(crate) mod desk;
mod edit;
mod export;
mod fields;
mod grid;
mod index;
mod lots;
mod new;
mod permits;
mod show;
mod state;
mod stock;

use domain::products::{Gap, Shelf};
use store::products::{LotView, Names};
use text::Lang;

use crate::{
    ctx::{Manager, Seller},
    routes::{Access, Route},
    shell::Shell,
};

const SELLER: Access = Access::Roles(Seller::ROLES);
const MANAGER: Access = Access::Roles(Manager::ROLES);

#[must_use]
pub fn routes() -> Vec<Route> {
    [
        Route::get("/products", SELLER, index::page),
        Route::get("/products/export", SELLER, export::page),
        Route::get("/products/new", SELLER, new::page),
        Route::post("/products/new", SELLER, new::submit).photos(),
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
        Route::get("/products/bulk", SELLER, bulk::page),
        Route::post("/products/bulk", SELLER, bulk::submit),
        Route::get("/products/grid", SELLER, grid::page),
        Route::post("/products/grid", SELLER, grid::submit),
        Route::get("/products/changes/{id}", SELLER, change::page).own("change"),
        Route::post("/products/changes/{id}/undo", SELLER, change::undo).own("change"),
    ]
    .into_iter()
    .chain(of_members())
    .collect()
}

/// The same pages for the manager who works at a member's goods on its behalf.
fn of_members() -> Vec<Route> {
    vec![
        Route::get("/members/{member}/products", MANAGER, index::page).own("member"),
        Route::get("/members/{member}/products/new", MANAGER, new::page).own("member"),
        Route::post("/members/{member}/products/new", MANAGER, new::submit)
            .own("member")
            .photos(),
        Route::get("/members/{member}/products/{id}", MANAGER, show::page).own("member"),
        Route::get("/members/{member}/products/{id}/edit", MANAGER, edit::page).own("member"),
        Route::post(
            "/members/{member}/products/{id}/edit",
            MANAGER,
            edit::submit,
        )
        .own("member"),
        Route::post(
            "/members/{member}/products/{id}/state",
            MANAGER,
            state::submit,
        )
        .own("member"),
        Route::post(
            "/members/{member}/products/{id}/stock",
            MANAGER,
            stock::submit,
        )
        .own("member"),
        Route::post(
            "/members/{member}/products/{id}/copy",
            MANAGER,
            copy::submit,
        )
        .own("member"),
        Route::get("/members/{member}/products/{id}/lots", MANAGER, lots::page).own("member"),
        Route::post(
            "/members/{member}/products/{id}/lots",
            MANAGER,
            lots::submit,
        )
        .own("member"),
        Route::get(
            "/members/{member}/products/{id}/lots/{lot}/adjustment",
            MANAGER,
            adjustment::page,
        )
        .own("member"),
        Route::post(
            "/members/{member}/products/{id}/lots/{lot}/adjustment",
            MANAGER,
            adjustment::submit,
        )
        .own("member"),
        Route::get(
            "/members/{member}/products/{id}/certificates",
            MANAGER,
            certificates::page,
        )
        .own("member"),
        Route::post(
            "/members/{member}/products/{id}/certificates",
            MANAGER,
            certificates::submit,
        )
        .own("member"),
        Route::post(
            "/members/{member}/products/{id}/certificates/{certificate}/removal",
            MANAGER,
            certificates_remove::submit,
        )
        .own("member"),
        Route::get("/members/{member}/products/bulk", MANAGER, bulk::page).own("member"),
        Route::post("/members/{member}/products/bulk", MANAGER, bulk::submit).own("member"),
        Route::get("/members/{member}/products/grid", MANAGER, grid::page).own("member"),
        Route::post("/members/{member}/products/grid", MANAGER, grid::submit).own("member"),
        Route::get(
            "/members/{member}/products/changes/{id}",
            MANAGER,
            change::page,
        )
        .own("member"),
        Route::post(
            "/members/{member}/products/changes/{id}/undo",
            MANAGER,
            change::undo,
        )
        .own("member"),
    ]
}

/// A word of the catalogue of kinds in the reader's language.
fn name_of(lang: Lang, names: &Names) -> &str {
    match lang {
        Lang::Id => &names.id,
        Lang::En => &names.en,
    }
}

/// Whose list it is: "Barang saya", or "Barang Dapur Roban" for a manager.
fn list_title(shell: &Shell, desk: &desk::Desk) -> String {
    match &desk.behalf {
        None => shell.t("products-title"),
        Some(name) => shell.t1("products-title-of", "name", name.as_str()),
    }
}

/// The string key, badge kind and icon of a shelf.
pub(crate) fn shelf_badge(shelf: Shelf) -> (&'static str, &'static str, &'static str) {
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
pub(crate) fn gap_words(lang: Lang, gaps: &[Gap]) -> String {
    let words: Vec<String> = gaps
        .iter()
        .map(|gap| text::t(lang, gap_key(*gap)))
        .collect();
    words.join(", ")
}
