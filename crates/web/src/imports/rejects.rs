//! The rows of a previewed list that can't be taken, as a file of their own: to be put right and brought again.

use domain::{ids::ImportId, imports::RowOutcome};
use sheets::Cell;

use super::{find, kinds::Desk, lines::reason};
use crate::{
    ctx::Ctx,
    downloads,
    error::Error,
    handler::{Answer, Id},
};

pub async fn page(ctx: Ctx, desk: Desk, Id(id): Id<ImportId>) -> Answer {
    let import = find(&ctx, &desk, id).await?;
    let table = import.table().ok_or(Error::NotFound)?;
    let export = downloads::begin(&ctx).await?;
    let preview = ctx
        .store()
        .preview_import(desk.kind, desk.owner, ctx.now(), &import)
        .await?;
    let refused: Vec<(u32, String)> = match &preview {
        store::imports::Preview::Listings(preview) => refused(&ctx, &preview.rows),
        store::imports::Preview::Members(preview) => refused(&ctx, &preview.rows),
    };
    // The row's own cells first, so that the file can be brought again; what is wrong stands behind them.
    let mut headers = table.headers.clone();
    headers.push(ctx.t("imports-reject-row"));
    headers.push(ctx.t("imports-reject-reason"));
    let width = table.headers.len();
    let mut rows = Vec::with_capacity(refused.len());
    let mut of_file = table.rows.iter();
    for (number, reason) in refused {
        let Some((_, cells)) = of_file.by_ref().find(|(at, _)| *at == number) else {
            continue;
        };
        let mut row: Vec<Cell> = cells
            .iter()
            .take(width)
            .map(|cell| cell.as_str().into())
            .collect();
        row.resize(width, Cell::Empty);
        row.push(i64::from(number).into());
        row.push(reason.into());
        rows.push(row);
    }
    let found = i64::try_from(rows.len()).unwrap_or(0);
    export
        .send(&ctx, &ctx.t("imports-rejects"), headers, rows, found)
        .await
}

fn refused<D>(ctx: &Ctx, rows: &[domain::imports::RowReading<D>]) -> Vec<(u32, String)> {
    rows.iter()
        .filter_map(|row| match &row.outcome {
            RowOutcome::Refused(problems) => {
                let words: Vec<String> = problems
                    .iter()
                    .map(|problem| reason(ctx.lang(), problem))
                    .collect();
                Some((row.number, words.join("; ")))
            }
            _ => None,
        })
        .collect()
}
