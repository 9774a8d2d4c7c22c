//! Pages of the demo alone: the local mailbox, where the letters that the demo writes can be read.
//!
//! Under `serve` they do not exist (404). A demo that others can reach shows them to the administrator only.

mod letter;
mod mailbox;

use mail::Folder;

use crate::{
    ctx::{Admin, Ctx},
    error::Error,
    handler::FromVisit,
    routes::{Access, Route},
};

#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/dev/mailbox", Access::Public, mailbox::page).demo_only(),
        Route::get("/dev/mailbox/{name}", Access::Public, letter::page).demo_only(),
    ]
}

/// The mailbox, if this visitor may look into it.
fn folder(ctx: &Ctx) -> Result<&Folder, Error> {
    if ctx.state().config.public_demo {
        if ctx.visitor().is_none() {
            let next = ctx.request().path().to_owned();
            return Err(Error::SignIn { next });
        }
        Admin::from_visit(ctx)?;
    }
    ctx.state().mailbox.as_ref().ok_or(Error::NotFound)
}
