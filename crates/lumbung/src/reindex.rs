//! `lumbung search reindex`: build the search index anew, with progress.

use std::io::IsTerminal;
use std::process::ExitCode;

use anyhow::bail;
use indicatif::ProgressBar;

use crate::cli::Settings;
use crate::setup;

pub async fn run(settings: &Settings) -> anyhow::Result<ExitCode> {
    let store = setup::existing_store(settings).await?;
    let search = setup::open_search(settings)?.search;
    if !search.can_write() {
        bail!(
            "a running server holds the search index; stop it first, or restart it: it rebuilds a lost index itself"
        );
    }
    let bar = if std::io::stderr().is_terminal() {
        ProgressBar::new_spinner()
    } else {
        ProgressBar::hidden()
    };
    let now = web::clock::Clock::System.now();
    let shown = bar.clone();
    let count = jobs::rebuild_index(&store, &search, now, move |progress| {
        shown.set_position(progress.done)
    })
    .await?;
    bar.finish_and_clear();
    store.close().await;
    println!("{count} offers indexed");
    Ok(ExitCode::SUCCESS)
}
