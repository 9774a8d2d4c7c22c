//! What bringing the goods costs the buyer (DESIGN "Price").

use serde::{Deserialize, Serialize};

use crate::{
    coded::coded,
    money::{Overflow, Rupiah},
    quantity::Units,
};

coded! {
    /// Who brings the goods and who pays for it (DESIGN "Price").
    pub enum DeliveryBasis {
        /// The buyer fetches them: no freight.
        Loco = "loco",
        /// Delivered, at an amount per unit by regency.
        Franco = "franco",
        /// "Dihitung koperasi": entered before `confirm`, with the buyer's consent.
        Quoted = "quoted",
    }
}

/// Franco freight by region code (province or regency, with or without dots), in rupiah per allocation unit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FreightRates(pub Vec<(String, Rupiah)>);

/// Freight of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freight {
    Known(Rupiah),
    /// The cooperative works it out later; until then the line counts 0.
    Pending,
}

/// Why there is no freight for a line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FreightProblem {
    #[error("no delivery to region {region}")]
    NoDelivery { region: String },
    #[error(transparent)]
    Overflow(#[from] Overflow),
}

impl Freight {
    /// What it adds to the line now.
    #[must_use]
    pub fn rupiah(self) -> Rupiah {
        match self {
            Self::Known(rupiah) => rupiah,
            Self::Pending => Rupiah::ZERO,
        }
    }

    #[must_use]
    pub fn is_pending(self) -> bool {
        self == Self::Pending
    }
}

/// Freight of `units` to `region` (any region code; the narrowest row that contains it counts).
///
/// # Errors
/// [`FreightProblem::NoDelivery`] when a franco offer has no row for the region, `Overflow` when it does not fit.
pub fn freight(
    basis: DeliveryBasis,
    rates: &FreightRates,
    region: &str,
    units: Units,
) -> Result<Freight, FreightProblem> {
    match basis {
        DeliveryBasis::Loco => Ok(Freight::Known(Rupiah::ZERO)),
        DeliveryBasis::Quoted => Ok(Freight::Pending),
        DeliveryBasis::Franco => {
            let to = digits(region);
            let (_, per_unit) = rates
                .0
                .iter()
                .map(|(code, per_unit)| (digits(code), per_unit))
                .filter(|(code, _)| !code.is_empty() && to.starts_with(code))
                .max_by_key(|(code, _)| code.len())
                .ok_or_else(|| FreightProblem::NoDelivery {
                    region: region.to_owned(),
                })?;
            let rupiah = per_unit.0.checked_mul(units.0).ok_or(Overflow)?;
            Ok(Freight::Known(Rupiah(rupiah)))
        }
    }
}

/// The freight of several lines together, as it is told: who bears it before how much it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FreightSum {
    /// The cooperative has yet to work some of it out.
    Pending,
    /// The buyer fetches everything at its own cost.
    Fetched,
    /// Delivered, and the cooperative bears the freight.
    Free,
    /// Delivered, at the buyer's cost.
    Amount(Rupiah),
    /// Some lines are delivered for this amount, the others are fetched.
    PartlyFetched(Rupiah),
}

/// How the freight of an order is told, from the delivery bases of its lines and its sum.
#[must_use]
pub fn freight_sum(
    lines: impl IntoIterator<Item = DeliveryBasis>,
    is_pending: bool,
    sum: Rupiah,
) -> FreightSum {
    if is_pending {
        return FreightSum::Pending;
    }
    let (mut fetched, mut brought) = (false, false);
    for basis in lines {
        match basis {
            DeliveryBasis::Loco => fetched = true,
            DeliveryBasis::Franco | DeliveryBasis::Quoted => brought = true,
        }
    }
    match (fetched, brought) {
        (true, false) => FreightSum::Fetched,
        (true, true) => FreightSum::PartlyFetched(sum),
        (false, _) if sum == Rupiah::ZERO => FreightSum::Free,
        (false, _) => FreightSum::Amount(sum),
    }
}

fn digits(code: &str) -> String {
    code.chars().filter(char::is_ascii_digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_freight_of_nothing_says_who_bears_it() {
        use DeliveryBasis::{Franco, Loco, Quoted};
        let told =
            |lines: &[DeliveryBasis], sum| freight_sum(lines.iter().copied(), false, Rupiah(sum));
        assert_eq!(told(&[Loco, Loco], 0), FreightSum::Fetched);
        assert_eq!(told(&[Franco], 0), FreightSum::Free);
        assert_eq!(told(&[Quoted], 500), FreightSum::Amount(Rupiah(500)));
        assert_eq!(
            told(&[Loco, Franco], 500),
            FreightSum::PartlyFetched(Rupiah(500))
        );
        assert_eq!(
            freight_sum([Loco, Quoted], true, Rupiah::ZERO),
            FreightSum::Pending
        );
    }

    #[test]
    fn freight_is_nothing_or_by_regency_or_worked_out_later() {
        let rates = FreightRates(vec![
            ("33".to_owned(), Rupiah(20_000)),
            ("33.74".to_owned(), Rupiah(12_000)),
        ]);
        let franco = |region: &str| freight(DeliveryBasis::Franco, &rates, region, Units(10));
        assert_eq!(franco("33.74"), Ok(Freight::Known(Rupiah(120_000))));
        assert_eq!(franco("337401"), Ok(Freight::Known(Rupiah(120_000))));
        assert_eq!(franco("33.25"), Ok(Freight::Known(Rupiah(200_000))));
        assert_eq!(
            franco("34.04"),
            Err(FreightProblem::NoDelivery {
                region: "34.04".to_owned()
            })
        );
        let many = Units(i64::MAX);
        assert_eq!(
            freight(DeliveryBasis::Franco, &rates, "33", many),
            Err(FreightProblem::Overflow(Overflow))
        );
        assert_eq!(
            freight(DeliveryBasis::Loco, &rates, "99", many),
            Ok(Freight::Known(Rupiah::ZERO))
        );
        let pending = freight(DeliveryBasis::Quoted, &rates, "33", many).unwrap();
        assert!(pending.is_pending());
        assert_eq!(pending.rupiah(), Rupiah::ZERO);
    }
}
