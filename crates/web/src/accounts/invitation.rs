//! An invitation, opened by its link: with an account one signs in and accepts, without one a name and a password are
//! enough. The link proves the number or address it was sent to.

use askama::Template;
use domain::{
    accounts::{NAME_CHARS, OrganisationKind, Role, password, region},
    identifiers::Login,
    ids::OrganisationId,
    problem::Problem,
    regions,
};
use store::{
    accounts::{Acceptance, InvitationError, NewOrganisation, OpenInvitation, Supplier},
    tokens,
};

use super::{
    entering, limits, links,
    registering::{self, Province, TERMS_VERSION},
};
use crate::{
    ctx::Ctx,
    error::{Error, encode},
    flash::Flash,
    form::Form,
    handler::Answer,
    nav::role_key,
    parts::Choice,
    security,
    shell::Shell,
};

/// Openings of invitations per address within an hour.
const OPENINGS_MAX: i64 = 200;
/// The choice of making a new business.
const NEW: &str = "new";

#[derive(Template)]
#[template(path = "accounts/invitation.html")]
struct Page {
    shell: Shell,
    form: Form,
    token: String,
    invitation: OpenInvitation,
    provinces: Vec<Province>,
    /// The businesses of whoever is signed in, and a new one.
    businesses: Vec<Choice>,
    login_href: String,
}

impl Page {
    fn is_signed_in(&self) -> bool {
        self.shell.person.is_some()
    }

    /// The invited says which business joins; the one of the register is known.
    fn asks_business(&self) -> bool {
        self.invitation.role.is_none() && self.invitation.business.is_none()
    }

    fn place(&self) -> String {
        regions::short_name(&self.invitation.region_code)
    }

    fn role(&self) -> String {
        match self.invitation.role {
            Some(role) => self.shell.t(role_key(&[role])),
            None => self.shell.t("invitation-as-member"),
        }
    }

    fn login(&self) -> String {
        self.invitation.login.key()
    }

    fn has_businesses(&self) -> bool {
        self.businesses.len() > 1
    }
}

async fn open(ctx: &Ctx, token: &str) -> Result<OpenInvitation, Error> {
    let bucket = limits::of_address(ctx, "invitation");
    limits::within(ctx, &bucket, OPENINGS_MAX, limits::HOUR_SECONDS).await?;
    let invitation = ctx
        .store()
        .invitation(&tokens::hash(token), ctx.now())
        .await?;
    invitation.ok_or_else(over)
}

fn over() -> Error {
    Error::conflict("invitation-over").way_out("/login", "login-button")
}

async fn draw(ctx: &Ctx, token: String, invitation: OpenInvitation, form: Form) -> Answer {
    let is_again = form.has_errors();
    let mut businesses: Vec<Choice> = owned(ctx)
        .into_iter()
        .map(|(id, name)| Choice::new(id, name))
        .collect();
    businesses.push(Choice::new(NEW, ctx.t("invitation-new-business")));
    let page = Page {
        shell: ctx.shell().await,
        form,
        provinces: registering::provinces(),
        businesses,
        login_href: format!(
            "/login?next={}",
            encode(&format!("/invitation?token={token}"))
        ),
        token,
        invitation,
    };
    links::html(ctx, &page, is_again)
}

/// The businesses that whoever is signed in may bring into a cooperative.
fn owned(ctx: &Ctx) -> Vec<(OrganisationId, String)> {
    let belongs = ctx.visitor().map(|visitor| visitor.belongs.clone());
    belongs
        .unwrap_or_default()
        .into_iter()
        .filter(|belonging| {
            belonging.roles.contains(&Role::UmkmOwner)
                || belonging.roles.contains(&Role::CoopManager)
        })
        .map(|belonging| (belonging.organisation, belonging.name))
        .collect()
}

pub async fn page(ctx: Ctx) -> Answer {
    let token = links::token(&ctx);
    if token.is_empty() {
        return ctx.see("/");
    }
    let invitation = open(&ctx, &token).await?;
    let first = owned(&ctx)
        .first()
        .map_or_else(|| NEW.to_owned(), |(id, _)| id.to_string());
    let form = ctx
        .empty_form()
        .with("name", &invitation.name)
        .with("region", &invitation.region_code)
        .with("supplier", first);
    draw(&ctx, token, invitation, form).await
}

