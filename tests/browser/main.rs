//! Journeys in a real browser at phone width, with scripts off unless said otherwise, as people make them: by what they
//! read and click.

mod crawl;
mod journey;
mod offline;
mod photos;
mod screens;
mod tables;
mod weights;
