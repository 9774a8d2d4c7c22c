//! What the three registration pages share: the limit, the deed, and the answer that tells nobody whether a name is
//! known.

use domain::{
    accounts::{BuyerKind, OrganisationKind, Password},
    identifiers::Login,
    problem::{FieldProblems, Problem, Source},
    regions::{self, Region},
};
use store::{
    accounts::{self, NewOrganisation, NewPerson, Registered},
    tokens::Purpose,
};

use super::limits::{self, HOUR_SECONDS};
use crate::{ctx::Ctx, form::Form, handler::Answer, security};

/// Registrations from one address within the window: an extension worker registers a village in an afternoon.
const TRIES_MAX: i64 = 40;
/// The version of `/terms` and `/privacy` that the box speaks of. Counts up when what they promise changes.
pub const TERMS_VERSION: i32 = 1;

/// A province with its regencies, for one picker that works without script.
pub struct Province {
    pub name: &'static str,
    pub regencies: &'static [Region],
}

pub fn provinces() -> Vec<Province> {
    regions::provinces()
        .iter()
        .map(|province| Province {
            name: province.name,
            regencies: regions::regencies(province.code),
        })
        .collect()
}

/// What everybody gives.
pub struct Joining {
    pub kind: OrganisationKind,
    pub person_name: String,
    pub organisation_name: String,
    pub region: String,
    pub buyer_kind: Option<BuyerKind>,
    pub login: Login,
    pub password: Password,
}

/// Reads a command of the domain from the form; what is wrong comes back as the form to draw again.
pub fn read<T>(
    ctx: &Ctx,
    parse: impl FnOnce(Source<'_>) -> Result<T, FieldProblems>,
) -> Result<T, Form> {
    let posted = ctx.posted();
    let parsed = parse(&|name| posted.only(name).map(str::to_owned));
    let mut form = Form::of(posted, ctx.lang());
    // In the order of the page: the consent is its last field.
    let command = match parsed {
        Ok(command) => Some(command),
        Err(problems) => {
            form.add_all(problems);
            None
        }
    };
    let consents = consents(ctx, &mut form);
    command.filter(|_| consents).ok_or(form)
}

/// Whether the box about terms and data is ticked; noted in the form where it isn't.
pub fn consents(ctx: &Ctx, form: &mut Form) -> bool {
    let consents = ctx.posted().only("consent") == Some("on");
    if !consents {
        form.add("consent", Problem::new("register-consent-missing"));
    }
    consents
}

/// Registers, and leads to the page that says the same whether the sign-in name was known or not.
pub async fn join(ctx: &Ctx, joining: Joining) -> Answer {
    let address = limits::of_address(ctx, "register");
    limits::within(ctx, &address, TRIES_MAX, HOUR_SECONDS).await?;
    // The same work for every name: the hash, the link, one deed.
    let with = accounts::Joining {
        consented_to: Some(TERMS_VERSION),
        confirm: Some(ctx.new_link(Purpose::Email)?),
    };
    let person = NewPerson {
        name: joining.person_name,
        login: joining.login,
        password_hash: ctx.state().passwords.hash(&joining.password).await?,
        lang: ctx.lang().code().to_owned(),
    };
    let organisation = NewOrganisation {
        kind: joining.kind,
        name: joining.organisation_name,
        region_code: joining.region,
        buyer_kind: joining.buyer_kind,
    };
    let registered = ctx
        .store()
        .join(&ctx.act(), &person, &organisation, &with)
        .await?;
    match registered {
        Registered::New {
            person,
            organisation,
        } => {
            tracing::info!(%organisation, kind = %joining.kind, "registered");
            security::note_person(ctx, security::Kind::Registered, Some(person));
        }
        Registered::Known(_) => tracing::info!("registration with a known sign-in name"),
    }
    ctx.see("/register/done")
}
