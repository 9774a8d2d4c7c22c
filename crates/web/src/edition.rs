//! Pages that every anonymous visitor gets alike, kept whole and compressed for as long as their edition holds.
//!
//! A row of the table of routes that is [`Cache::Public`](crate::routes::Cache) is kept by its address with query, the
//! language, the encoding and the *edition*: the number that the store moves on in the deed that changes what everybody
//! sees ([`store::editions`]), the state of the search index, and the next moment at which a catalog opens or closes or
//! the hour turns. When any of these is another one, all that was kept goes. The edition is asked for at most every
//! [`LAG`], so that a page may be that much behind; carts and orders read the truth.
//!
//! Never kept, never served: anything for somebody with a session, answers other than 200, answers that set a cookie,
//! and pages that a handler keeps out ([`Ctx::keep_out`](crate::ctx::Ctx::keep_out)).

use std::{
    collections::{HashMap, VecDeque},
    io::Write as _,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant as Moment},
};

use actix_web::{
    HttpRequest, HttpResponse,
    body::MessageBody as _,
    http::{
        Method, StatusCode,
        header::{self, HeaderValue},
    },
    web::Bytes,
};
use domain::{ids::OfferId, offers::Viewer, time::Instant};
use flate2::{Compression, write::GzEncoder};
use sha2::{Digest, Sha256};
use store::offers::OfferCard;
use text::Lang;

use crate::{
    ctx::{Ctx, language},
    error::Error,
    routes::{Cache, Route},
    server::State,
};

/// How old an answer to "which edition is it?" may be.
pub const LAG: Duration = Duration::from_millis(500);
/// Bytes of all kept pages together.
const BYTES_MAX: usize = 8 * 1024 * 1024;
/// What a kept page costs beside its bytes and its address, about.
const OVERHEAD_BYTES: usize = 200;
/// Cards of offers kept; when there are more, all are read anew.
const CARDS_MAX: usize = 4_096;
/// Longer addresses are drawn each time: nobody shares them.
const ADDRESS_BYTES_MAX: usize = 512;
/// A higher one saves few bytes for twice the work, and most searches are asked once.
const GZIP_LEVEL: u32 = 4;
const HOUR_MICROS: i64 = 3_600_000_000;

/// Which pages hold. Two of them are equal as long as nothing has changed that a public page shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Epoch {
    edition: i64,
    /// Generation and commit of the search index.
    index: (u64, u64),
    /// The next moment at which pages change by time alone.
    until: Instant,
}

/// What an answer is packed in. No brotli: at the speed that a page of one search is worth, gzip makes it smaller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Packing {
    Plain,
    Gzip,
}

