//! The form of an offer's terms: drawn from what is stored, read into [`OfferTerms`].

use domain::{
    allocation::{MixedCarton, Rule},
    ids::CommodityId,
    offers::{DeliveryBasis, FreightRates, PriceVisibility},
    problem::Problem,
    products::{CertificateKind, Content, Dimension, Grade, SaleUnit},
    quantity::Units,
    regions,
};
use store::offers::{OfferCommodity, OfferTerms};
use text::Lang;

use super::words;
use crate::{
    form::{Form, Reader},
    parts::Choice,
    shell::Shell,
};

const TITLE_CHARS: usize = 120;
const DESCRIPTION_CHARS: usize = 2_000;
const GRADES_MAX: usize = 6;
const GRADE_CHARS: usize = 20;
const FREIGHT_CHARS: usize = 20_000;
/// Far above any order, far below where money could overflow.
const UNITS_MAX: i64 = 1_000_000;
const PACKS_MAX: i64 = 10_000;
const LEAD_DAYS_MAX: i64 = 365;
const CONTENT_MAX: i64 = 100_000_000;

/// Words that a carton may go by.
const CARTONS: [SaleUnit; 9] = [
    SaleUnit::Dus,
    SaleUnit::Karung,
    SaleUnit::Peti,
    SaleUnit::Krat,
    SaleUnit::Ball,
    SaleUnit::Lusin,
    SaleUnit::Kodi,
    SaleUnit::Jeriken,
    SaleUnit::Paket,
];

/// The words of a content's measure, with how many base units one of it is.
const MEASURES: [(&str, Dimension, i64); 6] = [
    ("g", Dimension::Mass, 1),
    ("kg", Dimension::Mass, 1_000),
    ("ml", Dimension::Volume, 1),
    ("liter", Dimension::Volume, 1_000),
    ("cm", Dimension::Length, 1),
    ("pcs", Dimension::Count, 1),
];

/// Commodities of one category.
pub struct Group {
    pub label: String,
    pub commodities: Vec<Choice>,
}

/// The choices of the form.
pub struct Choices {
    pub groups: Vec<Group>,
    pub units: Vec<Choice>,
    pub measures: Vec<Choice>,
    pub permits: Vec<Choice>,
    pub sold_by: Vec<Choice>,
    pub cartons: Vec<Choice>,
    pub rules: Vec<Choice>,
    pub deliveries: Vec<Choice>,
    pub visibilities: Vec<Choice>,
}

impl Choices {
    pub fn new(shell: &Shell, commodities: &[OfferCommodity]) -> Self {
        let id = shell.lang == Lang::Id;
        let mut groups: Vec<Group> = Vec::new();
        let mut category = "";
        for commodity in commodities.iter().filter(|one| one.retired_at.is_none()) {
            if category != commodity.category_id {
                category = &commodity.category_id;
                let label = match id {
                    true => &commodity.category_name_id,
                    false => &commodity.category_name_en,
                };
                groups.push(Group {
                    label: label.clone(),
                    commodities: Vec::new(),
                });
            }
            let name = match id {
                true => &commodity.name_id,
                false => &commodity.name_en,
            };
            if let Some(group) = groups.last_mut() {
                group.commodities.push(Choice::new(&commodity.id, name));
            }
        }
        let unit = |unit: &SaleUnit| Choice::new(unit, text::units::unit(shell.lang, *unit));
        Self {
            groups,
            units: SaleUnit::ALL.iter().map(unit).collect(),
            measures: MEASURES
                .iter()
                .map(|(word, ..)| Choice::new(word, *word))
                .collect(),
            permits: CertificateKind::ALL
                .iter()
                .filter(|kind| **kind != CertificateKind::Other)
                .map(|kind| Choice::new(kind, text::units::permit(shell.lang, *kind)))
                .collect(),
            sold_by: vec![
                Choice::new("pack", shell.t("offers-by-pack")).hint(shell.t("offers-by-pack-hint")),
                Choice::new("carton", shell.t("offers-by-carton"))
                    .hint(shell.t("offers-by-carton-hint")),
            ],
            cartons: CARTONS.iter().map(unit).collect(),
            rules: Rule::ALL
                .iter()
                .map(|rule| {
                    let (name, hint) = words::rule_keys(*rule);
                    Choice::new(rule, shell.t(name)).hint(shell.t(hint))
                })
                .collect(),
            deliveries: DeliveryBasis::ALL
                .iter()
                .map(|basis| {
                    let (name, hint) = words::delivery_keys(*basis);
                    Choice::new(basis, shell.t(name)).hint(shell.t(hint))
                })
                .collect(),
            visibilities: PriceVisibility::ALL
                .iter()
                .map(|one| Choice::new(one, shell.t(words::visibility_key(*one))))
                .collect(),
        }
    }
}

