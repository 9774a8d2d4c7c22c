//! The home page: big tiles with the few things each role does, and what waits.
//!
//! A tile appears once its page exists and this person may open it. Who has to wait for the platform's look, or has
//! no work here yet, is told so.

use askama::Template;
use domain::{
    accounts::{Role, Verification},
    time::Zone,
};
use text::format;

use super::tasks::{self, Task};
use crate::{
    accounts::profile::{self, Missing},
    ctx::{Ctx, SignedIn},
    handler::Answer,
    nav,
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
    /// What the platform wants to see before it lets the organisation act.
    wanted: Vec<Missing>,
    tasks: Vec<Task>,
    tiles: Vec<Tile>,
    /// What this role may already read, for those whose own work comes later.
    note_key: Option<&'static str>,
}

type Line = (&'static str, &'static str, &'static str, &'static str);

const UMKM: &[Line] = &[
    ("/products/new", "plus", "home-sell", "home-sell-text"),
    ("/orders", "receipt", "home-shares", "home-shares-text"),
    ("/products", "box", "home-products", "home-products-text"),
    ("/supplies", "pool", "home-supplies", "home-supplies-text"),
    (
        "/memberships",
        "people",
        "home-memberships",
        "home-memberships-text",
    ),
];
const COOPERATIVE: &[Line] = &[
    ("/orders", "receipt", "home-orders", "home-orders-text"),
    ("/offers", "pool", "home-offers", "home-offers-text"),
    ("/catalogs", "doc", "home-catalogs", "home-catalogs-text"),
    ("/members", "people", "home-members", "home-members-text"),
    ("/imports", "upload", "home-imports", "home-imports-text"),
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

pub async fn page(ctx: Ctx, _: SignedIn) -> Answer {
    let shell = ctx.shell().await;
    let lines = match shell.frame {
        Frame::Public => NOBODY,
        Frame::Umkm => UMKM,
        Frame::Manager => COOPERATIVE,
        Frame::Buyer => BUYER,
        Frame::Admin => ADMIN,
    };
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
        tasks: tasks::waiting(&ctx).await?,
        name,
        waiting,
        wanted,
        tiles,
        shell,
    };
    ctx.html(&page)
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
