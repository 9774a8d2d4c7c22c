//! What a member makes: the states of a product, what it lacks to be published, its permits.
//!
//! Units and contents are in [`units`], what a marketplace title tells in [`hints`]. Stock lives in lots and is not
//! here; whether a product fits a pool is [`crate::offers::misfits`].

use serde::{Deserialize, Serialize};

use crate::{
    coded::coded,
    ids::{CategoryId, CommodityId},
    money::{Overflow, Rupiah, round_half_up},
    quantity::Packs,
    time::Day,
};

mod hints;
mod kinds;
mod picture;
mod units;

pub use hints::{NameHints, hints_from_name};
pub use kinds::Kinds;
pub use picture::picture;
pub use units::{Content, Dimension, SaleUnit};

coded! {
    /// Where a product stands (DOMAIN §7). "Habis" is derived from its lots and is no state.
    pub enum ProductState {
        Draft = "draft",
        Live = "live",
        Paused = "paused",
        /// Taken from view by the platform's administrator.
        Hidden = "hidden",
        Archived = "archived",
    }
}

coded! {
    /// What can happen to a product. Its name is also the kind of the event row.
    pub enum ProductEvent {
        Publish = "publish",
        Pause = "pause",
        Resume = "resume",
        Hide = "hide",
        Archive = "archive",
    }
}

coded! {
    /// In which capacity somebody acts on a product.
    pub enum ProductActor {
        Owner = "owner",
        /// The cooperative's manager on a member's behalf; the event is marked.
        ManagerOnBehalf = "manager_on_behalf",
        PlatformAdmin = "platform_admin",
        /// A mandatory certificate lapsed, or the stock is 0.
        System = "system",
    }
}

coded! {
    /// Where an owner looks for a product in the list. `SoldOut` ("habis") is derived: live, and nothing free.
    pub enum Shelf {
        Draft = "draft",
        Live = "live",
        SoldOut = "sold_out",
        /// Paused by the owner, or hidden by the administrator.
        Paused = "paused",
        Archived = "archived",
    }
}

impl Shelf {
    /// The shelf of a product with so many packs free.
    #[must_use]
    pub fn of(state: ProductState, free: Packs) -> Self {
        match state {
            ProductState::Draft => Self::Draft,
            ProductState::Live if free.0 <= 0 => Self::SoldOut,
            ProductState::Live => Self::Live,
            ProductState::Paused | ProductState::Hidden => Self::Paused,
            ProductState::Archived => Self::Archived,
        }
    }
}

coded! {
    /// What a change of many products at once is about.
    pub enum BatchKind {
        Publish = "publish",
        Price = "price",
        Kind = "kind",
        Unit = "unit",
        Stock = "stock",
        /// Prices and stock, each typed into its row of a table.
        Table = "table",
        Archive = "archive",
    }
}

/// Why a product stays as it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProductRefusal {
    #[error("a product that is {state} can't take `{event}`")]
    WrongState {
        state: ProductState,
        event: ProductEvent,
    },
    #[error("`{event}` is not for {actor}")]
    WrongActor {
        event: ProductEvent,
        actor: ProductActor,
    },
}

/// The product table of DOMAIN §7. Every pair that is not here is an error. `publish` and `resume` also want
/// [`gaps`] to be empty.
///
/// # Errors
/// [`ProductRefusal`] when the state does not know the event or the event is not this actor's.
pub fn transition(
    state: ProductState,
    event: ProductEvent,
    actor: ProductActor,
) -> Result<ProductState, ProductRefusal> {
    use ProductActor::{ManagerOnBehalf, Owner, PlatformAdmin, System};
    use ProductEvent as E;
    use ProductState as S;
    let (to, actors): (S, &[ProductActor]) = match (state, event) {
        (S::Draft, E::Publish) => (S::Live, &[Owner, ManagerOnBehalf]),
        (S::Live, E::Pause) => (S::Paused, &[Owner, ManagerOnBehalf, System]),
        (S::Paused, E::Resume) => (S::Live, &[Owner, ManagerOnBehalf]),
        (S::Live, E::Hide) => (S::Hidden, &[PlatformAdmin]),
        (S::Draft | S::Live | S::Paused | S::Hidden, E::Archive) => {
            (S::Archived, &[Owner, ManagerOnBehalf])
        }
        _ => return Err(ProductRefusal::WrongState { state, event }),
    };
    if actors.contains(&actor) {
        Ok(to)
    } else {
        Err(ProductRefusal::WrongActor { event, actor })
    }
}

