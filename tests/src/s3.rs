//! An S3-compatible store on loopback whose mood a test chooses: a real server with real signatures, no mock.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use hyper::{Response, StatusCode, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use media::{Config, Keys, Media};
use s3s::{Body, HttpError, auth::SimpleAuth, service::S3Service, service::S3ServiceBuilder};
use s3s_fs::FileSystem;
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

use crate::database;

/// How the store answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    Serves,
    /// Takes the request, and says nothing any more.
    Hangs,
    /// 500 to everything.
    Broken,
    /// 507 to whatever is sent; what is there can be read.
    Full,
    /// Closes the connection as soon as it is there.
    Away,
}

/// The only bucket of the store.
pub const BUCKET: &str = "lumbung";
/// What opens it.
pub const KEY: (&str, &str) = ("kunci-uji", "rahasia-uji");

/// The store. Dropping it closes it and removes its files.
#[derive(Debug)]
pub struct ObjectServer {
    /// `http://127.0.0.1:49152`.
    pub endpoint: String,
    mood: Arc<Mutex<Mood>>,
    folder: PathBuf,
    task: JoinHandle<()>,
}

impl ObjectServer {
    /// # Panics
    /// When no port or no folder is free.
    pub async fn start() -> Self {
        let folder = database::folder();
        std::fs::create_dir(folder.join(BUCKET)).expect("a bucket");
        let mut service = S3ServiceBuilder::new(FileSystem::new(&folder).expect("a store"));
        service.set_auth(SimpleAuth::from_single(KEY.0, KEY.1));
        let service = service.build();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let mood = Arc::new(Mutex::new(Mood::Serves));
        let its_mood = mood.clone();
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                if *lock(&its_mood) != Mood::Away {
                    tokio::spawn(talk(stream, service.clone(), its_mood.clone()));
                }
            }
        });
        Self {
            endpoint: format!("http://{address}"),
            mood,
            folder,
            task,
        }
    }

    /// From the next request on it is in another mood.
    pub fn turn(&self, mood: Mood) {
        *lock(&self.mood) = mood;
    }

    /// What STORAGE_URL would be.
    #[must_use]
    pub fn url(&self, bucket: &str, prefix: &str) -> String {
        format!("s3://{bucket}/{prefix}?endpoint={}", self.endpoint)
    }

    /// The way to a part of the bucket, with a short patience.
    ///
    /// # Panics
    /// When the address is refused.
    #[must_use]
    pub fn media(&self, prefix: &str) -> Media {
        self.media_at(&self.url(BUCKET, prefix), KEY)
    }

    /// As [`ObjectServer::media`], to any address with any keys.
    ///
    /// # Panics
    /// When the address is refused.
    #[must_use]
    pub fn media_at(&self, url: &str, (id, secret): (&str, &str)) -> Media {
        Media::open(&Config {
            keys: Some(Keys {
                id: id.to_owned(),
                secret: secret.to_owned(),
            }),
            patience: Duration::from_millis(700),
            ..Config::new(url)
        })
        .expect("an address of a bucket")
    }

    /// Where the object of this key lies on this machine.
    #[must_use]
    pub fn lies(&self, key: &str) -> PathBuf {
        self.folder.join(BUCKET).join(key)
    }

    /// Makes an object older.
    ///
    /// # Panics
    /// When there is none.
    pub fn age(&self, key: &str, by: Duration) {
        let file = std::fs::File::open(self.lies(key)).expect("the object");
        let then = SystemTime::now() - by;
        file.set_modified(then).expect("an older object");
    }

    /// How many files of photos lie in the bucket.
    #[must_use]
    pub fn count(&self) -> usize {
        fn of(folder: &Path) -> usize {
            let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
            entries
                .map(|entry| match entry.path() {
                    path if path.is_dir() => of(&path),
                    // A hash and nothing else: not the store's own notes beside it.
                    _ => usize::from(entry.file_name().len() == 64),
                })
                .sum()
        }
        of(&self.folder.join(BUCKET))
    }
}

impl Drop for ObjectServer {
    fn drop(&mut self) {
        self.task.abort();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn lock(mood: &Mutex<Mood>) -> std::sync::MutexGuard<'_, Mood> {
    mood.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn talk(stream: TcpStream, service: S3Service, mood: Arc<Mutex<Mood>>) {
    let answering = service_fn(move |request: hyper::Request<Incoming>| {
        let (service, now) = (service.clone(), *lock(&mood));
        async move {
            let is_sent = request.method() == hyper::Method::PUT;
            match now {
                Mood::Hangs => std::future::pending().await,
                Mood::Broken => Ok(refusal(StatusCode::INTERNAL_SERVER_ERROR, "InternalError")),
                Mood::Full if is_sent => {
                    Ok(refusal(StatusCode::INSUFFICIENT_STORAGE, "StorageFull"))
                }
                Mood::Away => Err(HttpError::new("away".into())),
                Mood::Full | Mood::Serves => hyper::service::Service::call(&service, request).await,
            }
        }
    });
    // How a connection ends is the client's to judge.
    let _ = http1::Builder::new()
        .serve_connection(TokioIo::new(stream), answering)
        .await;
}

fn refusal(status: StatusCode, code: &str) -> Response<Body> {
    let body = format!("<Error><Code>{code}</Code><Message>{code}</Message></Error>");
    let mut answer = Response::new(Body::from(body));
    *answer.status_mut() = status;
    answer
}
