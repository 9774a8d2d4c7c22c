use super::*;
use proptest::prelude::*;

fn rate() -> PpnRate {
    Terms::default().ppn_rate()
}

#[test]
fn ppn_is_eleven_twelfths_of_twelve_percent_rounded_once() {
    for (base, dpp, ppn) in [
        (100_000, 91_667, 11_000),
        (12_500_000, 11_458_333, 1_375_000),
        (1_234_567, 1_131_686, 135_802),
        (999_999, 916_666, 110_000),
        (50, 46, 6),
        (45, 41, 5),
        (0, 0, 0),
    ] {
        assert_eq!(rate().dpp(Rupiah(base)), Ok(Rupiah(dpp)), "{base}");
        assert_eq!(rate().on(Rupiah(base)), Ok(Rupiah(ppn)), "{base}");
    }
    let luxury = PpnRate {
        rate_bp: 1200,
        dpp_num: 1,
        dpp_den: 1,
    };
    assert_eq!(luxury.on(Rupiah(100_000)), Ok(Rupiah(12_000)));
}

#[test]
fn only_a_pkp_charges_ppn_and_only_on_taxable_goods() {
    assert!(bears_ppn(true, PpnTreatment::Taxable));
    assert!(!bears_ppn(true, PpnTreatment::Exempt));
    assert!(!bears_ppn(false, PpnTreatment::Taxable));
    assert!(!bears_ppn(false, PpnTreatment::Exempt));
}

#[test]
fn twenty_five_cartons_of_keripik_cost_what_the_handbook_says() {
    let totals = line_totals(Units(25), 40, Rupiah(12_500), Some(rate()), Rupiah(450_000)).unwrap();
    assert_eq!(totals.goods, Rupiah(12_500_000));
    assert_eq!(totals.ppn, Rupiah(1_375_000));
    assert_eq!(totals.freight, Rupiah(450_000));
    assert_eq!(totals.total, Rupiah(14_325_000));
    let without = line_totals(Units(25), 40, Rupiah(12_500), None, Rupiah::ZERO).unwrap();
    assert_eq!(without.total, Rupiah(12_500_000));
    let order = order_totals([&totals, &without]).unwrap();
    assert_eq!(order.goods, Rupiah(25_000_000));
    assert_eq!(order.total, Rupiah(26_825_000));
}

#[test]
fn a_line_that_does_not_fit_is_refused_not_wrapped() {
    for (units, packs, price, freight) in [
        (i64::MAX, 40, 1, 0),
        (i64::MAX, 1, 2, 0),
        (1_000_000_000, 1, 10_000_000_000, 0),
        (1, 1, i64::MAX, 1),
    ] {
        let totals = line_totals(Units(units), packs, Rupiah(price), None, Rupiah(freight));
        assert_eq!(totals, Err(Overflow));
    }
    let taxed = line_totals(Units(1), 1, Rupiah(i64::MAX), Some(rate()), Rupiah::ZERO);
    assert_eq!(taxed, Err(Overflow));
    let large = LineTotals {
        goods: Rupiah(i64::MAX),
        total: Rupiah(i64::MAX),
        ..LineTotals::default()
    };
    assert_eq!(order_totals([&large, &large]), Err(Overflow));
}

fn pair(buyer: i64, member: i64) -> Result<PricePair, MarginProblem> {
    Ok(PricePair {
        buyer: Rupiah(buyer),
        member: Rupiah(member),
    })
}

#[test]
fn the_margin_models_fill_in_the_other_price() {
    use Known::{Buyer, Member};
    use MarginModel as M;
    for (model, figure, known, expected) in [
        (
            M::PctOfBuyerPrice,
            1600,
            Buyer(Rupiah(12_500)),
            pair(12_500, 10_500),
        ),
        (
            M::PctOfBuyerPrice,
            1600,
            Member(Rupiah(10_500)),
            pair(12_500, 10_500),
        ),
        (
            M::PctOnMemberPrice,
            1000,
            Member(Rupiah(10_000)),
            pair(11_000, 10_000),
        ),
        (
            M::PctOnMemberPrice,
            1000,
            Buyer(Rupiah(11_000)),
            pair(11_000, 10_000),
        ),
        (
            M::FixedPerUnit,
            1_500,
            Member(Rupiah(10_000)),
            pair(11_500, 10_000),
        ),
        (
            M::FixedPerUnit,
            1_500,
            Buyer(Rupiah(11_500)),
            pair(11_500, 10_000),
        ),
        (M::FixedPerUnit, 0, Buyer(Rupiah(5)), pair(5, 5)),
    ] {
        assert_eq!(model.fill_in(figure, known), expected, "{model} {known:?}");
    }
}

