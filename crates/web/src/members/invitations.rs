//! Who was invited to become a member, and how far that has come.

use askama::Template;
use domain::{
    accounts::Role,
    time::{Instant, Zone},
};

use store::accounts::INVITATIONS_PAGE;

use super::show::zone;
use crate::{
    accounts::inviting::{self, Row},
    ctx::{CoopReader, Ctx, Manager},
    handler::{Answer, FromVisit},
    nav,
    parts::Pager,
    shell::Shell,
};

#[derive(Template)]
#[template(path = "members/invitations.html")]
struct Page {
    shell: Shell,
    rows: Vec<Row>,
    pager: Pager,
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
    let asked = ctx.query().first("page").parse().unwrap_or(1_i64);
    let (rows, total) = inviting::rows(&ctx, reader.organisation, false, asked).await?;
    let pages = (total + INVITATIONS_PAGE - 1) / INVITATIONS_PAGE;
    let number = asked.clamp(1, pages.max(1));
    let shell = ctx.shell().await;
    let page = Page {
        pager: Pager::counted(
            (number, INVITATIONS_PAGE, total),
            |first, last| {
                shell.t3(
                    "invitations-pager",
                    "first",
                    first,
                    "last",
                    last,
                    "all",
                    total,
                )
            },
            |page| format!("/members/invitations?page={page}"),
        ),
        rows,
        may_write: Manager::from_visit(&ctx).is_ok(),
        path: "/members/invitations",
        zone: zone(&ctx),
        shell,
    };
    ctx.html(&page)
}
