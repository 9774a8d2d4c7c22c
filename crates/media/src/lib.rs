//! Photos: the only crate that knows pictures and where files lie.
//!
//! [`draw`] turns a drawing into a picture.

mod draw;

pub use draw::{DrawError, draw};
