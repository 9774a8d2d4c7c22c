//! The page of one offer. Buyers put it into the cart from here; who isn't signed in finds a link, and no form.

use askama::Template;
use domain::{
    carts::MOST_UNITS,
    ids::OfferId,
    money::Rupiah,
    offers::{step_less, step_more},
    products::Grade,
    quantity::{Packs, Units},
    regions,
};
use store::{
    offers::{OfferPage, Shown, Tier},
    photos::GalleryPhoto,
};
use text::Lang;

use crate::{
    ctx::{Buyer, Ctx, acting_as},
    error::{Error, encode},
    form::Form,
    handler::{Answer, Id},
    parts::{Bar, Crumb, Head, Part, Picture},
    photos,
    questions::{self, Asked},
    shell::Shell,
};

use super::{cards, viewer};

/// Questions on the offer's page; the others have a page of their own.
const QUESTIONS: i64 = 3;

/// What this visitor can do here.
enum Buying {
    /// The form that fills the cart.
    Form,
    /// The way to the sign-in page and back.
    SignIn(String),
    /// The buyer is not verified yet.
    Waiting,
    /// Somebody who does not buy.
    No,
}

/// A line of the price ladder.
struct Step {
    range: String,
    per_pack: String,
    /// Empty where single packs are sold.
    per_carton: String,
    is_mine: bool,
}

/// The ladder of one grade; nameless where goods are pooled without grades.
struct Ladder {
    grade: String,
    steps: Vec<Step>,
}

struct Business {
    name: String,
    place: String,
    quantity: Option<String>,
    colour: usize,
}

struct Permit {
    name: String,
    holders: Vec<Holder>,
    by_all: bool,
}

struct Holder {
    business: String,
    number: String,
    until: Option<String>,
}

/// What the chosen quantity comes to.
struct Sums {
    line: String,
    goods: String,
    ppn: Option<String>,
    total: String,
}

#[derive(Template)]
#[template(path = "market/offer.html")]
struct Page {
    shell: Shell,
    form: Form,
    crumbs: Vec<Crumb>,
    offer: OfferPage,
    place: String,
    url: String,
    /// What messengers show of it: words and picture.
    description: String,
    share_picture: String,
    share: String,
    /// The large one.
    picture: Picture,
    /// Whose it is; empty for a drawing.
    picture_of: String,
    /// All of them, where there are several: address, photo, whether it is the large one.
    gallery: Vec<(String, GalleryPhoto, bool)>,
    price: Option<(String, String)>,
    heads: Vec<Head>,
    ladders: Option<Vec<Ladder>>,
    buying: Buying,
    label: String,
    hint: String,
    same: String,
    sums: Option<Sums>,
    available: String,
    /// More is chosen than there is.
    too_much: bool,
    /// Days and what is ready by then.
    dates: Vec<(String, String)>,
    build_heads: Vec<Head>,
    build_ups: Vec<(String, Vec<String>)>,
    bar: Option<Bar>,
    business_heads: Vec<Head>,
    businesses: Vec<Business>,
    permits: Vec<Permit>,
    rule: String,
    facts: Vec<(String, String)>,
    delivery: String,
    manages: bool,
    /// The newest questions that this visitor may see, and how many there are.
    questions: Vec<Asked>,
    questions_total: i64,
    may_ask: bool,
}

impl Page {
    /// What prices are per.
    fn pack(&self) -> String {
        cards::word(&self.shell, &self.offer.unit)
    }
}

pub async fn page(ctx: Ctx, Id(id): Id<OfferId>) -> Answer {
    draw(&ctx, id, None).await
}

/// The page again, with the quantity that the cart refused and why.
pub(crate) async fn again(ctx: &Ctx, id: OfferId, refused: Form) -> Answer {
    draw(ctx, id, Some(refused)).await
}

/// The page with a step more or less of the quantity that was typed.
pub(crate) async fn stepped(ctx: &Ctx, id: OfferId, typed: Units, step: &str) -> Answer {
    let offer = ctx
        .store()
        .offer_page(&viewer(ctx), ctx.now(), id)
        .await?
        .ok_or(Error::NotFound)?;
    let units = match step {
        "less" => step_less(typed, offer.least, offer.step),
        _ => step_more(typed, offer.least, offer.step),
    };
    ctx.see(format!("/offers/{id}?units={}", units.0.min(MOST_UNITS)))
}

