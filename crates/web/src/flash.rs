//! A message for the next page: set by a deed, kept on the session's row, taken when a page is drawn.

use serde::{Deserialize, Serialize};

use crate::ctx::local_path;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FlashKind {
    Done,
    Note,
    Problem,
}

/// What happened, in words, and where it can be undone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flash {
    pub kind: FlashKind,
    pub text: String,
    pub undo_href: Option<String>,
}

impl Flash {
    /// Something went well: `ctx.flash(Flash::done(ctx.t("products-saved")))`.
    #[must_use]
    pub fn done(text: impl Into<String>) -> Self {
        Self::new(FlashKind::Done, text)
    }

    #[must_use]
    pub fn note(text: impl Into<String>) -> Self {
        Self::new(FlashKind::Note, text)
    }

    #[must_use]
    pub fn problem(text: impl Into<String>) -> Self {
        Self::new(FlashKind::Problem, text)
    }

    fn new(kind: FlashKind, text: impl Into<String>) -> Self {
        Self {
            kind,
            text: text.into(),
            undo_href: None,
        }
    }

    /// A page on which it can be taken back.
    #[must_use]
    pub fn undo(mut self, href: impl Into<String>) -> Self {
        self.undo_href = Some(href.into());
        self
    }

    /// `done`, `note` or `problem`, for class names.
    #[must_use]
    pub fn kind_code(&self) -> &'static str {
        match self.kind {
            FlashKind::Done => "done",
            FlashKind::Note => "note",
            FlashKind::Problem => "problem",
        }
    }

    pub(crate) fn to_row(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    pub(crate) fn from_row(row: &str) -> Option<Self> {
        let mut flash: Self = serde_json::from_str(row).ok()?;
        flash.undo_href = flash.undo_href.filter(|href| local_path(href).is_some());
        Some(flash)
    }
}
