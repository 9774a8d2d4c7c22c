//! Photos and files: the only crate that knows pictures, and where files lie.
//!
//! [`Media`] keeps files, each named by the hash of its content and never changed. [`Darkroom`] makes of what somebody
//! sent the pictures that are shown: it tells a picture by its content, refuses what would be too much before decoding
//! it, turns it upright, drops everything that was written into it, and gives it in all sizes. Whose photo it is, and
//! who may see it, `store` knows. [`draw`] turns one of our drawings into a picture of pixels.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod darkroom;
mod draw;
pub mod drawing;
mod error;
mod folder;
mod head;
mod memory;
mod picture;

pub use darkroom::Darkroom;
pub use draw::{DrawError, draw};
pub use error::{Error, Refusal};
pub use folder::Folder;
pub use memory::Memory;
pub use picture::{Picture, Variant, four_by_three};

use domain::photos::FileHash;

/// Where files are kept.
#[derive(Clone, Debug)]
pub struct Config {
    /// `file:///var/lib/lumbung/files`.
    pub url: String,
    /// Whether a kept file has to survive a power cut. What can be made again need not.
    pub is_durable: bool,
}

/// Keeps files.
#[derive(Clone, Debug)]
pub enum Media {
    Folder(Folder),
    /// For tests.
    Memory(Memory),
}

impl Media {
    /// # Errors
    /// [`Error::Address`] for an address that this version does not serve, [`Error::Files`] when the folder can't be made.
    pub fn open(config: &Config) -> Result<Self, Error> {
        match config.url.strip_prefix("file://") {
            Some(path) if !path.is_empty() => {
                Ok(Self::Folder(Folder::open(path.into(), config.is_durable)?))
            }
            _ => Err(Error::Address),
        }
    }

    /// Keeps a file and gives its name. Kept twice, it is there once.
    ///
    /// # Errors
    /// [`Error::Files`] when it can't be written; nothing half written is ever found.
    pub async fn put(&self, content: Vec<u8>) -> Result<FileHash, Error> {
        match self {
            Self::Folder(folder) => folder.put(content).await,
            Self::Memory(memory) => Ok(memory.put(content)),
        }
    }

    /// Takes a file away that nobody names any more. One that was kept, or kept again, within the last hour stays: whoever
    /// did is about to name it. Answers whether it is gone.
    ///
    /// # Errors
    /// [`Error::Files`] when it can't be removed.
    pub async fn forget(&self, name: &FileHash) -> Result<bool, Error> {
        match self {
            Self::Folder(folder) => folder.forget(name).await,
            Self::Memory(memory) => {
                memory.forget(name);
                Ok(true)
            }
        }
    }

    /// A file's content; `None` when there is none of this name.
    ///
    /// # Errors
    /// [`Error::Files`] when it can't be read.
    pub async fn get(&self, name: &FileHash) -> Result<Option<Vec<u8>>, Error> {
        match self {
            Self::Folder(folder) => folder.get(name).await,
            Self::Memory(memory) => Ok(memory.get(name)),
        }
    }
}

#[cfg(test)]
mod tests;
