//! Bulk offers: what ordering knows of them ([`facts`]), and who may see them ([`visibility`]).

pub(crate) mod facts;
pub(crate) mod visibility;