async fn draw(ctx: &Ctx, id: OfferId, refused: Option<Form>) -> Answer {
    let offer = ctx
        .store()
        .offer_page(&viewer(ctx), ctx.now(), id)
        .await?
        .ok_or(Error::NotFound)?;
    let shell = ctx.shell().await;
    let (questions, questions_total) =
        questions::on(ctx, &shell, id, &offer.region_code, 1, QUESTIONS).await?;
    let carton = offer.carton_name.as_deref();
    let sold_in = carton.unwrap_or(&offer.unit).to_owned();
    let units = chosen(ctx, &offer);
    let packs = units.0.saturating_mul(offer.packs_per_unit);
    let ladders = offer
        .tiers
        .as_deref()
        .map(|tiers| ladders(&shell, &offer, tiers, units, &sold_in));
    let best = best_price(&offer, units);
    let gallery = ctx.store().offer_gallery(id).await?;
    let large = ctx.query().first("photo").parse::<usize>().unwrap_or(1);
    let large = large
        .checked_sub(1)
        .filter(|at| *at < gallery.len())
        .unwrap_or(0);
    let first = Picture::new(&offer.picture, gallery.first().map(|one| &one.photo));
    let url = ctx.state().absolute(&format!("/offers/{id}"));
    let public_price = best.filter(|_| offer.prices_public);
    let (category, name) = (
        &offer.category,
        match shell.lang {
            Lang::Id => &offer.category_name_id,
            Lang::En => &offer.category_name_en,
        },
    );
    let view = Page {
        crumbs: vec![
            Crumb::new("/search", shell.t("nav-catalog")),
            Crumb::new(format!("/search?category={category}"), name),
        ],
        place: regions::short_name(&offer.region_code),
        description: match public_price {
            Some(price) => format!(
                "{price} / {} · {} · {}",
                cards::word(&shell, &offer.unit),
                offer.cooperative_name,
                regions::short_name(&offer.region_code)
            ),
            None => format!(
                "{} · {}",
                offer.cooperative_name,
                regions::short_name(&offer.region_code)
            ),
        },
        share_picture: ctx.state().absolute(&photos::share_href(&first)),
        share: share(&shell, &offer, public_price, &url),
        picture: Picture::new(&offer.picture, gallery.get(large).map(|one| &one.photo)),
        picture_of: gallery.get(large).map_or_else(String::new, |one| {
            shell.t1("market-photo-of", "business", one.business.as_str())
        }),
        gallery: gallery
            .into_iter()
            .zip(1_usize..)
            .map(|(one, at)| {
                (
                    format!("/offers/{id}?units={}&photo={at}", units.0),
                    one,
                    at == large + 1,
                )
            })
            .collect(),
        price: best.map(|price| {
            let unit = cards::word(&shell, &offer.unit);
            let per = match offer.ppn {
                Some(_) => shell.t1("market-price-before-tax", "unit", unit),
                None => shell.t1("market-price-per", "unit", unit),
            };
            (price.to_string(), per)
        }),
        heads: heads(&shell, &offer),
        buying: buying(ctx, &format!("/offers/{id}?units={}", units.0)),
        label: shell.t1("market-how-many", "unit", cards::word(&shell, &sold_in)),
        hint: hint(&shell, &offer, &sold_in),
        // A refused quantity comes to nothing.
        same: carton
            .filter(|_| refused.is_none())
            .map_or_else(String::new, |_| {
                format!("= {}", cards::quantity(&shell, packs, &offer.unit))
            }),
        sums: sums(&shell, &offer, units, &sold_in).filter(|_| refused.is_none()),
        available: cards::available(&shell, offer.available, &sold_in),
        too_much: matches!(offer.available, Shown::Units(left) if left < units),
        dates: std::iter::once((offer.delivery, offer.available))
            .chain(offer.later.iter().copied())
            .map(|(day, shown)| {
                let ready = cards::available(&shell, shown, &sold_in);
                (shell.date(day), ready)
            })
            .collect(),
        build_heads: build_heads(&shell),
        build_ups: build_ups(&shell, &offer, &sold_in),
        bar: bar(&shell, &offer, &sold_in),
        business_heads: business_heads(&shell, &offer),
        businesses: businesses(&shell, &offer, &sold_in),
        permits: permits(&shell, &offer),
        rule: shell.t(&format!(
            "market-rule-{}-text",
            offer.rule.replace('_', "-")
        )),
        facts: facts(&shell, &offer),
        delivery: shell.t2(
            "market-ready-in",
            "n",
            i64::from(offer.lead_time_days),
            "freight",
            shell.t(&format!("market-delivery-{}", offer.delivery_basis)),
        ),
        questions,
        questions_total,
        may_ask: questions::may_ask(ctx),
        manages: ctx
            .acting()
            .is_some_and(|acting| acting.organisation == offer.cooperative),
        form: refused.unwrap_or_else(|| Form::empty(shell.lang).with("units", units.0)),
        url,
        ladders,
        offer,
        shell,
    };
    if view.form.has_errors() {
        ctx.unprocessable(&view)
    } else {
        ctx.html(&view)
    }
}

