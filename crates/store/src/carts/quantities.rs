//! The quantities of one cart, set together: all that were typed, or none and why.

use domain::ids::{OfferId, OrganisationId};
use domain::offers::{Viewer, check_quantity, step_less, step_more};
use domain::quantity::Units;
use sea_orm::Value;

use super::{CartError, CartLine, best_price, lines, lock};
use crate::act::Act;
use crate::error::Error;
use crate::offers::facts::{self, OfferFacts};
use crate::sql::{Sql, placeholders};
use crate::supplies;
use crate::write::{Store, Tx, rerun_by_store};

/// What a buyer wants of a line that is in the cart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    Exactly(Units),
    /// A step of the offer below the quantity typed.
    Less(Units),
    /// A step of the offer above the quantity typed.
    More(Units),
    /// Out of the cart.
    Nothing,
}

/// Why a cart stays as it is.
#[derive(Debug, thiserror::Error)]
pub enum QuantitiesError {
    /// Each line that can't be so, with its reason.
    #[error("{} lines do not fit", .0.len())]
    Lines(Vec<(OfferId, CartError)>),
    #[error(transparent)]
    Store(#[from] Error),
}
rerun_by_store!(QuantitiesError);

/// A line as it is to be.
struct Set {
    line: CartLine,
    units: Units,
    offer: OfferFacts,
}

impl Store {
    /// Sets the quantities of lines that are in the cart with a cooperative, all or none. A quantity that stays what it
    /// was is not looked at again: a cart promises nothing, and what it can't have by now is said on its page. Lines
    /// that somebody took out meanwhile stay out.
    ///
    /// # Errors
    /// [`QuantitiesError::Lines`] with every line that does not fit.
    pub async fn set_quantities(
        &self,
        act: &Act,
        viewer: &Viewer,
        buyer: OrganisationId,
        cooperative: OrganisationId,
        wanted: &[(OfferId, Wanted)],
    ) -> Result<(), QuantitiesError> {
        self.write(act, async |tx| {
            tx.set_quantities(viewer, buyer, cooperative, wanted).await
        })
        .await
    }
}

impl Tx {
    async fn set_quantities(
        &self,
        viewer: &Viewer,
        buyer: OrganisationId,
        cooperative: OrganisationId,
        wanted: &[(OfferId, Wanted)],
    ) -> Result<(), QuantitiesError> {
        let Some(cart) = lock(self, buyer, cooperative).await? else {
            return Ok(());
        };
        let (mut out, mut changed) = (Vec::new(), Vec::new());
        for line in lines(self, buyer, cooperative).await? {
            let wanted = wanted.iter().find(|(offer, _)| *offer == line.offer);
            match wanted.map(|(_, wanted)| *wanted) {
                None => {}
                Some(Wanted::Exactly(units)) if units == line.units => {}
                Some(Wanted::Nothing) => out.push(line.offer),
                Some(wanted) => changed.push((line, wanted)),
            }
        }
        if out.is_empty() && changed.is_empty() {
            return Ok(());
        }
        self.let_cart_go(cart.id).await?;
        let ids: Vec<OfferId> = changed.iter().map(|(line, _)| line.offer).collect();
        let offers = facts::orderable(self, viewer, self.now(), &ids).await?;
        let zone = facts::party(self, cooperative, "cooperative").await?.zone();
        let pool_terms: Vec<_> = offers
            .iter()
            .map(|offer| offer.pool_terms(offer.delivery(self.now(), zone, cart.wanted_on())))
            .collect();
        let pool = supplies::pools(self, &pool_terms).await?;
        let (mut set, mut problems) = (Vec::new(), Vec::new());
        for (line, wanted) in changed {
            let Some(offer) = offers.iter().find(|offer| offer.id == line.offer.0) else {
                problems.push((line.offer, CartError::Gone));
                continue;
            };
            let (minimum, multiple) = (Units(offer.minimum_units), Units(offer.multiple_units));
            let units = match wanted {
                Wanted::Exactly(units) => units,
                Wanted::Less(units) => step_less(units, minimum, multiple),
                Wanted::More(units) => step_more(units, minimum, multiple),
                Wanted::Nothing => continue,
            };
            match check_quantity(units, minimum, multiple, supplies::pooled(&pool, offer)) {
                Ok(()) => set.push(Set {
                    line,
                    units,
                    offer: offer.clone(),
                }),
                Err(problem) => problems.push((line.offer, problem.into())),
            }
        }
        if !problems.is_empty() {
            return Err(QuantitiesError::Lines(problems));
        }
        self.write_quantities(cart.id, &set, &out).await?;
        Ok(())
    }

    async fn write_quantities(
        &self,
        cart: uuid::Uuid,
        set: &[Set],
        out: &[OfferId],
    ) -> Result<(), Error> {
        if !out.is_empty() {
            let mut values: Vec<Value> = vec![cart.into()];
            values.extend(out.iter().map(|offer| Value::from(offer.0)));
            let list = placeholders(2, out.len());
            self.exec(
                format!("DELETE FROM cart_lines WHERE cart_id = $1 AND offer_id IN ({list})"),
                values,
            )
            .await?;
            // An order is changed by a cart with something in it.
            self.exec(
                "DELETE FROM order_changes WHERE cart_id = $1 AND NOT EXISTS \
                 (SELECT 1 FROM cart_lines l WHERE l.cart_id = $1)",
                [cart.into()],
            )
            .await?;
        }
        if set.is_empty() {
            return Ok(());
        }
        let mut values: Vec<Value> = vec![cart.into()];
        let mut list = Vec::with_capacity(set.len());
        for Set { line, units, offer } in set {
            let price = best_price(offer, *units).unwrap_or(line.seen_price);
            // Another price than the one that was seen stays to be seen.
            let has_changed = best_price(offer, line.seen_units) != Some(line.seen_price);
            let seen = if has_changed {
                (line.seen_price, line.seen_units)
            } else {
                (price, *units)
            };
            let first = values.len() + 1;
            list.push(format!("({})", placeholders(first, 4)));
            values.extend::<[Value; 4]>([
                line.offer.0.into(),
                units.0.into(),
                seen.0.0.into(),
                seen.1.0.into(),
            ]);
        }
        self.exec(
            format!(
                "UPDATE cart_lines SET units = v.column2, seen_price_rupiah = v.column3, seen_units = v.column4 \
                 FROM (VALUES {}) AS v WHERE cart_id = $1 AND offer_id = v.column1",
                list.join(", ")
            ),
            values,
        )
        .await?;
        Ok(())
    }
}
