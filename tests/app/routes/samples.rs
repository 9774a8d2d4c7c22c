//! A tenant of each kind twice over (UMKM, cooperative, buyer), each with one row of everything that a path may name,
//! made by the deeds of the store. A new kind of row gets its line in [`world`].

use std::collections::BTreeMap;

use domain::{
    accounts::{OrganisationKind, Role},
    ids::{CategoryId, CommodityId, OfferId, OrganisationId},
    imports::ImportKind,
    money::Rupiah,
    offers::Viewer,
    products::{CertificateKind, SaleUnit},
    quantity::Packs,
    settings::Key,
    time::Zone,
};
use store::{
    Act,
    accounts::{NewInvitation, NewLink, NewOrganisation, NewPerson, Registered},
    carts::Details,
    imports::{Reading, Table},
    products::{BatchChange, Chosen, Facts, NewCertificate, NewLot},
    settings::Decision,
};
use tests::{
    app::{SECRET, TestApp},
    build::{Pool, REGION, viewer},
    database,
    people::Person,
};

/// Ids of one tenant, by what they name.
pub type Ids = BTreeMap<&'static str, String>;

/// Two tenants with all their rows, and everybody who goes round.
pub struct Site {
    pub people: BTreeMap<&'static str, Person>,
    pub own: Ids,
    pub other: Ids,
}

impl Site {
    pub async fn of(app: &TestApp) -> Self {
        let mut people = BTreeMap::new();
        let (manager, umkm, approver) = (
            app.cooperative("Rasa Alas Roban", "RAR").await,
            app.umkm("Dapur Roban").await,
            app.buyer("Ritel Nusantara").await,
        );
        let (manager2, umkm2, approver2) = (
            app.cooperative("Nira Menoreh", "NM").await,
            app.umkm("Nira Kokap").await,
            app.buyer("Ekspor Rempah").await,
        );
        for (name, of, role) in [
            ("board", &manager, Role::CoopBoard),
            ("supervisor", &manager, Role::CoopSupervisor),
            ("treasurer", &manager, Role::CoopTreasurer),
            ("staff", &approver, Role::BuyerStaff),
        ] {
            people.insert(name, app.colleague(of, name, role).await);
        }
        people.insert("admin", app.administrator().await);
        people.insert("observer", app.observer("Dinas").await);
        for (name, kind) in [
            ("new cooperative", OrganisationKind::Cooperative),
            ("new buyer", OrganisationKind::Buyer),
        ] {
            people.insert(name, app.applicant(kind, name).await);
        }
        let mut own = world(app, &umkm, &manager, &approver).await;
        let mut other = world(app, &umkm2, &manager2, &approver2).await;
        // Applicants are nobody's; one for each side all the same.
        for (ids, name) in [(&mut own, "new cooperative"), (&mut other, "new buyer")] {
            let applicant: &Person = &people[name];
            ids.insert("applicant", applicant.organisation.to_string());
        }
        let locked: &Person = &people["new buyer"];
        let keys = [Key::CheckoutHoldMinutes, Key::ApprovalHoldHours];
        let sides = [(&mut own, &umkm), (&mut other, &umkm2)].into_iter();
        for ((ids, person), key) in sides.zip(keys) {
            ids.insert("job", dead_job(app, person).await);
            ids.insert("person", locked.person.to_string());
            ids.insert("category", "makanan-ringan".to_owned());
            ids.insert("commodity", "keripik-singkong".to_owned());
            ids.insert("setting", setting(app, key).await);
        }
        people.insert("umkm", umkm);
        people.insert("manager", manager);
        people.insert("approver", approver);
        Self { people, own, other }
    }

    /// The ids of people and organisations, to recognise them in rows.
    pub fn names(&self) -> BTreeMap<String, String> {
        let mut names = BTreeMap::new();
        let plain = |id: String| id.replace('-', "");
        for (side, ids) in [("A", &self.own), ("B", &self.other)] {
            for noun in ["umkm", "cooperative", "buyer", "product", "pooled", "offer"] {
                names.insert(plain(ids[noun].clone()), format!("({noun} {side})"));
            }
        }
        for (name, person) in &self.people {
            names.insert(plain(person.person.to_string()), format!("({name})"));
            let organisation = plain(person.organisation.to_string());
            names
                .entry(organisation)
                .or_insert_with(|| format!("({name}'s)"));
        }
        names
    }
}

/// A letter to this person that the mail server refused for good.
async fn dead_job(app: &TestApp, person: &Person) -> String {
    let id = person.person;
    let refused = format!(
        "UPDATE jobs SET dead_at = created_at, last_error = '550 no such mailbox' \
         WHERE dedupe LIKE 'letter:welcome:%' AND payload LIKE '%{id}%'"
    );
    database::run(&app.database.url, &refused).await;
    let dead = app.store.dead_jobs(1).await.expect("the database answers");
    let name = format!("Ibu {}", person.login.split('@').next().unwrap_or_default());
    let folded = |name: &str| name.to_lowercase().replace(' ', "");
    let own = dead.iter().find(|job| {
        let of = job.person.as_deref().unwrap_or_default();
        folded(of) == folded(&name)
    });
    own.expect("a dead letter").id.to_string()
}

