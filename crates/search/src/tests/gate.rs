//! Who sees what: audience, hours and hidden prices, in hits, totals, counts and suggestions alike (I9).

use super::corpus::{NOW, Shelf, asked, codes, id, offer, offers};
use crate::{Facets, OfferDocument, Query, Sort};

fn as_viewer(text: &str, tokens: &[&str]) -> Query {
    Query {
        tokens: tokens.iter().map(|token| (*token).to_owned()).collect(),
        ..asked(text)
    }
}

fn for_audience(number: u32, audience: &[&str]) -> OfferDocument {
    OfferDocument {
        audience: audience.iter().map(|token| (*token).to_owned()).collect(),
        ..offer(number)
    }
}

#[test]
fn an_offer_for_verified_buyers_leaves_no_trace_for_others() {
    let shelf = Shelf::with(&[
        for_audience(1, &["public"]),
        for_audience(10, &["verified"]),
        for_audience(21, &["buyer:7"]),
        for_audience(35, &[]),
    ]);
    let anonymous = ["public"];
    for text in [
        "",
        "madu",
        "madu hutan",
        "madhu",
        "mad",
        "honey",
        "keripik madu",
        "hutam",
    ] {
        for sort in [
            Sort::Relevance,
            Sort::PriceUp,
            Sort::PriceDown,
            Sort::Newest,
            Sort::ReadySoonest,
        ] {
            let mut query = as_viewer(text, &anonymous);
            query.sort = sort;
            let results = shelf.search(&query).unwrap();
            assert!(!results.hits.contains(&id(10)), "{text}");
            let shown = u64::from(text.is_empty() || text.contains("keripik"));
            assert_eq!(results.total, shown, "{text}");
            assert_eq!(results.total_without_filters, shown, "{text}");
            assert!(
                !results
                    .facets
                    .category
                    .iter()
                    .any(|(slug, _)| slug == "madu-herbal")
            );
            assert!(
                !results
                    .facets
                    .certificate
                    .iter()
                    .any(|(kind, _)| kind == "sni")
            );
            assert_eq!(results.corrected, None, "{text}");
            assert!(results.suggestions.is_empty(), "{text}");
        }
    }
    for (tokens, expected) in [
        (&["public"][..], &["P01"][..]),
        (&["public", "registered"], &["P01"]),
        (&["public", "registered", "verified"], &["P01", "P10"]),
        (&["public", "verified", "buyer:7"], &["P01", "P10", "P21"]),
        (&["public", "buyer:77"], &["P01"]),
        (&[], &[]),
        (&[""], &[]),
    ] {
        let mut found = codes(&shelf.search(&as_viewer("", tokens)).unwrap());
        found.sort();
        assert_eq!(found, expected, "{tokens:?}");
    }
}

#[test]
fn a_filter_by_a_hidden_value_tells_nothing() {
    let shelf = Shelf::with(&[
        for_audience(1, &["public"]),
        for_audience(10, &["verified"]),
    ]);
    let mut query = asked("");
    query.filters.categories = vec!["madu-herbal".to_owned()];
    let results = shelf.search(&query).unwrap();
    assert_eq!(results.total, 0);
    // The group itself still shows what else there is; all other groups are empty.
    assert_eq!(
        results.facets,
        Facets {
            category: vec![("makanan-ringan".to_owned(), 1)],
            ..Facets::default()
        }
    );
}

#[test]
fn closed_and_not_yet_open_catalogs_are_not_found() {
    let at = |opens: i64, closes: Option<i64>, number| OfferDocument {
        opens_at: NOW.0 + opens,
        closes_at: closes.map(|closes| NOW.0 + closes),
        ..offer(number)
    };
    let shelf = Shelf::with(&[
        at(-5, Some(-1), 1),
        at(-5, Some(0), 2),
        at(1, None, 3),
        at(0, Some(1), 4),
        at(-5, None, 5),
    ]);
    let mut query = asked("");
    let mut found = codes(&shelf.search(&query).unwrap());
    found.sort();
    assert_eq!(found, ["P04", "P05"]);
    // Time alone opens and closes: no document was changed.
    query.now.0 += 1;
    let mut found = codes(&shelf.search(&query).unwrap());
    found.sort();
    assert_eq!(found, ["P03", "P05"]);
}

#[test]
fn a_hidden_price_can_be_found_out_by_no_filter_and_no_sort() {
    let priced = |number, price, price_for: &[&str]| OfferDocument {
        price_rupiah: price,
        least_rupiah: price,
        price_for: price_for.iter().map(|token| (*token).to_owned()).collect(),
        ..offer(number)
    };
    let shelf = Shelf::with(&[
        priced(1, 20_000, &["public"]),
        priced(2, 1, &["verified"]),
        priced(3, 10_000, &["public"]),
        priced(4, 999_999, &["verified"]),
        priced(5, 5, &[]),
    ]);
    let sorted = |sort, tokens: &[&str]| {
        let mut query = as_viewer("", tokens);
        query.sort = sort;
        codes(&shelf.search(&query).unwrap())
    };
    // Hidden ones last, by something else than their price (the newest first), both ways.
    assert_eq!(
        sorted(Sort::PriceUp, &["public"]),
        ["P03", "P01", "P05", "P04", "P02"]
    );
    assert_eq!(
        sorted(Sort::PriceDown, &["public"]),
        ["P01", "P03", "P05", "P04", "P02"]
    );
    assert_eq!(
        sorted(Sort::PriceUp, &["public", "verified"]),
        ["P02", "P03", "P01", "P04", "P05"]
    );
    for (from, to) in [(None, Some(1_000_000)), (Some(0), None), (Some(1), Some(6))] {
        let mut query = asked("");
        (query.filters.price_from, query.filters.price_to) = (from, to);
        let results = shelf.search(&query).unwrap();
        assert!(!results.hits.contains(&id(2)) && !results.hits.contains(&id(5)));
        let counted: u64 = results.facets.category.iter().map(|(_, count)| count).sum();
        assert_eq!(counted, results.total);
    }
}

#[test]
fn pages_part_the_hits_without_loss() {
    let shelf = Shelf::full();
    for sort in [
        Sort::Relevance,
        Sort::PriceUp,
        Sort::Newest,
        Sort::ReadySoonest,
    ] {
        let mut query = asked("");
        query.sort = sort;
        query.per_page = 12;
        let mut all = Vec::new();
        for page in 1..=4 {
            query.page = page;
            let results = shelf.search(&query).unwrap();
            assert_eq!(results.total, 40);
            all.extend(results.hits);
        }
        all.sort();
        all.dedup();
        assert_eq!(all.len(), offers().len());
        query.page = 5;
        assert!(shelf.search(&query).unwrap().hits.is_empty());
        query.page = usize::MAX;
        assert!(shelf.search(&query).unwrap().hits.is_empty());
    }
    let mut query = asked("");
    (query.page, query.per_page) = (0, 0);
    assert_eq!(shelf.search(&query).unwrap().hits.len(), 1);
    query.per_page = usize::MAX;
    assert_eq!(shelf.search(&query).unwrap().hits.len(), 40);
}
