//! The forty offers of DOMAIN §14 as documents, and a folder of its own for each test.

use std::{
    ops::Deref,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

use domain::{ids::OfferId, time::Instant};
use uuid::Uuid;

use crate::{Config, OfferDocument, Opened, Query, Results, Search};

/// 2026-09-07, an ordinary moment at which the corpus is on offer.
pub const NOW: Instant = Instant(1_788_739_200_000_000);
const HOUR: i64 = 3_600_000_000;

/// A folder that goes with its test.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let name = format!(
            "lumbung-search-{}-{}",
            std::process::id(),
            COUNT.fetch_add(1, Ordering::Relaxed)
        );
        let path = std::env::temp_dir().join(name);
        let _ = std::fs::remove_dir_all(&path);
        Self(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    pub fn open(&self) -> Opened {
        Search::open(Config {
            dir: self.0.clone(),
        })
        .unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// An index of its own with some documents.
pub struct Shelf {
    pub search: Search,
    pub folder: Folder,
}

impl Deref for Shelf {
    type Target = Search;
    fn deref(&self) -> &Search {
        &self.search
    }
}

impl Shelf {
    pub fn with(documents: &[OfferDocument]) -> Self {
        let folder = Folder::new();
        let search = folder.open().search;
        rebuild(&search, documents);
        Self { search, folder }
    }

    pub fn full() -> Self {
        Self::with(&offers())
    }
}

pub fn rebuild(search: &Search, documents: &[OfferDocument]) -> u64 {
    let batches = documents.chunks(16).map(|batch| Ok(batch.to_vec()));
    search
        .rebuild::<std::convert::Infallible>(batches, |_| ())
        .unwrap()
}

/// A visitor's query.
pub fn asked(text: &str) -> Query {
    Query {
        text: text.to_owned(),
        tokens: vec!["public".to_owned()],
        page: 1,
        per_page: 50,
        now: NOW,
        ..Query::default()
    }
}

/// `P01` … `P40`.
pub fn id(number: u32) -> OfferId {
    OfferId(Uuid::from_u128(
        0x0197_0000_0000_7000_8000_0000_0000_0000 + u128::from(number),
    ))
}

pub fn code(id: OfferId) -> String {
    format!("P{:02}", id.0.as_u128() & 0xffff)
}

pub fn codes(results: &Results) -> Vec<String> {
    results.hits.iter().map(|id| code(*id)).collect()
}

pub fn offer(number: u32) -> OfferDocument {
    offers()
        .into_iter()
        .find(|offer| offer.id == id(number))
        .unwrap()
}

struct Cooperative {
    slug: &'static str,
    name: &'static str,
    province: &'static str,
    regency: &'static str,
    places: [&'static str; 2],
}

const COOPERATIVES: [Cooperative; 4] = [
    Cooperative {
        slug: "rasa-alas-roban",
        name: "Koperasi Produsen Rasa Alas Roban",
        province: "33",
        regency: "33.25",
        places: ["Jawa Tengah", "Kab. Batang"],
    },
    Cooperative {
        slug: "nira-menoreh",
        name: "Koperasi Pemasaran Nira Menoreh",
        province: "34",
        regency: "34.01",
        places: ["Daerah Istimewa Yogyakarta", "Kab. Kulon Progo"],
    },
    Cooperative {
        slug: "kopi-takengon",
        name: "Koperasi Produsen Kopi Dataran Takengon",
        province: "11",
        regency: "11.04",
        places: ["Aceh", "Kab. Aceh Tengah"],
    },
    Cooperative {
        slug: "rinjani-timur",
        name: "Koperasi Produsen Multi Pihak Rinjani Timur",
        province: "52",
        regency: "52.03",
        places: ["Nusa Tenggara Barat", "Kab. Lombok Timur"],
    },
];

/// Number, title, category, commodity, price, days until ready, certificates (as §14 abbreviates them).
type Row = (
    u32,
    &'static str,
    &'static str,
    &'static str,
    i64,
    i32,
    &'static str,
);

#[rustfmt::skip]
const ROWS: [Row; 40] = [
    (1, "Keripik singkong original 250 g", "makanan-ringan", "keripik-singkong", 12_500, 5, "PH"),
    (2, "Keripik singkong balado 250 g", "makanan-ringan", "keripik-singkong", 13_000, 5, "PH"),
    (3, "Keripik pisang manis 200 g", "makanan-ringan", "keripik-pisang", 13_500, 6, "PH"),
    (4, "Keripik tempe 200 g", "makanan-ringan", "keripik-tempe", 12_000, 4, "PH"),
    (5, "Emping melinjo mentah 500 g", "makanan-ringan", "emping", 38_500, 7, "PH"),
    (6, "Emping manis pedas 250 g", "makanan-ringan", "emping", 25_000, 7, "PH"),
    (7, "Rengginang mentah 1 kg", "makanan-ringan", "rengginang", 28_000, 7, "P"),
    (8, "Teh hijau celup 25 kantong", "kopi-teh", "teh", 11_500, 10, "PH"),
    (9, "Teh hitam curah 1 kg", "kopi-teh", "teh", 49_000, 10, "P"),
    (10, "Madu hutan 650 ml", "madu-herbal", "madu", 95_000, 14, "PHS"),
    (11, "Gula semut kelapa 1 kg", "gula-pemanis", "gula-semut", 35_000, 7, "PHO"),
    (12, "Gula semut kelapa 250 g", "gula-pemanis", "gula-semut", 10_500, 7, "PH"),
    (13, "Gula jawa cetak 1 kg", "gula-pemanis", "gula-jawa", 20_500, 3, "P"),
    (14, "Gula semut jahe 200 g", "gula-pemanis", "gula-semut", 13_500, 8, "PH"),
    (15, "VCO 250 ml", "minyak-kelapa", "vco", 37_500, 10, "BH"),
    (16, "Minyak kelapa 1 liter", "minyak-kelapa", "minyak-kelapa", 40_000, 7, "PH"),
    (17, "Sabut kelapa urai (cocofiber) ball 50 kg", "bahan-serat", "sabut-kelapa", 165_000, 14, ""),
    (18, "Kelapa parut kering 1 kg", "minyak-kelapa", "kelapa-parut", 42_500, 10, "PH"),
    (19, "Keripik tempe benguk 150 g", "makanan-ringan", "keripik-tempe", 10_000, 5, "P"),
    (20, "Geblek kering 500 g", "makanan-ringan", "geblek", 16_000, 5, "P"),
    (21, "Kopi arabika biji hijau grade 1", "kopi-teh", "biji-kopi-hijau", 124_000, 14, "OI"),
    (22, "Kopi arabika biji hijau grade 2", "kopi-teh", "biji-kopi-hijau", 112_000, 14, "I"),
    (23, "Kopi arabika natural biji hijau", "kopi-teh", "biji-kopi-hijau", 136_000, 21, "I"),
    (24, "Kopi sangrai biji 250 g", "kopi-teh", "kopi", 62_000, 5, "PH"),
    (25, "Kopi bubuk 200 g", "kopi-teh", "kopi", 46_000, 5, "PH"),
    (26, "Kopi saring sekali pakai isi 10", "kopi-teh", "kopi", 55_000, 7, "PH"),
    (27, "Teh kulit kopi (cascara) 100 g", "kopi-teh", "teh", 24_000, 7, "P"),
    (28, "Kentang segar", "sayur-buah-segar", "kentang", 13_800, 2, ""),
    (29, "Kol segar", "sayur-buah-segar", "kol", 6_200, 1, ""),
    (30, "Tomat segar", "sayur-buah-segar", "tomat", 10_200, 1, ""),
    (31, "Alpukat", "sayur-buah-segar", "alpukat", 21_000, 2, ""),
    (32, "Kain tenun 60 x 200 cm", "tekstil-busana", "tenun", 185_000, 30, "I"),
    (33, "Syal tenun 30 x 160 cm", "tekstil-busana", "tenun", 85_000, 21, ""),
    (34, "Sarung tenun", "tekstil-busana", "tenun", 285_000, 45, ""),
    (35, "Bawang merah", "bumbu-rempah", "bawang-merah", 26_500, 2, ""),
    (36, "Bawang putih lokal", "bumbu-rempah", "bawang-putih", 32_000, 2, ""),
    (37, "Cabai rawit merah", "bumbu-rempah", "cabai-rawit", 38_000, 1, ""),
    (38, "Keranjang bambu set 3", "anyaman-kerajinan", "keranjang", 85_000, 14, ""),
    (39, "Tudung saji bambu", "anyaman-kerajinan", "anyaman", 41_000, 14, ""),
    (40, "Tas anyam pandan", "anyaman-kerajinan", "anyaman", 70_000, 21, ""),
];

pub const TODAY: i32 = 20_703;

pub fn offers() -> Vec<OfferDocument> {
    ROWS.iter().map(document).collect()
}

fn document(row: &Row) -> OfferDocument {
    let (number, title, category, commodity, price, days, permits) = *row;
    let cooperative = &COOPERATIVES[match number {
        ..=10 => 0,
        11..=20 => 1,
        21..=31 => 2,
        _ => 3,
    }];
    let certificates = permits.chars().map(|permit| match permit {
        'P' => "pirt",
        'H' => "halal",
        'B' => "bpom",
        'O' => "organic",
        'I' => "gi",
        _ => "sni",
    });
    OfferDocument {
        id: id(number),
        title: title.to_owned(),
        product_names: vec![title.to_lowercase(), format!("{title} kualitas ekspor")],
        category: category.to_owned(),
        commodity: commodity.to_owned(),
        commodity_names: vec![commodity.replace('-', " ")],
        province: cooperative.province.to_owned(),
        regencies: vec![cooperative.regency.to_owned()],
        place_names: cooperative.places.map(str::to_owned).to_vec(),
        certificates: certificates.map(str::to_owned).collect(),
        price_rupiah: price,
        least_rupiah: price * 10,
        ready_on: TODAY + days,
        availability_band: 100,
        minimum_packs: 10,
        cooperative: cooperative.slug.to_owned(),
        cooperative_name: cooperative.name.to_owned(),
        audience: vec!["public".to_owned()],
        price_for: vec!["public".to_owned()],
        opens_at: NOW.0 - HOUR * i64::from(100 - number),
        closes_at: Some(NOW.0 + 24 * HOUR),
        version: 1,
    }
}
