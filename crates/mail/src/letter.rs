//! One letter, its check and its form on the wire.

use lettre::{
    Address, Message,
    message::{
        Mailbox, MultiPart,
        header::{Header, HeaderName, HeaderValue},
    },
};

use crate::SendError;

/// A letter that is ready to leave. It has both forms: plain text that says everything, and HTML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// The same for each try of the same letter, and for no other: 1 to 120 of `A–Z a–z 0–9 . _ : -`, beginning with
    /// a letter or digit.
    pub dedupe_id: String,
    /// Exactly one.
    pub to: Recipient,
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// Whom a letter goes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    /// May be empty.
    pub name: String,
    pub address: String,
}

impl Letter {
    /// The letter as MIME: multipart/alternative, UTF-8, names and subject encoded.
    ///
    /// # Errors
    /// [`SendError::Permanent`] when name, address or subject could smuggle in headers or recipients (D05), or
    /// the dedupe id is not one.
    pub(crate) fn message(&self, from: &Mailbox) -> Result<Message, SendError> {
        let key = self.key()?;
        for (what, value) in [
            ("name", &self.to.name),
            ("address", &self.to.address),
            ("subject", &self.subject),
        ] {
            if value.chars().any(is_line_or_control) {
                return refused(format!("{what} contains a line break or control character"));
            }
        }
        let address: Address = match self.to.address.parse() {
            Ok(address) => address,
            Err(_) => return refused("the recipient is not one address"),
        };
        let name = self.to.name.trim();
        let to = Mailbox::new((!name.is_empty()).then(|| name.to_owned()), address);
        Message::builder()
            .from(from.clone())
            .to(to)
            .subject(self.subject.clone())
            .message_id(Some(format!("<{key}@{}>", from.email.domain())))
            .header(AutoSubmitted)
            .multipart(MultiPart::alternative_plain_html(
                self.text.clone(),
                self.html.clone(),
            ))
            .or_else(|fault| refused(fault.to_string()))
    }

    /// The dedupe id as it stands in a Message-ID and a file name; different ids give different keys.
    pub(crate) fn key(&self) -> Result<String, SendError> {
        let id = &self.dedupe_id;
        let plain = id
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | ':' | '-'));
        let begins = id.starts_with(|c: char| c.is_ascii_alphanumeric());
        // A Message-ID has no empty parts between dots.
        let dots = id.contains("..") || id.ends_with('.');
        if !plain || !begins || dots || id.len() > 120 {
            return refused("the dedupe id is not 1 to 120 plain characters");
        }
        Ok(id.replace(':', "~"))
    }
}

fn refused<T>(why: impl Into<String>) -> Result<T, SendError> {
    Err(SendError::Permanent(why.into()))
}

fn is_line_or_control(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

/// Tells out-of-office robots not to answer (RFC 3834).
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }
    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }
    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn letter() -> Letter {
        Letter {
            dedupe_id: "order-placed:42".into(),
            to: Recipient {
                name: "Bu Tani “Jaya”".into(),
                address: "u01@contoh.example".into(),
            },
            subject: "Pesanan — 27 dus".into(),
            text: "Halo Bu Tani".into(),
            html: "<p>Halo <b>Bu Tani</b></p>".into(),
        }
    }

    fn sender() -> Mailbox {
        "Lumbung <surat@lumbung.example>".parse().unwrap()
    }

    #[test]
    fn a_letter_has_two_forms_and_an_id_made_of_its_dedupe_id() {
        let bytes = letter().message(&sender()).unwrap().formatted();
        let wire = String::from_utf8(bytes).unwrap();
        assert!(wire.is_ascii());
        for part in [
            "Message-ID: <order-placed~42@lumbung.example>\r\n",
            "Auto-Submitted: auto-generated\r\n",
            "Content-Type: multipart/alternative;",
            "Content-Type: text/plain; charset=utf-8\r\n",
            "Content-Type: text/html; charset=utf-8\r\n",
        ] {
            assert!(wire.contains(part), "{part} in {wire}");
        }
    }

    // D05
    #[test]
    fn line_breaks_in_headers_and_second_recipients_are_refused() {
        for evil in ["x\r\nBcc: y@z.id", "x\nBcc: y", "x\r", "x\0", "x\u{2028}y"] {
            let mut by_name = letter();
            by_name.to.name = evil.into();
            let mut by_subject = letter();
            by_subject.subject = evil.into();
            let mut by_address = letter();
            by_address.to.address = format!("a@b.id{evil}");
            for letter in [by_name, by_subject, by_address] {
                assert!(
                    matches!(letter.message(&sender()), Err(SendError::Permanent(_))),
                    "{letter:?}"
                );
            }
        }
        for evil in [
            "a@b.id, c@d.id",
            "a@b.id;c@d.id",
            "A <a@b.id>",
            "a",
            "",
            "a@b.id c@d.id",
        ] {
            let mut letter = letter();
            letter.to.address = evil.into();
            assert!(letter.message(&sender()).is_err(), "{evil}");
        }
    }

    #[test]
    fn a_name_that_looks_like_an_address_stays_a_name() {
        let mut letter = letter();
        letter.to.name = "Evil\" <evil@contoh.example>, \"".into();
        let message = letter.message(&sender()).unwrap();
        let to: Vec<String> = message
            .envelope()
            .to()
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(to, ["u01@contoh.example"]);
    }

    #[test]
    fn only_plain_dedupe_ids_are_taken() {
        for id in ["", "a/b", "../x", ".x", "a b", "a..b", "a.", "ä", "-a"] {
            let mut letter = letter();
            letter.dedupe_id = id.into();
            assert!(letter.key().is_err(), "{id}");
        }
        let mut long = letter();
        long.dedupe_id = "x".repeat(120);
        assert!(long.key().is_ok());
        long.dedupe_id.push('x');
        assert!(long.key().is_err());
    }
}
