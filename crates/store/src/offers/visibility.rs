//! Who may see an offer: it is live, and stands in an open catalog whose audience the viewer belongs to.
//!
//! One SQL condition serves the offer page, ordering, the search index and the audit, so they can't disagree.

use domain::offers::Viewer;
use domain::time::Instant;
use sea_orm::Value;

/// As [`visible`], where the offers are named by their ids. Without statistics SQLite takes a state for rarer than a dozen
/// ids and would read every live offer there is: so the state is put in a way that no index serves.
pub(crate) fn visible_by_id(viewer: &Viewer, now: Instant, first: usize) -> (String, Vec<Value>) {
    let (condition, values) = in_open_catalog(viewer, now, first);
    (format!("{LIVE_BY_ID} AND {condition}"), values)
}

/// Offer `o` is live, for queries that name offers by their ids (see [`visible_by_id`]).
pub(crate) const LIVE_BY_ID: &str = "COALESCE(o.state, '') = 'live'";

/// The condition that offer `o` may be seen, with its values; `first` is the number of the first placeholder.
pub(crate) fn visible(viewer: &Viewer, now: Instant, first: usize) -> (String, Vec<Value>) {
    let (condition, values) = in_open_catalog(viewer, now, first);
    (format!("o.state = 'live' AND {condition}"), values)
}

fn in_open_catalog(viewer: &Viewer, now: Instant, first: usize) -> (String, Vec<Value>) {
    let (at, verified, buyer) = (first, first + 1, first + 2);
    let condition = format!(
        "EXISTS (SELECT 1 FROM catalog_offers co JOIN catalogs c ON c.id = co.catalog_id \
         WHERE co.offer_id = o.id AND c.state = 'published' AND c.opens_at <= ${at} \
         AND (c.closes_at IS NULL OR c.closes_at > ${at}) AND (c.audience = 'public' \
         OR (c.audience = 'verified' AND ${verified} = 1) OR (c.audience = 'buyers' AND EXISTS \
         (SELECT 1 FROM catalog_buyers cb WHERE cb.catalog_id = c.id AND cb.buyer_id = ${buyer}))))"
    );
    let values = vec![
        now.0.into(),
        i64::from(viewer.verified).into(),
        viewer.buyer.map(|id| id.0).into(),
    ];
    (condition, values)
}

/// The condition that the viewer of offer `o` may see its prices, with its values; `first` as in [`visible`]. A hidden
/// price is not read at all.
pub(crate) fn price_shown(viewer: &Viewer, now: Instant, first: usize) -> (String, Vec<Value>) {
    let (at, signed_in, verified, buyer) = (first, first + 1, first + 2, first + 3);
    let condition = format!(
        "(o.price_visibility = 'public' OR (o.price_visibility = 'registered' AND ${signed_in} = 1) \
         OR (o.price_visibility = 'verified' AND ${verified} = 1) OR (o.price_visibility = 'buyers' AND EXISTS \
         (SELECT 1 FROM catalog_offers pco JOIN catalogs pc ON pc.id = pco.catalog_id AND pc.state = 'published' \
         AND pc.opens_at <= ${at} AND (pc.closes_at IS NULL OR pc.closes_at > ${at}) \
         JOIN catalog_buyers pcb ON pcb.catalog_id = pc.id WHERE pco.offer_id = o.id AND pcb.buyer_id = ${buyer})))"
    );
    let values = vec![
        now.0.into(),
        i64::from(viewer.signed_in).into(),
        i64::from(viewer.signed_in && viewer.verified).into(),
        viewer.buyer.map(|id| id.0).into(),
    ];
    (condition, values)
}
