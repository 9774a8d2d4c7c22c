//! Deeds on a product: make, change, publish, pause, archive, copy.

use domain::{
    ids::{CategoryId, CommodityId, LotId, OrganisationId, ProductId},
    money::Rupiah,
    products::{ProductEvent, ProductState, gaps, transition},
    quantity::Packs,
};
use sea_orm::FromQueryResult;
use serde_json::json;
use uuid::Uuid;

use super::row::{ROW, Row, differences};
use super::{Facts, NewLot, ProductError, not_found};
use crate::act::Act;
use crate::entities::products;
use crate::events;
use crate::sql::Sql;
use crate::write::{Store, Tx};

/// What an owner, or the manager for a member, does with a product.
pub use domain::products::ProductEvent as Event;

impl Store {
    /// Makes a draft, or with `publish` a live product, with an opening lot where there is stock already.
    ///
    /// # Errors
    /// [`ProductError::Gaps`] when it should be published and is not whole; nothing is made then.
    pub async fn create_product(
        &self,
        act: &Act,
        umkm: OrganisationId,
        facts: &Facts,
        opening: Option<&NewLot>,
        publish: bool,
    ) -> Result<ProductId, ProductError> {
        self.write(act, async |tx| -> Result<ProductId, ProductError> {
            tx.create_product(umkm, facts, opening, publish).await
        })
        .await
    }

    /// Changes what is stated of a product. `version` is that of the product when its form was drawn.
    ///
    /// # Errors
    /// See [`ProductError`]: changed meanwhile, gaps in a live product, or pooled as it is.
    pub async fn edit_product(
        &self,
        act: &Act,
        umkm: OrganisationId,
        product: ProductId,
        version: i64,
        facts: &Facts,
    ) -> Result<(), ProductError> {
        self.write(act, async |tx| -> Result<(), ProductError> {
            tx.edit_product(umkm, product, version, facts).await
        })
        .await
    }

    /// Publishes, pauses, resumes or archives a product. An archived one leaves every pool.
    ///
    /// # Errors
    /// [`ProductError::Refused`] in the wrong state, [`ProductError::Gaps`] when it is not whole enough to be live.
    pub async fn change_product_state(
        &self,
        act: &Act,
        umkm: OrganisationId,
        product: ProductId,
        event: ProductEvent,
    ) -> Result<ProductState, ProductError> {
        self.write(act, async |tx| -> Result<ProductState, ProductError> {
            tx.change_product_state(umkm, product, event, None).await
        })
        .await
    }

    /// Makes a draft like `product` under another name, without its stock and its certificates.
    ///
    /// # Errors
    /// [`ProductError::NotFound`].
    pub async fn copy_product(
        &self,
        act: &Act,
        umkm: OrganisationId,
        product: ProductId,
        name: &str,
    ) -> Result<ProductId, ProductError> {
        self.write(act, async |tx| -> Result<ProductId, ProductError> {
            let row = tx.lock_product(umkm, product).await?;
            let facts = Facts {
                name: name.to_owned(),
                ..row.facts()?
            };
            tx.create_product(umkm, &facts, None, false).await
        })
        .await
    }
}

impl Tx {
    /// The product with its stock, locked; only for whoever may act for its owner.
    pub(super) async fn lock_product(
        &self,
        umkm: OrganisationId,
        product: ProductId,
    ) -> Result<Row, ProductError> {
        self.product_actor(umkm).await.map_err(not_found)?;
        self.row::<Row>(
            format!(
                "SELECT {ROW} FROM products p WHERE p.id = $1 AND p.umkm_id = $2{}",
                self.for_update()
            ),
            [product.0.into(), umkm.0.into()],
        )
        .await?
        .ok_or(ProductError::NotFound)
    }

    /// In which state a product is, which is locked; only for whoever may act for its owner.
    pub(crate) async fn product_state(
        &self,
        umkm: OrganisationId,
        product: ProductId,
    ) -> Result<ProductState, ProductError> {
        Ok(self.lock_product(umkm, product).await?.state()?)
    }

    pub(crate) async fn create_product(
        &self,
        umkm: OrganisationId,
        facts: &Facts,
        opening: Option<&NewLot>,
        publish: bool,
    ) -> Result<ProductId, ProductError> {
        let product = ProductId(self.new_id());
        self.make_product(umkm, product, facts, opening, publish)
            .await?;
        Ok(product)
    }

    /// As [`Tx::create_product`], under an id that is there already.
    pub(super) async fn make_product(
        &self,
        umkm: OrganisationId,
        product: ProductId,
        facts: &Facts,
        opening: Option<&NewLot>,
        publish: bool,
    ) -> Result<(), ProductError> {
        self.product_actor(umkm).await.map_err(not_found)?;
        self.check_kind(facts).await?;
        self.insert(self.product_row(product, umkm, facts, None, None))
            .await?;
        self.event(events::Event {
            subject_kind: "product",
            subject_id: product.0,
            kind: "product_created",
            to_state: Some(ProductState::Draft.as_str()),
            ..Default::default()
        })
        .await?;
        if let Some(lot) = opening {
            self.open_lot(umkm, product, lot).await?;
        }
        if publish {
            self.change_product_state(umkm, product, ProductEvent::Publish, None)
                .await?;
        }
        Ok(())
    }

