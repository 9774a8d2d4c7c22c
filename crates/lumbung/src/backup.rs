//! `lumbung backup`: everything that is worth keeping into one file, while people go on working.

use std::process::ExitCode;

use anyhow::{Context, bail};
use domain::photos::FileHash;

use crate::archive::Writer;
use crate::cli::{Backup, Settings};
use crate::setup;

pub async fn run(settings: &Settings, options: &Backup) -> anyhow::Result<ExitCode> {
    let store = setup::present_store(settings).await?;
    let media = setup::open_media(settings, true)?;
    let snapshot = store.snapshot().await?;
    let schema = snapshot.schema().await?;
    let newest = store::backup::newest_schema();
    let Some(schema) = schema.filter(|schema| *schema == newest) else {
        bail!(
            "the database has not the schema of this version; back it up with its own version, or run `lumbung migrate`"
        );
    };
    let secret = if options.with_secret {
        Some(setup::secret(settings)?)
    } else {
        None
    };
    let mut archive = Writer::create(&options.file, &schema)?;
    // Files first: one that is not needed any more may go meanwhile.
    for name in snapshot.files().await? {
        let hash: FileHash = name
            .parse()
            .with_context(|| format!("`{name}` is no name of a file"))?;
        let Some(content) = media.get(&hash).await? else {
            bail!(
                "the stored file {name} is missing; run it once more, and if it stays missing, look at STORAGE_URL"
            );
        };
        archive.file(&name, &content)?;
    }
    let mut rows = 0;
    for table in store::backup::tables() {
        archive.table(table)?;
        let count = snapshot
            .lines(table, |line| archive.line(line))
            .await
            .with_context(|| format!("table {table} can't be read"))?;
        archive.end_table(table, count);
        rows += count;
    }
    snapshot.close().await;
    if let Some(secret) = secret {
        archive.secret(&secret)?;
    }
    let manifest = archive.finish()?;
    store.close().await;
    println!(
        "backup: {rows} rows of {} tables and {} files in {}",
        manifest.tables.len(),
        manifest.files.count,
        options.file.display()
    );
    Ok(ExitCode::SUCCESS)
}
