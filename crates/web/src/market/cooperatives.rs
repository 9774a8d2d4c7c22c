//! The list of verified cooperatives.

use askama::Template;
use domain::regions;

use crate::{ctx::Ctx, handler::Answer, parts::Pager, shell::Shell};

use super::{cards, page_number, viewer};

const PER_PAGE: i64 = 24;

struct Line {
    href: String,
    name: String,
    place: String,
    members: i64,
    offers: i64,
}

#[derive(Template)]
#[template(path = "market/cooperatives.html")]
struct Page {
    shell: Shell,
    lines: Vec<Line>,
    pager: Pager,
}

pub async fn page(ctx: Ctx) -> Answer {
    let shell = ctx.shell().await;
    let page = page_number(&ctx);
    let (rows, total) = ctx
        .store()
        .cooperatives(&viewer(&ctx), ctx.now(), page)
        .await?;
    let lines = rows
        .into_iter()
        .map(|row| Line {
            href: format!("/cooperatives/{}", row.slug),
            place: regions::name(&row.region_code).to_owned(),
            name: row.name,
            members: row.members,
            offers: row.offers,
        })
        .collect();
    let mut pager = cards::pager(&shell, page, PER_PAGE, total, |n| {
        format!("/cooperatives?page={n}")
    });
    pager.sentence = shell.t1("market-cooperatives-total", "n", total);
    ctx.html(&Page {
        lines,
        pager,
        shell,
    })
}
