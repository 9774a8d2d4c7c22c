//! Signing in and out, registering, language, acting organisation.

mod language;
mod login;
mod logout;
mod organisation;
mod register;
mod register_buyer;
mod register_cooperative;
mod register_done;
mod register_umkm;
pub(crate) mod registering;

pub(crate) use register_buyer::buyer_kind_key;

use crate::routes::{Access, Route};

#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/login", Access::Public, login::page),
        Route::post("/login", Access::Public, login::submit),
        Route::post("/logout", Access::SignedIn, logout::submit),
        Route::get("/register", Access::Public, register::page),
        Route::get("/register/umkm", Access::Public, register_umkm::page),
        Route::post("/register/umkm", Access::Public, register_umkm::submit),
        Route::get(
            "/register/cooperative",
            Access::Public,
            register_cooperative::page,
        ),
        Route::post(
            "/register/cooperative",
            Access::Public,
            register_cooperative::submit,
        ),
        Route::get("/register/buyer", Access::Public, register_buyer::page),
        Route::post("/register/buyer", Access::Public, register_buyer::submit),
        Route::get("/register/done", Access::Public, register_done::page),
        Route::get("/language", Access::Public, language::page),
        Route::post("/language", Access::Public, language::submit),
        Route::get("/organisation", Access::SignedIn, organisation::page),
        Route::post("/organisation", Access::SignedIn, organisation::submit),
    ]
}
