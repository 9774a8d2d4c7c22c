//! People, cooperatives, members, goods and offers of the demo, made by the deeds that the pages use.

use anyhow::{Context, anyhow};
use domain::accounts::{BuyerKind, OrganisationKind, Role};
use domain::allocation::{MixedCarton, Rule};
use domain::identifiers;
use domain::ids::{OfferId, OrganisationId, PersonId, ProductId};
use domain::money::Rupiah;
use domain::offers::{DeliveryBasis, FreightRates, PriceRow, PriceVisibility};
use domain::pricing::{MarginModel, UnitCosts};
use domain::products::{CertificateKind, Content, Dimension, Grade, SaleUnit};
use domain::quantity::{Packs, Units};
use domain::settings::Key;
use domain::time::{Day, Instant, Zone};
use store::accounts::{Decision, NewOrganisation, NewPerson, Profile, Registered};
use store::members::MembershipDecision;
use store::offers::{OfferTerms, Pricing, SupplyChoice};
use store::products::{Facts, NewCertificate, NewLot};
use store::{Act, Store};

use super::PASSWORD;
use super::data::{BUYERS, COOPS, OFFERS, Offer, P01_PACKS, UMKM, Umkm};

/// Somebody who acts for an organisation.
#[derive(Clone, Copy)]
pub struct Party {
    pub person: PersonId,
    pub organisation: OrganisationId,
}

impl Party {
    pub fn act(self, at: Instant) -> Act {
        Act::by(at, self.person, self.organisation)
    }
}

/// Who there is, for the orders that follow.
pub struct People {
    pub coops: Vec<Party>,
    pub umkm: Vec<Party>,
    /// Purchasing staff of B1 to B3.
    pub buyers: Vec<Party>,
    /// B1's approver.
    pub approver: Party,
    pub offers: Vec<OfferId>,
    /// Of each offer the first two products: owner and product, the lead's in front.
    pub leads: Vec<Vec<(Party, ProductId)>>,
}

struct Teller<'a> {
    store: &'a Store,
    now: Instant,
    /// A hash that no password has: generated owners have not been invited yet.
    nobody: String,
}

/// Tells the story up to offers that are live.
pub async fn tell(store: &Store, now: Instant) -> anyhow::Result<People> {
    let mut token = [0_u8; 24];
    getrandom::fill(&mut token).map_err(|error| anyhow!("no randomness: {error}"))?;
    let token: String = token.iter().map(|byte| format!("{byte:02x}")).collect();
    let teller = Teller {
        store,
        now,
        nobody: hash(&token)?,
    };
    teller.tell().await
}

/// The demo's accounts sign in with their password alone. Decided at each start where nothing was decided yet, so that a
/// demo of an earlier version opens too.
pub async fn without_second_step(store: &Store, now: Instant) -> anyhow::Result<()> {
    let decided = store.platform_settings().await?;
    if decided.iter().any(|one| one.key == Key::SecondStep) {
        return Ok(());
    }
    let today = Zone::Wib.day_of(now);
    let decision = store::settings::Decision {
        key: Key::SecondStep,
        value: false.to_string(),
        valid_from: today,
        legal_basis: None,
        decided_by: Some("Data contoh".to_owned()),
    };
    store
        .decide_setting(&Act::system(now), today, &decision)
        .await?;
    Ok(())
}

fn hash(password: &str) -> anyhow::Result<String> {
    web::passwords::hash(password).map_err(|error| anyhow!("{error}"))
}

