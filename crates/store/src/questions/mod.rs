//! Questions about offers: a buyer asks, the cooperative answers for all or for the asker alone.
//!
//! What stands on an offer's page is [`OfferQuestion`]; it never tells who asked. Deeds are in [`deeds`].

mod deeds;
mod lists;

pub use deeds::QuestionError;
pub use lists::{ManagedQuestion, OfferQuestion, QuestionFilter, QuestionRow};
