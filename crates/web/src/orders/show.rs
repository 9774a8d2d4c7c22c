//! One order: its lines and money, who supplies them, what happened, and the one thing that comes next.
//!
//! A member has no order, only its share of one: it is led there.

use actix_web::http::StatusCode;
use askama::Template;
use domain::{
    accounts::{OrganisationKind, Role},
    ids::OrderId,
    orders::{Actor, OrderEvent, OrderState, needs_approval, open_events},
    time::Zone,
};
use store::orders::{OrderView, Side};
use text::{format, t, t_with};

use super::{
    beside::{More, facts, is_fetched, is_over, terms, whatsapp},
    line::Line,
    words::{Mark, Measure, moment, order_mark},
};
use crate::{
    cart::card::{freight, ppn},
    ctx::{Ctx, SignedIn},
    error::Error,
    form::Form,
    handler::{Answer, Id},
    parts::{Crumb, Event},
    photos,
    shell::Shell,
};

/// What the person who looks can do now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Can {
    approve: bool,
    give_back: bool,
    submit: bool,
    /// Put the returned order into the cart once more.
    change: bool,
    /// Put the same goods into the cart once more.
    reorder: bool,
    cancel: bool,
    confirm: bool,
    decline: bool,
    ask_reduced: bool,
    enter_freight: bool,
    consent: bool,
    /// The changed order is above what this person may agree to alone.
    consent_too_high: bool,
}

/// A question to the buyer, in words.
struct Question {
    title_key: &'static str,
    /// "100 dus menjadi 95 dus", one for each line that changes.
    changes: Vec<(String, String, String)>,
    before: String,
    after: String,
}

