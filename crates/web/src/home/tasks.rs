//! What waits for this visitor, with its figure: the list on top of the home page.
//!
//! A line stands here when its page exists and somebody really waits.

use crate::{
    ctx::{Admin, Approver, Buyer, Ctx, Manager, Seller},
    error::Error,
    handler::FromVisit,
    nav,
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

impl Task {
    /// Keys of its words, its reason and its button.
    fn of(ctx: &Ctx, count: i64, href: &'static str, keys: [&str; 3]) -> Self {
        let [words, why, button] = keys.map(|key| ctx.t(key));
        Self {
            count,
            words,
            why,
            href,
            button,
        }
    }
}

/// Everything that waits for the acting organisation, the most pressing first.
pub async fn waiting(ctx: &Ctx) -> Result<Vec<Task>, Error> {
    let counts = ctx.waiting().await?;
    let orders = counts.orders;
    let task = |count, href, keys| Task::of(ctx, count, href, keys);
    let mut tasks = Vec::new();
    if let Ok(manager) = Manager::from_visit(ctx) {
        tasks.push(task(
            orders.short,
            "/orders",
            [
                "home-task-short",
                "home-task-short-why",
                "home-task-short-button",
            ],
        ));
        tasks.push(task(
            orders.complete,
            "/orders",
            [
                "home-task-complete",
                "home-task-complete-why",
                "home-task-complete-button",
            ],
        ));
        tasks.push(task(
            // Those two are among the sent ones.
            orders.to_answer - orders.short - orders.complete,
            "/orders",
            [
                "home-task-collect",
                "home-task-collect-why",
                "home-task-collect-button",
            ],
        ));
        tasks.push(task(
            counts.questions,
            "/questions",
            [
                "home-task-questions",
                "home-task-questions-why",
                "home-task-questions-button",
            ],
        ));
        tasks.push(task(
            counts.memberships,
            "/members?status=applied",
            [
                "home-task-members",
                "home-task-members-why",
                "home-task-members-button",
            ],
        ));
        let store = ctx.store();
        let unseen = store.offers_without_catalog(manager.organisation, ctx.now());
        tasks.push(task(
            unseen.await?,
            "/catalogs",
            [
                "home-task-unseen",
                "home-task-unseen-why",
                "home-task-unseen-button",
            ],
        ));
        tasks.push(task(
            store.offer_drafts(manager.organisation).await?,
            "/offers?state=draft",
            [
                "home-task-drafts",
                "home-task-drafts-why",
                "home-task-drafts-button",
            ],
        ));
    }
    if let Ok(seller) = Seller::from_visit(ctx) {
        let href = if nav::may_open(ctx, "/shares") {
            "/shares"
        } else {
            "/orders"
        };
        tasks.push(task(
            orders.shares,
            href,
            [
                "home-task-shares",
                "home-task-shares-why",
                "home-task-shares-button",
            ],
        ));
        // Goods of somebody without a cooperative are in no offer.
        let live = ctx.store().live_goods(seller.organisation).await?;
        let is_alone = live > 0 && !ctx.store().has_cooperative(seller.organisation).await?;
        tasks.push(task(
            if is_alone { live } else { 0 },
            "/memberships",
            [
                "home-task-join",
                "home-task-join-why",
                "home-task-join-button",
            ],
        ));
    }
    if Approver::from_visit(ctx).is_ok() {
        tasks.push(task(
            orders.to_approve,
            "/orders",
            [
                "home-task-approve",
                "home-task-approve-why",
                "home-task-approve-button",
            ],
        ));
    }
    if Buyer::from_visit(ctx).is_ok() {
        tasks.push(task(
            orders.consents,
            "/orders",
            [
                "home-task-consents",
                "home-task-consents-why",
                "home-task-consents-button",
            ],
        ));
        tasks.push(task(
            orders.returned,
            "/orders",
            [
                "home-task-returned",
                "home-task-returned-why",
                "home-task-returned-button",
            ],
        ));
        tasks.push(task(
            counts.notices,
            "/notices",
            [
                "home-task-notices",
                "home-task-notices-why",
                "home-task-notices-button",
            ],
        ));
    }
    if Admin::from_visit(ctx).is_ok() {
        tasks.push(task(
            counts.applicants,
            "/admin",
            [
                "home-task-verify",
                "home-task-verify-why",
                "home-task-verify-button",
            ],
        ));
        tasks.push(task(
            counts.dead_jobs,
            "/admin/jobs",
            [
                "home-task-dead",
                "home-task-dead-why",
                "home-task-dead-button",
            ],
        ));
    }
    tasks.retain(|task| task.count > 0 && nav::may_open(ctx, task.href));
    Ok(tasks)
}
