//! Dates, times, percentages and weights as people read them (DOMAIN D-1, M-2). Money and plain numbers format
//! themselves in `domain::money`. Figures look the same in both languages; only words and month names change.

use domain::{
    money::grouped,
    time::{Day, Instant, Zone},
};

use crate::{Lang, t_with};

const DAYS_ID: [&str; 7] = [
    "Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu",
];
const DAYS_EN: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];
const MONTHS_ID: [&str; 12] = [
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
];
const MONTHS_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const MONTHS_SHORT_ID: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des",
];
const MONTHS_SHORT_EN: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

const SECONDS_PER_DAY: i64 = 86_400;

/// The name numbered from 0; empty beyond the last.
fn nth(names: &[&'static str], n: i64) -> &'static str {
    usize::try_from(n)
        .ok()
        .and_then(|n| names.get(n))
        .copied()
        .unwrap_or("")
}

/// `Senin` · `Monday`.
#[must_use]
pub fn weekday(lang: Lang, day: Day) -> &'static str {
    let names = match lang {
        Lang::Id => &DAYS_ID,
        Lang::En => &DAYS_EN,
    };
    nth(names, i64::from(day.weekday()))
}

/// `September`, for a month from 1 to 12.
#[must_use]
pub fn month(lang: Lang, month: u8) -> &'static str {
    let names = match lang {
        Lang::Id => &MONTHS_ID,
        Lang::En => &MONTHS_EN,
    };
    nth(names, i64::from(month) - 1)
}

/// `7 September 2026`; empty outside the calendar.
#[must_use]
pub fn date(lang: Lang, day: Day) -> String {
    day.ymd()
        .map(|(y, m, d)| format!("{d} {} {y}", month(lang, m)))
        .unwrap_or_default()
}

/// `Senin, 7 September 2026` · `Monday, 7 September 2026`.
#[must_use]
pub fn date_with_weekday(lang: Lang, day: Day) -> String {
    match date(lang, day) {
        date if date.is_empty() => date,
        date => format!("{}, {date}", weekday(lang, day)),
    }
}

/// `07/09/2026`, day first, in both languages.
#[must_use]
pub fn date_numeric(day: Day) -> String {
    day.ymd()
        .map(|(y, m, d)| format!("{d:02}/{m:02}/{y:04}"))
        .unwrap_or_default()
}

/// `7 Sep`, where the year is plain.
#[must_use]
pub fn date_short(lang: Lang, day: Day) -> String {
    let names = match lang {
        Lang::Id => &MONTHS_SHORT_ID,
        Lang::En => &MONTHS_SHORT_EN,
    };
    day.ymd()
        .map(|(_, m, d)| format!("{d} {}", nth(names, i64::from(m) - 1)))
        .unwrap_or_default()
}

/// `14.30 WIB`, in both languages.
#[must_use]
pub fn time(at: Instant, zone: Zone) -> String {
    let second = at
        .epoch_seconds()
        .saturating_add(zone.offset_seconds())
        .rem_euclid(SECONDS_PER_DAY);
    clock(second, zone)
}

/// `7 September 2026, 14.30 WIB`.
#[must_use]
pub fn date_time(lang: Lang, at: Instant, zone: Zone) -> String {
    format!("{}, {}", date(lang, zone.day_of(at)), time(at, zone))
}

fn clock(second_of_day: i64, zone: Zone) -> String {
    format!(
        "{:02}.{:02} {}",
        second_of_day / 3600,
        second_of_day % 3600 / 60,
        zone.abbreviation()
    )
}

