//! A cooperative's register of members from a table, with the opening balances of their savings (DOMAIN §1, §3, §9).
//!
//! A row is a new member, or completes one that is there already: found by its number, by its phone number, or by its name
//! where it was entered from a list and nobody has signed in for it. Two rows, or a row and a member, that can't both be
//! right are refused with the place. What all lists share is in [`crate::imports`]. Start at [`interpret`].

use std::collections::{HashMap, HashSet};

use crate::{
    ids::MemberId,
    imports::{self, Cells, Fingerprint, Mapping, Reader, RowOutcome, SheetRow, columns_of},
    members::MemberStatus,
    money::Rupiah,
    names::skeleton,
    problem::Problem,
    time::Day,
};

mod cells;
mod columns;

pub use cells::status_by_word;
pub use columns::Field;

/// What a register would bring.
pub type Preview = imports::Preview<Field, MemberEntry>;

crate::coded::coded! {
    /// The savings of a member (DOMAIN §9, accounts 3101, 3102 and 2401).
    pub enum SavingsKind {
        /// Simpanan pokok, paid once.
        Principal = "principal",
        /// Simpanan wajib, paid each month.
        Mandatory = "mandatory",
        /// Simpanan sukarela.
        Voluntary = "voluntary",
    }
}

/// What is known of a member from its row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberEntry {
    /// The member that this row completes; a new one without.
    pub existing: Option<MemberId>,
    pub number: Option<i32>,
    pub name: String,
    /// In E.164.
    pub phone: Option<String>,
    pub email: Option<String>,
    pub village: Option<String>,
    /// Code of a regency or city; the cooperative's own where the row says nothing.
    pub region: Option<String>,
    pub joined_on: Option<Day>,
    pub status: MemberStatus,
    /// Opening balances, each more than nothing.
    pub savings: Vec<(SavingsKind, Rupiah)>,
}

/// A member that the cooperative has already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownMember {
    pub id: MemberId,
    pub number: Option<i32>,
    pub name: String,
    /// In E.164.
    pub phone: Option<String>,
    pub status: MemberStatus,
    /// Somebody signs in for it.
    pub has_owner: bool,
    /// The savings whose opening balance stands.
    pub opened: Vec<SavingsKind>,
}

/// What the rules need to know beside the file.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    pub members: &'a [KnownMember],
    /// Rows that this cooperative has imported before.
    pub imported: Option<&'a HashSet<Fingerprint>>,
    /// The columns as somebody chose them; guessed without.
    pub mapping: Option<&'a Mapping>,
    /// Nobody has joined after it.
    pub today: Day,
}

/// Reads a register.
///
/// # Errors
/// `error-import-no-name` without a column for the name; `error-import-same-column` when two columns would fill the
/// same field.
pub fn interpret<'a>(
    headers: &[String],
    rows: impl IntoIterator<Item = SheetRow<'a>>,
    known: &Known<'_>,
) -> Result<Preview, Problem> {
    let columns = columns_of(headers, known.mapping)?;
    let mut register = Register::of(known);
    Ok(imports::interpret(
        columns,
        rows,
        known.imported,
        |_| true,
        |number, row| register.judge(number, row),
    ))
}

/// The members there are, and those of the rows so far.
struct Register<'a> {
    known: &'a Known<'a>,
    by_number: HashMap<i32, &'a KnownMember>,
    by_phone: HashMap<&'a str, &'a KnownMember>,
    by_name: HashMap<String, Vec<&'a KnownMember>>,
    /// Numbers, phone numbers and names of the file, each with the row that has it.
    numbers: HashMap<i32, u32>,
    phones: HashMap<String, u32>,
    names: HashMap<String, u32>,
    /// Members that a row has completed already.
    completed: HashMap<MemberId, u32>,
}

impl<'a> Register<'a> {
    fn of(known: &'a Known<'a>) -> Self {
        let mut by_name: HashMap<String, Vec<&KnownMember>> = HashMap::new();
        for member in known.members {
            by_name
                .entry(skeleton(&member.name))
                .or_default()
                .push(member);
        }
        Self {
            by_number: known
                .members
                .iter()
                .filter_map(|member| Some((member.number?, member)))
                .collect(),
            by_phone: known
                .members
                .iter()
                .filter_map(|member| Some((member.phone.as_deref()?, member)))
                .collect(),
            by_name,
            known,
            numbers: HashMap::new(),
            phones: HashMap::new(),
            names: HashMap::new(),
            completed: HashMap::new(),
        }
    }

