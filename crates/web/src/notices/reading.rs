//! Marking notices as read: one, with the way to what it is about, or all that were seen.

use domain::{ids::NoticeId, time::Instant};

use super::words;
use crate::{
    ctx::{Ctx, SignedIn},
    error::Error,
    flash::Flash,
    handler::{Answer, Id},
};

/// Opens what the notice is about, unless the form says to stay.
pub async fn one(ctx: Ctx, reader: SignedIn, Id(id): Id<NoticeId>) -> Answer {
    let organisation = ctx.acting().map(|acting| acting.organisation);
    let form = ctx.reader();
    let stay = form.raw("stay") == "on";
    if form.finish(|| Some(())).is_err() {
        return Err(Error::BadRequest);
    }
    let notice = ctx
        .store()
        .read_notice(&ctx.act(), reader.person, organisation, id)
        .await?;
    if stay {
        return ctx.see("/notices");
    }
    ctx.see(words::href(&notice))
}

pub async fn all(ctx: Ctx, reader: SignedIn) -> Answer {
    let organisation = ctx.acting().map(|acting| acting.organisation);
    let mut form = ctx.reader();
    let seen = form.raw("seen").parse().map(Instant);
    if seen.is_err() {
        form.add("seen", domain::problem::Problem::new("form-choose"));
    }
    let Ok(seen) = form.finish(|| seen.ok()) else {
        return Err(Error::BadRequest);
    };
    let seen = Instant(seen.0.min(ctx.now().0));
    ctx.store()
        .read_notices(&ctx.act(), reader.person, organisation, seen)
        .await?;
    ctx.flash(Flash::done(ctx.t("notices-all-read"))).await?;
    ctx.see("/notices")
}
