//! Whether a member's product belongs into a pool (DOMAIN U-3, DESIGN "Price"), and why not, in facts.

use crate::{
    ids::CommodityId,
    money::Rupiah,
    products::{
        Certificate, CertificateKind, Content, Grade, ProductFacts, ProductState, SaleUnit,
    },
    time::Day,
};

/// What a product must be to belong to an offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spec {
    pub commodity: CommodityId,
    pub unit: SaleUnit,
    /// What one sale unit holds; `None` where the offer does not care.
    pub content: Option<Content>,
    /// Grades accepted, best first; empty when goods are pooled without grades.
    pub grades: Vec<Grade>,
    pub required_certificates: Vec<CertificateKind>,
    /// The lowest member price of each grade over all tiers ([`super::PriceTable::lowest_member_prices`]): no member
    /// may ask more.
    pub lowest_member_prices: Vec<(Grade, Rupiah)>,
}

/// One reason why a product does not fit: what it has and what the offer wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Misfit {
    NotLive {
        state: ProductState,
    },
    Commodity {
        has: Option<CommodityId>,
        wants: CommodityId,
    },
    Unit {
        has: Option<SaleUnit>,
        wants: SaleUnit,
    },
    Content {
        has: Option<Content>,
        wants: Content,
    },
    Grade {
        has: Option<Grade>,
        wants: Vec<Grade>,
    },
    CertificateMissing {
        kind: CertificateKind,
    },
    /// It lapses, or lapsed, before the day of delivery.
    CertificateExpired {
        kind: CertificateKind,
        last_day: Day,
    },
    /// It begins only after the day of delivery.
    CertificateNotYet {
        kind: CertificateKind,
        first_day: Day,
    },
    /// The member has not said what it asks.
    NoPrice,
    /// The member asks more than the pool pays at its lowest tier.
    Price {
        asks: Rupiah,
        most: Rupiah,
    },
}

impl Spec {
    /// The grade under which a product would be pooled; `None` when its grade is not accepted.
    #[must_use]
    pub fn grade_of(&self, product: &ProductFacts) -> Option<Grade> {
        if self.grades.is_empty() {
            return Some(Grade::UNGRADED);
        }
        product
            .grade
            .clone()
            .filter(|grade| self.grades.contains(grade))
    }

    /// 0 for the best grade of the offer, as the sharing rule counts; ungraded goods are all 0.
    #[must_use]
    pub fn rank_of(&self, grade: &Grade) -> Option<u8> {
        if self.grades.is_empty() {
            return Some(0);
        }
        let rank = self.grades.iter().position(|accepted| accepted == grade)?;
        u8::try_from(rank).ok()
    }
}

/// Every reason why the product can't be pooled; empty when it fits. `certificates` are those of the product, its
/// owner and, for certificates of a group, its cooperative; `day` is the promised day of delivery.
#[must_use]
pub fn misfits(
    spec: &Spec,
    product: &ProductFacts,
    certificates: &[Certificate],
    day: Day,
) -> Vec<Misfit> {
    let mut misfits = Vec::new();
    if product.state != ProductState::Live {
        misfits.push(Misfit::NotLive {
            state: product.state,
        });
    }
    if product.commodity.as_ref() != Some(&spec.commodity) {
        misfits.push(Misfit::Commodity {
            has: product.commodity.clone(),
            wants: spec.commodity.clone(),
        });
    }
    if product.unit == Some(spec.unit) {
        let has = spec.unit.content(product.content);
        // A content stated beside a measure (kg) changes nothing: the unit is its own size on both sides.
        let wants = spec
            .content
            .and_then(|content| spec.unit.content(Some(content)));
        if let Some(wants) = wants
            && has != Some(wants)
        {
            misfits.push(Misfit::Content { has, wants });
        }
    } else {
        misfits.push(Misfit::Unit {
            has: product.unit,
            wants: spec.unit,
        });
    }
    let grade = spec.grade_of(product);
    if grade.is_none() {
        misfits.push(Misfit::Grade {
            has: product.grade.clone(),
            wants: spec.grades.clone(),
        });
    }
    misfits.extend(
        spec.required_certificates
            .iter()
            .filter_map(|kind| certificate_misfit(*kind, certificates, day)),
    );
    misfits.extend(price_misfit(spec, product, grade.as_ref()));
    misfits
}

fn certificate_misfit(
    kind: CertificateKind,
    certificates: &[Certificate],
    day: Day,
) -> Option<Misfit> {
    let of_kind = || certificates.iter().filter(|held| held.kind == kind);
    if of_kind().any(|held| held.valid_on(day)) {
        return None;
    }
    let lapsed = of_kind()
        .filter_map(|held| held.valid_until)
        .filter(|last| *last < day)
        .max();
    let coming = of_kind().filter_map(|held| held.valid_from).min();
    Some(match (lapsed, coming) {
        (Some(last_day), _) => Misfit::CertificateExpired { kind, last_day },
        (None, Some(first_day)) => Misfit::CertificateNotYet { kind, first_day },
        (None, None) => Misfit::CertificateMissing { kind },
    })
}