/// A decision for a day to come.
async fn setting(app: &TestApp, key: Key) -> String {
    let today = Zone::Wib.day_of(app.now());
    let decision = Decision {
        key,
        value: "12".to_owned(),
        valid_from: today.plus(200),
        legal_basis: None,
        decided_by: None,
    };
    let act = app.system();
    let made = app.store.decide_setting(&act, today, &decision);
    made.await.expect("a decision").to_string()
}

/// One row of everything, of these three.
async fn world(app: &TestApp, umkm: &Person, manager: &Person, buyer: &Person) -> Ids {
    let mut ids = Ids::new();
    goods(app, umkm, &mut ids).await;
    let pooled = app.member(manager, umkm, 50).await;
    let pool = Pool::of(&[50]);
    let offer = app.offer(manager, &[pooled], &pool).await;
    let shown = app.photo_on(umkm, pooled, 1).await;
    ids.insert("shown", shown.to_string());
    ids.insert("file", "320.webp".to_owned());
    ids.insert("drawing", "madu.jpg".to_owned());
    ids.insert("pooled", pooled.to_string());
    ids.insert("offer", offer.to_string());
    ids.insert("umkm", umkm.organisation.to_string());
    ids.insert("login", umkm.login.clone());
    ids.insert("cooperative", manager.organisation.to_string());
    ids.insert("buyer", buyer.organisation.to_string());
    ids.insert("member", applicant(app, umkm, manager).await);
    let memberships = app.store.memberships_of(umkm.organisation).await;
    let memberships = memberships.expect("the database answers");
    ids.insert("active", memberships[0].id.to_string());
    let (members, goods) = (ImportKind::Members, ImportKind::Listings);
    let register = list(app, &manager.act(app), members, manager.organisation).await;
    ids.insert("register", register);
    let behalf = manager.act(app).on_behalf_of(umkm.organisation);
    let brought = list(app, &behalf, goods, umkm.organisation).await;
    ids.insert("brought", brought);
    let catalogs = app
        .store
        .catalogs_of(manager.organisation, 1)
        .await
        .expect("the database answers")
        .0;
    ids.insert("catalog", catalogs[0].id.to_string());
    ids.insert("edition", "1".to_owned());
    // The one from since its goods have a photo.
    ids.insert("pictured", catalogs[0].edition.to_string());
    let viewer = Viewer {
        signed_in: true,
        verified: true,
        buyer: Some(buyer.organisation),
    };
    let asked = app
        .store
        .ask_question(&buyer.act(app), &viewer, offer, "Berapa lama tahan?")
        .await;
    ids.insert("question", asked.expect("a question").to_string());
    let joinable = app.store.cooperatives_to_join(buyer.organisation, "").await;
    let joinable = joinable.expect("the database answers");
    let slug = joinable
        .iter()
        .find(|one| one.id == manager.organisation.0)
        .map(|one| one.slug.clone());
    ids.insert("slug", slug.expect("a verified cooperative has a slug"));
    order(app, umkm, manager, buyer, offer, &mut ids).await;
    people(app, manager, &mut ids).await;
    let told = app
        .store
        .notices(umkm.person, Some(umkm.organisation), true, 1)
        .await
        .expect("the database answers");
    ids.insert("notice", told.0[0].id.to_string());
    ids
}

/// A colleague of the manager, and open invitations to membership and to a role.
async fn people(app: &TestApp, manager: &Person, ids: &mut Ids) {
    let login = format!("rekan.{}", manager.login);
    let colleague = NewPerson {
        name: "Rekan".to_owned(),
        login: domain::identifiers::login(&login).expect("an e-mail address"),
        password_hash: "none".to_owned(),
        lang: "id".to_owned(),
    };
    let (act, cooperative) = (manager.act(app), manager.organisation);
    let enrolled = app
        .store
        .enrol(&act, &colleague, cooperative, Role::CoopBoard);
    let colleague = enrolled.await.expect("a colleague");
    ids.insert("colleague", colleague.to_string());
    for (noun, role) in [
        ("invitation", None),
        ("colleague_invitation", Some(Role::CoopBoard)),
    ] {
        let seed = format!("{noun} of {cooperative}");
        let token = store::tokens::derive(SECRET, store::tokens::Purpose::Invitation, &seed);
        let invitation = NewInvitation {
            business: None,
            invited: domain::accounts::Invited {
                name: "Undangan".to_owned(),
                login: domain::identifiers::login("0812 0000 0044").expect("a number"),
            },
            link: NewLink {
                token_hash: store::tokens::hash(&token),
                seed,
            },
        };
        let invitations = [invitation];
        let sent = app.store.invite(&act, cooperative, role, &invitations);
        sent.await.expect("an invitation");
        let list = app
            .store
            .invitations(cooperative, role.is_some(), app.now(), 1)
            .await;
        ids.insert(noun, list.expect("invitations").0[0].id.to_string());
    }
}

