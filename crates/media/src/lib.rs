//! Photos and files: the only crate that knows pictures, and where files lie.
//!
//! [`Media`] keeps files, each named by the hash of its content and never changed. [`Darkroom`] makes of what somebody
//! sent the pictures that are shown: it tells a picture by its content, refuses what would be too much before decoding
//! it, turns it upright, drops everything that was written into it, and gives it in all sizes. Whose photo it is, and
//! who may see it, `store` knows. [`draw`] turns one of our drawings into a picture of pixels.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod bucket;
mod darkroom;
mod draw;
pub mod drawing;
mod error;
mod folder;
mod head;
mod memory;
mod picture;

pub use bucket::{Bucket, speak_tls};
pub use darkroom::Darkroom;
pub use draw::{DrawError, draw};
pub use error::{Error, Refusal};
pub use folder::Folder;
pub use memory::Memory;
pub use picture::{Picture, Variant, four_by_three};

use std::{fmt, time::Duration};

use domain::photos::FileHash;

/// How long a store that is reached over the network may take for one call.
pub const PATIENCE: Duration = Duration::from_secs(8);

/// Where files are kept.
#[derive(Clone, Debug)]
pub struct Config {
    /// `file:///var/lib/lumbung/files`, or `s3://bucket/prefix?endpoint=https://…&region=…`.
    pub url: String,
    /// Whether a kept file has to survive a power cut. What can be made again need not. A bucket's files always do.
    pub is_durable: bool,
    /// For a bucket.
    pub keys: Option<Keys>,
    /// For a bucket: how long one call may take.
    pub patience: Duration,
}

impl Config {
    /// Durable, without keys.
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            is_durable: true,
            keys: None,
            patience: PATIENCE,
        }
    }
}

/// What opens a bucket.
#[derive(Clone)]
pub struct Keys {
    pub id: String,
    pub secret: String,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// Keeps files.
#[derive(Clone, Debug)]
pub enum Media {
    Folder(Folder),
    /// For several machines: an S3-compatible store.
    Bucket(Bucket),
    /// For tests.
    Memory(Memory),
}

impl Media {
    /// # Errors
    /// [`Error::Address`] for an address of neither kind, [`Error::Keys`] for a bucket without them, [`Error::Files`] when
    /// the folder can't be made. A bucket isn't called yet: see [`Media::ping`].
    pub fn open(config: &Config) -> Result<Self, Error> {
        if config.url.starts_with("s3://") {
            return Ok(Self::Bucket(Bucket::open(config)?));
        }
        match config.url.strip_prefix("file://") {
            Some(path) if !path.is_empty() => {
                Ok(Self::Folder(Folder::open(path.into(), config.is_durable)?))
            }
            _ => Err(Error::Address),
        }
    }

    /// Files can be asked for.
    ///
    /// # Errors
    /// [`Error::Files`] or [`Error::Away`] when they can't.
    pub async fn ping(&self) -> Result<(), Error> {
        match self {
            Self::Folder(folder) => folder.ping().await,
            Self::Bucket(bucket) => bucket.ping().await,
            Self::Memory(_) => Ok(()),
        }
    }

    /// Keeps a file and gives its name. Kept twice, it is there once.
    ///
    /// # Errors
    /// [`Error::Files`] or [`Error::Away`] when it can't be written; nothing half written is ever found.
    pub async fn put(&self, content: Vec<u8>) -> Result<FileHash, Error> {
        match self {
            Self::Folder(folder) => folder.put(content).await,
            Self::Bucket(bucket) => bucket.put(content).await,
            Self::Memory(memory) => Ok(memory.put(content)),
        }
    }

    /// Takes a file away that nobody names any more. One that was kept, or kept again, within the last hour stays: whoever
    /// did is about to name it. Answers whether it is gone.
    ///
    /// # Errors
    /// [`Error::Files`] or [`Error::Away`] when it can't be removed.
    pub async fn forget(&self, name: &FileHash) -> Result<bool, Error> {
        match self {
            Self::Folder(folder) => folder.forget(name).await,
            Self::Bucket(bucket) => bucket.forget(name).await,
            Self::Memory(memory) => {
                memory.forget(name);
                Ok(true)
            }
        }
    }

    /// A file's content; `None` when there is none of this name.
    ///
    /// # Errors
    /// [`Error::Files`] or [`Error::Away`] when it can't be read.
    pub async fn get(&self, name: &FileHash) -> Result<Option<Vec<u8>>, Error> {
        match self {
            Self::Folder(folder) => folder.get(name).await,
            Self::Bucket(bucket) => bucket.get(name).await,
            Self::Memory(memory) => Ok(memory.get(name)),
        }
    }
}

#[cfg(test)]
mod tests;
