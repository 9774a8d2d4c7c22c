//! The security log: signing in, denied access, roles, exports, resets.

use askama::Template;
use domain::time::{Instant, Zone};
use store::security::{LoggedSecurity, SECURITY_ROWS, SecurityFilter};

use crate::{
    ctx::{Admin, Ctx},
    form::Form,
    handler::Answer,
    nav,
    parts::{Choice, Head, Pager},
    security::{self, Kind},
    shell::Shell,
};

const FIELDS: [&str; 5] = ["kind", "person", "address", "from", "until"];

#[derive(Template)]
#[template(path = "admin/security.html")]
struct Page {
    shell: Shell,
    form: Form,
    is_narrowed: bool,
    zone: Zone,
    kinds: Vec<Choice>,
    rows: Vec<LoggedSecurity>,
    pager: Pager,
}

impl Page {
    fn heads(&self) -> Vec<Head> {
        [
            "admin-event-when",
            "admin-event-what",
            "admin-event-who",
            "admin-security-address",
            "admin-event-detail",
        ]
        .map(|key| Head::text(self.shell.t(key)))
        .into()
    }

    fn when(&self, row: &LoggedSecurity) -> String {
        self.shell.date_time(Instant(row.at), self.zone)
    }

    fn what(&self, row: &LoggedSecurity) -> String {
        Kind::ALL
            .iter()
            .find(|kind| kind.as_str() == row.kind)
            .map_or_else(|| row.kind.clone(), |kind| self.shell.t(kind.key()))
    }

    /// The rest in words: a role that was given or taken, a reason, a path.
    fn detail(&self, row: &LoggedSecurity) -> String {
        let detail = row.detail.as_deref().unwrap_or_default();
        let role = (row.kind == Kind::RoleChanged.as_str())
            .then(|| detail.get(1..)?.parse().ok())
            .flatten();
        match role {
            Some(role) => {
                let key = if detail.starts_with(security::GIVEN) {
                    "admin-security-role-given"
                } else {
                    "admin-security-role-taken"
                };
                let role = self.shell.t(nav::role_key(&[role]));
                self.shell.t1(key, "role", role)
            }
            None => detail.to_owned(),
        }
    }

    /// "oleh Admin Contoh", where somebody else did it.
    fn doer(&self, row: &LoggedSecurity) -> String {
        row.doer.as_deref().map_or_else(String::new, |name| {
            self.shell.t1("admin-security-by", "name", name)
        })
    }

    fn who(&self, row: &LoggedSecurity) -> String {
        row.person
            .clone()
            .unwrap_or_else(|| self.shell.t("admin-security-nobody"))
    }
}

pub async fn page(ctx: Ctx, _: Admin) -> Answer {
    let query = ctx.query();
    let zone = super::zone(&ctx);
    let field = |name: &str| super::asked(&ctx, name);
    let filter = SecurityFilter {
        kind: field("kind"),
        person: field("person"),
        address: field("address"),
        from: super::day_start(query.first("from"), zone, 0),
        until: super::day_start(query.first("until"), zone, 1),
        page: super::page_number(&ctx),
    };
    let (rows, found) = ctx.store().find_security(&filter).await?;
    let shell = ctx.shell().await;
    let (form, address) = super::filtered(&ctx, "/admin/security", &FIELDS);
    let page = Page {
        zone,
        is_narrowed: super::is_narrowed(&form, &FIELDS),
        form,
        kinds: Kind::ALL
            .iter()
            .map(|kind| Choice::new(kind.as_str(), shell.t(kind.key())))
            .collect(),
        pager: super::pager(
            &shell,
            filter.page,
            SECURITY_ROWS,
            rows.len(),
            found,
            |page| format!("{address}page={page}"),
        ),
        rows,
        shell,
    };
    ctx.html(&page)
}
