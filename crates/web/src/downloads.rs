//! Files to keep: the one place that answers with an attachment (CHECKLIST E08), and the way of every exported list.
//!
//! A list is exported by [`begin`] (who may ask how often, and whose turn it is), then the store's rows, then
//! [`Export::send`]. Nothing of it is cached anywhere. What a list holds is its page's business.

use actix_web::{
    HttpResponse,
    http::header::{self, HeaderValue},
};
use domain::{names::slug, time::Zone};
use sheets::{Cell, Table};

use crate::{
    ctx::Ctx,
    error::Error,
    handler::Answer,
    security,
    turns::{self, Turn},
};

/// Rows of one exported list; what is beyond is said in its last row.
pub(crate) const ROWS_MAX: i64 = 5_000;
/// Exports of one organisation within the window.
const TRIES_MAX: i64 = 60;
const WINDOW_SECONDS: i64 = 600;
const NAME_CHARS: usize = 100;

/// The kinds of table files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Csv,
    Xlsx,
}

impl Kind {
    pub(crate) fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }

    pub(crate) fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }

    /// What the address asks for by `?file=`; XLSX unless it says `csv`.
    pub(crate) fn asked(ctx: &Ctx) -> Self {
        match ctx.query().first("file") {
            "csv" => Self::Csv,
            _ => Self::Xlsx,
        }
    }
}

/// An export on its way.
pub(crate) struct Export {
    turn: Turn,
    kind: Kind,
}

/// Lets an export of the acting organisation begin.
///
/// # Errors
/// [`Error::TooMany`] after too many of them; [`Error::Unavailable`] when too many are made at once.
pub(crate) async fn begin(ctx: &Ctx) -> Result<Export, Error> {
    let acting = ctx.acting().ok_or(Error::Forbidden)?;
    let bucket = format!("export:{}", acting.organisation);
    turns::allow(ctx, &bucket, TRIES_MAX, WINDOW_SECONDS).await?;
    Ok(Export {
        turn: ctx.state().turns.take().await?,
        kind: Kind::asked(ctx),
    })
}

impl Export {
    /// Sends a list. `list` is its word in the reader's language; `found` is how many rows there are beyond those shown.
    ///
    /// # Errors
    /// When the file can't be made.
    pub(crate) async fn send(
        self,
        ctx: &Ctx,
        list: &str,
        headers: Vec<String>,
        mut rows: Vec<Vec<Cell>>,
        found: i64,
    ) -> Answer {
        let shown = i64::try_from(rows.len()).unwrap_or(i64::MAX);
        let acting = ctx.acting().ok_or(Error::Forbidden)?;
        // CHECKLIST G03: who took which list away.
        security::note_export(ctx, &format!("{list}, {shown}"));
        if found > shown {
            rows.push(vec![Cell::Text(text::t_with(
                ctx.lang(),
                "download-cut",
                &[
                    ("shown", domain::money::grouped(shown).into()),
                    ("found", domain::money::grouped(found).into()),
                ],
            ))]);
        }
        let day = Zone::of_region(&acting.region_code).day_of(ctx.now());
        let name = format!(
            "{}-{}-{}.{}",
            slug(list),
            slug(&acting.name),
            day.iso(),
            self.kind.ending()
        );
        let table = Table { headers, rows };
        let (kind, sheet) = (self.kind, list.to_owned());
        let file = self
            .turn
            .run(move || match kind {
                Kind::Csv => sheets::write(&table),
                Kind::Xlsx => sheets::write_workbook(&sheet, &table, &[], None),
            })
            .await?
            .map_err(Error::broken)?;
        Ok(attachment(&name, kind.media_type(), file))
    }
}

/// A file to keep under this name.
pub(crate) fn attachment(name: &str, media_type: &str, file: Vec<u8>) -> HttpResponse {
    let mut response = HttpResponse::Ok().content_type(media_type).body(file);
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(&disposition(name)) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, no-store"),
    );
    response
}

/// `attachment` with the name in both forms of RFC 6266. Of the name nothing is left that means something to a file
/// system or a header.
fn disposition(name: &str) -> String {
    let clean: String = name
        .chars()
        .map(|c| match c {
            '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' | '%' | ';' => '-',
            c if c.is_control() || is_turning(c) => '-',
            c => c,
        })
        .collect();
    let clean = clean.trim_matches(|c: char| c == '.' || c.is_whitespace());
    let (stem, ending) = clean.rsplit_once('.').unwrap_or((clean, ""));
    let stem: String = stem.chars().take(NAME_CHARS).collect();
    // Names of devices on Windows, whatever their ending.
    let device = stem.split('.').next().unwrap_or_default().to_uppercase();
    let is_device = matches!(device.as_str(), "" | "CON" | "PRN" | "AUX" | "NUL")
        || ((device.starts_with("COM") || device.starts_with("LPT")) && device.len() == 4);
    let stem = if is_device {
        format!("lumbung-{stem}")
    } else {
        stem
    };
    let whole = if ending.is_empty() {
        stem
    } else {
        format!("{stem}.{ending}")
    };
    let plain: String = whole
        .chars()
        .map(|c| if c.is_ascii() { c } else { '_' })
        .collect();
    let encoded = whole.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
        out
    });
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

/// Signs that turn the reading direction, so that `gpj.exe` looks like a picture.
fn is_turning(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_can_not_leave_its_folder_or_its_header() {
        for (name, plain) in [
            ("pesanan-2026-11-24.csv", "pesanan-2026-11-24.csv"),
            ("../../etc/passwd", "-..-etc-passwd"),
            ("a\"; filename=\"b.exe", "a-- filename=-b.exe"),
            ("a\r\nSet-Cookie: x.csv", "a--Set-Cookie- x.csv"),
            ("CON.xlsx", "lumbung-CON.xlsx"),
            ("com1.csv", "lumbung-com1.csv"),
            ("...", "lumbung-"),
            ("daftar\u{202e}xslx.exe", "daftar-xslx.exe"),
            ("kopi ꦏꦺꦴꦥꦶ.csv", "kopi _____.csv"),
        ] {
            let value = disposition(name);
            assert!(
                value.starts_with(&format!("attachment; filename=\"{plain}\"; ")),
                "{name:?}: {value}"
            );
            assert!(HeaderValue::from_str(&value).is_ok());
            assert!(!value[12..].contains(['\r', '\n', '/', '\\']));
        }
        assert!(disposition("é.csv").ends_with("filename*=UTF-8''%C3%A9.csv"));
        let long = disposition(&"n".repeat(300));
        assert!(long.len() < 300, "{long}");
    }
}
