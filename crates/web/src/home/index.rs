//! The home page: big tiles with the few things each role does, and what waits.
//!
//! A tile appears once its page exists and this person may open it. Who has to wait for the platform's look, or has
//! no work here yet, is told so.

use askama::Template;
use domain::{
    accounts::{Role, Verification},
    money::grouped,
    orders::OrderState,
    time::Zone,
};
use store::{
    orders::{Filter, Side},
    products::{ListingFilter, ListingSort, ProductLine},
};
use text::{format, units};

use super::{
    guide::{self, Step},
    tasks::{self, Task},
};
use crate::{
    accounts::profile::{self, Missing},
    ctx::{CoopReader, Ctx, Seller, SignedIn},
    error::Error,
    handler::{Answer, FromVisit},
    nav,
    parts::{Head, Picture},
    shell::{Frame, Shell},
};

/// One thing to do.
struct Tile {
    href: &'static str,
    icon: &'static str,
    title_key: &'static str,
    text_key: &'static str,
    /// How many wait; an arrow for 0.
    count: i64,
}

/// What keeps the organisation from acting.
enum Waiting {
    No,
    /// The platform has not looked yet.
    Submitted,
    /// The platform refused, with its reason.
    Rejected(String),
}

#[derive(Template)]
#[template(path = "home/index.html")]
struct Page {
    shell: Shell,
    today: String,
    name: String,
    role: String,
    waiting: Waiting,
    /// The person's own address, as long as nobody has shown that it is theirs.
    unconfirmed: Option<String>,
    /// A buyer's form asks for no person's name: it goes by the organisation's until it is written.
    is_nameless: bool,
    /// What the platform wants to see before it lets the organisation act.
    wanted: Vec<Missing>,
    guide: Vec<Step>,
    tasks: Vec<Task>,
    tiles: Vec<Tile>,
    /// What the owner listed last.
    goods: Vec<(ProductLine, Picture)>,
    more: Vec<(&'static str, String)>,
    /// A cooperative at a glance.
    figures: Vec<Figure>,
    running: Vec<Running>,
    running_heads: Vec<Head>,
    may_offer: bool,
    /// What this role may already read, for those whose own work comes later.
    note_key: Option<&'static str>,
}

/// A figure of the cooperative's overview, with the page behind it.
struct Figure {
    href: &'static str,
    label: String,
    figure: String,
    text: String,
}

/// An order under way.
struct Running {
    href: String,
    number: String,
    buyer: String,
    goods: String,
    collected: String,
    total: String,
}

impl Page {
    fn is_overview(&self) -> bool {
        !self.figures.is_empty()
    }

    fn badge(&self, line: &ProductLine) -> (String, &'static str, &'static str) {
        let (key, kind, icon) = crate::products::shelf_badge(line.shelf);
        (self.shell.t(key), kind, icon)
    }