/// The form of a new offer.
pub fn blank(form: Form, default_rule: Rule) -> Form {
    form.with("sold_by", "carton")
        .with("carton_name", "dus")
        .with("minimum", 1)
        .with("multiple", 1)
        .with("lead_time_days", 7)
        .with("rule", default_rule)
        .with("delivery_basis", DeliveryBasis::Loco)
        .with("price_visibility", PriceVisibility::Public)
        .with("content_measure", "g")
}

/// The form of what is stored.
pub fn stored(mut form: Form, terms: &OfferTerms) -> Form {
    form = form
        .with("title", &terms.title)
        .with("description", &terms.description)
        .with("commodity", &terms.commodity)
        .with("unit", terms.unit)
        .with(
            "grades",
            terms
                .grades
                .iter()
                .map(|grade| grade.0.as_str())
                .collect::<Vec<_>>()
                .join(", "),
        )
        .with("minimum", terms.minimum.0)
        .with("multiple", terms.multiple.0)
        .with("lead_time_days", terms.lead_time_days)
        .with("rule", terms.rule)
        .with("delivery_basis", terms.delivery_basis)
        .with("price_visibility", terms.price_visibility)
        .with("freight", freight_text(&terms.freight));
    if let Some(content) = terms.content {
        let (word, per) = MEASURES
            .iter()
            .filter(|(_, dimension, per)| {
                *dimension == content.dimension && content.amount % per == 0
            })
            .max_by_key(|(.., per)| *per)
            .map_or(("g", 1), |(word, _, per)| (*word, *per));
        form = form
            .with("content", content.amount / per)
            .with("content_measure", word);
    }
    for kind in &terms.required_certificates {
        form = form.with("certificates", kind);
    }
    match &terms.carton_name {
        Some(name) => {
            form = form
                .with("sold_by", "carton")
                .with("carton_name", name)
                .with("packs_per_unit", terms.packs_per_unit);
        }
        None => form = form.with("sold_by", "pack"),
    }
    if terms.mixed_carton == MixedCarton::SameGrade {
        form = form.with("mixed", "on");
    }
    let percent = |bp: i64| bp / 100;
    if let Some(bp) = terms.max_share_bp {
        form = form.with("max_share", percent(bp));
    }
    if terms.min_share.0 > 0 {
        form = form.with("min_share", terms.min_share.0);
    }
    if let Some(bp) = terms.lower_grade_max_bp {
        form = form.with("lower_grade_max", percent(bp));
    }
    form
}

/// `Kota Semarang = 12.000`, a region a line.
fn freight_text(rates: &FreightRates) -> String {
    rates
        .0
        .iter()
        .map(|(code, rupiah)| {
            format!(
                "{} = {}",
                regions::name(code),
                domain::money::grouped(rupiah.0)
            )
        })
        .collect::<Vec<_>>()
        .join("\n")
}

