//! Someone with a browser without JavaScript: keeps cookies, sends forms as they stand on the page, follows a redirect
//! only when told, so that a test can look at it.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use reqwest::{Client, Method, RequestBuilder, Url, header, redirect};

use crate::{
    form::{Form, Sent, encoded},
    page::Page,
};

/// One browser at one site.
#[derive(Debug)]
pub struct Visitor {
    base: Url,
    client: Client,
    cookies: Mutex<BTreeMap<String, String>>,
    language: Option<String>,
}

impl Visitor {
    /// A new one, without cookies, at the site that listens on `base` (`http://127.0.0.1:4711`).
    ///
    /// # Panics
    /// When `base` is no address.
    #[must_use]
    pub fn new(base: &str) -> Self {
        media::speak_tls();
        let client = Client::builder()
            .redirect(redirect::Policy::none())
            .no_proxy()
            .build()
            .expect("a client");
        Self {
            base: Url::parse(base).unwrap_or_else(|error| panic!("{base}: {error}")),
            client,
            cookies: Mutex::default(),
            language: None,
        }
    }

    /// With a browser that asks for this language first (`en`).
    #[must_use]
    pub fn speaking(mut self, language: &str) -> Self {
        self.language = Some(language.to_owned());
        self
    }

    /// Opens `path` (`/search?q=beras`), or an absolute address of this site.
    ///
    /// # Panics
    /// When the server doesn't answer.
    pub async fn get(&self, path: &str) -> Page {
        self.send(self.request(Method::GET, path, path)).await
    }

    /// Opens what the first link on `page` leads to whose text contains `words`.
    ///
    /// # Panics
    /// When there is none.
    pub async fn click(&self, page: &Page, words: &str) -> Page {
        let href = self.beside(page, &page.link(words));
        self.get(&href).await
    }

    /// Sends a form of `page`, filled in.
    ///
    /// # Panics
    /// When the server doesn't answer.
    pub async fn submit(&self, page: &Page, form: &Form) -> Page {
        // An empty action is the page itself.
        let action = match form.action.as_str() {
            "" => page.path.clone(),
            action => self.beside(page, action),
        };
        if form.is_post {
            return self.send_body(&page.path, &action, form.body()).await;
        }
        let path = action.split('?').next().unwrap_or_default();
        self.get(&format!("{path}?{}", form.query())).await
    }

    /// Fills in the form of `page` that is sent to `action`, and sends it; its hidden fields go along.
    ///
    /// # Panics
    /// When `page` has no such form or the form no such field.
    pub async fn post_form(&self, page: &Page, action: &str, fields: &[(&str, &str)]) -> Page {
        let form = fields
            .iter()
            .fold(page.form(action), |form, (name, value)| {
                form.with(name, value)
            });
        self.submit(page, &form).await
    }

    /// Opens `path`, fills in the form there that is sent to `action`, sends it.
    ///
    /// # Panics
    /// As [`Visitor::post_form`].
    pub async fn fill(&self, path: &str, action: &str, fields: &[(&str, &str)]) -> Page {
        let page = self.get(path).await.expect(200);
        self.post_form(&page, action, fields).await
    }

