//! `lumbung migrate`: bring the database up to date and stop.

use std::process::ExitCode;

use anyhow::Context;
use store::Durability;

use crate::cli::Settings;
use crate::setup;

pub async fn run(settings: &Settings) -> anyhow::Result<ExitCode> {
    let store = setup::open_store(settings, Durability::Full).await?;
    store
        .migrate()
        .await
        .context("the database can't be brought up to date")?;
    store.close().await;
    println!("the database is up to date");
    Ok(ExitCode::SUCCESS)
}
