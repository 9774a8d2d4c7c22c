//! Members of the cooperative: the register, one member, and the manager's answers.

mod decision;
mod departure;
mod export;
mod index;
mod invitation;
mod invitations;
mod invitations_new;
mod invitations_withdraw;
mod reset;
mod show;

pub(crate) use show::{today, zone};

use domain::members::MemberStatus;
use store::members::MembershipError;

use crate::{
    ctx::{CoopReader, Manager},
    error::Error,
    routes::{Access, Route},
};

#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/members", Access::Roles(CoopReader::ROLES), index::page),
        Route::get(
            "/members/invitations",
            Access::Roles(CoopReader::ROLES),
            invitations::page,
        ),
        Route::get(
            "/members/invitations/new",
            Access::Roles(Manager::ROLES),
            invitations_new::page,
        ),
        Route::post(
            "/members/invitations/new",
            Access::Roles(Manager::ROLES),
            invitations_new::submit,
        ),
        Route::post(
            "/members/invitations/{id}/withdrawal",
            Access::Roles(Manager::ROLES),
            invitations_withdraw::submit,
        )
        .own("invitation"),
        Route::get(
            "/members/{id}/reset",
            Access::Roles(Manager::ROLES),
            reset::page,
        )
        .own("member"),
        Route::post(
            "/members/{id}/reset",
            Access::Roles(Manager::ROLES),
            reset::submit,
        )
        .own("member"),
        Route::get(
            "/members/export",
            Access::Roles(CoopReader::ROLES),
            export::page,
        ),
        Route::get(
            "/members/{id}",
            Access::Roles(CoopReader::ROLES),
            show::page,
        )
        .own("member"),
        Route::post(
            "/members/{id}/decision",
            Access::Roles(Manager::ROLES),
            decision::submit,
        )
        .own("member"),
        Route::post(
            "/members/{id}/invitation",
            Access::Roles(Manager::ROLES),
            invitation::submit,
        )
        .own("member"),
        Route::post(
            "/members/{id}/departure",
            Access::Roles(Manager::ROLES),
            departure::submit,
        )
        .own("member"),
    ]
}

impl From<MembershipError> for Error {
    fn from(error: MembershipError) -> Self {
        match error {
            MembershipError::NotFound => Self::NotFound,
            MembershipError::Exists(_) => {
                Self::conflict("memberships-exists").way_out("/memberships", "memberships-way-back")
            }
            MembershipError::Refused(_) => {
                Self::conflict("members-already").way_out("/members", "members-way-back")
            }
            MembershipError::Store(error) => error.into(),
        }
    }
}

/// Colour and word of a status; the icon follows the colour.
pub(crate) fn status_badge(status: MemberStatus) -> (&'static str, &'static str, &'static str) {
    match status {
        MemberStatus::Applied => ("wait", "members-status-applied", "clock"),
        MemberStatus::Candidate => ("info", "members-status-candidate", "clock"),
        MemberStatus::Active => ("ok", "members-status-active", "check"),
        MemberStatus::Associate => ("info", "members-status-associate", "people"),
        MemberStatus::Declined => ("bad", "members-status-declined", "cross"),
        MemberStatus::Left => ("", "members-status-left", "exit"),
    }
}
