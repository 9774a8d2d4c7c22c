//! An owner ends its membership: a page that says what follows, and the deed.

use askama::Template;
use domain::{ids::MemberId, members::MemberStatus};
use store::members::OwnMembership;

use crate::{
    ctx::{Ctx, Seller},
    error::Error,
    flash::Flash,
    form::Form,
    handler::{Answer, Id},
    shell::Shell,
};

/// Longest reason, in characters.
const REASON_CHARS: usize = 300;

#[derive(Template)]
#[template(path = "memberships/departure.html")]
struct Page {
    shell: Shell,
    form: Form,
    own: OwnMembership,
}

async fn find(ctx: &Ctx, seller: Seller, id: MemberId) -> Result<OwnMembership, Error> {
    ctx.store()
        .memberships_of(seller.organisation)
        .await?
        .into_iter()
        .find(|own| own.id == id.0)
        .ok_or(Error::NotFound)
}

async fn draw(ctx: &Ctx, own: OwnMembership, form: Form) -> Answer {
    let is_again = form.has_errors();
    let page = Page {
        shell: ctx.shell().await,
        form,
        own,
    };
    if is_again {
        ctx.unprocessable(&page)
    } else {
        ctx.html(&page)
    }
}

pub async fn page(ctx: Ctx, seller: Seller, Id(id): Id<MemberId>) -> Answer {
    let own = find(&ctx, seller, id).await?;
    if !own
        .status
        .parse()
        .is_ok_and(|status: MemberStatus| status.may_supply())
    {
        return ctx.see("/memberships");
    }
    draw(&ctx, own, ctx.empty_form()).await
}

pub async fn submit(ctx: Ctx, seller: Seller, Id(id): Id<MemberId>) -> Answer {
    let own = find(&ctx, seller, id).await?;
    let mut reader = ctx.reader();
    let reason = reader.text("reason", REASON_CHARS);
    let reason = match reader.finish(|| reason) {
        Ok(reason) => reason,
        Err(form) => return draw(&ctx, own, form).await,
    };
    ctx.store()
        .end_membership(&ctx.act(), seller.organisation, id, Some(&reason))
        .await?;
    let words = text::t_with(
        ctx.lang(),
        "memberships-left-done",
        &[("cooperative", own.cooperative.into())],
    );
    ctx.flash(Flash::done(words)).await?;
    ctx.see("/memberships")
}
