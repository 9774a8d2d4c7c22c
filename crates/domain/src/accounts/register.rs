//! What a person sends to join: at most five things to fill in, everything else comes later.
//!
//! Each command reads itself from the raw fields of a form or file and gives back all problems at once. Whether a
//! login or name is still free only the store can tell.

use super::{BuyerKind, Password, password};
use crate::{
    identifiers::{Login, login},
    names::clean_line,
    problem::{FieldProblems, Problem, Source},
    regions,
};

/// The longest name of a person or organisation, in characters.
pub const NAME_CHARS: usize = 100;

/// An UMKM owner joins with the business. Fields: `person_name`, `organisation_name`, `region`, `login`, `password`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisterUmkm {
    pub person_name: String,
    pub organisation_name: String,
    /// Code of a regency or city, `33.25`.
    pub region: String,
    pub login: Login,
    pub password: Password,
}

/// A manager joins with the cooperative; its short code is chosen at verification. Fields as [`RegisterUmkm`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisterCooperative {
    pub person_name: String,
    pub organisation_name: String,
    /// Code of a regency or city, `33.25`.
    pub region: String,
    pub login: Login,
    pub password: Password,
}

/// A buyer joins. Fields: `organisation_name`, `buyer_kind`, `region`, `login`, `password`. `person_name` may be left
/// out to keep the form at five answers: the person goes by the organisation's name until changed in the profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisterBuyer {
    pub person_name: String,
    pub organisation_name: String,
    pub buyer_kind: BuyerKind,
    /// Code of a regency or city, `33.74`.
    pub region: String,
    pub login: Login,
    pub password: Password,
}

impl RegisterUmkm {
    /// # Errors
    /// The problems of all fields.
    pub fn parse(source: Source<'_>) -> Result<Self, FieldProblems> {
        let mut problems = FieldProblems::new();
        let joining = Joining::take(source, &mut problems);
        let region = problems.take("region", region(&text(source, "region")));
        let (person_name, organisation_name, login, password) = joining.secured(&mut problems);
        let command = (|| {
            Some(Self {
                person_name: person_name?,
                organisation_name: organisation_name?,
                region: region?,
                login: login?,
                password: password?,
            })
        })();
        problems.finish(command)
    }
}

impl RegisterCooperative {
    /// # Errors
    /// The problems of all fields.
    pub fn parse(source: Source<'_>) -> Result<Self, FieldProblems> {
        let umkm = RegisterUmkm::parse(source)?;
        Ok(Self {
            person_name: umkm.person_name,
            organisation_name: umkm.organisation_name,
            region: umkm.region,
            login: umkm.login,
            password: umkm.password,
        })
    }
}

impl RegisterBuyer {
    /// # Errors
    /// The problems of all fields.
    pub fn parse(source: Source<'_>) -> Result<Self, FieldProblems> {
        let mut problems = FieldProblems::new();
        let joining = if text(source, "person_name").trim().is_empty() {
            Joining::of_organisation(source, &mut problems)
        } else {
            Joining::take(source, &mut problems)
        };
        let buyer_kind = problems.take("buyer_kind", buyer_kind(&text(source, "buyer_kind")));
        let region = problems.take("region", region(&text(source, "region")));
        let (person_name, organisation_name, login, password) = joining.secured(&mut problems);
        let command = (|| {
            Some(Self {
                person_name: person_name?,
                organisation_name: organisation_name?,
                buyer_kind: buyer_kind?,
                region: region?,
                login: login?,
                password: password?,
            })
        })();
        problems.finish(command)
    }
}

/// A regency or city chosen from the list, by its code or by its whole name.
///
/// # Errors
/// `error-region-empty`; `error-region` for what is no regency or city of the table.
pub fn region(raw: &str) -> Result<String, Problem> {
    match raw.trim() {
        "" => Err(Problem::new("error-region-empty")),
        chosen => regions::all_regencies()
            .find(|region| region.code == chosen || region.name == chosen)
            .map(|region| region.code.to_owned())
            .ok_or_else(|| Problem::new("error-region")),
    }
}

fn buyer_kind(raw: &str) -> Result<BuyerKind, Problem> {
    raw.trim()
        .parse()
        .map_err(|_| Problem::new("error-buyer-kind"))
}

fn text(source: Source<'_>, field: &str) -> String {
    source(field).unwrap_or_default()
}

/// A name that must be given, with the words of its own field when it is missing.
fn named(raw: &str, empty: &'static str) -> Result<String, Problem> {
    clean_line(raw, NAME_CHARS).map_err(|problem| {
        if problem == Problem::required() {
            Problem::new(empty)
        } else {
            problem
        }
    })
}

/// The fields that everybody fills in, names first, as the forms have them.
struct Joining<'a> {
    source: Source<'a>,
    person_name: Option<String>,
    organisation_name: Option<String>,
}

type Secured = (
    Option<String>,
    Option<String>,
    Option<Login>,
    Option<Password>,
);

impl<'a> Joining<'a> {
    fn take(source: Source<'a>, problems: &mut FieldProblems) -> Self {
        let person = named(&text(source, "person_name"), "error-person-name-empty");
        let person_name = problems.take("person_name", person);
        Self {
            person_name,
            ..Self::of_organisation(source, problems)
        }
    }

