//! `lumbung import listings`: product listings from a file, by the rules of the web page.

use std::fs::File;
use std::io::{IsTerminal, Read};
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, anyhow};
use domain::identifiers;
use domain::ids::OrganisationId;
use domain::imports::RowOutcome;
use indicatif::ProgressBar;
use store::Act;
use store::imports::{ImportOptions, Table};
use text::Lang;
use uuid::Uuid;

use crate::cli::{Listings, Settings};
use crate::setup;

/// The file's bytes, no more than one beyond the limit: a stream without an end does not fill the memory.
fn bytes_of(path: &Path, limit: usize) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    File::open(path)
        .and_then(|file| file.take(most).read_to_end(&mut bytes))
        .with_context(|| format!("{} can't be read", path.display()))?;
    Ok(bytes)
}

pub async fn listings(settings: &Settings, options: &Listings) -> anyhow::Result<ExitCode> {
    let limits = sheets::Limits::default();
    let bytes = bytes_of(&options.file, limits.bytes)?;
    let sheet = sheets::read(&bytes, &limits)
        .with_context(|| format!("{} can't be taken", options.file.display()))?;
    let table = Table {
        name: sheet.name,
        headers: sheet.headers,
        rows: sheet
            .rows
            .into_iter()
            .map(|row| (row.number, row.cells))
            .collect(),
    };
    let store = setup::open_store(settings, store::Durability::Full).await?;
    store
        .migrate()
        .await
        .context("the database can't be brought up to date")?;
    let now = web::clock::Clock::System.now();
    let (act, umkm) = match &options.owner {
        Some(login) => {
            let login = identifiers::login(login)
                .map_err(|problem| anyhow!("{}", text::problem(Lang::En, &problem)))?;
            let (person, umkm) = store
                .owner_by_login(&login)
                .await?
                .with_context(|| format!("{} owns no business here", login.key()))?;
            (Act::by(now, person, umkm), umkm)
        }
        // A dry run for nobody: nothing was imported before.
        None => (Act::system(now), OrganisationId(Uuid::nil())),
    };
    let bar = if std::io::stderr().is_terminal() {
        let bar = ProgressBar::new_spinner().with_message(format!("{} rows", table.rows.len()));
        bar.enable_steady_tick(Duration::from_millis(120));
        bar
    } else {
        ProgressBar::hidden()
    };
    let name = options
        .file
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    let how = ImportOptions {
        seller: options.seller.clone(),
        ..ImportOptions::default()
    };
    let outcome = store
        .import_listings(&act, umkm, &name, &table, &how, options.dry_run)
        .await;
    bar.finish_and_clear();
    let outcome = outcome.map_err(|error| anyhow!("{error}"))?;
    for row in &outcome.preview.rows {
        match &row.outcome {
            RowOutcome::Refused(problems) => {
                for problem in problems {
                    println!(
                        "row {}, {}: {}",
                        row.number,
                        problem.column,
                        text::problem(Lang::En, &problem.problem)
                    );
                }
            }
            RowOutcome::Draft(draft, gaps) => {
                let gaps: Vec<&str> = gaps.iter().map(|gap| gap.as_str()).collect();
                println!(
                    "row {}: draft `{}`, missing {}",
                    row.number,
                    draft.name,
                    gaps.join(", ")
                );
            }
            _ => {}
        }
    }
    println!("{}", outcome.report.tally);
    store.close().await;
    Ok(ExitCode::SUCCESS)
}
