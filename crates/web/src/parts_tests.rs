//! The granary bar, the pager, and every macro of `templates/parts/` drawn once.

use std::collections::BTreeSet;

use askama::Template;
use domain::problem::Problem;
use text::Lang;

use super::*;
use crate::{
    assets,
    flash::Flash,
    form::Form,
    nav::NavItem,
    shell::{Frame, Org, Person, Shell},
};

fn parts(quantities: &[i64]) -> Vec<Part> {
    quantities
        .iter()
        .map(|&n| Part::new(format!("U{n}"), n, n.to_string()))
        .collect()
}

#[test]
fn parts_follow_each_other_and_fill_the_bar() {
    let bar = Bar::pooled("", parts(&[60, 50, 40]), "", |n| n.to_string());
    let at: Vec<_> = bar
        .parts
        .iter()
        .map(|part| (part.x.as_str(), part.width.as_str(), part.colour))
        .collect();
    assert_eq!(
        at,
        [
            ("0", "40", "1"),
            ("40", "33.33", "2"),
            ("73.33", "26.67", "3")
        ]
    );
    assert!(bar.rest.is_none());
}

#[test]
fn beyond_five_businesses_four_are_shown_and_the_others_together() {
    let bar = Bar::pooled("", parts(&[9, 8, 7, 6, 5, 4]), "lainnya", |n| {
        format!("{n} dus")
    });
    assert_eq!(bar.parts.len(), 5);
    assert_eq!(bar.parts[4].name, "lainnya");
    assert_eq!(bar.parts[4].figure, "9 dus");
}

#[test]
fn a_narrow_part_carries_no_figure() {
    let bar = Bar::mine("", parts(&[93, 7]), 1);
    assert!(bar.parts[0].is_wide && !bar.parts[1].is_wide);
    assert_eq!(bar.parts[1].colour, "mine");
}

#[test]
fn what_is_missing_ends_at_the_end_and_nothing_missing_is_not_drawn() {
    let bar = Bar::progress("", parts(&[18]), Part::new("", 7, "7 lagi"));
    let rest = bar.rest.unwrap();
    assert_eq!((rest.x.as_str(), rest.width.as_str()), ("72", "28"));
    let full = Bar::progress("", parts(&[25]), Part::new("", 0, ""));
    assert!(full.rest.is_none());
}

#[test]
fn nothing_at_all_is_an_empty_bar() {
    let bar = Bar::one_colour("", &[0, 0]);
    assert!(bar.parts.iter().all(|part| part.width == "0"));
}

#[test]
fn far_pages_leave_a_gap_on_each_side() {
    let pager = Pager::new("", 5, 9, |n| format!("?page={n}"));
    let shown: Vec<_> = pager
        .pages
        .iter()
        .map(|page| if page.href.is_empty() { 0 } else { page.number })
        .collect();
    assert_eq!(shown, [1, 0, 4, 5, 6, 0, 9]);
    assert_eq!(pager.next.as_deref(), Some("?page=6"));
    assert_eq!(Pager::new("", 1, 1, |_| String::new()).next, None);
}

#[derive(Template)]
#[template(path = "parts/_gallery.html")]
struct Gallery {
    shell: Shell,
    form: Form,
    word: String,
    words: Vec<String>,
    crumb_list: Vec<Crumb>,
    tab_list: Vec<Tab>,
    choices: Vec<Choice>,
    events: Vec<Event>,
    heads: Vec<Head>,
    pooled: Bar,
    progress: Bar,
    offer_card: OfferCard,
    pager: Pager,
}

fn shell(frame: Frame, lang: Lang) -> Shell {
    let is_somebody = frame != Frame::Public;
    Shell {
        lang,
        path: "/products?page=2".to_owned(),
        person: is_somebody.then(|| Person {
            name: "Sari".to_owned(),
        }),
        org: is_somebody.then(|| Org {
            id: "0198".to_owned(),
            name: "Dapur Roban".to_owned(),
            place: "Kab. Batang".to_owned(),
            role_key: "role-umkm-owner",
        }),
        has_other_orgs: is_somebody,
        owes_step: false,
        frame,
        nav: vec![NavItem {
            href: "/home",
            label_key: "nav-home",
            icon: "home",
            count: Some(2),
            hot: true,
            current: true,
        }],
        csrf: "token".to_owned(),
        flash: Some(Flash::done("<b>Beres</b>").undo("/undo")),
        unread_notices: 3,
        cart_count: 2,
        phone_href: (frame == Frame::Umkm).then(|| "tel:+62812".to_owned()),
        demo: true,
    }
}

