//! Files in a bucket of an S3-compatible store: `<prefix>/ab/abcdef…`, laid out as in a [`crate::Folder`].
//!
//! The bucket is private and stays so: nobody gets an address in it. Whoever asks for a file asks this program, which asks
//! the database whether it may be seen (CHECKLIST B03), and only then reads it here.
//!
//! Each call ends within the patience of its [`Config`], whatever the store does; until then a failed try is made again.

use std::{fmt, future::Future, sync::Arc, time::Duration};

use domain::photos::FileHash;
use object_store::{
    BackoffConfig, ClientOptions, ObjectStore, ObjectStoreExt, PutPayload, RetryConfig,
    aws::AmazonS3Builder, path::Path,
};
use url::Url;

use crate::{Config, error::Error, folder::FRESH};

/// Tries of one request, besides the first.
const RETRIES_MAX: usize = 3;
const CONNECT_SECONDS_MAX: u64 = 3;
/// What is asked for to see whether the store answers.
const MARK: &str = ".lumbung";

/// A bucket, or a part of one, of files named by their content.
#[derive(Clone)]
pub struct Bucket {
    store: Arc<dyn ObjectStore>,
    prefix: Path,
    patience: Duration,
}

/// Without the store, whose settings hold the keys.
impl fmt::Debug for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bucket")
            .field("prefix", &self.prefix.as_ref())
            .finish_non_exhaustive()
    }
}

impl Bucket {
    /// Doesn't call the store yet: it may be away when we start.
    pub(crate) fn open(config: &Config) -> Result<Self, Error> {
        let address = Address::read(&config.url).ok_or(Error::Address)?;
        let keys = config.keys.as_ref().ok_or(Error::Keys)?;
        speak_tls();
        let is_plain = address
            .endpoint
            .as_deref()
            .is_some_and(|endpoint| endpoint.starts_with("http://"));
        let client = ClientOptions::new()
            .with_allow_http(is_plain)
            // Without encryption there is nothing to check, and the machine may have no certificates.
            .with_no_system_certificates(is_plain)
            .with_connect_timeout(Duration::from_secs(CONNECT_SECONDS_MAX).min(config.patience))
            .with_timeout(config.patience);
        let retry = RetryConfig {
            max_retries: RETRIES_MAX,
            retry_timeout: config.patience,
            backoff: BackoffConfig {
                init_backoff: Duration::from_millis(50),
                max_backoff: Duration::from_secs(1),
                base: 3.0,
            },
        };
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(address.bucket)
            .with_access_key_id(&keys.id)
            .with_secret_access_key(&keys.secret)
            .with_client_options(client)
            .with_retry(retry);
        if let Some(region) = address.region {
            builder = builder.with_region(region);
        }
        if let Some(endpoint) = address.endpoint {
            builder = builder.with_endpoint(endpoint);
        }
        let store = builder.build().map_err(away)?;
        Ok(Self {
            store: Arc::new(store),
            prefix: Path::from(address.prefix),
            patience: config.patience,
        })
    }

    fn place(&self, name: &FileHash) -> Path {
        let first = name.as_str().get(..2).unwrap_or_default();
        self.prefix.clone().join(first).join(name.as_str())
    }

    /// Written again where it is already: it is the same content, and whoever takes unused files away sees that it was
    /// kept just now ([`Bucket::forget`]).
    pub(crate) async fn put(&self, content: Vec<u8>) -> Result<FileHash, Error> {
        let name = FileHash::of(&content);
        let place = self.place(&name);
        let payload = PutPayload::from(content);
        self.wait(self.store.put(&place, payload)).await?;
        Ok(name)
    }

    pub(crate) async fn forget(&self, name: &FileHash) -> Result<bool, Error> {
        let place = self.place(name);
        let known = match self.wait(self.store.head(&place)).await {
            Err(Missing::Object) => return Ok(true),
            known => known?,
        };
        let age = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .unwrap_or_default()
            .as_secs()
            .saturating_sub(u64::try_from(known.last_modified.timestamp()).unwrap_or_default());
        if age < FRESH.as_secs() {
            return Ok(false);
        }
        match self.wait(self.store.delete(&place)).await {
            Ok(()) | Err(Missing::Object) => Ok(true),
            Err(fault) => Err(fault.into()),
        }
    }

    /// What came over the network is what was asked for, or nothing.
    pub(crate) async fn get(&self, name: &FileHash) -> Result<Option<Vec<u8>>, Error> {
        let place = self.place(name);
        let reading = async { self.store.get(&place).await?.bytes().await };
        let content = match self.wait(reading).await {
            Err(Missing::Object) => return Ok(None),
            content => content?,
        };
        if FileHash::of(&content) == *name {
            Ok(Some(content.into()))
        } else {
            Err(Error::Away(format!(
                "{place} holds another content than its name says"
            )))
        }
    }

    /// The store answers, and takes files: the mark is written where it is missing.
    pub(crate) async fn ping(&self) -> Result<(), Error> {
        let mark = self.prefix.clone().join(MARK);
        // Not asked without a body: then a bucket that is missing would look like a mark that is.
        match self.wait(self.store.get(&mark)).await {
            Err(Missing::Object) => {
                let words = PutPayload::from_static(b"Files of Lumbung, named by their content.\n");
                self.wait(self.store.put(&mark, words)).await?;
                Ok(())
            }
            known => Ok(known.map(|_| ())?),
        }
    }

