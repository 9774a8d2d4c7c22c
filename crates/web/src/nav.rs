//! The menus: what each arrangement would like to show. What does not exist yet, or is not for this visitor, stays
//! out by itself, because the table of routes is asked.

use domain::accounts::{OrganisationKind, Role};
use store::orders;

use crate::{
    ctx::{Ctx, acting_as},
    error::Error,
    routes::Access,
    shell::Frame,
};

/// One line of a menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NavItem {
    pub href: &'static str,
    pub label_key: &'static str,
    /// Name of the symbol in `static/icons.svg`.
    pub icon: &'static str,
    /// How many wait behind it; none shown for `None`.
    pub count: Option<i64>,
    /// Somebody waits for this visitor.
    pub hot: bool,
    /// The page is at or below this one.
    pub current: bool,
}

type Line = (&'static str, &'static str, &'static str);

const PUBLIC: &[Line] = &[
    ("/search", "nav-catalog", "search"),
    ("/cooperatives", "nav-cooperatives", "building"),
    ("/how-it-works", "nav-how", "help"),
    ("/help", "nav-help", "help"),
    ("/register", "nav-register", "building"),
    ("/login", "nav-login", "person"),
];
const UMKM: &[Line] = &[
    ("/home", "nav-home", "home"),
    ("/products", "nav-products", "box"),
    ("/orders", "nav-orders", "receipt"),
    ("/money", "nav-money", "money"),
    ("/help", "nav-help", "help"),
];
const COOPERATIVE: &[Line] = &[
    ("/home", "nav-home", "home"),
    ("/notices", "nav-notices", "bell"),
    ("/orders", "nav-orders", "receipt"),
    ("/offers", "nav-offers", "pool"),
    ("/catalogs", "nav-catalogs", "doc"),
    ("/questions", "nav-questions", "chat"),
    ("/members", "nav-members", "people"),
    ("/products", "nav-products", "box"),
    ("/people", "nav-people", "person"),
];
const BUYER: &[Line] = &[
    ("/search", "nav-search", "search"),
    ("/cart", "nav-cart", "basket"),
    ("/orders", "nav-orders", "receipt"),
    ("/home", "nav-home", "home"),
    ("/help", "nav-help", "help"),
];
const ADMIN: &[Line] = &[
    ("/home", "nav-home", "home"),
    ("/notices", "nav-notices", "bell"),
    ("/admin", "nav-admin", "shield-check"),
    ("/admin/accounts", "nav-accounts", "people"),
    ("/admin/categories", "nav-categories", "box"),
    ("/admin/units", "nav-units", "scales"),
    ("/admin/settings", "nav-settings", "gear"),
    ("/admin/events", "nav-events", "doc"),
    ("/admin/security", "nav-security", "eye"),
    ("/admin/jobs", "nav-jobs", "clock"),
    ("/search", "nav-search", "search"),
    ("/dev/mailbox", "nav-mailbox", "mail"),
];

/// What waits for the people of the acting organisation.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    pub orders: orders::Waiting,
    /// Applications for membership in a cooperative.
    pub memberships: i64,
    /// Buyers' questions to a cooperative.
    pub questions: i64,
    /// Organisations that the administrator has not looked at.
    pub applicants: i64,
    /// Notices that the person has not read.
    pub notices: i64,
    /// Jobs that failed for good.
    pub dead_jobs: i64,
}

impl Counts {
    /// Asks the store what this visitor's kind of organisation can have waiting.
    pub(crate) async fn load(ctx: &Ctx) -> Result<Self, Error> {
        let mut counts = Self::default();
        if let Some(visitor) = ctx.visitor() {
            let acting = ctx.acting().map(|acting| acting.organisation);
            counts.notices = ctx.store().unread_notices(visitor.person, acting).await?;
        }
        let Some(acting) = ctx.acting().filter(|acting| acting.may_act()) else {
            return Ok(counts);
        };
        let id = acting.organisation;
        match acting.kind {
            OrganisationKind::Umkm | OrganisationKind::Buyer => {
                counts.orders = ctx.store().orders_waiting(id).await?;
            }
            OrganisationKind::Cooperative => {
                counts.orders = ctx.store().orders_waiting(id).await?;
                counts.memberships = ctx.store().memberships_waiting(id).await?;
                counts.questions = ctx.store().questions_waiting(id).await?;
            }
            OrganisationKind::Platform => {
                counts.applicants = ctx.store().applicants_waiting().await?;
                counts.dead_jobs = ctx.store().dead_jobs_waiting().await?;
            }
            OrganisationKind::Agency => {}
        }
        Ok(counts)
    }

