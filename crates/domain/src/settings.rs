//! Settings with dates: everything a law, a board or a members' resolution can change.
//!
//! A rule never reads a key. It receives [`Terms`], resolved for one day by [`Terms::resolve`]; an order keeps the
//! terms it was made with (DESIGN "History, settings, numbers, time"). Amounts that belong to one organisation
//! (a buyer's staff limit, whether a cooperative is PKP) stand on its row, not here.

use serde::{Deserialize, Serialize};

use crate::{
    coded::coded,
    orders::deadline_working_days,
    time::{Day, Instant, Zone},
};

coded! {
    /// Every setting there is. Defaults: DESIGN (holds, shares) and DOMAIN §6, §7.
    pub enum Key {
        /// Hours a member has to answer a proposed share; silence accepts. Default 24.
        ShareAnswerHours = "share_answer_hours",
        /// Hours that stock is held while the buyer's approver decides. Default 48.
        ApprovalHoldHours = "approval_hold_hours",
        /// Minutes that a checkout holds stock. Default 15.
        CheckoutHoldMinutes = "checkout_hold_minutes",
        /// Working days a cooperative has to answer a sent order. Default 3.
        OrderTimeoutWorkingDays = "order_timeout_working_days",
        /// PPN rate in basis points. Default 1200 (PMK 131/2024).
        PpnRateBp = "tax.ppn_rate_bp",
        /// Numerator of the "DPP nilai lain" fraction. Default 11.
        PpnDppNum = "tax.ppn_dpp_num",
        /// Denominator of the "DPP nilai lain" fraction. Default 12.
        PpnDppDen = "tax.ppn_dpp_den",
        /// Platform fee in basis points of goods ex PPN, borne by the cooperative. Default 100.
        PlatformFeeBp = "fee.platform_bp",
        /// Whether the approver of an order must not be the one who made it. Default true.
        FourEyes = "four_eyes",
        /// Whether roles that guard money or rights must set up the second step of signing in before anything else
        /// ([`Role::needs_second_step`](crate::accounts::Role::needs_second_step)). Default true.
        SecondStep = "second_step",
    }
}

/// What kind of figure a setting is, with the range it must keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A whole number from `least` to `most`.
    Whole { least: i64, most: i64 },
    /// `true` or `false`.
    Flag,
}

coded! {
    /// Whose settings a row belongs to. A narrower scope goes before a wider one.
    pub enum Scope {
        Platform = "platform",
        Cooperative = "cooperative",
    }
}

/// One row of `settings`, valid from its first through its last day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingRow {
    pub scope: Scope,
    pub key: Key,
    /// A whole number in digits, or `true` / `false`.
    pub value: String,
    pub valid_from: Day,
    /// The last day it holds; `None` until further notice.
    pub valid_until: Option<Day>,
}

/// A setting holds something its kind does not allow.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("setting `{key}` can't be `{value}`")]
pub struct BadSetting {
    pub key: Key,
    pub value: String,
}

impl Key {
    #[must_use]
    pub fn kind(self) -> Kind {
        match self {
            Self::ShareAnswerHours | Self::ApprovalHoldHours => Kind::Whole {
                least: 1,
                most: 24 * 60,
            },
            Self::CheckoutHoldMinutes => Kind::Whole {
                least: 1,
                most: 24 * 60,
            },
            Self::OrderTimeoutWorkingDays => Kind::Whole { least: 1, most: 60 },
            Self::PpnRateBp | Self::PlatformFeeBp => Kind::Whole {
                least: 0,
                most: 10_000,
            },
            Self::PpnDppNum | Self::PpnDppDen => Kind::Whole {
                least: 1,
                most: 1_000,
            },
            Self::FourEyes | Self::SecondStep => Kind::Flag,
        }
    }

