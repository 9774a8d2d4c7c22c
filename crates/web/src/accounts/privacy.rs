//! What is kept of people, why and how long, and their rights (UU 27/2022 on personal data).

use askama::Template;

use crate::{ctx::Ctx, handler::Answer, shell::Shell};

/// Keys of each part's heading and sentences.
const SECTIONS: &[(&str, &[&str])] = &[
    (
        "privacy-keep",
        &[
            "privacy-keep-1",
            "privacy-keep-2",
            "privacy-keep-3",
            "privacy-keep-4",
        ],
    ),
    (
        "privacy-why",
        &["privacy-why-1", "privacy-why-2", "privacy-why-3"],
    ),
    (
        "privacy-how-long",
        &[
            "privacy-how-long-1",
            "privacy-how-long-2",
            "privacy-how-long-3",
            "privacy-how-long-4",
        ],
    ),
    (
        "privacy-who",
        &["privacy-who-1", "privacy-who-2", "privacy-who-3"],
    ),
    (
        "privacy-rights",
        &[
            "privacy-rights-1",
            "privacy-rights-2",
            "privacy-rights-3",
            "privacy-rights-4",
        ],
    ),
    ("privacy-how", &["privacy-how-1", "privacy-how-2"]),
    ("privacy-safe", &["privacy-safe-1", "privacy-safe-2"]),
];

#[derive(Template)]
#[template(path = "accounts/privacy.html")]
struct Page {
    shell: Shell,
}

pub async fn page(ctx: Ctx) -> Answer {
    let page = Page {
        shell: ctx.shell().await,
    };
    ctx.html(&page)
}
