//! Instants, calendar days and Indonesia's three time zones (DOMAIN D-1, D-2; no daylight saving).
//!
//! An [`Instant`] is stored as epoch microseconds, a [`Day`] as days since 1970-01-01, meant in the zone of the
//! organisation it belongs to ("good until 5 March" ends at 24.00 there). Nothing here reads a clock.

use serde::{Deserialize, Serialize};

/// A point in time: microseconds since 1970-01-01T00:00Z.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Instant(pub i64);

/// A calendar date: days since 1970-01-01.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Day(pub i32);

const MICROS_PER_SECOND: i64 = 1_000_000;
const SECONDS_PER_DAY: i64 = 86_400;

impl Instant {
    /// Later by `seconds` (earlier when negative); saturates at the ends of time.
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self(
            self.0
                .saturating_add(seconds.saturating_mul(MICROS_PER_SECOND)),
        )
    }

    #[must_use]
    pub fn plus_hours(self, hours: i64) -> Self {
        self.plus_seconds(hours.saturating_mul(3600))
    }

    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        self.plus_seconds(days.saturating_mul(SECONDS_PER_DAY))
    }

    /// Whole seconds since the epoch, rounded down.
    #[must_use]
    pub fn epoch_seconds(self) -> i64 {
        self.0.div_euclid(MICROS_PER_SECOND)
    }
}

/// One of Indonesia's time zones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Zone {
    Wib,
    Wita,
    Wit,
}

impl Zone {
    /// The zone of a province or regency code (`33`, `33.25`, `3325…`), by its first two digits (DOMAIN D-2).
    #[must_use]
    pub fn of_region(code: &str) -> Self {
        match code.get(..2) {
            Some(
                "51" | "52" | "53" | "63" | "64" | "65" | "71" | "72" | "73" | "74" | "75" | "76",
            ) => Self::Wita,
            Some("81" | "82" | "91" | "92" | "93" | "94" | "95" | "96") => Self::Wit,
            _ => Self::Wib,
        }
    }

    #[must_use]
    pub fn offset_seconds(self) -> i64 {
        match self {
            Self::Wib => 7 * 3600,
            Self::Wita => 8 * 3600,
            Self::Wit => 9 * 3600,
        }
    }

    /// `WIB`, `WITA` or `WIT`.
    #[must_use]
    pub fn abbreviation(self) -> &'static str {
        match self {
            Self::Wib => "WIB",
            Self::Wita => "WITA",
            Self::Wit => "WIT",
        }
    }

    /// The calendar day that an instant falls on in this zone.
    #[must_use]
    pub fn day_of(self, at: Instant) -> Day {
        let local = at.epoch_seconds().saturating_add(self.offset_seconds());
        Day(i32::try_from(local.div_euclid(SECONDS_PER_DAY)).unwrap_or(i32::MAX))
    }

    /// The first instant of a day in this zone.
    #[must_use]
    pub fn start_of(self, day: Day) -> Instant {
        Instant(0)
            .plus_days(i64::from(day.0))
            .plus_seconds(-self.offset_seconds())
    }

    /// The first instant after a day in this zone: a lot "good until" that day is good before it.
    #[must_use]
    pub fn end_of(self, day: Day) -> Instant {
        self.start_of(day).plus_days(1)
    }
}

impl Day {
    #[must_use]
    pub fn plus(self, days: i32) -> Self {
        Self(self.0.saturating_add(days))
    }

    /// 0 = Monday … 6 = Sunday (1970-01-01 was a Thursday).
    #[must_use]
    pub fn weekday(self) -> i32 {
        self.0.saturating_add(3).rem_euclid(7)
    }

    /// Monday to Friday and no holiday (DOMAIN D-3; the holidays are data).
    #[must_use]
    pub fn is_working_day(self, holidays: &[Self]) -> bool {
        self.weekday() < 5 && !holidays.contains(&self)
    }

