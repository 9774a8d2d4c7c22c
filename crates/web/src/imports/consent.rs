//! The owner's consent to a previewed list: all of it is written in one deed, or nothing.

use domain::{ids::ImportId, problem::Problem};
use store::imports::ImportError;

use super::{kinds::Desk, show};
use crate::{
    ctx::Ctx,
    error::Error,
    flash::Flash,
    form::Form,
    handler::{Answer, Id},
};

pub async fn submit(ctx: Ctx, desk: Desk, Id(id): Id<ImportId>) -> Answer {
    let mut reader = ctx.reader();
    let seen = ctx.posted().only("seen").unwrap_or_default().to_owned();
    let publish = reader.checked("publish");
    let is_mine = reader.checked("mine");
    let preview = show::Shown::load(&ctx, desk, id).await?;
    if preview.is_of_many && !is_mine {
        let mut form = Form::of(ctx.posted(), ctx.lang());
        form.add("mine", Problem::new("imports-mine-needed"));
        return preview.draw(&ctx, form).await;
    }
    let here = format!("{}/{id}", desk.base());
    // Few at once: a long list keeps the database's one writer busy for a while.
    let turn = ctx.state().turns.take().await?;
    let report = ctx
        .store()
        .consent_import(&ctx.act(), desk.kind, desk.owner, id, publish, &seen)
        .await;
    drop(turn);
    let report = report.map_err(|error| match error {
        ImportError::Changed => {
            Error::conflict("imports-changed").way_out(here.clone(), "imports-way-preview")
        }
        other => other.into(),
    })?;
    let words = if desk.is_listings() {
        text::t_with(
            ctx.lang(),
            "imports-done-listings",
            &[
                ("n", report.tally.taken().into()),
                ("published", report.published.into()),
            ],
        )
    } else {
        text::t_with(
            ctx.lang(),
            "imports-done-members",
            &[
                ("n", report.tally.new.into()),
                ("matched", report.tally.matched.into()),
                (
                    "savings",
                    domain::money::Rupiah(report.savings_rupiah)
                        .to_string()
                        .into(),
                ),
            ],
        )
    };
    ctx.flash(Flash::done(words)).await?;
    ctx.see(here)
}
