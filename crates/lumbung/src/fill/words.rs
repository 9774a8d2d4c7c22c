//! The words that `lumbung fill` makes names of, and the figures it makes prices of.

/// A stream of figures that is the same for the same seed on every machine (SplitMix64).
#[derive(Clone, Copy, Debug)]
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x6c75_6d62_756e_6721)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From `low` to `high`, both included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = high.abs_diff(low).saturating_add(1);
        low.saturating_add_unsigned(self.next() % span)
    }

    pub fn below(&mut self, count: usize) -> usize {
        let count = u64::try_from(count.max(1)).unwrap_or(1);
        usize::try_from(self.next() % count).unwrap_or(0)
    }

    /// True in `percent` of a hundred throws.
    pub fn chance(&mut self, percent: i64) -> bool {
        self.between(1, 100) <= percent
    }

    pub fn pick<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words.get(self.below(words.len())).copied().unwrap_or("")
    }

    /// The list in another order.
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for at in (1..list.len()).rev() {
            let other = self.below(at + 1);
            list.swap(at, other);
        }
    }
}

pub const COOPERATIVE_FIRST: &[&str] = &[
    "Rukun", "Sumber", "Karya", "Mitra", "Bina", "Tunas", "Guyub", "Sekar", "Cahaya", "Sari",
    "Bumi", "Mekar", "Panca", "Wahana", "Giri", "Tirta",
];
pub const COOPERATIVE_SECOND: &[&str] = &[
    "Makmur",
    "Tani",
    "Desa",
    "Lestari",
    "Mandiri",
    "Sejahtera",
    "Bersama",
    "Rahayu",
    "Sentosa",
    "Jaya",
    "Raharja",
    "Utama",
    "Abadi",
    "Harapan",
];
pub const BUSINESS_FIRST: &[&str] = &[
    "Dapur", "Kebun", "Omah", "Griya", "Sentra", "Rumah", "Karya", "Tani", "Usaha", "Pondok",
    "Saung", "Ladang",
];
pub const BUSINESS_SECOND: &[&str] = &[
    "Sekar", "Melati", "Kenanga", "Cempaka", "Ratu", "Putri", "Mbok", "Ibu", "Bunda", "Pak",
    "Dewi", "Arum", "Intan", "Mawar", "Seruni", "Laras",
];
pub const BUSINESS_THIRD: &[&str] = &[
    "Wangi", "Sari", "Asih", "Jaya", "Berkah", "Barokah", "Lestari", "Makmur", "Sumini", "Kartini",
    "Wati", "Rejeki", "Manis", "Gurih", "Subur", "Slamet",
];
pub const PERSON_FIRST: &[&str] = &[
    "Siti", "Sri", "Dewi", "Nur", "Rina", "Wati", "Ani", "Budi", "Agus", "Joko", "Slamet",
    "Hendra", "Yanti", "Lestari", "Made", "Wayan", "Asep", "Ujang", "Fatimah", "Rahmat", "Yusuf",
    "Dedi", "Tuti", "Eko", "Endang",
];
pub const PERSON_SECOND: &[&str] = &[
    "Contoh",
    "Lestari",
    "Wijaya",
    "Santoso",
    "Hidayat",
    "Rahayu",
    "Saputra",
    "Utami",
    "Nugroho",
    "Kusuma",
    "Pratama",
    "Handayani",
    "Setiawan",
    "Suryani",
    "Maulana",
    "Permata",
];
pub const VILLAGE_FIRST: &[&str] = &[
    "Suka", "Karang", "Sido", "Banjar", "Tanjung", "Sumber", "Kali", "Wono", "Argo", "Margo",
    "Pager", "Kedung",
];
pub const VILLAGE_SECOND: &[&str] = &[
    "mulya", "sari", "rejo", "anyar", "maju", "agung", "harjo", "tengah", "jaya", "wangi", "asri",
    "salam",
];
pub const BUYER_FIRST: &[&str] = &["PT", "CV", "UD"];
pub const BUYER_SECOND: &[&str] = &[
    "Ritel", "Ekspor", "Pangan", "Grosir", "Niaga", "Boga", "Swalayan", "Rasa",
];
pub const BUYER_THIRD: &[&str] = &[
    "Nusantara",
    "Sentosa",
    "Prima",
    "Abadi",
    "Mandiri",
    "Lestari",
    "Bahari",
    "Persada",
];

