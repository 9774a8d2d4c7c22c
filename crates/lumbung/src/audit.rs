//! `lumbung audit`: one line when every promise holds, else a line for each breach and exit 1.

use std::process::ExitCode;

use crate::cli::Settings;
use crate::setup;

pub async fn run(settings: &Settings) -> anyhow::Result<ExitCode> {
    let store = setup::existing_store(settings).await?;
    // Reading an index that a server holds is fine; one that is missing or being built says nothing about offers.
    let indexed = match setup::open_search(settings) {
        Ok(opened) if !opened.fresh && !opened.search.needs_rebuild() => opened.search.ids().ok(),
        _ => None,
    };
    let now = web::clock::Clock::System.now();
    let breaches = store.audit(now, indexed.as_deref()).await?;
    store.close().await;
    if breaches.is_empty() {
        let without = if indexed.is_none() {
            " (no search index to compare)"
        } else {
            ""
        };
        println!("audit: all promises hold{without}");
        return Ok(ExitCode::SUCCESS);
    }
    for breach in &breaches {
        println!("{} {}", breach.invariant, breach.text);
    }
    Ok(ExitCode::FAILURE)
}
