//! `lumbung fill`: plausible data in any quantity, for measuring. The same figures make the same market.
//!
//! For N products: N live offers (one in ten pools 5 to 20 members), N/100 members (at least 20) in cooperatives of
//! 25, N/10 orders. People, memberships and orders are made by the deeds that the pages use; goods and offers in bulk
//! (`store::fill`). Nobody made here has a password that anybody knows.

mod words;

use std::io::IsTerminal;
use std::process::ExitCode;

use anyhow::{Context, anyhow, bail};
use domain::accounts::{BuyerKind, OrganisationKind, Role};
use domain::identifiers;
use domain::ids::{OfferId, OrderId, OrganisationId, PersonId};
use domain::money::Rupiah;
use domain::offers::{PriceRow, Viewer};
use domain::orders::Actor;
use domain::products::{Content, Grade, SaleUnit};
use domain::quantity::{Packs, Units};
use domain::regions;
use domain::shares::Answer;
use domain::time::{Day, Instant, Zone};
use indicatif::{ProgressBar, ProgressStyle};
use store::accounts::{Decision, NewOrganisation, NewPerson, Profile, Registered};
use store::carts::Wanted;
use store::fill::{FillCommodity, Goods, Lot, Offer, Permit, Product, Stall};
use store::members::MembershipDecision;
use store::orders::{PlaceError, PlaceOrder, ShareOwner, Side};
use store::{Act, Durability, Store};
use uuid::Uuid;
use web::clock::Clock;

use crate::cli::{Fill, Settings};
use crate::serve::{DEMO_MARK, say};
use crate::setup;
use words::Dice;

/// The mark in a database that was filled: how many products, after `filling` while it is being done.
const MARK: &str = "filled";
/// Makers of one kind of goods, and offers of it.
const MAKERS: usize = 20;
/// Members of one cooperative.
const MEMBERS: usize = 25;
/// Kinds of goods in one catalog.
const KINDS_PER_CATALOG: usize = 3;
/// Offers that pool many members, of the 20 of a kind.
const POOLED: usize = 2;
/// Fewest and most members behind those.
const POOL: (i64, i64) = (5, 20);

/// Somebody who acts for an organisation.
#[derive(Clone, Copy)]
struct Party {
    person: PersonId,
    organisation: OrganisationId,
}

impl Party {
    fn act(self, at: Instant) -> Act {
        Act::by(at, self.person, self.organisation)
    }
}

struct Cooperative {
    manager: Party,
    members: Vec<Party>,
    region: String,
}

/// An offer that somebody may order, with the least quantity.
#[derive(Clone, Copy)]
struct Orderable {
    cooperative: Party,
    offer: OfferId,
    minimum: i64,
}

struct Filler<'a> {
    store: &'a Store,
    now: Instant,
    products: usize,
    /// A hash that no known password has.
    nobody: String,
    commodities: Vec<FillCommodity>,
    /// People so far, for their telephone numbers.
    people: u32,
    bar: ProgressBar,
}

/// More orders make no list longer that anybody looks at, and each takes its share of every deed.
const ORDERS_MAX: usize = 20_000;

pub async fn run(settings: &Settings, options: &Fill) -> anyhow::Result<ExitCode> {
    let products = usize::try_from(options.products).unwrap_or(usize::MAX);
    let store = setup::open_store(settings, Durability::Relaxed).await?;
    store
        .migrate()
        .await
        .context("the database can't be brought up to date")?;
    let wanted = products.to_string();
    match store.mark(MARK).await? {
        Some(filled) if filled == wanted => {
            say(&format!("already filled with {wanted} products"));
            return Ok(ExitCode::SUCCESS);
        }
        Some(filled) if filled.starts_with("filling") => {
            bail!("filling this database was broken off; begin with an empty one")
        }
        Some(filled) => bail!("this database is filled with {filled} products; take an empty one"),
        None if store.mark(DEMO_MARK).await?.is_none() && !store.is_empty().await? => {
            bail!("this database holds data that neither `demo` nor `fill` made; it is left alone")
        }
        None => {}
    }
    let now = Clock::System.now();
    let mark = |value: String| {
        let store = &store;
        async move { store.set_mark(&Act::system(now), MARK, &value).await }
    };
    mark(format!("filling {wanted}")).await?;
    let counts = filler(&store, now, products).await?.fill().await?;
    mark(wanted).await?;
    store.close().await;
    say(&counts);
    say("the search index is built by the next `lumbung serve`, or by `lumbung search reindex`");
    Ok(ExitCode::SUCCESS)
}

