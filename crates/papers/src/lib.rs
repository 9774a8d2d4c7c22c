//! What is printed: the only crate that knows PDF and QR codes.
//!
//! [`qr_svg`] draws a code for a page.

mod qr;

pub use qr::qr_svg;
