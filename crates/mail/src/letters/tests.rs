use domain::offers::FreightSum;

use super::*;
use crate::{Memory, Transport};

const EVIL: &str = "<script>alert(1)</script>\r\nBcc: x@y.id";

fn envelope(lang: Lang) -> Envelope<'static> {
    Envelope {
        lang,
        base_url: "https://lumbung.example/",
        path: "/orders/42",
        to: Recipient {
            name: "Bu Sri".into(),
            address: "u01@contoh.example".into(),
        },
        dedupe_id: "letter:42".into(),
    }
}

fn quantity(count: i64) -> Quantity {
    Quantity {
        count,
        unit: "dus".into(),
    }
}

fn order(name: &str) -> OrderFacts {
    OrderFacts {
        number: "SO/RAR/2026/09/0001".into(),
        cooperative: name.into(),
        buyer: name.into(),
        lines: vec![OrderLine {
            goods: name.into(),
            quantity: quantity(1025),
            amount: Rupiah(512_500_000),
        }],
        goods: Rupiah(512_500_000),
        ppn: Rupiah(56_375_000),
        freight: FreightSum::Pending,
        total: Rupiah(568_875_000),
    }
}

fn share(name: &str) -> ShareFacts {
    ShareFacts {
        number: "SO/RAR/2026/09/0001".into(),
        cooperative: name.into(),
        member: name.into(),
        goods: name.into(),
        quantity: quantity(27),
        member_price: Rupiah(10_500),
        sale_unit: "bungkus".into(),
    }
}

/// Every letter there is, with `name` wherever somebody's words stand.
fn all(lang: Lang, name: &str) -> Vec<(&'static str, Letter)> {
    let e = || envelope(lang);
    let (order, share) = (order(name), share(name));
    let number = order.number.as_str();
    let question = QuestionFacts {
        offer: name.into(),
        cooperative: name.into(),
        buyer: name.into(),
        question: name.into(),
        answer: name.into(),
        is_public: true,
    };
    let changes = [ChangedLine {
        goods: name.into(),
        before: quantity(25),
        after: quantity(23),
    }];
    let short = [ShortLine {
        goods: name.into(),
        ordered: quantity(25),
        given: quantity(23),
    }];
    let by = "Senin, 7 September 2026, 14.30 WIB";
    let answered = |answer| share_answered(e(), &share, &answer);
    let reduced = ShareAnswer::Reduced {
        to: quantity(9),
        reason: name.into(),
    };
    let declined = ShareAnswer::Declined {
        reason: name.into(),
    };
    [
        ("welcome", welcome(e(), name, name, true)),
        ("already_registered", already_registered(e())),
        ("password_reset", password_reset(e())),
        ("password_changed", password_changed(e(), by)),
        ("email_confirm", email_confirm(e())),
        ("email_change_asked", email_change_asked(e(), by)),
        ("email_changed", email_changed(e(), by)),
        ("phone_changed", phone_changed(e(), by)),
        ("second_step_on", second_step_on(e(), by)),
        ("second_step_off", second_step_off(e(), by)),
        ("recovery_code_used", recovery_code_used(e(), by)),
        ("reset_issued", reset_issued(e(), name, by)),
        ("member_invited", member_invited(e(), name, name)),
        ("colleague_invited", colleague_invited(e(), name, name)),
        ("organisation_verified", organisation_verified(e(), name)),
        (
            "organisation_rejected",
            organisation_rejected(e(), name, name),
        ),
        ("membership_applied", membership_applied(e(), name, name)),
        ("membership_approved", membership_approved(e(), name, name)),
        (
            "membership_declined",
            membership_declined(e(), name, name, name),
        ),
        ("membership_ended", membership_ended(e(), name, name, name)),
        ("permit_lapsed", permit_lapsed(e(), name, name, name)),
        ("offer_paused", offer_paused(e(), name, true)),
        ("supply_out", supply_moved(e(), name, name, false)),
        ("supply_back", supply_moved(e(), name, name, true)),
        ("supply_listed", supply_listed(e(), name)),
        ("order_sent", order_sent(e(), &order, by)),
        ("order_placed", order_placed(e(), &order)),
        (
            "order_needs_approval",
            order_needs_approval(e(), &order, name, Rupiah(10_000_000), by),
        ),
        ("order_returned", order_returned(e(), number, name, name)),
        ("order_confirmed", order_confirmed(e(), &order)),
        ("order_declined", order_declined(e(), number, name, name)),
        ("order_cancelled", order_cancelled(e(), number, name, name)),
        ("order_expired", order_expired(e(), number, name)),
        (
            "consent_asked",
            consent_asked(e(), &order, &changes, Rupiah(600_000_000)),
        ),
        ("consent_agreed", consent_answered(e(), number, name, true)),
        (
            "consent_refused",
            consent_answered(e(), number, name, false),
        ),
        ("share_proposed", share_proposed(e(), &share, by)),
        ("share_accepted", answered(ShareAnswer::Accepted)),
        ("share_silent", answered(ShareAnswer::AcceptedByTime)),
        ("share_reduced", answered(reduced)),
        ("share_declined", answered(declined)),
        ("shares_complete", shares_complete(e(), number)),
        ("shares_short", shares_short(e(), number, &short)),
        ("share_confirmed", share_confirmed(e(), &share)),
        ("share_released", share_released(e(), &share)),
        ("catalog_sent", catalog_sent(e(), name, name, 2, by)),
        ("question_asked", question_asked(e(), &question)),
        ("question_answered", question_answered(e(), &question)),
        (
            "digest",
            digest(
                e(),
                &[("order_placed".into(), 3), ("share_answered".into(), 1)],
            ),
        ),
    ]
    .into_iter()
    .map(|(name, letter)| (name, letter.unwrap()))
    .collect()
}