async fn filler(store: &Store, now: Instant, products: usize) -> anyhow::Result<Filler<'_>> {
    let mut token = [0_u8; 24];
    getrandom::fill(&mut token).map_err(|error| anyhow!("no randomness: {error}"))?;
    let token: String = token.iter().map(|byte| format!("{byte:02x}")).collect();
    let bar = if std::io::stderr().is_terminal() {
        ProgressBar::new(u64::try_from(products + products / 10).unwrap_or(u64::MAX))
    } else {
        ProgressBar::hidden()
    };
    let style = ProgressStyle::with_template("{bar:40} {percent}% {pos}/{len} {msg}, {eta} left")?;
    bar.set_style(style);
    Ok(Filler {
        store,
        now,
        products,
        nobody: web::passwords::hash(&token).map_err(|error| anyhow!("{error}"))?,
        commodities: store.commodities_to_fill().await?,
        people: 0,
        bar,
    })
}

impl Filler<'_> {
    async fn fill(mut self) -> anyhow::Result<String> {
        let members = (self.products / 100).max(MAKERS);
        let kinds = self.products.div_ceil(MAKERS);
        let count = members.div_ceil(MEMBERS);
        let mut orderable = Vec::new();
        let mut left = self.products;
        let mut offers = 0;
        for number in 0..count {
            let size = members / count + usize::from(number < members % count);
            // The last ones may be too few to stand behind one kind of goods.
            let cooperative = self.cooperative(number, size.max(MAKERS)).await?;
            let first = kinds * number / count;
            let last = kinds * (number + 1) / count;
            let mut numbers: Vec<usize> = (first..last).collect();
            let mut catalog = 0;
            while !numbers.is_empty() {
                let some: Vec<usize> = numbers
                    .drain(..KINDS_PER_CATALOG.min(numbers.len()))
                    .collect();
                let mut goods = Vec::new();
                for kind in some {
                    let makers = left.min(MAKERS);
                    left -= makers;
                    goods.push(self.goods(kind, makers, &cooperative)?);
                }
                catalog += 1;
                let made = self.stall(number, catalog, &cooperative, goods).await?;
                offers += made.len();
                // As many to order from as there will be orders, and a few more.
                orderable.extend(made.into_iter().step_by(7));
            }
        }
        let buyers = self.buyers().await?;
        let orders = self.orders(&buyers, &orderable).await?;
        self.store.fill_ends(&Act::system(self.now)).await?;
        self.bar.finish_and_clear();
        Ok(format!(
            "{} products, {offers} offers, {members} members in {count} cooperatives, {} buyers, {orders} orders",
            self.products,
            buyers.len()
        ))
    }

    async fn register(
        &mut self,
        dice: &mut Dice,
        kind: OrganisationKind,
        name: &str,
        region: &str,
        days: i64,
    ) -> anyhow::Result<Party> {
        self.people += 1;
        // Numbers that no operator gives out, apart from the demo's.
        let phone = format!("0899{:08}", self.people);
        let login =
            identifiers::login(&phone).map_err(|problem| anyhow!("{phone}: {}", problem.code))?;
        let person = NewPerson {
            name: format!(
                "{} {}",
                dice.pick(words::PERSON_FIRST),
                dice.pick(words::PERSON_SECOND)
            ),
            login,
            password_hash: self.nobody.clone(),
            lang: "id".to_owned(),
        };
        let organisation = NewOrganisation {
            kind,
            name: name.to_owned(),
            region_code: region.to_owned(),
            buyer_kind: (kind == OrganisationKind::Buyer).then_some(BuyerKind::Retailer),
        };
        let act = Act::system(self.now.plus_days(-days));
        match self.store.register(&act, &person, &organisation).await? {
            Registered::New {
                person,
                organisation,
            } => Ok(Party {
                person,
                organisation,
            }),
            Registered::Known(_) => bail!("{phone} is there already"),
        }
    }

    async fn verify(&self, party: Party, code: Option<String>) -> anyhow::Result<()> {
        let act = Act::system(self.now.plus_days(-100));
        self.store
            .answer_applicant(&act, party.organisation, &Decision::Verify { code })
            .await
            .map_err(|error| anyhow!("{error}"))
    }

    async fn cooperative(&mut self, number: usize, members: usize) -> anyhow::Result<Cooperative> {
        self.bar.set_message("cooperatives and members");
        let mut dice = Dice::new(1_000_000 + u64::try_from(number).unwrap_or(0));
        let regencies: Vec<&regions::Region> = regions::all_regencies().collect();
        let region = regencies
            .get(number.wrapping_mul(89) % regencies.len().max(1))
            .context("regencies")?;
        let name = format!(
            "Koperasi Produsen {} {} {}",
            dice.pick(words::COOPERATIVE_FIRST),
            dice.pick(words::COOPERATIVE_SECOND),
            region.bare_name()
        );
        let manager = self
            .register(
                &mut dice,
                OrganisationKind::Cooperative,
                &name,
                region.code,
                120,
            )
            .await?;
        let profile = Profile {
            is_pkp: Some(dice.chance(50)),
            coop_kind: Some("producer".to_owned()),
            supply_model: Some("outright".to_owned()),
            ..Profile::default()
        };
        self.store
            .set_profile(
                &manager.act(self.now.plus_days(-110)),
                manager.organisation,
                &profile,
            )
            .await?;
        self.verify(manager, Some(code(number))).await?;
        let mut parties = Vec::with_capacity(members);
        let mut permits = Vec::new();
        for place in 0..members {
            let owner = self.member(&mut dice, region.code, manager).await?;
            permits.extend(self.permits(&mut dice, place, owner.organisation));
            parties.push(owner);
        }
        let act = Act::system(self.now.plus_days(-90));
        self.store.fill_permits(&act, &permits).await?;
        Ok(Cooperative {
            manager,
            members: parties,
            region: region.code.to_owned(),
        })
    }

    async fn member(
        &mut self,
        dice: &mut Dice,
        region: &str,
        manager: Party,
    ) -> anyhow::Result<Party> {
        let name = format!(
            "{} {} {}",
            dice.pick(words::BUSINESS_FIRST),
            dice.pick(words::BUSINESS_SECOND),
            dice.pick(words::BUSINESS_THIRD)
        );
        let owner = self
            .register(dice, OrganisationKind::Umkm, &name, region, 100)
            .await?;
        let village = format!(
            "{}{}",
            dice.pick(words::VILLAGE_FIRST),
            dice.pick(words::VILLAGE_SECOND)
        );
        let profile = Profile {
            village: Some(village),
            ..Profile::default()
        };
        let act = owner.act(self.now.plus_days(-99));
        self.store
            .set_profile(&act, owner.organisation, &profile)
            .await?;
        let member = self
            .store
            .apply_membership(&act, owner.organisation, manager.organisation)
            .await?;
        self.store
            .decide_membership(
                &manager.act(self.now.plus_days(-98)),
                manager.organisation,
                member,
                &MembershipDecision::Admit,
            )
            .await?;
        Ok(owner)
    }

    fn permits(
        &self,
        dice: &mut Dice,
        place: usize,
        owner: OrganisationId,
    ) -> Vec<(OrganisationId, Permit)> {
        let mut permits = vec![("pirt", format!("2153325{:06}-29", self.people))];
        if dice.chance(70) {
            permits.push(("halal", format!("ID331100{:08}0126", self.people)));
        }
        if place.is_multiple_of(10) {
            permits.push(("organic", format!("ORG-{:06}", self.people)));
        }
        permits
            .into_iter()
            .map(|(kind, number)| {
                let permit = Permit {
                    kind: kind.to_owned(),
                    number,
                    valid_until: None,
                };
                (owner, permit)
            })
            .collect()
    }

    /// One kind of goods: its makers' products, 18 offers of single ones and 2 that pool many.
    fn goods(
        &self,
        kind: usize,
        makers: usize,
        cooperative: &Cooperative,
    ) -> anyhow::Result<Goods> {
        let mut dice = Dice::new(u64::try_from(kind).unwrap_or(0));
        let commodity = self
            .commodities
            .get(kind.wrapping_mul(7) % self.commodities.len().max(1))
            .context("commodities")?;
        let shape = shape(&mut dice, commodity);
        let name = format!(
            "{} {}{}",
            commodity.name_id,
            dice.pick(words::kinds(&commodity.category_id)),
            shape.size
        );
        let mut owners = cooperative.members.clone();
        dice.shuffle(&mut owners);
        let today = Zone::of_region(&cooperative.region).day_of(self.now);
        let lowest = shape.price * 95 / 100;
        let products: Vec<Product> = owners
            .iter()
            .take(makers)
            .map(|owner| Product {
                supplier: owner.organisation,
                name: name.clone(),
                asked_rupiah: rounded(lowest * dice.between(70, 78) / 100),
                lots: lots(&mut dice, today, commodity.perishable, shape.per_carton),
            })
            .collect();
        let pooled = POOLED.min(products.len() / MAKERS.div_ceil(POOLED));
        let mut offers = Vec::new();
        for number in 0..pooled {
            let most = POOL.1.min(i64::try_from(products.len()).unwrap_or(POOL.1));
            let size = dice.between(POOL.0.min(most), most);
            let mut places: Vec<usize> = (0..products.len()).collect();
            dice.shuffle(&mut places);
            places.truncate(usize::try_from(size).unwrap_or(places.len()));
            let title = if number == 0 {
                name.clone()
            } else {
                format!("{name} kualitas ekspor")
            };
            offers.push(self.offer(&mut dice, title, places, &shape));
        }
        for place in pooled..products.len() {
            let title = format!("{name} {}", brand(&mut dice));
            offers.push(self.offer(&mut dice, title, vec![place], &shape));
        }
        let food = !matches!(
            commodity.category_id.as_str(),
            "sayur-buah"
                | "beras-palawija"
                | "tekstil-busana"
                | "anyaman-kerajinan"
                | "bahan-serat"
        );
        Ok(Goods {
            commodity: commodity.id.clone(),
            category: commodity.category_id.clone(),
            ppn_treatment: commodity.ppn_treatment.clone(),
            unit: shape.unit,
            content: shape.content,
            carton: shape.carton.map(|name| (name.to_owned(), shape.per_carton)),
            shelf_life_days: Some(if commodity.perishable { 14 } else { 180 }),
            required: if food {
                vec!["pirt".to_owned()]
            } else {
                Vec::new()
            },
            products,
            offers,
        })
    }

    fn offer(&self, dice: &mut Dice, title: String, products: Vec<usize>, shape: &Shape) -> Offer {
        let minimum = dice.between(1, 5);
        let mut prices = Vec::new();
        for (factor, percent) in [(1, 1_000), (5, 975), (20, 950)] {
            let price = rounded(shape.price * percent / 1_000);
            prices.push(PriceRow {
                grade: Grade::UNGRADED,
                min_units: Units(minimum * factor),
                buyer_price: Rupiah(price),
                member_price: Rupiah(rounded(price * 84 / 100)),
            });
        }
        prices.truncate(usize::try_from(dice.between(1, 3)).unwrap_or(1));
        let rule = dice.pick(&["pro_rata", "pro_rata", "equal_share", "first_come"]);
        Offer {
            description: format!("{title}, dikemas rapi dan siap dikirim."),
            title,
            products,
            prices,
            minimum: Units(minimum),
            lead_time_days: i32::try_from(dice.between(1, 14)).unwrap_or(7),
            rule: rule.to_owned(),
            published_at: self.now.plus_seconds(-dice.between(3_600, 60 * 86_400)),
        }
    }

    async fn stall(
        &self,
        number: usize,
        catalog: usize,
        cooperative: &Cooperative,
        goods: Vec<Goods>,
    ) -> anyhow::Result<Vec<Orderable>> {
        self.bar.set_message("products and offers");
        let minimums: Vec<i64> = goods
            .iter()
            .flat_map(|goods| goods.offers.iter().map(|offer| offer.minimum.0))
            .collect();
        let made = goods
            .iter()
            .map(|goods| goods.products.len())
            .sum::<usize>();
        let stall = Stall {
            title: format!("Katalog {catalog}"),
            audience: if (number + catalog).is_multiple_of(10) {
                "verified".to_owned()
            } else {
                "public".to_owned()
            },
            opens_at: self.now.plus_days(-60),
            goods,
        };
        let act = Act::system(self.now.plus_days(-60));
        let offers = self
            .store
            .fill_stall(&act, cooperative.manager.organisation, &stall)
            .await?;
        self.bar.inc(u64::try_from(made).unwrap_or(0));
        Ok(offers
            .into_iter()
            .zip(minimums)
            .map(|(offer, minimum)| Orderable {
                cooperative: cooperative.manager,
                offer,
                minimum,
            })
            .collect())
    }

    async fn buyers(&mut self) -> anyhow::Result<Vec<Party>> {
        let mut dice = Dice::new(2_000_000);
        let mut buyers = Vec::new();
        for _ in 0..(self.products / 1_000).clamp(3, 100) {
            let name = format!(
                "{} {} {}",
                dice.pick(words::BUYER_FIRST),
                dice.pick(words::BUYER_SECOND),
                dice.pick(words::BUYER_THIRD)
            );
            let buyer = self
                .register(&mut dice, OrganisationKind::Buyer, &name, "33.74", 110)
                .await?;
            self.verify(buyer, None).await?;
            self.store
                .grant(
                    &buyer.act(self.now.plus_days(-99)),
                    buyer.person,
                    buyer.organisation,
                    Role::BuyerStaff,
                )
                .await?;
            buyers.push(buyer);
        }
        Ok(buyers)
    }

    /// Orders of one line each within the last day; two in three are confirmed.
    async fn orders(&self, buyers: &[Party], offers: &[Orderable]) -> anyhow::Result<usize> {
        self.bar.set_message("orders");
        let mut dice = Dice::new(3_000_000);
        let wanted = (self.products / 10).min(ORDERS_MAX);
        let mut placed = 0;
        for (number, offer) in offers.iter().cycle().take(offers.len() * 3).enumerate() {
            if placed == wanted {
                break;
            }
            let buyer = buyers
                .get(number % buyers.len().max(1))
                .copied()
                .context("buyers")?;
            let at = self.now.plus_seconds(-dice.between(600, 20 * 3_600));
            // An offer whose pool has run out is passed over, as a buyer would.
            let Some(order) = self.order(buyer, offer, at, number).await? else {
                continue;
            };
            placed += 1;
            self.bar.inc(1);
            if !placed.is_multiple_of(3) {
                self.confirm(offer.cooperative, order).await?;
            }
        }
        Ok(placed)
    }

    async fn order(
        &self,
        buyer: Party,
        offer: &Orderable,
        at: Instant,
        number: usize,
    ) -> anyhow::Result<Option<OrderId>> {
        let act = buyer.act(at);
        let viewer = Viewer {
            signed_in: true,
            verified: true,
            buyer: Some(buyer.organisation),
        };
        let cooperative = offer.cooperative.organisation;
        let units = Units(offer.minimum);
        let put = self
            .store
            .put_in_cart(&act, &viewer, buyer.organisation, offer.offer, units)
            .await;
        if put.is_err() {
            return Ok(None);
        }
        let check = self
            .store
            .check_cart(&viewer, buyer.organisation, cooperative, at)
            .await?
            .context("an empty cart")?;
        let cmd = PlaceOrder {
            order: OrderId(Uuid::now_v7()),
            buyer: buyer.organisation,
            cooperative,
            actor: Actor::BuyerStaff,
            po_number: format!("PO-{number:06}"),
            note: String::new(),
            deliver_to: "Gudang pusat, Jl. Contoh 1, Semarang".to_owned(),
            region_code: "33.74".to_owned(),
            wanted_on: None,
            changes: None,
            seen: check.seen,
        };
        match self.store.place_order(&act, &cmd).await {
            Ok(placed) => Ok(Some(placed.order)),
            Err(PlaceError::Store(error)) => Err(error.into()),
            Err(_) => {
                let out = [(offer.offer, Wanted::Nothing)];
                self.store
                    .set_quantities(&act, &viewer, buyer.organisation, cooperative, &out)
                    .await?;
                Ok(None)
            }
        }
    }

    /// The members agree, the cooperative confirms.
    async fn confirm(&self, manager: Party, order: OrderId) -> anyhow::Result<()> {
        let act = manager.act(self.now);
        let side = Side::Cooperative(manager.organisation);
        let view = self.store.order(side, order).await?.context("the order")?;
        let owner = ShareOwner::Cooperative(manager.organisation);
        for share in view.lines.iter().flat_map(|line| &line.shares) {
            self.store
                .answer_share(&act, owner, share.id, Answer::Accept, None)
                .await?;
        }
        self.store
            .confirm_order(&act, manager.organisation, order)
            .await?;
        Ok(())
    }
}

