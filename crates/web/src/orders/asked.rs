//! What part of a list the address asks for: the tab, words, a partner, days, a page. Wrong days are said at their
//! fields; the list is drawn without them.

use domain::{
    ids::OrganisationId,
    problem::Problem,
    time::{Day, Zone},
};
use store::orders::Filter;

use crate::{ctx::Ctx, error::encode, form::Form, form::Reader};

pub(super) struct Asked {
    pub tab: usize,
    pub text: String,
    pub partner: Option<OrganisationId>,
    pub from: Option<Day>,
    /// The last day.
    pub until: Option<Day>,
    pub page: i64,
    /// As it was typed, with what is wrong.
    pub form: Form,
}

impl Asked {
    /// `codes`: those of the tabs, the first of them where the address names none.
    pub(super) fn read(ctx: &Ctx, codes: &[&str]) -> Self {
        let query = ctx.query();
        let mut reader = Reader::new(query, ctx.lang());
        let partner = reader.optional("with", |raw| {
            raw.parse().map_err(|_| Problem::new("form-choose"))
        });
        let from = reader.optional_day("from");
        let until = reader.optional_day("until");
        if let (Some(Some(from)), Some(Some(until))) = (from, until)
            && until < from
        {
            reader.add("until", Problem::new("orders-filter-backwards"));
        }
        let form = match reader.finish(|| Some(())) {
            Ok(()) => Form::of(query, ctx.lang()),
            Err(form) => form,
        };
        Self {
            tab: codes
                .iter()
                .position(|code| *code == query.first("tab"))
                .unwrap_or(0),
            text: query.first("q").chars().take(100).collect(),
            partner: partner.flatten(),
            from: from.flatten(),
            until: until.flatten(),
            page: query
                .first("page")
                .parse()
                .unwrap_or(1_i64)
                .clamp(1, 100_000),
            form,
        }
    }

    /// Whether more than tab and words narrow the list down.
    pub(super) fn is_narrowed(&self) -> bool {
        self.partner.is_some() || self.from.is_some() || self.until.is_some()
    }

    /// The address of a tab's page under the same filter.
    pub(super) fn href(&self, tab: &str, page: i64) -> String {
        let mut href = format!("/orders?tab={tab}");
        if !self.text.is_empty() {
            href.push_str(&format!("&q={}", encode(&self.text)));
        }
        if let Some(partner) = self.partner {
            href.push_str(&format!("&with={partner}"));
        }
        for (name, day) in [("from", self.from), ("until", self.until)] {
            if let Some(day) = day {
                href.push_str(&format!("&{name}={}", day.iso()));
            }
        }
        if page > 1 {
            href.push_str(&format!("&page={page}"));
        }
        href
    }

    /// Where the whole part of the list is to be had as a file, but for its kind.
    pub(super) fn export(&self, tab: &str) -> String {
        let href = self.href(tab, 1);
        format!("{}&", href.replacen("/orders?", "/orders/export?", 1))
    }

    /// Days are the reader's own, from midnight to midnight.
    pub(super) fn filter<S: Clone>(&self, states: &[S], zone: Zone) -> Filter<S> {
        let is_sound = !self.form.has_errors();
        Filter {
            states: states.to_vec(),
            text: self.text.clone(),
            partner: self.partner,
            from: self.from.filter(|_| is_sound).map(|day| zone.start_of(day)),
            until: self
                .until
                .filter(|_| is_sound)
                .map(|day| zone.start_of(day.plus(1))),
            page: self.page,
        }
    }
}
