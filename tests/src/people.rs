//! People who use the app in tests: registered, verified where their kind needs it, signed in through the real page.
//!
//! `app.umkm("Keripik Sari").await` gives an owner; `person.get("/products").await` goes there as that person.

use std::{ops::Deref, sync::OnceLock};

use domain::{
    accounts::{BuyerKind, OrganisationKind, Role},
    identifiers,
    ids::{OrganisationId, PersonId},
};
use store::{
    Act,
    accounts::{Decision, NewOrganisation, NewPerson, Registered},
};

use crate::{app::TestApp, database, visitor::Visitor};

/// Everybody's password.
pub const PASSWORD: &str = "panen-raya-di-lereng-2026";

/// Kabupaten Bantul.
const REGION: &str = "34.02";

/// Someone signed in, acting for one organisation.
#[derive(Debug)]
pub struct Person {
    pub visitor: Visitor,
    pub person: PersonId,
    pub organisation: OrganisationId,
    pub login: String,
}

impl Deref for Person {
    type Target = Visitor;

    fn deref(&self) -> &Visitor {
        &self.visitor
    }
}

impl Person {
    /// The circumstances of a deed that this person does now.
    #[must_use]
    pub fn act(&self, app: &TestApp) -> Act {
        Act::by(app.now(), self.person, self.organisation)
    }
}

impl TestApp {
    /// The owner of a new UMKM.
    pub async fn umkm(&self, name: &str) -> Person {
        self.joined(OrganisationKind::Umkm, name, None).await
    }

    /// The manager of a new cooperative, verified with `code` (2 to 6 letters).
    pub async fn cooperative(&self, name: &str, code: &str) -> Person {
        self.joined(OrganisationKind::Cooperative, name, Some(code))
            .await
    }

    /// The first person of a new buyer, verified, who may order and approve.
    pub async fn buyer(&self, name: &str) -> Person {
        self.joined(OrganisationKind::Buyer, name, Some("")).await
    }

    /// A cooperative or buyer that the administrator hasn't answered yet.
    pub async fn applicant(&self, kind: OrganisationKind, name: &str) -> Person {
        self.joined(kind, name, None).await
    }

    /// A platform administrator.
    pub async fn administrator(&self) -> Person {
        self.joined(OrganisationKind::Platform, "Lumbung", None)
            .await
    }

    /// An observer of a cooperative office.
    pub async fn observer(&self, name: &str) -> Person {
        self.joined(OrganisationKind::Agency, name, None).await
    }

    /// A further person with this role in an organisation.
    ///
    /// # Panics
    /// When the role doesn't exist in organisations of its kind.
    pub async fn colleague(&self, of: &Person, name: &str, role: Role) -> Person {
        let (person, own, login) = self.registered(role.kind(), name).await;
        // Shorter than an invitation and its letter: the role is moved over to the other organisation.
        database::run_with(
            &self.database.url,
            "UPDATE roles SET organisation_id = $1, role = $2 WHERE person_id = $3 AND organisation_id = $4",
            [
                of.organisation.0.into(),
                role.as_str().into(),
                person.0.into(),
                own.0.into(),
            ],
        )
        .await;
        Person {
            visitor: self.signed_in(&login).await,
            person,
            organisation: of.organisation,
            login,
        }
    }

    /// A browser in which someone has signed in, on the real page.
    ///
    /// # Panics
    /// When the page refuses.
    pub async fn signed_in(&self, login: &str) -> Visitor {
        let visitor = self.visitor();
        let answer = visitor
            .fill(
                "/login",
                "/login",
                &[("login", login), ("password", PASSWORD)],
            )
            .await;
        assert_eq!(answer.status, 303, "{login}: {}", answer.visible());
        visitor
    }

    /// `verified`: the code given with the verification (empty for buyers); `None` leaves it open.
    async fn joined(&self, kind: OrganisationKind, name: &str, verified: Option<&str>) -> Person {
        let (person, organisation, login) = self.registered(kind, name).await;
        if let Some(code) = verified {
            let decision = Decision::Verify {
                code: (!code.is_empty()).then(|| code.to_owned()),
            };
            self.store
                .answer_applicant(&self.system(), organisation, &decision)
                .await
                .expect("an applicant is verified");
        }
        Person {
            visitor: self.signed_in(&login).await,
            person,
            organisation,
            login,
        }
    }

    async fn registered(
        &self,
        kind: OrganisationKind,
        name: &str,
    ) -> (PersonId, OrganisationId, String) {
        let login = format!(
            "{}@{kind}.example",
            name.to_lowercase()
                .replace(|c: char| !c.is_alphanumeric(), "")
        );
        let new_person = NewPerson {
            name: format!("Ibu {name}"),
            login: identifiers::login(&login).expect("an e-mail address"),
            password_hash: password_hash().to_owned(),
            lang: "id".to_owned(),
        };
        let new_organisation = NewOrganisation {
            kind,
            name: name.to_owned(),
            region_code: REGION.to_owned(),
            buyer_kind: (kind == OrganisationKind::Buyer).then_some(BuyerKind::Retailer),
        };
        let registered = self
            .store
            .register(&self.system(), &new_person, &new_organisation)
            .await;
        match registered.expect("the database answers") {
            Registered::New {
                person,
                organisation,
            } => (person, organisation, login),
            Registered::Known(_) => panic!("{login} is registered already: give another name"),
        }
    }
}

/// Computed once: it takes its time on purpose.
fn password_hash() -> &'static str {
    static HASH: OnceLock<String> = OnceLock::new();
    HASH.get_or_init(|| web::passwords::hash(PASSWORD).expect("a hash"))
}
