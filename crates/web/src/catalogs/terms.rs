//! The form of a catalog: drawn from what is stored, read into [`CatalogTerms`].

use domain::{
    catalogs::{Audience, check_time},
    ids::{OfferId, OrganisationId},
    problem::Problem,
    regions,
    time::{Day, Instant, Zone},
};
use store::catalogs::{CatalogBuyer, CatalogOffer, CatalogTerms};

use crate::{
    form::{Form, Reader},
    offers::words,
    parts::Choice,
    shell::Shell,
};

const TITLE_CHARS: usize = 120;
const DESCRIPTION_CHARS: usize = 1_000;

/// The choices of the form.
pub struct Choices {
    pub audiences: Vec<Choice>,
    pub buyers: Vec<Choice>,
    pub offers: Vec<Choice>,
}

impl Choices {
    pub fn new(shell: &Shell, offers: &[CatalogOffer], buyers: &[CatalogBuyer]) -> Self {
        Self {
            audiences: Audience::ALL
                .iter()
                .map(|audience| {
                    let (name, hint) = audience_keys(*audience);
                    Choice::new(audience, shell.t(name)).hint(shell.t(hint))
                })
                .collect(),
            buyers: buyers
                .iter()
                .map(|buyer| {
                    Choice::new(buyer.id, &buyer.name).hint(regions::short_name(&buyer.region_code))
                })
                .collect(),
            offers: offers
                .iter()
                .map(|offer| {
                    let (_, state, _) = words::state_badge(shell, &offer.state);
                    Choice::new(offer.id, &offer.title).hint(shell.t2(
                        "catalogs-offer-hint",
                        "state",
                        state,
                        "n",
                        offer.suppliers,
                    ))
                })
                .collect(),
        }
    }
}

pub fn audience_keys(audience: Audience) -> (&'static str, &'static str) {
    match audience {
        Audience::Public => ("catalogs-public", "catalogs-public-hint"),
        Audience::Verified => ("catalogs-verified", "catalogs-verified-hint"),
        Audience::Buyers => ("catalogs-buyers", "catalogs-buyers-hint"),
    }
}

/// The last day a catalog is open: it closes at the end of that day.
pub fn last_day(zone: Zone, closes_at: Instant) -> Day {
    zone.day_of(Instant(closes_at.0.saturating_sub(1)))
}

pub fn blank(form: Form, today: Day) -> Form {
    form.with("audience", Audience::Public)
        .with("opens", today.iso())
}

pub fn stored(mut form: Form, terms: &CatalogTerms, zone: Zone) -> Form {
    form = form
        .with("title", &terms.title)
        .with("description", &terms.description)
        .with("audience", terms.audience)
        .with("opens", zone.day_of(terms.opens_at).iso());
    if let Some(closes) = terms.closes_at {
        form = form.with("closes", last_day(zone, closes).iso());
    }
    for buyer in &terms.buyers {
        form = form.with("buyer", buyer);
    }
    for offer in &terms.offers {
        form = form.with("offer", offer);
    }
    form
}

/// Reads the form. Days count in the cooperative's zone; `before` keeps an opening time that was not changed.
pub fn read(
    mut reader: Reader<'_>,
    zone: Zone,
    before: Option<&CatalogTerms>,
) -> Result<CatalogTerms, Form> {
    let title = reader.line("title", TITLE_CHARS);
    let description = reader.optional_text("description", DESCRIPTION_CHARS);
    let audience = reader.choice::<Audience>("audience");
    let buyers = reader.ids::<OrganisationId>("buyer");
    if audience == Some(Audience::Buyers) && buyers.as_ref().is_some_and(Vec::is_empty) {
        reader.add("buyer", Problem::new("catalogs-no-buyer"));
    }
    let opens = reader.day("opens");
    let closes = reader.optional_day("closes");
    let offers = reader.ids::<OfferId>("offer");
    let opens_at = opens.map(|day| match before {
        Some(before) if zone.day_of(before.opens_at) == day => before.opens_at,
        _ => zone.start_of(day),
    });
    let closes_at = closes.map(|day| day.map(|day| zone.end_of(day)));
    if let (Some(opens_at), Some(closes_at)) = (opens_at, closes_at)
        && check_time(opens_at, closes_at).is_err()
    {
        reader.add("closes", Problem::new("catalogs-time"));
    }
    reader.finish(|| {
        let audience = audience?;
        Some(CatalogTerms {
            title: title?,
            description: description?.unwrap_or_default(),
            audience,
            buyers: match audience {
                Audience::Buyers => buyers?,
                _ => Vec::new(),
            },
            opens_at: opens_at?,
            closes_at: closes_at?,
            offers: offers?,
        })
    })
}
