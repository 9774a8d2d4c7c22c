//! Letters kept in a folder, one `.eml` file each, for machines without a mail server and for the demo.
//!
//! A letter appears whole or not at all. The same dedupe id is the same file, so sending again is sending once.
//! Letters may come from anybody who can put words into one: who shows them must escape the text and must not put
//! the HTML into a page of its own.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
    time::SystemTime,
};

use domain::time::Instant;
use lettre::message::Mailbox;
use mail_parser::{Address, MessageParser};

use crate::{ConfigError, Letter, SendError, error::one_line};

/// The folder.
#[derive(Clone, Debug)]
pub struct Folder {
    path: PathBuf,
    sender: Mailbox,
}

/// A letter read back from the folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredLetter {
    /// Names it in URLs and for [`Folder::read`].
    pub name: String,
    /// As `Lumbung <surat@lumbung.example>`.
    pub from: String,
    pub to: String,
    pub subject: String,
    pub sent_at: Option<Instant>,
    pub text: String,
    pub html: String,
}

/// A part of the folder, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    pub letters: Vec<StoredLetter>,
    /// In the whole folder.
    pub total: usize,
}

impl Folder {
    pub(crate) fn open(path: &Path, sender: Mailbox) -> Result<Self, ConfigError> {
        fs::create_dir_all(path).map_err(|source| ConfigError::Folder {
            path: path.to_owned(),
            source,
        })?;
        Ok(Self {
            path: path.to_owned(),
            sender,
        })
    }

    pub(crate) async fn send(&self, letter: &Letter) -> Result<(), SendError> {
        let bytes = letter.message(&self.sender)?.formatted();
        let target = self.path.join(format!("{}.{SUFFIX}", letter.key()?));
        let folder = self.path.clone();
        blocking(move || write_whole(&folder, &target, &bytes))
            .await
            .map_err(|fault| SendError::Retry(one_line(&fault.to_string())))
    }

    /// Letters from place `offset` on, newest first, at most `limit`.
    ///
    /// # Errors
    /// When the folder can't be read.
    pub async fn list(&self, limit: usize, offset: usize) -> io::Result<Listing> {
        let folder = self.path.clone();
        blocking(move || list(&folder, limit, offset)).await
    }

    /// One letter by its name; `None` when there is none, or the name is none of a letter.
    ///
    /// # Errors
    /// When the file can't be read.
    pub async fn read(&self, name: &str) -> io::Result<Option<StoredLetter>> {
        if !is_name(name) {
            return Ok(None);
        }
        let folder = self.path.clone();
        let name = name.to_owned();
        blocking(move || read(&folder, &name)).await
    }
}

const SUFFIX: &str = "eml";

/// Numbers the half-written files of this process.
static WRITTEN: AtomicU64 = AtomicU64::new(0);

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|fault| Err(io::Error::other(fault)))
}

fn write_whole(folder: &Path, target: &Path, bytes: &[u8]) -> io::Result<()> {
    let number = WRITTEN.fetch_add(1, Ordering::Relaxed);
    // The leading dot keeps half-written files out of every list.
    let half = folder.join(format!(".{}-{number}.half", std::process::id()));
    let written = (|| {
        let mut file = fs::File::create(&half)?;
        io::Write::write_all(&mut file, bytes)?;
        file.sync_all()?;
        fs::rename(&half, target)
    })();
    if written.is_err() {
        let _ = fs::remove_file(&half);
    }
    written
}

/// Names come from URLs: the characters of a dedupe id and nothing that leads out of the folder.
fn is_name(name: &str) -> bool {
    name.len() <= 120
        && name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '~' | '-'))
}

fn list(folder: &Path, limit: usize, offset: usize) -> io::Result<Listing> {
    let mut found: Vec<(SystemTime, String)> = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let file = entry.file_name();
        let Some((name, SUFFIX)) = file.to_str().and_then(|f| f.rsplit_once('.')) else {
            continue;
        };
        if is_name(name) {
            let written = entry.metadata()?.modified()?;
            found.push((written, name.to_owned()));
        }
    }
    found.sort_unstable_by(|a, b| b.cmp(a));
    let total = found.len();
    let mut letters = Vec::new();
    for (_, name) in found.into_iter().skip(offset).take(limit) {
        letters.extend(read(folder, &name)?);
    }
    Ok(Listing { letters, total })
}

