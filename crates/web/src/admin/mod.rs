//! The platform administrator's desk: looking at cooperatives and buyers before they may act, people's accounts, what
//! can be chosen (categories, commodities, units), what is decided (settings), what happened (history, security), and
//! whether the machine runs (jobs, letters that failed, the index).

mod account;
mod accounts;
mod applicant;
mod categories;
mod category;
mod commodity;
mod event_data;
mod event_kinds;
mod events;
mod index;
mod jobs;
mod security;
mod settings;
mod units;

use domain::time::{Day, Instant, Zone};

use crate::{
    ctx::{Admin, Ctx},
    error::encode,
    form::Form,
    parts::Pager,
    routes::{Access, Route},
    shell::Shell,
};

const ADMIN: Access = Access::Roles(Admin::ROLES);

#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/admin", ADMIN, index::page),
        // An applicant is nobody's own: every administrator may look at each. So it is with the rows below.
        Route::get("/admin/applicants/{id}", ADMIN, applicant::page),
        Route::post("/admin/applicants/{id}", ADMIN, applicant::submit),
        Route::get("/admin/accounts", ADMIN, accounts::page),
        Route::get("/admin/accounts/{id}", ADMIN, account::page),
        Route::post("/admin/accounts/{id}", ADMIN, account::submit),
        Route::post("/admin/accounts/{id}/reset", ADMIN, account::reset),
        Route::get("/admin/categories", ADMIN, categories::page),
        Route::post("/admin/categories", ADMIN, categories::submit),
        Route::get("/admin/categories/{id}", ADMIN, category::page),
        Route::post("/admin/categories/{id}", ADMIN, category::submit),
        Route::post(
            "/admin/categories/{id}/commodities",
            ADMIN,
            category::add_commodity,
        ),
        Route::get("/admin/commodities/{id}", ADMIN, commodity::page),
        Route::post("/admin/commodities/{id}", ADMIN, commodity::submit),
        Route::get("/admin/units", ADMIN, units::page),
        Route::get("/admin/settings", ADMIN, settings::page),
        Route::post("/admin/settings", ADMIN, settings::submit),
        Route::post("/admin/settings/{id}/withdrawal", ADMIN, settings::withdraw),
        Route::get("/admin/events", ADMIN, events::page),
        Route::get("/admin/security", ADMIN, security::page),
        Route::get("/admin/jobs", ADMIN, jobs::page),
        Route::post("/admin/jobs/letters", ADMIN, jobs::retry_letters),
        Route::post("/admin/jobs/reindex", ADMIN, jobs::reindex),
        Route::post("/admin/jobs/{id}", ADMIN, jobs::submit),
    ]
}

fn kind_key(kind: domain::accounts::OrganisationKind) -> &'static str {
    match kind {
        domain::accounts::OrganisationKind::Buyer => "admin-kind-buyer",
        _ => "admin-kind-cooperative",
    }
}

/// The page number in the address, from 1.
fn page_number(ctx: &Ctx) -> i64 {
    ctx.query()
        .first("page")
        .parse()
        .unwrap_or(1)
        .clamp(1, 10_000)
}

/// The way through a list of the desk: "1–50 dari 312".
fn pager(
    shell: &Shell,
    page: i64,
    per_page: i64,
    shown: usize,
    found: i64,
    href: impl Fn(i64) -> String,
) -> Pager {
    let first = (page - 1).saturating_mul(per_page);
    let last = first.saturating_add(i64::try_from(shown).unwrap_or(0));
    let sentence = shell.t3(
        "admin-found",
        "first",
        (first + 1).min(last),
        "last",
        last,
        "found",
        found,
    );
    Pager::new(sentence, page, (found + per_page - 1) / per_page, href)
}

/// The fields of a list's filter as they stand in the address: its form filled in with them, and the address of the
/// list's other pages.
fn filtered(ctx: &Ctx, path: &str, names: &[&'static str]) -> (Form, String) {
    let mut form = ctx.empty_form();
    let mut address = format!("{path}?");
    for name in names {
        let value = asked(ctx, name);
        address.push_str(&format!("{name}={}&", encode(&value)));
        form = form.with(name, value);
    }
    (form, address)
}

/// Whether any of these fields of a filter is set: it stands open then, and is folded otherwise.
fn is_narrowed(form: &Form, names: &[&str]) -> bool {
    names.iter().any(|name| !form.value(name).is_empty())
}

/// One field of a list's filter.
fn asked(ctx: &Ctx, name: &str) -> String {
    ctx.query().first(name).trim().chars().take(100).collect()
}

/// The desk's own zone: the administrator's organisation's.
fn zone(ctx: &Ctx) -> Zone {
    ctx.acting()
        .map_or(Zone::Wib, |acting| Zone::of_region(&acting.region_code))
}

/// The first instant of a day typed as `2026-11-24`, `after` days later; `None` for anything else.
fn day_start(text: &str, zone: Zone, after: i32) -> Option<Instant> {
    let day = Day::from_iso(text.trim())?;
    Some(zone.start_of(day.plus(after)))
}

/// A row of history as it stands on a timeline.
fn past(shell: &Shell, zone: Zone, event: &store::events::LoggedEvent) -> crate::parts::Event {
    let detail = [event.person.clone(), event.reason.clone()]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" · ");
    crate::parts::Event {
        word: event_words(shell, &event.kind),
        when: shell.date_time(Instant(event.at), zone),
        detail,
        state: "done",
    }
}

/// What happened, in the reader's words: `organisation_verified` → "Diterima Lumbung". A kind that has none is read as it
/// was written.
fn event_words(shell: &Shell, kind: &str) -> String {
    let key = format!("admin-did-{}", kind.replace('_', "-"));
    match shell.t(&key) {
        words if words == key => plain_words(kind),
        words => words,
    }
}

/// A state in the reader's words: `pending_approval` → "Menunggu penyetuju".
fn state_words(shell: &Shell, state: &str) -> String {
    let key = format!("admin-state-{}", state.replace('_', "-"));
    match shell.t(&key) {
        words if words == key => plain_words(state),
        words => words,
    }
}

/// `index_offer` → `index offer`.
fn plain_words(word: &str) -> String {
    word.replace('_', " ")
}
