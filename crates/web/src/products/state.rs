//! Publishing, pausing, resuming and archiving a product.

use domain::{ids::ProductId, problem::Problem, products::ProductEvent};
use store::products::{BatchChange, Chosen, ProductError};

use super::{desk::Desk, gap_words, show::with_error};
use crate::{
    ctx::Ctx,
    flash::Flash,
    handler::{Answer, Id},
};

pub async fn submit(ctx: Ctx, Id(id): Id<ProductId>) -> Answer {
    let desk = Desk::of(&ctx).await?;
    let product = desk.product(&ctx, id).await?;
    let (event, key) = match ctx.posted().only("event").unwrap_or_default() {
        "publish" => (ProductEvent::Publish, "products-published"),
        "pause" => (ProductEvent::Pause, "products-paused"),
        "resume" => (ProductEvent::Resume, "products-published"),
        "archive" => (ProductEvent::Archive, "products-archived"),
        _ => return with_error(&ctx, desk, id, Problem::new("form-choose")).await,
    };
    if event == ProductEvent::Archive {
        // As a change that can be taken back.
        let done = ctx
            .store()
            .change_products(
                &desk.act,
                desk.umkm,
                &Chosen::These(vec![id]),
                &BatchChange::Archive,
            )
            .await
            .map_err(|error| desk.refused(ctx.lang(), id, error))?;
        if let Some(batch) = done.batch {
            let words = text::t_with(ctx.lang(), key, &[("name", product.facts.name.into())]);
            let undo = format!("{}/changes/{batch}", desk.base);
            ctx.flash(Flash::done(words).undo(undo)).await?;
            return ctx.see(desk.to(id, ""));
        }
    }
    match ctx
        .store()
        .change_product_state(&desk.act, desk.umkm, id, event)
        .await
    {
        Ok(_) => {}
        Err(ProductError::Gaps(gaps)) => {
            // The page again, with what is missing on top: nothing has changed meanwhile.
            let gaps = gap_words(ctx.lang(), &gaps);
            let problem = Problem::new("products-gaps-left").with("gaps", gaps);
            return with_error(&ctx, desk, id, problem).await;
        }
        Err(error) => return Err(desk.refused(ctx.lang(), id, error)),
    }
    ctx.flash(Flash::done(text::t_with(
        ctx.lang(),
        key,
        &[("name", product.facts.name.into())],
    )))
    .await?;
    ctx.see(desk.to(id, ""))
}
