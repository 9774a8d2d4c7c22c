//! A market to order from: a verified cooperative with members, their goods in lots, one pooled offer in an open
//! catalog, and a verified buyer. Made by the deeds of the store, as the pages would.
//!
//! `app.market(&Pool::of(&[60, 50, 40])).await` gives three members with so many packs each.

use domain::{
    allocation::{MixedCarton, Rule},
    catalogs::Audience,
    ids::{CategoryId, CommodityId, OfferId, OrganisationId, PersonId, PhotoId, ProductId},
    money::Rupiah,
    offers::{DeliveryBasis, FreightRates, PriceRow, PriceVisibility, Viewer},
    pricing::{MarginModel, UnitCosts},
    products::{Grade, SaleUnit},
    quantity::{Packs, Units},
    time::Zone,
};
use store::{
    Act,
    accounts::{Decision, NewOrganisation, NewPerson, NewSession, Registered},
    carts::{Check, Details},
    catalogs::CatalogTerms,
    members::MembershipDecision,
    offers::{OfferTerms, Pricing, SupplyChoice},
    orders::{PlaceError, PlaceOrder, Placed},
    products::{Facts, NewLot},
};

use web::session::Token;

use crate::{app::TestApp, page::Page, people::Person, visitor::Visitor};

/// Kabupaten Bantul, where everybody is.
pub const REGION: &str = "34.02";

/// What a pool is like; [`Pool::of`] gives single packs shared in proportion, at Rp12.500 and Rp10.500,
/// brought within the province at no cost.
#[derive(Clone, Debug)]
pub struct Pool {
    pub title: &'static str,
    /// Packs of each member.
    pub packs: Vec<i64>,
    pub rule: Rule,
    /// Packs in a carton (`dus`), where cartons are sold.
    pub carton: Option<i64>,
    pub mixed: MixedCarton,
    pub minimum: i64,
    pub multiple: i64,
    /// From so many units on: buyer's and member's price.
    pub tiers: Vec<(i64, i64, i64)>,
    pub delivery_basis: DeliveryBasis,
    pub freight: FreightRates,
}

impl Pool {
    #[must_use]
    pub fn of(packs: &[i64]) -> Self {
        Self {
            title: "Keripik singkong 250 g",
            packs: packs.to_vec(),
            rule: Rule::ProRata,
            carton: None,
            mixed: MixedCarton::No,
            minimum: 1,
            multiple: 1,
            tiers: vec![(1, 12_500, 10_500)],
            delivery_basis: DeliveryBasis::Franco,
            freight: FreightRates(vec![("34".to_owned(), Rupiah::ZERO)]),
        }
    }

    /// As [`Pool::of`], and cheaper from 50 packs on.
    #[must_use]
    pub fn tiered(packs: &[i64]) -> Self {
        Self {
            tiers: vec![(1, 12_500, 10_500), (50, 11_900, 10_000)],
            ..Self::of(packs)
        }
    }

    fn terms(&self) -> OfferTerms {
        OfferTerms {
            title: self.title.to_owned(),
            description: "Renyah".to_owned(),
            commodity: CommodityId::from("keripik-singkong"),
            unit: SaleUnit::Bungkus,
            content: None,
            grades: Vec::new(),
            required_certificates: Vec::new(),
            carton_name: self.carton.map(|_| "dus".to_owned()),
            packs_per_unit: self.carton.unwrap_or(1),
            mixed_carton: self.mixed,
            minimum: Units(self.minimum),
            multiple: Units(self.multiple),
            lead_time_days: 2,
            rule: self.rule,
            max_share_bp: None,
            min_share: Units(0),
            lower_grade_max_bp: None,
            delivery_basis: self.delivery_basis,
            freight: self.freight.clone(),
            price_visibility: PriceVisibility::Public,
        }
    }
}

/// A member with its goods.
#[derive(Debug)]
pub struct Member {
    pub owner: Person,
    pub product: ProductId,
}

