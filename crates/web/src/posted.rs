//! What a visitor sent: the pairs of a query or form, and files. Read once, bounded, never trusted.
//!
//! NUL and bytes that are no UTF-8 become the replacement character here, so that no database ever sees them;
//! [`crate::form::Reader`] refuses them at the field. Values stay in order; the same name may come twice.

use std::{
    fs::File,
    sync::Arc,
    time::{Duration, Instant},
};

use actix_multipart::Multipart;
use actix_web::{HttpRequest, http::header, web};
use domain::photos;
use futures_util::StreamExt;
use tokio::io::{AsyncSeekExt, AsyncWriteExt};

use crate::{
    error::Error,
    routes::{Body, FORM_BYTES_MAX},
};

/// More fields than any form of ours has (CHECKLIST C09).
const FIELDS_MAX: usize = 2_000;
/// A body has to be here after so long. One with photos may take longer as long as it comes on at [`PACE_BYTES`].
const BODY_SECONDS: u64 = 25;
/// Bytes of a photo that come in a second on the slowest line we serve (2G).
const PACE_BYTES: u64 = 2_000;
/// A line that is silent for so long is gone.
const SILENCE_SECONDS: u64 = 20;
/// However steadily it comes.
const PHOTO_SECONDS: u64 = 1_800;

/// A file of a form.
#[derive(Clone, Debug)]
pub struct Upload {
    pub field: String,
    /// As the browser says; only ever shown, never used as a path.
    pub file_name: String,
    pub bytes: Vec<u8>,
}

/// A photo of a form. It lies in a file without a name that is gone with the request; it was never in memory as a whole.
#[derive(Clone, Debug)]
pub struct SentPhoto {
    pub field: String,
    /// At its beginning.
    pub file: Arc<File>,
}

/// The pairs and files of one request.
#[derive(Clone, Debug, Default)]
pub struct Posted {
    pairs: Vec<(String, String)>,
    files: Vec<Upload>,
    photos: Vec<SentPhoto>,
}

impl Posted {
    /// The value, if the name came exactly once.
    #[must_use]
    pub fn only(&self, name: &str) -> Option<&str> {
        let mut values = self.all(name);
        match (values.next(), values.next()) {
            (Some(value), None) => Some(value),
            _ => None,
        }
    }

    /// The first value of a name, trimmed; empty when there is none.
    #[must_use]
    pub fn first(&self, name: &str) -> &str {
        self.all(name).next().unwrap_or_default().trim()
    }