    /// A draft's row.
    pub(crate) fn product_row(
        &self,
        product: ProductId,
        umkm: OrganisationId,
        facts: &Facts,
        import: Option<Uuid>,
        fingerprint: Option<String>,
    ) -> products::Model {
        products::Model {
            id: product.0,
            umkm_id: umkm.0,
            name: facts.name.clone(),
            description: facts.description.clone(),
            category_id: facts.category.as_ref().map(|id| id.0.clone()),
            commodity_id: facts.commodity.as_ref().map(|id| id.0.clone()),
            unit: facts.unit.map(|unit| unit.as_str().to_owned()),
            content_amount: facts.content.map(|content| content.amount),
            content_dimension: facts
                .content
                .map(|content| content.dimension.as_str().to_owned()),
            packs_per_carton: facts.packs_per_carton,
            price_rupiah: facts.price.map(|price| price.0),
            grade: facts.grade.as_ref().map(|grade| grade.0.clone()),
            lead_time_days: facts.lead_time_days,
            shelf_life_days: facts.shelf_life_days,
            place: facts.place.clone(),
            minimum_packs: facts.minimum_packs,
            state: ProductState::Draft.as_str().to_owned(),
            import_id: import,
            fingerprint,
            version: 1,
            created_at: self.now().0,
            updated_at: self.now().0,
        }
    }

    /// The category is there, and the commodity is one of it.
    async fn check_kind(&self, facts: &Facts) -> Result<(), ProductError> {
        self.check_kind_of(facts.category.as_ref(), facts.commodity.as_ref())
            .await
    }

    pub(super) async fn check_kind_of(
        &self,
        category: Option<&CategoryId>,
        commodity: Option<&CommodityId>,
    ) -> Result<(), ProductError> {
        let found = match (category, commodity) {
            (None, None) => 1,
            (None, Some(_)) => 0,
            (Some(category), None) => {
                self.number(
                    "SELECT COUNT(*) FROM categories WHERE id = $1",
                    [category.0.clone().into()],
                )
                .await?
            }
            (Some(category), Some(commodity)) => {
                self.number(
                    "SELECT COUNT(*) FROM commodities WHERE id = $1 AND category_id = $2",
                    [commodity.0.clone().into(), category.0.clone().into()],
                )
                .await?
            }
        };
        if found == 0 {
            return Err(ProductError::UnknownKind);
        }
        Ok(())
    }

    pub(crate) async fn edit_product(
        &self,
        umkm: OrganisationId,
        product: ProductId,
        version: i64,
        facts: &Facts,
    ) -> Result<(), ProductError> {
        let row = self.lock_product(umkm, product).await?;
        if row.version != version {
            return Err(ProductError::Changed);
        }
        let state = row.state()?;
        if state == ProductState::Archived {
            return Err(ProductError::NotFound);
        }
        let before = row.facts()?;
        if before == *facts {
            return Ok(());
        }
        self.check_kind(facts).await?;
        // A live product stays whole; that it is sold out does not count against it.
        if state != ProductState::Draft {
            let missing = gaps(&facts.with_stock(state, Packs(1)));
            if !missing.is_empty() {
                return Err(ProductError::Gaps(missing));
            }
        }
        self.check_pools(product, &before, facts).await?;
        let new = self.product_row(product, umkm, facts, None, None);
        let changed = self
            .exec(
                "UPDATE products SET name = $3, description = $4, category_id = $5, commodity_id = $6, unit = $7, \
                 content_amount = $8, content_dimension = $9, packs_per_carton = $10, price_rupiah = $11, grade = $12, \
                 lead_time_days = $13, shelf_life_days = $14, place = $15, updated_at = $16, minimum_packs = $17, version = version + 1 \
                 WHERE id = $1 AND version = $2",
                [
                    product.0.into(),
                    version.into(),
                    new.name.into(),
                    new.description.into(),
                    new.category_id.into(),
                    new.commodity_id.into(),
                    new.unit.into(),
                    new.content_amount.into(),
                    new.content_dimension.into(),
                    new.packs_per_carton.into(),
                    new.price_rupiah.into(),
                    new.grade.into(),
                    new.lead_time_days.into(),
                    new.shelf_life_days.into(),
                    new.place.into(),
                    self.now().0.into(),
                    new.minimum_packs.into(),
                ],
            )
            .await?;
        if changed != 1 {
            return Err(ProductError::Changed);
        }
        self.event(events::Event {
            subject_kind: "product",
            subject_id: product.0,
            kind: "product_edited",
            data: Some(differences(&before, facts).to_string()),
            ..Default::default()
        })
        .await?;
        self.product_changed(product).await?;
        Ok(())
    }

