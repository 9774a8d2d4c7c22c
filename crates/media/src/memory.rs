//! Files in memory, for tests.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use domain::photos::FileHash;

/// Files that last as long as the process.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    files: Arc<Mutex<HashMap<FileHash, Vec<u8>>>>,
}

impl Memory {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    pub(crate) fn put(&self, content: Vec<u8>) -> FileHash {
        let name = FileHash::of(&content);
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        files.insert(name.clone(), content);
        name
    }

    pub(crate) fn forget(&self, name: &FileHash) {
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        files.remove(name);
    }

    pub(crate) fn get(&self, name: &FileHash) -> Option<Vec<u8>> {
        let files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        files.get(name).cloned()
    }

    /// How many files there are.
    #[must_use]
    pub fn count(&self) -> usize {
        let files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        files.len()
    }
}
