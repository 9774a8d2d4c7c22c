//! Signing in and out, registering, one's own account, language, acting organisation.

mod account;
mod account_email;
mod account_name;
mod account_password;
mod account_phone;
mod account_sessions;
mod email_confirmation;
mod entering;
pub(crate) mod invitation;
pub(crate) mod inviting;
mod language;
pub(crate) mod limits;
pub(crate) mod links;
mod login;
mod login_code;
mod logout;
mod organisation;
mod password_asked;
mod password_done;
mod password_forgotten;
mod password_reset;
mod privacy;
pub(crate) mod profile;
mod register;
mod register_buyer;
mod register_cooperative;
mod register_done;
mod register_umkm;
pub(crate) mod registering;
mod steps;
mod terms;
mod two_step;
mod two_step_removal;
mod verification;

pub(crate) use register_buyer::buyer_kind_key;

use crate::routes::{Access, Route};

#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/login", Access::Public, login::page),
        Route::post("/login", Access::Public, login::submit),
        Route::get("/login/code", Access::Public, login_code::page),
        Route::post("/login/code", Access::Public, login_code::submit),
        Route::post("/logout", Access::SignedIn, logout::submit).before_step(),
        Route::get(
            "/password/forgotten",
            Access::Public,
            password_forgotten::page,
        ),
        Route::post(
            "/password/forgotten",
            Access::Public,
            password_forgotten::submit,
        ),
        Route::get("/password/asked", Access::Public, password_asked::page),
        Route::get("/password/reset", Access::Public, password_reset::page),
        Route::post("/password/reset", Access::Public, password_reset::submit),
        Route::get("/password/done", Access::Public, password_done::page),
        Route::get(
            "/email/confirmation",
            Access::Public,
            email_confirmation::page,
        ),
        Route::post(
            "/email/confirmation",
            Access::Public,
            email_confirmation::submit,
        ),
        Route::get("/account/two-step", Access::SignedIn, two_step::page).before_step(),
        Route::post("/account/two-step", Access::SignedIn, two_step::submit).before_step(),
        Route::post(
            "/account/two-step/removal",
            Access::SignedIn,
            two_step_removal::submit,
        ),
        Route::get("/invitation", Access::Public, invitation::page),
        Route::post("/invitation", Access::Public, invitation::submit),
        Route::get("/account", Access::SignedIn, account::page),
        Route::get("/account/name", Access::SignedIn, account_name::page),
        Route::post("/account/name", Access::SignedIn, account_name::submit),
        Route::get("/account/email", Access::SignedIn, account_email::page),
        Route::post("/account/email", Access::SignedIn, account_email::submit),
        Route::get("/account/phone", Access::SignedIn, account_phone::page),
        Route::post("/account/phone", Access::SignedIn, account_phone::submit),
        Route::get(
            "/account/password",
            Access::SignedIn,
            account_password::page,
        ),
        Route::post(
            "/account/password",
            Access::SignedIn,
            account_password::submit,
        ),
        Route::get(
            "/account/sessions",
            Access::SignedIn,
            account_sessions::page,
        ),
        Route::post(
            "/account/sessions",
            Access::SignedIn,
            account_sessions::submit,
        ),
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
        Route::get("/privacy", Access::Public, privacy::page)
            .public()
            .before_step(),
        Route::get("/terms", Access::Public, terms::page)
            .public()
            .before_step(),
        Route::get("/language", Access::Public, language::page).before_step(),
        Route::post("/language", Access::Public, language::submit).before_step(),
        Route::get("/organisation/profile", Access::SignedIn, profile::page),
        Route::post("/organisation/profile", Access::SignedIn, profile::submit),
        Route::post(
            "/organisation/verification",
            Access::SignedIn,
            verification::submit,
        ),
        Route::get("/organisation", Access::SignedIn, organisation::page),
        Route::post("/organisation", Access::SignedIn, organisation::submit),
    ]
}