impl Teller<'_> {
    fn days_ago(&self, days: i64) -> Instant {
        self.now.plus_days(-days)
    }

    async fn tell(&self) -> anyhow::Result<People> {
        let admin = self
            .register(
                OrganisationKind::Platform,
                "Lumbung",
                "31.71",
                "Admin Contoh",
                "admin@lumbung.example",
                None,
                90,
            )
            .await?;
        self.register(
            OrganisationKind::Agency,
            "Dinas Koperasi Kabupaten Batang",
            "33.25",
            "Dinas Contoh",
            "dinas@lumbung.example",
            None,
            80,
        )
        .await?;
        let coops = self.coops(admin).await?;
        let umkm = self.umkm(&coops).await?;
        let (buyers, approver) = self.buyers(admin).await?;
        let mut offers = Vec::with_capacity(OFFERS.len());
        let mut leads = Vec::with_capacity(OFFERS.len());
        for (index, row) in OFFERS.iter().enumerate() {
            let (offer, products) = self
                .offer(index, row, &coops, &umkm)
                .await
                .with_context(|| row.title)?;
            offers.push(offer);
            leads.push(products);
        }
        Ok(People {
            coops,
            umkm,
            buyers,
            approver,
            offers,
            leads,
        })
    }

    #[expect(clippy::too_many_arguments, reason = "one line of the story")]
    async fn register(
        &self,
        kind: OrganisationKind,
        name: &str,
        region: &str,
        person: &str,
        login: &str,
        buyer_kind: Option<BuyerKind>,
        days: i64,
    ) -> anyhow::Result<Party> {
        let password_hash = if login.ends_with("@lumbung.example") || login == "081200000009" {
            hash(PASSWORD)?
        } else {
            self.nobody.clone()
        };
        let person = self.person(person, login, password_hash)?;
        let organisation = NewOrganisation {
            kind,
            name: name.to_owned(),
            region_code: region.to_owned(),
            buyer_kind,
        };
        match self
            .store
            .register(&Act::system(self.days_ago(days)), &person, &organisation)
            .await?
        {
            Registered::New {
                person,
                organisation,
            } => {
                let act = Act::system(self.days_ago(days));
                self.store.vouch_for_email(&act, person).await?;
                Ok(Party {
                    person,
                    organisation,
                })
            }
            Registered::Known(_) => Err(anyhow!("{login} is there already")),
        }
    }

    fn person(&self, name: &str, login: &str, password_hash: String) -> anyhow::Result<NewPerson> {
        let login =
            identifiers::login(login).map_err(|problem| anyhow!("{login}: {}", problem.code))?;
        Ok(NewPerson {
            name: name.to_owned(),
            login,
            password_hash,
            lang: "id".to_owned(),
        })
    }

    async fn enrol(&self, to: Party, name: &str, login: &str, role: Role) -> anyhow::Result<Party> {
        let person = self.person(name, login, hash(PASSWORD)?)?;
        let act = to.act(self.days_ago(70));
        let person = self
            .store
            .enrol(&act, &person, to.organisation, role)
            .await?;
        self.store.vouch_for_email(&act, person).await?;
        Ok(Party {
            person,
            organisation: to.organisation,
        })
    }

    async fn coops(&self, admin: Party) -> anyhow::Result<Vec<Party>> {
        let logins = [
            "koperasi@lumbung.example",
            "koperasi2@lumbung.example",
            "koperasi3@lumbung.example",
            "koperasi4@lumbung.example",
        ];
        let managers = [
            "Ratna Contoh",
            "Widodo Contoh",
            "Fatimah Contoh",
            "Suhardi Contoh",
        ];
        let mut coops = Vec::with_capacity(COOPS.len());
        for ((coop, login), manager) in COOPS.iter().zip(logins).zip(managers) {
            let party = self
                .register(
                    OrganisationKind::Cooperative,
                    coop.name,
                    coop.region,
                    manager,
                    login,
                    None,
                    75,
                )
                .await?;
            let profile = Profile {
                address: Some(coop.address.to_owned()),
                nib: Some(coop.nib.to_owned()),
                npwp: Some(coop.npwp.to_owned()),
                is_pkp: Some(coop.is_pkp),
                coop_kind: Some(coop.kind.to_owned()),
                supply_model: Some(coop.supply_model.to_owned()),
                default_rule: Some(coop.rule.to_owned()),
                phone: Some(format!("+6228500000{:02}", coops.len() + 11)),
                ..Profile::default()
            };
            self.store
                .set_profile(&party.act(self.days_ago(74)), party.organisation, &profile)
                .await?;
            let verify = Decision::Verify {
                code: Some(coop.code.to_owned()),
            };
            self.store
                .answer_applicant(&admin.act(self.days_ago(73)), party.organisation, &verify)
                .await
                .map_err(|error| anyhow!("{error}"))?;
            coops.push(party);
        }
        if let Some(first) = coops.first().copied() {
            self.enrol(
                first,
                "Hadi Contoh",
                "pengurus@lumbung.example",
                Role::CoopBoard,
            )
            .await?;
            self.enrol(
                first,
                "Sulastri Contoh",
                "pengawas@lumbung.example",
                Role::CoopSupervisor,
            )
            .await?;
            self.enrol(
                first,
                "Yuni Contoh",
                "bendahara@lumbung.example",
                Role::CoopTreasurer,
            )
            .await?;
        }
        Ok(coops)
    }

    async fn umkm(&self, coops: &[Party]) -> anyhow::Result<Vec<Party>> {
        let mut parties = Vec::with_capacity(UMKM.len());
        for (index, row) in UMKM.iter().enumerate() {
            let number = index + 1;
            let region = COOPS.get(row.coop).map_or("33.25", |coop| coop.region);
            let login = match number {
                1 => "umkm@lumbung.example".to_owned(),
                4 => "umkm2@lumbung.example".to_owned(),
                // U09's owner has no e-mail, and nor have the generated ones.
                9 | 13.. => format!("0812000000{number:02}"),
                _ => format!("u{number:02}@contoh.example"),
            };
            let party = self
                .register(
                    OrganisationKind::Umkm,
                    row.name,
                    region,
                    row.owner,
                    &login,
                    None,
                    65,
                )
                .await?;
            let profile = Profile {
                village: Some(row.place.to_owned()),
                phone: Some(format!("+62812000000{number:02}")),
                ..Profile::default()
            };
            self.store
                .set_profile(&party.act(self.days_ago(65)), party.organisation, &profile)
                .await?;
            let coop = coops.get(row.coop).copied().context("cooperative")?;
            let member = self
                .store
                .apply_membership(
                    &party.act(self.days_ago(64)),
                    party.organisation,
                    coop.organisation,
                )
                .await?;
            let decision = if number == 6 {
                MembershipDecision::AdmitAsCandidate
            } else {
                MembershipDecision::Admit
            };
            self.store
                .decide_membership(
                    &coop.act(self.days_ago(60)),
                    coop.organisation,
                    member,
                    &decision,
                )
                .await?;
            parties.push(party);
        }
        Ok(parties)
    }

    async fn buyers(&self, admin: Party) -> anyhow::Result<(Vec<Party>, Party)> {
        let logins = [
            "penyetuju@lumbung.example",
            "pembeli2@lumbung.example",
            "pembeli3@lumbung.example",
        ];
        let people = ["Dewi Contoh", "Anton Contoh", "Nadia Contoh"];
        let mut buyers = Vec::with_capacity(BUYERS.len());
        for ((row, login), person) in BUYERS.iter().zip(logins).zip(people) {
            let kind: BuyerKind = row.kind.parse().map_err(|_| anyhow!("{}", row.kind))?;
            let party = self
                .register(
                    OrganisationKind::Buyer,
                    row.name,
                    row.region,
                    person,
                    login,
                    Some(kind),
                    50,
                )
                .await?;
            let profile = Profile {
                address: Some(row.address.to_owned()),
                is_pkp: Some(row.is_pkp),
                staff_limit: row.staff_limit.map(Rupiah),
                payment_term: Some(row.payment_term.to_owned()),
                ..Profile::default()
            };
            self.store
                .set_profile(&party.act(self.days_ago(50)), party.organisation, &profile)
                .await?;
            self.store
                .answer_applicant(
                    &admin.act(self.days_ago(49)),
                    party.organisation,
                    &Decision::Verify { code: None },
                )
                .await
                .map_err(|error| anyhow!("{error}"))?;
            buyers.push(party);
        }
        let approver = buyers.first().copied().context("buyer")?;
        let staff = self
            .enrol(
                approver,
                "Bagus Contoh",
                "pembeli@lumbung.example",
                Role::BuyerStaff,
            )
            .await?;
        if let Some(first) = buyers.first_mut() {
            *first = staff;
        }
        for party in buyers.iter().skip(1) {
            self.store
                .grant(
                    &party.act(self.days_ago(48)),
                    party.person,
                    party.organisation,
                    Role::BuyerStaff,
                )
                .await?;
        }
        Ok((buyers, approver))
    }

    /// The members' products with their lots and permits, the offer that pools them, its prices; published.
    async fn offer(
        &self,
        index: usize,
        row: &Offer,
        coops: &[Party],
        umkm: &[Party],
    ) -> anyhow::Result<(OfferId, Vec<(Party, ProductId)>)> {
        let lead = UMKM.get(row.lead).context("lead")?;
        let coop = coops.get(lead.coop).copied().context("cooperative")?;
        let coop_row = COOPS.get(lead.coop).context("cooperative")?;
        let today = Zone::of_region(coop_row.region).day_of(self.now);
        let unit = SaleUnit::find(row.unit).with_context(|| row.unit)?;
        let content = match row.content {
            Some((amount, dimension)) => {
                let dimension: Dimension = dimension.parse().map_err(|_| anyhow!("{dimension}"))?;
                Some(Content { amount, dimension })
            }
            None => None,
        };
        let grades = grades(row);
        let pool: Vec<usize> = members(index, row);
        let mut choices = Vec::with_capacity(pool.len());
        let mut first = Vec::new();
        for (place, member) in pool.iter().enumerate() {
            let owner = umkm.get(*member).copied().context("member")?;
            let who = UMKM.get(*member).context("member")?;
            // In a graded pool every third member's goods are of the second grade.
            let rank = usize::from(grades.len() > 1 && place % 3 == 2);
            let facts = Facts {
                name: row.title.to_owned(),
                description: format!("{} dari {}, {}.", row.title, who.name, who.place),
                category: Some(category(row.commodity).into()),
                commodity: Some(row.commodity.into()),
                unit: Some(unit),
                content,
                packs_per_carton: row.carton.map(|(_, packs)| packs),
                price: Some(Rupiah(ask(graded(row.member, rank), place))),
                grade: grades.get(rank).cloned(),
                lead_time_days: Some(row.days),
                shelf_life_days: shelf_life(row),
                place: Some(who.place.to_owned()),
                minimum_packs: None,
            };
            let product = self
                .product(owner, &facts, &stock(index, row, place, today))
                .await?;
            self.permits(owner, who, *member, product, row, today)
                .await?;
            if place < 2 {
                first.push((owner, product));
            }
            choices.push(SupplyChoice {
                product,
                limit: None,
            });
        }
        let terms = OfferTerms {
            title: row.title.to_owned(),
            description: description(row, pool.len()),
            commodity: row.commodity.into(),
            unit,
            content,
            grades: grades.clone(),
            required_certificates: required(row),
            carton_name: row.carton.map(|(name, _)| name.to_owned()),
            packs_per_unit: row.carton.map_or(1, |(_, packs)| packs),
            mixed_carton: MixedCarton::No,
            minimum: Units(row.moq),
            multiple: Units(1),
            lead_time_days: row.days,
            rule: coop_row
                .rule
                .parse::<Rule>()
                .map_err(|error| anyhow!("{error}"))?,
            max_share_bp: None,
            min_share: Units(0),
            lower_grade_max_bp: (grades.len() > 1).then_some(4_000),
            delivery_basis: basis(index),
            freight: freight(index),
            price_visibility: match index {
                20 => PriceVisibility::Registered,
                22 => PriceVisibility::Verified,
                _ => PriceVisibility::Public,
            },
        };
        let at = coop.act(self.days_ago(20));
        let offer = self
            .store
            .create_offer(&at, coop.organisation, &terms)
            .await?;
        let version = self.version(coop, offer).await?;
        let pricing = Pricing {
            margin_model: MarginModel::Spread,
            costs: UnitCosts {
                packaging: Rupiah(if row.carton.is_some() { 6_000 } else { 0 }),
                transport: Rupiah::ZERO,
            },
            rows: prices(row, &grades),
        };
        self.store
            .set_prices(&at, coop.organisation, offer, version, &pricing)
            .await?;
        let version = self.version(coop, offer).await?;
        self.store
            .set_supplies(&at, coop.organisation, offer, version, &choices)
            .await?;
        self.store
            .publish_offer(&at, coop.organisation, offer)
            .await?;
        Ok((offer, first))
    }

    async fn version(&self, coop: Party, offer: OfferId) -> anyhow::Result<i64> {
        Ok(self
            .store
            .managed_offer(coop.organisation, offer)
            .await?
            .context("offer")?
            .version)
    }

    async fn product(
        &self,
        owner: Party,
        facts: &Facts,
        lots: &[NewLot],
    ) -> anyhow::Result<ProductId> {
        let act = owner.act(self.days_ago(30));
        let mut lots = lots.iter();
        let product = self
            .store
            .create_product(&act, owner.organisation, facts, lots.next(), true)
            .await?;
        for lot in lots {
            self.store
                .add_lot(&act, owner.organisation, product, lot)
                .await?;
        }
        Ok(product)
    }

    async fn permits(
        &self,
        owner: Party,
        who: &Umkm,
        member: usize,
        product: ProductId,
        row: &Offer,
        today: Day,
    ) -> anyhow::Result<()> {
        let number = member + 1;
        let region = COOPS
            .get(who.coop)
            .map_or("3325", |coop| coop.region)
            .replace('.', "");
        for kind in required(row).into_iter().chain(extra(row)) {
            let (text, valid_until) = match kind {
                CertificateKind::Pirt => {
                    let food = who.pirt_food.unwrap_or("15");
                    (
                        format!("2{food}{region}01{number:04}-29"),
                        Day::from_ymd(2029, 12, 31),
                    )
                }
                CertificateKind::Halal => (
                    format!("ID33110000000{number:02}0126"),
                    // U03's ends in 20 days.
                    (number == 3).then(|| today.plus(20)),
                ),
                CertificateKind::Bpom => (format!("MD 2356110{number:05}"), Some(today.plus(900))),
                CertificateKind::Sni => ("SNI 8664:2018".to_owned(), Some(today.plus(700))),
                CertificateKind::Organic => {
                    (format!("ORG-{number:03}-2025"), Some(today.plus(400)))
                }
                CertificateKind::GeographicalIndication => {
                    (format!("IG-{region}-{number:03}"), None)
                }
                _ => continue,
            };
            let new = NewCertificate {
                kind,
                number: text,
                valid_until,
                for_all: false,
            };
            self.store
                .add_certificate(
                    &owner.act(self.days_ago(29)),
                    owner.organisation,
                    product,
                    &new,
                )
                .await?;
        }
        Ok(())
    }
}

