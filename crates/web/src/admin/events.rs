//! The history of everything: who did what, when, for whom. Searched by subject, person, kind and day.

use askama::Template;
use domain::time::{Instant, Zone};
use store::events::{EVENT_ROWS, EventFilter, LoggedEvent};

use crate::{
    ctx::{Admin, Ctx},
    error::encode,
    form::Form,
    handler::Answer,
    parts::{Choice, Head, Pager},
    shell::Shell,
};

/// What history is kept of.
const SUBJECTS: [(&str, &str); 18] = [
    ("order", "admin-subject-order"),
    ("share", "admin-subject-share"),
    ("offer", "admin-subject-offer"),
    ("catalog", "admin-subject-catalog"),
    ("product", "admin-subject-product"),
    ("lot", "admin-subject-lot"),
    ("certificate", "admin-subject-certificate"),
    ("member", "admin-subject-member"),
    ("organisation", "admin-subject-organisation"),
    ("person", "admin-subject-person"),
    ("setting", "admin-subject-setting"),
    ("category", "admin-subject-category"),
    ("commodity", "admin-subject-commodity"),
    ("job", "admin-subject-job"),
    ("photo", "admin-subject-photo"),
    ("question", "admin-subject-question"),
    ("invitation", "admin-subject-invitation"),
    ("import", "admin-subject-import"),
];

const FIELDS: [&str; 6] = ["on", "subject", "person", "kind", "from", "until"];

#[derive(Template)]
#[template(path = "admin/events.html")]
struct Page {
    shell: Shell,
    form: Form,
    is_narrowed: bool,
    zone: Zone,
    subjects: Vec<Choice>,
    kinds: Vec<Choice>,
    events: Vec<LoggedEvent>,
    pager: Pager,
}

impl Page {
    fn heads(&self) -> Vec<Head> {
        [
            "admin-event-when",
            "admin-event-what",
            "admin-event-subject",
            "admin-event-who",
            "admin-event-detail",
        ]
        .map(|key| Head::text(self.shell.t(key)))
        .into()
    }

    fn when(&self, event: &LoggedEvent) -> String {
        self.shell.date_time(Instant(event.at), self.zone)
    }

    fn what(&self, event: &LoggedEvent) -> String {
        super::event_words(&self.shell, &event.kind)
    }

    /// "Diusulkan → Disanggupi".
    fn step(&self, event: &LoggedEvent) -> String {
        [&event.from_state, &event.to_state]
            .into_iter()
            .flatten()
            .map(|state| super::state_words(&self.shell, state))
            .collect::<Vec<_>>()
            .join(" → ")
    }

    /// What was written beside it: "jumlah 40 · diusulkan 40".
    fn data(&self, event: &LoggedEvent) -> String {
        event.data.as_deref().map_or_else(String::new, |data| {
            super::event_data::words(self.shell.lang, data)
        })
    }

    fn subject(&self, event: &LoggedEvent) -> String {
        SUBJECTS
            .iter()
            .find(|(word, _)| *word == event.subject_kind)
            .map_or_else(|| event.subject_kind.clone(), |(_, key)| self.shell.t(key))
    }

    /// The order's number, or the last part of the id.
    fn subject_name(&self, event: &LoggedEvent) -> String {
        event.number.clone().unwrap_or_else(|| {
            let id = event.subject_id.to_string();
            id.rsplit('-').next().unwrap_or_default().to_owned()
        })
    }

    /// The history of this subject alone.
    fn subject_href(&self, event: &LoggedEvent) -> String {
        format!("/admin/events?subject={}", event.subject_id)
    }

    fn kind_href(&self, event: &LoggedEvent) -> String {
        format!("/admin/events?kind={}", encode(&event.kind))
    }

    fn who(&self, event: &LoggedEvent) -> String {
        event
            .person
            .clone()
            .unwrap_or_else(|| self.shell.t("admin-event-nobody"))
    }

    /// For whom, and in whose place.
    fn acting(&self, event: &LoggedEvent) -> String {
        [&event.organisation, &event.on_behalf_of]
            .into_iter()
            .flatten()
            .cloned()
            .collect::<Vec<_>>()
            .join(" → ")
    }
}

pub async fn page(ctx: Ctx, _: Admin) -> Answer {
    let query = ctx.query();
    let zone = super::zone(&ctx);
    let field = |name: &str| super::asked(&ctx, name);
    let filter = EventFilter {
        subject_kind: field("on"),
        subject: field("subject"),
        person: field("person"),
        kind: field("kind"),
        from: super::day_start(query.first("from"), zone, 0),
        until: super::day_start(query.first("until"), zone, 1),
        page: super::page_number(&ctx),
    };
    let (events, found) = ctx.store().find_events(&filter).await?;
    let shell = ctx.shell().await;
    let (form, address) = super::filtered(&ctx, "/admin/events", &FIELDS);
    let page = Page {
        zone,
        is_narrowed: super::is_narrowed(&form, &FIELDS),
        form,
        kinds: super::event_kinds::choices(&shell),
        subjects: SUBJECTS
            .iter()
            .map(|(word, key)| Choice::new(word, shell.t(key)))
            .collect(),
        pager: super::pager(
            &shell,
            filter.page,
            EVENT_ROWS,
            events.len(),
            found,
            |page| format!("{address}page={page}"),
        ),
        events,
        shell,
    };
    ctx.html(&page)
}
