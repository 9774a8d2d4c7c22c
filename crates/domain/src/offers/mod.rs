//! The pooled good that buyers see: its states, what a product must be to belong to it, how it is sold, who sees its
//! price, how freight is worked out.
//!
//! Prices per grade and tier are in [`PriceTable`], quantities in [`check_quantity`], fitting in
//! [`misfits`], freight in [`freight()`], viewers in [`Viewer`]. Sharing an order
//! out is [`crate::allocation`]; the carton rule ([`MixedCarton`]) is defined there.

use crate::{
    coded::coded,
    quantity::{Packs, Units},
};

mod fit;
mod freight;
mod prices;
mod quantities;
mod viewers;

pub use crate::allocation::MixedCarton;
pub use fit::{Misfit, Spec, misfits};
pub use freight::{
    DeliveryBasis, Freight, FreightProblem, FreightRates, FreightSum, freight, freight_sum,
};
pub use prices::{PriceProblem, PriceRow, PriceTable};
pub use quantities::{Band, QuantityProblem, check_quantity, step_less, step_more};
pub use viewers::{PUBLIC, PriceVisibility, REGISTERED, VERIFIED, Viewer, buyer_token};

coded! {
    /// Where an offer stands (DOMAIN §7).
    pub enum OfferState {
        Draft = "draft",
        Live = "live",
        Paused = "paused",
        Archived = "archived",
    }
}

coded! {
    /// What can happen to an offer. Its name is also the kind of the event row.
    pub enum OfferEvent {
        Publish = "publish",
        Pause = "pause",
        Resume = "resume",
        Archive = "archive",
    }
}

coded! {
    /// In which capacity somebody acts on an offer.
    pub enum OfferActor {
        CoopManager = "coop_manager",
        /// No supply is left, or a certificate lapsed.
        System = "system",
    }
}

/// Why an offer stays as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OfferRefusal {
    #[error("an offer that is {state} can't take `{event}`")]
    WrongState {
        state: OfferState,
        event: OfferEvent,
    },
    #[error("`{event}` is not for {actor}")]
    WrongActor {
        event: OfferEvent,
        actor: OfferActor,
    },
}

/// The offer table of DOMAIN §7. Every pair that is not here is an error. `publish` and `resume` also want
/// [`offer_gaps`] to be empty.
///
/// # Errors
/// [`OfferRefusal`] when the state does not know the event or the event is not this actor's.
pub fn transition(
    state: OfferState,
    event: OfferEvent,
    actor: OfferActor,
) -> Result<OfferState, OfferRefusal> {
    use OfferActor::{CoopManager, System};
    use OfferEvent as E;
    use OfferState as S;
    let (to, actors): (S, &[OfferActor]) = match (state, event) {
        (S::Draft, E::Publish) => (S::Live, &[CoopManager]),
        (S::Live, E::Pause) => (S::Paused, &[CoopManager, System]),
        (S::Paused, E::Resume) => (S::Live, &[CoopManager]),
        (S::Draft | S::Live | S::Paused, E::Archive) => (S::Archived, &[CoopManager]),
        _ => return Err(OfferRefusal::WrongState { state, event }),
    };
    if actors.contains(&actor) {
        Ok(to)
    } else {
        Err(OfferRefusal::WrongActor { event, actor })
    }
}

coded! {
    /// Something an offer needs before it can go live.
    pub enum OfferGap {
        Title = "title",
        Prices = "prices",
        Supplies = "supplies",
        /// Franco without a single regency it is delivered to.
        Freight = "freight",
        /// No supply has every permit that the offer requires, today.
        Permits = "permits",
    }
}

/// What is missing to publish an offer, in the order of the form.
#[must_use]
pub fn offer_gaps(
    title: &str,
    prices: &PriceTable,
    supplies: usize,
    basis: DeliveryBasis,
    rates: &FreightRates,
) -> Vec<OfferGap> {
    [
        (title.trim().is_empty(), OfferGap::Title),
        (prices.rows().is_empty(), OfferGap::Prices),
        (supplies == 0, OfferGap::Supplies),
        (
            basis == DeliveryBasis::Franco && rates.0.is_empty(),
            OfferGap::Freight,
        ),
    ]
    .into_iter()
    .filter_map(|(missing, gap)| missing.then_some(gap))
    .collect()
}

