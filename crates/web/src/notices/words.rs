//! The sentence of a notice, from the same row of sentences as the letter's subject.

use mail::letters::{Rows, Told, leads_to, plain};
use store::notices::Notice;
use text::{Arg, Lang};

use crate::orders::words::Measure;

/// What a notice says, and the words of the link to what it is about.
pub struct Words {
    pub line: String,
    pub button: String,
}

/// `None` for a kind of a later version.
pub fn told(notice: &Notice) -> Option<Told> {
    let answer = match notice.kind.as_str() {
        "consent_answered" => notice.event_kind.as_str(),
        "offer_paused" => notice.reason.as_deref().unwrap_or_default(),
        _ => notice.to_state.as_deref().unwrap_or_default(),
    };
    Told::of(&notice.kind, answer, notice.person.is_some())
}

/// The page that a notice leads to.
pub fn href(notice: &Notice) -> String {
    let rows = Rows {
        order: notice.order(),
        share: notice.share(),
        offer: notice.offer_id(),
        catalog: notice.catalog_id(),
        question: notice.question(),
    };
    leads_to(&notice.kind, rows)
}

/// What somebody typed as the reason; reasons of the machine are in the sentence already.
pub fn reason(notice: &Notice) -> String {
    match notice.kind.as_str() {
        "offer_paused"
        | "member_permit_lapsed"
        | "supply_out"
        | "supply_back"
        | "supply_listed" => String::new(),
        _ => notice.reason.clone().unwrap_or_default(),
    }
}

/// The words of a notice in the reader's language.
pub fn words(lang: Lang, notice: &Notice) -> Words {
    match told(notice) {
        Some(told) => Words {
            line: told.headline(lang, &names(lang, notice, told)),
            button: told.button(lang),
        },
        None => Words {
            line: text::t(lang, "notices-unknown"),
            button: text::t(lang, "mail-button-home"),
        },
    }
}

fn names(lang: Lang, notice: &Notice, told: Told) -> Vec<(&'static str, Arg)> {
    let name = |value: &Option<String>| Arg::Text(plain(value.as_deref().unwrap_or_default()));
    let part = |packs: Option<i64>| {
        let measure = Measure::new(
            notice.unit.as_deref().unwrap_or_default(),
            notice.carton_name.as_deref(),
            notice.packs_per_unit.unwrap_or(1),
        );
        Arg::Text(measure.part(lang, packs.unwrap_or_default()))
    };
    let quantity = match told {
        Told::ShareReduced => notice.answered_packs().or(notice.packs),
        Told::ShareConfirmed | Told::ShareReleased => notice.packs,
        _ => notice.proposed_packs,
    };
    let by = notice
        .organisation
        .clone()
        .unwrap_or_else(|| "Lumbung".to_owned());
    vec![
        ("number", name(&notice.number)),
        ("cooperative", name(&notice.cooperative)),
        ("buyer", name(&notice.buyer)),
        ("organisation", name(&notice.subject)),
        ("applicant", name(&notice.subject)),
        (
            "member",
            name(if notice.member.is_some() {
                &notice.member
            } else {
                &notice.subject
            }),
        ),
        ("goods", name(&notice.goods)),
        ("quantity", part(quantity)),
        ("before", part(notice.proposed_packs)),
        ("approver", name(&notice.person)),
        ("staff", name(&notice.person)),
        ("by", Arg::Text(plain(&by))),
        ("offer", name(&notice.offer)),
        (
            "title",
            name(if notice.catalog.is_some() {
                &notice.catalog
            } else {
                &notice.offer
            }),
        ),
        ("edition", notice.edition().unwrap_or_default().into()),
    ]
}