/// Reads the table that [`freight_text`] writes; a region may be named or given by its code.
fn freight(raw: &str) -> Result<FreightRates, Problem> {
    if raw.len() > FREIGHT_CHARS {
        return Err(Problem::new("error-text-too-long").with("max", FREIGHT_CHARS));
    }
    let mut rates = Vec::new();
    for line in raw.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let bad = |code| Problem::new(code).with("line", line);
        let (place, amount) = line
            .rsplit_once(['=', ':'])
            .ok_or_else(|| bad("offers-freight-line"))?;
        let place = place.trim();
        let region = regions::find(place)
            .or_else(|| regions::regency_by_name(place))
            .or_else(|| {
                let folded = domain::names::fold(place);
                regions::provinces()
                    .iter()
                    .find(|province| domain::names::fold(province.name) == folded)
            })
            .ok_or_else(|| bad("offers-freight-region"))?;
        let rupiah = domain::money::parse(amount).map_err(|_| bad("offers-freight-amount"))?;
        let code = region.code.to_owned();
        if rates.iter().any(|(other, _)| *other == code) {
            return Err(bad("offers-freight-twice"));
        }
        rates.push((code, rupiah));
    }
    if rates.is_empty() {
        return Err(Problem::required());
    }
    Ok(FreightRates(rates))
}

fn grades(raw: &str) -> Result<Vec<Grade>, Problem> {
    let mut grades: Vec<Grade> = Vec::new();
    for part in raw.split(',') {
        let grade = domain::names::clean_line_optional(part, GRADE_CHARS)?;
        if let Some(grade) = grade.map(Grade)
            && !grades.contains(&grade)
        {
            grades.push(grade);
        }
    }
    if grades.len() > GRADES_MAX {
        return Err(Problem::new("offers-grades-max").with("max", GRADES_MAX));
    }
    Ok(grades)
}

/// Reads the whole form. `locked` are the terms of a published offer, whose goods and carton stay as they are whatever
/// was sent.
pub fn read(
    mut reader: Reader<'_>,
    commodities: &[OfferCommodity],
    locked: Option<&OfferTerms>,
) -> Result<OfferTerms, Form> {
    let title = reader.line("title", TITLE_CHARS);
    let description = reader.optional_text("description", DESCRIPTION_CHARS);
    let goods = match locked {
        Some(terms) => Some(Goods::of(terms)),
        None => Goods::read(&mut reader, commodities),
    };
    let required_certificates = reader.ids::<CertificateKind>("certificates");
    let mixed = reader.checked("mixed");
    let minimum = reader.whole("minimum", 1, UNITS_MAX);
    let multiple = reader.whole("multiple", 1, UNITS_MAX);
    let lead = reader.whole("lead_time_days", 0, LEAD_DAYS_MAX);
    let rule = reader.choice::<Rule>("rule");
    let percent = |least: i64| move |raw: &str| domain::quantity::parse_whole(raw, least, 100);
    let max_share = reader.optional("max_share", percent(1));
    let min_share = reader.optional("min_share", |raw| {
        domain::quantity::parse_whole(raw, 0, UNITS_MAX)
    });
    let lower_grade = reader.optional("lower_grade_max", percent(0));
    let delivery_basis = reader.choice::<DeliveryBasis>("delivery_basis");
    let freight = match delivery_basis {
        Some(DeliveryBasis::Franco) => reader.with("freight", freight),
        // Nothing that was typed is thrown away without a word.
        _ => reader
            .optional("freight", |_| {
                Err::<FreightRates, _>(Problem::new("offers-freight-unused"))
            })
            .map(Option::unwrap_or_default),
    };
    let price_visibility = reader.choice::<PriceVisibility>("price_visibility");
    reader.finish(|| {
        let goods = goods?;
        Some(OfferTerms {
            title: title?,
            description: description?.unwrap_or_default(),
            mixed_carton: match mixed && goods.carton_name.is_some() {
                true => MixedCarton::SameGrade,
                false => MixedCarton::No,
            },
            commodity: goods.commodity,
            unit: goods.unit,
            content: goods.content,
            grades: goods.grades,
            carton_name: goods.carton_name,
            packs_per_unit: goods.packs_per_unit,
            required_certificates: required_certificates?,
            minimum: Units(minimum?),
            multiple: Units(multiple?),
            lead_time_days: i32::try_from(lead?).ok()?,
            rule: rule?,
            max_share_bp: max_share?.map(|percent| percent * 100),
            min_share: Units(min_share?.unwrap_or(0)),
            lower_grade_max_bp: lower_grade?.map(|percent| percent * 100),
            delivery_basis: delivery_basis?,
            freight: freight?,
            price_visibility: price_visibility?,
        })
    })
}