fn read(folder: &Path, name: &str) -> io::Result<Option<StoredLetter>> {
    let bytes = match fs::read(folder.join(format!("{name}.{SUFFIX}"))) {
        Ok(bytes) => bytes,
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(fault) => return Err(fault),
    };
    let Some(message) = MessageParser::default().parse(&bytes) else {
        return Ok(None);
    };
    let body = |found: Option<std::borrow::Cow<'_, str>>| found.unwrap_or_default().into_owned();
    Ok(Some(StoredLetter {
        name: name.to_owned(),
        from: mailbox(message.from()),
        to: mailbox(message.to()),
        subject: message.subject().unwrap_or_default().to_owned(),
        sent_at: message
            .date()
            .map(|date| Instant(0).plus_seconds(date.to_timestamp())),
        text: body(message.body_text(0)),
        html: body(message.body_html(0)),
    }))
}

fn mailbox(found: Option<&Address<'_>>) -> String {
    let Some(first) = found.and_then(Address::first) else {
        return String::new();
    };
    let address = first.address().unwrap_or_default();
    match first.name() {
        Some(name) => format!("{name} <{address}>"),
        None => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Config, Transport, letter::tests::letter};

    fn folder(path: &Path) -> Folder {
        match Transport::open(&Config::folder(path)).unwrap() {
            Transport::Folder(folder) => folder,
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn a_letter_is_read_back_as_it_was_written() {
        let dir = tempfile::tempdir().unwrap();
        let folder = folder(&dir.path().join("mailbox"));
        let mut letter = letter();
        letter.text = "Halo Bu Tani — 27 dus\n\nBuka pesanan:\nhttps://lumbung.example/x\n".into();
        folder.send(&letter).await.unwrap();
        let stored = folder.read("order-placed~42").await.unwrap().unwrap();
        assert_eq!(stored.from, "Lumbung <surat@lumbung.example>");
        assert_eq!(stored.to, "Bu Tani “Jaya” <u01@contoh.example>");
        assert_eq!(stored.subject, letter.subject);
        assert_eq!(stored.text.replace("\r\n", "\n"), letter.text);
        assert_eq!(stored.html, letter.html);
        assert!(stored.sent_at.unwrap() > Instant(1_700_000_000_000_000));
        assert_eq!(folder.list(10, 0).await.unwrap().letters, [stored]);
    }

    #[tokio::test]
    async fn a_letter_sent_twice_is_there_once_and_nothing_half_remains() {
        let dir = tempfile::tempdir().unwrap();
        let folder = folder(dir.path());
        let mut letter = letter();
        folder.send(&letter).await.unwrap();
        letter.subject = "Kedua".into();
        folder.send(&letter).await.unwrap();
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
        assert_eq!(
            folder.list(10, 0).await.unwrap().letters[0].subject,
            "Kedua"
        );
    }

    #[tokio::test]
    async fn the_list_is_newest_first_and_comes_in_parts() {
        let dir = tempfile::tempdir().unwrap();
        let folder = folder(dir.path());
        let early = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000);
        for n in 0..5_u32 {
            let mut letter = letter();
            letter.dedupe_id = format!("n:{n}");
            folder.send(&letter).await.unwrap();
            let file = fs::File::open(dir.path().join(format!("n~{n}.eml"))).unwrap();
            file.set_modified(early + std::time::Duration::from_secs(u64::from(n)))
                .unwrap();
        }
        fs::write(dir.path().join("note.txt"), "x").unwrap();
        fs::write(dir.path().join(".1-1.half"), "x").unwrap();
        let listing = folder.list(2, 1).await.unwrap();
        let names: Vec<_> = listing.letters.iter().map(|l| l.name.as_str()).collect();
        assert_eq!(
            (names.as_slice(), listing.total),
            (["n~3", "n~2"].as_slice(), 5)
        );
        assert_eq!(folder.list(10, 5).await.unwrap().letters, []);
    }

    #[tokio::test]
    async fn no_name_leads_out_of_the_folder() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("secret.eml"), "Subject: secret\r\n\r\nx").unwrap();
        let folder = folder(&dir.path().join("inner"));
        let absolute = dir.path().join("secret");
        for name in [
            "../secret",
            "..",
            ".",
            "",
            "..%2fsecret",
            "..\\secret",
            "x/../../secret",
            absolute.to_str().unwrap(),
            "secret\0",
            ".hidden",
            &"x".repeat(300),
        ] {
            assert_eq!(folder.read(name).await.unwrap(), None, "{name}");
        }
    }
}
