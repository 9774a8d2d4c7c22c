//! The file that `backup` writes and `restore` reads: a ZIP that any tool opens.
//!
//! `manifest.json` says which schema it has and what belongs to it, `tables/<table>.jsonl` holds a row a line,
//! `files/<hash>` the stored files under the hash of their content, and `secret` the key for tokens, only when asked.
//! Everything goes through as a stream. An archive is looked at as a whole before anything of it is used ([`Archive::verify`]).

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// The layout told of above.
const FORMAT: u32 = 1;
const MANIFEST: &str = "manifest.json";
const SECRET: &str = "secret";
const TABLES: &str = "tables/";
const FILES: &str = "files/";

#[derive(Debug, Serialize, Deserialize)]
pub struct Manifest {
    pub format: u32,
    /// The version that wrote it.
    pub lumbung: String,
    /// The newest change of the schema that its rows know.
    pub schema: String,
    pub tables: BTreeMap<String, Table>,
    pub files: Files,
    /// SHA-256 of the secret, where it is in the archive.
    pub secret: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct Table {
    pub rows: u64,
    pub sha256: String,
}

#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Files {
    pub count: u64,
    pub bytes: u64,
}

/// An archive that is being written, beside its place until it is whole.
pub struct Writer {
    zip: ZipWriter<BufWriter<File>>,
    part: PathBuf,
    path: PathBuf,
    manifest: Manifest,
    digest: Sha256,
}

impl Writer {
    /// Begins one. A file that is there already is never overwritten.
    pub fn create(path: &Path, schema: &str) -> anyhow::Result<Self> {
        use std::os::unix::fs::OpenOptionsExt;
        if path.exists() {
            bail!("{} is there already; it is left alone", path.display());
        }
        let mut part = path.as_os_str().to_owned();
        part.push(".part");
        let part = PathBuf::from(part);
        // Names, telephones and more are in it.
        let file = File::options()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&part)
            .with_context(|| format!("{} can't be written", part.display()))?;
        Ok(Self {
            zip: ZipWriter::new(BufWriter::new(file)),
            part,
            path: path.to_owned(),
            manifest: Manifest {
                format: FORMAT,
                lumbung: env!("CARGO_PKG_VERSION").to_owned(),
                schema: schema.to_owned(),
                tables: BTreeMap::new(),
                files: Files::default(),
                secret: None,
            },
            digest: Sha256::new(),
        })
    }

    fn start(&mut self, name: &str, method: CompressionMethod) -> anyhow::Result<()> {
        let options = SimpleFileOptions::default()
            .compression_method(method)
            // A table may be longer than the 4 GiB of old archives.
            .large_file(true);
        self.zip.start_file(name, options)?;
        Ok(())
    }

    /// Begins a table; its lines follow.
    pub fn table(&mut self, table: &str) -> anyhow::Result<()> {
        self.digest = Sha256::new();
        self.start(
            &format!("{TABLES}{table}.jsonl"),
            CompressionMethod::Deflated,
        )
    }

    pub fn line(&mut self, line: &str) -> anyhow::Result<()> {
        for part in [line.as_bytes(), b"\n"] {
            self.digest.update(part);
            self.zip.write_all(part)?;
        }
        Ok(())
    }

    /// The table that was begun last is whole.
    pub fn end_table(&mut self, table: &str, rows: u64) {
        let digest = std::mem::take(&mut self.digest);
        let sha256 = hex(&digest.finalize());
        let told = Table { rows, sha256 };
        self.manifest.tables.insert(table.to_owned(), told);
    }

    /// A stored file, whose name is the hash of its content. Pictures are packed already.
    pub fn file(&mut self, name: &str, content: &[u8]) -> anyhow::Result<()> {
        self.start(&format!("{FILES}{name}"), CompressionMethod::Stored)?;
        self.zip.write_all(content)?;
        self.manifest.files.count += 1;
        self.manifest.files.bytes += u64::try_from(content.len())?;
        Ok(())
    }

    pub fn secret(&mut self, secret: &[u8]) -> anyhow::Result<()> {
        self.start(SECRET, CompressionMethod::Stored)?;
        self.zip.write_all(secret)?;
        self.manifest.secret = Some(hex(&Sha256::digest(secret)));
        Ok(())
    }

    /// Writes the manifest, waits for the disk and puts the archive in its place.
    pub fn finish(mut self) -> anyhow::Result<Manifest> {
        self.start(MANIFEST, CompressionMethod::Deflated)?;
        serde_json::to_writer_pretty(&mut self.zip, &self.manifest)?;
        let file = self
            .zip
            .finish()?
            .into_inner()
            .map_err(|e| e.into_error())?;
        file.sync_all()?;
        std::fs::rename(&self.part, &self.path)
            .with_context(|| format!("{} can't be written", self.path.display()))?;
        Ok(self.manifest)
    }
}

