//! Money of a line: PPN, the cooperative's margin, what a price is made of, totals.
//!
//! Everything is whole rupiah with one rounding per figure, half away from zero (DOMAIN M-4). Prices are per sale
//! unit and ex PPN. Which tier holds is [`crate::offers::PriceTable`]; freight comes from [`crate::offers::freight()`].

use serde::{Deserialize, Serialize};

use crate::{
    coded::coded,
    money::{Overflow, Rupiah, round_half_up},
    quantity::{Packs, Units},
    settings::Terms,
};

/// A hundred percent in basis points.
const WHOLE_BP: i64 = 10_000;

coded! {
    /// How PPN treats a commodity (DOMAIN TX-3).
    pub enum PpnTreatment {
        Taxable = "taxable",
        /// Fresh or simply processed goods (PP 49/2022).
        Exempt = "exempt",
    }
}

/// The PPN that holds: `rate_bp` of `num/den` of the base (DOMAIN TX-1: 12 % of 11/12).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PpnRate {
    pub rate_bp: i64,
    pub dpp_num: i64,
    pub dpp_den: i64,
}

impl Terms {
    #[must_use]
    pub fn ppn_rate(&self) -> PpnRate {
        PpnRate {
            rate_bp: self.ppn_rate_bp,
            dpp_num: self.ppn_dpp_num,
            dpp_den: self.ppn_dpp_den,
        }
    }
}

impl PpnRate {
    /// The tax base as documents show it ("DPP nilai lain"), rounded for showing only.
    ///
    /// # Errors
    /// [`Overflow`] when it does not fit.
    pub fn dpp(self, base: Rupiah) -> Result<Rupiah, Overflow> {
        let product = i128::from(base.0) * i128::from(self.dpp_num);
        round_half_up(product, i128::from(self.dpp_den)).map(Rupiah)
    }

    /// PPN on a line's goods, from the unrounded base (DOMAIN TX-1).
    ///
    /// # Errors
    /// [`Overflow`] when it does not fit.
    pub fn on(self, base: Rupiah) -> Result<Rupiah, Overflow> {
        let parts = i128::from(self.dpp_num) * i128::from(self.rate_bp);
        let product = i128::from(base.0).checked_mul(parts).ok_or(Overflow)?;
        let whole = i128::from(self.dpp_den) * i128::from(WHOLE_BP);
        round_half_up(product, whole).map(Rupiah)
    }
}

/// Whether a line bears PPN: only a PKP charges it, and only on taxable goods (DOMAIN TX-2). Also says whether prices
/// are shown with "belum termasuk PPN".
#[must_use]
pub fn bears_ppn(seller_is_pkp: bool, treatment: PpnTreatment) -> bool {
    seller_is_pkp && treatment == PpnTreatment::Taxable
}

/// Packs of one grade in a line, with the price that the line's tier gives them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GradePart {
    pub packs: Packs,
    /// Rupiah per sale unit, ex PPN.
    pub buyer_price: Rupiah,
    /// Rupiah per sale unit.
    pub member_price: Rupiah,
}

/// What a buyer pays for a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineTotals {
    pub goods: Rupiah,
    pub ppn: Rupiah,
    pub freight: Rupiah,
    /// Goods + PPN + freight (CHECKLIST I3).
    pub total: Rupiah,
}

impl LineTotals {
    /// Adds up a line whose goods are known. `ppn` is the rate that holds, `None` where none is charged. PPN is on the
    /// goods; freight is passed on as it is.
    ///
    /// # Errors
    /// [`Overflow`] when a sum does not fit.
    pub fn new(goods: Rupiah, ppn: Option<PpnRate>, freight: Rupiah) -> Result<Self, Overflow> {
        let ppn = match ppn {
            Some(rate) => rate.on(goods)?,
            None => Rupiah::ZERO,
        };
        let total = Rupiah::sum([goods, ppn, freight])?;
        Ok(Self {
            goods,
            ppn,
            freight,
            total,
        })
    }
}

/// Goods of a line: Σ packs × buyer price over its grades, exact.
///
/// # Errors
/// [`Overflow`] when it does not fit.
pub fn goods(parts: &[GradePart]) -> Result<Rupiah, Overflow> {
    parts.iter().try_fold(Rupiah::ZERO, |sum, part| {
        sum.checked_add(part.buyer_price.times(part.packs)?)
    })
}

/// What the members of a line are paid: Σ packs × member price over its grades, exact.
///
/// # Errors
/// [`Overflow`] when it does not fit.
pub fn paid_to_members(parts: &[GradePart]) -> Result<Rupiah, Overflow> {
    parts.iter().try_fold(Rupiah::ZERO, |sum, part| {
        sum.checked_add(part.member_price.times(part.packs)?)
    })
}

