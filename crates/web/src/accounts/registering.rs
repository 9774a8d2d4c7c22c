//! What the three registration pages share: the limit, the deed, and the answer that tells nobody whether a name is
//! known.

use domain::{
    accounts::{BuyerKind, OrganisationKind, Password},
    identifiers::Login,
    problem::{FieldProblems, Source},
    regions::{self, Region},
};
use store::accounts::{NewOrganisation, NewPerson, Registered, Tries};

use crate::{ctx::Ctx, error::Error, form::Form, handler::Answer};

/// Registrations from one address within the window: an extension worker registers a village in an afternoon.
const TRIES_MAX: i64 = 40;
const WINDOW_SECONDS: i64 = 3600;

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
    parse(&|name| posted.only(name).map(str::to_owned)).map_err(|problems| {
        let mut form = Form::of(posted, ctx.lang());
        form.add_all(problems);
        form
    })
}

/// Registers, and leads to the page that says the same whether the sign-in name was known or not.
pub async fn join(ctx: &Ctx, joining: Joining) -> Answer {
    let address = match ctx.ip() {
        Some(ip) => format!("register:address:{ip}"),
        None => "register:address:unknown".to_owned(),
    };
    let tries = ctx
        .store()
        .count_try(&ctx.act(), &address, TRIES_MAX, WINDOW_SECONDS)
        .await?;
    if let Tries::Exhausted {
        retry_after_seconds,
    } = tries
    {
        return Err(Error::TooMany {
            retry_after_seconds,
        });
    }
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
        .register(&ctx.act(), &person, &organisation)
        .await?;
    match registered {
        Registered::New { organisation, .. } => {
            tracing::info!(%organisation, kind = %joining.kind, "registered");
        }
        Registered::Known(_) => tracing::info!("registration with a known sign-in name"),
    }
    ctx.see("/register/done")
}
