//! What the form of a product asks, for making one and for changing one: reading, filling in, and the echo of what was
//! understood.

use domain::{
    identifiers,
    ids::{CategoryId, CommodityId},
    money::{self, Rupiah},
    names::clean_line,
    problem::Problem,
    products::{CertificateKind, Content, Gap, Grade, Kinds, SaleUnit, hints_from_name},
    quantity::{Packs, parse_whole},
    time::Day,
};
use store::products::{Category, Facts, NewLot};
use text::{Lang, t, t_with, units};

use super::{gap_field, name_of, permits};
use crate::{
    ctx::Ctx,
    error::Error,
    form::{Form, Reader},
    parts::Choice,
};

const NAME_CHARS: usize = 120;
const NUMBER_CHARS: usize = 60;
const TEXT_CHARS: usize = 2_000;
const PLACE_CHARS: usize = 60;
/// More sale units than any member has.
pub(super) const STOCK_MAX: i64 = 1_000_000_000;
pub(super) const CARTON_MAX: i64 = 10_000;
const LEAD_DAYS_MAX: i64 = 365;
const SHELF_DAYS_MAX: i64 = 3_650;

/// How the select of kinds names a category whose commodity is none of the listed.
const OTHER: &str = "other:";

/// A group of kinds in the select.
pub struct KindGroup {
    pub label: String,
    pub kinds: Vec<Choice>,
}

/// Everything that the fields of a product are drawn from.
pub struct Fields {
    pub form: Form,
    pub kinds: Vec<KindGroup>,
    pub units: Vec<Choice>,
    pub grades: Vec<Choice>,
    pub permits: Vec<Choice>,
    lang: Lang,
}

impl Fields {
    pub async fn of(ctx: &Ctx, form: Form) -> Result<Self, Error> {
        let lang = ctx.lang();
        let categories = ctx.store().kinds().await?;
        let mut grades: Vec<String> = Vec::new();
        for grade in categories
            .iter()
            .flat_map(|category| &category.commodities)
            .flat_map(|commodity| &commodity.grades)
            .filter(|grade| !grade.is_empty())
        {
            if !grades.contains(grade) {
                grades.push(grade.clone());
            }
        }
        grades.sort();
        // A list from a file may name grades of its own.
        let own = form.value("grade");
        if !own.is_empty() && !grades.iter().any(|grade| grade == own) {
            grades.push(own.to_owned());
        }
        Ok(Self {
            kinds: groups(lang, &categories, form.value("kind")),
            units: SaleUnit::ALL
                .iter()
                .map(|unit| Choice::new(unit, units::unit(lang, *unit)))
                .collect(),
            grades: grades
                .into_iter()
                .map(|grade| Choice::new(&grade, &grade))
                .collect(),
            permits: CertificateKind::ALL
                .iter()
                .map(|kind| Choice::new(kind, units::permit(lang, *kind)))
                .collect(),
            form,
            lang,
        })
    }

    fn unit(&self) -> Option<SaleUnit> {
        self.form.value("unit").parse().ok()
    }

    fn whole(&self, name: &str) -> Option<i64> {
        parse_whole(self.form.value(name), 1, STOCK_MAX).ok()
    }

    /// The unit's word behind a figure; empty until one is chosen.
    #[must_use]
    pub fn unit_word(&self) -> String {
        self.unit()
            .map(|unit| units::unit(self.lang, unit))
            .unwrap_or_default()
    }

    /// `/ bungkus`.
    #[must_use]
    pub fn per_unit(&self) -> String {
        match self.unit_word() {
            word if word.is_empty() => word,
            word => format!("/ {word}"),
        }
    }