/// The members whose goods an offer pools: its lead first, then its neighbours; P01 pools all twelve.
fn members(index: usize, row: &Offer) -> Vec<usize> {
    let Some(coop) = UMKM.get(row.lead).map(|lead| lead.coop) else {
        return Vec::new();
    };
    let mut all: Vec<usize> = (0..UMKM.len())
        .filter(|m| UMKM.get(*m).is_some_and(|u| u.coop == coop))
        .collect();
    let lead = all
        .iter()
        .position(|member| *member == row.lead)
        .unwrap_or(0);
    all.rotate_left(lead);
    let count = if index == 0 { 12 } else { 3 + (index * 5) % 10 };
    all.truncate(count);
    all
}

fn grades(row: &Offer) -> Vec<Grade> {
    match row.commodity {
        "biji-kopi-hijau" if row.title.ends_with('2') => vec![Grade::from("2")],
        "biji-kopi-hijau" => vec![Grade::from("1")],
        "kentang" | "kol" | "tomat" | "alpukat" => vec![Grade::from("A"), Grade::from("B")],
        _ => vec![Grade::from("A")],
    }
}

/// Members ask what the pool pays, or a little less.
fn ask(member: i64, place: usize) -> i64 {
    let less = i64::try_from(place % 3).unwrap_or(0) * 100;
    if member > 10_000 {
        member - less
    } else {
        member
    }
}

