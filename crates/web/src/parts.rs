//! What the macros of `templates/parts/` draw: plain values, already in the reader's words.
//!
//! No rule of the trade is here and no sentence is made; a page fills these in. The one thing reckoned is the granary
//! bar, whose widths are whole hundredths of a percent so that it is drawn without styles in the page.

use store::photos::Photo;

/// A line of a select, or a card of a group of choices.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// What the form sends.
    pub value: String,
    pub label: String,
    /// A second line, for radios and checks only.
    pub hint: String,
}

impl Choice {
    #[must_use]
    pub fn new(value: impl ToString, label: impl Into<String>) -> Self {
        Self {
            value: value.to_string(),
            label: label.into(),
            hint: String::new(),
        }
    }

    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }
}

/// A step on the way back up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crumb {
    pub href: String,
    pub label: String,
}

impl Crumb {
    #[must_use]
    pub fn new(href: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            href: href.into(),
            label: label.into(),
        }
    }
}

/// A part of a list, chosen by a link.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tab {
    pub href: String,
    pub label: String,
    pub count: Option<i64>,
    /// Somebody waits for this person there.
    pub is_hot: bool,
    pub is_current: bool,
}

/// A column's head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    pub label: String,
    pub is_number: bool,
}

impl Head {
    #[must_use]
    pub fn text(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            is_number: false,
        }
    }

    /// A column of figures, aligned at the right.
    #[must_use]
    pub fn number(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            is_number: true,
        }
    }
}

/// Something on a timeline.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Event {
    pub word: String,
    /// Date, time and zone; empty for what hasn't happened.
    pub when: String,
    /// Who, or what more there is to say.
    pub detail: String,
    /// `done`, `now`, `next` or `bad`.
    pub state: &'static str,
}

/// A picture of goods: a photo of theirs, else the drawn picture of their kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Picture {
    drawn: String,
    photo: Option<Photo>,
}

impl Picture {
    /// `drawn` is the slug of the drawn picture, for goods without a photo.
    #[must_use]
    pub fn new(drawn: &str, photo: Option<&Photo>) -> Self {
        Self {
            drawn: drawn.to_owned(),
            photo: photo.cloned(),
        }
    }

    #[must_use]
    pub fn drawn(&self) -> &str {
        &self.drawn
    }

    #[must_use]
    pub fn photo(&self) -> Option<&Photo> {
        self.photo.as_ref()
    }

    /// Puts a photo in its place, where there is one.
    pub fn put(&mut self, photo: Option<&Photo>) {
        if photo.is_some() {
            self.photo = photo.cloned();
        }
    }
}

/// A pooled offer as buyers see it in a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OfferCard {
    pub href: String,
    pub picture: Picture,
    pub name: String,
    /// Cooperative and regency: "Rasa Alas Roban · Kab. Batang".
    pub origin: String,
    /// At the minimum order, "Rp12.500"; empty where the viewer may not see it.
    pub price: String,
    /// "/ bungkus".
    pub unit: String,
    /// "Rp11.900 mulai 100 dus"; empty for a single price.
    pub ladder: String,
    /// "Pesan paling sedikit 10 dus (400 bungkus)".
    pub minimum: String,
    /// "P-IRT", "Halal".
    pub permits: Vec<String>,
    pub bar: Bar,
    /// "Gabungan dari 3 usaha · 150 dus siap".
    pub pooled: String,
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageLink {
    pub number: i64,
    /// Empty for the gap between far pages.
    pub href: String,
    pub is_current: bool,
}

/// The way through a long list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pager {
    /// "1–9 dari 27 penawaran".
    pub sentence: String,
    pub pages: Vec<PageLink>,
    pub previous: Option<String>,
    pub next: Option<String>,
}

impl Pager {
    /// Of a list of so many rows on each page; `sentence` says it of the first and the last row shown.
    #[must_use]
    pub fn counted(
        (page, per_page, total): (i64, i64, i64),
        sentence: impl FnOnce(i64, i64) -> String,
        href: impl Fn(i64) -> String,
    ) -> Self {
        let pages = (total + per_page - 1) / per_page.max(1);
        let last = total.min(page.saturating_mul(per_page));
        let first = ((page - 1).saturating_mul(per_page) + 1).min(last);
        Self::new(sentence(first, last), page, pages, href)
    }

    /// `page` and `pages` count from 1; `href` makes the address of a page. Shows the first, the last and the
    /// neighbours of the current page.
    #[must_use]
    pub fn new(
        sentence: impl Into<String>,
        page: i64,
        pages: i64,
        href: impl Fn(i64) -> String,
    ) -> Self {
        let mut shown: Vec<PageLink> = Vec::new();
        for number in 1..=pages.clamp(1, 100_000) {
            let is_near = (number - page).abs() <= 1 || number == 1 || number == pages;
            if is_near {
                shown.push(PageLink {
                    number,
                    href: href(number),
                    is_current: number == page,
                });
            } else if shown.last().is_some_and(|last| !last.href.is_empty()) {
                shown.push(PageLink {
                    number,
                    href: String::new(),
                    is_current: false,
                });
            }
        }
        Self {
            sentence: sentence.into(),
            pages: shown,
            previous: (page > 1).then(|| href(page - 1)),
            next: (page < pages).then(|| href(page + 1)),
        }
    }
}

/// One business's part of a bar before it is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub name: String,
    /// Packs, cartons, whatever the whole bar counts.
    pub quantity: i64,
    /// Inside the bar: "60 dus".
    pub figure: String,
    /// In the legend: "60 dus", "10 dari 10".
    pub legend: String,
}

