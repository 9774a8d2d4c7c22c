//! What people type, and which offers must then be among the first three.

use super::corpus::{Shelf, asked, codes, id, offer};
use crate::{Filters, Matched, OfferDocument, Search};

/// Typed text and the offers that must all be among the first three.
type Case = (&'static str, &'static [&'static str]);

#[rustfmt::skip]
const CASES: &[Case] = &[
    // as it is called
    ("keripik singkong", &["P01", "P02"]),
    ("keripik singkong balado", &["P02"]),
    ("Keripik Tempe", &["P04", "P19"]),
    ("tempe benguk", &["P19"]),
    ("emping melinjo", &["P05"]),
    ("madu hutan", &["P10"]),
    ("gula semut jahe", &["P14"]),
    ("vco", &["P15"]),
    ("kelapa parut", &["P18"]),
    ("sabut kelapa", &["P17"]),
    ("kopi bubuk", &["P25"]),
    ("kopi arabika", &["P21", "P22", "P23"]),
    ("teh hijau", &["P08"]),
    ("cascara", &["P27"]),
    ("sarung tenun", &["P34"]),
    ("bawang merah", &["P35"]),
    ("tudung saji", &["P39"]),
    ("tas pandan", &["P40"]),
    // synonyms and other spellings
    ("kripik singkong", &["P01", "P02"]),
    ("kripek pisang", &["P03"]),
    ("criping tempe", &["P04", "P19"]),
    ("chips cassava", &["P01", "P02"]),
    ("keripik ubi kayu", &["P01", "P02"]),
    ("keripik ketela pohon", &["P01", "P02"]),
    ("keripik ubi", &["P01", "P02"]),
    ("banana chips", &["P03"]),
    ("mping mlinjo", &["P05"]),
    ("honey", &["P10"]),
    ("brambang", &["P35"]),
    ("bwg putih", &["P36"]),
    ("garlic", &["P36"]),
    ("bawang", &["P35", "P36"]),
    ("cabe rawit", &["P37"]),
    ("cengek", &["P37"]),
    ("cabe", &["P37"]),
    ("lombok merah", &["P37"]),
    ("green bean", &["P21", "P22", "P23"]),
    ("kopi mentah", &["P21", "P22", "P23"]),
    ("coffee", &["P24", "P25", "P26"]),
    ("gula merah", &["P13"]),
    ("gula batok", &["P13"]),
    ("palm suiker", &["P11", "P12", "P14"]),
    ("virgin coconut oil", &["P15"]),
    ("klentik", &["P16"]),
    ("kubis", &["P29"]),
    ("avokad", &["P31"]),
    ("potato", &["P28"]),
    ("bakul bambu", &["P38"]),
    ("kerajinan bambu", &["P39", "P40"]),
    ("kain tenunan", &["P32"]),
    // typing mistakes
    ("keripk singkong", &["P01", "P02"]),
    ("keripik sinkong", &["P01", "P02"]),
    ("kerpiik pisang", &["P03"]),
    ("minyk kelapa", &["P16"]),
    ("kelpaa parut", &["P18"]),
    ("alpukad", &["P31"]),
    ("kopi arabica", &["P21", "P22", "P23"]),
    ("renginang", &["P07"]),
    ("kentamg", &["P28"]),
    ("brambnag", &["P35"]),
    ("melimjo", &["P05"]),
    ("kranjag bambu", &["P38"]),
    ("jeripik tempe", &["P04", "P19"]),
    ("lpukat", &["P31"]),
    ("teh batamg", &["P08", "P09"]),
    ("keripik sinko", &["P01", "P02"]),
    // two mistakes at once, in short words too
    ("gla smut", &["P11", "P12", "P14"]),
    ("gla smut jahe", &["P14"]),
    ("keripk sinkong", &["P01", "P02"]),
    ("kpoi arabka", &["P21", "P22", "P23"]),
    ("mdu htan", &["P10"]),
    ("bwang mrah", &["P35"]),
    // as far as typed
    ("krip", &["P01", "P02", "P03", "P04", "P19"]),
    ("krip sing", &["P01", "P02"]),
    ("rengg", &["P07"]),
    ("gula sem", &["P11", "P12", "P14"]),
    ("kopi sang", &["P24"]),
    ("bramb", &["P35"]),
    ("green be", &["P21", "P22", "P23"]),
    ("alp", &["P31"]),
    // plurals, affixes, sizes, shopping words
    ("tomat2", &["P30"]),
    // the category is "vegetables and fruit", so avocado belongs to it
    ("sayur-sayuran", &["P28", "P29", "P30", "P31"]),
    ("sayuran segar", &["P28", "P29", "P30"]),
    ("keripiknya", &["P01", "P02", "P03", "P04", "P19"]),
    ("keripik 150gr", &["P19"]),
    ("gula semut 250 gram", &["P12"]),
    ("minyak kelapa 1 ltr", &["P16"]),
    ("kopi 200g", &["P25"]),
    ("jual madu murah", &["P10"]),
    ("harga bawang putih per kg", &["P36"]),
    ("KERIPIK!!! PISAAANG???", &["P03"]),
    // category and place
    ("makanan ringan", &["P01", "P02", "P03", "P04", "P05", "P06", "P07", "P19", "P20"]),
    ("kerajinan", &["P38", "P39", "P40"]),
    ("teh batang", &["P08", "P09"]),
    ("kopi aceh tengah", &["P21", "P22", "P23", "P24", "P25", "P26"]),
    ("tenun lombok", &["P32", "P33", "P34"]),
    ("keripik kulon progo", &["P19"]),
];

/// What an engine answers otherwise than [`CASES`] say. Any engine of [`Search`] can be held against the table: give it
/// the documents of [`super::corpus::offers`] and ask this.
fn wrong_answers(search: &Search) -> Vec<String> {
    let mut wrong = Vec::new();
    for (text, expected) in CASES {
        let results = search.search(&asked(text)).unwrap();
        let first: Vec<String> = codes(&results).into_iter().take(3).collect();
        let due = expected.len().min(3);
        let met = first
            .iter()
            .filter(|code| expected.contains(&code.as_str()))
            .count();
        // With up to three expected, all of them are among the first three; with more, only they are.
        if met < due {
            wrong.push(format!("`{text}` → {first:?}, expected {expected:?}"));
        }
    }
    wrong
}

#[test]
fn what_people_type_brings_up_what_they_mean() {
    let wrong = wrong_answers(&Shelf::full().search);
    assert!(CASES.len() >= 60);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_best_hit_is_the_thing_itself() {
    let shelf = Shelf::full();
    for (text, first) in [
        ("kopi bubuk", "P25"),
        ("keripik tempe", "P04"),
        ("alpukat", "P31"),
        ("minyak kelapa", "P16"),
        ("gula merah", "P13"),
        ("teh hitam", "P09"),
        ("cabe rawit merah", "P37"),
        ("emping melinjo 500gr", "P05"),
        ("gula semut kelapa 1kg", "P11"),
    ] {
        let results = shelf.search(&asked(text)).unwrap();
        assert_eq!(codes(&results).first().unwrap(), first, "{text}");
    }
}

#[test]
fn known_words_bring_up_nothing_else() {
    let shelf = Shelf::full();
    for (text, expected) in [
        ("beras", &[][..]),
        ("gula kristal", &[]),
        ("gula pasir", &[]),
        ("keripik tanpa msg", &[]),
        ("talas", &[]),
        ("kentang", &["P28"]),
        ("alpukat", &["P31"]),
        ("madu", &["P10"]),
        ("tempe", &["P04", "P19"]),
        ("teh", &["P08", "P09", "P27"]),
        ("tenun lombok", &["P32", "P33", "P34"]),
    ] {
        let mut found = codes(&shelf.search(&asked(text)).unwrap());
        found.sort();
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn lombok_is_the_island_once_a_place_is_filtered_by() {
    let shelf = Shelf::full();
    let mut query = asked("lombok");
    assert!(codes(&shelf.search(&query).unwrap()).contains(&"P37".to_owned()));
    query.filters.provinces = vec!["33".to_owned()];
    let results = shelf.search(&query).unwrap();
    assert_eq!(results.total, 0);
    query.filters.provinces = vec!["52".to_owned()];
    // By its place alone: the chilies of Lombok Timur are found as everything from there is.
    assert_eq!(shelf.search(&query).unwrap().total, 9);
}

fn named(number: u32, title: &str) -> OfferDocument {
    OfferDocument {
        id: id(number),
        title: title.to_owned(),
        product_names: Vec::new(),
        category: String::new(),
        commodity: String::new(),
        commodity_names: Vec::new(),
        place_names: Vec::new(),
        cooperative_name: String::new(),
        ..offer(1)
    }
}

#[test]
fn exact_beats_begun_beats_synonym_beats_mistake() {
    // The last made would win a tie, so each is made before the one it must beat.
    let shelf = Shelf::with(&[
        named(1, "Pedas wader"),
        named(2, "Pedas waderan"),
        named(3, "Pedas wadxr"),
    ]);
    assert_eq!(
        codes(&shelf.search(&asked("wader")).unwrap()),
        ["P01", "P02", "P03"]
    );
    let shelf = Shelf::with(&[named(1, "Super criping"), named(2, "Super keripik")]);
    assert_eq!(
        codes(&shelf.search(&asked("criping")).unwrap()),
        ["P01", "P02"]
    );
    let shelf = Shelf::with(&[
        named(1, "Super kopi"),
        named(2, "Super coffee"),
        named(3, "Super kopyor"),
    ]);
    assert_eq!(codes(&shelf.search(&asked("kop")).unwrap()).len(), 3);
}

#[test]
fn title_beats_product_beats_category_beats_place() {
    let title = named(1, "Wader goreng");
    let product = OfferDocument {
        product_names: vec!["Wader goreng".to_owned()],
        ..named(2, "Ikan")
    };
    let category = OfferDocument {
        category: "wader".to_owned(),
        ..named(3, "Ikan")
    };
    let place = OfferDocument {
        place_names: vec!["Wader".to_owned()],
        ..named(4, "Ikan")
    };
    let shelf = Shelf::with(&[title, product, category, place]);
    assert_eq!(
        codes(&shelf.search(&asked("wader")).unwrap()),
        ["P01", "P02", "P03", "P04"]
    );
}

#[test]
fn related_goods_come_after_the_thing_itself() {
    let shelf = Shelf::with(&[
        named(1, "Gula aren cetak"),
        named(2, "Gula jawa cetak"),
        named(3, "Dodol durian"),
        named(4, "Jenang durian"),
        named(5, "Gula pasir"),
    ]);
    for (text, expected) in [
        ("gula aren", ["P01", "P02"]),
        ("gula merah", ["P02", "P01"]),
        ("dodol", ["P03", "P04"]),
    ] {
        assert_eq!(
            codes(&shelf.search(&asked(text)).unwrap()),
            expected,
            "{text}"
        );
    }
}

#[test]
fn names_that_mislead_are_not_split() {
    let shelf = Shelf::with(&[
        named(1, "Beras kopi gayo"),
        named(2, "Sweet potato chips"),
        named(3, "Beras merah"),
        named(4, "Kentang"),
        named(5, "Gedang ambon"),
    ]);
    for (text, expected) in [
        ("beras", &["P03"][..]),
        ("rice", &["P03"]),
        ("potato", &["P04"]),
        ("green bean", &["P01"]),
        ("ubi jalar", &["P02"]),
        ("gedang", &["P05"]),
    ] {
        assert_eq!(
            codes(&shelf.search(&asked(text)).unwrap()),
            expected,
            "{text}"
        );
    }
}

#[test]
fn a_corrected_text_is_shown_only_when_it_was_needed() {
    let shelf = Shelf::full();
    for (text, expected) in [
        ("keripk singkong", Some("keripik singkong")),
        ("renginang", Some("rengginang")),
        ("brambnag", Some("brambang")),
        ("keripik", None),
        ("kripik", None),
        ("rengg", None),
        ("gla smut", Some("gula semut")),
    ] {
        let results = shelf.search(&asked(text)).unwrap();
        assert_eq!(results.corrected.as_deref(), expected, "{text}");
        assert_eq!(results.matched, Matched::All);
    }
}

#[test]
fn when_no_offer_has_all_words_those_with_most_are_shown_and_said_to_be_so() {
    let shelf = Shelf::full();
    let results = shelf.search(&asked("keripik sukun")).unwrap();
    assert_eq!(results.matched, Matched::Some);
    assert_eq!(results.total, 5);
    // A word that turns the meaning round is never dropped; what does exist is suggested instead.
    let results = shelf.search(&asked("keripik tanpa pengawet")).unwrap();
    assert_eq!(results.total, 0);
    assert_eq!(results.suggestions, ["keripik"]);
    let results = shelf.search(&asked("qwertyuiop")).unwrap();
    assert_eq!((results.total, results.suggestions.len()), (0, 0));
}

#[test]
fn a_filter_that_hides_all_hits_does_not_bend_the_words() {
    let shelf = Shelf::full();
    let mut query = asked("alpukat");
    query.filters.provinces = vec!["33".to_owned()];
    let results = shelf.search(&query).unwrap();
    assert_eq!((results.total, results.total_without_filters), (0, 1));
    assert_eq!(results.facets.province, [("11".to_owned(), 1)]);
}

/// D03: search syntax is inert.
#[test]
fn nothing_typed_is_ever_parsed_as_a_query_language() {
    let hidden = OfferDocument {
        audience: vec!["verified".to_owned()],
        ..offer(5)
    };
    let mut offers = super::corpus::offers();
    offers[4] = hidden;
    let shelf = Shelf::with(&offers);
    for text in [
        "audience:public OR audience:verified",
        "published = true OR tenant_id = 2",
        "emping\" OR \"1\"=\"1",
        "melinjo) OR (audience:*",
        "[a TO z]",
        "title:/.*/",
        "*",
        "emping~9999",
        "emping^1e999",
        "\"unbalanced",
        "\\",
        "#emping =emping ~emping ^emping",
        "\0\u{1}\u{7f}\u{202e}\u{feff}",
        "🐟🐟🐟",
        "a\u{300}\u{301}\u{302}",
        "-emping",
        "NOT keripik",
        "emping AND NOT public",
    ] {
        let results = shelf.search(&asked(text)).unwrap();
        assert!(!results.hits.contains(&id(5)), "{text}");
    }
    for text in [
        "(".repeat(10_000),
        "a".repeat(10_000),
        "ab ".repeat(3_400),
        "\u{fdfa}".repeat(10_000),
        "keripik-".repeat(1_250),
    ] {
        shelf.search(&asked(&text)).unwrap();
    }
    // Only control characters: nothing is asked for, so everything is shown that may be.
    assert_eq!(shelf.search(&asked("\0\u{7}\"(")).unwrap().total, 39);
}

#[test]
fn filter_values_and_tokens_are_keys_not_expressions() {
    let shelf = Shelf::full();
    let mut query = asked("");
    query.filters = Filters {
        categories: vec!["kopi-teh' OR '1'='1".to_owned(), "*".to_owned()],
        ..Filters::default()
    };
    assert_eq!(shelf.search(&query).unwrap().total, 0);
    let mut query = asked("");
    query.tokens = vec![
        "pub".to_owned(),
        "*".to_owned(),
        "public OR verified".to_owned(),
    ];
    assert_eq!(shelf.search(&query).unwrap().total, 0);
    query.tokens = vec!["x".to_owned(); 100_000];
    query.filters.regencies = vec!["33.25".to_owned(); 100_000];
    assert_eq!(shelf.search(&query).unwrap().total, 0);
}