/// A lower grade costs, and pays, a fifth less; in whole hundreds.
fn graded(rupiah: i64, rank: usize) -> i64 {
    let less = rupiah * i64::try_from(rank).unwrap_or(0) / 5;
    if less == 0 {
        rupiah
    } else {
        (rupiah - less) / 100 * 100
    }
}

/// Three tiers: the price at the minimum, a little less from five times on, and less again from ten times on. The
/// member's price stays.
fn prices(row: &Offer, grades: &[Grade]) -> Vec<PriceRow> {
    let mut rows = Vec::new();
    for (rank, grade) in grades.iter().enumerate() {
        let margin = row.buyer - row.member;
        for (times, off) in [(1, 0), (5, margin / 8), (10, margin / 4)] {
            let buyer = graded(row.buyer, rank) - off / 100 * 100;
            rows.push(PriceRow {
                grade: grade.clone(),
                min_units: Units(row.moq * times),
                buyer_price: Rupiah(buyer),
                member_price: Rupiah(graded(row.member, rank).min(buyer)),
            });
        }
    }
    // A margin too thin to be divided leaves equal tiers; those are one.
    rows.dedup_by(|next, first| next.grade == first.grade && next.buyer_price == first.buyer_price);
    rows
}

/// One to three lots of a member: together some cartons and a rest that fills none.
fn stock(index: usize, row: &Offer, place: usize, today: Day) -> Vec<NewLot> {
    let per_carton = row.carton.map_or(1, |(_, packs)| packs);
    let seed = i64::try_from(index * 7 + place * 3).unwrap_or(0);
    let packs = match (index, P01_PACKS.get(place)) {
        (0, Some(packs)) => *packs,
        _ => {
            let units = (row.moq * 2).max(6) + seed % (row.moq + 5);
            units * per_carton + seed % per_carton.max(2)
        }
    };
    let lots = if index == 0 { 1 } else { 1 + seed % 3 };
    let keeps = shelf_life(row);
    let first = packs - packs / lots * (lots - 1);
    (0..lots)
        .map(|n| NewLot {
            // The third lot is still being made.
            ready_on: today.plus(if n == 2 { 9 } else { -15 }),
            good_until: keeps
                .map(|days| today.plus(days - i32::try_from(n).unwrap_or(0) * days / 8)),
            packs: Packs(if n == 0 { first } else { packs / lots }),
        })
        .filter(|lot| lot.packs.0 > 0)
        .collect()
}

