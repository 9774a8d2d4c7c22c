//! A page as a person sees it: by selector and visible text, so that a changed class changes no test.
//!
//! Every question that has no answer on the page fails the test and shows what is there.

use std::collections::BTreeMap;

use scraper::{ElementRef, Html, Selector};

use crate::form::Form;

/// An answer of the server, or just some HTML.
#[derive(Clone, Debug)]
pub struct Page {
    /// 200, 303, 404…
    pub status: u16,
    /// Path and query that were asked for.
    pub path: String,
    /// The body as it came.
    pub body: String,
    /// The same for files.
    pub bytes: Vec<u8>,
    headers: BTreeMap<String, Vec<String>>,
    html: Html,
}

/// A link: its visible text and where it leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    pub text: String,
    pub href: String,
}

/// A row of a table that has column headings.
#[derive(Clone, Debug)]
pub struct Row {
    cells: Vec<(String, String)>,
}

impl Page {
    /// A page from HTML alone, as an answer 200.
    #[must_use]
    pub fn parse(html: &str) -> Self {
        Self::answered(200, "", BTreeMap::new(), html.as_bytes().to_vec())
    }

    pub(crate) fn answered(
        status: u16,
        path: &str,
        headers: BTreeMap<String, Vec<String>>,
        bytes: Vec<u8>,
    ) -> Self {
        let body = String::from_utf8_lossy(&bytes).into_owned();
        Self {
            status,
            path: path.to_owned(),
            html: Html::parse_document(&body),
            headers,
            body,
            bytes,
        }
    }

    /// Fails unless the answer has this status.
    ///
    /// # Panics
    /// When it has another.
    #[must_use = "go on with the page"]
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.described());
        self
    }

    /// The header `name` (lower case), when it was sent.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let values = self.headers.get(name)?;
        values.first().map(String::as_str)
    }

    /// Every header of this name.
    #[must_use]
    pub fn headers(&self, name: &str) -> &[String] {
        self.headers.get(name).map_or(&[], Vec::as_slice)
    }

    /// Where a redirect leads.
    ///
    /// # Panics
    /// When this is none.
    #[must_use]
    #[track_caller]
    pub fn location(&self) -> &str {
        self.header("location")
            .unwrap_or_else(|| panic!("no redirect: {}", self.described()))
    }

    /// Everything a person can read, each run of white space as one blank. Not what is hidden, and no values of fields.
    #[must_use]
    pub fn visible(&self) -> String {
        visible(self.html.root_element())
    }

    /// Whether a person can read `words`.
    #[must_use]
    pub fn says(&self, words: &str) -> bool {
        self.visible().contains(&squeezed(words))
    }

    /// Fails unless a person can read `words`.
    ///
    /// # Panics
    /// When they aren't there.
    #[track_caller]
    pub fn reads(&self, words: &str) {
        assert!(self.says(words), "“{words}” is not on {}", self.described());
    }

    /// Fails when a person can read `words`.
    ///
    /// # Panics
    /// When they are there.
    #[track_caller]
    pub fn lacks(&self, words: &str) {
        assert!(!self.says(words), "“{words}” is on {}", self.described());
    }

    /// Whether anything matches `selector`.
    #[must_use]
    pub fn has(&self, selector: &str) -> bool {
        self.select(selector).next().is_some()
    }

    /// The visible text of the first match.
    ///
    /// # Panics
    /// When nothing matches.
    #[must_use]
    #[track_caller]
    pub fn text(&self, selector: &str) -> String {
        visible(self.first(selector))
    }

    /// The visible texts of all matches.
    #[must_use]
    pub fn texts(&self, selector: &str) -> Vec<String> {
        self.select(selector).map(visible).collect()
    }

    /// An attribute of the first match.
    ///
    /// # Panics
    /// When nothing matches, or it has no such attribute.
    #[must_use]
    #[track_caller]
    pub fn attribute(&self, selector: &str, name: &str) -> String {
        match self.first(selector).value().attr(name) {
            Some(value) => value.to_owned(),
            None => panic!("{selector} has no {name}: {}", self.described()),
        }
    }

    /// The page's name in the browser's tab.
    ///
    /// # Panics
    /// When it has none.
    #[must_use]
    #[track_caller]
    pub fn title(&self) -> String {
        squeezed(&self.first("title").text().collect::<String>())
    }

    /// The main heading.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    #[track_caller]
    pub fn heading(&self) -> String {
        self.text("h1")
    }

    /// All links that lead somewhere.
    #[must_use]
    pub fn links(&self) -> Vec<Link> {
        self.select("a[href]")
            .map(|link| Link {
                text: visible(link),
                href: link.value().attr("href").unwrap_or_default().to_owned(),
            })
            .collect()
    }

    /// Where the first link leads whose text contains `words`.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    #[track_caller]
    pub fn link(&self, words: &str) -> String {
        match self
            .links()
            .into_iter()
            .find(|link| link.text.contains(words))
        {
            Some(link) => link.href,
            None => panic!("no link says “{words}”: {}", self.described()),
        }
    }

    /// The form that is sent to `action`: exactly, or else the first whose action ends with it.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    #[track_caller]
    pub fn form(&self, action: &str) -> Form {
        let forms: Vec<_> = self.select("form").collect();
        // A form without an action is sent to its own page.
        let here = self.path.split('?').next();
        let found = forms
            .iter()
            .find(|form| match action_of(**form) {
                "" => here == Some(action),
                other => other == action,
            })
            .or_else(|| {
                forms
                    .iter()
                    .find(|form| action_of(**form).ends_with(action))
            });
        match found {
            Some(form) => Form::read(&self.html, *form),
            None => panic!("no form for {action}: {}", self.described()),
        }
    }

    /// The form that has a button with these words.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    #[track_caller]
    pub fn form_with_button(&self, words: &str) -> Form {
        let buttons = selector("button");
        let found = self.select("form").find(|form| {
            form.select(&buttons)
                .any(|button| visible(button).contains(words))
        });
        match found {
            Some(form) => Form::read(&self.html, form),
            None => panic!("no form with a button “{words}”: {}", self.described()),
        }
    }

    /// Where each form of the page is sent.
    #[must_use]
    pub fn actions(&self) -> Vec<String> {
        self.select("form")
            .map(|form| form.value().attr("action").unwrap_or_default().to_owned())
            .collect()
    }

    /// The first row of a table in which some cell contains `words`.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    #[track_caller]
    pub fn row(&self, words: &str) -> Row {
        let rows = self.rows();
        match rows.into_iter().find(|row| row.contains(words)) {
            Some(row) => row,
            None => panic!("no row with “{words}”: {}", self.described()),
        }
    }

    /// All rows of all tables, headings left out.
    #[must_use]
    pub fn rows(&self) -> Vec<Row> {
        let (line, head, cell) = (selector("tr"), selector("thead th"), selector("th, td"));
        let mut rows = Vec::new();
        for table in self.select("table") {
            let heads: Vec<String> = table.select(&head).map(visible).collect();
            for row in table.select(&line) {
                let in_head = row
                    .ancestors()
                    .filter_map(ElementRef::wrap)
                    .any(|ancestor| ancestor.value().name() == "thead");
                if in_head {
                    continue;
                }
                let cells = row.select(&cell).map(visible).enumerate();
                rows.push(Row {
                    cells: cells
                        .map(|(at, text)| (heads.get(at).cloned().unwrap_or_default(), text))
                        .collect(),
                });
            }
        }
        rows
    }

    /// The message at the field `name`: what its `aria-describedby` names, hint and error together.
    ///
    /// # Panics
    /// When there is no such field.
    #[must_use]
    #[track_caller]
    pub fn field_message(&self, name: &str) -> String {
        let field = self.first(&format!("[name=\"{name}\"]:not([type=hidden])"));
        let ids = field.value().attr("aria-describedby").unwrap_or_default();
        let messages: Vec<String> = ids
            .split_whitespace()
            .flat_map(|id| self.texts(&format!("[id=\"{id}\"]")))
            .collect();
        messages.join(" ")
    }

    fn select(&self, css: &str) -> impl Iterator<Item = ElementRef<'_>> {
        let selector = selector(css);
        let found: Vec<_> = self.html.select(&selector).collect();
        found.into_iter()
    }

    #[track_caller]
    fn first(&self, css: &str) -> ElementRef<'_> {
        match self.select(css).next() {
            Some(element) => element,
            None => panic!("no {css} on {}", self.described()),
        }
    }

    /// The answer in short, for a failing test.
    fn described(&self) -> String {
        let location = self
            .header("location")
            .map_or(String::new(), |to| format!(" → {to}"));
        format!(
            "{} {}{location}:\n{}",
            self.path,
            self.status,
            self.visible()
        )
    }
}