    /// Every value of a name, in order (check boxes, repeated rows).
    pub fn all<'a, 'n>(&'a self, name: &'n str) -> impl Iterator<Item = &'a str> + use<'a, 'n> {
        self.pairs
            .iter()
            .filter(move |(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    #[must_use]
    pub fn pairs(&self) -> &[(String, String)] {
        &self.pairs
    }

    /// Whether words are all there is: files can't be kept in a page.
    pub(crate) fn is_words(&self) -> bool {
        !self.pairs.is_empty() && self.files.is_empty() && self.photos.is_empty()
    }

    /// The file of a field; a field left empty has none, and one sent twice doesn't either.
    #[must_use]
    pub fn file(&self, field: &str) -> Option<&Upload> {
        let mut files = self.files.iter().filter(|file| file.field == field);
        match (files.next(), files.next()) {
            (Some(file), None) => Some(file),
            _ => None,
        }
    }

    /// The photos of a field, in their order.
    pub fn photos<'a>(&'a self, field: &str) -> impl Iterator<Item = &'a SentPhoto> + use<'a> {
        let field = field.to_owned();
        self.photos.iter().filter(move |photo| photo.field == field)
    }

    /// Reads `a=1&b=2`.
    #[must_use]
    pub fn from_urlencoded(text: &[u8]) -> Self {
        let pairs = text
            .split(|b| *b == b'&')
            .filter(|pair| !pair.is_empty())
            .take(FIELDS_MAX + 1)
            .map(|pair| {
                let mut halves = pair.splitn(2, |b| *b == b'=');
                let name = halves.next().unwrap_or_default();
                let value = halves.next().unwrap_or_default();
                (decode(name), decode(value))
            })
            .collect();
        Self {
            pairs,
            ..Self::default()
        }
    }

    /// Reads the body of a POST within the limit of its route.
    pub(crate) async fn read(
        request: &HttpRequest,
        payload: web::Payload,
        body: Body,
    ) -> Result<Self, Error> {
        let limit = match body {
            Body::None => 0,
            Body::Form(limit) | Body::Upload(limit) => limit,
            Body::Photos => photos::UPLOAD_BYTES_MAX + FORM_BYTES_MAX,
        };
        let declared = request
            .headers()
            .get(header::CONTENT_LENGTH)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.parse::<usize>().ok());
        if declared.is_some_and(|bytes| bytes > limit) {
            return Err(Error::TooLarge);
        }
        let kind = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .to_ascii_lowercase();
        let reading = async {
            let is_multipart = kind.starts_with("multipart/form-data");
            if is_multipart && matches!(body, Body::Upload(_)) {
                multipart(request, payload, limit).await
            } else if is_multipart && body == Body::Photos {
                with_photos(request, payload).await
            } else if kind.is_empty() || kind.starts_with("application/x-www-form-urlencoded") {
                let limit = limit.min(FORM_BYTES_MAX);
                Ok(Self::from_urlencoded(&collect(payload, limit).await?))
            } else {
                Err(Error::BadRequest)
            }
        };
        let seconds = match body {
            Body::Photos => PHOTO_SECONDS,
            _ => BODY_SECONDS,
        };
        let posted = tokio::time::timeout(Duration::from_secs(seconds), reading)
            .await
            .map_err(|_| Error::TooSlow)??;
        if posted.pairs.len() > FIELDS_MAX {
            return Err(Error::BadRequest);
        }
        Ok(posted)
    }
}

