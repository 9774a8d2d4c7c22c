//! What everybody who joins agrees to, in a few plain sentences.

use askama::Template;

use crate::{ctx::Ctx, handler::Answer, shell::Shell};

/// Keys of each part's heading and sentences.
const SECTIONS: &[(&str, &[&str])] = &[
    (
        "terms-join",
        &["terms-join-1", "terms-join-2", "terms-join-3"],
    ),
    (
        "terms-goods",
        &["terms-goods-1", "terms-goods-2", "terms-goods-3"],
    ),
    (
        "terms-orders",
        &["terms-orders-1", "terms-orders-2", "terms-orders-3"],
    ),
    ("terms-platform", &["terms-platform-1", "terms-platform-2"]),
    ("terms-leave", &["terms-leave-1", "terms-leave-2"]),
];

#[derive(Template)]
#[template(path = "accounts/terms.html")]
struct Page {
    shell: Shell,
}

pub async fn page(ctx: Ctx) -> Answer {
    let page = Page {
        shell: ctx.shell().await,
    };
    ctx.html(&page)
}