    /// "Dibaca: Rp12.500 per bungkus 250 g".
    #[must_use]
    pub fn price_echo(&self) -> String {
        let Ok(price) = money::parse(self.form.value("price")) else {
            return String::new();
        };
        if price <= Rupiah::ZERO {
            return String::new();
        }
        let Some(unit) = self.unit() else {
            let price = price.to_string();
            return t_with(self.lang, "products-read", &[("what", price.into())]);
        };
        let told = Content::parse(self.form.value("content")).or_else(|problem| {
            hints_from_name(self.form.value("name"))
                .stated_content()
                .ok_or(problem)
        });
        let per = match told {
            Ok(content) if unit.needs_content() => {
                format!("{} {content}", units::unit(self.lang, unit))
            }
            _ => units::unit(self.lang, unit),
        };
        t_with(
            self.lang,
            "products-read-price",
            &[("price", price.to_string().into()), ("unit", per.into())],
        )
    }

    /// "Dibaca: 250 g", where that is not what was typed anyway.
    #[must_use]
    pub fn content_echo(&self) -> String {
        let typed = self.form.value("content");
        match Content::parse(typed) {
            Ok(content) => t_with(
                self.lang,
                "products-read",
                &[("what", content.to_string().into())],
            ),
            Err(_) => String::new(),
        }
    }

    /// "Sama dengan 60 dus isi 40", else "Dibaca: 2.400 bungkus".
    #[must_use]
    pub fn stock_echo(&self) -> String {
        let Some(stock) = self.whole("stock") else {
            return String::new();
        };
        match (self.whole("packs_per_carton"), self.unit()) {
            (Some(carton), _) if carton <= stock => t_with(
                self.lang,
                "products-same-cartons",
                &[
                    ("cartons", money::grouped(stock / carton).into()),
                    ("content", money::grouped(carton).into()),
                    ("rest", (stock % carton).into()),
                ],
            ),
            (_, Some(unit)) => {
                let what = units::count(self.lang, stock, unit);
                t_with(self.lang, "products-read", &[("what", what.into())])
            }
            _ => String::new(),
        }
    }

    /// Whether anything in the optional part is filled in or wrong, so that it has to be open.
    #[must_use]
    pub fn is_more_open(&self) -> bool {
        const MORE: [&str; 9] = [
            "description",
            "grade",
            "packs_per_carton",
            "lead_time_days",
            "shelf_life_days",
            "place",
            "ready_on",
            "good_until",
            "minimum_packs",
        ];
        let permits = permits::ROWS.iter().flat_map(permits::Row::names);
        MORE.into_iter()
            .chain(permits)
            .any(|name| self.form.error(name).is_some() || !self.form.value(name).is_empty())
            || self.form.value("action") == "permit"
    }

    /// The rows for permits: as many as are filled in, and one more where it is asked for.
    #[must_use]
    pub fn permit_rows(&self) -> &'static [permits::Row] {
        permits::shown(&self.form)
    }

    /// Whether there may be one more.
    #[must_use]
    pub fn may_add_permit(&self) -> bool {
        self.permit_rows().len() < permits::ROWS.len()
    }
}

/// What can be chosen: nothing retired, but for what the product has already (`own`).
fn groups(lang: Lang, categories: &[Category], own: &str) -> Vec<KindGroup> {
    let holds_own = |category: &Category| {
        own.strip_prefix(OTHER) == Some(category.id.as_str())
            || category.commodities.iter().any(|one| one.id == own)
    };
    categories
        .iter()
        .filter(|category| !category.retired || holds_own(category))
        .map(|category| {
            let mut kinds: Vec<Choice> = category
                .commodities
                .iter()
                .filter(|commodity| !commodity.retired || commodity.id == own)
                .map(|commodity| Choice::new(&commodity.id, name_of(lang, &commodity.names)))
                .collect();
            let name = name_of(lang, &category.names);
            let other = t_with(lang, "products-kind-other", &[("category", name.into())]);
            kinds.push(Choice::new(format!("{OTHER}{}", category.id), other));
            KindGroup {
                label: name.to_owned(),
                kinds,
            }
        })
        .collect()
}

