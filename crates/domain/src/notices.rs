//! Who is told what by which way: topics a person may mute, and hours in which nobody is written to.
//!
//! What concerns the account itself (verification, sign-in) is always written: it can't be muted and does not wait.

use crate::{
    coded::coded,
    problem::Problem,
    time::{Instant, Zone},
};

coded! {
    /// What something that can be told is about. Settings of a person are kept by topic.
    pub enum Topic {
        Orders = "orders",
        Shares = "shares",
        Members = "members",
        Account = "account",
    }
}

impl Topic {
    /// The topic of a letter by its name (`order_sent`, `share_proposed`, …).
    #[must_use]
    pub fn of(letter: &str) -> Self {
        match letter.split('_').next() {
            Some("order" | "consent" | "question" | "catalog" | "offer") => Self::Orders,
            // A member's goods in an offer are what its shares come from.
            Some("share" | "shares" | "supply") => Self::Shares,
            Some("membership" | "member") => Self::Members,
            _ => Self::Account,
        }
    }

    /// Whether a person may choose not to be told, and when.
    #[must_use]
    pub const fn may_be_muted(self) -> bool {
        !matches!(self, Self::Account)
    }
}

/// Minutes of a day.
const DAY_MINUTES: i32 = 24 * 60;

/// From when until when, every day, nobody is written to. Notices inside Lumbung lie there without a sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuietHours {
    /// Minutes after midnight, in `zone`.
    pub begins: i32,
    /// Minutes after midnight; earlier than `begins` where the night is between.
    pub ends: i32,
    pub zone: Zone,
}

impl QuietHours {
    /// When something that would be sent at `at` is sent: then, or at the end of the quiet hours that `at` falls into.
    #[must_use]
    pub fn wait(self, at: Instant) -> Instant {
        let midnight = self.zone.start_of(self.zone.day_of(at));
        let second = at.epoch_seconds() - midnight.epoch_seconds();
        let minute = i32::try_from(second / 60).unwrap_or(0);
        let is_quiet = if self.begins <= self.ends {
            (self.begins..self.ends).contains(&minute)
        } else {
            minute >= self.begins || minute < self.ends
        };
        if !is_quiet {
            return at;
        }
        let end = if minute < self.ends {
            self.ends
        } else {
            self.ends + DAY_MINUTES
        };
        midnight.plus_seconds(i64::from(end) * 60)
    }
}

/// One letter a day with what there was to tell, instead of a letter for each thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digest {
    /// Minutes after midnight, in `zone`.
    pub at: i32,
    pub zone: Zone,
}

impl Digest {
    /// When the letter leaves that tells what happened at `now`: always later than `now`.
    #[must_use]
    pub fn next(self, now: Instant) -> Instant {
        let today = self.zone.day_of(now);
        let on = |day| {
            let midnight = self.zone.start_of(day);
            midnight.plus_seconds(i64::from(self.at) * 60)
        };
        let this = on(today);
        if this > now { this } else { on(today.plus(1)) }
    }
}

/// A time of day as `21:00` or `21.00`, in minutes after midnight.
///
/// # Errors
/// `error-required`; `error-time-of-day`.
pub fn time_of_day(raw: &str) -> Result<i32, Problem> {
    let text = raw.trim();
    if text.is_empty() {
        return Err(Problem::required());
    }
    let bad = || Problem::new("error-time-of-day");
    let (hour, minute) = text.split_once([':', '.']).ok_or_else(bad)?;
    let part = |text: &str, below: i32| -> Result<i32, Problem> {
        let is_plain = (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        let number: i32 = text.parse().map_err(|_| bad())?;
        if is_plain && number < below {
            Ok(number)
        } else {
            Err(bad())
        }
    };
    Ok(part(hour, 24)? * 60 + part(minute, 60)?)
}

/// `21:00`, as a field of the kind `time` wants it.
#[must_use]
pub fn time_text(minute: i32) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Day;

    fn at(day: &str, hour: i64, minute: i64) -> Instant {
        let day = Day::from_iso(day).unwrap();
        Zone::Wita
            .start_of(day)
            .plus_seconds(hour * 3600 + minute * 60)
    }

    #[test]
    fn what_falls_into_quiet_hours_waits_for_their_end_over_midnight_and_over_months() {
        let quiet = QuietHours {
            begins: 21 * 60,
            ends: 5 * 60 + 30,
            zone: Zone::Wita,
        };
        for (sent, leaves) in [
            (at("2026-02-28", 20, 59), at("2026-02-28", 20, 59)),
            (at("2026-02-28", 21, 0), at("2026-03-01", 5, 30)),
            (at("2026-02-28", 23, 59), at("2026-03-01", 5, 30)),
            (at("2026-03-01", 0, 0), at("2026-03-01", 5, 30)),
            (at("2026-03-01", 5, 29), at("2026-03-01", 5, 30)),
            (at("2026-03-01", 5, 30), at("2026-03-01", 5, 30)),
        ] {
            assert_eq!(quiet.wait(sent), leaves);
        }
        let noon = QuietHours {
            begins: 12 * 60,
            ends: 13 * 60,
            zone: Zone::Wita,
        };
        assert_eq!(noon.wait(at("2026-03-01", 12, 30)), at("2026-03-01", 13, 0));
        assert_eq!(noon.wait(at("2026-03-01", 13, 0)), at("2026-03-01", 13, 0));
        let none = QuietHours {
            begins: 60,
            ends: 60,
            zone: Zone::Wita,
        };
        assert_eq!(none.wait(at("2026-03-01", 1, 0)), at("2026-03-01", 1, 0));
    }

    #[test]
    fn a_digest_tells_at_its_hour_what_happened_since_the_last_one() {
        let digest = Digest {
            at: 17 * 60,
            zone: Zone::Wita,
        };
        for (happened, told) in [
            (at("2026-02-28", 16, 59), at("2026-02-28", 17, 0)),
            (at("2026-02-28", 17, 0), at("2026-03-01", 17, 0)),
            (at("2026-02-28", 23, 59), at("2026-03-01", 17, 0)),
            (at("2026-03-01", 0, 0), at("2026-03-01", 17, 0)),
        ] {
            assert_eq!(digest.next(happened), told);
        }
    }

    #[test]
    fn letters_have_their_topic_and_the_account_is_never_muted() {
        assert_eq!(Topic::of("order_sent"), Topic::Orders);
        assert_eq!(Topic::of("consent_asked"), Topic::Orders);
        assert_eq!(Topic::of("offer_paused"), Topic::Orders);
        assert_eq!(Topic::of("shares_short"), Topic::Shares);
        assert_eq!(Topic::of("membership_applied"), Topic::Members);
        assert_eq!(Topic::of("welcome"), Topic::Account);
        assert_eq!(Topic::of("organisation_verified"), Topic::Account);
        let muted: Vec<_> = Topic::ALL.iter().filter(|one| one.may_be_muted()).collect();
        assert_eq!(muted, [&Topic::Orders, &Topic::Shares, &Topic::Members]);
    }

    #[test]
    fn times_of_day_are_read_as_people_write_them() {
        for (text, minute) in [
            ("21:00", 1260),
            (" 5.30 ", 330),
            ("00:00", 0),
            ("23:59", 1439),
        ] {
            assert_eq!(time_of_day(text), Ok(minute), "{text}");
        }
        for bad in [
            "24:00",
            "12:60",
            "12",
            "-1:00",
            "1e1:0",
            "a:b",
            "12:345",
            "١٢:٠٠",
        ] {
            assert!(time_of_day(bad).is_err(), "{bad}");
        }
        assert_eq!(time_text(330), "05:30");
    }
}
