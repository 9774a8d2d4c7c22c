//! How far a long list is on its way in. The page asks for itself anew every few seconds, by a header and so without
//! JavaScript; it may be left, and says so.

use actix_web::http::header::{HeaderName, HeaderValue};
use askama::Template;
use store::imports::{ImportView, Progress};

use super::kinds::Desk;
use crate::{ctx::Ctx, handler::Answer, parts::Bar, shell::Shell};

/// Nothing has moved for so long: the process that did it is gone, and another will go on.
const SILENT_SECONDS: i64 = 30;
const REFRESH_SECONDS: &str = "2";

#[derive(Template)]
#[template(path = "imports/progress.html")]
struct Page {
    shell: Shell,
    desk: Desk,
    here: String,
    file_name: String,
    when: String,
    bar: Bar,
    percent: i64,
    counts: String,
    left: String,
    is_silent: bool,
}

pub(super) async fn draw(ctx: &Ctx, desk: Desk, import: &ImportView, progress: Progress) -> Answer {
    let shell = ctx.shell().await;
    let (done, all) = (progress.rows_done, progress.rows_all);
    let counts = shell.t2("imports-progress-counts", "done", done, "all", all);
    let left = match progress.seconds_left(ctx.now()) {
        None => shell.t("imports-progress-waits"),
        Some(_) if done >= all => shell.t("imports-progress-last"),
        Some(seconds) if seconds < 60 => shell.t1("imports-progress-seconds", "n", seconds),
        Some(seconds) => shell.t1("imports-progress-minutes", "n", seconds.div_euclid(60) + 1),
    };
    let silent = ctx.now().0.saturating_sub(progress.moved_at.0);
    let page = Page {
        bar: Bar::coming(counts.as_str(), done, all - done),
        percent: progress.percent(),
        is_silent: silent > SILENT_SECONDS * 1_000_000,
        here: format!("{}/{}", desk.base(), import.id),
        file_name: import.file_name.clone(),
        when: shell.date_time(import.created_at, desk.zone),
        desk,
        counts,
        left,
        shell,
    };
    let mut answer = ctx.html(&page)?;
    answer.headers_mut().insert(
        HeaderName::from_static("refresh"),
        HeaderValue::from_static(REFRESH_SECONDS),
    );
    Ok(answer)
}