#[derive(Debug)]
pub struct Market {
    pub manager: Person,
    pub members: Vec<Member>,
    pub offer: OfferId,
    pub buyer: Person,
}

/// A buyer that never opens a page.
#[derive(Clone, Copy, Debug)]
pub struct QuietBuyer {
    pub person: PersonId,
    pub organisation: OrganisationId,
}

impl TestApp {
    /// A whole market. Give each test's own names by `name` where it makes two.
    ///
    /// # Panics
    /// When a deed is refused.
    pub async fn market(&self, pool: &Pool) -> Market {
        self.market_named(pool, "Rasa", "RAR").await
    }

    /// A second market beside the first, with names of its own.
    ///
    /// # Panics
    /// When a deed is refused.
    pub async fn market_named(&self, pool: &Pool, name: &str, code: &str) -> Market {
        let manager = self.cooperative(&format!("Koperasi {name}"), code).await;
        let mut members = Vec::new();
        for (at, packs) in pool.packs.iter().enumerate() {
            let owner = self.umkm(&format!("Dapur {name} {at}")).await;
            let product = self.member(&manager, &owner, *packs).await;
            members.push(Member { owner, product });
        }
        let products: Vec<ProductId> = members.iter().map(|member| member.product).collect();
        Market {
            offer: self.offer(&manager, &products, pool).await,
            buyer: self.buyer(&format!("Toko {name}")).await,
            manager,
            members,
        }
    }

    /// A pooled offer of these products in an open catalog.
    ///
    /// # Panics
    /// When a deed is refused.
    pub async fn offer(&self, manager: &Person, products: &[ProductId], pool: &Pool) -> OfferId {
        let act = manager.act(self);
        let (store, cooperative) = (&self.store, manager.organisation);
        let offer = store
            .create_offer(&act, cooperative, &pool.terms())
            .await
            .expect("an offer");
        let rows = pool
            .tiers
            .iter()
            .map(|(from, buyer, member)| PriceRow {
                grade: Grade::UNGRADED,
                min_units: Units(*from),
                buyer_price: Rupiah(*buyer),
                member_price: Rupiah(*member),
            })
            .collect();
        let pricing = Pricing {
            margin_model: MarginModel::Spread,
            costs: UnitCosts::default(),
            rows,
        };
        let set = store
            .set_prices(&act, cooperative, offer, 1, &pricing)
            .await
            .expect("prices");
        let supplies: Vec<SupplyChoice> = products
            .iter()
            .map(|product| SupplyChoice {
                product: *product,
                limit: None,
            })
            .collect();
        store
            .set_supplies(&act, cooperative, offer, set.version, &supplies)
            .await
            .expect("supplies");
        store
            .publish_offer(&act, cooperative, offer)
            .await
            .expect("a live offer");
        let catalog = CatalogTerms {
            title: "Katalog".to_owned(),
            description: String::new(),
            audience: Audience::Public,
            buyers: Vec::new(),
            opens_at: self.now(),
            closes_at: None,
            offers: vec![offer],
        };
        let catalog = store
            .create_catalog(&act, cooperative, &catalog)
            .await
            .expect("a catalog");
        store
            .publish_catalog(&act, cooperative, catalog)
            .await
            .expect("an edition");
        offer
    }

    /// Makes somebody a member with a live product and so many packs of it.
    ///
    /// # Panics
    /// When a deed is refused.
    pub async fn member(&self, manager: &Person, owner: &Person, packs: i64) -> ProductId {
        let act = owner.act(self);
        let member = self
            .store
            .apply_membership(&act, owner.organisation, manager.organisation)
            .await
            .expect("an application");
        self.store
            .decide_membership(
                &manager.act(self),
                manager.organisation,
                member,
                &MembershipDecision::Admit,
            )
            .await
            .expect("a member");
        let facts = Facts {
            name: "Keripik singkong".to_owned(),
            category: Some(CategoryId::from("makanan-ringan")),
            commodity: Some(CommodityId::from("keripik-singkong")),
            unit: Some(SaleUnit::Bungkus),
            content: Some(domain::products::Content::grams(250)),
            price: Some(Rupiah(9_000)),
            ..Facts::default()
        };
        let lot = NewLot {
            ready_on: Zone::Wib.day_of(self.now()),
            good_until: None,
            packs: Packs(packs),
        };
        self.store
            .create_product(&act, owner.organisation, &facts, Some(&lot), true)
            .await
            .expect("a live product")
    }

