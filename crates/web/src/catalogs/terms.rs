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

/// When a catalog closes, in words: the day alone where it is open to the end of it.
pub fn closes_words(shell: &Shell, zone: Zone, closes_at: Instant) -> String {
    match time_of(zone, closes_at) {
        time if time.is_empty() => shell.date(last_day(zone, closes_at)),
        _ => shell.date_time(closes_at, zone),
    }
}

/// `14:30` in the cooperative's zone; empty for midnight.
fn time_of(zone: Zone, at: Instant) -> String {
    let start = zone.start_of(zone.day_of(at));
    let minutes = (at.epoch_seconds() - start.epoch_seconds()) / 60;
    match minutes {
        0 => String::new(),
        _ => format!("{:02}:{:02}", minutes / 60, minutes % 60),
    }
}

/// Seconds since midnight of `14:30` or `14.30`.
fn time(raw: &str) -> Result<i64, Problem> {
    let read = |raw: &str| {
        let (hours, minutes) = raw.split_once([':', '.'])?;
        let part = |digits: &str, most: i64| {
            let is_plain =
                (1..=2).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
            digits.parse().ok().filter(|n: &i64| is_plain && *n <= most)
        };
        Some((part(hours, 23)? * 60 + part(minutes, 59)?) * 60)
    };
    read(raw.trim()).ok_or_else(|| Problem::new("catalogs-bad-time"))
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
        .with("opens", zone.day_of(terms.opens_at).iso())
        .with("opens_time", time_of(zone, terms.opens_at));
    if let Some(closes) = terms.closes_at {
        form = form
            .with("closes", last_day(zone, closes).iso())
            .with("closes_time", time_of(zone, closes));
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
    let opens_time = reader.optional("opens_time", time);
    let closes = reader.optional_day("closes");
    let closes_time = reader.optional("closes_time", time);
    let offers = reader.ids::<OfferId>("offer");
    let opens_at = opens.zip(opens_time).map(|(day, time)| {
        let at = zone.start_of(day).plus_seconds(time.unwrap_or(0));
        match before {
            // Forms count minutes; what was not changed keeps its seconds.
            Some(before)
                if (0..60).contains(&(before.opens_at.epoch_seconds() - at.epoch_seconds())) =>
            {
                before.opens_at
            }
            _ => at,
        }
    });
    let closes_at = closes.zip(closes_time).map(|(day, time)| {
        day.map(|day| match time {
            Some(time) => zone.start_of(day).plus_seconds(time),
            None => zone.end_of(day),
        })
    });
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_people_write_them() {
        assert_eq!(time("14:30"), Ok((14 * 60 + 30) * 60));
        assert_eq!(time(" 7.05 "), Ok((7 * 60 + 5) * 60));
        for bad in [
            "24:00", "12:60", "1430", "12:3a", "-1:00", ":", "012:00", "12:30:00",
        ] {
            assert!(time(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_catalog_that_closes_at_midnight_is_open_to_the_end_of_the_day_before() {
        let zone = Zone::Wita;
        let day = Day::from_ymd(2026, 3, 5).unwrap();
        assert_eq!(time_of(zone, zone.end_of(day)), "");
        assert_eq!(last_day(zone, zone.end_of(day)), day);
        let afternoon = zone.start_of(day).plus_seconds(14 * 3_600 + 30 * 60);
        assert_eq!(time_of(zone, afternoon), "14:30");
        assert_eq!(last_day(zone, afternoon), day);
    }
}