/// A line of one grade: `units` of `packs_per_unit` sale units at `buyer_price` each. Refused, never wrapped, when it
/// does not fit (CHECKLIST F01).
///
/// # Errors
/// [`Overflow`].
pub fn line_totals(
    units: Units,
    packs_per_unit: i64,
    buyer_price: Rupiah,
    ppn: Option<PpnRate>,
    freight: Rupiah,
) -> Result<LineTotals, Overflow> {
    let packs = units.packs(packs_per_unit).ok_or(Overflow)?;
    LineTotals::new(buyer_price.times(packs)?, ppn, freight)
}

/// What the buyer pays for an order: the sums of its lines; spending limits compare `total` (DESIGN "Price").
///
/// # Errors
/// [`Overflow`] when a sum does not fit.
pub fn order_totals<'a>(
    lines: impl IntoIterator<Item = &'a LineTotals>,
) -> Result<LineTotals, Overflow> {
    lines
        .into_iter()
        .try_fold(LineTotals::default(), |sum, line| {
            Ok(LineTotals {
                goods: sum.goods.checked_add(line.goods)?,
                ppn: sum.ppn.checked_add(line.ppn)?,
                freight: sum.freight.checked_add(line.freight)?,
                total: sum.total.checked_add(line.total)?,
            })
        })
}

coded! {
    /// How a cooperative works out its margin. The models only fill the prices in (DOMAIN TX-7).
    pub enum MarginModel {
        /// Both prices are typed; the margin is what lies between.
        Spread = "spread",
        /// So many basis points of what the buyer pays.
        PctOfBuyerPrice = "pct_of_buyer_price",
        /// So many basis points on top of what members get.
        PctOnMemberPrice = "pct_on_member_price",
        /// So many rupiah per sale unit.
        FixedPerUnit = "fixed_per_unit",
    }
}

/// The price that is known when the other is filled in, in rupiah per sale unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    Buyer(Rupiah),
    Member(Rupiah),
}

/// Both prices of a sale unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PricePair {
    pub buyer: Rupiah,
    pub member: Rupiah,
}

/// Why a price can't be filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MarginProblem {
    /// `spread` has no figure to fill in by.
    #[error("both prices have to be typed")]
    NeedsBoth,
    #[error("{figure} is no margin")]
    BadFigure { figure: i64 },
    /// The margin eats the whole price.
    #[error("nothing is left for the members")]
    NothingLeft,
    #[error(transparent)]
    Overflow(#[from] Overflow),
}

impl MarginModel {
    /// Fills in the price that is missing. `figure` is basis points, or rupiah per sale unit for `fixed_per_unit`.
    ///
    /// # Errors
    /// [`MarginProblem`].
    pub fn fill_in(self, figure: i64, known: Known) -> Result<PricePair, MarginProblem> {
        let most = match self {
            Self::Spread => return Err(MarginProblem::NeedsBoth),
            Self::PctOfBuyerPrice => WHOLE_BP - 1,
            Self::PctOnMemberPrice => 100 * WHOLE_BP,
            Self::FixedPerUnit => i64::MAX,
        };
        if !(0..=most).contains(&figure) {
            return Err(MarginProblem::BadFigure { figure });
        }
        let share = |price: Rupiah, num: i64, den: i64| {
            round_half_up(i128::from(price.0) * i128::from(num), i128::from(den)).map(Rupiah)
        };
        let pair = match (self, known) {
            (Self::PctOfBuyerPrice, Known::Buyer(buyer)) => PricePair {
                buyer,
                member: buyer.checked_sub(share(buyer, figure, WHOLE_BP)?)?,
            },
            (Self::PctOfBuyerPrice, Known::Member(member)) => PricePair {
                buyer: share(member, WHOLE_BP, WHOLE_BP - figure)?,
                member,
            },
            (Self::PctOnMemberPrice, Known::Member(member)) => PricePair {
                buyer: member.checked_add(share(member, figure, WHOLE_BP)?)?,
                member,
            },
            (Self::PctOnMemberPrice, Known::Buyer(buyer)) => PricePair {
                buyer,
                member: share(buyer, WHOLE_BP, WHOLE_BP + figure)?,
            },
            (Self::Spread | Self::FixedPerUnit, Known::Buyer(buyer)) => PricePair {
                buyer,
                member: buyer.checked_sub(Rupiah(figure))?,
            },
            (Self::Spread | Self::FixedPerUnit, Known::Member(member)) => PricePair {
                buyer: member.checked_add(Rupiah(figure))?,
                member,
            },
        };
        if pair.member <= Rupiah::ZERO {
            return Err(MarginProblem::NothingLeft);
        }
        Ok(pair)
    }
}

