//! What is printed: the only crate that knows PDF and QR codes.
