//! Whole requests over a real database and a listening server: one module per feature, one executable.
// A test holds the futures of its app, its people and their deeds, one within the other.
#![recursion_limit = "256"]

mod accounts;
mod admin;
mod audit;
mod behalf;
mod behalf_imports;
mod bulk;
mod cart;
mod catalog_editions;
mod catalogs;
mod checkout;
mod desk;
mod downloads;
mod editions;
mod files;
mod finding;
mod grid;
mod guide;
mod healing;
mod health;
mod import_hints;
mod imports;
mod jobs;
mod listing_once;
mod listings;
mod long_lists;
mod market;
mod members;
mod notices;
mod offer_terms;
mod offers;
mod order_lists;
mod order_terms;
mod orders;
mod photos;
mod pick_up;
mod pooling;
mod post;
mod products;
mod questions;
mod race;
mod routes;
mod security;
mod storage;
mod weights;
