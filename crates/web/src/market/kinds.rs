//! The names of categories and commodities, read once for many pages: they change once in a blue moon.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Instant as Moment,
};

use store::products::{Category, Names};
use text::Lang;

use crate::{ctx::Ctx, error::Error};

/// What was read last, and when.
#[derive(Default)]
pub struct Known(Mutex<Option<(Moment, Arc<Vec<Category>>)>>);

/// All kinds of goods, with their names in one language.
pub(super) struct Kinds {
    all: Arc<Vec<Category>>,
    lang: Lang,
}

impl Kinds {
    /// No older than kept pages may be.
    pub async fn read(ctx: &Ctx) -> Result<Self, Error> {
        let known = &ctx.state().kinds.0;
        let lag = 2 * ctx.state().config.pages_lag;
        let fresh = {
            let known = known.lock().unwrap_or_else(PoisonError::into_inner);
            known
                .as_ref()
                .filter(|(at, _)| at.elapsed() < lag)
                .map(|(_, all)| all.clone())
        };
        let all = match fresh {
            Some(all) => all,
            None => {
                let all = Arc::new(ctx.store().kinds().await?);
                let read = (Moment::now(), all.clone());
                *known.lock().unwrap_or_else(PoisonError::into_inner) = Some(read);
                all
            }
        };
        Ok(Self {
            all,
            lang: ctx.lang(),
        })
    }

    fn name(&self, names: &Names) -> String {
        match self.lang {
            Lang::Id => names.id.clone(),
            Lang::En => names.en.clone(),
        }
    }

    /// The slug itself where there is no such category.
    pub fn category(&self, slug: &str) -> String {
        let found = self.all.iter().find(|kind| kind.id == slug);
        found.map_or_else(|| slug.to_owned(), |kind| self.name(&kind.names))
    }

    /// The slug itself where there is no such commodity.
    pub fn commodity(&self, slug: &str) -> String {
        let found = self
            .all
            .iter()
            .flat_map(|kind| &kind.commodities)
            .find(|commodity| commodity.id == slug);
        found.map_or_else(|| slug.to_owned(), |kind| self.name(&kind.names))
    }
}