#[test]
fn a_margin_that_makes_no_sense_is_refused() {
    use MarginModel as M;
    let buyer = Known::Buyer(Rupiah(1_000));
    assert_eq!(M::Spread.fill_in(0, buyer), Err(MarginProblem::NeedsBoth));
    for (model, figure) in [
        (M::PctOfBuyerPrice, 10_000),
        (M::PctOfBuyerPrice, -1),
        (M::PctOnMemberPrice, 1_000_001),
        (M::FixedPerUnit, -1),
    ] {
        let refused = model.fill_in(figure, buyer);
        assert_eq!(refused, Err(MarginProblem::BadFigure { figure }));
    }
    for figure in [1_000, 1_001, i64::MAX] {
        let refused = M::FixedPerUnit.fill_in(figure, buyer);
        assert_eq!(refused, Err(MarginProblem::NothingLeft));
    }
    let largest = Known::Member(Rupiah(i64::MAX));
    let refused = M::PctOnMemberPrice.fill_in(1_000, largest);
    assert_eq!(refused, Err(MarginProblem::Overflow(Overflow)));
}

const COSTS: UnitCosts = UnitCosts {
    packaging: Rupiah(6_000),
    transport: Rupiah(18_000),
};

#[test]
fn the_handbooks_order_is_built_up_to_the_rupiah() {
    let part = |packs| GradePart {
        packs: Packs(packs),
        buyer_price: Rupiah(12_500),
        member_price: Rupiah(10_500),
    };
    let parts = [part(400), part(350), part(250)];
    let built = BuildUp::of_line(&parts, Units(25), COSTS, 100).unwrap();
    assert_eq!(
        built,
        BuildUp {
            buyer: Rupiah(12_500_000),
            members: Rupiah(10_500_000),
            packaging: Rupiah(150_000),
            transport: Rupiah(450_000),
            platform_fee: Rupiah(125_000),
            margin: Rupiah(1_275_000),
        }
    );
}

#[test]
fn the_rest_of_a_carton_cost_goes_to_the_margin() {
    let costs = UnitCosts {
        packaging: Rupiah(6_039),
        transport: Rupiah(39),
    };
    let prices = pair(12_500, 10_500).unwrap();
    let built = BuildUp::of_pack(prices, costs, 40, 100).unwrap();
    assert_eq!(built.packaging, Rupiah(150));
    assert_eq!(built.transport, Rupiah(0));
    assert_eq!(built.platform_fee, Rupiah(125));
    assert_eq!(built.margin, Rupiah(1_725));
    assert!(BuildUp::of_pack(prices, costs, 0, 100).is_err());
}

#[test]
fn a_line_of_two_grades_counts_each_at_its_price() {
    let parts = [
        GradePart {
            packs: Packs(45),
            buyer_price: Rupiah(13_800),
            member_price: Rupiah(11_500),
        },
        GradePart {
            packs: Packs(5),
            buyer_price: Rupiah(12_000),
            member_price: Rupiah(10_000),
        },
    ];
    assert_eq!(goods(&parts), Ok(Rupiah(681_000)));
    assert_eq!(paid_to_members(&parts), Ok(Rupiah(567_500)));
}