/// What can't change once the offer was published.
struct Goods {
    commodity: CommodityId,
    unit: SaleUnit,
    content: Option<Content>,
    grades: Vec<Grade>,
    carton_name: Option<String>,
    packs_per_unit: i64,
}

impl Goods {
    fn of(terms: &OfferTerms) -> Self {
        Self {
            commodity: terms.commodity.clone(),
            unit: terms.unit,
            content: terms.content,
            grades: terms.grades.clone(),
            carton_name: terms.carton_name.clone(),
            packs_per_unit: terms.packs_per_unit,
        }
    }

    fn read(reader: &mut Reader<'_>, commodities: &[OfferCommodity]) -> Option<Self> {
        let commodity = reader.with("commodity", |raw| {
            commodities
                .iter()
                .find(|commodity| commodity.id == raw.trim())
                .map(|commodity| CommodityId::from(commodity.id.as_str()))
                .ok_or(Problem::new("form-choose"))
        });
        let unit = reader.choice::<SaleUnit>("unit");
        let amount = reader.optional("content", |raw| {
            domain::quantity::parse_whole(raw, 1, CONTENT_MAX)
        });
        let measure = reader.with("content_measure", |raw| {
            MEASURES
                .iter()
                .find(|(word, ..)| *word == raw.trim())
                .ok_or(Problem::new("form-choose"))
        });
        let grades = reader.with("grades", grades);
        let carton = match reader.raw("sold_by") {
            "carton" => {
                let name = reader.with("carton_name", |raw| {
                    CARTONS
                        .iter()
                        .find(|unit| unit.as_str() == raw.trim())
                        .ok_or(Problem::new("form-choose"))
                });
                let packs = reader.whole("packs_per_unit", 2, PACKS_MAX);
                name.zip(packs)
                    .map(|(name, packs)| (Some(name.to_string()), packs))
            }
            "pack" => Some((None, 1)),
            _ => {
                reader.add("sold_by", Problem::new("form-choose"));
                None
            }
        };
        let (carton_name, packs_per_unit) = carton?;
        let (_, dimension, per) = measure?;
        Some(Self {
            commodity: commodity?,
            unit: unit?,
            content: amount?.map(|amount| Content {
                amount: amount * per,
                dimension: *dimension,
            }),
            grades: grades?,
            carton_name,
            packs_per_unit,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::money::Rupiah;

    #[test]
    fn a_freight_table_is_read_as_it_is_written() {
        let rates = freight("Kota Semarang = 12.000\n33.25: 500\n\nJawa Barat = 20000").unwrap();
        assert_eq!(rates.0.len(), 3);
        assert_eq!(rates.0[0].1, Rupiah(12_000));
        assert_eq!(freight(&freight_text(&rates)), Ok(rates));
        for (bad, code) in [
            ("", "error-required"),
            ("Semarang 12.000", "offers-freight-line"),
            ("Atlantis = 1.000", "offers-freight-region"),
            ("Kota Semarang = banyak", "offers-freight-amount"),
            (
                "Kota Semarang = 1.000\nKota Semarang = 2.000",
                "offers-freight-twice",
            ),
        ] {
            assert_eq!(freight(bad).unwrap_err().code, code);
        }
    }

    #[test]
    fn grades_are_listed_best_first_and_once() {
        assert_eq!(grades(" A, B ,A,,").unwrap(), ["A".into(), "B".into()]);
        assert_eq!(grades("").unwrap(), []);
        assert!(grades("1,2,3,4,5,6,7").is_err());
    }
}
