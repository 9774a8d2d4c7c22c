//! The list of orders: a buyer's, a cooperative's, or a member's shares.

use std::collections::HashMap;

use askama::Template;
use domain::{
    accounts::OrganisationKind,
    ids::{OrganisationId, ProductId},
    money::grouped,
    orders::OrderState,
    shares::ShareState,
    time::{Instant, Zone},
};
use store::{
    orders::{Filter, Listed, OrderItem, PAGE_ROWS, Partner, ShareItem, Side},
    photos::Photo,
};
use text::{format, t_with};

use super::asked::Asked;
use super::words::{Mark, Measure, moment, order_mark, share_mark};
use crate::{
    ctx::{Ctx, SignedIn},
    error::Error,
    form::Form,
    handler::Answer,
    parts::{Bar, Choice, Head, Pager, Picture, Tab},
    shell::Shell,
};

/// Where a list comes from: a code in the address, its words, the states behind it, and whether somebody waits there.
pub(super) type Part<S> = (&'static str, &'static str, &'static [S], bool);

pub(super) const BUYER: &[Part<OrderState>] = &[
    ("all", "orders-tab-all", &[], false),
    (
        "approval",
        "orders-tab-approval",
        &[OrderState::PendingApproval, OrderState::Draft],
        true,
    ),
    ("sent", "orders-tab-sent", &[OrderState::Sent], false),
    (
        "confirmed",
        "orders-tab-confirmed",
        &[OrderState::Confirmed],
        false,
    ),
    (
        "ended",
        "orders-tab-ended",
        &[
            OrderState::Declined,
            OrderState::Cancelled,
            OrderState::Expired,
        ],
        false,
    ),
];
pub(super) const COOPERATIVE: &[Part<OrderState>] = &[
    ("all", "orders-tab-all", &[], false),
    ("sent", "orders-tab-answer", &[OrderState::Sent], true),
    (
        "confirmed",
        "orders-tab-confirmed",
        &[OrderState::Confirmed],
        false,
    ),
    (
        "ended",
        "orders-tab-ended",
        &[
            OrderState::Declined,
            OrderState::Cancelled,
            OrderState::Expired,
        ],
        false,
    ),
];
pub(super) const MEMBER: &[Part<ShareState>] = &[
    ("all", "orders-tab-all", &[], false),
    ("open", "shares-tab-open", &[ShareState::Proposed], true),
    (
        "given",
        "shares-tab-given",
        &[ShareState::Accepted, ShareState::Reduced],
        false,
    ),
    (
        "not",
        "shares-tab-not",
        &[ShareState::Declined, ShareState::Released],
        false,
    ),
];

struct OrderRow {
    href: String,
    number: String,
    party: String,
    goods: String,
    date: String,
    total: String,
    mark: Mark,
    bar: Bar,
    /// "18 dari 25"; empty where nothing is being collected.
    given: String,
    /// What comes next, in words.
    next: String,
}

struct ShareRow {
    href: String,
    picture: Picture,
    title: String,
    from: String,
    quantity: String,
    money: String,
    mark: Mark,
    deadline: String,
    is_open: bool,
}

/// Shares of one order.
struct ShareGroup {
    /// Whose order, with its number, and what all of it brings; empty for a single share, which says so itself.
    head: String,
    sum: String,
    rows: Vec<ShareRow>,
}

#[derive(Template)]
#[template(path = "orders/index.html")]
struct Page {
    shell: Shell,
    tabs: Vec<Tab>,
    tab: &'static str,
    query: String,
    /// The filter as it was typed.
    form: Form,
    partner_label: String,
    partners: Vec<Choice>,
    /// A partner or days narrow the list down.
    is_narrowed: bool,
    /// Nothing at all, whatever the filter.
    is_empty: bool,
    orders: Vec<OrderRow>,
    shares: Vec<ShareGroup>,
    heads: Vec<Head>,
    pager: Pager,
    /// Where this part of the list is to be had as a file.
    export: String,
}

fn tabs<T, S: PartialEq>(
    ctx: &Ctx,
    parts: &[Part<S>],
    asked: &Asked,
    listed: &Listed<T, S>,
) -> Vec<Tab> {
    parts
        .iter()
        .enumerate()
        .map(|(at, (code, key, states, waits))| {
            let count = listed.count(states);
            Tab {
                href: asked.href(code, 1),
                label: ctx.t(key),
                count: Some(count),
                is_hot: *waits && count > 0,
                is_current: at == asked.tab,
            }
        })
        .collect()
}

fn pager(ctx: &Ctx, tab: &str, asked: &Asked, found: i64, shown: usize) -> Pager {
    let pages = (found + PAGE_ROWS - 1).div_euclid(PAGE_ROWS).max(1);
    let first = (asked.page - 1) * PAGE_ROWS;
    let last = first + i64::try_from(shown).unwrap_or(0);
    let sentence = t_with(
        ctx.lang(),
        "orders-found",
        &[
            ("first", grouped((first + 1).min(last)).into()),
            ("last", grouped(last).into()),
            ("found", grouped(found).into()),
        ],
    );
    Pager::new(sentence, asked.page, pages, |page| asked.href(tab, page))
}

pub async fn page(ctx: Ctx, _: SignedIn) -> Answer {
    let acting = ctx.acting().ok_or(Error::Forbidden)?;
    let organisation = acting.organisation;
    match acting.kind {
        OrganisationKind::Umkm => shares(&ctx, organisation).await,
        OrganisationKind::Buyer => {
            orders(&ctx, Side::Buyer(organisation), BUYER, "orders-head-seller").await
        }
        _ => {
            orders(
                &ctx,
                Side::Cooperative(organisation),
                COOPERATIVE,
                "orders-head-buyer",
            )
            .await
        }
    }
}

/// The part of the list that is asked for.
pub(super) fn part<S: Copy>(ctx: &Ctx, parts: &[Part<S>]) -> (Asked, Filter<S>, &'static str) {
    let codes: Vec<&str> = parts.iter().map(|part| part.0).collect();
    let asked = Asked::read(ctx, &codes);
    let (tab, states) = parts
        .get(asked.tab)
        .map_or(("all", &[][..]), |part| (part.0, part.2));
    let filter = asked.filter(states, zone(ctx));
    (asked, filter, tab)
}

async fn shares(ctx: &Ctx, member: OrganisationId) -> Answer {
    let (asked, filter, tab) = part(ctx, MEMBER);
    let listed = ctx.store().shares_of(member, &filter).await?;
    let mut products: Vec<ProductId> = listed.rows.iter().map(|row| row.product).collect();
    products.sort_unstable();
    products.dedup();
    let photos = ctx.store().main_photos(member, &products).await?;
    let page = Page {
        shell: ctx.shell().await,
        tabs: tabs(ctx, MEMBER, &asked, &listed),
        tab,
        is_empty: listed.count(&[]) == 0,
        shares: listed
            .rows
            .chunk_by(|one, other| one.order == other.order)
            .map(|items| share_group(ctx, items, &photos))
            .collect(),
        orders: Vec::new(),
        heads: Vec::new(),
        export: asked.export(tab),
        partner_label: ctx.t("orders-head-seller"),
        partners: choices(ctx.store().share_partners(member).await?),
        is_narrowed: asked.is_narrowed(),
        pager: pager(ctx, tab, &asked, listed.found, listed.rows.len()),
        query: asked.text,
        form: asked.form,
    };
    show(ctx, &page)
}

async fn orders(
    ctx: &Ctx,
    side: Side,
    parts: &[Part<OrderState>],
    party_key: &'static str,
) -> Answer {
    let (asked, filter, tab) = part(ctx, parts);
    let listed = ctx.store().orders(side, &filter).await?;
    let is_buyer = matches!(side, Side::Buyer(_));
    let page = Page {
        shell: ctx.shell().await,
        tabs: tabs(ctx, parts, &asked, &listed),
        tab,
        is_empty: listed.count(&[]) == 0,
        orders: listed
            .rows
            .iter()
            .map(|row| order_row(ctx, row, is_buyer))
            .collect(),
        shares: Vec::new(),
        heads: vec![
            Head::text(ctx.t("orders-head-number")),
            Head::text(ctx.t(party_key)),
            Head::text(ctx.t("orders-head-goods")),
            Head::text(ctx.t("orders-head-given")),
            Head::number(ctx.t("orders-total")),
            Head::text(ctx.t("orders-head-state")),
        ],
        export: asked.export(tab),
        partner_label: ctx.t(party_key),
        partners: choices(ctx.store().order_partners(side).await?),
        is_narrowed: asked.is_narrowed(),
        pager: pager(ctx, tab, &asked, listed.found, listed.rows.len()),
        query: asked.text,
        form: asked.form,
    };
    show(ctx, &page)
}

fn choices(partners: Vec<Partner>) -> Vec<Choice> {
    partners
        .into_iter()
        .map(|partner| Choice::new(partner.id, partner.name))
        .collect()
}

fn show(ctx: &Ctx, page: &Page) -> Answer {
    if page.form.has_errors() {
        ctx.unprocessable(page)
    } else {
        ctx.html(page)
    }
}

pub(super) fn zone(ctx: &Ctx) -> Zone {
    ctx.acting()
        .map_or(Zone::Wib, |acting| Zone::of_region(&acting.region_code))
}

fn until(ctx: &Ctx, at: Instant) -> String {
    format::deadline_in_words(ctx.lang(), ctx.now(), at, zone(ctx))
}

fn order_row(ctx: &Ctx, item: &OrderItem, is_buyer: bool) -> OrderRow {
    let lang = ctx.lang();
    let given = t_with(
        lang,
        "orders-given",
        &[
            ("given", grouped(item.given_packs).into()),
            ("packs", grouped(item.packs).into()),
        ],
    );
    let is_collecting = matches!(item.state, OrderState::Sent | OrderState::Confirmed);
    let next = match item.state {
        OrderState::Sent if item.consent_open && is_buyer => ctx.t("orders-next-consent"),
        OrderState::Sent if item.consent_open => ctx.t("orders-next-buyer"),
        OrderState::Sent if is_buyer => item
            .expires_at
            .map(|at| {
                t_with(
                    lang,
                    "orders-next-cooperative",
                    &[("until", until(ctx, at).into())],
                )
            })
            .unwrap_or_default(),
        OrderState::Sent if item.open_shares > 0 => t_with(
            lang,
            "orders-next-members",
            &[("n", item.open_shares.into())],
        ),
        OrderState::Sent if item.given_packs < item.packs => ctx.t("orders-next-short"),
        OrderState::Sent if item.freight_pending => ctx.t("orders-next-freight"),
        OrderState::Sent => ctx.t("orders-next-confirm"),
        OrderState::PendingApproval => ctx.t("orders-next-approval"),
        OrderState::Draft => ctx.t("orders-next-returned"),
        _ => String::new(),
    };
    OrderRow {
        href: format!("/orders/{}", item.id),
        number: item.number.clone(),
        party: item.party.clone(),
        goods: if item.more_lines > 0 {
            t_with(
                lang,
                "orders-goods-more",
                &[
                    ("title", item.title.as_str().into()),
                    ("n", item.more_lines.into()),
                ],
            )
        } else {
            item.title.clone()
        },
        date: moment(lang, item.created_at, zone(ctx)),
        total: item.total.to_string(),
        mark: order_mark(item.state),
        bar: Bar::coming(
            given.clone(),
            item.given_packs,
            (item.packs - item.given_packs).max(0),
        ),
        given: if is_collecting { given } else { String::new() },
        next,
    }
}

fn share_group(ctx: &Ctx, items: &[ShareItem], photos: &HashMap<ProductId, Photo>) -> ShareGroup {
    let (head, sum) = match items.first() {
        Some(first) if first.of_order > 1 => (
            format!("{} · {}", first.cooperative, first.number),
            t_with(
                ctx.lang(),
                "shares-order-sum",
                &[
                    ("n", first.of_order.into()),
                    ("sum", first.order_money.to_string().into()),
                ],
            ),
        ),
        _ => (String::new(), String::new()),
    };
    let rows = items.iter();
    ShareGroup {
        head,
        sum,
        rows: rows
            .map(|item| share_row(ctx, item, photos.get(&item.product)))
            .collect(),
    }
}

fn share_row(ctx: &Ctx, item: &ShareItem, photo: Option<&Photo>) -> ShareRow {
    let lang = ctx.lang();
    let measure = Measure::new(&item.unit, item.carton_name.as_deref(), item.packs_per_unit);
    let is_given = item.state.holds_stock();
    let packs = if is_given {
        item.packs
    } else {
        item.proposed_packs
    };
    let is_open = item.state == ShareState::Proposed && item.order_state == OrderState::Sent;
    let home = Zone::of_region(&item.cooperative_region);
    ShareRow {
        href: format!("/shares/{}", item.id),
        picture: Picture::new(&item.picture, photo),
        title: item.title.clone(),
        from: format!("{} · {}", item.cooperative, item.number),
        quantity: measure.both(lang, packs),
        money: item
            .member_price
            .times(domain::quantity::Packs(packs))
            .map(|money| money.to_string())
            .unwrap_or_default(),
        mark: share_mark(item.state),
        deadline: item
            .answer_by
            .filter(|_| is_open)
            .map(|at| {
                t_with(
                    lang,
                    "shares-answer-by",
                    &[(
                        "until",
                        format::deadline_in_words(lang, ctx.now(), at, home).into(),
                    )],
                )
            })
            .unwrap_or_default(),
        is_open,
    }
}