    fn at(&self, frame: Frame, href: &str) -> i64 {
        let orders = &self.orders;
        match (frame, href) {
            (_, "/notices") => self.notices,
            (Frame::Umkm, "/shares" | "/orders") => orders.shares,
            // What waits for members or the buyer is nothing to do.
            (Frame::Manager, "/orders") => orders.short + orders.complete,
            (Frame::Manager, "/members") => self.memberships,
            (Frame::Manager, "/questions") => self.questions,
            (Frame::Buyer, "/orders") => orders.to_approve + orders.consents + orders.returned,
            (Frame::Admin, "/admin") => self.applicants,
            (Frame::Admin, "/admin/jobs") => self.dead_jobs,
            _ => 0,
        }
    }
}

pub(crate) fn menu(ctx: &Ctx, frame: Frame, path: &str, counts: &Counts) -> Vec<NavItem> {
    let lines = match frame {
        Frame::Public => PUBLIC,
        Frame::Umkm => UMKM,
        Frame::Manager => COOPERATIVE,
        Frame::Buyer => BUYER,
        Frame::Admin => ADMIN,
    };
    let path = path.split('?').next().unwrap_or_default();
    let is_at = |href: &str| {
        path == href
            || path
                .strip_prefix(href)
                .is_some_and(|rest| rest.starts_with('/'))
    };
    // Of two lines above the page, the nearer one: `/admin/accounts`, not `/admin`.
    let current = lines
        .iter()
        .map(|(href, ..)| *href)
        .filter(|href| is_at(href))
        .max_by_key(|href| href.len());
    lines
        .iter()
        .filter(|(href, ..)| may_open(ctx, href))
        .map(|&(href, label_key, icon)| (href, label_key, icon, counts.at(frame, href)))
        .map(|(href, label_key, icon, waiting)| NavItem {
            href,
            label_key,
            icon,
            count: (waiting > 0).then_some(waiting),
            hot: waiting > 0,
            current: current == Some(href),
        })
        .collect()
}

/// Whether there is such a page and this visitor may see it.
pub(crate) fn may_open(ctx: &Ctx, href: &str) -> bool {
    let path = href.split('?').next().unwrap_or_default();
    let route = ctx.state().site.page_at(path);
    let is_kept_out = ctx.owes_step() && !route.is_some_and(|route| route.before_step);
    match route.map(|route| route.access) {
        _ if is_kept_out => false,
        None => false,
        Some(Access::Public) => true,
        Some(Access::SignedIn) => ctx.visitor().is_some(),
        Some(Access::Roles(roles)) => acting_as(ctx, roles).is_ok(),
    }
}

/// The string key of the weightiest of a person's roles.
pub(crate) fn role_key(roles: &[Role]) -> &'static str {
    match roles.iter().min() {
        Some(Role::UmkmOwner) => "role-umkm-owner",
        Some(Role::CoopManager) => "role-coop-manager",
        Some(Role::CoopBoard) => "role-coop-board",
        Some(Role::CoopSupervisor) => "role-coop-supervisor",
        Some(Role::CoopTreasurer) => "role-coop-treasurer",
        Some(Role::BuyerStaff) => "role-buyer-staff",
        Some(Role::BuyerApprover) => "role-buyer-approver",
        Some(Role::PlatformAdmin) => "role-platform-admin",
        Some(Role::DinasObserver) => "role-dinas-observer",
        None => "role-none",
    }
}