fn shelf_life(row: &Offer) -> Option<i32> {
    match category(row.commodity) {
        "sayur-buah" => Some(21),
        "makanan-ringan" => Some(180),
        "tekstil-busana" | "anyaman-kerajinan" | "bahan-serat" => None,
        _ => Some(365),
    }
}

fn category(commodity: &str) -> &'static str {
    match commodity {
        "gula-semut" | "gula-jawa" => "gula-pemanis",
        "teh" | "biji-kopi-hijau" | "kopi-sangrai" | "kopi-bubuk" | "cascara" => "kopi-teh",
        "madu" => "madu-herbal",
        "vco" | "minyak-kelapa" | "kelapa-parut" => "minyak-kelapa",
        "kentang" | "kol" | "tomat" | "alpukat" | "bawang-merah" | "bawang-putih"
        | "cabai-rawit" => "sayur-buah",
        "kain-tenun" | "syal-tenun" | "sarung-tenun" => "tekstil-busana",
        "keranjang-bambu" | "tudung-saji" | "tas-pandan" => "anyaman-kerajinan",
        "sabut-kelapa" => "bahan-serat",
        _ => "makanan-ringan",
    }
}

/// Permits that every product of the pool must have.
fn required(row: &Offer) -> Vec<CertificateKind> {
    let kinds = [
        ('P', CertificateKind::Pirt),
        ('H', CertificateKind::Halal),
        ('B', CertificateKind::Bpom),
    ];
    kinds
        .into_iter()
        .filter(|(letter, _)| row.permits.contains(*letter))
        .map(|(_, kind)| kind)
        .collect()
}