    /// What holds where nobody set anything.
    #[must_use]
    pub fn default_value(self) -> &'static str {
        match self {
            Self::ShareAnswerHours => "24",
            Self::ApprovalHoldHours => "48",
            Self::CheckoutHoldMinutes => "15",
            Self::OrderTimeoutWorkingDays => "3",
            Self::PpnRateBp => "1200",
            Self::PpnDppNum => "11",
            Self::PpnDppDen => "12",
            Self::PlatformFeeBp => "100",
            Self::FourEyes | Self::SecondStep => "true",
        }
    }

    /// Whether a cooperative may set it for itself. Taxes, the platform's fee (DOMAIN §2) and how people sign in are the
    /// platform's.
    #[must_use]
    pub fn cooperative_may_set(self) -> bool {
        !matches!(
            self,
            Self::PpnRateBp
                | Self::PpnDppNum
                | Self::PpnDppDen
                | Self::PlatformFeeBp
                | Self::SecondStep
        )
    }

    /// Whether `value` may be stored under this key.
    ///
    /// # Errors
    /// [`BadSetting`] when the text is no figure of the key's [`Kind`] or outside its range.
    pub fn check(self, value: &str) -> Result<(), BadSetting> {
        match self.kind() {
            Kind::Whole { .. } => self.whole(value).map(drop),
            Kind::Flag => self.flag(value).map(drop),
        }
    }

    fn whole(self, value: &str) -> Result<i64, BadSetting> {
        let bad = || BadSetting {
            key: self,
            value: value.to_owned(),
        };
        let Kind::Whole { least, most } = self.kind() else {
            return Err(bad());
        };
        let number: i64 = value.parse().map_err(|_| bad())?;
        if (least..=most).contains(&number) {
            Ok(number)
        } else {
            Err(bad())
        }
    }

    fn flag(self, value: &str) -> Result<bool, BadSetting> {
        value.parse().map_err(|_| BadSetting {
            key: self,
            value: value.to_owned(),
        })
    }
}

/// All settings as they hold on one day for one cooperative. Kept with each order as JSON.
/// Settings that came after an order read as their default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Terms {
    pub share_answer_hours: i64,
    pub approval_hold_hours: i64,
    pub checkout_hold_minutes: i64,
    pub order_timeout_working_days: i64,
    pub ppn_rate_bp: i64,
    pub ppn_dpp_num: i64,
    pub ppn_dpp_den: i64,
    pub platform_fee_bp: i64,
    pub four_eyes: bool,
}

impl Terms {
    /// What holds on `day`: the cooperative's own row, else the platform's, else the default. `rows` are the
    /// platform's and those of the one cooperative concerned; a cooperative's row for a key that is the platform's
    /// alone is passed over. Rows don't overlap; if they did, the one that began last would hold.
    ///
    /// # Errors
    /// [`BadSetting`] when the row that holds has a value its key does not allow.
    pub fn resolve(day: Day, rows: &[SettingRow]) -> Result<Self, BadSetting> {
        let value = |key: Key| value_on(day, rows, key);
        let whole = |key: Key| key.whole(value(key));
        Ok(Self {
            share_answer_hours: whole(Key::ShareAnswerHours)?,
            approval_hold_hours: whole(Key::ApprovalHoldHours)?,
            checkout_hold_minutes: whole(Key::CheckoutHoldMinutes)?,
            order_timeout_working_days: whole(Key::OrderTimeoutWorkingDays)?,
            ppn_rate_bp: whole(Key::PpnRateBp)?,
            ppn_dpp_num: whole(Key::PpnDppNum)?,
            ppn_dpp_den: whole(Key::PpnDppDen)?,
            platform_fee_bp: whole(Key::PlatformFeeBp)?,
            four_eyes: Key::FourEyes.flag(value(Key::FourEyes))?,
        })
    }
}

fn value_on(day: Day, rows: &[SettingRow], key: Key) -> &str {
    rows.iter()
        .filter(|row| row.key == key && row.holds_on(day))
        .filter(|row| row.scope == Scope::Platform || key.cooperative_may_set())
        .max_by_key(|row| (row.scope, row.valid_from))
        .map_or(key.default_value(), |row| &row.value)
}

/// Whether the second step of signing in is required on `day`: no term of an order, so it isn't among [`Terms`].
///
/// # Errors
/// [`BadSetting`], as [`Terms::resolve`].
pub fn second_step_required(day: Day, rows: &[SettingRow]) -> Result<bool, BadSetting> {
    Key::SecondStep.flag(value_on(day, rows, Key::SecondStep))
}

impl Terms {
    /// The first instant at which silence has accepted a share proposed at `now`.
    #[must_use]
    pub fn share_answer_by(&self, now: Instant) -> Instant {
        now.plus_hours(self.share_answer_hours)
    }

    /// Until when stock is held while the buyer's approver decides.
    #[must_use]
    pub fn approval_held_until(&self, now: Instant) -> Instant {
        now.plus_hours(self.approval_hold_hours)
    }

    /// Until when a checkout that began at `now` holds stock.
    #[must_use]
    pub fn checkout_held_until(&self, now: Instant) -> Instant {
        now.plus_seconds(self.checkout_hold_minutes.saturating_mul(60))
    }

    /// When an order sent at `sent_at` expires unanswered, in the cooperative's zone.
    #[must_use]
    pub fn order_expires_at(&self, sent_at: Instant, zone: Zone, holidays: &[Day]) -> Instant {
        deadline_working_days(sent_at, self.order_timeout_working_days, zone, holidays)
    }
}