async fn collect(mut payload: web::Payload, limit: usize) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| Error::BadRequest)?;
        if bytes.len().saturating_add(chunk.len()) > limit {
            return Err(Error::TooLarge);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

async fn multipart(
    request: &HttpRequest,
    payload: web::Payload,
    limit: usize,
) -> Result<Posted, Error> {
    let mut parts = Multipart::new(request.headers(), payload);
    let mut posted = Posted::default();
    let mut room = limit;
    while let Some(part) = parts.next().await {
        let mut part = part.map_err(|_| Error::BadRequest)?;
        let field = clean(part.name().unwrap_or_default());
        let file_name = part
            .content_disposition()
            .and_then(|disposition| disposition.get_filename())
            .map(clean);
        let mut bytes = Vec::new();
        while let Some(chunk) = part.next().await {
            let chunk = chunk.map_err(|_| Error::BadRequest)?;
            room = room.checked_sub(chunk.len()).ok_or(Error::TooLarge)?;
            bytes.extend_from_slice(&chunk);
        }
        if posted.pairs.len() + posted.files.len() > FIELDS_MAX {
            return Err(Error::BadRequest);
        }
        match file_name {
            Some(file_name) if !file_name.is_empty() || !bytes.is_empty() => {
                posted.files.push(Upload {
                    field,
                    file_name,
                    bytes,
                });
            }
            Some(_) => {}
            None => posted
                .pairs
                .push((field, clean(&String::from_utf8_lossy(&bytes)))),
        }
    }
    Ok(posted)
}

/// How a body with photos comes on: slowly is allowed, silently and drop by drop is not (CHECKLIST C10).
struct Pace {
    begun: Instant,
    bytes: u64,
}

impl Pace {
    async fn wait<T>(&self, next: impl Future<Output = T>) -> Result<T, Error> {
        let seconds = self.begun.elapsed().as_secs();
        if seconds > BODY_SECONDS && self.bytes < seconds.saturating_mul(PACE_BYTES) {
            return Err(Error::TooSlow);
        }
        tokio::time::timeout(Duration::from_secs(SILENCE_SECONDS), next)
            .await
            .map_err(|_| Error::TooSlow)
    }
}

/// Reads a form with photos, each straight into a file.
async fn with_photos(request: &HttpRequest, payload: web::Payload) -> Result<Posted, Error> {
    let mut parts = Multipart::new(request.headers(), payload);
    let mut posted = Posted::default();
    let (mut text_room, mut photo_room) = (FORM_BYTES_MAX, photos::UPLOAD_BYTES_MAX);
    let mut pace = Pace {
        begun: Instant::now(),
        bytes: 0,
    };
    while let Some(part) = pace.wait(parts.next()).await? {
        let mut part = part.map_err(|_| Error::BadRequest)?;
        let field = clean(part.name().unwrap_or_default());
        let is_file = part
            .content_disposition()
            .is_some_and(|disposition| disposition.get_filename().is_some());
        if posted.pairs.len() + posted.photos.len() > FIELDS_MAX {
            return Err(Error::BadRequest);
        }
        let mut text = Vec::new();
        let mut file: Option<tokio::fs::File> = None;
        while let Some(chunk) = pace.wait(part.next()).await? {
            let chunk = chunk.map_err(|_| Error::BadRequest)?;
            pace.bytes = pace
                .bytes
                .saturating_add(u64::try_from(chunk.len()).unwrap_or(0));
            let room = if is_file {
                &mut photo_room
            } else {
                &mut text_room
            };
            *room = room.checked_sub(chunk.len()).ok_or(Error::TooLarge)?;
            if !is_file {
                text.extend_from_slice(&chunk);
                continue;
            }
            let mut to = match file.take() {
                Some(file) => file,
                None => tokio::fs::File::from_std(tempfile::tempfile().map_err(no_room)?),
            };
            to.write_all(&chunk).await.map_err(no_room)?;
            file = Some(to);
        }
        // A field left empty sends a file without a name and without bytes.
        if let Some(mut file) = file {
            file.flush().await.map_err(no_room)?;
            file.rewind().await.map_err(no_room)?;
            posted.photos.push(SentPhoto {
                field,
                file: Arc::new(file.into_std().await),
            });
        } else if !is_file {
            posted
                .pairs
                .push((field, clean(&String::from_utf8_lossy(&text))));
        }
    }
    Ok(posted)
}

/// Nowhere to put what comes: trying again later may help.
fn no_room(error: std::io::Error) -> Error {
    Error::Unavailable(format!("temporary file: {error}"))
}

/// `+` and percent signs undone. What is badly encoded stays as it was typed.
fn decode(text: &[u8]) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((first, tail)) = rest.split_first() {
        rest = tail;
        match (first, tail) {
            (b'+', _) => bytes.push(b' '),
            (b'%', [high, low, ..]) => match (digit(*high), digit(*low)) {
                (Some(high), Some(low)) => {
                    bytes.push(high << 4 | low);
                    rest = tail.get(2..).unwrap_or_default();
                }
                _ => bytes.push(b'%'),
            },
            _ => bytes.push(*first),
        }
    }
    clean(&String::from_utf8_lossy(&bytes))
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte)
        .to_digit(16)
        .and_then(|d| u8::try_from(d).ok())
}

fn clean(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_encodings_never_get_past_as_bytes() {
        let posted = Posted::from_urlencoded(b"a=%41+b%2&b=%ff%00&c&a=2&&d=%zz");
        assert_eq!(posted.all("a").collect::<Vec<_>>(), ["A b%2", "2"]);
        assert_eq!(posted.only("a"), None);
        assert_eq!(posted.only("b"), Some("\u{fffd}\u{fffd}"));
        assert_eq!(posted.only("c"), Some(""));
        assert_eq!(posted.only("d"), Some("%zz"));
    }
}