impl Part {
    /// The figure stands in the legend too.
    #[must_use]
    pub fn new(name: impl Into<String>, quantity: i64, figure: impl Into<String>) -> Self {
        let figure = figure.into();
        Self {
            name: name.into(),
            quantity,
            legend: figure.clone(),
            figure,
        }
    }

    #[must_use]
    pub fn legend(mut self, legend: impl Into<String>) -> Self {
        self.legend = legend.into();
        self
    }
}

/// A drawn part; lengths in percent of the bar, as `12.34`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slice {
    pub name: String,
    pub figure: String,
    pub legend: String,
    /// `1` to `5`, `mine` or `others`.
    pub colour: &'static str,
    pub x: String,
    pub width: String,
    pub middle: String,
    /// Wide enough for its figure.
    pub is_wide: bool,
}

/// The granary bar (IDENTITY §7): many in one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bar {
    /// Everything the bar shows, in words.
    pub label: String,
    pub parts: Vec<Slice>,
    /// What is not there yet, hatched.
    pub rest: Option<Slice>,
}

const COLOURS: [&str; 5] = ["1", "2", "3", "4", "5"];
/// Hundredths of a percent.
const WHOLE: i64 = 10_000;
/// A part under 8 %, or too narrow for its figure on a phone, carries none.
const WIDE_FROM: i64 = 800;

impl Bar {
    /// For lists: all parts in one colour.
    #[must_use]
    pub fn one_colour(label: impl Into<String>, quantities: &[i64]) -> Self {
        let parts = quantities
            .iter()
            .map(|&quantity| Part::new("", quantity, ""))
            .collect();
        Self::draw(label.into(), parts, None, |_| "1")
    }

    /// For lists: what has come in, in one colour, and how much is still to come.
    #[must_use]
    pub fn coming(label: impl Into<String>, done: i64, rest: i64) -> Self {
        let rest = Part::new("", rest, "");
        Self::draw(
            label.into(),
            vec![Part::new("", done, "")],
            Some(rest),
            |_| "1",
        )
    }

    /// Availability: each business in its colour; beyond five, four and `others` ("lainnya"), whose figure is made by
    /// `figure` from the sum.
    #[must_use]
    pub fn pooled(
        label: impl Into<String>,
        parts: Vec<Part>,
        others: &str,
        figure: impl Fn(i64) -> String,
    ) -> Self {
        Self::draw(label.into(), fold(parts, others, figure), None, colour)
    }

    /// One's own share among those of others; `mine` is the place of one's own.
    #[must_use]
    pub fn mine(label: impl Into<String>, parts: Vec<Part>, mine: usize) -> Self {
        Self::draw(label.into(), parts, None, |at| {
            if at == mine { "mine" } else { "others" }
        })
    }

    /// What has come in of `rest.quantity` more to come.
    #[must_use]
    pub fn progress(label: impl Into<String>, parts: Vec<Part>, rest: Part) -> Self {
        Self::draw(label.into(), parts, Some(rest), colour)
    }

    fn draw(
        label: String,
        parts: Vec<Part>,
        rest: Option<Part>,
        colour: impl Fn(usize) -> &'static str,
    ) -> Self {
        let total: i64 = parts
            .iter()
            .chain(&rest)
            .map(|part| part.quantity.max(0))
            .fold(0, i64::saturating_add);
        let mut before = 0_i64;
        let mut slice = |part: Part, colour| {
            let start = share(before, total);
            before = before.saturating_add(part.quantity.max(0));
            let end = share(before, total);
            // On the narrowest phone a letter takes about 2,8 % of the bar.
            let letters = i64::try_from(part.figure.chars().count()).unwrap_or(i64::MAX);
            let needed = letters.saturating_mul(280).max(WIDE_FROM);
            Slice {
                name: part.name,
                figure: part.figure,
                legend: part.legend,
                colour,
                x: percent(start),
                width: percent(end - start),
                middle: percent((start + end) / 2),
                is_wide: end - start >= needed,
            }
        };
        let parts = parts
            .into_iter()
            .enumerate()
            .map(|(at, part)| slice(part, colour(at)))
            .collect();
        let rest = rest
            .filter(|rest| rest.quantity > 0)
            .map(|rest| slice(rest, "rest"));
        Self { label, parts, rest }
    }
}

fn colour(at: usize) -> &'static str {
    COLOURS.get(at).copied().unwrap_or("5")
}

fn fold(mut parts: Vec<Part>, others: &str, figure: impl Fn(i64) -> String) -> Vec<Part> {
    if parts.len() > COLOURS.len() {
        let sum = parts
            .split_off(COLOURS.len() - 1)
            .iter()
            .map(|part| part.quantity)
            .fold(0, i64::saturating_add);
        parts.push(Part::new(others, sum, figure(sum)));
    }
    parts
}

/// `part` of `total` in hundredths of a percent; the last part always ends at the end.
fn share(part: i64, total: i64) -> i64 {
    if total <= 0 {
        return 0;
    }
    let exact = i128::from(part) * i128::from(WHOLE) / i128::from(total);
    i64::try_from(exact).unwrap_or(WHOLE)
}

fn percent(hundredths: i64) -> String {
    let (whole, part) = (hundredths / 100, hundredths % 100);
    match part {
        0 => format!("{whole}"),
        _ => format!("{whole}.{part:02}"),
    }
}

#[cfg(test)]
#[path = "parts_tests.rs"]
mod tests;