/// A deadline inside a sentence: `hari ini pukul 16.00 WIB`, `besok pukul 10.00 WIB`, else
/// `Kamis, 10 September 2026 pukul 10.00 WIB`. Midnight belongs to the day that ends: `besok pukul 24.00 WIB`.
#[must_use]
pub fn deadline_in_words(lang: Lang, now: Instant, at: Instant, zone: Zone) -> String {
    let mut day = zone.day_of(at);
    let mut second = at
        .epoch_seconds()
        .saturating_sub(zone.start_of(day).epoch_seconds());
    if second < 60 {
        day = day.plus(-1);
        second = SECONDS_PER_DAY;
    }
    let time = clock(second, zone);
    let today = zone.day_of(now);
    if day == today {
        t_with(lang, "format-deadline-today", &[("time", time.into())])
    } else if day == today.plus(1) {
        t_with(lang, "format-deadline-tomorrow", &[("time", time.into())])
    } else {
        let day = date_with_weekday(lang, day);
        t_with(
            lang,
            "format-deadline-day",
            &[("day", day.into()), ("time", time.into())],
        )
    }
}

/// Thousandths with a decimal comma and no closing zeros: 1500 → `1,5`, 1_250_500 → `1.250,5`.
#[must_use]
pub fn thousandths(n: i64) -> String {
    decimal(n, 1000)
}

/// Basis points as a percentage: 1250 → `12,5%`.
#[must_use]
pub fn percent(basis_points: i64) -> String {
    format!("{}%", decimal(basis_points, 100))
}

/// `n / scale` for a scale of 100 or 1000.
fn decimal(n: i64, scale: i64) -> String {
    let sign = if n < 0 { "-" } else { "" };
    // Grouping the whole part without its sign keeps `-0,5` right.
    let whole = grouped((n / scale).saturating_abs());
    let width = if scale == 100 { 2 } else { 3 };
    let rest = format!("{:0width$}", (n % scale).abs());
    match rest.trim_end_matches('0') {
        "" => format!("{sign}{whole}"),
        rest => format!("{sign}{whole},{rest}"),
    }
}

/// `250 g`, `1 kg`, `1,5 kg`: grams below a kilogram, kilograms from there.
#[must_use]
pub fn weight(grams: i64) -> String {
    if grams.saturating_abs() < 1000 {
        format!("{grams} g")
    } else {
        format!("{} kg", thousandths(grams))
    }
}

