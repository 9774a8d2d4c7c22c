//! The files of `static/`: built into the binary, compressed once, cached for a year under an address with a hash.
//! They are sent as written, but for the style sheet, which goes without its comments and indents, and for the pictures
//! of the first page's kinds of goods, which go together on one [`SHEET`].
//!
//! One hash stands for all files together, so that an address written inside `app.css` is right by itself. Two files
//! live at the root under a name that never changes, because browsers look for them there: the worker that keeps pages
//! for when the line is gone, and the description of the app that a phone may install.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    io::Write as _,
    sync::{LazyLock, OnceLock},
};

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{self, HeaderValue},
    web,
};
use flate2::{Compression, write::GzEncoder};
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

#[derive(RustEmbed)]
#[folder = "../../static"]
struct Files;

struct Asset {
    bytes: web::Bytes,
    mime: &'static str,
    /// Made when first asked for, so that a start does not wait for them.
    brotli: OnceLock<Option<web::Bytes>>,
    gzip: OnceLock<Option<web::Bytes>>,
}

/// The ways a file may be sent, the smallest first.
#[derive(Clone, Copy)]
enum Coding {
    Brotli,
    Gzip,
}

impl Coding {
    const fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }
}

impl Asset {
    fn new(bytes: web::Bytes, mime: &'static str) -> Self {
        Self {
            bytes,
            mime,
            brotli: OnceLock::new(),
            gzip: OnceLock::new(),
        }
    }

    /// `None` where that would not make it smaller.
    fn packed(&self, coding: Coding) -> Option<&web::Bytes> {
        if !is_text(self.mime) {
            return None;
        }
        let packed = match coding {
            Coding::Brotli => self.brotli.get_or_init(|| brotli(&self.bytes)),
            Coding::Gzip => self.gzip.get_or_init(|| gzip(&self.bytes)),
        };
        packed.as_ref()
    }
}

/// The pictures of `kinds.svg`, each shown by its name: `kinds.svg#madu`. One file to ask for instead of eight.
pub(crate) const SHEET: [&str; 8] = [
    "keripik-singkong",
    "gula-semut",
    "biji-kopi-hijau",
    "madu",
    "bawang-merah",
    "vco",
    "kain-tenun",
    "keranjang-bambu",
];

/// The drawings one below the other, each with a view of its own and its ids to itself.
fn sheet(drawings: impl Iterator<Item = (&'static str, String)>) -> String {
    let mut out = r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 180">"#.to_owned();
    for (at, (name, drawing)) in drawings.enumerate() {
        let inner = drawing.split_once('>').map_or("", |(_, inner)| inner);
        let inner = inner
            .replace("id=\"", &format!("id=\"k{at}"))
            .replace("url(#", &format!("url(#k{at}"))
            .replace("href=\"#", &format!("href=\"#k{at}"));
        let y = at * 180;
        let _ = write!(
            out,
            r#"<view id="{name}" viewBox="0 {y} 240 180"/><svg y="{y}" width="240" height="180" viewBox="0 0 240 180">{inner}"#
        );
    }
    out + "</svg>"
}

struct Shelf {
    hash: String,
    assets: BTreeMap<String, Asset>,
}

static SHELF: LazyLock<Shelf> = LazyLock::new(|| {
    let mut digest = Sha256::new();
    let mut assets = BTreeMap::new();
    let mut names: Vec<_> = Files::iter().collect();
    names.sort();
    for name in names {
        let Some(file) = Files::get(&name) else {
            continue;
        };
        digest.update(name.as_bytes());
        digest.update(Sha256::digest(&file.data));
        let mime = mime(&name);
        let bytes = match std::str::from_utf8(&file.data) {
            Ok(css) if mime.starts_with("text/css") => web::Bytes::from(lean(css)),
            _ => web::Bytes::from(file.data.into_owned()),
        };
        assets.insert(name.into_owned(), Asset::new(bytes, mime));
    }
    let drawings = SHEET.into_iter().filter_map(|name| {
        let drawing = Files::get(&format!("pictures/{name}.svg"))?;
        Some((name, String::from_utf8_lossy(&drawing.data).into_owned()))
    });
    let kinds = web::Bytes::from(sheet(drawings));
    digest.update(&kinds);
    assets.insert("kinds.svg".to_owned(), Asset::new(kinds, mime("kinds.svg")));
    let hash = digest
        .finalize()
        .iter()
        .take(8)
        .fold(String::new(), |mut out, byte| {
            let _ = write!(out, "{byte:02x}");
            out
        });
    Shelf { hash, assets }
});

/// A style sheet without what only its readers need: comments, and spaces that part nothing. So it may be written at
/// leisure and still fit the budget.
fn lean(css: &str) -> String {
    let mut out = String::with_capacity(css.len());
    let mut rest = css;
    let mut spaced = false;
    while let Some(next) = rest.chars().next() {
        if let Some(comment) = rest.strip_prefix("/*") {
            rest = comment.split_once("*/").map_or("", |(_, after)| after);
            continue;
        }
        if next.is_ascii_whitespace() {
            spaced = true;
            rest = rest.trim_ascii_start();
            continue;
        }
        if spaced
            && !out.is_empty()
            && !out.ends_with(['{', '}', ';', ',', ':'])
            && !"{};,".contains(next)
        {
            out.push(' ');
        }
        spaced = false;
        let piece = match next {
            // A string, with both its quotes.
            '"' | '\'' => rest
                .match_indices(next)
                .nth(1)
                .map_or(rest.len(), |(at, _)| at + 1),
            _ => next.len_utf8(),
        };
        let (taken, after) = rest.split_at(piece);
        out.push_str(taken);
        rest = after;
    }
    out
}

fn gzip(bytes: &[u8]) -> Option<web::Bytes> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).ok()?;
    let packed = encoder.finish().ok()?;
    (packed.len() < bytes.len()).then(|| web::Bytes::from(packed))
}

