//! Whole requests over a real database and a listening server: one module per feature, one executable.
mod accounts;
mod jobs;
mod listings;
mod products;
mod routes;
