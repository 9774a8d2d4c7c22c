//! The stock of many products moved at once: as for one ([`crate::products`]), more goes to the newest lot or to a new
//! one, less comes from the lots that expire first; but in a few statements for all of them.

use std::collections::HashMap;

use domain::{
    ids::{LotId, OrganisationId, ProductId},
    quantity::Packs,
    time::Day,
};
use sea_orm::{FromQueryResult, Value};
use serde_json::json;
use uuid::Uuid;

use super::steps::Step;
use crate::error::Error;
use crate::events::Event;
use crate::products::ProductError;
use crate::sql::{Sql, placeholders};
use crate::stock::StockError;
use crate::write::Tx;

/// A lot with what is free of it.
#[derive(Clone, Copy, Debug, FromQueryResult)]
pub(super) struct Lot {
    id: Uuid,
    product_id: Uuid,
    free: i64,
}

/// By product its lots, locked, those that expire first in front.
#[derive(Debug, Default)]
pub(super) struct Lots(HashMap<Uuid, Vec<Lot>>);

impl Lots {
    fn of(&self, product: Uuid) -> &[Lot] {
        self.0.get(&product).map_or(&[], Vec::as_slice)
    }

    /// What is free of a product in all its lots.
    pub(super) fn free(&self, product: Uuid) -> Packs {
        let free = self.of(product).iter().map(|lot| lot.free);
        Packs(free.fold(0, i64::saturating_add))
    }

    /// Which lots move by how much so that the product has `packs` more, or fewer when negative; `None` for packs that
    /// are to lie in a new lot.
    fn moves(&self, product: Uuid, packs: i64) -> Vec<(Option<LotId>, i64)> {
        let lots = self.of(product);
        if packs > 0 {
            // Ids sort by time of making.
            let newest = lots.iter().map(|lot| LotId(lot.id)).max();
            return vec![(newest, packs)];
        }
        let mut left = packs.saturating_neg();
        let mut moves = Vec::new();
        for lot in lots {
            let take = left.min(lot.free.max(0));
            if take > 0 {
                moves.push((Some(LotId(lot.id)), -take));
                left -= take;
            }
        }
        moves
    }
}

impl Tx {
    /// The lots of these products, locked, with holds released whose time is up.
    pub(super) async fn lots_of_many(
        &self,
        umkm: OrganisationId,
        products: &[Uuid],
    ) -> Result<Lots, Error> {
        let mut all = Lots::default();
        if products.is_empty() {
            return Ok(all);
        }
        let read = || async {
            let mut values: Vec<Value> = vec![umkm.0.into()];
            values.extend(products.iter().map(|id| Value::from(*id)));
            self.rows::<Lot>(
                format!(
                    "SELECT id, product_id, on_hand - held AS free FROM lots WHERE umkm_id = $1 AND product_id IN ({}) \
                     ORDER BY CASE WHEN good_until IS NULL THEN 1 ELSE 0 END, good_until, ready_on, id",
                    placeholders(2, products.len())
                ),
                values,
            )
            .await
        };
        let ids: Vec<LotId> = read().await?.iter().map(|lot| LotId(lot.id)).collect();
        self.lock_lots(&ids).await?;
        self.release_expired_on(&ids).await?;
        for lot in read().await? {
            all.0.entry(lot.product_id).or_default().push(lot);
        }
        Ok(all)
    }

    /// Moves what each step wants moved.
    pub(super) async fn move_many(
        &self,
        umkm: OrganisationId,
        steps: &[Step<'_>],
        lots: &Lots,
        today: Day,
    ) -> Result<(), ProductError> {
        let mut moves: Vec<(LotId, i64)> = Vec::new();
        let (mut made, mut opened, mut history) = (Vec::new(), Vec::new(), Vec::new());
        for step in steps.iter().filter(|step| step.packs != 0) {
            let product = ProductId(step.row.id);
            for (lot, packs) in lots.moves(product.0, step.packs) {
                if let Some(lot) = lot {
                    moves.push((lot, packs));
                    continue;
                }
                let (lot, row) = self.empty_lot(umkm, product, today, Packs(packs));
                opened.push((LotId(lot.id), Packs(packs)));
                made.push(lot);
                history.push(row);
            }
        }
        self.insert_many(made).await?;
        self.open_stock(&opened).await?;
        self.insert_many(history).await?;
        match self.move_lots(&moves).await {
            Ok(()) => {}
            Err(StockError::TooFew(_)) => return Err(ProductError::TooFew { free: Packs(0) }),
            Err(StockError::Store(error)) => return Err(error.into()),
        }
        let adjusted = moves
            .iter()
            .map(|(lot, packs)| Event {
                subject_kind: "lot",
                subject_id: lot.0,
                kind: "lot_adjusted",
                data: Some(json!({ "packs": packs }).to_string()),
                ..Event::default()
            })
            .collect();
        self.events(adjusted).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn less_comes_from_what_expires_first_and_more_goes_to_the_newest() {
        let product = Uuid::from_u128(9);
        let lot = |id: u128, free: i64| Lot {
            id: Uuid::from_u128(id),
            product_id: product,
            free,
        };
        let id = |id: u128| Some(LotId(Uuid::from_u128(id)));
        // The newest is the one that expires first here.
        let lots = Lots(HashMap::from([(
            product,
            vec![lot(3, 10), lot(1, 0), lot(2, 5)],
        )]));
        assert_eq!(lots.free(product), Packs(15));
        assert_eq!(lots.moves(product, -12), [(id(3), -10), (id(2), -2)]);
        assert_eq!(lots.moves(product, 4), [(id(3), 4)]);
        let other = Uuid::from_u128(8);
        assert_eq!(lots.free(other), Packs(0));
        assert_eq!(lots.moves(other, 7), [(None, 7)]);
    }
}