/// How goods are packed and what a pack costs.
struct Shape {
    unit: SaleUnit,
    content: Option<Content>,
    /// ` 250 g`, at the end of a name.
    size: String,
    carton: Option<&'static str>,
    per_carton: i64,
    /// Rupiah per pack.
    price: i64,
}

fn shape(dice: &mut Dice, commodity: &FillCommodity) -> Shape {
    let base = words::price_of_base(&commodity.category_id) * dice.between(75, 130) / 100;
    let loose = matches!(
        commodity.category_id.as_str(),
        "sayur-buah" | "beras-palawija" | "bahan-serat"
    );
    match commodity.dimension.as_str() {
        "mass" if loose => Shape {
            unit: SaleUnit::Kg,
            content: None,
            size: String::new(),
            carton: Some(if commodity.perishable {
                "peti"
            } else {
                "karung"
            }),
            per_carton: if commodity.perishable { 15 } else { 25 },
            price: rounded(base),
        },
        "mass" => {
            let sizes = [
                (100, 60),
                (150, 40),
                (200, 40),
                (250, 40),
                (500, 20),
                (1_000, 10),
            ];
            let (grams, per_carton) = sizes
                .get(dice.below(sizes.len()))
                .copied()
                .unwrap_or((250, 40));
            let size = if grams == 1_000 {
                " 1 kg".to_owned()
            } else {
                format!(" {grams} g")
            };
            Shape {
                unit: SaleUnit::Bungkus,
                content: Some(Content::grams(grams)),
                size,
                carton: Some("dus"),
                per_carton,
                price: rounded(base * grams / 1_000),
            }
        }
        "volume" => {
            let sizes = [(100, 48), (250, 24), (500, 24), (650, 12), (1_000, 12)];
            let (millilitres, per_carton) = sizes
                .get(dice.below(sizes.len()))
                .copied()
                .unwrap_or((250, 24));
            Shape {
                unit: SaleUnit::Botol,
                content: Some(Content::millilitres(millilitres)),
                size: format!(" {millilitres} ml"),
                carton: Some("dus"),
                per_carton,
                price: rounded(base * millilitres / 1_000),
            }
        }
        _ => {
            let cloth = commodity.category_id == "tekstil-busana";
            Shape {
                unit: if cloth {
                    SaleUnit::Lembar
                } else {
                    SaleUnit::Buah
                },
                content: None,
                size: String::new(),
                carton: (!cloth).then_some("lusin"),
                per_carton: if cloth { 1 } else { 12 },
                price: rounded(base),
            }
        }
    }
}

