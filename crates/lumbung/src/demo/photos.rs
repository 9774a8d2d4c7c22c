//! Photos of the demo's goods: the drawn picture of each, sent through the same door as a phone's photo, so that sizes
//! and galleries are there to be looked at.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicUsize, Ordering},
    thread::{self, JoinHandle},
};

use anyhow::{Context, anyhow};
use domain::{ids::PhotoId, time::Instant};
use media::{Media, Picture, drawing};
use store::Store;

use super::{
    build::{Party, People},
    data::OFFERS,
};

/// Pixels; a phone's photo is larger, but makes no larger page.
const WIDTH: u32 = 640;
/// Every so many offers the second member has a photo too, and the lead a second one.
const GALLERIES: usize = 4;

/// A drawing, and how close it is looked at.
type Shot = (String, u16);
/// What threads are making.
pub struct Making(Vec<JoinHandle<anyhow::Result<BTreeMap<Shot, Picture>>>>);

/// Each offer's shots: the lead's first one, and where it has a gallery the lead's second and the second member's.
fn shots(index: usize) -> Vec<(usize, Shot)> {
    let Some(row) = OFFERS.get(index) else {
        return Vec::new();
    };
    let slug = domain::products::picture(row.commodity, row.title);
    let mut shots = vec![(0, (slug.clone(), 1))];
    if index.is_multiple_of(GALLERIES) {
        shots.push((0, (slug.clone(), 2)));
        shots.push((1, (slug, 1)));
    }
    shots
}

/// Begins to make them, on as many threads as there are cores.
pub fn start() -> Making {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let mut all: Vec<Shot> = (0..OFFERS.len())
        .flat_map(shots)
        .map(|(_, shot)| shot)
        .collect();
    all.sort_unstable();
    all.dedup();
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let work = (0..threads).map(|_| {
        let all = all.clone();
        thread::spawn(move || {
            let mut made = BTreeMap::new();
            while let Some(shot) = all.get(NEXT.fetch_add(1, Ordering::Relaxed)) {
                let picture = picture(shot).with_context(|| shot.0.clone())?;
                made.insert(shot.clone(), picture);
            }
            Ok(made)
        })
    });
    Making(work.collect())
}

fn picture((slug, zoom): &Shot) -> anyhow::Result<Picture> {
    let svg = web::assets::bytes(&format!("pictures/{slug}.svg"))
        .or_else(|| web::assets::bytes("pictures/barang.svg"))
        .context("no drawing")?;
    let sent = drawing::photo(&svg, WIDTH, *zoom)?;
    Ok(Picture::read(std::io::Cursor::new(sent))?)
}

/// Puts the photos on the goods.
pub async fn tell(
    store: &Store,
    media: &Media,
    now: Instant,
    people: &People,
    making: Making,
) -> anyhow::Result<()> {
    let mut made = BTreeMap::new();
    for thread in making.0 {
        let part = thread.join().map_err(|_| anyhow!("a thread ended"))?;
        made.extend(part?);
    }
    let at = now.plus_days(-28);
    for (index, leads) in people.leads.iter().enumerate() {
        let mut first: Option<PhotoId> = None;
        for (place, shot) in shots(index) {
            let Some((owner, product)) = leads.get(place) else {
                continue;
            };
            let picture = made.get(&shot).context("a shot was not made")?.clone();
            let act = owner.act(at);
            let owner = owner.organisation;
            let photo = web::photos::keep_made(store, media, &act, owner, picture)
                .await
                .map_err(|error| anyhow!("{error}"))?;
            store
                .add_product_photo(&act, owner, *product, photo)
                .await?;
            first.get_or_insert(photo);
        }
        // With photos of two members the manager says which is first.
        if let (true, Some(photo), Some(offer)) = (
            index.is_multiple_of(GALLERIES),
            first,
            people.offers.get(index),
        ) {
            let coop = manager(people, index).context("manager")?;
            let act = coop.act(now.plus_days(-19));
            store
                .choose_offer_photo(&act, coop.organisation, *offer, photo)
                .await?;
        }
    }
    Ok(())
}

/// The manager of the cooperative that makes an offer.
fn manager(people: &People, index: usize) -> Option<Party> {
    let lead = super::data::UMKM.get(OFFERS.get(index)?.lead)?;
    people.coops.get(lead.coop).copied()
}
