//! The files of `static/`: built into the binary, compressed once, cached for a year under an address with a hash.
//!
//! One hash stands for all files together, so that an address written inside `app.css` is right by itself.

use std::{collections::BTreeMap, fmt::Write as _, io::Write as _, sync::LazyLock};

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
    gzip: Option<web::Bytes>,
    mime: &'static str,
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
        let bytes = web::Bytes::from(file.data.into_owned());
        let gzip = is_text(mime).then(|| gzip(&bytes)).flatten();
        assets.insert(name.into_owned(), Asset { bytes, gzip, mime });
    }
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

fn gzip(bytes: &[u8]) -> Option<web::Bytes> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).ok()?;
    let packed = encoder.finish().ok()?;
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

/// Whether there is such a file.
#[must_use]
pub fn has(name: &str) -> bool {
    SHELF.assets.contains_key(name)
}

/// `GET /static/{hash}/{name}` and `GET /favicon.ico`. An old hash still gets today's file, but not for a year.
pub(crate) async fn serve(request: HttpRequest) -> HttpResponse {
    let info = request.match_info();
    let name = info.get("name").unwrap_or("favicon.svg");
    let Some(asset) = SHELF.assets.get(name) else {
        return HttpResponse::NotFound()
            .content_type("text/plain; charset=utf-8")
            .body("not found");
    };
    let current = info.get("hash") == Some(SHELF.hash.as_str());
    let caching = if current {
        "public, max-age=31536000, immutable"
    } else {
        "public, max-age=300"
    };
    let wants_gzip = request
        .headers()
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.contains("gzip"));
    let packed = asset.gzip.as_ref().filter(|_| wants_gzip);
    let tag = format!(
        "\"{}{}\"",
        SHELF.hash,
        if packed.is_some() { "-gz" } else { "" }
    );
    let unchanged = request
        .headers()
        .get(header::IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.split(',').any(|t| t.trim() == tag));
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
        Some(bytes) => response
            .insert_header((header::CONTENT_ENCODING, "gzip"))
            .body(bytes.clone()),
        None => response.body(asset.bytes.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// IDENTITY §2, §8 and §12: what a visitor on a slow line has to load, in bytes as sent.
    #[test]
    fn files_stay_within_their_budgets() {
        let mut pictures = 0;
        for (name, asset) in &SHELF.assets {
            let sent = asset.gzip.as_ref().unwrap_or(&asset.bytes).len();
            let limit = match name.as_str() {
                "app.css" => 8 * 1024,
                "icons.svg" => 2048,
                "ribbon.svg" => 200,
                "banner.svg" => 1536,
                _ if name.starts_with("pictures/") => 1331,
                _ => 1024,
            };
            assert!(sent <= limit, "{name} takes {sent} of {limit} bytes");
            pictures += usize::from(name.starts_with("pictures/"));
        }
        assert!(pictures > 60);
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
    fn addresses_carry_a_hash() {
        let href = href("app.css");
        let hash = href.split('/').nth(2).unwrap();
        assert_eq!(hash.len(), 16);
    }
}