fn brotli(bytes: &[u8]) -> Option<web::Bytes> {
    let mut packed = Vec::new();
    let mut encoder = brotli::CompressorWriter::new(&mut packed, 4096, 11, 22);
    encoder.write_all(bytes).ok()?;
    drop(encoder);
    (packed.len() < bytes.len()).then(|| web::Bytes::from(packed))
}

fn mime(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("webp") => "image/webp",
        Some("ico") => "image/x-icon",
        Some("txt") => "text/plain; charset=utf-8",
        Some("webmanifest") => "application/manifest+json",
        _ => "application/octet-stream",
    }
}

fn is_text(mime: &str) -> bool {
    mime.starts_with("text/") || mime == "image/svg+xml" || mime == "application/manifest+json"
}

/// The address of a file of `static/`.
#[must_use]
pub fn href(name: &str) -> String {
    format!("/static/{}/{name}", SHELF.hash)
}

/// The drawn pictures of goods, by name: `static/pictures/{name}.svg`.
pub fn pictures() -> impl Iterator<Item = &'static str> {
    SHELF.assets.keys().filter_map(|name| {
        name.strip_prefix("pictures/")
            .and_then(|name| name.strip_suffix(".svg"))
    })
}

/// Whether there is such a file.
#[must_use]
pub fn has(name: &str) -> bool {
    SHELF.assets.contains_key(name)
}

/// The content of a file.
#[must_use]
pub fn bytes(name: &str) -> Option<web::Bytes> {
    SHELF.assets.get(name).map(|asset| asset.bytes.clone())
}

/// `GET /static/{hash}/{name}` and `GET /favicon.ico`. An old hash still gets today's file, but not for a year.
pub(crate) async fn serve(request: HttpRequest) -> HttpResponse {
    let info = request.match_info();
    let name = info.get("name").unwrap_or("favicon.svg");
    let current = info.get("hash") == Some(SHELF.hash.as_str());
    let caching = if current {
        "public, max-age=31536000, immutable"
    } else {
        "public, max-age=300"
    };
    send(&request, name, caching)
}

/// `GET /sw.js` and `GET /manifest.webmanifest`: asked for anew each time, since their names stay the same.
pub(crate) async fn serve_root(request: HttpRequest) -> HttpResponse {
    let name = request.path().trim_start_matches('/').to_owned();
    send(&request, &name, "public, no-cache")
}

fn send(request: &HttpRequest, name: &str, caching: &'static str) -> HttpResponse {
    let Some(asset) = SHELF.assets.get(name) else {
        return HttpResponse::NotFound()
            .content_type("text/plain; charset=utf-8")
            .body("not found");
    };
    let header_of = |name| {
        let value = request.headers().get(name)?;
        value.to_str().ok()
    };
    let accepted = header_of(header::ACCEPT_ENCODING).unwrap_or_default();
    let packed = [Coding::Brotli, Coding::Gzip]
        .into_iter()
        .filter(|coding| accepts(accepted, coding.name()))
        .find_map(|coding| Some((coding.name(), asset.packed(coding)?)));
    let tag = match packed {
        Some((coding, _)) => format!("\"{}-{coding}\"", SHELF.hash),
        None => format!("\"{}\"", SHELF.hash),
    };
    let unchanged = header_of(header::IF_NONE_MATCH)
        .is_some_and(|value| value.split(',').any(|known| known.trim() == tag));
    let mut response = if unchanged {
        HttpResponse::NotModified()
    } else {
        HttpResponse::Ok()
    };
    response
        .insert_header((header::CACHE_CONTROL, caching))
        .insert_header((header::ETAG, tag))
        .insert_header((header::VARY, HeaderValue::from_static("Accept-Encoding")));
    if unchanged {
        return response.finish();
    }
    response.insert_header((header::CONTENT_TYPE, asset.mime));
    match packed {
        Some((coding, bytes)) => response
            .insert_header((header::CONTENT_ENCODING, coding))
            .body(bytes.clone()),
        None => response.body(asset.bytes.clone()),
    }
}