/// An archive that is there.
pub struct Archive {
    zip: ZipArchive<BufReader<File>>,
    pub manifest: Manifest,
}

impl Archive {
    pub fn open(path: &Path) -> anyhow::Result<Self> {
        let file = File::open(path).with_context(|| format!("{} can't be read", path.display()))?;
        let damaged = || format!("{} is no backup, or is damaged", path.display());
        let mut zip = ZipArchive::new(BufReader::new(file)).with_context(damaged)?;
        let manifest = zip.by_name(MANIFEST).with_context(damaged)?;
        let manifest: Manifest = serde_json::from_reader(manifest).with_context(damaged)?;
        ensure!(
            manifest.format == FORMAT,
            "{} was made by another version ({}) in another format",
            path.display(),
            manifest.lumbung
        );
        Ok(Self { zip, manifest })
    }

    /// Reads all of it: every table and every file has to be there and be what it was.
    pub fn verify(&mut self) -> anyhow::Result<()> {
        let names = self.names()?;
        let tables = names.iter().filter(|name| name.starts_with(TABLES)).count();
        ensure!(
            tables == self.manifest.tables.len(),
            "the backup is damaged: it holds {tables} tables, of {}",
            self.manifest.tables.len()
        );
        for (table, told) in &self.manifest.tables {
            let name = format!("{TABLES}{table}.jsonl");
            let (digest, rows, _) = look_at(&mut self.zip, &name)?;
            ensure!(
                digest == told.sha256 && rows == told.rows,
                "the backup is damaged: {name} is not what was written"
            );
        }
        let mut files = Files::default();
        for name in names.iter().filter(|name| name.starts_with(FILES)) {
            let (digest, _, bytes) = look_at(&mut self.zip, name)?;
            ensure!(
                name.strip_prefix(FILES) == Some(digest.as_str()),
                "the backup is damaged: {name} has another content"
            );
            files.count += 1;
            files.bytes += bytes;
        }
        ensure!(
            files.count == self.manifest.files.count && files.bytes == self.manifest.files.bytes,
            "the backup is damaged: it holds {} files, of {}",
            files.count,
            self.manifest.files.count
        );
        if let Some(told) = &self.manifest.secret {
            let (digest, ..) = look_at(&mut self.zip, SECRET)?;
            ensure!(
                digest == *told,
                "the backup is damaged: the secret is another"
            );
        }
        Ok(())
    }

    fn names(&self) -> anyhow::Result<Vec<String>> {
        let names = self.zip.file_names();
        Ok(names
            .map(|name| name.map(|name| name.into_owned()))
            .collect::<Result<_, _>>()?)
    }

    /// The rows of a table.
    pub fn lines(
        &mut self,
        table: &str,
    ) -> anyhow::Result<impl Iterator<Item = anyhow::Result<String>>> {
        let entry = self.zip.by_name(&format!("{TABLES}{table}.jsonl"))?;
        Ok(BufReader::new(entry)
            .lines()
            .map(|line| line.map_err(anyhow::Error::from)))
    }

    /// The names of the stored files.
    pub fn files(&self) -> anyhow::Result<Vec<String>> {
        Ok(self
            .names()?
            .iter()
            .filter_map(|name| name.strip_prefix(FILES))
            .map(str::to_owned)
            .collect())
    }

    pub fn file(&mut self, name: &str) -> anyhow::Result<Vec<u8>> {
        self.content(&format!("{FILES}{name}"))
    }

    /// The secret, where it is in it.
    pub fn secret(&mut self) -> anyhow::Result<Option<Vec<u8>>> {
        match self.manifest.secret {
            Some(_) => Ok(Some(self.content(SECRET)?)),
            None => Ok(None),
        }
    }

    fn content(&mut self, name: &str) -> anyhow::Result<Vec<u8>> {
        let mut content = Vec::new();
        self.zip.by_name(name)?.read_to_end(&mut content)?;
        Ok(content)
    }
}

/// SHA-256, lines and bytes of an entry.
fn look_at(
    zip: &mut ZipArchive<BufReader<File>>,
    name: &str,
) -> anyhow::Result<(String, u64, u64)> {
    let damaged = || format!("the backup is damaged: {name} can't be read");
    let mut entry = zip.by_name(name).with_context(damaged)?;
    let (mut digest, mut lines, mut bytes) = (Sha256::new(), 0_u64, 0_u64);
    let mut buffer = vec![0_u8; 64 * 1024];
    loop {
        let read = entry.read(&mut buffer).with_context(damaged)?;
        let Some(part) = buffer.get(..read).filter(|part| !part.is_empty()) else {
            return Ok((hex(&digest.finalize()), lines, bytes));
        };
        digest.update(part);
        for byte in part {
            lines += u64::from(*byte == b'\n');
        }
        bytes += u64::try_from(read)?;
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}