/// `650 ml`, `1 liter` · `1 L`.
#[must_use]
pub fn volume(lang: Lang, millilitres: i64) -> String {
    if millilitres.saturating_abs() < 1000 {
        format!("{millilitres} ml")
    } else {
        t_with(
            lang,
            "format-litres",
            &[("n", thousandths(millilitres).into())],
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(y: i32, m: u8, d: u8, hour: i64, minute: i64, zone: Zone) -> Instant {
        let day = Day::from_ymd(y, m, d).unwrap();
        zone.start_of(day).plus_seconds(hour * 3600 + minute * 60)
    }

    #[test]
    fn dates_read_as_in_the_handbook() {
        let day = Day::from_ymd(2026, 9, 7).unwrap();
        assert_eq!(date_with_weekday(Lang::Id, day), "Senin, 7 September 2026");
        assert_eq!(date_with_weekday(Lang::En, day), "Monday, 7 September 2026");
        assert_eq!(date(Lang::Id, day), "7 September 2026");
        assert_eq!(date_numeric(day), "07/09/2026");
        assert_eq!(date_short(Lang::Id, day), "7 Sep");
        let august = Day::from_ymd(2026, 8, 17).unwrap();
        assert_eq!(date_short(Lang::Id, august), "17 Agu");
        assert_eq!(date_short(Lang::En, august), "17 Aug");
        assert_eq!(
            date_with_weekday(Lang::Id, august),
            "Senin, 17 Agustus 2026"
        );
        assert_eq!(date_with_weekday(Lang::Id, Day(i32::MAX)), "");
        assert_eq!(date_numeric(Day(i32::MIN)), "");
    }

    #[test]
    fn every_month_and_weekday_has_its_name_in_both_languages() {
        let months = |lang| {
            (1..=12)
                .map(|m| month(lang, m))
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(
            months(Lang::Id),
            "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember"
        );
        assert_eq!(
            months(Lang::En),
            "January February March April May June July August September October November December"
        );
        let monday = Day::from_ymd(2026, 9, 7).unwrap();
        let days = |lang| {
            (0..7)
                .map(|n| weekday(lang, monday.plus(n)))
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(days(Lang::Id), "Senin Selasa Rabu Kamis Jumat Sabtu Minggu");
        assert_eq!(
            days(Lang::En),
            "Monday Tuesday Wednesday Thursday Friday Saturday Sunday"
        );
        assert_eq!((month(Lang::Id, 0), month(Lang::Id, 13)), ("", ""));
    }

    #[test]
    fn times_have_a_dot_and_their_zone() {
        let half_past_two = at(2026, 9, 7, 14, 30, Zone::Wib);
        assert_eq!(time(half_past_two, Zone::Wib), "14.30 WIB");
        assert_eq!(time(half_past_two, Zone::Wita), "15.30 WITA");
        assert_eq!(time(half_past_two, Zone::Wit), "16.30 WIT");
        assert_eq!(
            date_time(Lang::Id, at(2026, 9, 7, 23, 30, Zone::Wib), Zone::Wita),
            "8 September 2026, 00.30 WITA"
        );
        assert_eq!(time(Instant(-1), Zone::Wib), "06.59 WIB");
    }

    #[test]
    fn deadlines_are_told_from_today() {
        let now = at(2026, 12, 31, 9, 0, Zone::Wib);
        for (deadline, id, en) in [
            (
                at(2026, 12, 31, 16, 0, Zone::Wib),
                "hari ini pukul 16.00 WIB",
                "today at 16.00 WIB",
            ),
            (
                at(2027, 1, 1, 10, 0, Zone::Wib),
                "besok pukul 10.00 WIB",
                "tomorrow at 10.00 WIB",
            ),
            (
                at(2027, 1, 1, 0, 0, Zone::Wib),
                "hari ini pukul 24.00 WIB",
                "today at 24.00 WIB",
            ),
            (
                at(2027, 1, 2, 0, 0, Zone::Wib),
                "besok pukul 24.00 WIB",
                "tomorrow at 24.00 WIB",
            ),
            (
                at(2027, 1, 2, 8, 5, Zone::Wib),
                "Sabtu, 2 Januari 2027 pukul 08.05 WIB",
                "Saturday, 2 January 2027 at 08.05 WIB",
            ),
            (
                at(2026, 12, 30, 8, 0, Zone::Wib),
                "Rabu, 30 Desember 2026 pukul 08.00 WIB",
                "Wednesday, 30 December 2026 at 08.00 WIB",
            ),
        ] {
            assert_eq!(deadline_in_words(Lang::Id, now, deadline, Zone::Wib), id);
            assert_eq!(deadline_in_words(Lang::En, now, deadline, Zone::Wib), en);
        }
        // The same instant is tomorrow already further east.
        let late = at(2026, 12, 31, 22, 30, Zone::Wib);
        assert_eq!(
            deadline_in_words(Lang::Id, now, late, Zone::Wit),
            "besok pukul 00.30 WIT"
        );
    }

    #[test]
    fn percentages_and_measures_use_the_decimal_comma() {
        for (basis_points, text) in [
            (0, "0%"),
            (5, "0,05%"),
            (50, "0,5%"),
            (1200, "12%"),
            (1250, "12,5%"),
            (-1, "-0,01%"),
            (12_500_000, "125.000%"),
        ] {
            assert_eq!(percent(basis_points), text);
        }
        for (grams, text) in [
            (0, "0 g"),
            (250, "250 g"),
            (999, "999 g"),
            (1000, "1 kg"),
            (1500, "1,5 kg"),
            (1025, "1,025 kg"),
            (976_700, "976,7 kg"),
            (1_250_500, "1.250,5 kg"),
            (-1500, "-1,5 kg"),
        ] {
            assert_eq!(weight(grams), text);
        }
        for (ml, id, en) in [
            (650, "650 ml", "650 ml"),
            (1000, "1 liter", "1 L"),
            (1500, "1,5 liter", "1,5 L"),
        ] {
            assert_eq!(volume(Lang::Id, ml), id);
            assert_eq!(volume(Lang::En, ml), en);
        }
        for n in [i64::MIN, i64::MAX] {
            assert!(!weight(n).is_empty() && !percent(n).is_empty());
        }
    }
}