#[test]
fn every_letter_speaks_both_languages_and_shows_no_raw_key() {
    let (indonesian, english) = (all(Lang::Id, "Dapur Roban"), all(Lang::En, "Dapur Roban"));
    for ((name, id), (_, en)) in indonesian.iter().zip(&english) {
        for letter in [id, en] {
            assert!(!letter.subject.is_empty(), "{name}");
            for form in [&letter.subject, &letter.text, &letter.html] {
                for raw in ["mail-", "{", "}", "$"] {
                    assert!(!form.contains(raw), "{name} shows {raw}: {form}");
                }
            }
            for form in [&letter.text, &letter.html] {
                assert!(form.contains("https://lumbung.example/orders/42"), "{name}");
                assert!(form.contains("Bu Sri"), "{name}");
            }
        }
        assert_ne!(id.subject, en.subject, "{name}");
        assert_ne!(id.text, en.text, "{name}");
        assert!(id.html.contains("<html lang=\"id\">") && en.html.contains("<html lang=\"en\">"));
    }
}

#[test]
fn the_text_says_everything_that_the_html_says() {
    for (name, letter) in Lang::ALL
        .into_iter()
        .flat_map(|lang| all(lang, "Dapur Roban"))
    {
        let body = letter.html.split_once("<body>").unwrap().1;
        let said = body.split(['<', '>']).skip(2).step_by(2);
        for words in said.map(str::trim).filter(|words| !words.is_empty()) {
            let words = words.replace("&#39;", "'");
            assert!(letter.text.contains(&words), "{name}: {words}");
        }
    }
}

#[tokio::test]
async fn words_of_others_stay_words_in_every_letter() {
    let transport = Transport::Memory(Memory::new());
    for (name, letter) in Lang::ALL.into_iter().flat_map(|lang| all(lang, EVIL)) {
        assert!(!letter.html.contains("<script>"), "{name}");
        assert!(!letter.subject.contains(['\r', '\n']), "{name}");
        assert!(!letter.text.contains("\nBcc:"), "{name}");
        transport.send(&letter).await.unwrap();
    }
}

#[test]
fn a_member_reads_how_much_until_when_and_for_how_much() {
    let letter = share_proposed(
        envelope(Lang::Id),
        &share("Keripik singkong"),
        "Selasa, 8 September 2026, 09.00 WIB",
    )
    .unwrap();
    assert_eq!(letter.subject, "Bagian Anda: 27 dus Keripik singkong");
    assert_eq!(
        letter.text,
        "Halo Bu Sri,\n\n\
         Keripik singkong mendapat pesanan Keripik singkong.\n\n\
         Bagian Anda 27 dus.\n\n\
         Terima, kurangi, atau tolak sebelum Selasa, 8 September 2026, 09.00 WIB.\n\n\
         Kalau Anda tidak menjawab, bagian ini dianggap diterima.\n\n\
         Harga untuk Anda: Rp10.500 per bungkus\n\
         Nomor pesanan: SO/RAR/2026/09/0001\n\n\
         Lihat bagian saya:\n\
         https://lumbung.example/orders/42\n\n\
         -- \n\
         Lumbung mengirim surat ini secara otomatis. Jangan balas surat ini."
    );
}