fn gallery(frame: Frame, lang: Lang) -> String {
    let mut form = Form::empty(lang)
        .with("name", "\"><script>alert(1)</script>")
        .with("unit", "kg")
        .with("grade", "kg");
    for name in [
        "name", "stock", "price", "password", "day", "about", "unit", "region", "grade", "agreed",
        "file", "packs",
    ] {
        form.add(name, Problem::required());
    }
    let word = "Kata".to_owned();
    let page = Gallery {
        shell: shell(frame, lang),
        form,
        words: vec![word.clone(); 3],
        crumb_list: vec![Crumb::new("/", "Atas")],
        tab_list: vec![Tab {
            href: "/".to_owned(),
            label: word.clone(),
            count: Some(4),
            is_hot: true,
            is_current: true,
        }],
        choices: vec![
            Choice::new("kg", "kilogram").hint("1.000 g"),
            Choice::new("box", "dus"),
        ],
        events: ["done", "now", "next", "bad"]
            .map(|state| Event {
                word: word.clone(),
                when: "Sen, 7 Sep".to_owned(),
                detail: String::new(),
                state,
            })
            .to_vec(),
        heads: vec![Head::text("Usaha"), Head::number("Sanggup")],
        pooled: Bar::pooled("150 dus", parts(&[60, 50, 40]), "lainnya", |n| {
            n.to_string()
        }),
        progress: Bar::progress("18 dari 25", parts(&[18]), Part::new("Belum", 7, "7 lagi")),
        offer_card: OfferCard {
            href: "/offers/1".to_owned(),
            picture: Picture::new("keripik-singkong", None),
            name: word.clone(),
            permits: vec!["P-IRT".to_owned()],
            bar: Bar::one_colour("3 usaha", &[60, 50, 40]),
            ..OfferCard::default()
        },
        pager: Pager::new("1–9 dari 27", 2, 3, |n| format!("?page={n}")),
        word,
    };
    page.render().unwrap()
}

/// The values of an attribute, in order.
fn values<'a>(html: &'a str, attribute: &str) -> Vec<&'a str> {
    let start = format!(" {attribute}=\"");
    html.split(start.as_str())
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect()
}

const FRAMES: [Frame; 5] = [
    Frame::Public,
    Frame::Umkm,
    Frame::Manager,
    Frame::Buyer,
    Frame::Admin,
];

#[test]
fn every_label_hint_error_and_link_points_at_something_on_the_page() {
    for frame in FRAMES {
        let html = gallery(frame, Lang::Id);
        let ids = values(&html, "id");
        let unique: BTreeSet<_> = ids.iter().copied().collect();
        assert_eq!(ids.len(), unique.len(), "an id stands twice: {ids:?}");
        let described = values(&html, "aria-describedby");
        assert!(described.len() >= 12);
        let inside = values(&html, "href")
            .into_iter()
            .filter_map(|href| href.strip_prefix('#'));
        for id in values(&html, "for")
            .into_iter()
            .chain(described.iter().flat_map(|ids| ids.split(' ')))
            .chain(inside)
        {
            assert!(unique.contains(id), "nothing has the id {id}");
        }
    }
}

#[test]
fn what_was_typed_is_kept_and_does_nothing() {
    let html = gallery(Frame::Umkm, Lang::Id);
    assert!(!html.contains("<script>") && !html.contains("<b>Beres"));
    assert!(html.contains("script") && html.contains("Beres"));
}

#[test]
fn a_refused_form_says_so_in_its_title_and_names_each_problem_twice() {
    let html = gallery(Frame::Umkm, Lang::Id);
    assert!(html.contains("<title>Galat: Kata · Lumbung</title>"));
    assert!(gallery(Frame::Umkm, Lang::En).contains("<title>Error: "));
    let words = text::t(Lang::Id, Problem::required().code);
    assert_eq!(html.matches(words.as_str()).count(), 24);
    assert_eq!(values(&html, "aria-invalid").len(), 11, "all but the group");
}

#[test]
fn a_page_for_visitors_has_no_form_that_posts_around_it_and_one_heading() {
    for frame in FRAMES {
        let html = gallery(frame, Lang::En);
        // The gallery has two of its own.
        let around = html.matches("method=\"post\"").count() - 2;
        assert_eq!(around, usize::from(frame != Frame::Public));
        assert_eq!(html.matches("<h1").count(), 1);
        let first = html.find("<a ").map(|at| html.split_at(at).1);
        assert!(first.unwrap().starts_with("<a class=\"skip"));
    }
}

#[test]
fn every_icon_and_file_named_by_a_part_exists() {
    let sprite = include_str!("../../../static/icons.svg");
    for frame in FRAMES {
        let html = gallery(frame, Lang::Id);
        for name in html
            .split("icons.svg#")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
        {
            assert!(sprite.contains(&format!("id=\"{name}\"")), "no icon {name}");
        }
        for attribute in ["src", "href"] {
            let files = values(&html, attribute)
                .into_iter()
                .filter_map(|href| href.strip_prefix("/static/"));
            for file in files {
                let name = file.split_once('/').map(|(_, name)| name);
                let name = name.and_then(|name| name.split('#').next()).unwrap();
                assert!(assets::has(name), "no file {name}");
            }
        }
    }
}

#[test]
fn a_commodity_without_a_picture_gets_the_plain_box() {
    let shell = shell(Frame::Public, Lang::Id);
    assert!(shell.picture("madu").ends_with("/pictures/madu.svg"));
    assert!(shell.picture("../app").ends_with("/pictures/barang.svg"));
}