    /// Sends fields to `path` as no page asked for it: without a token unless one is among them.
    ///
    /// # Panics
    /// When the server doesn't answer.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let body = Sent {
            content_type: "application/x-www-form-urlencoded".to_owned(),
            body: encoded(fields).into_bytes(),
        };
        self.send_body(path, path, body).await
    }

    /// Sends a body as it is, well formed or not.
    ///
    /// # Panics
    /// When the server doesn't answer.
    pub async fn post_body(&self, path: &str, content_type: &str, body: Vec<u8>) -> Page {
        let content_type = content_type.to_owned();
        self.send_body(path, path, Sent { content_type, body })
            .await
    }

    /// Opens what a redirect leads to, and what that one leads to, up to a page.
    ///
    /// # Panics
    /// When redirects don't end, or lead away from the site.
    pub async fn follow(&self, mut page: Page) -> Page {
        for _ in 0..5 {
            if !(300..400).contains(&page.status) {
                return page;
            }
            let to = self.beside(&page, page.location());
            page = self.get(&to).await;
        }
        panic!("redirects without end, the last to {}", page.path);
    }

    /// The value of a cookie.
    #[must_use]
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.jar().get(name).cloned()
    }

    /// The names of all cookies.
    #[must_use]
    pub fn cookies(&self) -> Vec<String> {
        self.jar().keys().cloned().collect()
    }

    /// Puts a cookie there, as a thief would.
    pub fn set_cookie(&self, name: &str, value: &str) {
        self.jar().insert(name.to_owned(), value.to_owned());
    }

    /// Another browser with the same cookies: a second tab, or a copied session.
    #[must_use]
    pub fn twin(&self) -> Self {
        Self {
            base: self.base.clone(),
            client: self.client.clone(),
            cookies: Mutex::new(self.jar().clone()),
            language: self.language.clone(),
        }
    }

    /// An answer to a request of any kind, with `headers` added.
    ///
    /// # Panics
    /// When the server doesn't answer.
    pub async fn ask(&self, method: Method, path: &str, headers: &[(&str, &str)]) -> Page {
        let request = headers.iter().fold(
            self.request(method, path, path),
            |request, (name, value)| request.header(*name, *value),
        );
        self.send(request).await
    }

    /// What `href` on `page` means, as a path of this site.
    fn beside(&self, page: &Page, href: &str) -> String {
        let here = self.base.join(&page.path).expect("a page has an address");
        let there = here
            .join(href)
            .unwrap_or_else(|error| panic!("{href}: {error}"));
        assert_eq!(there.origin(), self.base.origin(), "{href} leads away");
        match there.query() {
            Some(query) => format!("{}?{query}", there.path()),
            None => there.path().to_owned(),
        }
    }

    async fn send_body(&self, from: &str, path: &str, sent: Sent) -> Page {
        let request = self
            .request(Method::POST, path, from)
            .header(header::CONTENT_TYPE, sent.content_type)
            .header(header::ORIGIN, self.base.origin().ascii_serialization())
            .header("sec-fetch-site", "same-origin")
            .body(sent.body);
        self.send(request).await
    }

    fn request(&self, method: Method, path: &str, from: &str) -> RequestBuilder {
        let url = self
            .base
            .join(path)
            .unwrap_or_else(|error| panic!("{path}: {error}"));
        let mut request = self.client.request(method, url);
        if let Ok(from) = self.base.join(from) {
            request = request.header(header::REFERER, from.as_str());
        }
        if let Some(language) = &self.language {
            request = request.header(header::ACCEPT_LANGUAGE, language);
        }
        let cookies: Vec<String> = self
            .jar()
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        if !cookies.is_empty() {
            request = request.header(header::COOKIE, cookies.join("; "));
        }
        request
    }

    async fn send(&self, request: RequestBuilder) -> Page {
        let answer = request.send().await.expect("the server answers");
        let url = answer.url();
        let path = match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        };
        let mut headers: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, value) in answer.headers() {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            headers.entry(name.to_string()).or_default().push(value);
        }
        for cookie in headers.get("set-cookie").into_iter().flatten() {
            self.keep(cookie);
        }
        let status = answer.status().as_u16();
        let body = answer.bytes().await.expect("the whole answer comes");
        Page::answered(status, &path, headers, body.to_vec())
    }

    fn keep(&self, cookie: &str) {
        let mut parts = cookie.split(';').map(str::trim);
        let Some((name, value)) = parts.next().and_then(|pair| pair.split_once('=')) else {
            return;
        };
        let over = parts.any(|part| part.eq_ignore_ascii_case("max-age=0"));
        if over || value.is_empty() {
            self.jar().remove(name);
        } else {
            self.set_cookie(name, value);
        }
    }

    fn jar(&self) -> MutexGuard<'_, BTreeMap<String, String>> {
        self.cookies.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::Visitor;
    use crate::canned::site;

    #[tokio::test]
    async fn cookies_are_kept_sent_and_dropped() {
        let visitor = Visitor::new(&site(|request| {
            if request.contains("cookie: a=1") {
                "200 OK\r\nset-cookie: a=; Max-Age=0\r\n\r\nagain".to_owned()
            } else {
                "200 OK\r\nset-cookie: a=1; Path=/; HttpOnly\r\n\r\nfirst".to_owned()
            }
        }));
        assert_eq!(visitor.get("/").await.body, "first");
        assert_eq!(visitor.cookie("a").as_deref(), Some("1"));
        assert_eq!(visitor.get("/").await.body, "again");
        assert_eq!(visitor.cookies(), Vec::<String>::new());
    }

    #[tokio::test]
    async fn a_form_is_sent_with_its_hidden_field_and_the_redirect_followed_when_told() {
        let visitor = Visitor::new(&site(|request| {
            if request.starts_with("POST /orders/7/cancellation ") {
                assert!(
                    request.ends_with("\r\n\r\ncsrf_token=x&reason=Terlambat+ya"),
                    "{request}"
                );
                assert!(request.contains("origin: http://127.0.0.1:"), "{request}");
                "303 See Other\r\nlocation: /orders/7?done\r\n\r\n".to_owned()
            } else {
                format!(
                    "200 OK\r\n\r\n<p>{}</p><form method=post action=cancellation>\
                     <input type=hidden name=csrf_token value=x><input name=reason></form>",
                    request.lines().next().unwrap_or_default()
                )
            }
        }));
        let reason = [("reason", "Terlambat ya")];
        let answer = visitor.fill("/orders/7/", "cancellation", &reason).await;
        assert_eq!(answer.status, 303);
        let page = visitor.follow(answer).await;
        page.reads("GET /orders/7?done HTTP/1.1");
    }
}
