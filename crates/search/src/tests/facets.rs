//! Filters, counts and sorts.

use super::corpus::{Shelf, TODAY, asked, codes};
use crate::{Ranges, Sort};

fn strings(values: &[&str]) -> Vec<String> {
    values.iter().map(|value| (*value).to_owned()).collect()
}

fn counts(counts: &[(&str, u64)]) -> Vec<(String, u64)> {
    counts
        .iter()
        .map(|(value, count)| ((*value).to_owned(), *count))
        .collect()
}

#[test]
fn without_text_and_filters_everything_is_counted() {
    let shelf = Shelf::full();
    let results = shelf.search(&asked("")).unwrap();
    assert_eq!((results.total, results.hits.len()), (40, 40));
    assert_eq!(
        results.facets.category,
        counts(&[
            ("kopi-teh", 9),
            ("makanan-ringan", 9),
            ("gula-pemanis", 4),
            ("sayur-buah-segar", 4),
            ("anyaman-kerajinan", 3),
            ("bumbu-rempah", 3),
            ("minyak-kelapa", 3),
            ("tekstil-busana", 3),
            ("bahan-serat", 1),
            ("madu-herbal", 1),
        ])
    );
    assert_eq!(
        results.facets.province,
        counts(&[("11", 11), ("33", 10), ("34", 10), ("52", 9)])
    );
    assert_eq!(
        results.facets.regency,
        counts(&[("11.04", 11), ("33.25", 10), ("34.01", 10), ("52.03", 9)])
    );
    assert_eq!(
        results.facets.certificate,
        counts(&[
            ("pirt", 22),
            ("halal", 17),
            ("gi", 4),
            ("organic", 2),
            ("bpom", 1),
            ("sni", 1)
        ])
    );
}

#[test]
fn each_group_is_counted_without_its_own_filter() {
    let shelf = Shelf::full();
    let mut query = asked("keripik");
    let results = shelf.search(&query).unwrap();
    assert_eq!(results.total, 5);
    assert_eq!(results.facets.province, counts(&[("33", 4), ("34", 1)]));

    query.filters.provinces = strings(&["34"]);
    let results = shelf.search(&query).unwrap();
    assert_eq!(codes(&results), ["P19"]);
    // The other province can still be ticked, with what it would add …
    assert_eq!(results.facets.province, counts(&[("33", 4), ("34", 1)]));
    // … while the other groups follow the tick.
    assert_eq!(results.facets.commodity, counts(&[("keripik-tempe", 1)]));
    assert_eq!(results.facets.certificate, counts(&[("pirt", 1)]));

    query.filters.provinces = strings(&["33", "34"]);
    assert_eq!(shelf.search(&query).unwrap().total, 5);

    query.filters.commodities = strings(&["keripik-tempe", "keripik-pisang"]);
    let results = shelf.search(&query).unwrap();
    assert_eq!(results.total, 3);
    assert_eq!(
        results.facets.commodity,
        counts(&[
            ("keripik-singkong", 2),
            ("keripik-tempe", 2),
            ("keripik-pisang", 1)
        ])
    );
    assert_eq!(results.facets.province, counts(&[("33", 2), ("34", 1)]));
}

#[test]
fn every_filter_leaves_what_it_should() {
    let shelf = Shelf::full();
    let found = |change: &dyn Fn(&mut crate::Filters)| {
        let mut query = asked("");
        change(&mut query.filters);
        let mut found = codes(&shelf.search(&query).unwrap());
        found.sort();
        found
    };
    assert_eq!(
        found(&|filters| filters.categories = strings(&["gula-pemanis"])),
        ["P11", "P12", "P13", "P14"]
    );
    assert_eq!(
        found(&|filters| filters.certificates = strings(&["organic"])),
        ["P11", "P21"]
    );
    assert_eq!(
        found(&|filters| {
            filters.regencies = strings(&["52.03"]);
            filters.price_to = Some(38_000);
        }),
        ["P35", "P36", "P37"]
    );
    assert_eq!(
        found(&|filters| {
            filters.price_from = Some(38_000);
            filters.price_to = Some(40_000);
        }),
        ["P05", "P16", "P37"]
    );
    assert_eq!(
        found(&|filters| filters.ready_by = Some(TODAY + 1)),
        ["P29", "P30", "P37"]
    );
    assert_eq!(
        found(&|filters| filters.cooperative = Some("nira-menoreh".to_owned())).len(),
        10
    );
    assert!(found(&|filters| filters.cooperative = Some("keine".to_owned())).is_empty());
}

#[test]
fn hits_are_sorted_as_asked() {
    let shelf = Shelf::full();
    let sorted = |sort| {
        let mut query = asked("kopi");
        query.sort = sort;
        query.filters.commodities = strings(&["kopi"]);
        codes(&shelf.search(&query).unwrap())
    };
    assert_eq!(sorted(Sort::PriceUp), ["P25", "P26", "P24"]);
    assert_eq!(sorted(Sort::PriceDown), ["P24", "P26", "P25"]);
    assert_eq!(sorted(Sort::Newest), ["P26", "P25", "P24"]);
    assert_eq!(sorted(Sort::ReadySoonest), ["P25", "P24", "P26"]);
}

/// A query, filters, and how many offers each range then has.
#[test]
fn ranges_are_counted_without_their_own_filter_too() {
    let shelf = Shelf::full();
    let mut query = asked("keripik");
    query.ranges = Ranges {
        prices: vec![(0, 10_000), (10_001, 12_500), (12_501, 25_000)],
        ready_by: vec![TODAY + 4, TODAY + 5, TODAY + 14],
        least_to: vec![100_000, 125_000, 1_000_000],
    };
    let results = shelf.search(&query).unwrap();
    assert_eq!(results.facets.price, [1, 2, 2]);
    assert_eq!(results.facets.ready, [1, 4, 5]);
    assert_eq!(results.facets.least, [1, 3, 5]);

    query.filters.price_from = Some(10_001);
    query.filters.price_to = Some(12_500);
    let results = shelf.search(&query).unwrap();
    assert_eq!(results.total, 2);
    assert_eq!(results.facets.price, [1, 2, 2]);
    assert_eq!(results.facets.ready, [1, 2, 2]);

    query.filters.least_to = Some(120_000);
    let results = shelf.search(&query).unwrap();
    assert_eq!(codes(&results), ["P04"]);
    assert_eq!(results.facets.least, [0, 2, 2]);
    // What fails two filters counts nowhere.
    assert_eq!(results.facets.price, [1, 1, 0]);
}

#[test]
fn ranges_of_a_hidden_price_count_nothing() {
    let hidden = crate::OfferDocument {
        price_for: vec!["verified".to_owned()],
        ..super::corpus::offer(5)
    };
    let shelf = Shelf::with(&[hidden]);
    let mut query = asked("");
    query.ranges.prices = vec![(0, i64::MAX)];
    query.ranges.least_to = vec![i64::MAX];
    query.ranges.ready_by = vec![i32::MAX];
    let results = shelf.search(&query).unwrap();
    assert_eq!(results.total, 1);
    assert_eq!(results.facets.price, [0]);
    assert_eq!(results.facets.least, [0]);
    assert_eq!(results.facets.ready, [1]);
    query.filters.least_to = Some(i64::MAX - 1);
    assert_eq!(shelf.search(&query).unwrap().total, 0);
}