/// What the buyer orders and the sharing rule deals out: single packs, or cartons of `packs` packs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SoldBy {
    Pack,
    Carton { packs: i64 },
}

impl SoldBy {
    /// From how an offer is stored: the carton's name when it has one, and the packs per unit.
    #[must_use]
    pub fn stored(carton_name: Option<&str>, packs_per_unit: i64) -> Self {
        match carton_name {
            Some(_) => Self::Carton {
                packs: packs_per_unit,
            },
            None => Self::Pack,
        }
    }

    #[must_use]
    pub fn packs_per_unit(self) -> i64 {
        match self {
            Self::Pack => 1,
            Self::Carton { packs } => packs,
        }
    }

    /// Packs that can't be split between members: the carton where cartons are not mixed, otherwise 1 (DOMAIN U-4).
    #[must_use]
    pub fn step_packs(self, mixed: MixedCarton) -> i64 {
        match mixed {
            MixedCarton::No => self.packs_per_unit(),
            MixedCarton::SameGrade => 1,
        }
    }

    /// `None` on overflow.
    #[must_use]
    pub fn packs(self, units: Units) -> Option<Packs> {
        units.packs(self.packs_per_unit())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_event_and_actor_answers_as_the_table_says() {
        use OfferActor::{CoopManager as KM, System as Sys};
        use OfferEvent as E;
        use OfferState as S;
        let table: &[(S, E, &[OfferActor], S)] = &[
            (S::Draft, E::Publish, &[KM], S::Live),
            (S::Live, E::Pause, &[KM, Sys], S::Paused),
            (S::Paused, E::Resume, &[KM], S::Live),
            (S::Draft, E::Archive, &[KM], S::Archived),
            (S::Live, E::Archive, &[KM], S::Archived),
            (S::Paused, E::Archive, &[KM], S::Archived),
        ];
        for &state in S::ALL {
            for &event in E::ALL {
                let row = table.iter().find(|row| row.0 == state && row.1 == event);
                for &actor in OfferActor::ALL {
                    let expected = match row {
                        None => Err(OfferRefusal::WrongState { state, event }),
                        Some(row) if !row.2.contains(&actor) => {
                            Err(OfferRefusal::WrongActor { event, actor })
                        }
                        Some(row) => Ok(row.3),
                    };
                    assert_eq!(transition(state, event, actor), expected);
                }
            }
        }
    }

    #[test]
    fn an_offer_goes_live_only_when_it_is_whole() {
        let rates = FreightRates::default();
        let gaps = offer_gaps(
            " ",
            &PriceTable::default(),
            0,
            DeliveryBasis::Franco,
            &rates,
        );
        let others = OfferGap::ALL
            .iter()
            .filter(|gap| **gap != OfferGap::Permits);
        assert_eq!(gaps, others.copied().collect::<Vec<_>>());
        let gaps = offer_gaps(
            "Kopi",
            &PriceTable::default(),
            1,
            DeliveryBasis::Loco,
            &rates,
        );
        assert_eq!(gaps, [OfferGap::Prices]);
    }

    #[test]
    fn a_carton_is_the_step_unless_cartons_are_mixed() {
        let carton = SoldBy::stored(Some("dus"), 40);
        assert_eq!(carton, SoldBy::Carton { packs: 40 });
        assert_eq!(carton.step_packs(MixedCarton::No), 40);
        assert_eq!(carton.step_packs(MixedCarton::SameGrade), 1);
        assert_eq!(carton.packs(Units(25)), Some(Packs(1_000)));
        assert_eq!(SoldBy::stored(None, 1), SoldBy::Pack);
        assert_eq!(SoldBy::Pack.step_packs(MixedCarton::No), 1);
    }
}
