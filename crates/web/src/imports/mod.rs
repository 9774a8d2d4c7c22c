//! Lists from files, for whoever brings one: an owner its goods, a cooperative's manager its register of members. One way
//! for both: choose a file, see what each row would become, choose the columns, consent, take it back as a whole.
//!
//! What differs between the kinds is in [`kinds`]: [`Desk`] says whose list it is and where its pages are.

mod cancellation;
mod columns;
mod consent;
mod discard;
mod index;
mod kinds;
mod lines;
mod new;
mod problems;
mod progress;
mod rejects;
mod sample;
mod show;
mod template;
mod undo;

pub use new::table;

use domain::ids::ImportId;
use kinds::Desk;
use store::imports::{ImportError, ImportState, ImportView};

use crate::{
    ctx::{Ctx, Manager, Seller},
    error::Error,
    handler::Id,
    routes::{Access, Route},
};

/// The routes of one kind of list below its own path.
macro_rules! of_kind {
    ($base:literal, $role:ty, $noun:literal, $desk:path) => {{
        let who = Access::Roles(<$role>::ROLES);
        let desk = $desk;
        vec![
            Route::get($base, who, move |ctx: Ctx, r: $role| {
                index::page(ctx, desk(r.organisation))
            }),
            Route::get(concat!($base, "/new"), who, move |ctx: Ctx, r: $role| {
                new::page(ctx, desk(r.organisation))
            }),
            Route::post(concat!($base, "/new"), who, move |ctx: Ctx, r: $role| {
                new::submit(ctx, desk(r.organisation))
            })
            .upload(),
            Route::get(
                concat!($base, "/template"),
                who,
                move |ctx: Ctx, r: $role| template::page(ctx, desk(r.organisation)),
            ),
            Route::get(concat!($base, "/sample"), who, move |ctx: Ctx, r: $role| {
                sample::page(ctx, desk(r.organisation))
            }),
            Route::get(
                concat!($base, "/{id}"),
                who,
                move |ctx: Ctx, r: $role, id: Id<ImportId>| {
                    show::page(ctx, desk(r.organisation), id)
                },
            )
            .own($noun),
            Route::get(
                concat!($base, "/{id}/rejects"),
                who,
                move |ctx: Ctx, r: $role, id: Id<ImportId>| {
                    rejects::page(ctx, desk(r.organisation), id)
                },
            )
            .own($noun),
            Route::post(
                concat!($base, "/{id}/columns"),
                who,
                move |ctx: Ctx, r: $role, id: Id<ImportId>| {
                    columns::submit(ctx, desk(r.organisation), id)
                },
            )
            .own($noun),
            Route::post(
                concat!($base, "/{id}/consent"),
                who,
                move |ctx: Ctx, r: $role, id: Id<ImportId>| {
                    consent::submit(ctx, desk(r.organisation), id)
                },
            )
            .own($noun),
            Route::post(
                concat!($base, "/{id}/cancellation"),
                who,
                move |ctx: Ctx, r: $role, id: Id<ImportId>| {
                    cancellation::submit(ctx, desk(r.organisation), id)
                },
            )
            .own($noun),
            Route::post(
                concat!($base, "/{id}/discard"),
                who,
                move |ctx: Ctx, r: $role, id: Id<ImportId>| {
                    discard::submit(ctx, desk(r.organisation), id)
                },
            )
            .own($noun),
            Route::post(
                concat!($base, "/{id}/undo"),
                who,
                move |ctx: Ctx, r: $role, id: Id<ImportId>| {
                    undo::submit(ctx, desk(r.organisation), id)
                },
            )
            .own($noun),
        ]
    }};
}

#[must_use]
pub fn routes() -> Vec<Route> {
    let mut routes = of_kind!("/products/imports", Seller, "import", Desk::listings);
    routes.extend(of_kind!(
        "/members/imports",
        Manager,
        "register",
        Desk::members
    ));
    routes
}

/// The owner's import, or 404; one that was dropped is gone.
async fn find(ctx: &Ctx, desk: Desk, id: ImportId) -> Result<ImportView, Error> {
    ctx.store()
        .import(desk.kind, desk.owner, id)
        .await?
        .filter(|import| import.state != ImportState::Discarded)
        .ok_or(Error::NotFound)
}

impl From<ImportError> for Error {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::NotFound => Self::NotFound,
            ImportError::Unreadable(_) => Self::BadRequest,
            ImportError::WrongState(_) => {
                Self::conflict("imports-answered").way_out("/home", "imports-way-home")
            }
            ImportError::Changed => Self::conflict("imports-changed"),
            ImportError::Busy => Self::conflict("imports-busy"),
            ImportError::Store(error) => error.into(),
        }
    }
}
