//! A manager helps the owner of a member's business who forgot the password and gets no mail: a link that works once,
//! handed on by hand. It is logged, and the owner is told.

use askama::Template;
use domain::ids::MemberId;
use store::{accounts::IssueError, tokens::Purpose};

use crate::{
    accounts::{
        limits,
        links::{self, Issued},
    },
    ctx::{Ctx, Manager},
    error::Error,
    handler::{Answer, Id},
    security,
    shell::Shell,
};

/// Links that one manager may make within an hour.
const LINKS_MAX: i64 = 20;

#[derive(Template)]
#[template(path = "members/reset.html")]
struct Page {
    shell: Shell,
    member: MemberId,
    business: String,
    /// The owner's name; none where nobody can be helped.
    owner: Option<String>,
    /// There only right after it was made.
    issued: Option<Issued>,
}

pub async fn page(ctx: Ctx, manager: Manager, Id(id): Id<MemberId>) -> Answer {
    let member = ctx
        .store()
        .member(manager.organisation, id)
        .await?
        .ok_or(Error::NotFound)?;
    let owner = ctx
        .store()
        .owner_of_member(manager.organisation, id)
        .await?;
    let issued = match &owner {
        Some((person, _, phone)) => links::issued(&ctx, *person, phone.clone()).await?,
        None => None,
    };
    let page = Page {
        shell: ctx.shell().await,
        member: id,
        business: member.row.name,
        owner: owner.map(|(_, name, _)| name),
        issued,
    };
    ctx.html(&page)
}

pub async fn submit(ctx: Ctx, manager: Manager, Id(id): Id<MemberId>) -> Answer {
    ctx.store()
        .member(manager.organisation, id)
        .await?
        .ok_or(Error::NotFound)?;
    let bucket = format!("reset:manager:{}", manager.person);
    limits::within(&ctx, &bucket, LINKS_MAX, limits::HOUR_SECONDS).await?;
    let link = ctx.new_link(Purpose::Reset)?;
    let back = format!("/members/{id}");
    let issued = ctx
        .store()
        .issue_reset_for_member(&ctx.act(), manager.organisation, id, &link)
        .await;
    match issued {
        Ok(person) => security::note_person(&ctx, security::Kind::ResetIssued, Some(person)),
        Err(IssueError::NotFound) => {
            return Err(Error::conflict("members-reset-nobody").way_out(back, "members-way-back"));
        }
        Err(IssueError::OtherRoles) => {
            return Err(Error::conflict("members-reset-other").way_out(back, "members-way-back"));
        }
        Err(IssueError::Store(error)) => return Err(error.into()),
    }
    ctx.see(format!("/members/{id}/reset?new={}", link.seed))
}