#[test]
fn an_order_without_ppn_does_not_name_it_and_open_freight_is_said() {
    let mut facts = order("K2");
    facts.ppn = Rupiah::ZERO;
    let letter = order_placed(envelope(Lang::Id), &facts).unwrap();
    assert!(!letter.text.contains("PPN"));
    assert!(letter.text.contains("- 1.025 dus K2: Rp512.500.000\n"));
    assert!(letter.text.contains("Ongkos kirim: Dihitung koperasi\n"));
    facts.freight = FreightSum::Amount(Rupiah(450_000));
    facts.ppn = Rupiah(1);
    let letter = order_placed(envelope(Lang::En), &facts).unwrap();
    assert!(letter.text.contains("Freight: Rp450.000\n"));
    assert!(letter.text.contains("VAT (PPN): Rp1\n"));
}

#[test]
fn goods_that_the_buyer_fetches_have_no_freight_of_nothing() {
    let mut facts = order("K2");
    facts.freight = FreightSum::Fetched;
    let to_buyer = order_placed(envelope(Lang::Id), &facts).unwrap().text;
    assert!(
        to_buyer.contains("Ongkos kirim: Diambil sendiri\n"),
        "{to_buyer}"
    );
    let to_cooperative = order_sent(envelope(Lang::Id), &facts, "besok").unwrap();
    assert!(
        to_cooperative
            .text
            .contains("Ongkos kirim: Diambil pembeli\n")
    );
    facts.freight = FreightSum::Free;
    let free = order_placed(envelope(Lang::Id), &facts).unwrap().text;
    assert!(free.contains("Ongkos kirim: Ditanggung koperasi\n"));
}

#[test]
fn a_person_without_a_name_is_greeted_nevertheless() {
    let mut unnamed = envelope(Lang::Id);
    unnamed.to.name = " ".into();
    let letter = already_registered(unnamed).unwrap();
    assert!(letter.text.starts_with("Halo,\n"));
}

#[test]
fn everything_that_can_be_told_has_its_sentences_in_both_languages() {
    for told in Told::ALL {
        let sentences = told.sentences();
        for key in sentences
            .paragraphs
            .iter()
            .chain([&sentences.subject, &sentences.button])
        {
            for lang in Lang::ALL {
                // What puts values in has no sentence without them; then the key comes back, in this language alone.
                let said = t_with(lang, key, &every_name());
                assert!(!said.starts_with("mail-"), "{told:?}: {key}");
            }
        }
    }
}

fn every_name() -> Vec<(&'static str, Arg)> {
    [
        "number",
        "cooperative",
        "buyer",
        "organisation",
        "login",
        "applicant",
        "staff",
        "limit",
        "approver",
        "by",
        "member",
        "goods",
        "quantity",
        "before",
        "deadline",
        "offer",
        "title",
        "edition",
    ]
    .map(|name| (name, Arg::from("x".repeat(90))))
    .into()
}

#[test]
fn the_line_of_a_notice_fits_a_telephone_however_long_the_names() {
    for (told, lang) in Told::ALL
        .into_iter()
        .flat_map(|told| Lang::ALL.map(|lang| (told, lang)))
    {
        let line = told.headline(lang, &every_name());
        assert!(line.chars().count() <= 160, "{told:?}: {line}");
        assert!(!line.contains(['\n', '\r']));
    }
}

#[test]
fn a_text_for_whatsapp_says_what_the_letter_says_and_where_to_go() {
    let names = [
        ("number", Arg::from("SO/1")),
        ("cooperative", Arg::from("Rasa Alas Roban")),
        ("goods", Arg::from("Keripik")),
        ("quantity", Arg::from("27 dus")),
        ("deadline", Arg::from("besok pukul 09.00 WIB")),
    ];
    let text = Told::ShareProposed.message(Lang::Id, "Bu Sri\r\n*x*", &names, "https://l.id/s");
    assert_eq!(
        text,
        "Halo Bu Sri *x*,\n\
         Rasa Alas Roban mendapat pesanan Keripik. Bagian Anda 27 dus. \
         Terima, kurangi, atau tolak sebelum besok pukul 09.00 WIB. \
         Kalau Anda tidak menjawab, bagian ini dianggap diterima.\n\
         Lihat bagian saya: https://l.id/s"
    );
}