/// Certificates that are shown and not required.
fn extra(row: &Offer) -> Vec<CertificateKind> {
    let kinds = [
        ('S', CertificateKind::Sni),
        ('O', CertificateKind::Organic),
        ('I', CertificateKind::GeographicalIndication),
    ];
    kinds
        .into_iter()
        .filter(|(letter, _)| row.permits.contains(*letter))
        .map(|(_, kind)| kind)
        .collect()
}

fn description(row: &Offer, members: usize) -> String {
    format!(
        "{} hasil {members} usaha anggota, dengan syarat yang sama. Mutu diperiksa koperasi sebelum dikirim.",
        row.title
    )
}

/// Most goods are fetched; some are brought at a rate by regency, some at a freight that is worked out.
fn basis(index: usize) -> DeliveryBasis {
    match index % 8 {
        3 => DeliveryBasis::Franco,
        6 => DeliveryBasis::Quoted,
        _ => DeliveryBasis::Loco,
    }
}

fn freight(index: usize) -> FreightRates {
    if basis(index) == DeliveryBasis::Franco {
        FreightRates(vec![
            ("33.74".to_owned(), Rupiah(12_000)),
            ("34.04".to_owned(), Rupiah(15_000)),
            ("35.78".to_owned(), Rupiah(22_000)),
        ])
    } else {
        FreightRates::default()
    }
}
