//! The rows that a piece of a list becomes, of whatever tables: gathered first, so that they can lie aside until the whole
//! list is ready, and inserted in few statements.

use domain::{ids::LotId, quantity::Packs};
use serde::{Deserialize, Serialize};

use super::register::Completed;
use crate::entities::{
    events, imported_members, lots, members, opening_balances, organisations, products,
};
use crate::error::Error;
use crate::write::Tx;

#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Part {
    pub organisations: Vec<organisations::Model>,
    pub members: Vec<members::Model>,
    pub completed: Vec<Completed>,
    pub links: Vec<imported_members::Model>,
    pub balances: Vec<opening_balances::Model>,
    pub products: Vec<products::Model>,
    /// Empty as they are made; what lies in them is in `opened`.
    pub lots: Vec<lots::Model>,
    pub opened: Vec<(LotId, Packs)>,
    pub events: Vec<events::Model>,
    /// Products that are on sale at once.
    pub published: usize,
    /// Opening balances, in rupiah.
    pub savings_rupiah: i64,
}

impl Tx {
    /// Inserts the rows of a part, each after those it points at.
    pub(super) async fn insert_part(&self, part: Part) -> Result<(), Error> {
        self.insert_many(part.organisations).await?;
        self.insert_many(part.members).await?;
        self.complete_members(&part.completed).await?;
        self.insert_many(part.links).await?;
        self.insert_many(part.balances).await?;
        self.insert_many(part.products).await?;
        self.insert_many(part.lots).await?;
        self.open_stock(&part.opened).await?;
        self.insert_many(part.events).await
    }
}
