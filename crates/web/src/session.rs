//! Tokens and cookies: the session after sign-in, the visit before it, and the language.
//!
//! A token is 256 random bits; the database knows only its SHA-256. Anything in a cookie that is not exactly a
//! token of ours is treated as no cookie at all. Under https the names carry `__Host-` and the cookies `Secure`.

use actix_web::{
    HttpRequest,
    cookie::{Cookie, SameSite, time::Duration},
    http::header,
};
use sha2::{Digest, Sha256};

/// A session that nobody used for so long is over (seconds): 30 days, so that an own phone stays signed in.
pub const IDLE_SECONDS: i64 = 30 * 24 * 3600;
/// A session ends after so long whatever happens (seconds): 90 days.
pub const LIFE_SECONDS: i64 = 90 * 24 * 3600;
/// A session on somebody else's telephone (box not ticked): 12 hours, and the browser forgets the cookie.
pub const SHORT_SECONDS: i64 = 12 * 3600;
/// The use of a session is written down at most so often (seconds).
pub const SEEN_SECONDS: i64 = 3600;

/// 256 random bits as 64 hex digits.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// # Errors
    /// When the operating system gives no randomness.
    pub fn random() -> Result<Self, getrandom::Error> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes)?;
        Ok(Self(hex(&bytes)))
    }

    fn from_cookie(text: &str) -> Option<Self> {
        let fits = text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        fits.then(|| Self(text.to_owned()))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The key of the session's row.
    #[must_use]
    pub fn hash(&self) -> String {
        hex(&Sha256::digest(self.0.as_bytes()))
    }

    /// The form token of a visit that has no session yet. The secret keeps a planted cookie from being enough.
    #[must_use]
    pub fn csrf(&self, secret: &[u8]) -> String {
        let mut digest = Sha256::new();
        digest.update(b"lumbung form token\0");
        digest.update(Sha256::digest(secret));
        digest.update(self.0.as_bytes());
        hex(&digest.finalize())
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(…)")
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// Compares without telling by its time where the difference is.
#[must_use]
pub fn same(a: &str, b: &str) -> bool {
    let (a, b) = (Sha256::digest(a.as_bytes()), Sha256::digest(b.as_bytes()));
    a.iter()
        .zip(b.iter())
        .fold(0, |diff, (x, y)| diff | (x ^ y))
        == 0
}

/// The names and flags of our cookies, which depend on the scheme alone.
#[derive(Clone, Copy, Debug)]
pub struct Cookies {
    pub https: bool,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Session,
    Visit,
    Step,
    Language,
}

impl Cookies {
    fn name(self, kind: Kind) -> &'static str {
        match (kind, self.https) {
            (Kind::Session, true) => "__Host-lumbung",
            (Kind::Session, false) => "lumbung",
            (Kind::Visit, true) => "__Host-lumbung_visit",
            (Kind::Visit, false) => "lumbung_visit",
            (Kind::Step, true) => "__Host-lumbung_step",
            (Kind::Step, false) => "lumbung_step",
            (Kind::Language, true) => "__Host-lumbung_lang",
            (Kind::Language, false) => "lumbung_lang",
        }
    }

    fn make(self, kind: Kind, value: &str) -> Cookie<'static> {
        Cookie::build(self.name(kind), value.to_owned())
            .path("/")
            .http_only(true)
            .same_site(SameSite::Lax)
            .secure(self.https)
            .finish()
    }

    /// The cookie of a session; kept when the browser is closed, if wanted.
    #[must_use]
    pub fn session(self, token: &Token, keep: bool) -> Cookie<'static> {
        let mut cookie = self.make(Kind::Session, token.as_str());
        if keep {
            cookie.set_max_age(Duration::seconds(IDLE_SECONDS));
        }
        cookie
    }

    #[must_use]
    pub fn no_session(self) -> Cookie<'static> {
        let mut cookie = self.make(Kind::Session, "");
        cookie.set_max_age(Duration::ZERO);
        cookie
    }

    /// Lasts as long as the browser stays open.
    #[must_use]
    pub fn visit(self, token: &Token) -> Cookie<'static> {
        self.make(Kind::Visit, token.as_str())
    }

    #[must_use]
    pub fn no_visit(self) -> Cookie<'static> {
        let mut cookie = self.make(Kind::Visit, "");
        cookie.set_max_age(Duration::ZERO);
        cookie
    }

    /// Stands for a right password until the code is typed.
    #[must_use]
    pub fn step(self, token: &Token) -> Cookie<'static> {
        let mut cookie = self.make(Kind::Step, token.as_str());
        cookie.set_max_age(Duration::seconds(store::accounts::STEP_SECONDS));
        cookie
    }

    #[must_use]
    pub fn no_step(self) -> Cookie<'static> {
        let mut cookie = self.make(Kind::Step, "");
        cookie.set_max_age(Duration::ZERO);
        cookie
    }

    #[must_use]
    pub fn read_step(self, request: &HttpRequest) -> Option<Token> {
        read(request, self.name(Kind::Step)).and_then(|v| Token::from_cookie(&v))
    }

    #[must_use]
    pub fn language(self, lang: text::Lang) -> Cookie<'static> {
        let mut cookie = self.make(Kind::Language, lang.code());
        cookie.set_max_age(Duration::days(365));
        cookie
    }

    #[must_use]
    pub fn read_session(self, request: &HttpRequest) -> Option<Token> {
        read(request, self.name(Kind::Session)).and_then(|v| Token::from_cookie(&v))
    }

    #[must_use]
    pub fn read_visit(self, request: &HttpRequest) -> Option<Token> {
        read(request, self.name(Kind::Visit)).and_then(|v| Token::from_cookie(&v))
    }

    #[must_use]
    pub fn read_language(self, request: &HttpRequest) -> Option<text::Lang> {
        read(request, self.name(Kind::Language)).and_then(|v| text::Lang::from_code(&v))
    }
}

/// One cookie's value. Read by hand: one cookie that does not parse must not hide the others.
fn read(request: &HttpRequest, name: &str) -> Option<String> {
    request
        .headers()
        .get_all(header::COOKIE)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    #[test]
    fn only_a_whole_token_counts_as_a_cookie() {
        let cookies = Cookies { https: false };
        let token = Token::random().unwrap();
        let with = |value: &str| {
            let request = TestRequest::default()
                .insert_header(("cookie", format!("a=\"; lumbung={value}; b")))
                .to_http_request();
            cookies.read_session(&request)
        };
        assert_eq!(with(token.as_str()), Some(token.clone()));
        assert_eq!(with(&token.as_str()[1..]), None);
        assert_eq!(
            with(&token.as_str().to_uppercase().replace(char::is_numeric, "A")),
            None
        );
        assert_eq!(with(&"a".repeat(10_000)), None);
    }

    #[test]
    fn cookies_are_bound_to_the_host_under_https() {
        let token = Token::random().unwrap();
        let cookie = Cookies { https: true }.session(&token, true).to_string();
        assert!(cookie.starts_with("__Host-lumbung="), "{cookie}");
        for flag in ["HttpOnly", "SameSite=Lax", "Secure", "Path=/"] {
            assert!(cookie.contains(flag), "{cookie}");
        }
        assert!(
            !Cookies { https: false }
                .session(&token, true)
                .to_string()
                .contains("Secure")
        );
    }

    #[test]
    fn tokens_are_compared_whole() {
        assert!(same("abc", "abc"));
        assert!(!same("abc", "abd"));
        assert!(!same("abc", ""));
    }
}
