//! One person: what they belong to, whether they are signed in, and closing or opening their account.

use askama::Template;
use domain::{ids::PersonId, regions, time::Zone};
use store::people::{LockError, PersonRole, PersonView};

use crate::{
    ctx::{Admin, Ctx},
    error::Error,
    flash::Flash,
    form::Form,
    handler::{Answer, Id},
    parts::{Crumb, Event, Head},
    shell::Shell,
};

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
    let (lock, reason) = match reader.finish(|| match decision {
        "lock" => Some((true, reason?)),
        "unlock" => Some((false, reason?)),
        _ => None,
    }) {
        Ok(read) => read,
        Err(form) => return draw(&ctx, admin, view, form).await,
    };
    let (kind, key) = if lock {
        ctx.store().lock_person(&ctx.act(), id, &reason).await?;
        ("account locked", "admin-account-now-locked")
    } else {
        ctx.store().unlock_person(&ctx.act(), id, &reason).await?;
        ("account unlocked", "admin-account-now-open")
    };
    crate::security::note_with(&ctx, kind, Some(id), &reason);
    let name = view.person.name;
    ctx.flash(Flash::done(text::t_with(
        ctx.lang(),
        key,
        &[("name", name.into())],
    )))
    .await?;
    ctx.see(format!("/admin/accounts/{id}"))
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
