//! Own memberships with their state, and the verified cooperatives to join.

use askama::Template;
use domain::{
    ids::OrganisationId,
    members::MemberStatus,
    regions,
    time::{Day, Instant, Zone},
};
use store::members::{CooperativeToJoin, OwnMembership};

use crate::{
    accounts::limits,
    ctx::{Ctx, Seller},
    error::Error,
    flash::Flash,
    form::Form,
    handler::Answer,
    members::status_badge,
    shell::Shell,
};

/// Applications of one business within an hour.
const APPLICATIONS_MAX: i64 = 20;

#[derive(Template)]
#[template(path = "memberships/index.html")]
struct Page {
    shell: Shell,
    form: Form,
    search: String,
    own: Vec<OwnMembership>,
    cooperatives: Vec<CooperativeToJoin>,
}

pub async fn page(ctx: Ctx, seller: Seller) -> Answer {
    draw(&ctx, seller.organisation, ctx.empty_form()).await
}

async fn draw(ctx: &Ctx, supplier: OrganisationId, form: Form) -> Answer {
    let search: String = ctx.query().first("q").chars().take(100).collect();
    let is_again = form.has_errors();
    let page = Page {
        own: ctx.store().memberships_of(supplier).await?,
        cooperatives: ctx.store().cooperatives_to_join(supplier, &search).await?,
        search,
        shell: ctx.shell().await,
        form,
    };
    if is_again {
        ctx.unprocessable(&page)
    } else {
        ctx.html(&page)
    }
}

pub async fn submit(ctx: Ctx, seller: Seller) -> Answer {
    let mut reader = ctx.reader();
    let cooperative = reader.id::<OrganisationId>("cooperative");
    let cooperative = match reader.finish(|| cooperative) {
        Ok(cooperative) => cooperative,
        Err(form) => return draw(&ctx, seller.organisation, form).await,
    };
    // Each application writes to people who did not ask for it (CHECKLIST G05).
    let bucket = format!("mail:membership:{}", seller.organisation);
    limits::within(&ctx, &bucket, APPLICATIONS_MAX, limits::HOUR_SECONDS).await?;
    ctx.store()
        .apply_membership(&ctx.act(), seller.organisation, cooperative)
        .await
        .map_err(Error::from)?;
    ctx.flash(Flash::done(ctx.t("memberships-done"))).await?;
    ctx.see("/memberships")
}

impl Page {
    fn badge(&self, own: &OwnMembership) -> (&'static str, String, &'static str) {
        match own.status.parse() {
            Ok(MemberStatus::Applied) => {
                ("wait", self.shell.t("memberships-status-applied"), "clock")
            }
            Ok(status) => {
                let (kind, key, icon) = status_badge(status);
                (kind, self.shell.t(key), icon)
            }
            Err(_) => ("", own.status.clone(), "pencil"),
        }
    }

    fn may_leave(&self, own: &OwnMembership) -> bool {
        own.status
            .parse()
            .is_ok_and(|status: MemberStatus| status.may_supply())
    }

    fn place(&self, code: &str) -> String {
        regions::short_name(code)
    }

    /// What there is to say about the state: since when, which number, why not.
    fn detail(&self, own: &OwnMembership) -> String {
        let zone = Zone::of_region(&own.region_code);
        let date = |day: Option<i32>| day.map(|day| self.shell.date(Day(day)));
        match own.status.parse() {
            Ok(MemberStatus::Applied) => self.shell.t1(
                "memberships-applied",
                "day",
                self.shell.date(zone.day_of(Instant(own.applied_at))),
            ),
            Ok(MemberStatus::Declined) => self.shell.t1(
                "memberships-declined",
                "reason",
                own.note.clone().unwrap_or_default(),
            ),
            Ok(MemberStatus::Left) => self.shell.t1(
                "memberships-left",
                "day",
                date(own.left_on).unwrap_or_default(),
            ),
            _ => self.shell.t3(
                "memberships-member",
                "number",
                i64::from(own.number.unwrap_or_default()),
                "day",
                date(own.joined_on).unwrap_or_default(),
                "offers",
                own.offers,
            ),
        }
    }
}
