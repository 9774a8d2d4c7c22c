//! The letters of the demo, newest first.

use askama::Template;
use domain::time::Zone;
use mail::StoredLetter;

use super::folder;
use crate::{
    ctx::Ctx,
    error::Error,
    handler::Answer,
    parts::{Head, Pager},
    shell::Shell,
};

const LETTERS_PER_PAGE: i64 = 50;

#[derive(Template)]
#[template(path = "dev/mailbox.html")]
struct Page {
    shell: Shell,
    letters: Vec<StoredLetter>,
    pager: Pager,
}

impl Page {
    fn heads(&self) -> Vec<Head> {
        ["mailbox-subject", "mailbox-to", "mailbox-sent"]
            .map(|key| Head::text(self.shell.t(key)))
            .into()
    }

    fn sent(&self, letter: &StoredLetter) -> String {
        letter
            .sent_at
            .map(|at| self.shell.date_time(at, Zone::Wib))
            .unwrap_or_default()
    }
}

pub async fn page(ctx: Ctx) -> Answer {
    let folder = folder(&ctx)?;
    let number = ctx.query().first("page").parse::<i64>().unwrap_or(1);
    let number = number.clamp(1, 10_000);
    let offset = usize::try_from((number - 1) * LETTERS_PER_PAGE).unwrap_or(0);
    let limit = usize::try_from(LETTERS_PER_PAGE).unwrap_or(50);
    let listing = folder.list(limit, offset).await.map_err(Error::broken)?;
    let all = i64::try_from(listing.total).unwrap_or(i64::MAX);
    let shell = ctx.shell().await;
    let from = (number - 1) * LETTERS_PER_PAGE + 1;
    let to = all.min(number * LETTERS_PER_PAGE);
    let sentence = shell.t3("mailbox-count", "from", from, "to", to, "all", all);
    let pages = (all + LETTERS_PER_PAGE - 1) / LETTERS_PER_PAGE;
    let page = Page {
        pager: Pager::new(sentence, number, pages, |n| {
            format!("/dev/mailbox?page={n}")
        }),
        shell,
        letters: listing.letters,
    };
    ctx.html(&page)
}
