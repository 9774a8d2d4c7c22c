//! Photos of goods: how many, how large, in which sizes they are kept, and what they are called.
//!
//! A stored file is named by the hash of its content ([`FileHash`]), a photo by the hash of its owner and its files
//! ([`PhotoId::of`]): whatever an address of either once showed, it shows for ever.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::ids::{OrganisationId, PhotoId};

/// Photos of one product.
pub const PER_PRODUCT_MAX: usize = 8;
/// Bytes of a file as it is sent.
pub const UPLOAD_BYTES_MAX: usize = 10 * 1024 * 1024;
/// Photos that one person may send within [`UPLOADS_WINDOW_SECONDS`].
pub const UPLOADS_MAX: i64 = 120;
pub const UPLOADS_WINDOW_SECONDS: i64 = 3_600;
/// Bytes of all stored files of one organisation: some 1,500 photos.
pub const STORED_BYTES_MAX: i64 = 512 * 1024 * 1024;

/// How wide a photo is kept, in pixels.
pub const WIDTHS: [u32; 4] = [96, 320, 640, 1280];
/// The picture that messengers show beside a link, in pixels.
pub const SHARE_SIZE: (u32, u32) = (1200, 630);

/// The SHA-256 of a file's content, in lower-case hexadecimal: the file's name.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct FileHash(String);

impl FileHash {
    #[must_use]
    pub fn of(content: &[u8]) -> Self {
        use std::fmt::Write as _;
        let digest = Sha256::digest(content);
        Self(digest.iter().fold(String::with_capacity(64), |mut hex, b| {
            let _ = write!(hex, "{b:02x}");
            hex
        }))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for FileHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// What is no name of a stored file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the hash of a file")]
pub struct NoHash;

impl TryFrom<String> for FileHash {
    type Error = NoHash;

    fn try_from(text: String) -> Result<Self, NoHash> {
        text.parse()
    }
}

impl From<FileHash> for String {
    fn from(hash: FileHash) -> Self {
        hash.0
    }
}

impl std::str::FromStr for FileHash {
    type Err = NoHash;

    fn from_str(text: &str) -> Result<Self, NoHash> {
        let fits = text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        fits.then(|| Self(text.to_owned())).ok_or(NoHash)
    }
}

impl PhotoId {
    /// The id of a photo with these files. Another owner's same picture is another photo, so that nobody learns from an
    /// address what others have.
    #[must_use]
    pub fn of<'a>(owner: OrganisationId, files: impl IntoIterator<Item = &'a FileHash>) -> Self {
        let mut digest = Sha256::new().chain_update(owner.0.as_bytes());
        for file in files {
            digest.update(file.0.as_bytes());
        }
        let mut first = [0_u8; 16];
        for (to, from) in first.iter_mut().zip(digest.finalize()) {
            *to = from;
        }
        Self(uuid::Builder::from_custom_bytes(first).into_uuid())
    }
}

/// `photos` with `photo` in front; `None` when it isn't among them.
#[must_use]
pub fn with_main(photos: &[Uuid], photo: Uuid) -> Option<Vec<Uuid>> {
    photos.contains(&photo).then(|| {
        let others = photos.iter().copied().filter(|other| *other != photo);
        std::iter::once(photo).chain(others).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_named_by_its_content() {
        let hash = FileHash::of(b"abc");
        assert_eq!(
            hash.as_str(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(hash.as_str().parse(), Ok(hash.clone()));
        let upper = hash.as_str().to_uppercase();
        for bad in ["", "..", "../../etc/passwd", &upper, &hash.as_str()[1..]] {
            assert_eq!(bad.parse::<FileHash>(), Err(NoHash), "{bad}");
        }
    }

    #[test]
    fn the_same_picture_of_another_owner_is_another_photo() {
        let files = [FileHash::of(b"a"), FileHash::of(b"b")];
        let owner = |n| OrganisationId(Uuid::from_u128(n));
        let photo = PhotoId::of(owner(1), &files);
        assert_eq!(photo, PhotoId::of(owner(1), &files));
        assert_ne!(photo, PhotoId::of(owner(2), &files));
        assert_ne!(photo, PhotoId::of(owner(1), &files[..1]));
        assert_eq!(photo.0.get_version_num(), 8);
    }

    #[test]
    fn the_main_photo_comes_first_and_the_others_keep_their_order() {
        let [a, b, c] = [1, 2, 3].map(Uuid::from_u128);
        assert_eq!(with_main(&[a, b, c], c), Some(vec![c, a, b]));
        assert_eq!(with_main(&[a, b, c], a), Some(vec![a, b, c]));
        assert_eq!(with_main(&[a, b], c), None);
    }
}
