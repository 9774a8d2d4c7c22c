//! The owner's consent to a previewed list: all of it is written in one deed, or nothing. A long one is left to a job;
//! its page tells how far it is.

use domain::{ids::ImportId, problem::Problem};
use store::imports::{Consent, ImportError};

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
    let preview = show::Shown::load(&ctx, desk.clone(), id).await?;
    if preview.is_of_many && !is_mine {
        let mut form = Form::of(ctx.posted(), ctx.lang());
        form.add("mine", Problem::new("imports-mine-needed"));
        return preview.draw(&ctx, form).await;
    }
    let here = format!("{}/{id}", desk.base());
    let changed = |error: ImportError| match error {
        ImportError::Changed => {
            Error::conflict("imports-changed").way_out(here.clone(), "imports-way-preview")
        }
        ImportError::Busy => {
            Error::conflict("imports-busy").way_out(desk.base(), "imports-way-list")
        }
        other => Error::from(other),
    };
    if let Some(long) = preview.long() {
        let consent = Consent {
            preview: long,
            publish,
            seen: &seen,
        };
        ctx.store()
            .queue_import(&desk.act, desk.kind, desk.owner, id, &consent)
            .await
            .map_err(changed)?;
        return ctx.see(here);
    }
    // Few at once: a long list keeps the database's one writer busy for a while.
    let turn = ctx.state().turns.take().await?;
    let report = ctx
        .store()
        .consent_import(&desk.act, desk.kind, desk.owner, id, publish, &seen)
        .await;
    drop(turn);
    let report = report.map_err(changed)?;
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
