//! Every letter that the store can queue can be written; what is sent to whom is tested through the whole app.

use store::letters::{
    About, CatalogFacts, ConsentFacts, EventFacts, LetterFacts, LetterJob, LetterLink, LineFacts,
    NAMES, OrderFacts, PartyFacts, QuestionFacts, RecipientFacts, ShareFacts,
};

use crate::{ComposeError, compose, letters::Site};

fn party(name: &str, kind: &str) -> PartyFacts {
    PartyFacts {
        name: name.into(),
        kind: kind.into(),
        region_code: "33.25".into(),
    }
}

fn line() -> LineFacts {
    let mut line = LineFacts::default();
    line.title = "Keripik singkong original 250 g".into();
    line.unit = "bungkus".into();
    line.carton_name = Some("dus".into());
    line.packs_per_unit = 40;
    line.ordered_units = 25;
    line.units = 25;
    line.accepted_packs = 920;
    line.goods_rupiah = 12_500_000;
    line
}

fn facts(lang: &str) -> LetterFacts {
    let mut event = EventFacts::default();
    event.kind = "decline".into();
    event.to_state = Some("declined".into());
    event.reason = Some("Panen tertunda".into());
    event.person = Some("Bu Sri".into());
    event.organisation = Some("PT Ritel Nusantara Contoh".into());
    LetterFacts {
        recipient: RecipientFacts {
            name: "Pak Budi".into(),
            email: Some("budi@contoh.example".into()),
            phone: None,
            lang: Some(lang.into()),
        },
        event: Some(event),
        organisation: Some(party("Dapur Roban", "umkm")),
        cooperative: Some(party("Koperasi Produsen Rasa Alas Roban", "cooperative")),
        order: Some(OrderFacts {
            number: Some("SO/RAR/2026/09/0001".into()),
            cooperative: "Rasa Alas Roban".into(),
            cooperative_region: "33.25".into(),
            buyer: "PT Ritel Nusantara Contoh".into(),
            buyer_region: "52.03".into(),
            staff: "Tuti".into(),
            staff_limit_rupiah: Some(10_000_000),
            goods_rupiah: 12_500_000,
            ppn_rupiah: 1_375_000,
            freight_rupiah: 0,
            total_rupiah: 13_875_000,
            freight_pending: false,
            answer_by: Some(1_788_739_200_000_000),
            expires_at: Some(1_788_739_200_000_000),
            held_until: Some(1_788_739_200_000_000),
            lines: vec![line()],
            consent: Some(ConsentFacts {
                before_rupiah: 13_875_000,
                goods_rupiah: 11_500_000,
                ppn_rupiah: 1_265_000,
                freight_rupiah: 0,
                total_rupiah: 12_765_000,
                freight_pending: false,
                changes: vec![(line(), 23)],
            }),
        }),
        offer: Some("Keripik singkong".into()),
        share: Some(ShareFacts {
            member: "Dapur Roban".into(),
            product: "Keripik singkong".into(),
            unit: "bungkus".into(),
            carton_name: Some("dus".into()),
            packs_per_unit: 40,
            proposed_packs: 400,
            packs: 390,
            answer_by: Some(1_788_739_200_000_000),
            member_price_rupiah: 10_500,
        }),
        catalog: Some(CatalogFacts {
            title: "Panen raya".into(),
            edition: 2,
            closes_at: Some(1_788_739_200_000_000),
        }),
        digest: vec![("order_placed".to_owned(), 2)],
        question: Some(QuestionFacts {
            offer_id: uuid::Uuid::nil(),
            offer: "Keripik singkong".into(),
            cooperative: "Rasa Alas Roban".into(),
            buyer: "PT Ritel Nusantara Contoh".into(),
            question: "Bisa dikirim Senin?".into(),
            answer: Some("Bisa.".into()),
            is_public: false,
        }),
    }
}

fn job(letter: &str) -> LetterJob {
    LetterJob {
        letter: letter.into(),
        person: uuid::Uuid::nil().into(),
        about: About::default(),
        link: None,
    }
}

const SITE: Site<'_> = Site {
    base_url: "https://l.example",
    secret: b"thirty-two bytes of a test secret",
};

fn text(letter: &str, lang: &str) -> String {
    let written = compose(SITE, "0198", &job(letter), &facts(lang));
    let written = written.unwrap_or_else(|error| panic!("{letter}: {error}"));
    written.expect("an address is there").text
}

#[test]
fn every_letter_that_the_store_names_is_written_in_both_languages() {
    for name in NAMES {
        assert_ne!(text(name, "id"), text(name, "en"), "{name}");
    }
}

#[test]
fn a_letter_that_nobody_can_write_is_an_error_for_good() {
    let unknown = compose(SITE, "1", &job("greetings"), &facts("id"));
    assert!(matches!(unknown, Err(ComposeError::Unknown(_))));
    let mut bare = facts("id");
    bare.order = None;
    let lacking = compose(SITE, "1", &job("order_sent"), &bare);
    assert!(matches!(
        lacking,
        Err(ComposeError::Lacks { what: "order", .. })
    ));
}

#[test]
fn shares_are_told_in_cartons_where_they_are_whole() {
    assert!(text("share_proposed", "id").contains("Bagian Anda 10 dus."));
    let confirmed = text("share_confirmed", "id");
    assert!(confirmed.contains("390 bungkus"), "{confirmed}");
    let short = text("shares_short", "en");
    assert!(short.contains("23 cartons"), "{short}");
}

#[test]
fn deadlines_are_told_in_the_zone_of_whoever_decides() {
    assert!(text("order_sent", "id").contains("WIB"));
    assert!(text("order_needs_approval", "id").contains("WITA"));
}

#[test]
fn people_without_an_address_get_no_letter() {
    let mut facts = facts("id");
    facts.recipient.email = None;
    assert!(
        compose(SITE, "1", &job("welcome"), &facts)
            .unwrap()
            .is_none()
    );
}

// A09, A10
#[test]
fn a_one_time_link_begins_with_the_configured_address_and_its_seed_alone_opens_nothing() {
    let mut job = job("password_reset");
    job.link = Some(LetterLink {
        hash: "h".repeat(64),
        seed: "5eed".repeat(16),
    });
    let letter = compose(SITE, "1", &job, &facts("id")).unwrap().unwrap();
    let link = "https://l.example/password/reset?token=";
    let (_, rest) = letter.text.split_once(link).expect("the link");
    let token = rest.split_whitespace().next().unwrap();
    assert_eq!(token.len(), 64);
    assert!(!letter.text.contains("5eed5eed") && !letter.html.contains("hhhh"));
    let elsewhere = Site {
        secret: b"another secret of thirty-two bytes",
        ..SITE
    };
    let other = compose(elsewhere, "1", &job, &facts("id"))
        .unwrap()
        .unwrap();
    assert!(!other.text.contains(token));
}
