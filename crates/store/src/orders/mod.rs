//! Orders: placing, approving, sharing out, answering, confirming. Reads in [`views`]; each deed in its own file.

pub(crate) mod answers;
mod approval;
mod change;
pub(crate) mod consents;
pub(crate) mod decide;
pub(crate) mod lines;
mod lists;
mod place;
mod records;
mod second_run;
mod sent;
pub(crate) mod sharing;
mod sweep;
mod views;
mod waiting;
mod whereabouts;

pub use answers::{AnswerError, ShareOwner};
pub use change::Reordered;
pub use consents::{ConsentError, ProposedLine};
pub use decide::DecideError;
pub use lists::{Filter, Listed, OrderItem, PAGE_ROWS, Partner, ShareItem, Side};
pub use place::{PlaceError, PlaceOrder, Placed, Short};
pub use records::{OrderRecord, RecordLine};
pub use views::{
    ConsentView, EventView, LinePrice, LineShareView, LineView, OrderView, Replacement, ShareView,
};
pub use waiting::{Address, Waiting};
pub use whereabouts::BuyerContact;
