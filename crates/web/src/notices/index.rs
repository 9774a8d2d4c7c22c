//! The list of notices, latest first: what is new stands out, opens what it is about, and can be passed on by WhatsApp.

use askama::Template;
use domain::time::{Instant, Zone};
use store::notices::{NOTICE_ROWS, Notice};
use text::format;

use super::words;
use crate::{
    ctx::{Ctx, SignedIn},
    handler::Answer,
    parts::{Pager, Tab},
    shell::Shell,
    whatsapp,
};

/// One notice as it is drawn.
struct Row {
    id: String,
    line: String,
    reason: String,
    when: String,
    href: String,
    button: String,
    whatsapp: String,
    is_new: bool,
}

#[derive(Template)]
#[template(path = "notices/index.html")]
struct Page {
    shell: Shell,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    /// Epoch microseconds: what comes later stays new.
    seen: i64,
    has_new: bool,
    only_new: bool,
    pager: Pager,
}

pub async fn page(ctx: Ctx, reader: SignedIn) -> Answer {
    let query = ctx.query();
    let only_new = query.first("show") == "new";
    let number: i64 = query.first("page").parse().unwrap_or(1).clamp(1, 10_000);
    let organisation = ctx.acting().map(|acting| acting.organisation);
    let (notices, found) = ctx
        .store()
        .notices(reader.person, organisation, only_new, number)
        .await?;
    let shell = ctx.shell().await;
    let unread = shell.unread_notices;
    let show = if only_new { "new" } else { "all" };
    let tab = |code: &str, key: &str, is_current: bool, count: Option<i64>| Tab {
        href: format!("/notices?show={code}"),
        label: shell.t(key),
        count,
        is_hot: count.is_some_and(|n| n > 0),
        is_current,
    };
    let first = (number - 1) * NOTICE_ROWS;
    let last = first + i64::try_from(notices.len()).unwrap_or(0);
    let sentence = shell.t3(
        "notices-found",
        "first",
        (first + 1).min(last),
        "last",
        last,
        "found",
        found,
    );
    let page = Page {
        tabs: vec![
            tab("all", "notices-all", !only_new, None),
            tab("new", "notices-new", only_new, Some(unread)),
        ],
        rows: notices.iter().map(|notice| row(&ctx, notice)).collect(),
        seen: ctx.now().0,
        has_new: unread > 0,
        only_new,
        pager: Pager::new(
            sentence,
            number,
            (found + NOTICE_ROWS - 1) / NOTICE_ROWS,
            |page| format!("/notices?show={show}&page={page}"),
        ),
        shell,
    };
    ctx.html(&page)
}

fn row(ctx: &Ctx, notice: &Notice) -> Row {
    let lang = ctx.lang();
    let zone = ctx
        .acting()
        .map_or(Zone::Wib, |acting| Zone::of_region(&acting.region_code));
    let words = words::words(lang, notice);
    let href = words::href(notice);
    let text = format!(
        "{}\n{}: {}",
        words.line,
        words.button,
        ctx.state().absolute(&href)
    );
    Row {
        id: notice.id.to_string(),
        line: words.line,
        reason: words::reason(notice),
        when: format::date_time(lang, Instant(notice.at), zone),
        button: words.button,
        href,
        whatsapp: whatsapp::link(None, &text),
        is_new: notice.read_at.is_none(),
    }
}
