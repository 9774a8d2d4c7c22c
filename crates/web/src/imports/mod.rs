//! Lists from files, for whoever brings one: an owner its goods, a cooperative's manager its register of members. One way
//! for both: choose a file, see what each row would become, choose the columns, consent, take it back as a whole. So does
//! a manager for a member, on its behalf, below the member's own address.
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
    ($base:literal, $access:expr, $noun:literal, $desk:path) => {{
        let who = $access;
        vec![
            Route::get($base, who, |ctx: Ctx| async move {
                let desk = $desk(&ctx).await?;
                index::page(ctx, desk).await
            }),
            Route::get(concat!($base, "/new"), who, |ctx: Ctx| async move {
                let desk = $desk(&ctx).await?;
                new::page(ctx, desk).await
            }),
            Route::post(concat!($base, "/new"), who, |ctx: Ctx| async move {
                let desk = $desk(&ctx).await?;
                new::submit(ctx, desk).await
            })
            .upload(),
            Route::get(concat!($base, "/template"), who, |ctx: Ctx| async move {
                let desk = $desk(&ctx).await?;
                template::page(ctx, desk).await
            }),
            Route::get(concat!($base, "/sample"), who, |ctx: Ctx| async move {
                let desk = $desk(&ctx).await?;
                sample::page(ctx, desk).await
            }),
            Route::get(
                concat!($base, "/{id}"),
                who,
                |ctx: Ctx, id: Id<ImportId>| async move {
                    let desk = $desk(&ctx).await?;
                    show::page(ctx, desk, id).await
                },
            )
            .own($noun),
            Route::get(
                concat!($base, "/{id}/rejects"),
                who,
                |ctx: Ctx, id: Id<ImportId>| async move {
                    let desk = $desk(&ctx).await?;
                    rejects::page(ctx, desk, id).await
                },
            )
            .own($noun),
            Route::post(
                concat!($base, "/{id}/columns"),
                who,
                |ctx: Ctx, id: Id<ImportId>| async move {
                    let desk = $desk(&ctx).await?;
                    columns::submit(ctx, desk, id).await
                },
            )
            .own($noun),
            Route::post(
                concat!($base, "/{id}/consent"),
                who,
                |ctx: Ctx, id: Id<ImportId>| async move {
                    let desk = $desk(&ctx).await?;
                    consent::submit(ctx, desk, id).await
                },
            )
            .own($noun),
            Route::post(
                concat!($base, "/{id}/cancellation"),
                who,
                |ctx: Ctx, id: Id<ImportId>| async move {
                    let desk = $desk(&ctx).await?;
                    cancellation::submit(ctx, desk, id).await
                },
            )
            .own($noun),
            Route::post(
                concat!($base, "/{id}/discard"),
                who,
                |ctx: Ctx, id: Id<ImportId>| async move {
                    let desk = $desk(&ctx).await?;
                    discard::submit(ctx, desk, id).await
                },
            )
            .own($noun),
            Route::post(
                concat!($base, "/{id}/undo"),
                who,
                |ctx: Ctx, id: Id<ImportId>| async move {
                    let desk = $desk(&ctx).await?;
                    undo::submit(ctx, desk, id).await
                },
            )
            .own($noun),
        ]
    }};
}

#[must_use]
pub fn routes() -> Vec<Route> {
    let (seller, manager) = (Access::Roles(Seller::ROLES), Access::Roles(Manager::ROLES));
    let mut routes = of_kind!("/products/imports", seller, "import", Desk::listings);
    routes.extend(of_kind!(
        "/members/imports",
        manager,
        "register",
        Desk::members
    ));
    // The manager who brings a member's goods on its behalf.
    let of_member = of_kind!(
        "/members/{member}/products/imports",
        manager,
        "member",
        Desk::listings
    );
    routes.extend(of_member.into_iter().map(|route| route.own("member")));
    routes
}

/// The owner's import, or 404; one that was dropped is gone.
async fn find(ctx: &Ctx, desk: &Desk, id: ImportId) -> Result<ImportView, Error> {
    ctx.store()
        .import(desk.kind, desk.owner, desk.by(), id)
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