proptest! {
    #[test]
    fn what_the_buyer_pays_is_all_that_is_shared_out(
        packs in 1_i64..100_000, member in 1_i64..1_000_000, margin in 0_i64..100_000,
        units in 1_i64..5_000, packaging in 0_i64..50_000, transport in 0_i64..50_000, fee_bp in 0_i64..500,
    ) {
        let part = GradePart {
            packs: Packs(packs),
            buyer_price: Rupiah(member + margin),
            member_price: Rupiah(member),
        };
        let costs = UnitCosts { packaging: Rupiah(packaging), transport: Rupiah(transport) };
        let b = BuildUp::of_line(&[part], Units(units), costs, fee_bp).unwrap();
        let sum = b.members.0 + b.packaging.0 + b.transport.0 + b.platform_fee.0 + b.margin.0;
        prop_assert_eq!(sum, b.buyer.0);
    }

    #[test]
    fn ppn_is_within_half_a_rupiah_of_eleven_percent(base in 0_i64..1_000_000_000_000) {
        let ppn = rate().on(Rupiah(base)).unwrap().0;
        prop_assert!((100 * ppn - 11 * base).abs() <= 50);
    }

    #[test]
    fn a_filled_in_margin_leaves_both_prices_in_order(
        price in 1_i64..10_000_000, bp in 0_i64..10_000, by_buyer in any::<bool>(),
    ) {
        let known = if by_buyer { Known::Buyer(Rupiah(price)) } else { Known::Member(Rupiah(price)) };
        for model in [MarginModel::PctOfBuyerPrice, MarginModel::PctOnMemberPrice] {
            if let Ok(pair) = model.fill_in(bp, known) {
                prop_assert!(Rupiah::ZERO < pair.member && pair.member <= pair.buyer);
            }
        }
    }
}

#[test]
fn stated_costs_stand_between_the_two_prices_and_their_rest_is_in_the_margin() {
    use MarginModel::{FixedPerUnit, PctOfBuyerPrice, PctOnMemberPrice};
    // A carton of 40: Rp5.010 of packaging and transport are Rp125,25 a pack, so Rp126 in the price.
    let costs = UnitCosts {
        packaging: Rupiah(3_000),
        transport: Rupiah(2_010),
    };
    for (model, figure, known, buyer, member) in [
        (
            FixedPerUnit,
            1_500,
            Known::Member(Rupiah(10_000)),
            11_626,
            10_000,
        ),
        (
            PctOnMemberPrice,
            1_000,
            Known::Member(Rupiah(10_000)),
            11_126,
            10_000,
        ),
        (
            PctOfBuyerPrice,
            1_600,
            Known::Member(Rupiah(10_500)),
            12_650,
            10_500,
        ),
        (
            FixedPerUnit,
            1_500,
            Known::Buyer(Rupiah(11_626)),
            11_626,
            10_000,
        ),
        (
            PctOnMemberPrice,
            1_000,
            Known::Buyer(Rupiah(11_126)),
            11_126,
            10_000,
        ),
        (
            PctOfBuyerPrice,
            1_600,
            Known::Buyer(Rupiah(12_500)),
            12_500,
            10_374,
        ),
    ] {
        let pair = model.fill_in_with(figure, known, costs, 40).unwrap();
        assert_eq!((pair.buyer.0, pair.member.0), (buyer, member), "{model}");
        let parts = BuildUp::of_pack(pair, costs, 40, 0).unwrap();
        assert_eq!((parts.packaging.0, parts.transport.0), (75, 50));
        let sum = parts.members.0 + parts.packaging.0 + parts.transport.0 + parts.margin.0;
        assert_eq!(sum, parts.buyer.0, "every rupiah is somebody's");
    }
    // Without costs it is the plain model (DOMAIN TX-7).
    let none = UnitCosts::default();
    let pair = PctOfBuyerPrice.fill_in_with(1_600, Known::Buyer(Rupiah(12_500)), none, 40);
    assert_eq!(pair.unwrap().member, Rupiah(10_500));
    let dear = UnitCosts {
        packaging: Rupiah(1_000_000),
        transport: Rupiah(0),
    };
    assert_eq!(
        FixedPerUnit.fill_in_with(0, Known::Buyer(Rupiah(10_000)), dear, 40),
        Err(MarginProblem::NothingLeft)
    );
}
