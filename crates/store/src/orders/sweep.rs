//! What time alone brings about: silence accepts a share, an unanswered order expires, a hold whose time is up is
//! released, a catalog whose time is over closes. Run every few seconds by one process; safe to run by several, and twice.

use domain::ids::OrderId;
use domain::time::Instant;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::act::Act;
use crate::error::Error;
use crate::orders::answers::AnswerError;
use crate::orders::decide::DecideError;
use crate::sql::Sql;
use crate::write::Store;

/// Orders looked at in one sweep, and holds released.
const BATCH: i64 = 100;

#[derive(FromQueryResult)]
struct Due {
    id: Uuid,
}

impl Store {
    /// Does everything that is due at `now`. Answers how many orders were touched.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sweep(&self, now: Instant) -> Result<usize, Error> {
        let act = Act::system(now);
        let silent: Vec<Due> = self
            .rows(
                "SELECT DISTINCT s.order_id AS id FROM shares s JOIN orders o ON o.id = s.order_id AND o.state = 'sent' \
                 WHERE s.state = 'proposed' AND s.answer_by <= $1 LIMIT $2",
                [now.0.into(), BATCH.into()],
            )
            .await?;
        for order in &silent {
            match self.accept_silent_shares(&act, OrderId(order.id)).await {
                Ok(()) | Err(AnswerError::Problem(_) | AnswerError::OrderState(_)) => {}
                Err(AnswerError::Store(error)) => return Err(error),
            }
        }
        let expired: Vec<Due> = self
            .rows(
                "SELECT id FROM orders WHERE state = 'sent' AND expires_at <= $1 ORDER BY expires_at LIMIT $2",
                [now.0.into(), BATCH.into()],
            )
            .await?;
        for order in &expired {
            // Any other refusal means that somebody was faster: the order is no longer waiting.
            if let Err(DecideError::Store(error)) = self.expire_order(&act, OrderId(order.id)).await
            {
                return Err(error);
            }
        }
        let holds = self
            .number(
                "SELECT COUNT(*) FROM holds WHERE released_at IS NULL AND expires_at IS NOT NULL AND expires_at <= $1",
                [now.0.into()],
            )
            .await?;
        if holds > 0 {
            self.write(&act, async |tx| {
                let lots = tx.release_expired(BATCH).await?;
                tx.offers_of_lots_changed(&lots).await
            })
            .await?;
        }
        self.pause_lapsed_offers(now).await?;
        let over = self
            .number(
                "SELECT COUNT(*) FROM catalogs WHERE state = 'published' AND closes_at <= $1",
                [now.0.into()],
            )
            .await?;
        if over > 0 {
            self.write(&act, async |tx| tx.close_catalogs_due(BATCH).await)
                .await?;
        }
        Ok(silent.len() + expired.len())
    }
}
