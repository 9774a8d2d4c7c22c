//! Who has which role here, and who was invited to one.

use askama::Template;
use domain::{
    accounts::Role,
    time::{Instant, Zone},
};
use store::accounts::RoleHolder;

use crate::{
    accounts::inviting::{self, Row},
    ctx::{Ctx, PeopleManager, SignedIn},
    handler::{Answer, FromVisit},
    nav,
    shell::Shell,
};

#[derive(Template)]
#[template(path = "people/index.html")]
struct Page {
    shell: Shell,
    organisation: String,
    people: Vec<RoleHolder>,
    rows: Vec<Row>,
    may_write: bool,
    path: &'static str,
    zone: Zone,
}

impl Page {
    fn day(&self, at: &Instant) -> String {
        self.shell.date(self.zone.day_of(*at))
    }

    fn role_key(&self, role: &Role) -> &'static str {
        nav::role_key(&[*role])
    }

    /// Address and the end of the number.
    fn contact(&self, holder: &RoleHolder) -> String {
        let mut parts: Vec<String> = Vec::new();
        parts.extend(holder.email.clone());
        parts.extend(holder.phone_end.as_ref().map(|end| format!("•••• {end}")));
        parts.join(" · ")
    }
}

pub async fn page(ctx: Ctx, _: SignedIn) -> Answer {
    let Some(acting) = ctx.acting().cloned() else {
        return ctx.see("/account");
    };
    let may_write = PeopleManager::from_visit(&ctx).is_ok();
    let page = Page {
        people: ctx.store().people_of(acting.organisation).await?,
        rows: if may_write {
            inviting::rows(&ctx, acting.organisation, true, 1).await?.0
        } else {
            Vec::new()
        },
        may_write,
        path: "/people/invitations",
        zone: Zone::of_region(&acting.region_code),
        organisation: acting.name,
        shell: ctx.shell().await,
    };
    ctx.html(&page)
}
