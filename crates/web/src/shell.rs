//! What stands around every page: language, person, organisation, menu, form token, message.
//!
//! Templates ask it for words (`shell.t("…")`), addresses of assets and formatted dates. The menu is drawn from
//! [`crate::nav`] and holds only pages that exist and that this visitor may open.

use domain::{
    accounts::OrganisationKind,
    time::{Day, Instant, Zone},
};
use text::{Arg, Lang, format, t, t_with};

use crate::{
    assets,
    ctx::Ctx,
    flash::Flash,
    nav::{self, Counts, NavItem},
};

/// The signed-in person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub name: String,
}

/// The organisation the person acts for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Org {
    pub id: String,
    pub name: String,
    /// Regency, as people write it.
    pub place: String,
    /// String key of the person's role in it.
    pub role_key: &'static str,
}

/// Which arrangement of bars and menus a page has (IDENTITY §6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frame {
    Public,
    Umkm,
    Manager,
    Buyer,
    Admin,
}

#[derive(Clone, Debug)]
pub struct Shell {
    pub lang: Lang,
    /// The page's own address, for the language link; `/` on pages about errors.
    pub path: String,
    pub person: Option<Person>,
    pub org: Option<Org>,
    /// Other organisations the person may act for.
    pub has_other_orgs: bool,
    /// The second step has to be set up before anything else: only signing out and the language stand around the page.
    pub owes_step: bool,
    pub frame: Frame,
    pub nav: Vec<NavItem>,
    /// Empty where no form may stand.
    pub csrf: String,
    pub flash: Option<Flash>,
    pub cart_count: i64,
    /// Notices that the person has not read, in the matters of the acting organisation.
    pub unread_notices: i64,
    /// `tel:` of the cooperative of an UMKM.
    pub phone_href: Option<String>,
    pub demo: bool,
}

impl Shell {
    pub(crate) fn of_page(ctx: &Ctx, flash: Option<Flash>, counts: &Counts) -> Self {
        let request = ctx.request();
        let is_page = matches!(request.method().as_str(), "GET" | "HEAD");
        let path = match request.query_string() {
            _ if !is_page && ctx.state().site.page_at(request.path()).is_none() => "/".to_owned(),
            "" => request.path().to_owned(),
            query if is_page => format!("{}?{query}", request.path()),
            _ => request.path().to_owned(),
        };
        Self::new(ctx, path, flash, counts)
    }

    /// Around an error: the same bytes whatever was asked for.
    pub(crate) fn of_error(ctx: &Ctx) -> Self {
        Self::new(ctx, "/".to_owned(), None, &Counts::default())
    }

    fn new(ctx: &Ctx, path: String, flash: Option<Flash>, counts: &Counts) -> Self {
        let visitor = ctx.visitor();
        // Whoever still has to set up the second step has no bars and menus yet.
        let acting = ctx.acting().filter(|_| !ctx.owes_step());
        let frame = match acting.map(|acting| acting.kind) {
            None => Frame::Public,
            Some(OrganisationKind::Umkm) => Frame::Umkm,
            Some(OrganisationKind::Cooperative) => Frame::Manager,
            Some(OrganisationKind::Buyer) => Frame::Buyer,
            Some(OrganisationKind::Agency | OrganisationKind::Platform) => Frame::Admin,
        };
        Self {
            lang: ctx.lang(),
            person: visitor.map(|visitor| Person {
                name: visitor.name.clone(),
            }),
            org: acting.map(|acting| Org {
                id: acting.organisation.to_string(),
                name: acting.name.clone(),
                place: domain::regions::short_name(&acting.region_code),
                role_key: nav::role_key(&acting.roles),
            }),
            has_other_orgs: visitor
                .is_some_and(|visitor| visitor.belongs.len() > 1 && !visitor.owes_step),
            owes_step: ctx.owes_step(),
            frame,
            nav: nav::menu(ctx, frame, &path, counts),
            csrf: ctx.csrf().unwrap_or_default(),
            flash,
            unread_notices: counts.notices,
            cart_count: visitor.map_or(0, |visitor| visitor.cart_count),
            phone_href: visitor
                .filter(|visitor| !visitor.owes_step)
                .and_then(|visitor| visitor.cooperative_phone.as_deref())
                .map(|phone| format!("tel:{phone}")),
            demo: ctx.state().config.demo,
            path,
        }
    }

    /// The sentence for a key.
    #[must_use]
    pub fn t(&self, key: &str) -> String {
        t(self.lang, key)
    }

    /// The sentence for a key with one value.
    #[must_use]
    pub fn t1(&self, key: &str, name: &'static str, value: impl Into<Arg>) -> String {
        t_with(self.lang, key, &[(name, value.into())])
    }

    #[must_use]
    pub fn t2(
        &self,
        key: &str,
        name: &'static str,
        value: impl Into<Arg>,
        name2: &'static str,
        value2: impl Into<Arg>,
    ) -> String {
        t_with(
            self.lang,
            key,
            &[(name, value.into()), (name2, value2.into())],
        )
    }

    #[must_use]
    #[expect(
        clippy::too_many_arguments,
        reason = "three names with their values, called from templates"
    )]
    pub fn t3(
        &self,
        key: &str,
        name: &'static str,
        value: impl Into<Arg>,
        name2: &'static str,
        value2: impl Into<Arg>,
        name3: &'static str,
        value3: impl Into<Arg>,
    ) -> String {
        t_with(
            self.lang,
            key,
            &[
                (name, value.into()),
                (name2, value2.into()),
                (name3, value3.into()),
            ],
        )
    }

    /// The address of a file of `static/`, with the hash of its content.
    #[must_use]
    pub fn asset(&self, name: &str) -> String {
        assets::href(name)
    }

    /// `7 September 2026`.
    #[must_use]
    pub fn date(&self, day: Day) -> String {
        format::date(self.lang, day)
    }

    /// `7 September 2026 pukul 14.30 WIB`, as [`format::date_time`].
    #[must_use]
    pub fn date_time(&self, at: Instant, zone: Zone) -> String {
        format::date_time(self.lang, at, zone)
    }

    /// The address of the drawn picture of a commodity or category, `static/pictures/{slug}.svg`; a plain box where
    /// none is drawn.
    #[must_use]
    pub fn picture(&self, slug: &str) -> String {
        let name = format!("pictures/{slug}.svg");
        if assets::has(&name) {
            assets::href(&name)
        } else {
            assets::href("pictures/barang.svg")
        }
    }

    #[must_use]
    pub fn is_public(&self) -> bool {
        self.frame == Frame::Public
    }
    #[must_use]
    pub fn is_umkm(&self) -> bool {
        self.frame == Frame::Umkm
    }
    #[must_use]
    pub fn is_manager(&self) -> bool {
        self.frame == Frame::Manager
    }
    #[must_use]
    pub fn is_buyer(&self) -> bool {
        self.frame == Frame::Buyer
    }
    #[must_use]
    pub fn is_admin(&self) -> bool {
        self.frame == Frame::Admin
    }

    /// `/language?next=…`, the way to the other language and back.
    #[must_use]
    pub fn language_href(&self) -> String {
        format!("/language?next={}", crate::error::encode(&self.path))
    }

    /// The id of the acting organisation, for the hidden field of forms; empty for nobody.
    #[must_use]
    pub fn acting_organisation(&self) -> &str {
        self.org.as_ref().map_or("", |org| &org.id)
    }
}