/// A quality grade in the commodity's own words (`A`, `1`). Lists of grades run from the best down.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Grade(pub String);

impl Grade {
    /// What goods count as that are pooled without grades.
    pub const UNGRADED: Self = Self(String::new());

    #[must_use]
    pub fn is_ungraded(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<&str> for Grade {
    fn from(name: &str) -> Self {
        Self(name.to_owned())
    }
}

impl std::fmt::Display for Grade {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// What the rules need to know of a product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductFacts {
    pub state: ProductState,
    pub name: String,
    pub category: Option<CategoryId>,
    pub commodity: Option<CommodityId>,
    pub unit: Option<SaleUnit>,
    /// What one sale unit holds, as the member stated it.
    pub content: Option<Content>,
    pub grade: Option<Grade>,
    /// What the member asks per sale unit, ex PPN; private to member and cooperative.
    pub asked_price: Option<Rupiah>,
    /// Packs on hand in its lots.
    pub on_hand: Packs,
}

coded! {
    /// Something a product needs before buyers and pools may see it.
    pub enum Gap {
        Name = "name",
        Category = "category",
        Unit = "unit",
        /// How much one bungkus, karung or peti holds.
        Content = "content",
        Price = "price",
        Stock = "stock",
    }
}

/// What is missing to publish, in the order of the form; empty when nothing is. As long as the unit is unknown, so is
/// whether it needs a content: then both are named.
#[must_use]
pub fn gaps(product: &ProductFacts) -> Vec<Gap> {
    let content_open =
        product.content.is_none() && product.unit.is_none_or(SaleUnit::needs_content);
    [
        (product.name.trim().is_empty(), Gap::Name),
        (product.category.is_none(), Gap::Category),
        (product.unit.is_none(), Gap::Unit),
        (content_open, Gap::Content),
        (
            product
                .asked_price
                .is_none_or(|price| price <= Rupiah::ZERO),
            Gap::Price,
        ),
        (product.on_hand.0 <= 0, Gap::Stock),
    ]
    .into_iter()
    .filter_map(|(missing, gap)| missing.then_some(gap))
    .collect()
}

/// A price so many basis points higher, or lower when negative: rounded once, half up, never below one rupiah.
///
/// # Errors
/// [`Overflow`] when it does not fit.
pub fn changed_by(price: Rupiah, percent_bp: i64) -> Result<Rupiah, Overflow> {
    let product = i128::from(price.0) * (10_000 + i128::from(percent_bp));
    Ok(Rupiah(round_half_up(product, 10_000)?.max(1)))
}

coded! {
    /// Permits and certificates a product or a cooperative may hold (DOMAIN §3).
    pub enum CertificateKind {
        Pirt = "pirt",
        Bpom = "bpom",
        Halal = "halal",
        Sni = "sni",
        Organic = "organic",
        GeographicalIndication = "geographical_indication",
        Haccp = "haccp",
        Fairtrade = "fairtrade",
        Other = "other",
    }
}

/// A permit with the days it holds. Without a last day it holds until further notice (halal while the recipe stays).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Certificate {
    pub kind: CertificateKind,
    pub valid_from: Option<Day>,
    /// The last day it holds.
    pub valid_until: Option<Day>,
}

impl Certificate {
    /// Whether it holds on `day`; both ends count.
    #[must_use]
    pub fn valid_on(&self, day: Day) -> bool {
        self.valid_from.is_none_or(|first| first <= day)
            && self.valid_until.is_none_or(|last| day <= last)
    }

