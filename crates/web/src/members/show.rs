//! One member: who it is, what it makes, which permits it holds, and what happened so far.

use askama::Template;
use domain::{
    ids::{MemberId, OrganisationId},
    members::MemberStatus,
    money::{Rupiah, grouped},
    time::{Day, Instant, Zone},
};
use mail::letters::{Told, plain};
use store::{
    imports::SavingsSum,
    members::{MemberCertificate, MemberProduct, MemberView},
};

use super::{index::place, status_badge};
use crate::{
    ctx::{CoopReader, Ctx, Manager},
    error::Error,
    form::Form,
    handler::{Answer, FromVisit, Id},
    parts::{Crumb, Event, Head},
    shell::Shell,
    whatsapp,
};

#[derive(Template)]
#[template(path = "members/show.html")]
struct Page {
    shell: Shell,
    form: Form,
    zone: Zone,
    today: Day,
    status: MemberStatus,
    member: MemberView,
    /// Opening balances: which, how much, and of which day.
    savings: Vec<SavingsSum>,
    may_write: bool,
    /// Nobody signs in for its business yet: its owner can be invited.
    is_ownerless: bool,
    /// Opens WhatsApp with a text for the member; the number stays with the member (P-2).
    whatsapp: String,
}

/// The zone of the acting organisation.
pub(crate) fn zone(ctx: &Ctx) -> Zone {
    ctx.acting()
        .map_or(Zone::Wib, |acting| Zone::of_region(&acting.region_code))
}

/// Today where the acting organisation is.
pub(crate) fn today(ctx: &Ctx) -> Day {
    zone(ctx).day_of(ctx.now())
}

pub async fn page(ctx: Ctx, reader: CoopReader, Id(id): Id<MemberId>) -> Answer {
    draw(&ctx, reader.organisation, id, ctx.empty_form()).await
}

/// The page, with what is wrong in one of its forms.
pub(super) async fn draw(
    ctx: &Ctx,
    cooperative: OrganisationId,
    id: MemberId,
    form: Form,
) -> Answer {
    let member = ctx
        .store()
        .member(cooperative, id)
        .await?
        .ok_or(Error::NotFound)?;
    let savings = ctx.store().opening_balances(cooperative, id).await?;
    let is_again = form.has_errors();
    let ownerless = ctx.store().ownerless_member(cooperative, id).await?;
    let form = match &ownerless {
        Some(business) if !is_again => {
            let contact = business.phone.clone().or_else(|| business.email.clone());
            form.with("login", contact.unwrap_or_default())
        }
        _ => form,
    };
    let page = Page {
        is_ownerless: ownerless.is_some(),
        savings,
        shell: ctx.shell().await,
        form,
        zone: zone(ctx),
        today: today(ctx),
        status: member.row.status()?,
        whatsapp: whatsapp(ctx, &member)?,
        member,
        may_write: Manager::from_visit(ctx).is_ok(),
    };
    if is_again {
        ctx.unprocessable(&page)
    } else {
        ctx.html(&page)
    }
}

fn whatsapp(ctx: &Ctx, member: &MemberView) -> Result<String, Error> {
    let lang = ctx.lang();
    let cooperative = ctx
        .acting()
        .map(|acting| acting.name.as_str())
        .unwrap_or_default();
    let link = ctx.state().absolute("/memberships");
    let names = [
        ("applicant", plain(&member.row.name).into()),
        ("cooperative", plain(cooperative).into()),
        ("link", link.as_str().into()),
    ];
    let to = member.person_name.as_deref().unwrap_or(&member.row.name);
    let text = if member.row.status()?.may_supply() {
        Told::MembershipApproved.message(lang, to, &names, &link)
    } else {
        text::t_with(lang, "whatsapp-about-membership", &names)
    };
    Ok(whatsapp::link(None, &text))
}

impl Page {
    fn crumbs(&self) -> Vec<Crumb> {
        vec![Crumb::new("/members", self.shell.t("members-title"))]
    }

    fn badge(&self) -> (&'static str, String, &'static str) {
        let (kind, key, icon) = status_badge(self.status);
        (kind, self.shell.t(key), icon)
    }

    fn is_applied(&self) -> bool {
        self.status == MemberStatus::Applied
    }

    fn is_candidate(&self) -> bool {
        self.status == MemberStatus::Candidate
    }

    fn is_associate(&self) -> bool {
        self.status == MemberStatus::Associate
    }

    /// Whether a manager may work at its goods in its name.
    fn is_active(&self) -> bool {
        self.status == MemberStatus::Active
    }

    fn goods(&self, below: &str) -> String {
        format!("/members/{}/products{below}", self.member.row.id)
    }