    fn left(&self, line: &ProductLine) -> String {
        let left = match &line.unit {
            Some(unit) => units::count_of(self.shell.lang, line.free.0, unit),
            None => line.free.to_string(),
        };
        self.shell.t1("home-left", "left", left)
    }
}

/// Goods on an owner's home: each has a picture, and the page asks for six files at most (CHECKLIST §4).
const GOODS: i64 = 1;
/// Orders on a cooperative's overview.
const RUNNING: usize = 6;

type Line = (&'static str, &'static str, &'static str, &'static str);

/// The three things an owner does; money comes with its own pages (CHECKLIST §5).
const UMKM: &[Line] = &[
    ("/products/new", "camera", "home-sell", "home-sell-text"),
    ("/orders", "receipt", "home-shares", "home-shares-text"),
    ("/products", "box", "home-products", "home-products-text"),
];
/// What an owner looks at now and then.
const UMKM_MORE: &[(&str, &str)] = &[
    ("/supplies", "home-supplies"),
    ("/memberships", "home-memberships"),
    ("/people", "home-people"),
];
/// Of a buyer; managers have it in their menu.
const BUYER_MORE: &[(&str, &str)] = &[("/people", "home-people")];
const COOPERATIVE: &[Line] = &[
    ("/orders", "receipt", "home-orders", "home-orders-text"),
    ("/offers", "pool", "home-offers", "home-offers-text"),
    ("/catalogs", "doc", "home-catalogs", "home-catalogs-text"),
    ("/members", "people", "home-members", "home-members-text"),
    (
        "/members/imports",
        "upload",
        "home-imports",
        "home-imports-text",
    ),
];
const BUYER: &[Line] = &[
    ("/search", "search", "home-search", "home-search-text"),
    ("/cart", "basket", "home-cart", "home-cart-text"),
    ("/orders", "receipt", "home-bought", "home-bought-text"),
];
const ADMIN: &[Line] = &[
    ("/admin", "shield-check", "home-verify", "home-verify-text"),
    (
        "/admin/accounts",
        "people",
        "home-accounts",
        "home-accounts-text",
    ),
    (
        "/admin/categories",
        "box",
        "home-categories",
        "home-categories-text",
    ),
    (
        "/admin/settings",
        "gear",
        "home-settings",
        "home-settings-text",
    ),
    ("/admin/events", "doc", "home-events", "home-events-text"),
    ("/admin/jobs", "clock", "home-jobs", "home-jobs-text"),
    ("/dev/mailbox", "mail", "home-mailbox", "home-mailbox-text"),
    ("/search", "search", "home-search", "home-search-text"),
];
const NOBODY: &[Line] = &[("/search", "search", "home-search", "home-search-text")];

pub async fn page(ctx: Ctx, person: SignedIn) -> Answer {
    let shell = ctx.shell().await;
    let known = ctx.store().credentials(person.person).await?;
    let lines = match shell.frame {
        Frame::Public => NOBODY,
        Frame::Umkm => UMKM,
        Frame::Manager => COOPERATIVE,
        Frame::Buyer => BUYER,
        Frame::Admin => ADMIN,
    };
    let waiting_shares = ctx.waiting().await?.orders.shares;
    let tiles = lines
        .iter()
        .filter(|(href, ..)| nav::may_open(&ctx, href))
        .map(|&(href, icon, title_key, text_key)| Tile {
            href,
            icon,
            title_key,
            text_key,
            count: match href {
                "/cart" => shell.cart_count,
                "/orders" if shell.frame == Frame::Umkm => waiting_shares,
                _ => 0,
            },
        })
        .collect();
    let waiting = match ctx.acting() {
        Some(acting) if !acting.may_act() => match acting.verification {
            Verification::Rejected => {
                Waiting::Rejected(acting.verification_note.clone().unwrap_or_default())
            }
            _ => Waiting::Submitted,
        },
        _ => Waiting::No,
    };
    let wanted = match ctx.acting().filter(|acting| !acting.may_act()) {
        Some(acting) => profile::wanted(&ctx.store().own_profile(acting.organisation).await?),
        None => Vec::new(),
    };
    let zone = ctx
        .acting()
        .map_or(Zone::Wib, |acting| Zone::of_region(&acting.region_code));
    let name = match (ctx.acting(), ctx.visitor()) {
        (Some(acting), _) => acting.name.clone(),
        (None, Some(visitor)) => visitor.name.clone(),
        (None, None) => String::new(),
    };
    let page = Page {
        today: format::date_with_weekday(ctx.lang(), zone.day_of(ctx.now())),
        role: shell
            .org
            .as_ref()
            .map(|org| format!("{} · {}", shell.t(org.role_key), org.place))
            .unwrap_or_default(),
        note_key: ctx.acting().and_then(|acting| note_key(&acting.roles)),
        guide: guide::steps(&ctx, &shell).await?,
        tasks: tasks::waiting(&ctx).await?,
        goods: goods(&ctx).await?,
        more: match shell.frame {
            Frame::Umkm => UMKM_MORE,
            Frame::Buyer => BUYER_MORE,
            _ => &[],
        }
        .iter()
        .filter(|(href, _)| nav::may_open(&ctx, href))
        .map(|(href, key)| (*href, shell.t(key)))
        .collect(),
        figures: figures(&ctx, &shell).await?,
        running: running(&ctx, &shell).await?,
        running_heads: vec![
            Head::text(shell.t("home-order-number")),
            Head::text(shell.t("home-order-buyer")),
            Head::text(shell.t("home-order-goods")),
            Head::number(shell.t("home-order-collected")),
            Head::number(shell.t("home-order-total")),
        ],
        may_offer: nav::may_open(&ctx, "/offers/new"),
        is_nameless: shell.is_buyer() && known.name == name,
        unconfirmed: known.email.filter(|_| !known.email_confirmed),
        name,
        waiting,
        wanted,
        tiles,
        shell,
    };
    ctx.html(&page)
}

/// The last things an owner listed, to get at their stock.
async fn goods(ctx: &Ctx) -> Result<Vec<(ProductLine, Picture)>, Error> {
    let Ok(seller) = Seller::from_visit(ctx) else {
        return Ok(Vec::new());
    };
    let filter = ListingFilter {
        sort: ListingSort::Newest,
        page: 1,
        ..ListingFilter::default()
    };
    let lines = ctx
        .store()
        .products_by(seller.organisation, &filter, GOODS)
        .await?
        .rows;
    let ids: Vec<_> = lines.iter().map(|line| line.id).collect();
    let photos = ctx.store().main_photos(seller.organisation, &ids).await?;
    Ok(lines
        .into_iter()
        .map(|line| {
            let picture = Picture::new(&line.picture, photos.get(&line.id));
            (line, picture)
        })
        .collect())
}

/// Orders, offers and members of a cooperative in figures.
async fn figures(ctx: &Ctx, shell: &Shell) -> Result<Vec<Figure>, Error> {
    let Ok(reader) = CoopReader::from_visit(ctx) else {
        return Ok(Vec::new());
    };
    let (store, id) = (ctx.store(), reader.organisation);
    let filter = Filter {
        states: Vec::new(),
        text: String::new(),
        page: 1,
        ..Filter::default()
    };
    let orders = store.orders(Side::Cooperative(id), &filter).await?;
    let offers = store.offer_counts(id).await?;
    let offers_in = |state: &str| -> i64 {
        offers
            .iter()
            .filter(|row| row.state == state)
            .map(|row| row.rows)
            .sum()
    };
    let waiting = ctx.waiting().await?.orders;
    let members = store.member_counts(id).await?;
    let members_in = |status: &str| -> i64 {
        members
            .iter()
            .filter(|row| row.status == status)
            .map(|row| row.members)
            .sum()
    };
    let figure = |href, key: &str, n: i64, text_key: &str, m: i64| Figure {
        href,
        label: shell.t(key),
        figure: grouped(n),
        text: shell.t1(text_key, "n", m),
    };
    Ok(vec![
        figure(
            "/orders",
            "home-figure-orders",
            orders.count(&[OrderState::Sent, OrderState::Confirmed]),
            "home-figure-orders-text",
            waiting.short + waiting.complete,
        ),
        figure(
            "/offers",
            "home-figure-offers",
            offers_in("live"),
            "home-figure-offers-text",
            offers_in("draft") + offers_in("paused"),
        ),
        figure(
            "/members",
            "home-figure-members",
            members_in("active"),
            "home-figure-members-text",
            members_in("applied"),
        ),
    ])
}

/// The latest orders that are under way.
async fn running(ctx: &Ctx, shell: &Shell) -> Result<Vec<Running>, Error> {
    let Ok(reader) = CoopReader::from_visit(ctx) else {
        return Ok(Vec::new());
    };
    let filter = Filter {
        states: vec![OrderState::Sent, OrderState::Confirmed],
        text: String::new(),
        page: 1,
        ..Filter::default()
    };
    let side = Side::Cooperative(reader.organisation);
    let found = ctx.store().orders(side, &filter).await?;
    Ok(found
        .rows
        .into_iter()
        .take(RUNNING)
        .map(|order| Running {
            href: format!("/orders/{}", order.id),
            collected: shell.t2(
                "home-order-given",
                "given",
                grouped(order.given_packs),
                "of",
                grouped(order.packs),
            ),
            number: order.number,
            buyer: order.party,
            goods: order.title,
            total: order.total.to_string(),
        })
        .collect())
}

/// What somebody may read here whose own work is not built yet.
fn note_key(roles: &[Role]) -> Option<&'static str> {
    match roles.iter().min()? {
        Role::CoopBoard => Some("home-note-board"),
        Role::CoopSupervisor => Some("home-note-supervisor"),
        Role::CoopTreasurer => Some("home-note-treasurer"),
        Role::DinasObserver => Some("home-note-observer"),
        _ => None,
    }
}
