//! A real browser: headless Chromium at phone width, driven through ChromeDriver, with scripts on or off.
//!
//! Start with [`Browser::open`]. One driver per test process; every browser has a fresh profile.

use std::{
    path::{Path, PathBuf},
    sync::{
        Mutex, OnceLock,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use thirtyfour::{
    By, ChromiumLikeCapabilities as _, Cookie, DesiredCapabilities, LoggingPrefsLogLevel,
    TypingData, WebDriver, WebElement,
};

use crate::{companion::Companion, people::PASSWORD, skip, visitor::Visitor};

/// The identity's smallest screen, in CSS pixels.
pub const WIDTH: u32 = 360;
pub const HEIGHT: u32 = 740;

/// How long a page may take to come.
const PATIENCE: Duration = Duration::from_secs(10);

/// Whether the browser runs JavaScript.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scripts {
    On,
    Off,
}

/// An open browser window. [`Browser::close`] it at the end of a test; a failing test's is closed with the process.
#[derive(Debug)]
pub struct Browser {
    /// For what this kit has no word for.
    pub driver: WebDriver,
    base: String,
}

#[derive(Debug)]
struct Driver {
    port: u16,
    profiles: PathBuf,
    opened: AtomicU32,
    _process: Mutex<Companion>,
}

impl Browser {
    /// Opens a window of [`WIDTH`] × [`HEIGHT`] that asks for pages in `language` (`id`, `en`) and knows addresses from
    /// `base` (`http://127.0.0.1:4711`). `None`, said aloud, where Chromium or its driver is missing.
    ///
    /// # Panics
    /// When they are there but don't start, or where skipping is forbidden.
    pub async fn open(base: &str, scripts: Scripts, language: &str) -> Option<Self> {
        let driver = driver()?;
        let number = driver.opened.fetch_add(1, Ordering::Relaxed);
        let mut wishes = DesiredCapabilities::chrome();
        let profile = driver.profiles.join(format!("profile-{number}"));
        for argument in [
            "--headless=new",
            "--no-sandbox",
            "--disable-dev-shm-usage",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--hide-scrollbars",
            &format!("--accept-lang={language}"),
            &format!("--user-data-dir={}", profile.display()),
        ] {
            wishes.add_arg(argument).expect("a plain argument");
        }
        // 1 allows, 2 blocks. Set as a policy would, so that no page can ask for more.
        let javascript = if scripts == Scripts::On { 1 } else { 2 };
        let options = [
            (
                "prefs",
                json!({ "profile.managed_default_content_settings.javascript": javascript }),
            ),
            // A window can't be narrower than 500 pixels; a phone's screen can. Touch hangs ChromeDriver when scripts are off.
            (
                "mobileEmulation",
                json!({ "deviceMetrics": { "width": WIDTH, "height": HEIGHT, "pixelRatio": 2.0, "touch": false, "mobile": false } }),
            ),
        ];
        for (name, value) in options {
            wishes
                .add_experimental_option(name, value)
                .expect("a plain option");
        }
        wishes
            .set_browser_log_level(LoggingPrefsLogLevel::Warning)
            .expect("a plain level");
        media::speak_tls();
        let driver = WebDriver::new(format!("http://127.0.0.1:{}", driver.port), wishes)
            .await
            .unwrap_or_else(|error| panic!("Chromium does not start: {error}"));
        // A failing test drops the browser while it unwinds; closing it there would block the test for minutes. One
        // handle more that is never dropped leaves it to the process's end.
        std::mem::forget(driver.clone());
        Some(Self {
            driver,
            base: base.trim_end_matches('/').to_owned(),
        })
    }

    /// Goes to `path` (`/search?q=beras`) as one who types the address.
    ///
    /// # Panics
    /// When the page doesn't load.
    pub async fn go(&self, path: &str) {
        self.driver
            .goto(format!("{}{path}", self.base))
            .await
            .unwrap_or_else(|error| panic!("{path}: {error}"));
    }

    /// The path and query that the address line shows.
    ///
    /// # Panics
    /// When the browser is gone.
    pub async fn path(&self) -> String {
        let url = self.driver.current_url().await.expect("an address");
        url.as_str().replacen(&self.base, "", 1)
    }

    /// Fails unless the address line shows `path`.
    ///
    /// # Panics
    /// When it shows another.
    pub async fn is_at(&self, path: &str) {
        assert!(
            self.path().await == path,
            "not {path} but {}",
            self.described().await
        );
    }

    /// The first element of this CSS selector.
    ///
    /// # Panics
    /// When there is none.
    pub async fn find(&self, selector: &str) -> WebElement {
        match self.driver.find(By::Css(selector)).await {
            Ok(element) => element,
            Err(_) => panic!("no {selector} on {}", self.described().await),
        }
    }

    /// Whether there is such an element.
    ///
    /// # Panics
    /// When the browser is gone.
    pub async fn has(&self, selector: &str) -> bool {
        let found = self.driver.find_all(By::Css(selector)).await;
        !found.expect("the browser answers").is_empty()
    }

    /// What a person reads on the page.
    ///
    /// # Panics
    /// When the page has no body.
    pub async fn text(&self) -> String {
        self.find("body").await.text().await.expect("its text")
    }

    /// Fails unless a person reads `words` on the page.
    ///
    /// # Panics
    /// When they aren't there.
    pub async fn reads(&self, words: &str) {
        let text = self.text().await;
        assert!(
            text.contains(words),
            "“{words}” is not on {}",
            self.described().await
        );
    }

    /// Clicks the link or the button with these words, which may stand for part of its text, and waits for the page.
    ///
    /// # Panics
    /// When there is none, or none that can be clicked.
    pub async fn click(&self, words: &str) {
        let quoted = quote(words);
        let named = format!(
            "//a[contains(normalize-space(), {quoted})] | //button[contains(normalize-space(), {quoted})] \
             | //summary[contains(normalize-space(), {quoted})] | //label[not(@class='vh')][contains(normalize-space(), {quoted})] \
             | //input[@type='submit' and contains(@value, {quoted})]"
        );
        self.click_first(&named, words).await;
    }

    async fn click_first(&self, named: &str, words: &str) {
        for element in self
            .driver
            .find_all(By::XPath(named))
            .await
            .expect("the browser answers")
        {
            if element.is_displayed().await.unwrap_or(false) {
                let page = self.find("html").await;
                let leaves = leads_on(&element).await;
                element.scroll_into_view().await.ok();
                let clicked = element.click().await;
                clicked.unwrap_or_else(|error| panic!("“{words}”: {error}"));
                if leaves {
                    gone(&page).await;
                }
                return;
            }
        }
        panic!(
            "nothing to click says “{words}” on {}",
            self.described().await
        );
    }

    /// Presses the button whose words are exactly `words`, where a part of them would also name another.
    ///
    /// # Panics
    /// When no such button is to be seen.
    pub async fn press(&self, words: &str) {
        let named = format!("//button[normalize-space()={}]", quote(words));
        self.click_first(&named, words).await;
    }

    /// Chooses the option with these visible words in the choice `name`.
    ///
    /// # Panics
    /// When there is none.
    pub async fn choose(&self, name: &str, words: &str) {
        let option = format!(
            "//select[@name={}]//option[normalize-space()={}]",
            quote(name),
            quote(words)
        );
        match self.driver.find(By::XPath(&option)).await {
            Ok(option) => option
                .click()
                .await
                .unwrap_or_else(|error| panic!("{words}: {error}")),
            Err(_) => panic!("no “{words}” in {name} on {}", self.described().await),
        }
    }

    /// What stands in the field `name`.
    ///
    /// # Panics
    /// When there is no such field.
    pub async fn value(&self, name: &str) -> String {
        let selector = format!("[name='{name}']:not([type='hidden'])");
        let field = self.find(&selector).await;
        let value = field.prop("value").await.expect("the browser answers");
        value.unwrap_or_default()
    }

    /// The message of a refused form right at the field `name`.
    ///
    /// # Panics
    /// When there is none.
    pub async fn message(&self, name: &str) -> String {
        let message = self.find(&format!("#{name}-error")).await;
        message.text().await.expect("its text")
    }

    /// Back, as by the browser's own button.
    ///
    /// # Panics
    /// When there is nothing to go back to.
    pub async fn back(&self) {
        self.driver.back().await.expect("a page before this");
    }

    /// Types `text` into the field `name` in place of what stands there; for a choice, chooses the option with this value.
    ///
    /// # Panics
    /// When there is no such field.
    pub async fn fill(&self, name: &str, text: &str) {
        let field = self
            .find(&format!("main [name='{name}'], [name='{name}']"))
            .await;
        let tag = field.tag_name().await.expect("a tag");
        let filled = if tag == "select" {
            let option = format!("[name='{name}'] option[value='{text}']");
            self.find(&option).await.click().await
        } else {
            field.clear().await.expect("an empty field");
            field.send_keys(text).await
        };
        filled.unwrap_or_else(|error| panic!("{name}: {error}"));
    }

    /// Signs in at the page for it, which is open or gone to, with everybody's password; stands at home then.
    ///
    /// # Panics
    /// When the page lets nobody in.
    pub async fn sign_in(&self, login: &str) {
        if !self.path().await.starts_with("/login") {
            self.go("/login").await;
        }
        self.fill("login", login).await;
        self.fill("password", PASSWORD).await;
        self.press("Masuk").await;
        // Some roles are led to set up a second step first, and may do so later.
        if self.path().await.starts_with("/account/two-step") {
            self.go("/home").await;
        }
        self.is_at("/home").await;
    }

    /// Has the cookies of `visitor` and no others: whoever is signed in there is so here.
    ///
    /// # Panics
    /// When the browser is gone.
    pub async fn be(&self, visitor: &Visitor) {
        // A cookie belongs to the site of the page that is shown.
        self.go("/offline").await;
        let emptied = self.driver.delete_all_cookies().await;
        emptied.expect("the browser answers");
        for name in visitor.cookies() {
            let value = visitor.cookie(&name).unwrap_or_default();
            let kept = self.driver.add_cookie(Cookie::new(name, value)).await;
            kept.expect("a cookie");
        }
    }

    /// What a script on the page returns. It runs as the driver's, whatever the page's own policy.
    ///
    /// # Panics
    /// When it fails.
    pub async fn script(&self, script: &str) -> Value {
        let ran = self.driver.execute(script, Vec::new()).await;
        ran.unwrap_or_else(|error| panic!("{error}")).json().clone()
    }

    /// Presses a key where the keyboard's attention is.
    ///
    /// # Panics
    /// When the browser is gone.
    pub async fn key(&self, key: impl Into<TypingData>) {
        let at = self.driver.active_element().await;
        let at = at.expect("the browser answers");
        at.send_keys(key).await.expect("a key");
    }

    /// Types where the keyboard's attention is.
    ///
    /// # Panics
    /// When the browser is gone.
    pub async fn type_keys(&self, text: &str) {
        for letter in text.chars() {
            self.key(letter.to_string()).await;
        }
    }

    /// Another width of the screen, in CSS pixels.
    ///
    /// # Panics
    /// When the browser is gone.
    pub async fn be_wide(&self, width: u32) {
        let screen =
            json!({ "width": width, "height": HEIGHT, "deviceScaleFactor": 2, "mobile": false });
        let resized = self
            .driver
            .cdp()
            .send_raw("Emulation.setDeviceMetricsOverride", screen)
            .await;
        resized.expect("another screen");
    }

    /// What the browser has complained about since it was last asked: scripts that failed, files that are missing,
    /// what the page's policy forbade. That a page itself is missing is no complaint.
    ///
    /// # Panics
    /// When the browser is gone.
    pub async fn complaints(&self) -> Vec<String> {
        let log = self.driver.browser_log().await;
        let here = self.path().await;
        log.expect("the browser's log")
            .into_iter()
            .map(|entry| entry.message)
            .filter(|message| {
                !message.starts_with(&format!("{}{here} - Failed to load", self.base))
            })
            .collect()
    }

    /// Leaves a picture of the whole page as `name`.png in the folder that `LUMBUNG_SCREENSHOTS` names, if it names one.
    ///
    /// # Panics
    /// When the picture can't be taken or written.
    pub async fn picture(&self, name: &str) {
        let Some(folder) = std::env::var_os("LUMBUNG_SCREENSHOTS").filter(|name| !name.is_empty())
        else {
            return;
        };
        let folder = PathBuf::from(folder);
        std::fs::create_dir_all(&folder).expect("a folder for pictures");
        let file = folder.join(format!("{name}.png"));
        let tools = self.driver.cdp();
        let layout = tools.send_raw("Page.getLayoutMetrics", json!({})).await;
        let height = layout.expect("a layout")["cssContentSize"]["height"].as_u64();
        let tall = |height: u64| json!({ "width": WIDTH, "height": height, "deviceScaleFactor": 2, "mobile": false });
        let resize = "Emulation.setDeviceMetricsOverride";
        let whole = tall(height.unwrap_or(0).max(HEIGHT.into()));
        let phone = tall(HEIGHT.into());
        tools.send_raw(resize, whole).await.expect("a tall screen");
        self.driver.screenshot(&file).await.expect("a picture");
        tools
            .send_raw(resize, phone)
            .await
            .expect("a phone's screen");
    }

    /// Closes the window.
    pub async fn close(self) {
        // The process's end closes what this can't.
        let _ = self.driver.quit().await;
    }

    async fn described(&self) -> String {
        let text = match self.driver.find(By::Css("body")).await {
            Ok(body) => body.text().await.unwrap_or_default(),
            Err(error) => error.to_string(),
        };
        format!("{}:\n{text}", self.path().await)
    }
}

/// Whether a click on this asks for another page: a button does, and a link that leads elsewhere.
async fn leads_on(element: &WebElement) -> bool {
    match element.tag_name().await.expect("a tag").as_str() {
        "a" => {
            let href = element.attr("href").await.expect("an answer");
            !href.unwrap_or_default().starts_with('#')
        }
        "button" | "input" => true,
        _ => false,
    }
}

/// Waits until the next page took this one's place: the driver may answer a click before the server did.
async fn gone(page: &WebElement) {
    let begun = Instant::now();
    while page.tag_name().await.is_ok() && begun.elapsed() < PATIENCE {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// A string in XPath, which has no escapes.
fn quote(words: &str) -> String {
    if words.contains('\'') {
        format!("\"{words}\"")
    } else {
        format!("'{words}'")
    }
}

fn driver() -> Option<&'static Driver> {
    static DRIVER: OnceLock<Option<Driver>> = OnceLock::new();
    match DRIVER.get_or_init(start) {
        Some(driver) => Some(driver),
        None => {
            let _ = skip::need::<()>("browser", Err("see above".to_owned()));
            None
        }
    }
}

fn start() -> Option<Driver> {
    let program = skip::need("browser", programs())?;
    let mut process = Companion::start(
        include_str!("browser.sh"),
        &[&program.to_string_lossy()],
        None,
    );
    let mut said = Vec::new();
    while let Some(line) = process.line() {
        let port = line.split_once(' ').map(|(port, dir)| (port.parse(), dir));
        if let Some((Ok(port), dir)) = port {
            return Some(Driver {
                port,
                profiles: PathBuf::from(dir),
                opened: AtomicU32::new(0),
                _process: Mutex::new(process),
            });
        }
        said.push(line);
    }
    panic!("ChromeDriver does not start:\n{}", said.join("\n"));
}

/// Where ChromeDriver is, when a Chromium for it is there too.
fn programs() -> Result<PathBuf, String> {
    let on_path = |name: &str| {
        let path = std::env::var_os("PATH").unwrap_or_default();
        std::env::split_paths(&path)
            .map(|folder| folder.join(name))
            .find(|file| Path::is_file(file))
            .ok_or_else(|| format!("{name} is not on the path"))
    };
    on_path("chromium").or_else(|_| on_path("google-chrome"))?;
    on_path("chromedriver")
}

#[cfg(test)]
mod tests {
    use super::{Browser, Scripts};
    use crate::canned::site;

    fn script_tells() -> String {
        site(|request| {
            let language = request
                .lines()
                .find_map(|line| {
                    line.to_lowercase()
                        .strip_prefix("accept-language:")
                        .map(str::to_owned)
                })
                .unwrap_or_default();
            format!(
                "200 OK\r\ncontent-type: text/html\r\n\r\n<!doctype html><meta name=viewport content=width=device-width>\
                 <style>@media (max-width: 360px) {{ #wide {{ display: none }} }}</style>\
                 <p id=p>plain</p><noscript><b>no script</b></noscript><p id=wide>wide</p><i>lang{language}</i>\
                 <form action=/sent><input name=q value=old><button>Cari</button></form>\
                 <script>document.getElementById('p').textContent = 'scripted ' + innerWidth</script>"
            )
        })
    }

    #[tokio::test]
    async fn with_scripts_off_none_runs_and_forms_work_all_the_same() {
        let site = script_tells();
        let Some(browser) = Browser::open(&site, Scripts::Off, "id").await else {
            return;
        };
        browser.go("/").await;
        assert_eq!(
            browser.find("#p").await.text().await.expect("a text"),
            "plain"
        );
        browser.reads("no script").await;
        browser.reads("lang id").await;
        assert!(
            !browser
                .find("#wide")
                .await
                .is_displayed()
                .await
                .expect("an answer")
        );
        browser.fill("q", "beras & kopi").await;
        browser.click("Cari").await;
        assert_eq!(browser.path().await, "/sent?q=beras+%26+kopi");
        browser.close().await;
    }

    #[tokio::test]
    async fn with_scripts_on_they_run_at_phone_width() {
        let site = script_tells();
        let Some(browser) = Browser::open(&site, Scripts::On, "en").await else {
            return;
        };
        browser.go("/").await;
        browser.reads("scripted 360").await;
        browser.reads("lang en").await;
        assert!(!browser.text().await.contains("no script"));
        browser.close().await;
    }
}
