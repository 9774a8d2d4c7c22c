//! `lumbung restore`: a backup into an empty database of either kind. Nothing is written before all of it was looked at.

use std::collections::BTreeSet;
use std::process::ExitCode;

use anyhow::{Context, bail, ensure};
use domain::photos::FileHash;
use store::backup::LoadError;
use store::{Act, Durability};

use crate::archive::Archive;
use crate::cli::{Restore, Settings};
use crate::setup;

/// What may go wrong between the archive and the database.
#[derive(Debug, thiserror::Error)]
enum Broken {
    #[error(transparent)]
    Load(#[from] LoadError),
    #[error(transparent)]
    Archive(#[from] anyhow::Error),
}

pub async fn run(settings: &Settings, options: &Restore) -> anyhow::Result<ExitCode> {
    let mut archive = Archive::open(&options.file)?;
    let newest = store::backup::newest_schema();
    ensure!(
        archive.manifest.schema == newest,
        "the backup has the schema {} (version {}), this version has {newest}; restore it with the version that made it, then upgrade",
        archive.manifest.schema,
        archive.manifest.lumbung,
    );
    let ours: BTreeSet<&str> = store::backup::tables().iter().copied().collect();
    let theirs: BTreeSet<&str> = archive.manifest.tables.keys().map(String::as_str).collect();
    ensure!(
        ours == theirs,
        "the backup is damaged: it holds other tables"
    );
    archive.verify()?;
    let secret = archive.secret()?;

    let store = setup::open_store(settings, Durability::Full).await?;
    // A database with people in it is not even brought up to date.
    if store.schema().await?.is_some() && !store.is_empty().await? {
        bail!("the database is not empty; it is left alone");
    }
    if let Some(secret) = &secret {
        setup::agree_on_secret(settings, secret)?;
    }
    store
        .migrate()
        .await
        .context("the database can't be made")?;
    let media = setup::open_media(settings, true)?;
    for name in archive.files()? {
        let hash: FileHash = name
            .parse()
            .with_context(|| format!("`{name}` is no name of a file"))?;
        let kept = media.put(archive.file(&name)?).await?;
        ensure!(kept == hash, "the file {name} was kept as another");
    }
    let loading = store.load().await?;
    let mut rows = 0;
    for table in store::backup::tables() {
        rows += loading
            .fill(
                table,
                archive.lines(table)?.map(|line| line.map_err(Broken::from)),
            )
            .await?;
    }
    loading.finish().await?;
    if let Some(secret) = &secret {
        setup::keep_secret(settings, secret)?;
    }
    let now = web::clock::Clock::System.now();
    // The index is not in a backup: whoever serves next makes it.
    let once = format!("restore:{}", now.0);
    store.queue_reindex(&Act::system(now), &once).await?;
    let breaches = store.audit(now, None).await?;
    store.close().await;
    println!(
        "restore: {rows} rows of {} tables and {} files",
        archive.manifest.tables.len(),
        archive.manifest.files.count
    );
    if secret.is_none() {
        println!(
            "the secret is not in the backup: set LUMBUNG_SECRET, or links and code apps in use stop working"
        );
    }
    if breaches.is_empty() {
        println!("audit: all promises hold");
        return Ok(ExitCode::SUCCESS);
    }
    for breach in &breaches {
        println!("{} {}", breach.invariant, breach.text);
    }
    Ok(ExitCode::FAILURE)
}