/// A list from a file that waits for consent.
async fn list(app: &TestApp, act: &Act, kind: ImportKind, owner: OrganisationId) -> String {
    let table = Table {
        name: None,
        headers: vec!["Nama".to_owned()],
        rows: vec![(2, vec!["Emping".to_owned()])],
    };
    let tables = std::slice::from_ref(&table);
    let reading = Reading::default();
    let import = app
        .store
        .stage_import(act, kind, owner, "a.csv", tables, &reading);
    import.await.expect("a preview").to_string()
}

/// A draft with a lot and a permit, and a list from a file.
async fn goods(app: &TestApp, umkm: &Person, ids: &mut Ids) {
    let (act, owner) = (umkm.act(app), umkm.organisation);
    let facts = Facts {
        name: "Keripik pisang".to_owned(),
        category: Some(CategoryId::from("makanan-ringan")),
        commodity: Some(CommodityId::from("keripik-singkong")),
        unit: Some(SaleUnit::Bungkus),
        content: Some(domain::products::Content::grams(250)),
        price: Some(Rupiah(9_000)),
        ..Facts::default()
    };
    let today = Zone::Wib.day_of(app.now());
    let lot = NewLot {
        ready_on: today,
        good_until: Some(today.plus(100)),
        packs: Packs(10),
    };
    let made = app
        .store
        .create_product(&act, owner, &facts, Some(&lot), false);
    let product = made.await.expect("a draft");
    let lots = app.store.lots(owner, product).await.expect("its lots");
    let permit = NewCertificate {
        kind: CertificateKind::Halal,
        number: "ID33110000000110126".to_owned(),
        valid_until: None,
        for_all: false,
    };
    let added = app.store.add_certificate(&act, owner, product, &permit);
    added.await.expect("a permit");
    let added = app.store.add_certificate(&act, owner, product, &permit);
    added.await.expect("another permit");
    let permits = app.store.certificates(owner, product).await;
    let import = list(app, &act, ImportKind::Listings, owner).await;
    ids.insert("import", import);
    // A change of prices that can be taken back; of a second draft, so that the first stays as it is.
    let second = Facts {
        name: "Keripik talas".to_owned(),
        ..facts.clone()
    };
    let second = app.store.create_product(&act, owner, &second, None, false);
    let change = app
        .store
        .change_products(
            &act,
            owner,
            &Chosen::These(vec![second.await.expect("a second draft")]),
            &BatchChange::Price { percent_bp: 500 },
        )
        .await
        .expect("a change of prices");
    ids.insert("change", change.batch.expect("a change").to_string());
    ids.insert("lot", lots[0].id.to_string());
    let permits = permits.expect("permits");
    ids.insert("certificate", permits[0].id.to_string());
    ids.insert("second certificate", permits[1].id.to_string());
    let picture = app.photo_on(umkm, product, 2).await;
    ids.insert("picture", picture.to_string());
    ids.insert("product", product.to_string());
}

/// A business without a browser that has asked to become a member.
async fn applicant(app: &TestApp, umkm: &Person, manager: &Person) -> String {
    let name = format!("Calon {}", umkm.login.split('@').next().unwrap_or_default());
    let login = format!("{}@calon.example", name.replace(' ', "").to_lowercase());
    let person = NewPerson {
        name: name.clone(),
        login: domain::identifiers::login(&login).expect("an e-mail address"),
        password_hash: "none".to_owned(),
        lang: "id".to_owned(),
    };
    let organisation = NewOrganisation {
        kind: OrganisationKind::Umkm,
        name,
        region_code: REGION.to_owned(),
        buyer_kind: None,
    };
    let registered = app
        .store
        .register(&app.system(), &person, &organisation)
        .await;
    let Ok(Registered::New { organisation, .. }) = registered else {
        panic!("{login}: {registered:?}");
    };
    app.store
        .apply_membership(&app.system(), organisation, manager.organisation)
        .await
        .expect("an application")
        .to_string()
}

/// An order of the buyer, sent to the cooperative, with the share of the UMKM.
async fn order(
    app: &TestApp,
    umkm: &Person,
    manager: &Person,
    buyer: &Person,
    offer: OfferId,
    ids: &mut Ids,
) {
    let act = buyer.act(app);
    app.put_in_cart(&act, buyer.organisation, offer, 5).await;
    let command = app.command(buyer.organisation, manager.organisation).await;
    let placed = app.store.place_order(&act, &command).await;
    let order = placed.expect("an order").order;
    // What the buyer thinks about next.
    app.put_in_cart(&act, buyer.organisation, offer, 2).await;
    let details = Details {
        deliver_to: "Gudang".to_owned(),
        region_code: REGION.to_owned(),
        ..Details::default()
    };
    app.store
        .set_cart_details(
            &act,
            &viewer(buyer.organisation),
            buyer.organisation,
            manager.organisation,
            &details,
        )
        .await
        .expect("a place to deliver to");
    let shares = app.store.shares_in(umkm.organisation, order).await;
    ids.insert("order", order.to_string());
    ids.insert("share", shares.expect("a share")[0].to_string());
}