fn build_heads(shell: &Shell) -> Vec<Head> {
    let mut heads = vec![Head::text(shell.t("market-ladder-quantity"))];
    for key in [
        "market-part-members",
        "market-part-costs",
        "market-part-cooperative",
        "market-part-price",
    ] {
        heads.push(Head::number(shell.t(key)));
    }
    heads
}

/// Each tier with what goes to the members, to packaging and transport, and to the cooperative, and the sum.
fn build_ups(shell: &Shell, offer: &OfferPage, sold_in: &str) -> Vec<(String, Vec<String>)> {
    let (Some(tiers), Some(parts)) = (&offer.tiers, &offer.build_ups) else {
        return Vec::new();
    };
    tiers
        .iter()
        .zip(parts)
        .filter_map(|(tier, parts)| {
            let from = shell.t1(
                "market-ladder-from",
                "from",
                cards::quantity(shell, tier.minimum.0, sold_in),
            );
            let tier = match tier.grade.is_empty() {
                true => from,
                false => format!(
                    "{} · {from}",
                    shell.t1("market-grade", "grade", tier.grade.as_str())
                ),
            };
            let costs = parts.packaging.checked_add(parts.transport).ok()?;
            // The platform's fee is borne by the cooperative, out of its part.
            let cooperative = parts.margin.checked_add(parts.platform_fee).ok()?;
            let figures = [parts.members, costs, cooperative, parts.buyer];
            Some((tier, figures.map(|part| part.to_string()).to_vec()))
        })
        .collect()
}

/// The quantity in the address, kept within what can be ordered; the least one where there is none.
fn chosen(ctx: &Ctx, offer: &OfferPage) -> Units {
    let typed = ctx.query().first("units").parse::<i64>().unwrap_or(0);
    let step = offer.step.0.max(1);
    let whole = typed.clamp(0, MOST_UNITS) / step * step;
    Units(whole.max(offer.least.0))
}

fn buying(ctx: &Ctx, here: &str) -> Buying {
    match acting_as(ctx, Buyer::ROLES) {
        Ok(_) => Buying::Form,
        Err(Error::Unverified) => Buying::Waiting,
        Err(_) if ctx.visitor().is_none() => {
            Buying::SignIn(format!("/login?next={}", encode(here)))
        }
        Err(_) => Buying::No,
    }
}

/// The price per sale unit of the best grade at a quantity.
fn best_price(offer: &OfferPage, units: Units) -> Option<Rupiah> {
    let tiers = offer.tiers.as_deref()?;
    let grade = tiers.first().map(|tier| tier.grade.as_str())?;
    in_force(tiers, grade, units).map(|tier| tier.price)
}

fn in_force<'a>(tiers: &'a [Tier], grade: &str, units: Units) -> Option<&'a Tier> {
    tiers
        .iter()
        .filter(|tier| tier.grade == grade && tier.minimum <= units)
        .max_by_key(|tier| tier.minimum)
}