/// What goods of a category are like, beside their commodity's name.
pub fn kinds(category: &str) -> &'static [&'static str] {
    match category {
        "makanan-ringan" => &[
            "original",
            "balado",
            "manis",
            "pedas",
            "gurih",
            "keju",
            "bawang",
            "jagung bakar",
            "daun jeruk",
            "udang",
        ],
        "gula-pemanis" => &[
            "halus", "kasar", "jahe", "cetak", "curah", "organik", "kunyit", "rempah",
        ],
        "kopi-teh" => &[
            "arabika",
            "robusta",
            "natural",
            "giling halus",
            "giling kasar",
            "pilihan",
            "kampung",
            "madu",
            "lanang",
        ],
        "madu-herbal" => &[
            "hutan",
            "randu",
            "kelengkeng",
            "kopi",
            "hitam",
            "multiflora",
        ],
        "minyak-kelapa" => &["murni", "klentik", "jernih", "premium", "curah"],
        "bumbu-rempah" => &[
            "gajah", "merah", "emprit", "giling", "kering", "pedas", "asap", "super",
        ],
        "sayur-buah" => &[
            "segar",
            "super",
            "lokal",
            "besar",
            "sedang",
            "dataran tinggi",
            "pilihan",
        ],
        "beras-palawija" => &[
            "pandan wangi",
            "merah",
            "hitam",
            "pulut",
            "lokal",
            "super",
            "kering",
        ],
        "ikan-olahan" => &["jambal", "teri", "gabus", "layur", "tawar", "asap"],
        "daging-telur-susu" => &["ayam kampung", "bebek", "puyuh", "omega", "pilihan"],
        "minuman" => &[
            "kunyit asam",
            "beras kencur",
            "temulawak",
            "jahe merah",
            "sirih",
        ],
        "tekstil-busana" => &[
            "motif kawung",
            "motif parang",
            "ikat",
            "songket",
            "warna alam",
            "polos",
            "mega mendung",
        ],
        "anyaman-kerajinan" => &["besar", "kecil", "set 3", "warna alam", "motif", "bertutup"],
        _ => &["curah", "bersih", "super", "halus", "kasar"],
    }
}

/// Rupiah for a kilogram, a litre or a piece, about.
pub fn price_of_base(category: &str) -> i64 {
    match category {
        "makanan-ringan" => 48_000,
        "gula-pemanis" => 33_000,
        "kopi-teh" => 115_000,
        "madu-herbal" => 135_000,
        "minyak-kelapa" => 62_000,
        "bumbu-rempah" => 38_000,
        "sayur-buah" => 12_000,
        "beras-palawija" => 13_500,
        "ikan-olahan" => 70_000,
        "daging-telur-susu" => 2_600,
        "minuman" => 34_000,
        "tekstil-busana" => 160_000,
        "anyaman-kerajinan" => 58_000,
        _ => 4_500,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_throws_the_same() {
        let (mut one, mut two, mut other) = (Dice::new(7), Dice::new(7), Dice::new(8));
        let throws: Vec<i64> = (0..50).map(|_| one.between(-3, 9)).collect();
        assert!(throws.iter().all(|n| (-3..=9).contains(n)));
        assert_eq!(
            throws,
            (0..50).map(|_| two.between(-3, 9)).collect::<Vec<_>>()
        );
        assert_ne!(
            throws,
            (0..50).map(|_| other.between(-3, 9)).collect::<Vec<_>>()
        );
        let mut list: Vec<i32> = (0..20).collect();
        one.shuffle(&mut list);
        assert_ne!(list, (0..20).collect::<Vec<_>>());
        list.sort_unstable();
        assert_eq!(list, (0..20).collect::<Vec<_>>());
    }
}
