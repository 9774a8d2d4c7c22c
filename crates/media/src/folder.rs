//! Files in a folder: `<folder>/ab/abcdef…`, by the first byte of the name so that no folder grows without end.
//!
//! A file is written beside its place and then moved there, so that whoever finds it finds all of it.

use std::{
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, SystemTime},
};

use domain::photos::FileHash;

use crate::error::Error;

/// A file that was kept so lately is somebody's, whatever the database says yet.
pub(crate) const FRESH: Duration = Duration::from_secs(3600);

static WRITTEN: AtomicU64 = AtomicU64::new(0);

/// A folder of files named by their content.
#[derive(Clone, Debug)]
pub struct Folder {
    path: PathBuf,
    is_durable: bool,
}

impl Folder {
    pub(crate) fn open(path: PathBuf, is_durable: bool) -> Result<Self, Error> {
        std::fs::create_dir_all(&path)?;
        Ok(Self { path, is_durable })
    }

    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A [`FileHash`] holds hexadecimal digits only, so a name can't lead out of the folder.
    fn place(&self, name: &FileHash) -> PathBuf {
        let first = name.as_str().get(..2).unwrap_or_default();
        self.path.join(first).join(name.as_str())
    }

    pub(crate) async fn put(&self, content: Vec<u8>) -> Result<FileHash, Error> {
        let folder = self.clone();
        tokio::task::spawn_blocking(move || folder.write(&content))
            .await
            .map_err(|_| Error::Stopped)?
    }

    fn write(&self, content: &[u8]) -> Result<FileHash, Error> {
        let name = FileHash::of(content);
        let place = self.place(&name);
        if place.exists() {
            // Kept again: whoever takes unused files away sees that it is not one of them (`forget`).
            if let Ok(file) = std::fs::File::open(&place) {
                let _ = file.set_modified(SystemTime::now());
            }
            return Ok(name);
        }
        let beside = place.parent().unwrap_or(&self.path);
        std::fs::create_dir_all(beside)?;
        let n = WRITTEN.fetch_add(1, Ordering::Relaxed);
        let part = beside.join(format!(".{}-{n}.part", std::process::id()));
        let written = self.write_to(&part, content);
        let moved = written.and_then(|()| std::fs::rename(&part, &place));
        if let Err(error) = moved {
            // The half-written file is nobody's; the error that matters is the first one.
            let _ = std::fs::remove_file(&part);
            return Err(error.into());
        }
        if self.is_durable {
            std::fs::File::open(beside)?.sync_all()?;
        }
        Ok(name)
    }

    fn write_to(&self, path: &Path, content: &[u8]) -> std::io::Result<()> {
        let mut file = std::fs::File::create(path)?;
        file.write_all(content)?;
        if self.is_durable {
            file.sync_all()?;
        }
        Ok(())
    }

    pub(crate) async fn forget(&self, name: &FileHash) -> Result<bool, Error> {
        let place = self.place(name);
        let gone = tokio::task::spawn_blocking(move || -> std::io::Result<bool> {
            let kept_at = match std::fs::metadata(&place) {
                Ok(known) => known.modified()?,
                Err(error) if error.kind() == ErrorKind::NotFound => return Ok(true),
                Err(error) => return Err(error),
            };
            if kept_at.elapsed().unwrap_or_default() < FRESH {
                return Ok(false);
            }
            std::fs::remove_file(&place)?;
            Ok(true)
        });
        Ok(gone.await.map_err(|_| Error::Stopped)??)
    }

    /// The folder is there. Room on the disk is not asked for: reads go on without it.
    pub(crate) async fn ping(&self) -> Result<(), Error> {
        if tokio::fs::metadata(&self.path).await?.is_dir() {
            Ok(())
        } else {
            Err(std::io::Error::from(ErrorKind::NotADirectory).into())
        }
    }

    pub(crate) async fn get(&self, name: &FileHash) -> Result<Option<Vec<u8>>, Error> {
        match tokio::fs::read(self.place(name)).await {
            Ok(content) => Ok(Some(content)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}