fn heads(shell: &Shell, offer: &OfferPage) -> Vec<Head> {
    let mut heads = vec![
        Head::text(shell.t("market-ladder-quantity")),
        Head::number(shell.t1("market-ladder-per", "unit", cards::word(shell, &offer.unit))),
    ];
    if let Some(carton) = &offer.carton_name {
        heads.push(Head::number(shell.t1(
            "market-ladder-per",
            "unit",
            cards::word(shell, carton),
        )));
    }
    heads
}

fn ladders(
    shell: &Shell,
    offer: &OfferPage,
    tiers: &[Tier],
    units: Units,
    sold_in: &str,
) -> Vec<Ladder> {
    let mut ladders: Vec<Ladder> = Vec::new();
    let mine = |tier: &Tier| {
        in_force(tiers, &tier.grade, units).is_some_and(|same| same.minimum == tier.minimum)
    };
    for (at, tier) in tiers.iter().enumerate() {
        let next = tiers
            .get(at + 1)
            .filter(|next| next.grade == tier.grade)
            .map(|next| next.minimum.0 - 1);
        let range = match next {
            Some(last) if last > tier.minimum.0 => format!(
                "{}–{}",
                domain::money::grouped(tier.minimum.0),
                cards::quantity(shell, last, sold_in)
            ),
            Some(_) => cards::quantity(shell, tier.minimum.0, sold_in),
            None => shell.t1(
                "market-ladder-from",
                "from",
                cards::quantity(shell, tier.minimum.0, sold_in),
            ),
        };
        let per_carton = match &offer.carton_name {
            Some(_) => tier
                .price
                .times(Packs(offer.packs_per_unit))
                .map_or_else(|_| String::new(), |price| price.to_string()),
            None => String::new(),
        };
        let step = Step {
            range,
            per_pack: tier.price.to_string(),
            per_carton,
            is_mine: mine(tier),
        };
        match ladders.last_mut() {
            Some(ladder) if ladder.grade == tier.grade => ladder.steps.push(step),
            _ => ladders.push(Ladder {
                grade: tier.grade.clone(),
                steps: vec![step],
            }),
        }
    }
    ladders
}

fn hint(shell: &Shell, offer: &OfferPage, sold_in: &str) -> String {
    let least = cards::quantity(shell, offer.least.0, sold_in);
    let mut hint = match &offer.carton_name {
        Some(carton) => shell.t3(
            "market-hint-carton",
            "least",
            least,
            "carton",
            cards::word(shell, carton),
            "packs",
            cards::quantity(shell, offer.packs_per_unit, &offer.unit),
        ),
        None => shell.t1("market-hint-pack", "least", least),
    };
    if offer.step.0 > 1 {
        hint.push(' ');
        hint.push_str(&shell.t1(
            "market-hint-step",
            "step",
            cards::quantity(shell, offer.step.0, sold_in),
        ));
    }
    hint
}

/// Goods, PPN and their sum at the chosen quantity. Of several grades nobody knows the mixture before the order.
fn sums(shell: &Shell, offer: &OfferPage, units: Units, sold_in: &str) -> Option<Sums> {
    let tiers = offer.tiers.as_deref()?;
    let grade = Grade(tiers.first()?.grade.clone());
    if tiers.iter().any(|tier| tier.grade != grade.0) {
        return None;
    }
    let price = in_force(tiers, &grade.0, units)?.price;
    let per_unit = price.times(Packs(offer.packs_per_unit)).ok()?;
    let goods = per_unit.times(Packs(units.0)).ok()?;
    let ppn = match offer.ppn {
        Some(rate) => Some(rate.on(goods).ok()?),
        None => None,
    };
    let total = goods.checked_add(ppn.unwrap_or(Rupiah::ZERO)).ok()?;
    Some(Sums {
        line: format!("{} × {per_unit}", cards::quantity(shell, units.0, sold_in)),
        goods: goods.to_string(),
        ppn: ppn.map(|ppn| ppn.to_string()),
        total: total.to_string(),
    })
}

/// A business's part as it is sold: whole cartons, or packs where cartons are mixed.
fn whole(offer: &OfferPage, packs: Packs) -> i64 {
    if offer.mixes_cartons {
        packs.0
    } else {
        packs.units(offer.packs_per_unit.max(1)).0
    }
}

