//! Cooperatives and buyers: who waits to be looked at, and whoever was.

use askama::Template;
use domain::{
    accounts::{OrganisationKind, Verification},
    regions,
    time::Zone,
};
use store::accounts::{APPLICANT_ROWS, Applicant, ApplicantFilter};

use crate::{
    ctx::{Admin, Ctx},
    error::encode,
    handler::Answer,
    parts::{Head, Pager, Tab},
    shell::Shell,
};

#[derive(Template)]
#[template(path = "admin/index.html")]
struct Page {
    shell: Shell,
    search: String,
    tabs: Vec<Tab>,
    /// Cooperatives, buyers, or both.
    kinds: Vec<Tab>,
    is_waiting: bool,
    applicants: Vec<Applicant>,
    pager: Pager,
}

/// Code in the address, state, words.
const TABS: [(&str, Option<Verification>, &str); 4] = [
    ("submitted", Some(Verification::Submitted), "admin-title"),
    (
        "verified",
        Some(Verification::Verified),
        "admin-is-verified",
    ),
    (
        "rejected",
        Some(Verification::Rejected),
        "admin-is-rejected",
    ),
    ("all", None, "admin-all"),
];

const KINDS: [(&str, &str); 3] = [
    ("", "admin-kind-both"),
    ("cooperative", "admin-kind-cooperative"),
    ("buyer", "admin-kind-buyer"),
];

impl Page {
    fn heads(&self) -> Vec<Head> {
        [
            "admin-name",
            "admin-kind",
            "admin-place",
            "admin-person",
            "admin-since",
        ]
        .map(|key| Head::text(self.shell.t(key)))
        .into()
    }

    fn kind(&self, applicant: &Applicant) -> String {
        self.shell.t(super::kind_key(applicant.kind))
    }

    fn place(&self, applicant: &Applicant) -> String {
        regions::short_name(&applicant.region_code)
    }

    fn since(&self, applicant: &Applicant) -> String {
        let zone = Zone::of_region(&applicant.region_code);
        self.shell.date(zone.day_of(applicant.since))
    }

    /// Kind and words of the badge; `None` for whoever waits in a list of nothing else.
    fn badge(&self, applicant: &Applicant) -> Option<(&'static str, String)> {
        let (kind, key) = match applicant.verification {
            Verification::Verified => ("ok", "admin-is-verified"),
            Verification::Rejected => ("bad", "admin-is-rejected"),
            Verification::Submitted if self.is_waiting => return None,
            Verification::Submitted | Verification::Unverified => ("wait", "admin-is-waiting"),
        };
        Some((kind, self.shell.t(key)))
    }
}

pub async fn page(ctx: Ctx, _: Admin) -> Answer {
    let query = ctx.query();
    let search: String = query.first("q").chars().take(100).collect();
    let asked = query.first("state");
    // Who types a name looks for it wherever it stands.
    let default = if search.is_empty() {
        "submitted"
    } else {
        "all"
    };
    let tab = TABS
        .iter()
        .find(|tab| tab.0 == asked)
        .or_else(|| TABS.iter().find(|tab| tab.0 == default))
        .unwrap_or(&TABS[0]);
    let kind: Option<OrganisationKind> = query.first("kind").parse().ok().filter(|kind| {
        matches!(
            kind,
            OrganisationKind::Cooperative | OrganisationKind::Buyer
        )
    });
    let filter = ApplicantFilter {
        state: tab.1,
        kind,
        search,
        page: super::page_number(&ctx),
    };
    let (applicants, found) = ctx.store().applicants(&filter).await?;
    let waiting = ctx.waiting().await?.applicants;
    let shell = ctx.shell().await;
    let search = filter.search;
    let kind_word = kind.map_or("", OrganisationKind::as_str);
    let href = |state: &str, kind: &str, page: i64| {
        format!(
            "/admin?state={state}&kind={kind}&q={}&page={page}",
            encode(&search)
        )
    };
    let page = Page {
        tabs: TABS
            .iter()
            .map(|(code, state, key)| Tab {
                href: href(code, kind_word, 1),
                label: shell.t(key),
                count: (*state == Some(Verification::Submitted)).then_some(waiting),
                is_hot: waiting > 0 && *state == Some(Verification::Submitted),
                is_current: *code == tab.0,
            })
            .collect(),
        kinds: KINDS
            .iter()
            .map(|(code, key)| Tab {
                href: href(tab.0, code, 1),
                label: shell.t(key),
                is_current: *code == kind_word,
                ..Tab::default()
            })
            .collect(),
        is_waiting: tab.1 == Some(Verification::Submitted),
        pager: super::pager(
            &shell,
            filter.page,
            APPLICANT_ROWS,
            applicants.len(),
            found,
            |page| href(tab.0, kind_word, page),
        ),
        applicants,
        search,
        shell,
    };
    ctx.html(&page)
}