/// The defaults alone, as on an installation where nobody set anything.
impl Default for Terms {
    fn default() -> Self {
        Self {
            share_answer_hours: 24,
            approval_hold_hours: 48,
            checkout_hold_minutes: 15,
            order_timeout_working_days: 3,
            ppn_rate_bp: 1200,
            ppn_dpp_num: 11,
            ppn_dpp_den: 12,
            platform_fee_bp: 100,
            four_eyes: true,
        }
    }
}

impl SettingRow {
    #[must_use]
    pub fn holds_on(&self, day: Day) -> bool {
        self.valid_from <= day && self.valid_until.is_none_or(|last| day <= last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(scope: Scope, key: Key, value: &str, from: i32, until: Option<i32>) -> SettingRow {
        SettingRow {
            scope,
            key,
            value: value.to_owned(),
            valid_from: Day(from),
            valid_until: until.map(Day),
        }
    }

    #[test]
    fn every_default_is_allowed_and_makes_the_default_terms() {
        for key in Key::ALL {
            key.check(key.default_value()).unwrap();
            assert_eq!(key.as_str().parse::<Key>().unwrap(), *key);
        }
        assert_eq!(Terms::resolve(Day(0), &[]).unwrap(), Terms::default());
    }

    #[test]
    fn a_cooperatives_row_goes_before_the_platforms_and_only_on_its_days() {
        let rows = [
            row(Scope::Platform, Key::ShareAnswerHours, "36", 100, None),
            row(
                Scope::Cooperative,
                Key::ShareAnswerHours,
                "12",
                110,
                Some(119),
            ),
        ];
        let hours = |day| Terms::resolve(Day(day), &rows).unwrap().share_answer_hours;
        assert_eq!(hours(99), 24);
        assert_eq!(hours(100), 36);
        assert_eq!(hours(110), 12);
        assert_eq!(hours(119), 12);
        assert_eq!(hours(120), 36);
    }

    #[test]
    fn a_cooperative_can_not_set_the_tax() {
        let rows = [row(Scope::Cooperative, Key::PpnRateBp, "0", 0, None)];
        assert_eq!(Terms::resolve(Day(1), &rows).unwrap().ppn_rate_bp, 1200);
    }

    #[test]
    fn the_second_step_is_required_until_the_platform_decides_otherwise() {
        let off = |scope| row(scope, Key::SecondStep, "false", 10, None);
        let required = |day, rows: &[SettingRow]| second_step_required(Day(day), rows).unwrap();
        assert!(required(9, &[off(Scope::Platform)]));
        assert!(!required(10, &[off(Scope::Platform)]));
        // No cooperative opens its own door.
        assert!(required(10, &[off(Scope::Cooperative)]));
    }

    #[test]
    fn a_value_out_of_range_is_named() {
        for (key, value) in [
            (Key::ShareAnswerHours, "0"),
            (Key::PpnRateBp, "10001"),
            (Key::PpnDppDen, "0"),
            (Key::FourEyes, "yes"),
            (Key::ApprovalHoldHours, "4x"),
        ] {
            let bad = key.check(value).unwrap_err();
            assert_eq!(
                bad,
                BadSetting {
                    key,
                    value: value.to_owned()
                }
            );
            let rows = [row(Scope::Platform, key, value, 0, None)];
            assert_eq!(Terms::resolve(Day(0), &rows).unwrap_err(), bad);
        }
    }

    #[test]
    fn an_order_can_keep_its_terms_as_json() {
        let terms = Terms {
            four_eyes: false,
            ..Terms::default()
        };
        let json = serde_json::to_string(&terms).unwrap();
        assert_eq!(serde_json::from_str::<Terms>(&json).unwrap(), terms);
        let older = r#"{"share_answer_hours": 12}"#;
        let read = serde_json::from_str::<Terms>(older).unwrap();
        assert_eq!((read.share_answer_hours, read.ppn_dpp_den), (12, 12));
    }

    #[test]
    fn deadlines_follow_the_terms() {
        let terms = Terms::default();
        let day = Day::from_iso("2026-09-07").unwrap();
        let now = Zone::Wib.start_of(day).plus_hours(9);
        assert_eq!(terms.share_answer_by(now), now.plus_days(1));
        assert_eq!(terms.approval_held_until(now), now.plus_days(2));
        assert_eq!(terms.checkout_held_until(now), now.plus_seconds(900));
        assert_eq!(
            terms.order_expires_at(now, Zone::Wib, &[]),
            Zone::Wib.end_of(day.plus(3))
        );
    }
}
