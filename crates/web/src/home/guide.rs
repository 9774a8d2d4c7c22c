//! The first three steps of an owner, a manager and a buyer, until they are done or put away.

use domain::accounts::OrganisationKind;
use store::guides::FirstSteps;

use crate::{
    ctx::{Ctx, SignedIn},
    error::Error,
    flash::Flash,
    handler::Answer,
    nav,
    shell::Shell,
};

/// One step of the guide.
pub(super) struct Step {
    pub href: &'static str,
    pub title: String,
    pub text: String,
    pub is_done: bool,
    /// A file to try it with: its address and words.
    pub sample: Option<(&'static str, String)>,
}

type Line = (&'static str, &'static str, &'static str);

const UMKM: [Line; 3] = [
    ("/products/new", "home-guide-sell", "home-guide-sell-text"),
    ("/memberships", "home-guide-join", "home-guide-join-text"),
    ("/orders", "home-guide-answer", "home-guide-answer-text"),
];
const COOPERATIVE: [Line; 3] = [
    (
        "/members/imports/new",
        "home-guide-members",
        "home-guide-members-text",
    ),
    ("/offers/new", "home-guide-offer", "home-guide-offer-text"),
    (
        "/catalogs/new",
        "home-guide-catalog",
        "home-guide-catalog-text",
    ),
];
const BUYER: [Line; 3] = [
    ("/search", "home-guide-find", "home-guide-find-text"),
    ("/cart", "home-guide-order", "home-guide-order-text"),
    ("/orders", "home-guide-follow", "home-guide-follow-text"),
];

/// The steps that this visitor still needs; none for those who only read, and before the platform's look.
pub(super) async fn steps(ctx: &Ctx, shell: &Shell) -> Result<Vec<Step>, Error> {
    let (Some(visitor), Some(acting)) = (ctx.visitor(), ctx.acting()) else {
        return Ok(Vec::new());
    };
    let lines = match acting.kind {
        OrganisationKind::Umkm => UMKM,
        OrganisationKind::Cooperative => COOPERATIVE,
        OrganisationKind::Buyer => BUYER,
        OrganisationKind::Agency | OrganisationKind::Platform => return Ok(Vec::new()),
    };
    if !acting.may_act() || lines.iter().any(|(href, ..)| !nav::may_open(ctx, href)) {
        return Ok(Vec::new());
    }
    let steps = ctx
        .store()
        .first_steps(visitor.person, acting.kind, acting.organisation)
        .await?;
    let Some(FirstSteps {
        first,
        second,
        third,
    }) = steps
    else {
        return Ok(Vec::new());
    };
    let done = [first, second, third];
    Ok(lines
        .into_iter()
        .zip(done)
        .map(|((href, title, text), is_done)| Step {
            href,
            title: shell.t(title),
            text: shell.t(text),
            is_done,
            sample: (href == "/members/imports/new")
                .then(|| ("/members/imports/sample", shell.t("home-guide-sample"))),
        })
        .collect())
}

/// Puts the guide away, for this person and this kind of organisation.
pub async fn submit(ctx: Ctx, _: SignedIn) -> Answer {
    if let Some(acting) = ctx.acting() {
        let kind = acting.kind;
        ctx.store().dismiss_guide(&ctx.act(), kind).await?;
    }
    ctx.flash(Flash::done(ctx.t("home-guide-gone"))).await?;
    ctx.see("/home")
}
