//! What the pages that invite share: links made of one seed that only the answer's address has, so that they are shown
//! once; and the words to send them with.

use domain::{accounts::Role, ids::OrganisationId};
use store::{
    accounts::{Invitation, InvitationState, NewInvitation},
    tokens::{self, Purpose},
};

use super::{invitation::whatsapp, limits};
use crate::{ctx::Ctx, error::Error, flash::Flash, nav::role_key, security, session::Token};

/// Lists sent by one organisation within an hour.
const LISTS_MAX: i64 = 30;

/// An invitation with what to do with it.
pub struct Row {
    pub invitation: Invitation,
    /// The link, to be handed on; there only right after it was made.
    pub link: Option<Shown>,
}

/// A link shown once.
pub struct Shown {
    pub address: String,
    /// A page that writes it to the number.
    pub whatsapp: Option<String>,
    pub qr: String,
}

impl Row {
    pub fn is_open(&self) -> bool {
        self.invitation.state == InvitationState::Open
    }

    /// Colour and word of the state.
    pub fn badge(&self) -> (&'static str, &'static str) {
        match self.invitation.state {
            InvitationState::Open => ("wait", "invitation-state-open"),
            InvitationState::Accepted => ("ok", "invitation-state-accepted"),
            InvitationState::Expired => ("", "invitation-state-expired"),
            InvitationState::Withdrawn => ("bad", "invitation-state-withdrawn"),
        }
    }

    /// Number or address; nothing once the invitation is closed.
    pub fn contact(&self) -> String {
        let invitation = &self.invitation;
        let contact = invitation.phone.as_ref().or(invitation.email.as_ref());
        contact.cloned().unwrap_or_default()
    }
}

/// A seed of the list, from which the seed of each of its links is made.
fn seed_of(list: &str, at: usize) -> String {
    format!("{list}-{at}")
}

/// Invites everybody on a list; answers the part of the address by which the links are shown.
///
/// # Errors
/// [`Error::TooMany`]; when the database fails.
pub async fn invite(
    ctx: &Ctx,
    organisation: OrganisationId,
    role: Option<Role>,
    people: Vec<domain::accounts::Invited>,
) -> Result<String, Error> {
    let people = people.into_iter().map(|invited| (invited, None)).collect();
    invite_each(ctx, organisation, role, people).await
}

/// Invites the owner of a member's business that has no account yet.
///
/// # Errors
/// [`Error::TooMany`]; when the database fails.
pub async fn invite_owner(
    ctx: &Ctx,
    cooperative: OrganisationId,
    business: OrganisationId,
    invited: domain::accounts::Invited,
) -> Result<String, Error> {
    invite_each(ctx, cooperative, None, vec![(invited, Some(business))]).await
}

async fn invite_each(
    ctx: &Ctx,
    organisation: OrganisationId,
    role: Option<Role>,
    people: Vec<(domain::accounts::Invited, Option<OrganisationId>)>,
) -> Result<String, Error> {
    let bucket = format!("invite:organisation:{organisation}");
    limits::within(ctx, &bucket, LISTS_MAX, limits::HOUR_SECONDS).await?;
    let list = Token::random()?.as_str().to_owned();
    let invitations: Vec<NewInvitation> = people
        .into_iter()
        .enumerate()
        .map(|(at, (invited, business))| NewInvitation {
            invited,
            business,
            link: ctx.link_of(Purpose::Invitation, seed_of(&list, at)),
        })
        .collect();
    ctx.store()
        .invite(&ctx.act(), organisation, role, &invitations)
        .await?;
    security::note(ctx, security::Kind::PeopleInvited);
    let made = invitations.len().into();
    let told = text::t_with(ctx.lang(), "invitations-made", &[("n", made)]);
    ctx.flash(Flash::done(told)).await?;
    Ok(list)
}

/// A page of the invitations of an organisation, and how many there are; those that were just made have their links.
///
/// # Errors
/// When the database fails.
pub async fn rows(
    ctx: &Ctx,
    organisation: OrganisationId,
    to_roles: bool,
    page: i64,
) -> Result<(Vec<Row>, i64), Error> {
    let (invitations, total) = ctx
        .store()
        .invitations(organisation, to_roles, ctx.now(), page)
        .await?;
    let list: String = ctx.query().first("new").chars().take(64).collect();
    let made: Vec<(String, String)> = if list.len() == 64 {
        (0..domain::accounts::INVITED_MAX)
            .map(|at| {
                let token = ctx.token_of(Purpose::Invitation, &seed_of(&list, at));
                (tokens::hash(&token), token)
            })
            .collect()
    } else {
        Vec::new()
    };
    let rows = invitations
        .into_iter()
        .map(|invitation| {
            let token = made
                .iter()
                .find(|(hash, _)| *hash == invitation.token_hash)
                .map(|(_, token)| token);
            // An address gets its link by mail, and nobody else does: so it proves the address.
            let link = token
                .filter(|_| invitation.state == InvitationState::Open)
                .zip(invitation.phone.clone())
                .map(|(token, phone)| shown(ctx, &invitation, token, phone));
            Row { invitation, link }
        })
        .collect();
    Ok((rows, total))
}

fn shown(ctx: &Ctx, invitation: &Invitation, token: &str, phone: String) -> Shown {
    let address = ctx.state().absolute(&format!("/invitation?token={token}"));
    let organisation = ctx.acting().map(|acting| acting.name.clone());
    let role = match invitation.role {
        Some(role) => ctx.t(role_key(&[role])),
        None => ctx.t("invitation-as-member"),
    };
    let words = text::t_with(
        ctx.lang(),
        "invitation-whatsapp",
        &[
            ("name", invitation.name.clone().into()),
            ("organisation", organisation.unwrap_or_default().into()),
            ("role", role.into()),
            ("link", address.clone().into()),
        ],
    );
    Shown {
        whatsapp: whatsapp(&domain::identifiers::Login::Phone(phone), &words),
        qr: papers::qr_svg(&address),
        address,
    }
}