impl MarginModel {
    /// As [`MarginModel::fill_in`], with what the cooperative spends on a sale unit between the two prices: the buyer's
    /// price is member price + stated costs + margin. Costs of a carton are divided by its packs and rounded **up** here,
    /// so that the price covers them; in the build-up they are rounded down and the rest of the division stands in the
    /// margin (DESIGN "Price").
    ///
    /// # Errors
    /// [`MarginProblem`].
    pub fn fill_in_with(
        self,
        figure: i64,
        known: Known,
        costs: UnitCosts,
        packs_per_unit: i64,
    ) -> Result<PricePair, MarginProblem> {
        let per_unit = costs.packaging.checked_add(costs.transport)?;
        let per = packs_per_unit.max(1);
        let costs = Rupiah(per_unit.0 / per + i64::from(per_unit.0 % per != 0));
        let pair = match (self, known) {
            // A share of the buyer's price is a share of all of it, costs too.
            (Self::PctOfBuyerPrice, Known::Member(member)) => {
                let whole = self.fill_in(figure, Known::Member(member.checked_add(costs)?))?;
                PricePair {
                    member,
                    buyer: whole.buyer,
                }
            }
            (_, Known::Member(member)) => {
                let pair = self.fill_in(figure, Known::Member(member))?;
                PricePair {
                    member,
                    buyer: pair.buyer.checked_add(costs)?,
                }
            }
            (Self::PctOfBuyerPrice, Known::Buyer(buyer)) => {
                let pair = self.fill_in(figure, known)?;
                PricePair {
                    buyer,
                    member: pair.member.checked_sub(costs)?,
                }
            }
            (_, Known::Buyer(buyer)) => {
                let left = buyer.checked_sub(costs)?;
                if left <= Rupiah::ZERO {
                    return Err(MarginProblem::NothingLeft);
                }
                let pair = self.fill_in(figure, Known::Buyer(left))?;
                PricePair {
                    buyer,
                    member: pair.member,
                }
            }
        };
        if pair.member <= Rupiah::ZERO {
            return Err(MarginProblem::NothingLeft);
        }
        Ok(pair)
    }
}

/// What the cooperative spends on an allocation unit (a carton, or a pack where packs are sold), in rupiah.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitCosts {
    pub packaging: Rupiah,
    pub transport: Rupiah,
}

/// What a price or a line is made of: members + packaging + transport + platform fee + margin = buyer. The margin is
/// what remains, so it takes every rest of a division; it is negative where the costs are higher than what lies
/// between the two prices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BuildUp {
    pub buyer: Rupiah,
    pub members: Rupiah,
    pub packaging: Rupiah,
    pub transport: Rupiah,
    /// Borne by the cooperative (DOMAIN §6 `fee.platform_bp`, on goods ex PPN).
    pub platform_fee: Rupiah,
    pub margin: Rupiah,
}

impl BuildUp {
    /// Of one sale unit, for the price page. Costs of a carton are divided by its packs and rounded down; the rest
    /// goes to the margin (DESIGN "Price").
    ///
    /// # Errors
    /// [`Overflow`] when a figure does not fit or there are no packs in a unit.
    pub fn of_pack(
        prices: PricePair,
        costs: UnitCosts,
        packs_per_unit: i64,
        platform_fee_bp: i64,
    ) -> Result<Self, Overflow> {
        let per_pack = |cost: Rupiah| {
            cost.0
                .checked_div(packs_per_unit)
                .map(Rupiah)
                .ok_or(Overflow)
        };
        Self::rest_to_margin(
            prices.buyer,
            prices.member,
            per_pack(costs.packaging)?,
            per_pack(costs.transport)?,
            platform_fee_bp,
        )
    }

    /// Of a whole line, as it is frozen with the order.
    ///
    /// # Errors
    /// [`Overflow`] when a figure does not fit.
    pub fn of_line(
        parts: &[GradePart],
        units: Units,
        costs: UnitCosts,
        platform_fee_bp: i64,
    ) -> Result<Self, Overflow> {
        Self::of_sums(
            goods(parts)?,
            paid_to_members(parts)?,
            units,
            costs,
            platform_fee_bp,
        )
    }

    /// Of a whole line whose goods and member money are added up already.
    ///
    /// # Errors
    /// [`Overflow`] when a figure does not fit.
    pub fn of_sums(
        goods: Rupiah,
        members: Rupiah,
        units: Units,
        costs: UnitCosts,
        platform_fee_bp: i64,
    ) -> Result<Self, Overflow> {
        let of_units = |cost: Rupiah| cost.0.checked_mul(units.0).map(Rupiah).ok_or(Overflow);
        Self::rest_to_margin(
            goods,
            members,
            of_units(costs.packaging)?,
            of_units(costs.transport)?,
            platform_fee_bp,
        )
    }

    fn rest_to_margin(
        buyer: Rupiah,
        members: Rupiah,
        packaging: Rupiah,
        transport: Rupiah,
        platform_fee_bp: i64,
    ) -> Result<Self, Overflow> {
        let fee = i128::from(buyer.0) * i128::from(platform_fee_bp);
        let platform_fee = Rupiah(round_half_up(fee, i128::from(WHOLE_BP))?);
        let spent = Rupiah::sum([members, packaging, transport, platform_fee])?;
        Ok(Self {
            buyer,
            members,
            packaging,
            transport,
            platform_fee,
            margin: buyer.checked_sub(spent)?,
        })
    }
}

#[cfg(test)]
mod tests;
