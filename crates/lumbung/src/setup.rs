//! Opens the parts that the commands stand on, from the settings.

use std::net::ToSocketAddrs;
use std::path::Path;

use anyhow::{Context, bail};
use mail::Transport;
use media::Media;
use search::Opened;
use store::{Config, Durability, Store};

use crate::cli::Settings;

/// Shortest secret that is accepted, in bytes.
const SECRET_BYTES_MIN: usize = 32;

/// Where the data lives; made when missing.
pub fn data_dir(settings: &Settings) -> anyhow::Result<()> {
    std::fs::create_dir_all(&settings.data_dir)
        .with_context(|| format!("the data dir {} can't be made", settings.data_dir.display()))
}

/// The database, opened and not migrated.
pub async fn open_store(settings: &Settings, durability: Durability) -> anyhow::Result<Store> {
    data_dir(settings)?;
    let url = match &settings.database_url {
        Some(url) => url.clone(),
        None => format!(
            "sqlite://{}",
            settings.data_dir.join("lumbung.db").display()
        ),
    };
    Store::open(&Config { url, durability })
        .await
        .context("the database can't be opened")
}

/// The database as a command finds it, brought up to date.
pub async fn existing_store(settings: &Settings) -> anyhow::Result<Store> {
    let store = present_store(settings).await?;
    store
        .migrate()
        .await
        .context("the database can't be brought up to date")?;
    Ok(store)
}

/// The database as a command finds it, left as it is; never a new one.
pub async fn present_store(settings: &Settings) -> anyhow::Result<Store> {
    if settings.database_url.is_none() && !settings.data_dir.join("lumbung.db").exists() {
        bail!(
            "there is no database in {}; run `lumbung serve` or `lumbung migrate` first, or set LUMBUNG_DATA_DIR",
            settings.data_dir.display()
        );
    }
    open_store(settings, Durability::Full).await
}

/// The search index in the data dir.
pub fn open_search(settings: &Settings) -> anyhow::Result<Opened> {
    if settings.meilisearch_url.is_some() {
        bail!("MEILISEARCH_URL is set, but this version serves only the embedded index; unset it");
    }
    search::Search::open(search::Config {
        dir: settings.data_dir.join("search"),
    })
    .context("the search index can't be opened")
}

/// Mail by SMTP where it is set, else the mailbox in the data dir.
pub fn open_mail(settings: &Settings) -> anyhow::Result<Transport> {
    let config = mail::Config {
        smtp_url: settings.smtp_url.clone(),
        mail_from: Some(settings.mail_from.clone()),
        ..mail::Config::folder(settings.data_dir.join("mailbox"))
    };
    Transport::open(&config).context("mail can't be set up")
}

/// Where photos are kept: in the data dir unless another folder or a bucket is named.
pub fn open_media(settings: &Settings, is_durable: bool) -> anyhow::Result<Media> {
    let url = settings
        .storage_url
        .clone()
        .unwrap_or_else(|| format!("file://{}", files_dir(settings).display()));
    let keys = match (&settings.aws_access_key_id, &settings.aws_secret_access_key) {
        (Some(id), Some(secret)) => Some(media::Keys {
            id: id.clone(),
            secret: secret.clone(),
        }),
        _ => None,
    };
    let config = media::Config {
        is_durable,
        keys,
        ..media::Config::new(url)
    };
    Media::open(&config).context("STORAGE_URL can't be used")
}

/// Where files are kept when nothing else is said.
pub fn files_dir(settings: &Settings) -> std::path::PathBuf {
    settings.data_dir.join("files")
}

/// The key for tokens: from the environment, or made once and kept in the data dir.
pub fn secret(settings: &Settings) -> anyhow::Result<Vec<u8>> {
    if let Some(secret) = &settings.secret {
        if secret.len() < SECRET_BYTES_MIN {
            bail!("LUMBUNG_SECRET must have at least {SECRET_BYTES_MIN} bytes");
        }
        return Ok(secret.as_bytes().to_vec());
    }
    let path = settings.data_dir.join("secret");
    match std::fs::read(&path) {
        Ok(secret) if secret.len() >= SECRET_BYTES_MIN => return Ok(secret),
        Ok(_) => bail!(
            "the secret in {} is too short; delete it to have a new one made",
            path.display()
        ),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => {
            return Err(error).with_context(|| format!("{} can't be read", path.display()));
        }
    }
    let mut secret = vec![0_u8; SECRET_BYTES_MIN];
    getrandom::fill(&mut secret).map_err(|error| anyhow::anyhow!("no randomness: {error}"))?;
    write_private(&path, &secret)?;
    Ok(secret)
}

/// A restored secret must not meet another one.
pub fn agree_on_secret(settings: &Settings, restored: &[u8]) -> anyhow::Result<()> {
    let path = settings.data_dir.join("secret");
    let there = match &settings.secret {
        Some(secret) => Some(secret.as_bytes().to_vec()),
        None if path.exists() => Some(std::fs::read(&path)?),
        None => None,
    };
    if there.is_some_and(|there| there != restored) {
        bail!(
            "the backup holds another secret than LUMBUNG_SECRET or {}; take that away, or take its own along",
            path.display()
        );
    }
    Ok(())
}

/// Keeps a restored secret where none was.
pub fn keep_secret(settings: &Settings, restored: &[u8]) -> anyhow::Result<()> {
    let path = settings.data_dir.join("secret");
    if settings.secret.is_none() && !path.exists() {
        write_private(&path, restored)?;
    }
    Ok(())
}

/// Writes a file that only its owner may read.
fn write_private(path: &Path, content: &[u8]) -> anyhow::Result<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .with_context(|| format!("{} can't be written", path.display()))?;
    file.write_all(content)?;
    file.sync_all()?;
    Ok(())
}

/// Whether every address that `addr` stands for is loopback.
pub fn is_loopback(addr: &str) -> anyhow::Result<bool> {
    let addresses = addr
        .to_socket_addrs()
        .with_context(|| format!("LUMBUNG_ADDR `{addr}` is no address with a port"))?;
    Ok(addresses
        .into_iter()
        .all(|address| address.ip().is_loopback()))
}