#[derive(Template)]
#[template(path = "orders/show.html")]
struct Page {
    shell: Shell,
    form: Form,
    crumbs: Vec<Crumb>,
    id: OrderId,
    number: String,
    mark: Mark,
    /// The other side and the day: "Koperasi … · dipesan Rabu, 2 September 2026".
    about: String,
    lines: Vec<Line>,
    /// Members' table, with deeds; buyers see origin only.
    is_cooperative: bool,
    goods: String,
    ppn: String,
    freight: String,
    total: String,
    /// What stands above the sums.
    worth_key: &'static str,
    /// How the buyer pays, or that there is nothing to pay; empty where nothing is to be said of it.
    terms: String,
    delivery_key: &'static str,
    facts: Vec<(String, String)>,
    /// Whom to call: name, number and its link.
    contact: Option<(String, String, String)>,
    events: Vec<Event>,
    question: Option<Question>,
    /// Words and address of the order that this one took the place of, or of the one that took its.
    other: Option<(String, String)>,
    can: Can,
    /// What everybody waits for: kind and words of a note.
    waits: Option<(&'static str, String)>,
    /// The form that was refused.
    again: Option<OrderEvent>,
    /// Opens WhatsApp with a text for the other side.
    whatsapp: String,
}

pub async fn page(ctx: Ctx, _: SignedIn, Id(order): Id<OrderId>) -> Answer {
    let acting = ctx.acting().ok_or(Error::Forbidden)?;
    if acting.kind == OrganisationKind::Umkm {
        let shares = ctx.store().shares_in(acting.organisation, order).await?;
        return match shares.as_slice() {
            [] => Err(Error::NotFound),
            [share, ..] => ctx.see(format!("/shares/{share}")),
        };
    }
    draw(&ctx, order, ctx.empty_form(), None).await
}

/// The page once more, with what is wrong in the form of a deed.
pub(super) async fn again(ctx: &Ctx, order: OrderId, form: Form, deed: OrderEvent) -> Answer {
    draw(ctx, order, form, Some(deed)).await
}

async fn draw(ctx: &Ctx, order: OrderId, form: Form, again: Option<OrderEvent>) -> Answer {
    let acting = ctx.acting().ok_or(Error::Forbidden)?;
    let side = if acting.kind == OrganisationKind::Buyer {
        Side::Buyer(acting.organisation)
    } else {
        Side::Cooperative(acting.organisation)
    };
    let view = ctx
        .store()
        .order(side, order)
        .await?
        .ok_or(Error::NotFound)?;
    let status = if form.has_errors() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let more = More::of(ctx, &view, side).await?;
    let mut page = of(ctx, &view, &more, side, form, again).await;
    let photos = photos::of_offers(ctx, view.lines.iter().map(|line| line.offer)).await?;
    for (line, of) in page.lines.iter_mut().zip(&view.lines) {
        line.picture.put(photos.get(&of.offer));
    }
    ctx.html_as(status, &page)
}

async fn of(
    ctx: &Ctx,
    view: &OrderView,
    more: &More,
    side: Side,
    form: Form,
    again: Option<OrderEvent>,
) -> Page {
    let lang = ctx.lang();
    let zone = ctx
        .acting()
        .map_or(Zone::Wib, |acting| Zone::of_region(&acting.region_code));
    let is_cooperative = matches!(side, Side::Cooperative(_));
    let party = if is_cooperative {
        &view.buyer_name
    } else {
        &view.cooperative_name
    };
    let ordered_on = format::date_with_weekday(lang, zone.day_of(view.created_at));
    let can = can(ctx, view, is_cooperative);
    Page {
        shell: ctx.shell().await,
        form,
        crumbs: vec![Crumb::new("/orders", ctx.t("orders-title"))],
        id: view.id,
        number: view.number.clone(),
        mark: order_mark(view.state),
        about: t_with(
            lang,
            "orders-about",
            &[("party", party.into()), ("day", ordered_on.into())],
        ),
        lines: view
            .lines
            .iter()
            .map(|line| Line::of(lang, line, view, is_cooperative, zone))
            .collect(),
        is_cooperative,
        goods: view.goods.to_string(),
        ppn: ppn(lang, view.is_pkp, view.ppn),
        freight: freight(lang, view.freight, !is_cooperative),
        total: view.total.to_string(),
        worth_key: match is_cooperative || is_over(view.state) {
            true => "orders-worth",
            false => "orders-to-pay",
        },
        terms: terms(ctx, view, is_cooperative),
        delivery_key: match is_fetched(view) {
            true => "orders-check-fetching",
            false => "orders-check-delivery",
        },
        facts: facts(ctx, view, more, is_cooperative),
        contact: more.contact.clone(),
        events: events(ctx, view, more, zone),
        question: question(ctx, view),
        other: other(ctx, view),
        waits: waits(ctx, view, can, is_cooperative, zone),
        can,
        again,
        whatsapp: whatsapp(ctx, view, more, is_cooperative),
    }
}

/// Whether members have all answered, and how many packs are missing then.
fn missing(view: &OrderView) -> (usize, i64) {
    let mut open = 0;
    let mut missing = 0_i64;
    for line in &view.lines {
        open += line
            .shares
            .iter()
            .filter(|share| !share.state.is_answered())
            .count();
        let given: i64 = line
            .shares
            .iter()
            .filter(|share| share.state.holds_stock())
            .map(|share| share.packs)
            .sum();
        missing = missing.saturating_add((line.packs - given).max(0));
    }
    (open, missing)
}

fn given(view: &OrderView) -> i64 {
    view.lines
        .iter()
        .flat_map(|line| &line.shares)
        .filter(|share| share.state.is_given())
        .map(|share| share.packs)
        .sum()
}

fn can(ctx: &Ctx, view: &OrderView, is_cooperative: bool) -> Can {
    let Some(acting) = ctx.acting() else {
        return Can::default();
    };
    let has = |role| acting.roles.contains(&role);
    let actor = match is_cooperative {
        true if has(Role::CoopManager) => Actor::CoopManager,
        // Board, supervisor and treasurer read.
        true => return Can::default(),
        false if has(Role::BuyerApprover) => Actor::BuyerApprover,
        false => Actor::BuyerStaff,
    };
    let open: Vec<OrderEvent> = open_events(view.state, actor).collect();
    let may = |event| open.contains(&event);
    let is_maker = ctx
        .visitor()
        .is_some_and(|visitor| visitor.person == view.created_by);
    let approve = may(OrderEvent::Approve) && !(view.four_eyes && is_maker);
    let (open_shares, missing) = missing(view);
    let is_asked = view.consent.is_some();
    let is_manager = actor == Actor::CoopManager && view.state == OrderState::Sent;
    let too_high = |after, before| {
        actor == Actor::BuyerStaff && after > before && needs_approval(after, view.staff_limit)
    };
    Can {
        approve,
        give_back: may(OrderEvent::Return) && approve,
        submit: may(OrderEvent::Submit) && !approve,
        change: view.state == OrderState::Draft && !approve,
        reorder: !is_cooperative
            && !matches!(view.state, OrderState::Draft | OrderState::PendingApproval),
        cancel: may(OrderEvent::Cancel),
        confirm: may(OrderEvent::Confirm)
            && open_shares == 0
            && missing == 0
            && !is_asked
            && !view.freight_pending,
        decline: may(OrderEvent::Decline),
        ask_reduced: is_manager && open_shares == 0 && missing > 0 && !is_asked && given(view) > 0,
        enter_freight: is_manager && view.freight_pending && !is_asked,
        consent: !is_cooperative && is_asked,
        consent_too_high: view
            .consent
            .as_ref()
            .is_some_and(|consent| !is_cooperative && too_high(consent.after, consent.before)),
    }
}

fn waits(
    ctx: &Ctx,
    view: &OrderView,
    can: Can,
    is_cooperative: bool,
    zone: Zone,
) -> Option<(&'static str, String)> {
    let lang = ctx.lang();
    let until = |at| format::deadline_in_words(lang, ctx.now(), at, zone);
    let (open, missing) = missing(view);
    let words = match view.state {
        OrderState::PendingApproval if !can.approve => ctx.t("orders-waits-approval"),
        OrderState::Draft if !can.approve => ctx.t("orders-waits-maker"),
        OrderState::Sent if is_cooperative && view.consent.is_some() => ctx.t("orders-waits-buyer"),
        OrderState::Sent if is_cooperative && open > 0 => t_with(
            lang,
            "orders-waits-members",
            &[
                ("n", open.into()),
                (
                    "until",
                    view.answer_by.map(until).unwrap_or_default().into(),
                ),
            ],
        ),
        OrderState::Sent if is_cooperative && missing > 0 && given(view) == 0 => {
            ctx.t("orders-waits-nothing")
        }
        OrderState::Sent if !is_cooperative && view.consent.is_none() => t_with(
            lang,
            "orders-waits-cooperative",
            &[(
                "until",
                view.expires_at.map(until).unwrap_or_default().into(),
            )],
        ),
        OrderState::Confirmed => {
            return Some(("ok", ctx.t("orders-waits-confirmed")));
        }
        _ => return None,
    };
    Some(("info", words))
}

fn other(ctx: &Ctx, view: &OrderView) -> Option<(String, String)> {
    let (key, other) = match (&view.replaced_by, &view.replaces) {
        (Some(new), _) => ("orders-replaced-by", new),
        (None, Some(old)) => ("orders-replaces", old),
        (None, None) => return None,
    };
    let words = t_with(ctx.lang(), key, &[("number", other.number.as_str().into())]);
    Some((words, format!("/orders/{}", other.id)))
}

fn question(ctx: &Ctx, view: &OrderView) -> Option<Question> {
    let lang = ctx.lang();
    let consent = view.consent.as_ref()?;
    let changes = view
        .lines
        .iter()
        .filter_map(|line| {
            let new = consent.lines.iter().find(|new| new.line == line.id.0)?;
            let measure =
                Measure::new(&line.unit, line.carton_name.as_deref(), line.packs_per_unit);
            (new.units != line.units).then(|| {
                (
                    line.title.clone(),
                    measure.units(lang, line.units),
                    measure.units(lang, new.units),
                )
            })
        })
        .collect();
    Some(Question {
        title_key: match consent.kind {
            domain::orders::ConsentKind::Reduced => "orders-question-reduced",
            domain::orders::ConsentKind::Freight => "orders-question-freight",
        },
        changes,
        before: consent.before.to_string(),
        after: consent.after.to_string(),
    })
}

/// The string key of what happened; `None` for what nobody needs to read here.
fn event_key(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "submit" => "orders-event-submit",
        "ask_approval" => "orders-event-ask-approval",
        "approve" => "orders-event-approve",
        "return" => "orders-event-return",
        "confirm" => "orders-event-confirm",
        "decline" => "orders-event-decline",
        "cancel" => "orders-event-cancel",
        "time_out" => "orders-event-time-out",
        "order_short" => "orders-event-short",
        "shares_complete" => "orders-event-complete",
        "shared_again" => "orders-event-shared-again",
        "consent_asked" => "orders-event-consent-asked",
        "consent_accepted" => "orders-event-consent-accepted",
        "consent_refused" => "orders-event-consent-refused",
        _ => return None,
    })
}

