//! The page of one offer. Buyers put it into the cart from here; who isn't signed in finds a link, and no form.

use askama::Template;
use domain::{
    carts::{MOST_UNITS, parse_units},
    ids::OfferId,
    money::Rupiah,
    offers::{step_less, step_more},
    quantity::Units,
    regions,
};
use store::{
    offers::{OfferPage, Shown},
    photos::GalleryPhoto,
};
use text::Lang;

use crate::{
    ctx::{Buyer, Ctx, acting_as},
    error::{Error, encode},
    form::Form,
    handler::{Answer, Id},
    parts::{Bar, Crumb, Head, Picture},
    photos,
    questions::{self, Asked},
    shell::Shell,
};

use super::{
    cards,
    ladder::{self, Ladder, Sums},
    pool::{self, Business, Permit},
    resting, viewer,
};

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
    /// What is true of everything pooled.
    pooled_lead: String,
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
    // Back to the field, not to the top of the page.
    ctx.see(format!(
        "/offers/{id}?units={}#units",
        units.0.min(MOST_UNITS)
    ))
}

async fn draw(ctx: &Ctx, id: OfferId, refused: Option<Form>) -> Answer {
    let offer = ctx.store().offer_page(&viewer(ctx), ctx.now(), id).await?;
    let Some(offer) = offer else {
        return resting::page(ctx, id, refused.is_some()).await;
    };
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
        .map(|tiers| ladder::ladders(&shell, &offer, tiers, units, &sold_in));
    let best = ladder::best_price(&offer, units);
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
        heads: ladder::heads(&shell, &offer),
        buying: buying(ctx, &format!("/offers/{id}?units={}", units.0)),
        label: shell.t1("market-how-many", "unit", cards::word(&shell, &sold_in)),
        hint: hint(&shell, &offer, &sold_in),
        // A refused quantity comes to nothing.
        same: carton
            .filter(|_| refused.is_none())
            .map_or_else(String::new, |_| {
                format!("= {}", cards::quantity(&shell, packs, &offer.unit))
            }),
        sums: ladder::sums(&shell, &offer, units, &sold_in).filter(|_| refused.is_none()),
        available: cards::available(&shell, offer.available, &sold_in),
        too_much: matches!(offer.available, Shown::Units(left) if left < units),
        dates: std::iter::once((offer.delivery, offer.available))
            .chain(offer.later.iter().copied())
            .map(|(day, shown)| {
                let ready = cards::available(&shell, shown, &sold_in);
                (shell.date(day), ready)
            })
            .collect(),
        build_heads: ladder::build_heads(&shell),
        build_ups: ladder::build_ups(&shell, &offer, &sold_in),
        bar: pool::bar(&shell, &offer, &sold_in),
        business_heads: pool::business_heads(&shell, &offer),
        businesses: pool::businesses(&shell, &offer, &sold_in),
        pooled_lead: pool::in_common(&shell, &offer),
        permits: pool::permits(&shell, &offer),
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

/// The quantity in the address, kept within what can be ordered; the least one where there is none.
fn chosen(ctx: &Ctx, offer: &OfferPage) -> Units {
    let raw = ctx.query().first("units");
    let typed = match raw.parse() {
        Ok(typed) => typed,
        // As people write it: 1.000.
        Err(_) => parse_units(raw).map_or(0, |units| units.0),
    };
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
