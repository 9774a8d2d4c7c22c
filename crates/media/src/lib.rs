//! Photos: the only crate that knows pictures and where files lie.