impl Packing {
    /// The best that the browser takes.
    fn of(request: &HttpRequest) -> Self {
        let accepted = request
            .headers()
            .get_all(header::ACCEPT_ENCODING)
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','));
        for choice in accepted {
            let mut parts = choice.split(';').map(str::trim);
            let name = parts.next().unwrap_or_default();
            let refused = parts.any(|part| {
                part.strip_prefix("q=")
                    .is_some_and(|weight| weight.trim_matches(['0', '.']).is_empty())
            });
            if !refused && ["gzip", "*"].contains(&name) {
                return Self::Gzip;
            }
        }
        Self::Plain
    }

    fn header(self) -> Option<HeaderValue> {
        match self {
            Self::Plain => None,
            Self::Gzip => Some(HeaderValue::from_static("gzip")),
        }
    }

    fn pack(self, page: Bytes) -> Option<Bytes> {
        match self {
            Self::Plain => Some(page),
            Self::Gzip => {
                let mut encoder = GzEncoder::new(Vec::new(), Compression::new(GZIP_LEVEL));
                encoder.write_all(&page).ok()?;
                Some(encoder.finish().ok()?.into())
            }
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    address: String,
    lang: Lang,
    packing: Packing,
}

#[derive(Clone)]
struct Kept {
    bytes: Bytes,
    tag: HeaderValue,
}

struct Entry {
    kept: Kept,
    /// Asked for since it was last looked at: it stays once more.
    wanted: bool,
}

#[derive(Default)]
struct Shelf {
    epoch: Option<Epoch>,
    pages: HashMap<Key, Entry>,
    /// Oldest first.
    order: VecDeque<Key>,
    bytes: usize,
    /// Offers in lists as passers-by see them; `None` for those that they don't.
    cards: HashMap<OfferId, Option<Arc<OfferCard>>>,
    /// Offers of the first page.
    newest: Option<Vec<OfferId>>,
}

impl Shelf {
    /// Empties the shelf when what stands in it is of another epoch.
    fn turn_to(&mut self, epoch: Epoch) {
        if self.epoch != Some(epoch) {
            *self = Self {
                epoch: Some(epoch),
                ..Self::default()
            };
        }
    }

    fn get(&mut self, key: &Key) -> Option<Kept> {
        let entry = self.pages.get_mut(key)?;
        entry.wanted = true;
        Some(entry.kept.clone())
    }

    fn put(&mut self, key: Key, kept: Kept) {
        let size = size(&key, &kept);
        if size > BYTES_MAX / 8 || self.pages.contains_key(&key) {
            return;
        }
        while self.bytes + size > BYTES_MAX {
            let Some(oldest) = self.order.pop_front() else {
                return;
            };
            match self.pages.get_mut(&oldest) {
                Some(entry) if entry.wanted => {
                    entry.wanted = false;
                    self.order.push_back(oldest);
                }
                Some(_) => {
                    if let Some(entry) = self.pages.remove(&oldest) {
                        self.bytes -= self::size(&oldest, &entry.kept);
                    }
                }
                None => {}
            }
        }
        self.bytes += size;
        self.order.push_back(key.clone());
        self.pages.insert(
            key,
            Entry {
                kept,
                wanted: false,
            },
        );
    }
}

fn size(key: &Key, kept: &Kept) -> usize {
    // The address stands in the order, too.
    kept.bytes.len() + 2 * key.address.len() + OVERHEAD_BYTES
}

#[derive(Clone, Copy)]
struct Known {
    epoch: Epoch,
    asked: Moment,
}

/// The kept pages of a process.
pub struct Pages {
    lag: Duration,
    shelf: Mutex<Shelf>,
    known: Mutex<Option<Known>>,
    /// Somebody is asking the database which edition it is.
    asking: AtomicBool,
    served: AtomicU64,
}

/// Where an answer may be kept.
pub struct Slot {
    key: Key,
    epoch: Epoch,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Pages {
    #[must_use]
    pub fn new(lag: Duration) -> Self {
        Self {
            lag,
            shelf: Mutex::default(),
            known: Mutex::default(),
            asking: AtomicBool::new(false),
            served: AtomicU64::new(0),
        }
    }

    /// Pages that were answered without being drawn, since the process began.
    #[must_use]
    pub fn served(&self) -> u64 {
        self.served.load(Ordering::Relaxed)
    }

    /// The kept page for a request, or where its answer may be kept; neither for pages of one person.
    pub(crate) async fn find(
        &self,
        state: &State,
        route: &Route,
        request: &HttpRequest,
    ) -> Result<HttpResponse, Option<Slot>> {
        if route.cache != Cache::Public || *request.method() != Method::GET {
            return Err(None);
        }
        let cookies = state.cookies();
        if cookies.read_session(request).is_some() {
            return Err(None);
        }
        let Some(address) = request
            .uri()
            .path_and_query()
            .map(|address| address.as_str())
            .filter(|address| address.len() <= ADDRESS_BYTES_MAX)
        else {
            return Err(None);
        };
        let Some(epoch) = self.epoch(state).await else {
            return Err(None);
        };
        let key = Key {
            address: address.to_owned(),
            lang: language(request, cookies).unwrap_or_default(),
            packing: Packing::of(request),
        };
        let kept = {
            let mut shelf = locked(&self.shelf);
            shelf.turn_to(epoch);
            shelf.get(&key)
        };
        match kept {
            Some(kept) => {
                self.served.fetch_add(1, Ordering::Relaxed);
                Ok(answer(request, key.packing, &kept))
            }
            None => Err(Some(Slot { key, epoch })),
        }
    }

    /// Keeps an answer and gives it packed; gives it as it is where it must not be kept.
    pub(crate) fn keep(&self, ctx: &Ctx, slot: Slot, response: HttpResponse) -> HttpResponse {
        let for_all = response.status() == StatusCode::OK
            && ctx.visitor().is_none()
            // A form's token belongs to one visitor.
            && ctx.csrf().is_none()
            && !ctx.is_kept_out()
            && !response.headers().contains_key(header::SET_COOKIE);
        if !for_all {
            return response;
        }
        let (head, body) = response.into_parts();
        let bytes = match body.try_into_bytes() {
            Ok(bytes) => bytes,
            Err(body) => return head.set_body(body),
        };
        let Some(packed) = slot.key.packing.pack(bytes.clone()) else {
            return head.set_body(bytes).map_into_boxed_body();
        };
        let kept = Kept {
            tag: tag(&packed),
            bytes: packed,
        };
        let response = answer(ctx.request(), slot.key.packing, &kept);
        let mut shelf = locked(&self.shelf);
        if shelf.epoch == Some(slot.epoch) {
            shelf.put(slot.key, kept);
        }
        response
    }

    /// Cards of the offers among `ids` that passers-by may see, in that order. Searches that were never asked before mostly
    /// show offers that others have shown.
    pub(crate) async fn cards(
        &self,
        ctx: &Ctx,
        ids: &[OfferId],
    ) -> Result<Vec<Arc<OfferCard>>, Error> {
        let read = async |ids: &[OfferId]| {
            ctx.store()
                .offer_cards(&Viewer::ANONYMOUS, ctx.now(), ids)
                .await
        };
        let Some(epoch) = self.epoch(ctx.state()).await else {
            return Ok(read(ids).await?.into_iter().map(Arc::new).collect());
        };
        let mut known: HashMap<OfferId, Option<Arc<OfferCard>>> = {
            let mut shelf = locked(&self.shelf);
            shelf.turn_to(epoch);
            ids.iter()
                .filter_map(|id| Some((*id, shelf.cards.get(id)?.clone())))
                .collect()
        };
        let missing: Vec<OfferId> = ids
            .iter()
            .copied()
            .filter(|id| !known.contains_key(id))
            .collect();
        if !missing.is_empty() {
            let mut found: HashMap<OfferId, Arc<OfferCard>> = read(&missing)
                .await?
                .into_iter()
                .map(|card| (card.id, Arc::new(card)))
                .collect();
            let mut shelf = locked(&self.shelf);
            let still_holds = shelf.epoch == Some(epoch);
            if shelf.cards.len() + missing.len() > CARDS_MAX {
                shelf.cards.clear();
            }
            for id in missing {
                let card = found.remove(&id);
                if still_holds {
                    shelf.cards.insert(id, card.clone());
                }
                known.insert(id, card);
            }
        }
        Ok(ids
            .iter()
            .filter_map(|id| known.get(id).cloned().flatten())
            .collect())
    }

    /// The offers that the first page shows to passers-by.
    pub(crate) async fn newest(&self, ctx: &Ctx, count: usize) -> Result<Vec<OfferId>, Error> {
        let epoch = self.epoch(ctx.state()).await;
        if let Some(epoch) = epoch {
            let mut shelf = locked(&self.shelf);
            shelf.turn_to(epoch);
            if let Some(newest) = &shelf.newest {
                return Ok(newest.clone());
            }
        }
        let newest = ctx
            .store()
            .home_offers(&Viewer::ANONYMOUS, ctx.now(), count)
            .await?;
        let mut shelf = locked(&self.shelf);
        if epoch.is_some() && shelf.epoch == epoch {
            shelf.newest = Some(newest.clone());
        }
        Ok(newest)
    }

    /// Which pages hold now; `None` when the database does not say.
    async fn epoch(&self, state: &State) -> Option<Epoch> {
        let now = state.clock.now();
        let index = state
            .search
            .as_ref()
            .map_or((0, 0), search::Search::version);
        let known = *locked(&self.known);
        if let Some(known) = known
            && now < known.epoch.until
        {
            let age = known.asked.elapsed();
            // One asks; the others go on with what they have, up to twice the time.
            let fresh =
                age < self.lag || (age < 2 * self.lag && self.asking.swap(true, Ordering::Relaxed));
            if fresh {
                return Some(Epoch {
                    index,
                    ..known.epoch
                });
            }
        }
        let asked = Moment::now();
        let edition = state.store.edition(now).await;
        self.asking.store(false, Ordering::Relaxed);
        let edition = edition
            .inspect_err(|error| tracing::warn!(%error, "the edition can't be read"))
            .ok()?;
        let hour = Instant(now.0 - now.0.rem_euclid(HOUR_MICROS) + HOUR_MICROS);
        let epoch = Epoch {
            edition: edition.number,
            index,
            until: edition.until.map_or(hour, |until| until.min(hour)),
        };
        *locked(&self.known) = Some(Known { epoch, asked });
        Some(epoch)
    }
}

/// A page may be kept by the browser too, if it asks each time whether it still holds.
fn answer(request: &HttpRequest, packing: Packing, kept: &Kept) -> HttpResponse {
    let unchanged = request
        .headers()
        .get(header::IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|tags| {
            let own = kept.tag.to_str().unwrap_or_default();
            tags.split(',').any(|tag| tag.trim() == own)
        });
    let mut response = if unchanged {
        HttpResponse::NotModified()
    } else {
        HttpResponse::Ok()
    };
    response
        .insert_header((
            header::CACHE_CONTROL,
            HeaderValue::from_static("private, no-cache"),
        ))
        .insert_header((
            header::VARY,
            HeaderValue::from_static("Cookie, Accept-Language, Accept-Encoding"),
        ))
        .insert_header((header::ETAG, kept.tag.clone()));
    if unchanged {
        return response.finish();
    }
    response.insert_header((
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/html; charset=utf-8"),
    ));
    if let Some(packed) = packing.header() {
        response.insert_header((header::CONTENT_ENCODING, packed));
    }
    response.body(kept.bytes.clone())
}

fn tag(bytes: &Bytes) -> HeaderValue {
    let digest = Sha256::digest(bytes);
    let mut tag = String::from("\"");
    for byte in digest.iter().take(8) {
        use std::fmt::Write as _;
        let _ = write!(tag, "{byte:02x}");
    }
    tag.push('"');
    HeaderValue::from_str(&tag).unwrap_or(HeaderValue::from_static("\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    fn key(address: &str) -> Key {
        Key {
            address: address.to_owned(),
            lang: Lang::Id,
            packing: Packing::Plain,
        }
    }

    fn kept(bytes: usize) -> Kept {
        Kept {
            bytes: vec![b'x'; bytes].into(),
            tag: HeaderValue::from_static("\"1\""),
        }
    }

    fn epoch(edition: i64) -> Epoch {
        Epoch {
            edition,
            index: (1, 1),
            until: Instant(1),
        }
    }

    #[test]
    fn the_best_packing_that_the_browser_takes_is_chosen() {
        for (accepted, expected) in [
            ("gzip, deflate, br", Packing::Gzip),
            ("gzip, deflate", Packing::Gzip),
            ("br;q=0, gzip;q=0.5", Packing::Gzip),
            ("br, gzip;q=0.0", Packing::Plain),
            ("identity", Packing::Plain),
            ("", Packing::Plain),
        ] {
            let request = TestRequest::default()
                .insert_header(("accept-encoding", accepted))
                .to_http_request();
            assert_eq!(Packing::of(&request), expected, "{accepted}");
        }
    }

    #[test]
    fn a_new_epoch_empties_the_shelf() {
        let mut shelf = Shelf::default();
        shelf.turn_to(epoch(1));
        shelf.put(key("/"), kept(10));
        shelf.turn_to(epoch(1));
        assert!(shelf.get(&key("/")).is_some());
        assert!(shelf.get(&key("/search")).is_none());
        shelf.turn_to(epoch(2));
        assert!(shelf.get(&key("/")).is_none());
        assert_eq!((shelf.bytes, shelf.order.len()), (0, 0));
    }

    #[test]
    fn memory_is_bounded_and_what_is_asked_for_stays_longest() {
        let mut shelf = Shelf::default();
        shelf.turn_to(epoch(1));
        shelf.put(key("/"), kept(6_000));
        for n in 0..5_000 {
            shelf.put(key(&format!("/search?q={n}")), kept(6_000));
            assert!(shelf.bytes <= BYTES_MAX);
            assert!(shelf.get(&key("/")).is_some(), "after {n}");
        }
        assert!(shelf.pages.len() > 1_000);
        assert_eq!(shelf.pages.len(), shelf.order.len());
        // What is larger than its part of the shelf is not kept at all.
        shelf.put(key("/large"), kept(BYTES_MAX / 8));
        assert!(shelf.get(&key("/large")).is_none());
    }

    #[test]
    fn packed_pages_come_out_as_they_went_in() {
        let page = Bytes::from("<p>Keripik singkong</p>".repeat(500));
        let packed = Packing::Gzip.pack(page.clone()).unwrap();
        let mut out = Vec::new();
        std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(&packed[..]), &mut out)
            .unwrap();
        assert_eq!(out, page);
    }
}