    /// While an offer pools the product, it stays what the offer says, at a price the offer pays.
    async fn check_pools(
        &self,
        product: ProductId,
        before: &Facts,
        after: &Facts,
    ) -> Result<(), ProductError> {
        #[derive(FromQueryResult)]
        struct Pool {
            title: String,
            cooperative_id: Uuid,
            lowest: Option<i64>,
        }
        let is_other = before.commodity != after.commodity
            || before.unit != after.unit
            || before.content != after.content
            || before.grade != after.grade;
        let asks_more = after.price > before.price;
        if !is_other && !asks_more {
            return Ok(());
        }
        let pools: Vec<Pool> = self
            .rows(
                "SELECT o.title, o.cooperative_id, (SELECT MIN(op.member_price_rupiah) FROM offer_prices op WHERE op.offer_id = s.offer_id \
                 AND op.grade = s.grade) AS lowest FROM supplies s JOIN offers o ON o.id = s.offer_id \
                 WHERE s.product_id = $1 AND s.withdrawn_at IS NULL AND o.state <> 'archived' ORDER BY lowest, o.id",
                [product.0.into()],
            )
            .await?;
        for pool in pools {
            let is_foreign = self.act.on_behalf_of.is_some()
                && self.act.organisation.map(Uuid::from) != Some(pool.cooperative_id);
            let is_too_much = match (pool.lowest, after.price) {
                (Some(most), Some(price)) => price.0 > most,
                _ => false,
            };
            if is_foreign && (is_other || is_too_much) {
                return Err(ProductError::PooledElsewhere);
            }
            if is_other {
                return Err(ProductError::Pooled { offer: pool.title });
            }
            if let (Some(most), Some(price)) = (pool.lowest, after.price)
                && price.0 > most
            {
                return Err(ProductError::PriceAboveOffer {
                    most: Rupiah(most),
                    offer: pool.title,
                });
            }
        }
        Ok(())
    }

    pub(crate) async fn change_product_state(
        &self,
        umkm: OrganisationId,
        product: ProductId,
        event: ProductEvent,
        reason: Option<&str>,
    ) -> Result<ProductState, ProductError> {
        let actor = self.product_actor(umkm).await.map_err(not_found)?;
        let row = self.lock_product(umkm, product).await?;
        let from = row.state()?;
        let to = transition(from, event, actor)?;
        if to == ProductState::Live {
            let missing = row.gaps()?;
            if !missing.is_empty() {
                return Err(ProductError::Gaps(missing));
            }
        }
        let changed = self
            .exec(
                "UPDATE products SET state = $3, updated_at = $4, version = version + 1 WHERE id = $1 AND state = $2",
                [
                    product.0.into(),
                    from.as_str().into(),
                    to.as_str().into(),
                    self.now().0.into(),
                ],
            )
            .await?;
        if changed != 1 {
            return Err(ProductError::Changed);
        }
        self.event(events::Event {
            subject_kind: "product",
            subject_id: product.0,
            kind: past_tense(event),
            from_state: Some(from.as_str()),
            to_state: Some(to.as_str()),
            reason,
            ..Default::default()
        })
        .await?;
        // First the index work, while the supplies still name their offers.
        let offers = self.product_changed(product).await?;
        if to == ProductState::Archived {
            self.exec(
                "UPDATE supplies SET withdrawn_at = $2 WHERE product_id = $1 AND withdrawn_at IS NULL",
                [product.0.into(), self.now().0.into()],
            )
            .await?;
        }
        self.pause_if_empty(&offers).await?;
        Ok(to)
    }

    /// A new lot of a product; its packs come in as its opening movement.
    pub(super) async fn open_lot(
        &self,
        umkm: OrganisationId,
        product: ProductId,
        lot: &NewLot,
    ) -> Result<LotId, ProductError> {
        let id = LotId(self.new_id());
        self.insert(crate::entities::lots::Model {
            id: id.0,
            product_id: product.0,
            umkm_id: umkm.0,
            ready_on: lot.ready_on.0,
            good_until: lot.good_until.map(|day| day.0),
            on_hand: 0,
            held: 0,
            created_at: self.now().0,
        })
        .await?;
        self.move_packs(id, crate::stock::MovementKind::Opening, lot.packs.0, None)
            .await?;
        self.event(events::Event {
            subject_kind: "lot",
            subject_id: id.0,
            kind: "lot_added",
            data: Some(json!({ "product": product, "packs": lot.packs }).to_string()),
            ..Default::default()
        })
        .await?;
        Ok(id)
    }
}

fn past_tense(event: ProductEvent) -> &'static str {
    match event {
        ProductEvent::Publish => "product_published",
        ProductEvent::Pause => "product_paused",
        ProductEvent::Resume => "product_resumed",
        ProductEvent::Hide => "product_hidden",
        ProductEvent::Archive => "product_archived",
    }
}