/// The form as a stored product fills it in.
pub fn filled(form: Form, facts: &Facts) -> Form {
    let kind = match (&facts.commodity, &facts.category) {
        (Some(commodity), _) => commodity.0.clone(),
        (None, Some(category)) => format!("{OTHER}{category}"),
        (None, None) => String::new(),
    };
    let number = |n: Option<i64>| n.map(money::grouped).unwrap_or_default();
    form.with("name", &facts.name)
        .with("kind", kind)
        .with("unit", facts.unit.map(SaleUnit::as_str).unwrap_or_default())
        .with(
            "content",
            facts.content.map(|c| c.to_string()).unwrap_or_default(),
        )
        .with("price", number(facts.price.map(|price| price.0)))
        .with("description", &facts.description)
        .with("grade", facts.grade.clone().unwrap_or_default())
        .with("packs_per_carton", number(facts.packs_per_carton))
        .with(
            "lead_time_days",
            number(facts.lead_time_days.map(i64::from)),
        )
        .with(
            "shelf_life_days",
            number(facts.shelf_life_days.map(i64::from)),
        )
        .with("minimum_packs", number(facts.minimum_packs))
        .with("place", facts.place.clone().unwrap_or_default())
}

/// Reads what is stated of a product. With `whole`, what a live product needs is required.
pub fn read(
    reader: &mut Reader<'_>,
    categories: &[Category],
    whole: bool,
) -> impl FnOnce() -> Option<Facts> + use<> {
    let name = reader.line("name", NAME_CHARS);
    let mut kind = reader.optional("kind", |raw| kind(raw, categories));
    if let (Some(None), Some(name)) = (&kind, &name) {
        kind = Some(kind_of(name, categories));
    }
    let unit = reader.optional("unit", |raw| {
        raw.trim()
            .parse::<SaleUnit>()
            .map_err(|_| Problem::new("form-choose"))
    });
    let mut content = reader.optional("content", Content::parse);
    if let (Some(None), Some(name)) = (content, &name) {
        content = Some(hints_from_name(name).stated_content());
    }
    let price = reader.optional("price", price);
    let description = reader.optional_text("description", TEXT_CHARS);
    let grade = reader.optional_line("grade", 20);
    let packs_per_carton =
        reader.optional("packs_per_carton", |raw| parse_whole(raw, 1, CARTON_MAX));
    let lead = reader.optional("lead_time_days", |raw| days(raw, 0, LEAD_DAYS_MAX));
    let shelf = reader.optional("shelf_life_days", |raw| days(raw, 1, SHELF_DAYS_MAX));
    let place = reader.optional_line("place", PLACE_CHARS);
    let minimum = reader.optional("minimum_packs", |raw| parse_whole(raw, 1, STOCK_MAX));
    if whole {
        let needs_content = match unit {
            Some(Some(unit)) => unit.needs_content(),
            _ => true,
        };
        // In the order of the page. Without a name the kind may yet be read from it.
        let is_kindless = matches!(kind, Some(None)) && name.is_some();
        for (is_missing, gap) in [
            (matches!(unit, Some(None)), Gap::Unit),
            (matches!(content, Some(None)) && needs_content, Gap::Content),
            (matches!(price, Some(None)), Gap::Price),
            (is_kindless, Gap::Category),
        ] {
            if is_missing {
                reader.add(gap_field(gap), Problem::new(need_key(gap)));
            }
        }
    }
    move || {
        let (category, commodity) = kind?.unzip();
        Some(Facts {
            name: name?,
            description: description?.unwrap_or_default(),
            category,
            commodity: commodity.flatten(),
            unit: unit?,
            content: content?,
            packs_per_carton: packs_per_carton?,
            price: price?,
            grade: grade?.map(Grade),
            lead_time_days: lead?,
            shelf_life_days: shelf?,
            place: place?,
            minimum_packs: minimum?,
        })
    }
}

/// What the name tells of the kind, where the member did not choose one.
fn kind_of(name: &str, categories: &[Category]) -> Option<(CategoryId, Option<CommodityId>)> {
    let commodities = || {
        categories
            .iter()
            .flat_map(|category| category.commodities.iter().map(move |one| (category, one)))
    };
    let kinds = Kinds::new(commodities().map(|(_, one)| (one.id.as_str(), one.names.id.as_str())));
    let found = kinds.from_name(name)?;
    let (category, commodity) = commodities().find(|(_, one)| one.id == found)?;
    Some((
        CategoryId(category.id.clone()),
        Some(CommodityId(commodity.id.clone())),
    ))
}