impl Row {
    /// The cell below the column heading `heading`.
    ///
    /// # Panics
    /// When the table has no such column.
    #[must_use]
    #[track_caller]
    pub fn cell(&self, heading: &str) -> &str {
        let exact = self.cells.iter().find(|(head, _)| head == heading);
        let cell = exact.or_else(|| self.cells.iter().find(|(head, _)| head.contains(heading)));
        match cell {
            Some((_, text)) => text,
            None => panic!("no column “{heading}”: {:?}", self.cells),
        }
    }

    /// Whether some cell contains `words`.
    #[must_use]
    pub fn contains(&self, words: &str) -> bool {
        self.cells.iter().any(|(_, text)| text.contains(words))
    }
}

fn action_of(form: ElementRef<'_>) -> &str {
    form.value().attr("action").unwrap_or_default()
}

fn selector(css: &str) -> Selector {
    Selector::parse(css).unwrap_or_else(|error| panic!("{css}: {error}"))
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn visible(element: ElementRef<'_>) -> String {
    let mut text = String::new();
    collect(element, &mut text);
    squeezed(&text)
}

/// Elements that don't begin a new line; all others part words.
const INLINE: &[&str] = &[
    "a", "abbr", "b", "bdi", "cite", "code", "data", "em", "i", "mark", "q", "s", "small", "span",
    "strong", "sub", "sup", "time", "u", "wbr",
];

fn collect(element: ElementRef<'_>, text: &mut String) {
    let name = element.value().name();
    let hidden = matches!(name, "head" | "script" | "style" | "template")
        || element.value().attr("hidden").is_some()
        || (name == "input" && element.value().attr("type") == Some("hidden"));
    if hidden {
        return;
    }
    let parts_words = !INLINE.contains(&name);
    if parts_words {
        text.push(' ');
    }
    for child in element.children() {
        if let Some(child) = ElementRef::wrap(child) {
            collect(child, text);
        } else if let Some(words) = child.value().as_text() {
            text.push_str(words);
        }
    }
    if parts_words {
        text.push(' ');
    }
}

#[cfg(test)]
mod tests;