    /// The `count`-th working day after this one; the day itself does not count. With a count of 0 or less, itself.
    #[must_use]
    pub fn plus_working_days(self, count: i64, holidays: &[Self]) -> Self {
        let mut day = self;
        let mut left = count;
        while left > 0 && day.0 < i32::MAX {
            day = day.plus(1);
            if day.is_working_day(holidays) {
                left -= 1;
            }
        }
        day
    }

    /// Year, month 1–12 and day of the month, or `None` outside the supported calendar.
    #[must_use]
    pub fn ymd(self) -> Option<(i32, u8, u8)> {
        let date = time::Date::from_julian_day(self.0.checked_add(EPOCH_JULIAN)?).ok()?;
        Some((date.year(), u8::from(date.month()), date.day()))
    }

    /// The day of a calendar date, or `None` when there is no such date (30 February).
    #[must_use]
    pub fn from_ymd(year: i32, month: u8, day: u8) -> Option<Self> {
        let month = time::Month::try_from(month).ok()?;
        let date = time::Date::from_calendar_date(year, month, day).ok()?;
        Some(Self(date.to_julian_day().checked_sub(EPOCH_JULIAN)?))
    }

    /// `2026-09-07` as HTML date inputs send it.
    #[must_use]
    pub fn from_iso(text: &str) -> Option<Self> {
        let mut parts = text.trim().splitn(3, '-');
        let year = parts.next()?.parse().ok()?;
        let month = parts.next()?.parse().ok()?;
        let day = parts.next()?.parse().ok()?;
        Self::from_ymd(year, month, day)
    }

    /// `2026-09-07`; empty outside the calendar.
    #[must_use]
    pub fn iso(self) -> String {
        self.ymd()
            .map(|(y, m, d)| format!("{y:04}-{m:02}-{d:02}"))
            .unwrap_or_default()
    }
}

/// Julian day number of 1970-01-01.
const EPOCH_JULIAN: i32 = 2_440_588;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_past_eleven_in_java_is_the_next_day_in_bali() {
        let day = Day::from_ymd(2026, 9, 7).unwrap();
        let at = Zone::Wib.start_of(day).plus_seconds(23 * 3600 + 1800);
        assert_eq!(Zone::Wib.day_of(at), day);
        assert_eq!(Zone::Wita.day_of(at), day.plus(1));
    }

    #[test]
    fn days_round_trip_through_iso_and_know_their_weekday() {
        let day = Day::from_iso("2026-09-07").unwrap();
        assert_eq!(day.iso(), "2026-09-07");
        assert_eq!(day.weekday(), 0);
        assert_eq!(Day::from_iso("2027-02-29"), None);
        assert_eq!(Day::from_iso("1970-01-01"), Some(Day(0)));
    }

    #[test]
    fn a_day_ends_at_midnight_of_its_zone() {
        let day = Day(20_000);
        assert_eq!(Zone::Wit.day_of(Instant(Zone::Wit.end_of(day).0 - 1)), day);
        assert_eq!(Zone::Wit.day_of(Zone::Wit.end_of(day)), day.plus(1));
    }

    #[test]
    fn working_days_pass_over_weekends_and_holidays() {
        let friday = Day::from_iso("2026-09-04").unwrap();
        let monday = friday.plus(3);
        assert!(friday.is_working_day(&[]));
        assert!(!friday.plus(1).is_working_day(&[]));
        assert!(!friday.plus(2).is_working_day(&[]));
        assert!(!monday.is_working_day(&[monday]));
        assert_eq!(friday.plus_working_days(0, &[]), friday);
        assert_eq!(friday.plus_working_days(1, &[]), monday);
        assert_eq!(friday.plus_working_days(1, &[monday]), monday.plus(1));
        assert_eq!(friday.plus_working_days(5, &[]), friday.plus(7));
        // From a Saturday the next working day is Monday too.
        assert_eq!(friday.plus(1).plus_working_days(1, &[]), monday);
    }

    #[test]
    fn working_days_cross_a_leap_day() {
        let before = Day::from_iso("2028-02-28").unwrap();
        assert_eq!(before.plus_working_days(1, &[]).iso(), "2028-02-29");
        assert_eq!(before.plus_working_days(2, &[]).iso(), "2028-03-01");
    }
}