fn events(ctx: &Ctx, view: &OrderView, more: &More, zone: Zone) -> Vec<Event> {
    let lang = ctx.lang();
    let mut events: Vec<Event> = view
        .events
        .iter()
        .filter_map(|event| {
            let detail = [event.who.clone(), event.reason.clone()]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(" · ");
            let is_end = event.to.is_some_and(is_over);
            Some(Event {
                word: t(lang, event_key(&event.kind)?),
                when: moment(lang, event.at, zone),
                detail,
                state: if is_end { "bad" } else { "done" },
            })
        })
        .collect();
    let ahead = |key: &str, state| Event {
        word: ctx.t(key),
        state,
        ..Event::default()
    };
    match view.state {
        OrderState::Draft => events.push(ahead("orders-ahead-maker", "now")),
        OrderState::PendingApproval => {
            events.push(ahead("orders-ahead-approval", "now"));
            events.push(ahead("orders-state-sent", "next"));
        }
        OrderState::Sent => {
            let key = if view.consent.is_some() {
                "orders-ahead-consent"
            } else if missing(view).0 > 0 {
                "orders-ahead-members"
            } else {
                "orders-ahead-cooperative"
            };
            events.push(ahead(key, "now"));
            events.push(ahead("orders-state-confirmed", "next"));
        }
        OrderState::Confirmed => {
            events.push(ahead("orders-ahead-preparing", "now"));
            if let Some(day) = more.ready_on {
                let words = format::date_with_weekday(lang, day);
                events.push(Event {
                    word: t_with(lang, "orders-ahead-ready", &[("day", words.into())]),
                    state: "next",
                    ..Event::default()
                });
            }
        }
        _ => {}
    }
    events
}