    async fn wait<T>(
        &self,
        answer: impl Future<Output = object_store::Result<T>>,
    ) -> Result<T, Missing> {
        match tokio::time::timeout(self.patience, answer).await {
            Ok(Ok(answer)) => Ok(answer),
            // A bucket that is missing is 404, too, but that is no answer about the file.
            Ok(Err(object_store::Error::NotFound { source, .. }))
                if !source.to_string().contains("NoSuchBucket") =>
            {
                Err(Missing::Object)
            }
            Ok(Err(fault)) => Err(Missing::Store(away(fault))),
            Err(_) => Err(Missing::Store(Error::Away(format!(
                "no answer within {} s",
                self.patience.as_secs_f32()
            )))),
        }
    }
}

/// Says which cryptography the program's HTTP clients use, which want to know before the first of them is made: the one
/// that the database and mail use, too.
pub fn speak_tls() {
    // Somebody may have said so already.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// What is not there.
enum Missing {
    /// No object of this name.
    Object,
    Store(Error),
}

impl From<Missing> for Error {
    fn from(missing: Missing) -> Self {
        match missing {
            Missing::Object => Self::Away("the object is missing".to_owned()),
            Missing::Store(error) => error,
        }
    }
}

/// For the log: the whole chain, on one line, not endless.
fn away(fault: object_store::Error) -> Error {
    let mut words = fault.to_string();
    let mut source = std::error::Error::source(&fault);
    while let Some(deeper) = source {
        let more = deeper.to_string();
        if !words.contains(&more) {
            words = format!("{words}: {more}");
        }
        source = deeper.source();
    }
    let line = words.chars().map(|c| if c.is_control() { ' ' } else { c });
    Error::Away(line.take(500).collect())
}

/// `s3://bucket/prefix?endpoint=https://…&region=…`.
#[derive(Debug, PartialEq, Eq)]
struct Address {
    bucket: String,
    prefix: String,
    endpoint: Option<String>,
    region: Option<String>,
}

impl Address {
    fn read(url: &str) -> Option<Self> {
        let url = Url::parse(url).ok()?;
        let is_bare = url.username().is_empty()
            && url.password().is_none()
            && url.port().is_none()
            && url.fragment().is_none();
        if url.scheme() != "s3" || !is_bare {
            return None;
        }
        let bucket = url.host_str().filter(|bucket| is_bucket(bucket))?;
        let prefix = url.path().trim_matches('/');
        let is_prefix = prefix.is_empty() || prefix.split('/').all(is_segment);
        let mut address = Self {
            bucket: bucket.to_owned(),
            prefix: is_prefix.then(|| prefix.to_owned())?,
            endpoint: None,
            region: None,
        };
        for (key, value) in url.query_pairs() {
            let place = match key.as_ref() {
                "endpoint" if is_endpoint(&value) => &mut address.endpoint,
                "region" if is_segment(&value) => &mut address.region,
                _ => return None,
            };
            if place.replace(value.into_owned()).is_some() {
                return None;
            }
        }
        Some(address)
    }
}

fn is_bucket(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '.');
    (3..=63).contains(&name.len()) && name.chars().all(fits)
}

/// One part of a path; neither empty nor one that leads elsewhere.
fn is_segment(part: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    !part.is_empty() && !part.starts_with('.') && part.chars().all(fits)
}

fn is_endpoint(value: &str) -> bool {
    Url::parse(value).is_ok_and(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.has_host()
            && url.username().is_empty()
            && url.query().is_none()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Keys, Media};

    #[test]
    fn an_address_names_bucket_prefix_endpoint_and_region() {
        let read = |url| Address::read(url);
        let whole =
            read("s3://lumbung/a/b?endpoint=https://s3.contoh.example&region=ap-southeast-3");
        assert_eq!(
            whole,
            Some(Address {
                bucket: "lumbung".to_owned(),
                prefix: "a/b".to_owned(),
                endpoint: Some("https://s3.contoh.example".to_owned()),
                region: Some("ap-southeast-3".to_owned()),
            })
        );
        let bare = read("s3://lumbung").expect("an address");
        assert_eq!((bare.prefix.as_str(), bare.endpoint), ("", None));
        for bad in [
            "s3://",
            "s3://Lumbung",
            "s3://lu",
            "s3://lumbung/a//b",
            "s3://lumbung/.hidden",
            "s3://kunci:rahasia@lumbung/a",
            "s3://lumbung?region=a&region=b",
            "s3://lumbung?endpoint=ftp://s3.contoh.example",
            "s3://lumbung?endpoint=https://kunci:rahasia@s3.contoh.example",
            "s3://lumbung?secret=rahasia",
            "https://s3.contoh.example/lumbung",
        ] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_bucket_needs_its_keys_and_never_shows_them() {
        let mut config = Config::new("s3://lumbung/files?endpoint=http://127.0.0.1:9");
        assert!(matches!(Media::open(&config), Err(Error::Keys)));
        config.keys = Some(Keys {
            id: "kunci".to_owned(),
            secret: "rahasia".to_owned(),
        });
        let shown = format!("{config:?} {:?}", Media::open(&config).unwrap());
        assert!(!shown.contains("rahasia"), "{shown}");
    }
}