    /// Days until it lapses, 0 on its last day, negative afterwards; `None` when it does not lapse.
    #[must_use]
    pub fn days_left(&self, day: Day) -> Option<i32> {
        self.valid_until.map(|last| last.0.saturating_sub(day.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_event_and_actor_answers_as_the_table_says() {
        use ProductActor::{
            ManagerOnBehalf as KM, Owner as UO, PlatformAdmin as PA, System as Sys,
        };
        use ProductEvent as E;
        use ProductState as S;
        let table: &[(S, E, &[ProductActor], S)] = &[
            (S::Draft, E::Publish, &[UO, KM], S::Live),
            (S::Live, E::Pause, &[UO, KM, Sys], S::Paused),
            (S::Paused, E::Resume, &[UO, KM], S::Live),
            (S::Live, E::Hide, &[PA], S::Hidden),
            (S::Draft, E::Archive, &[UO, KM], S::Archived),
            (S::Live, E::Archive, &[UO, KM], S::Archived),
            (S::Paused, E::Archive, &[UO, KM], S::Archived),
            (S::Hidden, E::Archive, &[UO, KM], S::Archived),
        ];
        for &state in S::ALL {
            for &event in E::ALL {
                let row = table.iter().find(|row| row.0 == state && row.1 == event);
                for &actor in ProductActor::ALL {
                    let expected = match row {
                        None => Err(ProductRefusal::WrongState { state, event }),
                        Some(row) if !row.2.contains(&actor) => {
                            Err(ProductRefusal::WrongActor { event, actor })
                        }
                        Some(row) => Ok(row.3),
                    };
                    assert_eq!(transition(state, event, actor), expected);
                }
            }
        }
    }

    fn ready() -> ProductFacts {
        ProductFacts {
            state: ProductState::Draft,
            name: "Keripik singkong".to_owned(),
            category: Some("makanan-ringan".into()),
            commodity: None,
            unit: Some(SaleUnit::Bungkus),
            content: Some(Content::grams(250)),
            grade: None,
            asked_price: Some(Rupiah(10_500)),
            on_hand: Packs(85),
        }
    }

    #[test]
    fn a_whole_product_has_no_gaps_and_an_empty_one_has_all() {
        assert_eq!(gaps(&ready()), []);
        let empty = ProductFacts {
            name: " ".to_owned(),
            category: None,
            unit: None,
            content: None,
            asked_price: None,
            on_hand: Packs(0),
            ..ready()
        };
        assert_eq!(gaps(&empty), Gap::ALL);
    }

    #[test]
    fn only_units_without_a_size_of_their_own_need_a_content() {
        for (unit, expected) in [
            (SaleUnit::Bungkus, vec![Gap::Content]),
            (SaleUnit::Karung, vec![Gap::Content]),
            (SaleUnit::Kg, vec![]),
            (SaleUnit::Lembar, vec![]),
            (SaleUnit::Galon, vec![]),
        ] {
            let product = ProductFacts {
                unit: Some(unit),
                content: None,
                ..ready()
            };
            assert_eq!(gaps(&product), expected, "{unit}");
        }
    }

    #[test]
    fn a_live_product_without_free_packs_is_sold_out() {
        assert_eq!(Shelf::of(ProductState::Live, Packs(1)), Shelf::Live);
        assert_eq!(Shelf::of(ProductState::Live, Packs(0)), Shelf::SoldOut);
        assert_eq!(Shelf::of(ProductState::Draft, Packs(0)), Shelf::Draft);
        assert_eq!(Shelf::of(ProductState::Hidden, Packs(9)), Shelf::Paused);
    }

    #[test]
    fn a_price_changes_by_percent_with_one_rounding_and_never_to_nothing() {
        for (price, bp, expected) in [
            (10_500, 1_000, 11_550),
            (10_500, -1_000, 9_450),
            (10_001, 500, 10_501),
            (3, 1_700, 4),
            (1, -9_000, 1),
            (12_345, 0, 12_345),
        ] {
            assert_eq!(changed_by(Rupiah(price), bp), Ok(Rupiah(expected)));
        }
        assert!(changed_by(Rupiah(i64::MAX), 10_000).is_err());
    }

    #[test]
    fn a_price_of_nothing_is_no_price() {
        for price in [0, -1] {
            let product = ProductFacts {
                asked_price: Some(Rupiah(price)),
                ..ready()
            };
            assert_eq!(gaps(&product), [Gap::Price]);
        }
    }

    #[test]
    fn a_certificate_holds_on_its_first_and_last_day() {
        let halal = Certificate {
            kind: CertificateKind::Halal,
            valid_from: Some(Day(10)),
            valid_until: Some(Day(20)),
        };
        let holds: Vec<bool> = [9, 10, 20, 21].map(|day| halal.valid_on(Day(day))).to_vec();
        assert_eq!(holds, [false, true, true, false]);
        assert_eq!(halal.days_left(Day(20)), Some(0));
        assert_eq!(halal.days_left(Day(21)), Some(-1));
        let open = Certificate {
            valid_from: None,
            valid_until: None,
            ..halal
        };
        assert!(open.valid_on(Day(i32::MIN)) && open.valid_on(Day(i32::MAX)));
        assert_eq!(open.days_left(Day(0)), None);
    }
}
