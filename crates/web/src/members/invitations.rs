//! Who was invited to become a member, and how far that has come.

use askama::Template;
use domain::{
    accounts::Role,
    time::{Instant, Zone},
};

use super::show::zone;
use crate::{
    accounts::inviting::{self, Row},
    ctx::{CoopReader, Ctx, Manager},
    handler::{Answer, FromVisit},
    nav,
    shell::Shell,
};

#[derive(Template)]
#[template(path = "members/invitations.html")]
struct Page {
    shell: Shell,
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
}

pub async fn page(ctx: Ctx, reader: CoopReader) -> Answer {
    let page = Page {
        rows: inviting::rows(&ctx, reader.organisation, false).await?,
        may_write: Manager::from_visit(&ctx).is_ok(),
        path: "/members/invitations",
        zone: zone(&ctx),
        shell: ctx.shell().await,
    };
    ctx.html(&page)
}