    /// "Simpanan pokok", "Rp100.000", "Per 24 November 2026".
    fn saved(&self, sum: &SavingsSum) -> (String, String, String) {
        let day = self.shell.date(Day(sum.as_of));
        (
            self.shell.t(&format!("members-savings-kind-{}", sum.kind)),
            Rupiah(sum.rupiah).to_string(),
            self.shell.t1("members-savings-as-of", "day", day),
        )
    }

    fn belongs(&self) -> bool {
        self.status.may_supply()
    }

    fn facts(&self) -> Vec<(String, String)> {
        let row = &self.member.row;
        let day = |day: Option<Day>| day.map(|day| self.shell.date(day)).unwrap_or_default();
        [
            (
                "members-number",
                row.number.map(|n| n.to_string()).unwrap_or_default(),
            ),
            (
                "members-person",
                self.member.person_name.clone().unwrap_or_default(),
            ),
            ("members-place", place(row)),
            (
                "members-applied-on",
                day(Some(self.zone.day_of(row.applied_at()))),
            ),
            ("members-joined-on", day(row.joined_on())),
            ("members-left-on", day(self.member.left_on)),
            (
                "members-reason",
                self.member.note.clone().unwrap_or_default(),
            ),
        ]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(key, value)| (self.shell.t(key), value))
        .collect()
    }

    fn product_heads(&self) -> Vec<Head> {
        vec![
            Head::text(self.shell.t("members-product")),
            Head::number(self.shell.t("members-asks")),
            Head::number(self.shell.t("members-free")),
            Head::number(self.shell.t("members-pooled-in")),
        ]
    }

    fn asks(&self, product: &MemberProduct) -> String {
        product
            .price_rupiah
            .map_or_else(|| "–".to_owned(), |price| Rupiah(price).to_string())
    }

    fn free(&self, product: &MemberProduct) -> String {
        match &product.unit {
            Some(unit) => text::units::count_of(self.shell.lang, product.free_packs, unit),
            None => grouped(product.free_packs),
        }
    }

    /// Permit, number and goods, and until when. One number for several goods stands once.
    fn permits(&self) -> Vec<(String, String, &'static str, String)> {
        let mut once: Vec<(&MemberCertificate, Vec<&str>)> = Vec::new();
        for certificate in &self.member.row.certificates {
            let goods = certificate.product.as_deref();
            let same = once.iter_mut().find(|(one, _)| {
                one.kind == certificate.kind
                    && one.number == certificate.number
                    && one.valid_until == certificate.valid_until
            });
            match same {
                Some((_, all)) => all.extend(goods),
                None => once.push((certificate, goods.into_iter().collect())),
            }
        }
        once.into_iter()
            .map(|(certificate, goods)| {
                let word = match certificate.kind.parse() {
                    Ok(kind) => text::units::permit(self.shell.lang, kind),
                    Err(_) => certificate.kind.clone(),
                };
                let detail = match goods.is_empty() {
                    true => certificate.number.clone(),
                    false => format!("{} · {}", certificate.number, goods.join(", ")),
                };
                let (kind, until) = match certificate.valid_until.map(Day) {
                    None => ("ok", self.shell.t("members-permit-holds")),
                    Some(last) if last < self.today => (
                        "bad",
                        self.shell
                            .t1("members-permit-over", "day", self.shell.date(last)),
                    ),
                    Some(last) => (
                        if last.0 <= self.today.0 + 30 {
                            "wait"
                        } else {
                            "ok"
                        },
                        self.shell
                            .t1("members-permit-until", "day", self.shell.date(last)),
                    ),
                };
                (word, detail, kind, until)
            })
            .collect()
    }

    fn history(&self) -> Vec<Event> {
        self.member
            .history
            .iter()
            .map(|event| Event {
                word: match (event.kind.as_str(), event.to_state.as_deref()) {
                    ("membership_approved", Some("candidate")) => {
                        self.shell.t("members-event-candidate")
                    }
                    ("membership_approved", Some("associate")) => {
                        self.shell.t("members-event-associate")
                    }
                    ("membership_approved", _) => self.shell.t("members-event-active"),
                    ("membership_declined", _) => self.shell.t("members-event-declined"),
                    ("membership_ended", _) => self.shell.t("members-event-left"),
                    ("membership_entered", _) => self.shell.t("members-event-entered"),
                    ("membership_completed", _) => self.shell.t("members-event-completed"),
                    ("membership_taken_back", _) => self.shell.t("members-event-taken-back"),
                    _ => self.shell.t("members-event-applied"),
                },
                when: self.shell.date_time(Instant(event.at), self.zone),
                detail: [event.person.clone(), event.reason.clone()]
                    .into_iter()
                    .flatten()
                    .collect::<Vec<_>>()
                    .join(" · "),
                state: "done",
            })
            .collect()
    }
}
