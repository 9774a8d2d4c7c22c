//! The commands and the settings they read from the environment; `--help` shows both.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Lumbung: many small harvests become one store. The web application on which a cooperative bundles its members'
/// goods into bulk offers, sells them, and shares every order out among the members.
#[derive(Parser, Debug)]
#[command(name = "lumbung", version, propagate_version = true)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
    #[command(flatten)]
    pub settings: Settings,
}

#[derive(Subcommand, Debug)]
pub enum Command {
    /// Serve the whole product with demo data, and print the address and the demo accounts.
    Demo(Demo),
    /// Serve production: open or create the database, migrate, serve the web and do the jobs.
    Serve(Serve),
    /// Bring the database up to date and stop.
    Migrate,
    /// People.
    #[command(subcommand)]
    User(User),
    /// Take data in from files.
    #[command(subcommand)]
    Import(Import),
    /// The search index.
    #[command(subcommand)]
    Search(Search),
    /// Make plausible data in any quantity, for measuring: into an empty database, or beside the demo's.
    Fill(Fill),
    /// Check every promise about stock, orders and history; exit 1 and a line for each breach.
    Audit,
    /// Copy database and files into one file, while people go on working. See docs/backup.md.
    Backup(Backup),
    /// Bring a backup into an empty database of either kind.
    Restore(Restore),
}

#[derive(Args, Debug)]
pub struct Demo {
    /// Begin anew. Never touches a database that the demo did not make.
    #[arg(long)]
    pub fresh: bool,
    /// Serve on an address that others can reach. The demo's password is public.
    #[arg(long)]
    pub yes_public: bool,
}

#[derive(Args, Debug)]
pub struct Serve {
    /// Serve only the web, or do only the jobs.
    #[arg(long, value_enum)]
    pub only: Option<Part>,
    /// Leave the schema as it is.
    #[arg(long)]
    pub no_migrate: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Part {
    Web,
    Jobs,
}

#[derive(Args, Debug)]
pub struct Backup {
    /// The file to write; one that is there already is left alone.
    pub file: PathBuf,
    /// Put the secret into it too. Whoever has the file can then make links that open accounts.
    #[arg(long)]
    pub with_secret: bool,
}

#[derive(Args, Debug)]
pub struct Restore {
    /// A file that `lumbung backup` wrote.
    pub file: PathBuf,
}

#[derive(Subcommand, Debug)]
pub enum User {
    /// Make a person with a role; the password is asked, or read from standard input.
    Create(UserCreate),
}

#[derive(Args, Debug)]
pub struct UserCreate {
    /// E-mail address or mobile number to sign in with.
    #[arg(long)]
    pub login: String,
    #[arg(long)]
    pub name: String,
    /// Only the platform's administrator is made here; everyone else registers on the site.
    #[arg(long, default_value = "platform_admin")]
    pub role: String,
}

#[derive(Subcommand, Debug)]
pub enum Import {
    /// Take product listings in from a CSV or XLSX file, by the same rules as the web page.
    Listings(Listings),
}

#[derive(Args, Debug)]
pub struct Listings {
    pub file: PathBuf,
    /// Sign-in name of the business owner that the listings are for.
    #[arg(
        long = "for",
        value_name = "LOGIN",
        required_unless_present = "dry_run"
    )]
    pub owner: Option<String>,
    /// Keep only the rows of this seller.
    #[arg(long)]
    pub seller: Option<String>,
    /// Say what would happen and write nothing.
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(Args, Debug)]
pub struct Fill {
    /// Member products, and as many live offers; members and orders in proportion. At least 20.
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(20..=1_000_000))]
    pub products: u32,
}

#[derive(Subcommand, Debug)]
pub enum Search {
    /// Build the search index anew from the database.
    Reindex,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    Auto,
    Text,
    Json,
}

/// Settings, all from the environment.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Environment")]
pub struct Settings {
    /// Listening address; port 0 picks a free one.
    #[arg(
        long,
        env = "LUMBUNG_ADDR",
        default_value = "127.0.0.1:8080",
        global = true
    )]
    pub addr: String,
    /// Address in mails, documents and codes; its scheme decides Secure cookies. From the listening address where unset.
    #[arg(long, env = "LUMBUNG_BASE_URL", global = true)]
    pub base_url: Option<String>,
    /// SQLite file, search index, photos, mailbox, generated secret.
    #[arg(long, env = "LUMBUNG_DATA_DIR", default_value = "data", global = true)]
    pub data_dir: PathBuf,
    /// `sqlite://…` or `postgres://…`; `<data dir>/lumbung.db` where unset.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, global = true)]
    pub database_url: Option<String>,
    /// `smtps://user:pass@host` or `smtp://host?tls=required`; mails are kept in a local mailbox where unset.
    #[arg(long, env = "SMTP_URL", hide_env_values = true, global = true)]
    pub smtp_url: Option<String>,
    /// Sender of mails.
    #[arg(
        long,
        env = "MAIL_FROM",
        default_value = "Lumbung <surat@lumbung.example>",
        global = true
    )]
    pub mail_from: String,
    /// Meilisearch server. Not served by this version: the embedded index is.
    #[arg(long, env = "MEILISEARCH_URL", hide_env_values = true, global = true)]
    pub meilisearch_url: Option<String>,
    /// Where photos are kept: `file://…` or `s3://bucket/prefix?endpoint=&region=`; `<data dir>/files` where unset.
    #[arg(long, env = "STORAGE_URL", hide_env_values = true, global = true)]
    pub storage_url: Option<String>,
    /// Key of the `s3://` store.
    #[arg(long, env = "AWS_ACCESS_KEY_ID", hide_env_values = true, global = true)]
    pub aws_access_key_id: Option<String>,
    /// Secret of that key.
    #[arg(
        long,
        env = "AWS_SECRET_ACCESS_KEY",
        hide_env_values = true,
        global = true
    )]
    pub aws_secret_access_key: Option<String>,
    /// Key for signed links and tokens, at least 32 bytes; made and kept in the data dir where unset.
    #[arg(long, env = "LUMBUNG_SECRET", hide_env_values = true, global = true)]
    pub secret: Option<String>,
    /// Addresses of proxies whose forwarding headers are believed, separated by commas.
    #[arg(
        long,
        env = "LUMBUNG_TRUSTED_PROXIES",
        value_delimiter = ',',
        global = true
    )]
    pub trusted_proxies: Vec<IpAddr>,
    /// Bearer token for `/metrics`; without one it answers loopback only.
    #[arg(
        long,
        env = "LUMBUNG_METRICS_TOKEN",
        hide_env_values = true,
        global = true
    )]
    pub metrics_token: Option<String>,
    /// Log filter: `info`, `warn`, or by crate as `info,store=debug`.
    #[arg(long, env = "LUMBUNG_LOG", default_value = "info", global = true)]
    pub log: String,
    /// Lines for people, or JSON for machines; `auto` looks whether standard error is a terminal.
    #[arg(
        long,
        env = "LUMBUNG_LOG_FORMAT",
        value_enum,
        default_value = "auto",
        global = true
    )]
    pub log_format: LogFormat,
}
