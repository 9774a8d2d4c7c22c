//! A form on a page, filled in and sent as a browser would: hidden fields come along, disabled ones don't, a field that
//! isn't there can't be filled in.

use scraper::{ElementRef, Html, Selector};

/// A field that would be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Field {
    name: String,
    value: String,
    kind: Kind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    Hidden,
    /// A select, or radio buttons of one name: the values to choose from.
    Choice(Vec<String>),
    /// A box; sent when ticked.
    Box {
        ticked: bool,
    },
    File(Option<File>),
}

/// A file put into a form.
#[derive(Clone, Debug, PartialEq, Eq)]
struct File {
    name: String,
    content: Vec<u8>,
}

/// What the server gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    pub content_type: String,
    pub body: Vec<u8>,
}

/// A form, taken from a page by `Page::form`.
#[derive(Clone, Debug)]
pub struct Form {
    /// As it stands in the page.
    pub action: String,
    /// Whether the form is sent by POST; by GET otherwise.
    pub is_post: bool,
    is_multipart: bool,
    fields: Vec<Field>,
    /// Words, and what is sent when it is pressed.
    buttons: Vec<(String, Option<(String, String)>)>,
    /// Which button sends the form: the first, as with the Enter key, until another is pressed.
    pressed: usize,
}

impl Form {
    pub(crate) fn read(html: &Html, form: ElementRef<'_>) -> Self {
        let attribute = |name: &str| form.value().attr(name).unwrap_or_default();
        let id = attribute("id");
        let mut read = Self {
            action: attribute("action").to_owned(),
            is_post: attribute("method").eq_ignore_ascii_case("post"),
            is_multipart: attribute("enctype").eq_ignore_ascii_case("multipart/form-data"),
            fields: Vec::new(),
            buttons: Vec::new(),
            pressed: 0,
        };
        let controls = Selector::parse("input, select, textarea, button").expect("a selector");
        for control in html.select(&controls) {
            let belongs = match control.value().attr("form") {
                Some(owner) => owner == id,
                None => control
                    .ancestors()
                    .any(|ancestor| ancestor.id() == form.id()),
            };
            if belongs && !is_disabled(control) {
                read.add(control);
            }
        }
        read
    }

