//! What a page function looks like: `async fn page(ctx: Ctx, seller: Seller, Id(order): Id<OrderId>) -> Answer`.
//!
//! Each argument is asked of the visit ([`FromVisit`]); if one refuses, the function never runs. So rights live in
//! signatures. [`Handler`] is implemented for functions of up to five such arguments.

use std::{future::Future, str::FromStr};

use actix_web::HttpResponse;
use futures_util::future::LocalBoxFuture;

use crate::{ctx::Ctx, error::Error};

/// What every page function gives back.
pub type Answer = Result<HttpResponse, Error>;

/// An argument of a page function.
pub trait FromVisit: Sized {
    /// # Errors
    /// The refusal that the visitor gets instead of the page.
    fn from_visit(ctx: &Ctx) -> Result<Self, Error>;
}

impl FromVisit for Ctx {
    fn from_visit(ctx: &Ctx) -> Result<Self, Error> {
        Ok(ctx.clone())
    }
}

/// The `{id}` of the path. Anything that is no id is as missing as an id without a row.
pub struct Id<T>(pub T);

impl<T: FromStr> FromVisit for Id<T> {
    fn from_visit(ctx: &Ctx) -> Result<Self, Error> {
        ctx.param("id").map(Self)
    }
}

/// A page function.
pub trait Handler<Args>: Clone + Send + Sync + 'static {
    fn call(&self, ctx: Ctx) -> LocalBoxFuture<'static, Answer>;
}

macro_rules! handler {
    ($($arg:ident),*) => {
        impl<F, Fut, $($arg),*> Handler<($($arg,)*)> for F
        where
            F: Fn($($arg),*) -> Fut + Clone + Send + Sync + 'static,
            Fut: Future<Output = Answer> + 'static,
            $($arg: FromVisit),*
        {
            fn call(&self, ctx: Ctx) -> LocalBoxFuture<'static, Answer> {
                let page = self.clone();
                Box::pin(async move { page($($arg::from_visit(&ctx)?),*).await })
            }
        }
    };
}

handler!(A);
handler!(A, B);
handler!(A, B, C);
handler!(A, B, C, D);
handler!(A, B, C, D, E);
