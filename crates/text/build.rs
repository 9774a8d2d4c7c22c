//! The sentences are read while this crate is compiled: a changed or new file in `locales` must compile it again.
fn main() {
    println!("cargo:rerun-if-changed=locales");
}
