//! The one binary. Only this crate reads the environment; everything else is told.
//!
//! `cli` says what can be asked, one file per command does it, `setup` opens the parts they stand on.

mod archive;
mod audit;
mod backup;
mod cli;
mod demo;
mod fill;
mod import;
mod log;
mod migrate;
mod reindex;
mod restore;
mod serve;
mod setup;
#[cfg(feature = "otel")]
mod traces;
mod user;

use std::process::ExitCode;

use clap::Parser;

use cli::{Cli, Command, Import, Search, User};

fn main() -> ExitCode {
    let cli = Cli::parse();
    let _traces = log::start(&cli.settings.log, cli.settings.log_format);
    let outcome = actix_web::rt::System::new().block_on(run(cli));
    match outcome {
        Ok(code) => code,
        Err(error) => {
            // One clear line; what lies behind it is in the log.
            eprintln!("lumbung: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let settings = cli.settings;
    match cli.command {
        Command::Demo(options) => demo::run(settings, &options).await,
        Command::Serve(options) => serve::run(settings, &options).await,
        Command::Migrate => migrate::run(&settings).await,
        Command::User(User::Create(options)) => user::create(&settings, &options).await,
        Command::Import(Import::Listings(options)) => import::listings(&settings, &options).await,
        Command::Search(Search::Reindex) => reindex::run(&settings).await,
        Command::Fill(options) => fill::run(&settings, &options).await,
        Command::Audit => audit::run(&settings).await,
        Command::Backup(options) => backup::run(&settings, &options).await,
        Command::Restore(options) => restore::run(&settings, &options).await,
    }
}
