//! Photos of goods: whose they are, which goods show them, which of them an offer shows, and who may see their files.
//!
//! The files themselves lie elsewhere, named by the hash of their content; here are their names. A photo is never
//! changed, and one that was on goods is never deleted: taken off them it is nobody's to see but its owner's, and can be
//! put back. What was only sent with a form that was never finished goes after some days ([`staged`]).

mod access;
mod deeds;
mod staged;
mod views;

pub use access::{PhotoFile, Seen};
pub use staged::{FORGET_FILE, UnusedFile};
pub use views::{GalleryPhoto, Photo, ProductPhotos};
pub(crate) use views::{files_named, of_offers};

use domain::{
    ids::{OrganisationId, PhotoId},
    photos::FileHash,
};

use crate::error::Error;
use crate::products::ProductError;
use crate::write::rerun_by_store;

/// A photo with its files, which are kept already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPhoto {
    /// [`PhotoId::of`] its owner and files.
    pub id: PhotoId,
    pub owner: OrganisationId,
    /// Of the largest size, in pixels.
    pub width: i32,
    pub height: i32,
    /// `#rrggbb`.
    pub colour: String,
    pub files: Vec<NewFile>,
}

/// One size of a photo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFile {
    /// `320.webp`.
    pub name: String,
    pub hash: FileHash,
    pub media_type: String,
    pub bytes: i64,
}

/// Why a photo stays where it is.
#[derive(Debug, thiserror::Error)]
pub enum PhotoError {
    /// Missing, or somebody else's: the photo, the product or the offer.
    #[error("not found")]
    NotFound,
    /// The product has as many as it may have.
    #[error("the product has its {0} photos")]
    TooMany(usize),
    /// The organisation keeps as much as it may keep.
    #[error("no room for more photos")]
    NoRoom,
    /// An archived product or offer is history.
    #[error("archived")]
    Archived,
    #[error(transparent)]
    Store(#[from] Error),
}
rerun_by_store!(PhotoError);

impl From<ProductError> for PhotoError {
    fn from(error: ProductError) -> Self {
        match error {
            ProductError::Store(error) => Self::Store(error),
            _ => Self::NotFound,
        }
    }
}
