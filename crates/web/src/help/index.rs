//! The help page: the steps of one's own role first, of all three for passers-by; then words and questions.

use askama::Template;

use crate::{
    ctx::Ctx,
    handler::Answer,
    nav,
    shell::{Frame, Shell},
};

/// One way of working, in a few steps.
struct Guide {
    title_key: &'static str,
    /// Keys of a step's title and of its words.
    steps: &'static [(&'static str, &'static str)],
    /// Where the first step is done, and the words of its button.
    start: (&'static str, &'static str),
}

const SELLER: Guide = Guide {
    title_key: "help-seller",
    steps: &[
        ("help-seller-list", "help-seller-list-text"),
        ("help-seller-join", "help-seller-join-text"),
        ("help-seller-answer", "help-seller-answer-text"),
        ("help-seller-why", "help-seller-why-text"),
    ],
    start: ("/products/new", "help-seller-start"),
};
const MANAGER: Guide = Guide {
    title_key: "help-manager",
    steps: &[
        ("help-manager-members", "help-manager-members-text"),
        ("help-manager-pool", "help-manager-pool-text"),
        ("help-manager-publish", "help-manager-publish-text"),
        ("help-manager-orders", "help-manager-orders-text"),
    ],
    start: ("/offers/new", "help-manager-start"),
};
const BUYER: Guide = Guide {
    title_key: "help-buyer",
    steps: &[
        ("help-buyer-find", "help-buyer-find-text"),
        ("help-buyer-order", "help-buyer-order-text"),
        ("help-buyer-agree", "help-buyer-agree-text"),
        ("help-buyer-origin", "help-buyer-origin-text"),
    ],
    start: ("/search", "help-buyer-start"),
};

/// Keys of a word of the trade and of what it means.
const WORDS: &[(&str, &str)] = &[
    ("help-word-offer", "help-word-offer-text"),
    ("help-word-share", "help-word-share-text"),
    ("help-word-carton", "help-word-carton-text"),
    ("help-word-grade", "help-word-grade-text"),
    ("help-word-lot", "help-word-lot-text"),
    ("help-word-minimum", "help-word-minimum-text"),
    ("help-word-margin", "help-word-margin-text"),
    ("help-word-ppn", "help-word-ppn-text"),
    ("help-word-freight", "help-word-freight-text"),
    ("help-word-edition", "help-word-edition-text"),
    ("help-word-po", "help-word-po-text"),
];

/// Keys of a question and of its answer.
const QUESTIONS: &[(&str, &str)] = &[
    ("help-ask-mail", "help-ask-mail-answer"),
    ("help-ask-less", "help-ask-less-answer"),
    ("help-ask-silent", "help-ask-silent-answer"),
    ("help-ask-two", "help-ask-two-answer"),
    ("help-ask-cancel", "help-ask-cancel-answer"),
    ("help-ask-line", "help-ask-line-answer"),
];

#[derive(Template)]
#[template(path = "help/index.html")]
struct Page {
    shell: Shell,
    guides: &'static [Guide],
    words: &'static [(&'static str, &'static str)],
    questions: &'static [(&'static str, &'static str)],
    /// Whether this visitor can begin the first step from here.
    may_start: bool,
}

pub async fn page(ctx: Ctx) -> Answer {
    let shell = ctx.shell().await;
    let guides: &'static [Guide] = match shell.frame {
        Frame::Umkm => &[SELLER],
        Frame::Manager => &[MANAGER],
        Frame::Buyer => &[BUYER],
        Frame::Public | Frame::Admin => &[SELLER, MANAGER, BUYER],
    };
    let may_start = match guides {
        [own] => nav::may_open(&ctx, own.start.0),
        _ => false,
    };
    ctx.html(&Page {
        may_start,
        shell,
        guides,
        words: WORDS,
        questions: QUESTIONS,
    })
}