pub async fn submit(ctx: Ctx) -> Answer {
    let token = links::token(&ctx);
    let invitation = open(&ctx, &token).await?;
    let acceptance = if ctx.visitor().is_some() {
        known(&ctx, &invitation)
    } else if invitation.is_known {
        return draw(&ctx, token, invitation, Form::of(ctx.posted(), ctx.lang())).await;
    } else {
        newcomer(&ctx, &invitation).await?
    };
    let acceptance = match acceptance {
        Ok(acceptance) => acceptance,
        Err(form) => return draw(&ctx, token, invitation, form).await,
    };
    let accepted = ctx
        .store()
        .accept_invitation(&ctx.act(), &tokens::hash(&token), &acceptance)
        .await;
    let person = match accepted {
        Ok(person) => person,
        Err(InvitationError::Over) => return Err(over()),
        Err(InvitationError::Known) => {
            return Err(Error::conflict("invitation-known").way_out(
                format!(
                    "/login?next={}",
                    encode(&format!("/invitation?token={token}"))
                ),
                "login-button",
            ));
        }
        Err(InvitationError::NoBusiness) => return Err(Error::NotFound),
        Err(InvitationError::Membership(_)) => {
            return Err(
                Error::conflict("invitation-cannot-join").way_out("/home", "refusal-way-home")
            );
        }
        Err(InvitationError::Store(error)) => return Err(error.into()),
    };
    security::note_person(&ctx, security::Kind::InvitationAccepted, Some(person));
    if let Some(role) = invitation.role {
        security::note_role(&ctx, person, role, true);
    }
    if ctx.visitor().is_some() {
        let told = text::t_with(
            ctx.lang(),
            "invitation-accepted",
            &[("organisation", invitation.organisation_name.into())],
        );
        ctx.flash(Flash::done(told)).await?;
        ctx.renew_session().await?;
    } else {
        entering::begin(&ctx, person, true).await?;
    }
    ctx.see("/home")
}

/// The business that a newcomer, or somebody who wants one more, brings along.
fn business(
    reader: &mut crate::form::Reader<'_>,
    invitation: &OpenInvitation,
) -> Option<Option<NewOrganisation>> {
    if invitation.role.is_some() || invitation.business.is_some() {
        return Some(None);
    }
    let name = reader.line("business", NAME_CHARS);
    let region = reader.with("region", region);
    Some(Some(NewOrganisation {
        kind: OrganisationKind::Umkm,
        name: name?,
        region_code: region?,
        buyer_kind: None,
    }))
}

async fn newcomer(
    ctx: &Ctx,
    invitation: &OpenInvitation,
) -> Result<Result<Acceptance, Form>, Error> {
    let mut reader = ctx.reader();
    let name = reader.line("name", NAME_CHARS);
    let business = business(&mut reader, invitation);
    let key = invitation.login.key();
    let own = [key.as_str(), reader.raw("name"), reader.raw("business")];
    let typed = password(reader.raw("password"), &own);
    let password = reader.take("password", typed);
    if ctx.posted().only("consent") != Some("on") {
        reader.add("consent", Problem::new("register-consent-missing"));
    }
    let (name, business, password) = match reader.finish(|| Some((name?, business?, password?))) {
        Ok(all) => all,
        Err(form) => return Ok(Err(form)),
    };
    Ok(Ok(Acceptance::New {
        name,
        password_hash: ctx.state().passwords.hash(&password).await?,
        lang: ctx.lang().code().to_owned(),
        consented_to: TERMS_VERSION,
        business,
    }))
}

/// Whoever is signed in accepts for themselves, with one of their businesses or a new one.
fn known(ctx: &Ctx, invitation: &OpenInvitation) -> Result<Acceptance, Form> {
    let mut reader = ctx.reader();
    let supplier = if invitation.role.is_some() || invitation.business.is_some() {
        Some(Supplier::None)
    } else if reader.raw("supplier") == NEW {
        match business(&mut reader, invitation) {
            Some(Some(made)) => Some(Supplier::Made(made)),
            _ => None,
        }
    } else {
        reader.id("supplier").map(Supplier::Own)
    };
    let person = ctx.visitor().map(|visitor| visitor.person);
    reader.finish(|| {
        Some(Acceptance::Known {
            person: person?,
            supplier: supplier?,
        })
    })
}

/// The address of a link to write to a mobile number with, by the app that everybody has.
pub fn whatsapp(login: &Login, words: &str) -> Option<String> {
    let number = login.phone()?.trim_start_matches('+');
    Some(format!("https://wa.me/{number}?text={}", encode_all(words)))
}

/// As [`encode`], with slashes too.
fn encode_all(text: &str) -> String {
    encode(text).replace('/', "%2F")
}