    fn add(&mut self, control: ElementRef<'_>) {
        let attribute = |name: &str| control.value().attr(name).unwrap_or_default().to_owned();
        let has = |name: &str| control.value().attr(name).is_some();
        let name = attribute("name");
        let tag = control.value().name();
        let input = attribute("type").to_lowercase();
        if tag == "button" || matches!(input.as_str(), "submit" | "image") {
            if matches!(input.as_str(), "button" | "reset") {
                return;
            }
            let words = match tag {
                "button" => spoken(control),
                _ => attribute("value"),
            };
            let sent = (!name.is_empty()).then(|| (name, attribute("value")));
            self.buttons.push((words, sent));
            return;
        }
        if name.is_empty() || matches!(input.as_str(), "button" | "reset") {
            return;
        }
        let (value, kind) = match (tag, input.as_str()) {
            ("textarea", _) => (control.text().collect(), Kind::Text),
            ("select", _) => {
                let option = Selector::parse("option").expect("a selector");
                let options: Vec<_> = control
                    .select(&option)
                    .filter(|option| option.value().attr("disabled").is_none())
                    .collect();
                let value = |option: &ElementRef<'_>| match option.value().attr("value") {
                    Some(value) => value.to_owned(),
                    None => spoken(*option),
                };
                let chosen = options
                    .iter()
                    .find(|option| option.value().attr("selected").is_some())
                    .or(options.first());
                let Some(chosen) = chosen else { return };
                let values = options.iter().map(value).collect();
                (value(chosen), Kind::Choice(values))
            }
            (_, "radio") => {
                let value = attribute("value");
                let known = self.fields.iter_mut().find(|field| field.name == name);
                if let Some(field) = known {
                    if let Kind::Choice(values) = &mut field.kind {
                        values.push(value.clone());
                    }
                    if has("checked") {
                        field.value = value;
                    }
                    return;
                }
                // Until one is chosen the value is empty and nothing is sent.
                let chosen = if has("checked") {
                    value.clone()
                } else {
                    String::new()
                };
                (chosen, Kind::Choice(vec![value]))
            }
            (_, "checkbox") => {
                let value = control.value().attr("value").unwrap_or("on").to_owned();
                let ticked = has("checked");
                (value, Kind::Box { ticked })
            }
            (_, "file") => (String::new(), Kind::File(None)),
            (_, "hidden") => (attribute("value"), Kind::Hidden),
            _ => (attribute("value"), Kind::Text),
        };
        self.fields.push(Field { name, value, kind });
    }

    /// Fills in the field `name`: types a text, chooses one of the values to choose from, or ticks the box of that value.
    ///
    /// # Panics
    /// When a person couldn't: no such field, a hidden one, a value not offered.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        let is_box = self.fields.iter().any(|field| {
            field.name == name && field.value == value && matches!(field.kind, Kind::Box { .. })
        });
        if is_box {
            return self.tick(name, value, true);
        }
        let field = self
            .fields
            .iter_mut()
            .find(|field| field.name == name && field.kind != Kind::Hidden);
        let Some(field) = field else {
            panic!("no field {name:?} to fill in: {self:?}")
        };
        match &field.kind {
            Kind::Text => {}
            Kind::Choice(values) => {
                assert!(
                    values.iter().any(|v| v == value),
                    "{name}: {value:?} is not in {values:?}"
                );
            }
            Kind::Hidden | Kind::Box { .. } | Kind::File(_) => {
                panic!("{name} is no text and no choice: {:?}", field.kind)
            }
        }
        field.value = value.to_owned();
        self
    }

    /// Ticks (or clears) the box `name` with this `value`.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    pub fn tick(mut self, name: &str, value: &str, on: bool) -> Self {
        let found = self
            .fields
            .iter_mut()
            .find_map(|field| match &mut field.kind {
                Kind::Box { ticked } if field.name == name && field.value == value => Some(ticked),
                _ => None,
            });
        match found {
            Some(ticked) => *ticked = on,
            None => panic!("no box {name:?} with {value:?}: {self:?}"),
        }
        self
    }

    /// Puts a file into the field `name`.
    ///
    /// # Panics
    /// When there is no such field, or the form couldn't carry a file.
    #[must_use]
    pub fn attach(mut self, name: &str, file_name: &str, content: &[u8]) -> Self {
        assert!(
            self.is_multipart && self.is_post,
            "this form carries no file"
        );
        let found = self
            .fields
            .iter_mut()
            .find_map(|field| match &mut field.kind {
                Kind::File(file) if field.name == name => Some(file),
                _ => None,
            });
        match found {
            Some(file) => {
                *file = Some(File {
                    name: file_name.to_owned(),
                    content: content.to_vec(),
                });
            }
            None => panic!("no field {name:?} for a file"),
        }
        self
    }

    /// Presses the button with these words, which matters where a form has several.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    pub fn press(mut self, words: &str) -> Self {
        let at = self
            .buttons
            .iter()
            .position(|(spoken, _)| spoken.contains(words));
        self.pressed = at.unwrap_or_else(|| panic!("no button says {words:?}: {:?}", self.buttons));
        self
    }

    /// Sends `value` as `name` whatever the page says: as one who tampers.
    #[must_use]
    pub fn tampered(mut self, name: &str, value: &str) -> Self {
        self = self.without(name);
        self.fields.push(Field {
            name: name.to_owned(),
            value: value.to_owned(),
            kind: Kind::Hidden,
        });
        self
    }

    /// Leaves out `name` whatever the page says.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.fields.retain(|field| field.name != name);
        for (_, sent) in &mut self.buttons {
            if sent.as_ref().is_some_and(|(sent, _)| sent == name) {
                *sent = None;
            }
        }
        self
    }

    /// What stands in the field `name`; `None` when nothing of it would be sent.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&str> {
        self.sent()
            .into_iter()
            .find(|(sent, _)| *sent == name)
            .map(|(_, value)| value)
    }

    /// The values that the choice `name` offers.
    ///
    /// # Panics
    /// When there is no such choice.
    #[must_use]
    pub fn choices(&self, name: &str) -> &[String] {
        let values = self.fields.iter().find_map(|field| match &field.kind {
            Kind::Choice(values) if field.name == name => Some(values.as_slice()),
            _ => None,
        });
        values.unwrap_or_else(|| panic!("no choice {name:?}: {self:?}"))
    }

    /// Whether a person can fill in (or see ticked) a field of this name.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.fields
            .iter()
            .any(|field| field.name == name && field.kind != Kind::Hidden)
    }

    /// The fields that are sent, in the order of the page, files left out.
    #[must_use]
    pub fn sent(&self) -> Vec<(&str, &str)> {
        self.fields
            .iter()
            .filter(|field| match &field.kind {
                Kind::Text | Kind::Hidden => true,
                Kind::Choice(values) => values.contains(&field.value),
                Kind::Box { ticked } => *ticked,
                Kind::File(_) => false,
            })
            .map(|field| (field.name.as_str(), field.value.as_str()))
            .chain(self.button())
            .collect()
    }

    fn button(&self) -> Option<(&str, &str)> {
        let (_, sent) = self.buttons.get(self.pressed)?;
        let (name, value) = sent.as_ref()?;
        Some((name, value))
    }

    /// The query of a form that is sent by GET.
    #[must_use]
    pub fn query(&self) -> String {
        encoded(&self.sent())
    }

    /// The body of a form that is sent by POST.
    #[must_use]
    pub fn body(&self) -> Sent {
        if !self.is_multipart {
            return Sent {
                content_type: "application/x-www-form-urlencoded".to_owned(),
                body: encoded(&self.sent()).into_bytes(),
            };
        }
        let boundary = "lumbung-test-boundary-7d1f0c";
        let mut body = Vec::new();
        for (name, value) in self.sent() {
            let head = format!(
                "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            );
            body.extend(head.as_bytes());
        }
        for field in &self.fields {
            let Kind::File(file) = &field.kind else {
                continue;
            };
            // A browser sends an empty file where none was chosen.
            let (file_name, content) = match file {
                Some(file) => (file.name.as_str(), file.content.as_slice()),
                None => ("", [].as_slice()),
            };
            let head = format!(
                "--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"; filename=\"{file_name}\"\r\n\
                 Content-Type: application/octet-stream\r\n\r\n",
                field.name
            );
            body.extend(head.as_bytes());
            body.extend(content);
            body.extend(b"\r\n");
        }
        body.extend(format!("--{boundary}--\r\n").as_bytes());
        Sent {
            content_type: format!("multipart/form-data; boundary={boundary}"),
            body,
        }
    }
}

/// `a=b&c=d+e`, as a browser writes it.
#[must_use]
pub fn encoded(fields: &[(&str, &str)]) -> String {
    let part = |text: &str| -> String {
        text.bytes()
            .map(|byte| match byte {
                b' ' => "+".to_owned(),
                b'*' | b'-' | b'.' | b'_' => char::from(byte).to_string(),
                _ if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
                _ => format!("%{byte:02X}"),
            })
            .collect()
    };
    let pairs: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("{}={}", part(name), part(value)))
        .collect();
    pairs.join("&")
}

fn is_disabled(control: ElementRef<'_>) -> bool {
    let disabled = |element: &ElementRef<'_>| element.value().attr("disabled").is_some();
    disabled(&control)
        || control
            .ancestors()
            .filter_map(ElementRef::wrap)
            .any(|ancestor| ancestor.value().name() == "fieldset" && disabled(&ancestor))
}

fn spoken(element: ElementRef<'_>) -> String {
    let text: String = element.text().collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
