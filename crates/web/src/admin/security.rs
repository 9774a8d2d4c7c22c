//! The security log: signing in, denied access, roles, exports, resets.

use askama::Template;
use domain::time::{Instant, Zone};
use store::security::{LoggedSecurity, SECURITY_ROWS, SecurityFilter};

use crate::{
    ctx::{Admin, Ctx},
    error::encode,
    form::Form,
    handler::Answer,
    parts::{Choice, Head, Pager},
    shell::Shell,
};

#[derive(Template)]
#[template(path = "admin/security.html")]
struct Page {
    shell: Shell,
    form: Form,
    zone: Zone,
    kinds: Vec<Choice>,
    rows: Vec<LoggedSecurity>,
    pager: Pager,
}

/// What the log tells apart, in the words it is written with.
const KINDS: [(&str, &str); 15] = [
    ("signed in", "admin-security-signed-in"),
    ("sign-in failed", "admin-security-sign-in-failed"),
    ("too many tries", "admin-security-too-many"),
    ("wrong password inside", "admin-security-wrong-inside"),
    ("signed out", "admin-security-signed-out"),
    ("sessions ended", "admin-security-sessions-ended"),
    ("access denied", "admin-security-access-denied"),
    ("form token refused", "admin-security-form-refused"),
    ("role changed", "admin-security-role-changed"),
    ("password reset asked", "admin-security-reset-asked"),
    ("password reset", "admin-security-password-reset"),
    ("password changed", "admin-security-password-changed"),
    ("account locked", "admin-security-account-locked"),
    ("account unlocked", "admin-security-account-unlocked"),
    ("data exported", "admin-security-exported"),
];

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
        KINDS
            .iter()
            .find(|(what, _)| *what == row.kind)
            .map_or_else(|| row.kind.clone(), |(_, key)| self.shell.t(key))
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
    let field = |name: &str| -> String { query.first(name).trim().chars().take(100).collect() };
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
    let mut form = ctx.empty_form();
    let mut address = "/admin/security?".to_owned();
    for name in ["kind", "person", "address", "from", "until"] {
        let value = field(name);
        address.push_str(&format!("{name}={}&", encode(&value)));
        form = form.with(name, value);
    }
    let page = Page {
        zone,
        form,
        kinds: KINDS
            .iter()
            .map(|(what, key)| Choice::new(what, shell.t(key)))
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