/// Whether `Accept-Encoding` names that coding without refusing it by `q=0`.
fn accepts(header: &str, coding: &str) -> bool {
    header.split(',').any(|part| {
        let mut words = part.split(';').map(str::trim);
        words.next() == Some(coding) && words.all(|word| !matches!(word, "q=0" | "q=0.0"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// IDENTITY §2, §8 and §12: what a visitor on a slow line has to load, in bytes as sent.
    #[test]
    fn files_stay_within_their_budgets() {
        let mut pictures = 0;
        for (name, asset) in &SHELF.assets {
            let sent = asset.packed(Coding::Brotli).unwrap_or(&asset.bytes).len();
            let limit = match name.as_str() {
                "app.css" => 7 * 1024 + 512,
                "app.js" => 4 * 1024,
                "sw.js" => 2 * 1024,
                "icon-512.png" => 8 * 1024,
                "icon-192.png" => 4 * 1024,
                "icons.svg" => 2048,
                "banner.svg" => 1536,
                "kinds.svg" => 3 * 1024,
                _ if name.starts_with("pictures/") => 1331,
                _ => 1024,
            };
            assert!(sent <= limit, "{name} takes {sent} of {limit} bytes");
            pictures += usize::from(name.starts_with("pictures/"));
        }
        assert!(pictures > 60);
        // A browser that takes gzip alone gets the style sheet in 8 kB too.
        let css = SHELF.assets.get("app.css").unwrap();
        let sent = css.packed(Coding::Gzip).unwrap().len();
        assert!(sent <= 8 * 1024, "app.css takes {sent} bytes");
    }

    #[test]
    fn the_sheet_of_kinds_holds_each_picture_once_with_ids_of_its_own() {
        let sheet = String::from_utf8(bytes("kinds.svg").unwrap().to_vec()).unwrap();
        for (at, name) in SHEET.into_iter().enumerate() {
            assert!(has(&format!("pictures/{name}.svg")), "{name}");
            assert_eq!(sheet.matches(&format!("id=\"{name}\"")).count(), 1);
            assert_eq!(sheet.matches(&format!("id=\"k{at}m\"")).count(), 1);
            assert!(sheet.contains(&format!("url(#k{at}m)")), "{name}");
        }
        assert_eq!(
            sheet.matches("<svg").count(),
            sheet.matches("</svg>").count()
        );
        assert!(!sheet.contains("\"#m") && !sheet.contains("(#m"));
    }

    #[test]
    fn a_style_sheet_is_sent_without_comments_and_indents() {
        let written = "/* Why. */\n@media (min-width: 48rem) {\n  .a > .b :is(i, b) { margin: 0 calc(1px * -1) !important; \
                       font: \"A {  B\", serif /* so */ }\n}\n";
        let sent = "@media (min-width:48rem){.a > .b :is(i,b){margin:0 calc(1px * -1) !important;font:\"A {  B\",serif}}";
        assert_eq!(lean(written), sent);
        assert_eq!(lean("a{} /* open"), "a{}");
        let css = SHELF.assets.get("app.css").unwrap();
        assert!(!css.bytes.windows(2).any(|pair| pair == b"/*"));
    }

    #[test]
    fn drawings_hold_no_script_and_load_nothing() {
        let drawings = SHELF
            .assets
            .iter()
            .filter(|(name, _)| name.ends_with(".svg"));
        for (name, asset) in drawings {
            let text = String::from_utf8(asset.bytes.to_vec()).unwrap();
            for bad in [
                "<script",
                "<style",
                "<image",
                "<foreignObject",
                " on",
                "href=\"h",
                "data:",
            ] {
                assert!(!text.contains(bad), "{name} holds {bad}");
            }
        }
    }

    #[test]
    fn a_browser_gets_a_coding_that_it_takes() {
        assert!(accepts("gzip, deflate, br", "br"));
        assert!(accepts("br;q=0.5", "br"));
        assert!(!accepts("gzip, br;q=0", "br"));
        assert!(!accepts("brotli", "br"));
        let css = SHELF.assets.get("app.css").unwrap();
        let [small, middle] = [Coding::Brotli, Coding::Gzip].map(|c| css.packed(c).unwrap().len());
        assert!(small < middle && middle < css.bytes.len());
    }

    #[test]
    fn addresses_carry_a_hash() {
        let href = href("app.css");
        let hash = href.split('/').nth(2).unwrap();
        assert_eq!(hash.len(), 16);
    }
}