    /// Keeps a photo of its own colour for somebody, on no goods yet.
    ///
    /// # Panics
    /// When a deed is refused.
    pub async fn kept_photo(&self, owner: &Person, number: u8) -> PhotoId {
        let sent = std::io::Cursor::new(photo(number));
        let picture = media::Picture::read(sent).expect("a photo");
        let (act, of) = (owner.act(self), owner.organisation);
        let kept = web::photos::keep_made(&self.store, &self.media, &act, of, picture).await;
        kept.expect("the photo is kept")
    }

    /// Puts a photo of its own colour on somebody's product.
    ///
    /// # Panics
    /// When a deed is refused.
    pub async fn photo_on(&self, owner: &Person, product: ProductId, number: u8) -> PhotoId {
        let kept = self.kept_photo(owner, number).await;
        self.store
            .add_product_photo(&owner.act(self), owner.organisation, product, kept)
            .await
            .expect("the product has room");
        kept
    }

    /// A verified buyer without a browser, for crowds.
    ///
    /// # Panics
    /// When a deed is refused.
    pub async fn quiet_buyer(&self, name: &str) -> QuietBuyer {
        let login = format!("{}@pembeli.example", name.replace(' ', "").to_lowercase());
        let person = NewPerson {
            name: name.to_owned(),
            login: domain::identifiers::login(&login).expect("an e-mail address"),
            password_hash: "none".to_owned(),
            lang: "id".to_owned(),
        };
        let organisation = NewOrganisation {
            kind: domain::accounts::OrganisationKind::Buyer,
            name: name.to_owned(),
            region_code: REGION.to_owned(),
            buyer_kind: Some(domain::accounts::BuyerKind::Retailer),
        };
        let registered = self
            .store
            .register(&self.system(), &person, &organisation)
            .await
            .expect("the database answers");
        let Registered::New {
            person,
            organisation,
        } = registered
        else {
            panic!("{login} is registered already");
        };
        self.store
            .answer_applicant(
                &self.system(),
                organisation,
                &Decision::Verify { code: None },
            )
            .await
            .expect("a verified buyer");
        QuietBuyer {
            person,
            organisation,
        }
    }

    /// Puts units of an offer into a buyer's cart, past the pages.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn put_in_cart(&self, act: &Act, buyer: OrganisationId, offer: OfferId, units: i64) {
        self.store
            .put_in_cart(act, &viewer(buyer), buyer, offer, Units(units))
            .await
            .expect("the offer is to be had");
    }

    /// The cart as its last page would show it.
    ///
    /// # Panics
    /// When it is empty.
    pub async fn check(&self, buyer: OrganisationId, cooperative: OrganisationId) -> Check {
        self.store
            .check_cart(&viewer(buyer), buyer, cooperative, self.now())
            .await
            .expect("the database answers")
            .expect("something is in the cart")
    }

    /// The order that the cart's last page would send.
    ///
    /// # Panics
    /// When the cart is empty.
    pub async fn command(&self, buyer: OrganisationId, cooperative: OrganisationId) -> PlaceOrder {
        let check = self.check(buyer, cooperative).await;
        PlaceOrder {
            order: domain::ids::OrderId(uuid::Uuid::now_v7()),
            buyer,
            cooperative,
            actor: domain::orders::Actor::BuyerApprover,
            po_number: "PO-7".to_owned(),
            note: String::new(),
            deliver_to: "Gudang, Jl. Contoh 12".to_owned(),
            region_code: REGION.to_owned(),
            wanted_on: None,
            changes: check.changes.map(|(order, _)| order),
            seen: check.seen,
        }
    }
}