/// [`whole`] in words.
fn part(shell: &Shell, offer: &OfferPage, whole: i64, sold_in: &str) -> String {
    let unit = if offer.mixes_cartons {
        &offer.unit
    } else {
        sold_in
    };
    cards::quantity(shell, whole, unit)
}

/// The pool as one bar; without figures where the visitor sees none, and none at all where nothing is ready.
fn bar(shell: &Shell, offer: &OfferPage, sold_in: &str) -> Option<Bar> {
    if offer.available.is_none() {
        return None;
    }
    let parts: Vec<Part> = offer
        .businesses
        .iter()
        .map(|business| match business.packs {
            Some(packs) => {
                let whole = whole(offer, packs);
                Part::new(&business.name, whole, part(shell, offer, whole, sold_in))
            }
            None => Part::new(&business.name, 1, ""),
        })
        .collect();
    let has_figures = parts.iter().any(|part| !part.figure.is_empty());
    let label = shell.t1("market-pooled", "n", offer.businesses.len());
    let others = shell.t("market-others");
    Some(Bar::pooled(label, parts, &others, |sum| {
        if has_figures {
            part(shell, offer, sum, sold_in)
        } else {
            String::new()
        }
    }))
}

fn business_heads(shell: &Shell, offer: &OfferPage) -> Vec<Head> {
    let mut heads = vec![
        Head::text(shell.t("market-business")),
        Head::text(shell.t("market-origin")),
    ];
    if offer
        .businesses
        .iter()
        .any(|business| business.packs.is_some())
    {
        heads.push(Head::number(shell.t("market-capacity")));
    }
    heads
}

fn businesses(shell: &Shell, offer: &OfferPage, sold_in: &str) -> Vec<Business> {
    let alone = offer.businesses.len() <= 5;
    offer
        .businesses
        .iter()
        .zip(1..)
        .map(|(business, at)| Business {
            name: business.name.clone(),
            place: business.place.clone(),
            quantity: business
                .packs
                .map(|packs| part(shell, offer, whole(offer, packs), sold_in)),
            colour: if alone || at < 5 { at } else { 5 },
        })
        .collect()
}

fn permits(shell: &Shell, offer: &OfferPage) -> Vec<Permit> {
    offer
        .permits
        .iter()
        .map(|permit| Permit {
            name: cards::permit(shell, &permit.kind),
            by_all: permit.by_all,
            holders: permit
                .holders
                .iter()
                .map(|holder| Holder {
                    business: holder.business.clone(),
                    number: holder.number.clone(),
                    until: holder.valid_until.map(|day| shell.date(day)),
                })
                .collect(),
        })
        .collect()
}

fn facts(shell: &Shell, offer: &OfferPage) -> Vec<(String, String)> {
    let mut facts = Vec::new();
    if !offer.grades.is_empty() {
        facts.push((shell.t("market-fact-grade"), offer.grades.join(", ")));
    }
    if let Some(content) = offer.content {
        let unit = cards::word(shell, &offer.unit);
        facts.push((
            shell.t("market-fact-content"),
            shell.t2(
                "market-fact-content-per",
                "content",
                content.to_string(),
                "unit",
                unit,
            ),
        ));
    }
    if let Some(carton) = &offer.carton_name {
        let packs = cards::quantity(shell, offer.packs_per_unit, &offer.unit);
        let key = if offer.mixes_cartons {
            "market-fact-mixed"
        } else {
            "market-fact-unmixed"
        };
        facts.push((
            shell.t1("market-fact-carton", "carton", cards::word(shell, carton)),
            shell.t1(key, "packs", packs),
        ));
    }
    if let Some(days) = offer.shelf_life_days {
        facts.push((
            shell.t("market-fact-shelf"),
            shell.t1("market-fact-days", "n", i64::from(days)),
        ));
    }
    facts
}

/// Name, price and address for a message to somebody. A price that is not for everybody is not passed on.
fn share(shell: &Shell, offer: &OfferPage, price: Option<Rupiah>, url: &str) -> String {
    let words = match price {
        Some(price) => {
            let unit = cards::word(shell, &offer.unit);
            format!("{} · {price} / {unit}\n{url}", offer.title)
        }
        None => format!("{}\n{url}", offer.title),
    };
    format!("https://wa.me/?text={}", encode(&words))
}