fn brand(dice: &mut Dice) -> String {
    format!(
        "{} {}",
        dice.pick(words::BUSINESS_SECOND),
        dice.pick(words::BUSINESS_THIRD)
    )
}

/// One lot that is ready, and often a later one.
fn lots(dice: &mut Dice, today: Day, perishable: bool, per_carton: i64) -> Vec<Lot> {
    let keeps = if perishable { 45 } else { 200 };
    let mut lots = Vec::new();
    for place in 0..dice.between(1, 3) {
        let ready_on = if place == 0 {
            today.plus(i32::try_from(-dice.between(0, 5)).unwrap_or(0))
        } else {
            today.plus(i32::try_from(dice.between(3, 30)).unwrap_or(7))
        };
        lots.push(Lot {
            ready_on,
            good_until: Some(ready_on.plus(keeps)),
            packs: Packs(dice.between(8, 60) * per_carton + dice.between(0, per_carton - 1)),
        });
    }
    lots
}

/// To whole hundreds of rupiah, never nothing.
fn rounded(rupiah: i64) -> i64 {
    ((rupiah + 50) / 100 * 100).max(100)
}

/// Two to six letters, another for every cooperative.
fn code(number: usize) -> String {
    let mut left = number;
    let mut letters = String::from("F");
    for _ in 0..4 {
        let letter = u8::try_from(left % 26).unwrap_or(0);
        letters.push(char::from(b'A' + letter));
        left /= 26;
    }
    letters
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cooperative_has_a_code_of_its_own() {
        let codes: std::collections::BTreeSet<String> = (0..5_000).map(code).collect();
        assert_eq!(codes.len(), 5_000);
    }

    #[test]
    fn prices_are_round_and_lots_hold_something() {
        assert_eq!((rounded(12_349), rounded(3)), (12_300, 100));
        let mut dice = Dice::new(1);
        for _ in 0..100 {
            let lots = lots(&mut dice, Day(20_000), true, 12);
            assert!(lots.iter().all(|lot| lot.packs.0 >= 96));
        }
    }
}
