//! Orders: placing, approving, sharing out, answering, confirming. Reads in [`views`]; each deed in its own file.

pub(crate) mod answers;
pub(crate) mod consents;
pub(crate) mod decide;
pub(crate) mod place;
pub(crate) mod sharing;
mod sweep;

pub use answers::{AnswerError, ShareOwner};
pub use consents::{ConsentError, ProposedLine};
pub use decide::DecideError;
pub use place::{PlaceError, PlaceOrder, Placed, Short};
