//! How a staged list is read: its sheet, its columns, whose rows. Nothing else changes; the preview is drawn anew.

use domain::{ids::ImportId, imports::Mapping, names};
use store::imports::Reading;

use super::{find, kinds::Desk};
use crate::{
    ctx::Ctx,
    error::Error,
    handler::{Answer, Id},
};

const SELLER_CHARS: usize = 120;

pub async fn submit(ctx: Ctx, desk: Desk, Id(id): Id<ImportId>) -> Answer {
    let import = find(&ctx, &desk, id).await?;
    let posted = ctx.posted();
    let sheet: usize = match posted.first("sheet") {
        "" => 0,
        sheet => sheet.parse().map_err(|_| Error::BadRequest)?,
    };
    let headers = import
        .tables
        .get(sheet)
        .ok_or(Error::BadRequest)?
        .headers
        .len();
    let mut mapping = Mapping::default();
    for (code, _) in desk.fields() {
        if posted.all(code).count() > 1 {
            return Err(Error::BadRequest);
        }
        let place = posted.first(code);
        if place.is_empty() {
            continue;
        }
        let place: usize = place.parse().map_err(|_| Error::BadRequest)?;
        if place >= headers {
            return Err(Error::BadRequest);
        }
        mapping.0.insert(code.to_owned(), place);
    }
    let only = names::clean_line_optional(posted.first("only"), SELLER_CHARS)
        .map_err(|_| Error::BadRequest)?;
    let reading = Reading {
        // Columns of one sheet say nothing about another.
        mapping: (sheet == import.reading.sheet).then_some(mapping),
        seller: only.filter(|_| desk.is_listings()),
        sheet,
    };
    ctx.store()
        .reread_import(&desk.act, desk.kind, desk.owner, id, &reading)
        .await?;
    ctx.see(format!("{}/{id}", desk.base()))
}
