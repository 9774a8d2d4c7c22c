//! Finding a person: by name, by business, or by the whole address or number they sign in with.

use askama::Template;
use domain::time::{Instant, Zone};
use store::people::{FoundPerson, PEOPLE_ROWS, PersonRole};

use crate::{
    ctx::{Admin, Ctx},
    error::encode,
    handler::Answer,
    parts::{Head, Pager, Tab},
    shell::Shell,
};

#[derive(Template)]
#[template(path = "admin/accounts.html")]
struct Page {
    shell: Shell,
    zone: Zone,
    search: String,
    tabs: Vec<Tab>,
    people: Vec<FoundPerson>,
    pager: Pager,
}

impl Page {
    fn heads(&self) -> Vec<Head> {
        [
            "admin-account-name",
            "admin-account-login",
            "admin-account-roles",
            "admin-since",
        ]
        .map(|key| Head::text(self.shell.t(key)))
        .into()
    }

    fn login(&self, person: &FoundPerson) -> String {
        login(person)
    }

    /// "Dapur Roban, Rasa Alas Roban".
    fn organisations(&self, person: &FoundPerson) -> String {
        let mut names: Vec<&str> = Vec::new();
        for role in person.belongs.iter().filter(|role| role.until.is_none()) {
            if !names.contains(&role.organisation.as_str()) {
                names.push(&role.organisation);
            }
        }
        names.join(", ")
    }

    fn since(&self, person: &FoundPerson) -> String {
        self.shell
            .date(self.zone.day_of(Instant(person.created_at)))
    }
}

/// What somebody signs in with, masked (P-2).
pub(super) fn login(person: &FoundPerson) -> String {
    [person.masked_email(), person.masked_phone()]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" · ")
}

/// The words of a role in an organisation.
pub(super) fn role_key(role: &PersonRole) -> &'static str {
    let roles: Vec<_> = role.role.parse().into_iter().collect();
    crate::nav::role_key(&roles)
}

pub async fn page(ctx: Ctx, _: Admin) -> Answer {
    let search: String = ctx.query().first("q").chars().take(100).collect();
    let only_locked = ctx.query().first("state") == "locked";
    let number = super::page_number(&ctx);
    let (people, found) = ctx
        .store()
        .find_people(&search, only_locked, number)
        .await?;
    let shell = ctx.shell().await;
    let state = if only_locked { "locked" } else { "" };
    let query = encode(&search);
    let tab = |state: &str, key: &str, is_current: bool| Tab {
        href: format!("/admin/accounts?state={state}&q={query}"),
        label: shell.t(key),
        is_current,
        ..Tab::default()
    };
    let page = Page {
        zone: super::zone(&ctx),
        tabs: vec![
            tab("", "admin-all", !only_locked),
            tab("locked", "admin-account-locked", only_locked),
        ],
        pager: super::pager(&shell, number, PEOPLE_ROWS, people.len(), found, |page| {
            format!("/admin/accounts?state={state}&q={query}&page={page}")
        }),
        people,
        search,
        shell,
    };
    ctx.html(&page)
}
