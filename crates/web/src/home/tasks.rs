//! What waits for this visitor, with its figure: the list on top of the home page.
//!
//! A line stands here when its page exists and somebody really waits.

use crate::{
    ctx::{Admin, Ctx},
    error::Error,
    handler::FromVisit,
};

/// One line of work to do.
pub struct Task {
    pub count: i64,
    pub words: String,
    /// Why now.
    pub why: String,
    pub href: &'static str,
    /// The words of its button.
    pub button: String,
}

/// Everything that waits for the acting organisation, the most pressing first.
pub async fn waiting(ctx: &Ctx) -> Result<Vec<Task>, Error> {
    let mut tasks = Vec::new();
    if Admin::from_visit(ctx).is_ok() {
        tasks.push(Task {
            count: ctx.store().applicants_waiting().await?,
            words: ctx.t("home-task-verify"),
            why: ctx.t("home-task-verify-why"),
            href: "/admin",
            button: ctx.t("home-task-verify-button"),
        });
    }
    tasks.retain(|task| task.count > 0);
    Ok(tasks)
}
