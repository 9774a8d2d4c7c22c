//! One person: what they belong to, whether they are signed in; helping them in (a link for a new password, a second step
//! taken away), closing their account and opening it.

use askama::Template;
use domain::{ids::PersonId, regions, time::Zone};
use store::{
    people::{LockError, PersonRole, PersonView},
    tokens::Purpose,
};

use crate::{
    accounts::{
        limits,
        links::{self, Issued},
    },
    ctx::{Admin, Ctx},
    error::Error,
    flash::Flash,
    form::Form,
    handler::{Answer, Id},
    parts::{Crumb, Event, Head},
    security::{self, Kind},
    shell::Shell,
};

/// Links that one administrator may make within an hour.
const LINKS_MAX: i64 = 60;

/// Longest reason, in characters.
const REASON_CHARS: usize = 300;

#[derive(Template)]
#[template(path = "admin/account.html")]
struct Page {
    shell: Shell,
    form: Form,
    zone: Zone,
    view: PersonView,
    /// The administrator looks at their own account.
    is_oneself: bool,
    /// A link for a new password; there only right after it was made.
    issued: Option<Issued>,
    history: Vec<Event>,
}

impl Page {
    fn crumbs(&self) -> Vec<Crumb> {
        vec![Crumb::new(
            "/admin/accounts",
            self.shell.t("admin-accounts"),
        )]
    }

    fn is_locked(&self) -> bool {
        self.view.person.locked_at.is_some()
    }

    fn facts(&self) -> Vec<(String, String)> {
        let day = |at| self.shell.date_time(at, self.zone);
        let person = &self.view.person;
        [
            ("admin-account-login", super::accounts::login(person)),
            ("admin-since", day(domain::time::Instant(person.created_at))),
            (
                "admin-account-sessions",
                self.shell
                    .t1("admin-account-browsers", "n", self.view.sessions),
            ),
            (
                "admin-account-seen",
                self.view.seen_at.map(day).unwrap_or_default(),
            ),
            (
                "account-two-step",
                self.shell.t(if self.view.has_second_step {
                    "account-two-step-on"
                } else {
                    "account-two-step-off"
                }),
            ),
        ]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(key, value)| (self.shell.t(key), value))
        .collect()
    }

    fn heads(&self) -> Vec<Head> {
        ["admin-organisation", "admin-role", "admin-since"]
            .map(|key| Head::text(self.shell.t(key)))
            .into()
    }

    fn role(&self, role: &PersonRole) -> String {
        self.shell.t(super::accounts::role_key(role))
    }

    fn place(&self, role: &PersonRole) -> String {
        regions::short_name(&role.region_code)
    }

    /// From when, and until when where it is over.
    fn since(&self, role: &PersonRole) -> String {
        let day = |at| self.shell.date(self.zone.day_of(domain::time::Instant(at)));
        match role.until {
            Some(until) => format!("{} – {}", day(role.since), day(until)),
            None => day(role.since),
        }
    }
}

async fn find(ctx: &Ctx, id: PersonId) -> Result<PersonView, Error> {
    ctx.store()
        .person(id, ctx.now())
        .await?
        .ok_or(Error::NotFound)
}

pub async fn page(ctx: Ctx, admin: Admin, Id(id): Id<PersonId>) -> Answer {
    let view = find(&ctx, id).await?;
    draw(&ctx, admin, view, ctx.empty_form()).await
}

async fn draw(ctx: &Ctx, admin: Admin, view: PersonView, form: Form) -> Answer {
    let id = PersonId(view.person.id);
    let history = ctx.store().person_history(id).await?;
    let (shell, zone) = (ctx.shell().await, super::zone(ctx));
    let is_again = form.has_errors();
    let page = Page {
        issued: links::issued(ctx, id, view.person.number()).await?,
        history: history
            .iter()
            .map(|event| super::past(&shell, zone, event))
            .collect(),
        is_oneself: admin.person == id,
        zone,
        shell,
        form,
        view,
    };
    if is_again {
        ctx.unprocessable(&page)
    } else {
        ctx.html(&page)
    }
}

pub async fn submit(ctx: Ctx, admin: Admin, Id(id): Id<PersonId>) -> Answer {
    let view = find(&ctx, id).await?;
    let mut reader = ctx.reader();
    let decision = reader.raw("decision");
    let reason = reader.line("reason", REASON_CHARS);
    let (deed, reason) = match reader.finish(|| Some((Deed::of(decision)?, reason?))) {
        Ok(read) => read,
        Err(form) => return draw(&ctx, admin, view, form).await,
    };
    let (store, act) = (ctx.store(), ctx.act());
    match deed {
        Deed::Lock => store.set_lock(&act, id, true, &reason).await?,
        Deed::Unlock => store.set_lock(&act, id, false, &reason).await?,
        Deed::TakeStep => store.take_second_step(&act, id, &reason).await?,
    }
    let (kind, key) = match deed {
        Deed::Lock => (Kind::AccountLocked, "admin-account-now-locked"),
        Deed::Unlock => (Kind::AccountUnlocked, "admin-account-now-open"),
        Deed::TakeStep => (Kind::StepTaken, "admin-account-step-taken"),
    };
    security::note_with(&ctx, kind, Some(id), &reason);
    let name = view.person.name;
    ctx.flash(Flash::done(text::t_with(
        ctx.lang(),
        key,
        &[("name", name.into())],
    )))
    .await?;
    ctx.see(format!("/admin/accounts/{id}"))
}

/// Makes a link for a new password, for somebody who gets no mail and has no cooperative to ask. It is logged, and the
/// person is told.
pub async fn reset(ctx: Ctx, admin: Admin, Id(id): Id<PersonId>) -> Answer {
    let view = find(&ctx, id).await?;
    if admin.person == id {
        return Err(LockError::Oneself.into());
    }
    if view.person.locked_at.is_some() {
        return Err(Error::conflict("admin-account-is-locked")
            .way_out(format!("/admin/accounts/{id}"), "admin-way-back"));
    }
    let bucket = format!("reset:admin:{}", admin.person);
    limits::within(&ctx, &bucket, LINKS_MAX, limits::HOUR_SECONDS).await?;
    let link = ctx.new_link(Purpose::Reset)?;
    ctx.store().issue_reset(&ctx.act(), id, &link).await?;
    security::note_person(&ctx, Kind::ResetIssued, Some(id));
    ctx.see(format!("/admin/accounts/{id}?new={}", link.seed))
}

/// What the administrator decides about an account, with a reason.
#[derive(Clone, Copy)]
enum Deed {
    Lock,
    Unlock,
    TakeStep,
}

impl Deed {
    fn of(decision: &str) -> Option<Self> {
        match decision {
            "lock" => Some(Self::Lock),
            "unlock" => Some(Self::Unlock),
            "step" => Some(Self::TakeStep),
            _ => None,
        }
    }
}

impl From<LockError> for Error {
    fn from(error: LockError) -> Self {
        match error {
            LockError::NotFound => Self::NotFound,
            LockError::Oneself => {
                Self::conflict("admin-account-oneself").way_out("/admin/accounts", "admin-way-back")
            }
            LockError::Already => {
                Self::conflict("admin-account-already").way_out("/admin/accounts", "admin-way-back")
            }
            LockError::Store(error) => error.into(),
        }
    }
}