/// A permit's number in one spelling, checked as its kind wants it; what looks odd is told and never refused.
pub fn permit_number(
    kind: Option<CertificateKind>,
    raw: &str,
    today: Day,
) -> Result<(String, Option<Problem>), Problem> {
    let checked = match kind {
        Some(CertificateKind::Pirt) => identifiers::pirt(raw, today)?,
        Some(CertificateKind::Bpom) => identifiers::bpom(raw)?,
        Some(CertificateKind::Halal) => identifiers::halal(raw)?,
        Some(CertificateKind::Sni) => identifiers::sni(raw)?,
        _ => return Ok((clean_line(raw, NUMBER_CHARS)?, None)),
    };
    Ok((checked.normalised, checked.warning))
}

/// The sentence next to a required field that is empty.
pub fn need_key(gap: Gap) -> &'static str {
    match gap {
        Gap::Name => "products-need-name",
        Gap::Category => "products-need-kind",
        Gap::Unit => "products-need-unit",
        Gap::Content => "products-need-content",
        Gap::Price => "error-money-empty",
        Gap::Stock => "products-need-stock",
    }
}

/// Reads the stock of a new product: `Some(None)` when there is none yet.
pub fn read_opening(
    reader: &mut Reader<'_>,
    today: Day,
    whole: bool,
) -> impl FnOnce() -> Option<Option<NewLot>> + use<> {
    let least = i64::from(whole);
    let stock = reader.optional("stock", |raw| parse_whole(raw, least, STOCK_MAX));
    if whole && matches!(stock, Some(None)) {
        reader.add("stock", Problem::new(need_key(Gap::Stock)));
    }
    let dates = read_dates(reader, today);
    move || {
        let (ready_on, good_until) = dates?;
        Some(match stock? {
            Some(packs) if packs > 0 => Some(NewLot {
                ready_on,
                good_until,
                packs: Packs(packs),
            }),
            _ => None,
        })
    }
}

/// From when a lot is ready, today where nothing is said, and until when it is good.
pub fn read_dates(reader: &mut Reader<'_>, today: Day) -> Option<(Day, Option<Day>)> {
    let ready_on = reader.optional_day("ready_on")?.unwrap_or(today);
    let good_until = reader.optional_day("good_until")?;
    if let Some(until) = good_until {
        if until < ready_on {
            reader.add("good_until", Problem::new("products-good-until-early"));
        } else if until < today {
            reader.add("good_until", Problem::new("products-good-until-past"));
        }
    }
    Some((ready_on, good_until))
}

pub(super) fn kind(
    raw: &str,
    categories: &[Category],
) -> Result<(CategoryId, Option<CommodityId>), Problem> {
    let raw = raw.trim();
    let found = categories.iter().find_map(|category| {
        let id = CategoryId(category.id.clone());
        if raw.strip_prefix(OTHER) == Some(&category.id) {
            return Some((id, None));
        }
        let commodity = category.commodities.iter().find(|one| one.id == raw)?;
        Some((id, Some(CommodityId(commodity.id.clone()))))
    });
    found.ok_or_else(|| Problem::new("form-choose"))
}

pub(super) fn price(raw: &str) -> Result<Rupiah, Problem> {
    match money::parse(raw)? {
        Rupiah::ZERO => Err(Problem::new("error-import-price-zero")),
        price => Ok(price),
    }
}

fn days(raw: &str, min: i64, max: i64) -> Result<i32, Problem> {
    let days = parse_whole(raw, min, max)?;
    i32::try_from(days).map_err(|_| Problem::new("error-quantity-number"))
}

/// The stored value of a field in words, for somebody who typed another one meanwhile.
pub fn stored_words(lang: Lang, stored: &Form, field: &str) -> String {
    match stored.value(field) {
        "" => t(lang, "products-nothing"),
        value => value.to_owned(),
    }
}