    /// Without a name of its own the person goes by the organisation's.
    fn of_organisation(source: Source<'a>, problems: &mut FieldProblems) -> Self {
        let organisation = named(
            &text(source, "organisation_name"),
            "error-organisation-name-empty",
        );
        let organisation_name = problems.take("organisation_name", organisation);
        Self {
            source,
            person_name: organisation_name.clone(),
            organisation_name,
        }
    }

    /// Login and password, the last fields of each form; the password may be none of the other answers.
    fn secured(self, problems: &mut FieldProblems) -> Secured {
        let typed_login = text(self.source, "login");
        let login = problems.take("login", login(&typed_login));
        let key = login.as_ref().map(Login::key).unwrap_or_default();
        let own = [
            typed_login.as_str(),
            key.as_str(),
            self.person_name.as_deref().unwrap_or_default(),
            self.organisation_name.as_deref().unwrap_or_default(),
        ];
        let password = problems.take("password", password(&text(self.source, "password"), &own));
        (self.person_name, self.organisation_name, login, password)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &[(&str, &str)] = &[
        ("person_name", " Siti  Aminah "),
        ("organisation_name", "Dapur Roban"),
        ("region", "33.25"),
        ("login", "0812-0000-0001"),
        ("password", "kuda baterai staples"),
        ("buyer_kind", "retailer"),
    ];

    fn with<T>(changes: &[(&str, &str)], parse: impl Fn(Source<'_>) -> T) -> T {
        parse(&|field| {
            changes
                .iter()
                .chain(GOOD)
                .find(|(name, _)| *name == field)
                .map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn an_owner_joins_with_five_answers() {
        let command = with(&[], RegisterUmkm::parse).unwrap();
        assert_eq!(command.person_name, "Siti Aminah");
        assert_eq!(command.region, "33.25");
        assert_eq!(command.login, Login::Phone("+6281200000001".to_owned()));
        assert_eq!(command.password.expose(), "kuda baterai staples");
        let cooperative = with(&[], RegisterCooperative::parse).unwrap();
        assert_eq!(cooperative.organisation_name, "Dapur Roban");
    }

    #[test]
    fn a_buyer_says_its_kind_and_may_leave_the_persons_name_out() {
        let buyer = with(&[], RegisterBuyer::parse).unwrap();
        assert_eq!(buyer.buyer_kind, BuyerKind::Retailer);
        assert_eq!(buyer.person_name, "Siti Aminah");
        let buyer = with(&[("person_name", " ")], RegisterBuyer::parse).unwrap();
        assert_eq!(buyer.person_name, "Dapur Roban");
    }

    #[test]
    fn all_problems_come_at_once_in_the_order_of_the_fields() {
        let codes = |problems: FieldProblems| -> Vec<_> {
            problems
                .0
                .into_iter()
                .map(|(field, p)| (field, p.code))
                .collect()
        };
        let nothing = |_: &str| None;
        assert_eq!(
            codes(RegisterUmkm::parse(&nothing).unwrap_err()),
            [
                ("person_name", "error-person-name-empty"),
                ("organisation_name", "error-organisation-name-empty"),
                ("region", "error-region-empty"),
                ("login", "error-login-empty"),
                ("password", "error-password-empty"),
            ]
        );
        assert_eq!(
            codes(RegisterBuyer::parse(&nothing).unwrap_err()),
            [
                ("organisation_name", "error-organisation-name-empty"),
                ("buyer_kind", "error-buyer-kind"),
                ("region", "error-region-empty"),
                ("login", "error-login-empty"),
                ("password", "error-password-empty"),
            ]
        );
        for (field, value, code) in [
            (
                "person_name",
                "Si\u{200b}ti",
                "error-text-hidden-characters",
            ),
            ("region", "33", "error-region"),
            ("region", "33.70", "error-region"),
            ("region", "33.25' --", "error-region"),
            ("login", "siti", "error-login"),
            ("password", "pendek", "error-password-short"),
            ("password", "081200000001", "error-password-own"),
            ("password", "+6281200000001", "error-password-own"),
            ("password", "siti aminah", "error-password-own"),
            ("password", "dapurroban", "error-password-own"),
            ("buyer_kind", "admin", "error-buyer-kind"),
        ] {
            let problems = with(&[(field, value)], RegisterBuyer::parse).unwrap_err();
            assert_eq!(codes(problems), [(field, code)], "{value}");
        }
        let long = "n".repeat(NAME_CHARS + 1);
        let problems = with(&[("organisation_name", &long)], RegisterCooperative::parse);
        assert_eq!(
            codes(problems.unwrap_err()),
            [("organisation_name", "error-text-too-long")]
        );
    }

    #[test]
    fn fields_nobody_asked_for_change_nothing() {
        let extra = [
            ("role", "platform_admin"),
            ("verification", "verified"),
            ("kind", "platform"),
        ];
        assert_eq!(
            with(&extra, RegisterUmkm::parse),
            with(&[], RegisterUmkm::parse)
        );
    }
}