    fn judge(&mut self, at: u32, row: &Cells<'_, Field>) -> RowOutcome<MemberEntry> {
        let mut reader = Reader::new(row);
        if let Some(problem) = row.too_many() {
            return RowOutcome::Refused(vec![imports::CellProblem {
                column: String::new(),
                problem,
            }]);
        }
        let Some(mut entry) = cells::read(&mut reader, self.known.today) else {
            return RowOutcome::Refused(reader.problems());
        };
        self.note_twins(at, &entry, &mut reader);
        if reader.has_problems() {
            return RowOutcome::Refused(reader.problems());
        }
        let member = match self.find(&entry) {
            Ok(member) => member,
            Err((field, problem)) => {
                reader.note(field, problem);
                return RowOutcome::Refused(reader.problems());
            }
        };
        let Some(member) = member else {
            return RowOutcome::New(entry);
        };
        if let Some(first) = self.completed.insert(member.id, at) {
            reader.note(
                Field::Name,
                Problem::new("error-register-same-member").with("row", first),
            );
        }
        check_status(member, &entry, row, &mut reader);
        for (kind, _) in &entry.savings {
            if member.opened.contains(kind) {
                reader.note(kind.field(), Problem::new("error-register-opened"));
            }
        }
        if reader.has_problems() {
            return RowOutcome::Refused(reader.problems());
        }
        entry.existing = Some(member.id);
        if member.was_taken_back() {
            RowOutcome::New(entry)
        } else {
            RowOutcome::Match(entry)
        }
    }

    /// Rows of one file that claim the same number or phone; without either, the same name.
    fn note_twins(&mut self, at: u32, entry: &MemberEntry, reader: &mut Reader<'_, Field>) {
        let twin = |first: u32, code: &'static str| Problem::new(code).with("row", first);
        if let Some(number) = entry.number
            && let Some(first) = self.numbers.insert(number, at)
        {
            self.numbers.insert(number, first);
            reader.note(Field::Number, twin(first, "error-register-number-twice"));
        }
        if let Some(phone) = &entry.phone
            && let Some(first) = self.phones.insert(phone.clone(), at)
        {
            self.phones.insert(phone.clone(), first);
            reader.note(Field::Phone, twin(first, "error-register-phone-twice"));
        }
        let name = skeleton(&entry.name);
        match self.names.get(&name) {
            Some(first) if entry.number.is_none() && entry.phone.is_none() => {
                reader.note(Field::Name, twin(*first, "error-register-name-twice"));
            }
            Some(_) => {}
            None => {
                self.names.insert(name, at);
            }
        }
    }

    /// The member that a row is about.
    fn find(&self, entry: &MemberEntry) -> Result<Option<&'a KnownMember>, (Field, Problem)> {
        let by_number = entry.number.and_then(|n| self.by_number.get(&n)).copied();
        let by_phone = entry
            .phone
            .as_deref()
            .and_then(|phone| self.by_phone.get(phone))
            .copied();
        let same_name = |member: &KnownMember| skeleton(&member.name) == skeleton(&entry.name);
        match (by_number, by_phone) {
            (Some(one), Some(other)) if one.id != other.id => Err((
                Field::Phone,
                Problem::new("error-register-two-members")
                    .with("first", &one.name)
                    .with("second", &other.name),
            )),
            (Some(member), None) if !same_name(member) => Err((
                Field::Number,
                Problem::new("error-register-number-taken").with("name", &member.name),
            )),
            (None, Some(member))
                if entry.number.is_some()
                    && member.number.is_some_and(|n| Some(n) != entry.number) =>
            {
                Err((
                    Field::Number,
                    Problem::new("error-register-other-number")
                        .with("number", member.number.unwrap_or_default()),
                ))
            }
            (Some(member), _) | (None, Some(member)) => Ok(Some(member)),
            (None, None) => {
                let named = self.by_name.get(&skeleton(&entry.name));
                let mut back = named
                    .into_iter()
                    .flatten()
                    .copied()
                    .filter(|member| member.was_taken_back());
                if let Some(member) = back.next() {
                    return Ok(Some(member));
                }
                match named.and_then(|all| all.first()) {
                    Some(member) if entry.number.is_none() && entry.phone.is_none() => Err((
                        Field::Name,
                        Problem::new("error-register-name-known").with("name", &member.name),
                    )),
                    _ => Ok(None),
                }
            }
        }
    }
}

/// A register may admit an applicant, but neither call back who has left nor end a membership.
fn check_status(
    member: &KnownMember,
    entry: &MemberEntry,
    row: &Cells<'_, Field>,
    reader: &mut Reader<'_, Field>,
) {
    if member.was_taken_back() || member.status == MemberStatus::Applied {
        return;
    }
    if matches!(member.status, MemberStatus::Left | MemberStatus::Declined) {
        if entry.status != MemberStatus::Left {
            reader.note(Field::Name, Problem::new("error-register-gone"));
        }
    } else if !row.raw(Field::Status).is_empty() && entry.status != member.status {
        reader.note(Field::Status, Problem::new("error-register-status-differs"));
    }
}

impl KnownMember {
    /// It came from a list that was undone, and nobody has ever signed in for it.
    #[must_use]
    pub fn was_taken_back(&self) -> bool {
        self.status == MemberStatus::Declined && !self.has_owner
    }
}

impl SavingsKind {
    fn field(self) -> Field {
        match self {
            Self::Principal => Field::Principal,
            Self::Mandatory => Field::Mandatory,
            Self::Voluntary => Field::Voluntary,
        }
    }
}

#[cfg(test)]
mod tests;
