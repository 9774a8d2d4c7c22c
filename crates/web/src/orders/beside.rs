//! What an order's page tells beside its goods: where they are fetched or brought, whom to call, how it is paid.

use domain::{
    offers::{DeliveryBasis, FreightSum},
    orders::OrderState,
    regions,
    time::Day,
};
use mail::letters::{Told, plain};
use store::orders::{OrderView, Side};
use text::{format, t_with};

use super::words::{payment, place_of};
use crate::{ctx::Ctx, error::Error, whatsapp};

/// What the page tells beside the order itself.
pub(super) struct More {
    /// Where some of the goods are fetched; empty where all are brought.
    pub pick_up: String,
    /// Name, number and its link.
    pub contact: Option<(String, String, String)>,
    /// When the last of the goods is ready.
    pub ready_on: Option<Day>,
}

impl More {
    pub(super) async fn of(ctx: &Ctx, view: &OrderView, side: Side) -> Result<Self, Error> {
        let store = ctx.store();
        let place = store.whereabouts(view.cooperative).await?;
        let contact = match side {
            Side::Buyer(_) => Some((place.name.clone(), place.phone.clone())),
            Side::Cooperative(cooperative) => store
                .buyer_contact(cooperative, view.id)
                .await?
                .map(|contact| (contact.person, contact.phone)),
        };
        let are_some_fetched = view
            .lines
            .iter()
            .any(|line| line.delivery_basis == DeliveryBasis::Loco);
        Ok(Self {
            pick_up: match are_some_fetched {
                true => place_of(&place),
                false => String::new(),
            },
            contact: contact.map(|(name, phone)| {
                let phone = phone.unwrap_or_default();
                let href = format!("tel:{phone}");
                (name, phone, href)
            }),
            ready_on: match view.state {
                OrderState::Confirmed => store.ready_on(view.id).await?,
                _ => None,
            },
        })
    }
}

pub(super) fn is_fetched(view: &OrderView) -> bool {
    view.freight == FreightSum::Fetched
}

pub(super) fn is_over(state: OrderState) -> bool {
    matches!(
        state,
        OrderState::Declined | OrderState::Cancelled | OrderState::Expired
    )
}

/// Nothing is paid through Lumbung yet: that is said where money is due, and that none is where the order came to nothing.
pub(super) fn terms(ctx: &Ctx, view: &OrderView, is_cooperative: bool) -> String {
    match view.state {
        _ if is_cooperative => String::new(),
        OrderState::Confirmed if view.payment_term.is_none() => ctx.t("orders-terms"),
        state if is_over(state) => ctx.t("orders-nothing-to-pay"),
        _ => String::new(),
    }
}

/// A text for the other side. Where the reader may not see its number (P-2) WhatsApp asks whom to send it to.
pub(super) fn whatsapp(ctx: &Ctx, view: &OrderView, more: &More, is_cooperative: bool) -> String {
    let lang = ctx.lang();
    let link = ctx.state().absolute(&format!("/orders/{}", view.id));
    let told = match view.state {
        OrderState::Confirmed => Some(Told::OrderConfirmed),
        OrderState::Declined => Some(Told::OrderDeclined),
        OrderState::Sent if view.consent.is_some() => Some(Told::ConsentAsked),
        _ => None,
    };
    let names = [
        ("number", plain(&view.number).into()),
        ("cooperative", plain(&view.cooperative_name).into()),
        ("buyer", plain(&view.buyer_name).into()),
        ("link", link.as_str().into()),
    ];
    let text = match told.filter(|_| is_cooperative) {
        Some(told) => told.message(lang, &view.buyer_name, &names, &link),
        None => t_with(lang, "whatsapp-about-order", &names),
    };
    let phone = more.contact.as_ref().map(|contact| contact.1.as_str());
    whatsapp::link(phone, &text)
}

pub(super) fn facts(
    ctx: &Ctx,
    view: &OrderView,
    more: &More,
    is_cooperative: bool,
) -> Vec<(String, String)> {
    let fetched = is_fetched(view);
    let region = view.region_code.as_str();
    let place = match regions::province_of(region) {
        Some(province) => format!("{}, {}", regions::name(region), province.name),
        None => regions::name(region).to_owned(),
    };
    let wanted = view
        .wanted_on
        .map(|day| format::date_with_weekday(ctx.lang(), day));
    [
        (
            ctx.t(match fetched {
                true => "orders-pick-up",
                false => "orders-pick-up-partly",
            }),
            more.pick_up.clone(),
        ),
        (ctx.t("orders-deliver-to"), view.deliver_to.clone()),
        (
            ctx.t("orders-region"),
            if fetched { String::new() } else { place },
        ),
        (
            ctx.t(match fetched {
                true => "orders-wanted-fetched",
                false => "orders-wanted-on",
            }),
            wanted.unwrap_or_default(),
        ),
        (
            ctx.t(match is_cooperative {
                true => "orders-po-number-of-buyer",
                false => "orders-po-number",
            }),
            view.po_number.clone(),
        ),
        (
            ctx.t("orders-payment"),
            payment(ctx.lang(), view.payment_term.as_deref()),
        ),
        (ctx.t("orders-note"), view.note.clone()),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_empty())
    .collect()
}