/// Without a fitting grade the price of the dearest accepted one is the measure: who asks more fits nowhere.
fn price_misfit(spec: &Spec, product: &ProductFacts, grade: Option<&Grade>) -> Option<Misfit> {
    let Some(asks) = product.asked_price else {
        return Some(Misfit::NoPrice);
    };
    let most = spec
        .lowest_member_prices
        .iter()
        .filter(|(of, _)| grade.is_none_or(|grade| of == grade))
        .map(|(_, price)| *price)
        .max()?;
    (asks > most).then_some(Misfit::Price { asks, most })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quantity::Packs;

    const DELIVERY: Day = Day(100);

    fn spec() -> Spec {
        Spec {
            commodity: "keripik-singkong".into(),
            unit: SaleUnit::Bungkus,
            content: Some(Content::grams(250)),
            grades: vec!["A".into(), "B".into()],
            required_certificates: vec![CertificateKind::Halal],
            lowest_member_prices: vec![("A".into(), Rupiah(10_500)), ("B".into(), Rupiah(9_000))],
        }
    }

    fn product() -> ProductFacts {
        ProductFacts {
            state: ProductState::Live,
            name: "Keripik".to_owned(),
            category: Some("makanan-ringan".into()),
            commodity: Some("keripik-singkong".into()),
            unit: Some(SaleUnit::Bungkus),
            content: Some(Content::grams(250)),
            grade: Some("A".into()),
            asked_price: Some(Rupiah(10_500)),
            on_hand: Packs(85),
        }
    }

    fn halal(from: i32, until: i32) -> Certificate {
        Certificate {
            kind: CertificateKind::Halal,
            valid_from: Some(Day(from)),
            valid_until: Some(Day(until)),
        }
    }

    fn why(product: &ProductFacts) -> Vec<Misfit> {
        misfits(&spec(), product, &[halal(0, 100)], DELIVERY)
    }

    #[test]
    fn a_product_that_is_all_the_spec_says_fits() {
        assert_eq!(why(&product()), []);
    }

    #[test]
    fn each_difference_is_told_as_what_is_and_what_should_be() {
        let cases: [(ProductFacts, Misfit); 7] = [
            (
                ProductFacts {
                    state: ProductState::Paused,
                    ..product()
                },
                Misfit::NotLive {
                    state: ProductState::Paused,
                },
            ),
            (
                ProductFacts {
                    commodity: None,
                    ..product()
                },
                Misfit::Commodity {
                    has: None,
                    wants: "keripik-singkong".into(),
                },
            ),
            (
                ProductFacts {
                    unit: Some(SaleUnit::Kg),
                    ..product()
                },
                Misfit::Unit {
                    has: Some(SaleUnit::Kg),
                    wants: SaleUnit::Bungkus,
                },
            ),
            (
                ProductFacts {
                    content: Some(Content::grams(200)),
                    ..product()
                },
                Misfit::Content {
                    has: Some(Content::grams(200)),
                    wants: Content::grams(250),
                },
            ),
            (
                ProductFacts {
                    grade: Some("C".into()),
                    ..product()
                },
                Misfit::Grade {
                    has: Some("C".into()),
                    wants: spec().grades,
                },
            ),
            (
                ProductFacts {
                    asked_price: None,
                    ..product()
                },
                Misfit::NoPrice,
            ),
            (
                ProductFacts {
                    asked_price: Some(Rupiah(10_501)),
                    ..product()
                },
                Misfit::Price {
                    asks: Rupiah(10_501),
                    most: Rupiah(10_500),
                },
            ),
        ];
        for (product, misfit) in cases {
            assert_eq!(why(&product), [misfit]);
        }
    }

    #[test]
    fn a_member_is_measured_by_the_price_of_its_own_grade() {
        let b = ProductFacts {
            grade: Some("B".into()),
            ..product()
        };
        let too_much = Misfit::Price {
            asks: Rupiah(10_500),
            most: Rupiah(9_000),
        };
        assert_eq!(why(&b), [too_much]);
    }

    #[test]
    fn a_certificate_must_hold_on_the_day_of_delivery() {
        let kind = CertificateKind::Halal;
        let why =
            |certificates: &[Certificate]| misfits(&spec(), &product(), certificates, DELIVERY);
        assert_eq!(why(&[]), [Misfit::CertificateMissing { kind }]);
        let lapsed = Misfit::CertificateExpired {
            kind,
            last_day: Day(99),
        };
        assert_eq!(why(&[halal(0, 99), halal(0, 50)]), [lapsed]);
        let early = Misfit::CertificateNotYet {
            kind,
            first_day: Day(101),
        };
        assert_eq!(why(&[halal(101, 200)]), [early]);
        assert_eq!(why(&[halal(0, 99), halal(100, 200)]), []);
        let pirt = Certificate {
            kind: CertificateKind::Pirt,
            ..halal(0, 200)
        };
        assert_eq!(why(&[pirt]), [Misfit::CertificateMissing { kind }]);
    }

    #[test]
    fn a_pool_by_the_kilogram_does_not_ask_what_a_kilogram_holds() {
        let spec = Spec {
            unit: SaleUnit::Kg,
            content: Some(Content::grams(1_000)),
            required_certificates: vec![],
            ..spec()
        };
        let by_kg = ProductFacts {
            unit: Some(SaleUnit::Kg),
            content: None,
            ..product()
        };
        assert_eq!(misfits(&spec, &by_kg, &[], DELIVERY), []);
    }

    #[test]
    fn an_ungraded_pool_takes_every_grade_at_one_price() {
        let spec = Spec {
            grades: vec![],
            lowest_member_prices: vec![(Grade::UNGRADED, Rupiah(10_500))],
            ..spec()
        };
        for grade in [None, Some(Grade::from("C"))] {
            let product = ProductFacts { grade, ..product() };
            assert_eq!(misfits(&spec, &product, &[halal(0, 100)], DELIVERY), []);
            assert_eq!(spec.grade_of(&product), Some(Grade::UNGRADED));
        }
        assert_eq!(spec.rank_of(&Grade::UNGRADED), Some(0));
    }

    #[test]
    fn ranks_follow_the_order_of_the_grades() {
        let ranks = ["A", "B", "C"].map(|grade| spec().rank_of(&grade.into()));
        assert_eq!(ranks, [Some(0), Some(1), None]);
    }
}
