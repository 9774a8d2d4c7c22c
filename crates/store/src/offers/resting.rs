//! Offers that can't be bought now, for those who knew them: who has ordered them, and everybody where a public catalog
//! showed them. All others are told what they would be told of an offer that never was (DESIGN "Answers").

use domain::ids::OfferId;
use domain::offers::Viewer;
use domain::time::Instant;
use sea_orm::FromQueryResult;

use crate::error::Error;
use crate::sql::Sql;
use crate::write::Store;

/// What is told of an offer that rests: its name, and where to go on.
#[derive(Clone, Debug, FromQueryResult)]
pub struct RestingOffer {
    pub title: String,
    /// A word of `domain::offers::OfferState`.
    pub state: String,
    pub category: String,
    pub cooperative_slug: String,
    pub cooperative_name: String,
    pub region_code: String,
}

impl Store {
    /// An offer that this viewer knew, or `None`. Ask only for offers that the viewer can't see now.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn resting_offer(
        &self,
        viewer: &Viewer,
        now: Instant,
        id: OfferId,
    ) -> Result<Option<RestingOffer>, Error> {
        self.row(
            "SELECT o.title, o.state, o.category_id AS category, c.slug AS cooperative_slug, c.name AS cooperative_name, \
             c.region_code FROM offers o JOIN organisations c ON c.id = o.cooperative_id WHERE o.id = $1 \
             AND (EXISTS (SELECT 1 FROM order_lines l JOIN orders r ON r.id = l.order_id WHERE l.offer_id = o.id \
             AND r.buyer_id = $2) OR EXISTS (SELECT 1 FROM catalog_offers co JOIN catalogs k ON k.id = co.catalog_id \
             AND k.audience = 'public' \
             AND k.opens_at <= $4 JOIN catalog_editions e ON e.catalog_id = k.id \
             AND e.published_at >= o.published_at AND e.content LIKE $3 AND e.content LIKE '%\"audience\":\"public\"%' \
             WHERE co.offer_id = o.id))",
            [
                id.0.into(),
                viewer.buyer.map(|buyer| buyer.0).into(),
                format!("%{id}%").into(),
                now.0.into(),
            ],
        )
        .await
    }
}
