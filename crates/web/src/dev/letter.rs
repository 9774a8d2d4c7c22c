//! One letter of the demo: its text, with the links into this site made clickable.

use askama::Template;
use domain::time::Zone;
use mail::StoredLetter;

use super::folder;
use crate::{ctx::Ctx, error::Error, handler::Answer, parts::Crumb, shell::Shell};

/// A word of a letter, or a path of this site that it names.
struct Piece<'a> {
    text: &'a str,
    href: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "dev/letter.html")]
struct Page {
    shell: Shell,
    letter: StoredLetter,
    base_url: String,
}

impl Page {
    fn crumbs(&self) -> Vec<Crumb> {
        vec![Crumb::new("/dev/mailbox", self.shell.t("mailbox-title"))]
    }

    fn sent(&self) -> String {
        self.letter
            .sent_at
            .map(|at| self.shell.date_time(at, Zone::Wib))
            .unwrap_or_default()
    }

    /// The text by line and word. Only addresses of this very site become links.
    fn lines(&self) -> Vec<Vec<Piece<'_>>> {
        let href = |word: &'_ str| -> Option<usize> {
            let path = word.strip_prefix(self.base_url.as_str())?;
            path.starts_with('/').then_some(self.base_url.len())
        };
        self.letter
            .text
            .lines()
            .map(|line| {
                line.split_inclusive(' ')
                    .map(|text| Piece {
                        text,
                        href: href(text.trim_end()).and_then(|at| text.trim_end().get(at..)),
                    })
                    .collect()
            })
            .collect()
    }
}

pub async fn page(ctx: Ctx) -> Answer {
    let name: String = ctx.param("name")?;
    let letter = folder(&ctx)?
        .read(&name)
        .await
        .map_err(Error::broken)?
        .ok_or(Error::NotFound)?;
    let page = Page {
        shell: ctx.shell().await,
        letter,
        base_url: ctx.state().config.base_url.clone(),
    };
    ctx.html(&page)
}
