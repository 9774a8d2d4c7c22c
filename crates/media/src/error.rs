//! What is refused, and what breaks.

/// Files or pictures could not be handled; the details are for the log.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(
        "files are kept under an address like file:///var/lib/lumbung/files or s3://bucket/prefix?endpoint=https://s3.example&region=ap-southeast-3"
    )]
    Address,
    #[error("an s3:// address needs its keys: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")]
    Keys,
    /// The store that is reached over the network is down, slow, refuses us, or has no room.
    #[error("file store: {0}")]
    Away(String),
    #[error("file store: {0}")]
    Files(#[from] std::io::Error),
    /// What was sent is not taken, and why.
    #[error("refused: {0:?}")]
    Refused(Refusal),
    /// A picture of our own can't be drawn or encoded.
    #[error("picture: {0}")]
    Picture(String),
    /// The process is shutting down.
    #[error("stopped")]
    Stopped,
}

/// Why something that was sent as a photo is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Nothing is in it.
    Empty,
    /// HEIC or AVIF, as some phones keep photos.
    Heic,
    /// A picture, but of a kind that we don't take: GIF, TIFF, BMP, SVG.
    Kind,
    /// No picture at all, whatever its name says.
    NoPicture,
    /// Several pictures in one file.
    Moving,
    /// More pixels than a photo needs.
    TooLarge,
    /// Smaller than the smallest picture that is shown.
    TooSmall,
    /// It begins like a picture, but can't be read to its end.
    Broken,
}

impl Error {
    /// Files can't be kept or read at the moment, for whatever reason: trying again later may help.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Files(_) | Self::Away(_) | Self::Stopped)
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}