/// A browser of a [`QuietBuyer`], and the token of its forms.
#[derive(Debug)]
pub struct Signed {
    pub visitor: Visitor,
    pub token: String,
}

impl Signed {
    /// Sends fields as a form of the site would.
    pub async fn send(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let mut all = vec![("csrf_token", self.token.as_str())];
        all.extend_from_slice(fields);
        self.visitor.post(path, &all).await
    }
}

impl TestApp {
    /// A browser in which a buyer is signed in; not by the page, where a crowd would wait for its passwords.
    ///
    /// # Panics
    /// When the database fails.
    pub async fn browser_of(&self, buyer: &QuietBuyer) -> Signed {
        let token = Token::random().expect("randomness");
        let csrf = Token::random().expect("randomness").as_str().to_owned();
        let session = NewSession {
            token_hash: token.hash(),
            csrf: csrf.clone(),
            person: buyer.person,
            expires_at: self.now().plus_days(1),
            replaces: None,
            agent: None,
        };
        self.store
            .open_session(&self.system(), &session)
            .await
            .expect("a session");
        let visitor = self.visitor();
        visitor.set_cookie("lumbung", token.as_str());
        Signed {
            visitor,
            token: csrf,
        }
    }
}

impl QuietBuyer {
    #[must_use]
    pub fn act(&self, app: &TestApp) -> Act {
        Act::by(app.now(), self.person, self.organisation)
    }
}

impl Market {
    #[must_use]
    pub fn cooperative(&self) -> OrganisationId {
        self.manager.organisation
    }

    /// Orders `units` for the market's buyer by the deeds of the store, as the pages would; gives the order.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn ordered(&self, app: &TestApp, units: i64) -> Placed {
        let act = self.buyer.act(app);
        let buyer = self.buyer.organisation;
        app.put_in_cart(&act, buyer, self.offer, units).await;
        let command = app.command(buyer, self.cooperative()).await;
        app.store
            .place_order(&act, &command)
            .await
            .expect("the order is placed")
    }

    /// Tries to order `units` for a buyer without a browser.
    ///
    /// # Errors
    /// What the placing deed says.
    ///
    /// # Panics
    /// When the database fails.
    pub async fn try_order(
        &self,
        app: &TestApp,
        buyer: QuietBuyer,
        units: i64,
    ) -> Result<Placed, PlaceError> {
        let act = buyer.act(app);
        let put = app
            .store
            .put_in_cart(
                &act,
                &viewer(buyer.organisation),
                buyer.organisation,
                self.offer,
                Units(units),
            )
            .await;
        if put.is_err() {
            return Err(PlaceError::SoldOut(Vec::new()));
        }
        app.store
            .set_cart_details(
                &act,
                &viewer(buyer.organisation),
                buyer.organisation,
                self.cooperative(),
                &Details {
                    deliver_to: "Gudang".to_owned(),
                    region_code: REGION.to_owned(),
                    ..Details::default()
                },
            )
            .await
            .expect("the database answers");
        let command = app.command(buyer.organisation, self.cooperative()).await;
        app.store.place_order(&act, &command).await
    }
}

/// A photo as a phone sends it, in a colour of its own for each number.
///
/// # Panics
/// When it can't be drawn.
#[must_use]
pub fn photo(number: u8) -> Vec<u8> {
    let colour = format!("#{:02x}9060", number.wrapping_mul(40));
    let svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 4 3\"><path fill=\"{colour}\" d=\"M0 0h4v3H0z\"/>\
         <circle cx=\"2\" cy=\"1.5\" r=\"1\" fill=\"#123456\"/></svg>"
    );
    media::drawing::photo(svg.as_bytes(), 400, 1).expect("a drawing")
}

/// A verified buyer as it looks at offers.
#[must_use]
pub fn viewer(buyer: OrganisationId) -> Viewer {
    Viewer {
        signed_in: true,
        verified: true,
        buyer: Some(buyer),
    }
}
