//! The worked examples of DOMAIN §8 and §5 U-4 figure by figure, the edges, the stories, and properties.

use uuid::Uuid;

use super::*;

mod examples;
mod properties;
mod stories;

/// Member `n` (A is 1) with one row of the best grade, offering in the order of `n`, never served.
fn row(n: u32, capacity: i64) -> Row {
    Row {
        supply: SupplyId(Uuid::from_u128(0x5000 + u128::from(n))),
        supplier: OrganisationId(Uuid::from_u128(0x1000 + u128::from(n))),
        grade_rank: 0,
        capacity: Units(capacity),
        min_units: Units(0),
        served: Served::default(),
        offered_at: Instant(i64::from(n) * 60_000_000),
        kept: Units(0),
    }
}

fn rows(capacities: &[i64]) -> Vec<Row> {
    (1..).zip(capacities).map(|(n, c)| row(n, *c)).collect()
}

/// Served `percent` of what was offered.
fn served(mut row: Row, percent: i64) -> Row {
    row.served = Served {
        fulfilled_units: percent * 3,
        offered_units: 300,
    };
    row
}

/// The second row of a member: the lower grade.
fn grade_b(n: u32, capacity: i64) -> Row {
    let mut row = row(n, capacity);
    row.supply = SupplyId(Uuid::from_u128(0x6000 + u128::from(n)));
    row.grade_rank = 1;
    row
}

fn with_minimum(mut rows: Vec<Row>, minimum: i64) -> Vec<Row> {
    for row in &mut rows {
        row.min_units = Units(minimum);
    }
    rows
}

fn request(rule: Rule, quantity: i64) -> Request {
    Request {
        rule,
        quantity: Units(quantity),
        max_share_bp: None,
        lower_grade_max_bp: None,
        carton: None,
    }
}

fn units(outcome: &Outcome) -> Vec<i64> {
    outcome.parts.iter().map(|part| part.units.0).collect()
}

/// Parts and shortfall; every outcome in these tests is also checked to add up and to be reproducible.
fn share(request: Request, rows: &[Row]) -> (Vec<i64>, i64) {
    let run = Run::new(request, rows.to_vec()).unwrap();
    assert!(run.is_reproducible());
    let parts = units(&run.outcome);
    let shortfall = run.outcome.shortfall.0;
    assert_eq!(parts.iter().sum::<i64>() + shortfall, request.quantity.0);
    (parts, shortfall)
}

fn why(request: Request, rows: &[Row], n: usize) -> Vec<Why> {
    let outcome = allocate(&request, rows).unwrap();
    explain(&request, rows, &outcome, rows[n].supply).steps
}
