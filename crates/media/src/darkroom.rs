//! Where pictures are made, a few at a time: work that takes CPU and memory never runs on a thread that serves pages.

use std::{fs::File, sync::Arc};

use tokio::sync::Semaphore;

use crate::{
    drawing,
    error::Error,
    picture::{self, Picture},
};

/// Memory for decoding, in permits of a megabyte: one photo of 50 megapixels, or several of an ordinary phone.
const MEGABYTES: u32 = 160;
/// What one picture takes at least, so that no more are made at once than a small machine has cores.
const LEAST: u32 = 60;

/// Makes pictures, as many at once as memory and cores allow; who comes later waits.
#[derive(Clone, Debug)]
pub struct Darkroom {
    room: Arc<Semaphore>,
}

impl Default for Darkroom {
    fn default() -> Self {
        Self {
            room: Arc::new(Semaphore::new(MEGABYTES as usize)),
        }
    }
}

impl Darkroom {
    /// Makes all sizes of a photo.
    ///
    /// # Errors
    /// [`Error::Refused`] for what is no photo or would be too much: told from its head, before any waiting.
    pub async fn develop(&self, file: Arc<File>) -> Result<Picture, Error> {
        let its = file.clone();
        let cost = blocking(move || picture::cost(&*its)).await?;
        let megabytes = u32::try_from(cost / 1_000_000).unwrap_or(MEGABYTES);
        let permits = megabytes.clamp(LEAST, MEGABYTES);
        let permit = self.room.clone().acquire_many_owned(permits).await;
        let permit = permit.map_err(|_| Error::Stopped)?;
        blocking(move || {
            // Held until the work is done, also when nobody waits for it any more.
            let _permit = permit;
            Picture::read(&*file)
        })
        .await
    }

    /// The picture that messengers show for goods without a photo; see [`drawing::card`].
    ///
    /// # Errors
    /// When the drawing can't be read.
    pub async fn card(&self, svg: Vec<u8>) -> Result<Vec<u8>, Error> {
        let permit = self.room.clone().acquire_many_owned(LEAST).await;
        let permit = permit.map_err(|_| Error::Stopped)?;
        blocking(move || {
            let _permit = permit;
            drawing::card(&svg)
        })
        .await
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| Error::Stopped)?
}
