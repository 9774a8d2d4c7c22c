//! The cells of one row of a register.

use super::{Field, MemberEntry, SavingsKind};
use crate::{
    identifiers,
    imports::Reader,
    members::MemberStatus,
    money::{self, Rupiah},
    names::{clean_line_optional, fold},
    problem::Problem,
    quantity::parse_whole,
    regions,
    time::Day,
};

const NAME_CHARS: usize = 80;
const VILLAGE_CHARS: usize = 60;
const NUMBER_MAX: i64 = 999_999;
/// No cooperative of today is older.
const FIRST_YEAR: i32 = 1945;

const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "mei", "jun", "jul", "agu", "sep", "okt", "nov", "des",
];

/// The entry; `None` after noting what can't be read.
pub(super) fn read(reader: &mut Reader<'_, Field>, today: Day) -> Option<MemberEntry> {
    let number = reader.read(Field::Number, |raw| {
        parse_whole(raw, 1, NUMBER_MAX).map(|n| i32::try_from(n).ok())
    });
    let name = reader.read(Field::Name, |raw| clean_line_optional(raw, NAME_CHARS));
    if reader.row.raw(Field::Name).is_empty() {
        reader.note(Field::Name, Problem::required());
    }
    let phone = reader.read(Field::Phone, |raw| match given(raw) {
        None => Ok(None),
        // A number is a name: `0812…` stored as a figure lost its zero, which the rule puts back.
        Some(raw) => {
            let checked = identifiers::phone(raw)?;
            match checked.warning {
                Some(warning) => Err(warning),
                None => Ok(Some(checked.normalised)),
            }
        }
    });
    let email = reader.read(Field::Email, |raw| match given(raw) {
        None => Ok(None),
        Some(raw) => identifiers::email(raw).map(|checked| Some(checked.normalised)),
    });
    let village = reader.read(Field::Village, |raw| {
        clean_line_optional(raw, VILLAGE_CHARS)
    });
    let region = reader.read(Field::Region, |raw| match given(raw) {
        None => Ok(None),
        Some(raw) => regions::find(raw)
            .filter(|region| region.is_regency() || region.is_city())
            .or_else(|| regions::regency_by_name(raw))
            .map(|region| Some(region.code.to_owned()))
            .ok_or_else(|| Problem::new("error-register-region")),
    });
    let joined_on = reader.read(Field::Joined, |raw| match given(raw) {
        None => Ok(None),
        Some(raw) => joined(raw, today).map(Some),
    });
    let status = reader.read(Field::Status, |raw| {
        status_by_word(raw)
            .map(Some)
            .ok_or_else(|| Problem::new("error-register-status"))
    });
    let mut savings = Vec::new();
    for kind in SavingsKind::ALL {
        let amount = reader.read(kind.field(), balance);
        savings.extend(amount.map(|amount| (*kind, amount)));
    }
    if reader.has_problems() {
        return None;
    }
    Some(MemberEntry {
        existing: None,
        number,
        name: name?,
        phone,
        email,
        village,
        region,
        joined_on,
        status: status.unwrap_or(MemberStatus::Active),
        savings,
    })
}

/// A dash is how books write nothing.
fn given(raw: &str) -> Option<&str> {
    (!matches!(raw.trim(), "" | "-" | "–" | "—")).then_some(raw)
}

/// What a register's words for a status mean.
#[must_use]
pub fn status_by_word(word: &str) -> Option<MemberStatus> {
    Some(match fold(word).as_str() {
        "aktif" | "anggota" | "anggota aktif" | "anggota biasa" | "active" | "member" => {
            MemberStatus::Active
        }
        "calon" | "calon anggota" | "candidate" | "candidate member" => MemberStatus::Candidate,
        "luar biasa" | "anggota luar biasa" | "associate" | "associate member" => {
            MemberStatus::Associate
        }
        "keluar" | "berhenti" | "tidak aktif" | "nonaktif" | "non aktif" | "non-aktif"
        | "mengundurkan diri" | "left" | "inactive" => MemberStatus::Left,
        _ => return None,
    })
}

/// An opening balance; nothing for `0` and `-`.
fn balance(raw: &str) -> Result<Option<Rupiah>, Problem> {
    let Some(raw) = given(raw) else {
        return Ok(None);
    };
    match money::parse(raw) {
        Ok(Rupiah::ZERO) => Ok(None),
        Ok(amount) => Ok(Some(amount)),
        Err(problem) => Err(match problem.code {
            "error-money-number" => Problem::new("error-register-money"),
            "error-money-negative" => Problem::new("error-register-negative"),
            _ => problem,
        }),
    }
}

/// A day as people write it, the day first: `24/11/2026`, `24-11-2026`, `2026-11-24`, `24 November 2026`.
fn joined(raw: &str, today: Day) -> Result<Day, Problem> {
    let day = day(raw).ok_or_else(|| Problem::new("error-register-day"))?;
    let year = day.ymd().map_or(0, |(year, ..)| year);
    if year < FIRST_YEAR || day > today {
        return Err(Problem::new("error-register-day-bounds"));
    }
    Ok(day)
}

fn day(raw: &str) -> Option<Day> {
    let text = fold(raw);
    // A workbook's moment: only its day counts.
    let text = match text.split_once(' ') {
        Some((date, time)) if time.contains(':') => date.to_owned(),
        _ => text,
    };
    let parts: Vec<&str> = text
        .split(['/', '-', '.', ' '])
        .filter(|part| !part.is_empty())
        .collect();
    let [first, second, third] = parts.as_slice() else {
        return None;
    };
    let whole = |part: &str| -> Option<i32> {
        (part.len() <= 4 && part.bytes().all(|b| b.is_ascii_digit()))
            .then(|| part.parse().ok())
            .flatten()
    };
    let small = |part: &str| whole(part).and_then(|n| u8::try_from(n).ok());
    let month = |part: &str| small(part).or_else(|| month_by_name(part));
    if first.len() == 4 {
        return Day::from_ymd(whole(first)?, month(second)?, small(third)?);
    }
    // Two digits of a year could be of two centuries.
    if third.len() != 4 {
        return None;
    }
    Day::from_ymd(whole(third)?, month(second)?, small(first)?)
}

fn month_by_name(word: &str) -> Option<u8> {
    let english = [
        ("may", 5),
        ("aug", 8),
        ("oct", 10),
        ("dec", 12),
        ("agt", 8),
        ("ags", 8),
        ("nop", 11),
        ("peb", 2),
    ];
    let start = word.get(..3)?;
    let at = MONTHS.iter().position(|month| *month == start);
    match at {
        Some(at) => u8::try_from(at + 1).ok(),
        None => english
            .iter()
            .find(|(month, _)| *month == start)
            .map(|(_, n)| *n),
    }
}
