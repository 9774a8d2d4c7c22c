//! Who may be invited as what, and reading a list of people pasted one a line.

use super::{NAME_CHARS, OrganisationKind, Role};
use crate::{
    identifiers::{Login, login},
    names::clean_line,
    problem::Problem,
};

/// People in one list.
pub const INVITED_MAX: usize = 50;

/// Somebody to invite: a name, and where the invitation goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invited {
    pub name: String,
    pub login: Login,
}

impl Role {
    /// Whether this role gives and takes roles in its organisation. Such an organisation always keeps one.
    #[must_use]
    pub const fn manages_people(self) -> bool {
        matches!(
            self,
            Self::UmkmOwner | Self::CoopManager | Self::BuyerApprover | Self::PlatformAdmin
        )
    }

    /// Whether signing in takes a code beside the password (DOMAIN §2, CHECKLIST A): those who watch over others' money
    /// and rights.
    #[must_use]
    pub const fn needs_second_step(self) -> bool {
        matches!(
            self,
            Self::CoopTreasurer | Self::CoopBoard | Self::PlatformAdmin
        )
    }
}

impl OrganisationKind {
    /// The roles that people can be invited to in such an organisation.
    pub fn roles(self) -> impl Iterator<Item = Role> {
        Role::ALL
            .iter()
            .copied()
            .filter(move |role| role.kind() == self)
    }
}

/// Reads a list, one person a line: a name and a mobile number or e-mail address, in either order, parted by a comma,
/// semicolon, tab or just blanks. Empty lines are passed over; who is there twice is invited once.
///
/// # Errors
/// `error-required`; `error-invited-line` with the line's number; `error-invited-many`.
pub fn invited(raw: &str) -> Result<Vec<Invited>, Problem> {
    let mut all: Vec<Invited> = Vec::new();
    for (at, line) in raw.lines().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        let one = person(line)
            .ok_or_else(|| Problem::new("error-invited-line").with("line", at.saturating_add(1)))?;
        if all.iter().all(|other| other.login.key() != one.login.key()) {
            all.push(one);
        }
    }
    if all.is_empty() {
        return Err(Problem::required());
    }
    if all.len() > INVITED_MAX {
        return Err(Problem::new("error-invited-many").with("max", INVITED_MAX));
    }
    Ok(all)
}

fn person(line: &str) -> Option<Invited> {
    let parts: Vec<&str> = line
        .split([',', ';', '\t'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect();
    let (name, login) = match parts.as_slice() {
        [one] => by_words(one)?,
        _ => {
            let at = parts.iter().position(|part| login(part).is_ok())?;
            let rest: Vec<&str> = parts
                .iter()
                .enumerate()
                .filter(|(other, _)| *other != at)
                .map(|(_, part)| *part)
                .collect();
            (rest.join(", "), login(parts.get(at)?).ok()?)
        }
    };
    Some(Invited {
        name: clean_line(&name, NAME_CHARS).ok()?,
        login,
    })
}

/// "Siti Aminah 0812 3456 7890": the longest end that is a number or address.
fn by_words(line: &str) -> Option<(String, Login)> {
    let words: Vec<&str> = line.split_whitespace().collect();
    (1..words.len()).find_map(|at| {
        let (name, end) = words.split_at(at);
        let login = login(&end.join(" ")).ok()?;
        Some((name.join(" "), login))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(raw: &str) -> Vec<(String, String)> {
        let list = invited(raw).unwrap();
        list.into_iter()
            .map(|one| (one.name, one.login.key()))
            .collect()
    }

    #[test]
    fn a_list_is_read_however_people_write_it() {
        let two = ("Siti Aminah".to_owned(), "+6281234567890".to_owned());
        for line in [
            "Siti Aminah, 0812 3456 7890",
            "Siti Aminah 0812-3456-7890",
            "Siti Aminah;+62 812 3456 7890",
            "0812 3456 7890\tSiti Aminah",
            "  Siti  Aminah 081234567890 ",
        ] {
            assert_eq!(read(line).as_slice(), std::slice::from_ref(&two), "{line}");
        }
        let both =
            read("Siti, siti@contoh.example\r\n\r\nBudi 0812 3456 7891\nBudi 081234567891\n");
        assert_eq!(both.len(), 2);
        assert_eq!(both[0].1, "siti@contoh.example");
    }

    #[test]
    fn what_is_wrong_is_told_by_its_line() {
        let line = |raw: &str| invited(raw).map_err(|problem| (problem.code, problem.args));
        let at = |n: &str| ("error-invited-line", vec![("line", n.to_owned())]);
        assert_eq!(line("Siti 081234567890\nBudi"), Err(at("2")));
        assert_eq!(line("0812 3456 7890"), Err(at("1")));
        assert_eq!(line("Siti, 0285 391234"), Err(at("1")));
        assert_eq!(invited(" \n ").unwrap_err().code, "error-required");
        let many: String = (0..51)
            .map(|n| format!("Orang, 0812345678{n:02}\n"))
            .collect();
        assert_eq!(invited(&many).unwrap_err().code, "error-invited-many");
        let _ = invited("\0,\u{fffd};🍌\t,");
    }

    #[test]
    fn every_kind_has_a_role_that_manages_people_except_agencies() {
        for kind in OrganisationKind::ALL {
            let manages = kind.roles().any(Role::manages_people);
            assert_eq!(manages, *kind != OrganisationKind::Agency, "{kind}");
        }
    }
}
