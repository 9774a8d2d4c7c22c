//! Whole requests over a real database and a listening server: one module per feature, one executable.
mod accounts;
mod behalf;
mod cart;
mod catalogs;
mod editions;
mod finding;
mod jobs;
mod listings;
mod market;
mod members;
mod offers;
mod orders;
mod pooling;
mod products;
mod race;
mod routes;
