//! Who gets what answer, and that looking and being refused change nothing.

use std::collections::BTreeMap;

use tests::{app::TestApp, rows::Looker};
use web::routes::Method;

use super::{
    EVERYBODY, Fields, Line, MISSING, Sender, Site, anonymous, filled, form, line, nouns, path_of,
    rows, send, sender,
};

/// Pages that show more with a question than without.
const QUESTIONS: &[(&str, &str)] = &[
    ("approver", "/orders/new?cooperative={cooperative}"),
    ("approver", "/orders/check?cooperative={cooperative}"),
    ("approver", "/orders?q=RAR"),
    ("approver", "/search?q=keripik"),
    ("umkm", "/products?q=keripik"),
    ("umkm", "/memberships?q=nira"),
    ("manager", "/members?q=dapur"),
    ("anonymous", "/cooperatives?q=rasa"),
    ("umkm", "/notices?show=new"),
    ("admin", "/admin?state=all&kind=buyer&q=toko"),
    ("admin", "/admin/accounts?q=dapur&state=locked"),
    (
        "admin",
        "/admin/events?on=order&kind=submit&person=ibu&from=2026-01-01&until=2026-12-31",
    ),
    ("admin", "/admin/events?subject=SO%2FRAR%2F2026%2F01%2F0001"),
    (
        "admin",
        "/admin/security?kind=signed+in&person=ibu&address=127.0.0.1",
    ),
];

#[tokio::test]
async fn every_route_answers_every_role_as_expected_and_no_refusal_changes_a_row() {
    for app in TestApp::each().await {
        let site = Site::of(&app).await;
        let looker = Looker::at(&app.database.url).await;
        let mut senders = BTreeMap::new();
        for name in site.people.keys() {
            senders.insert(*name, sender(&app, &site, name).await);
        }
        let nobody = anonymous(&app).await;
        let mut wrong = Vec::new();
        let mut before = looker.rows().await;
        for row in rows() {
            let line = line(&row);
            let mut round = Round {
                line,
                site: &site,
                fields: Fields::new(),
                wrong: &mut wrong,
            };
            let first = senders.get(line.who[0]).unwrap_or(&nobody);
            round.fields = form(line, &site, first.visitor()).await;
            round.anonymous(&nobody).await;
            for (name, sender) in &senders {
                let is_public = line.who == EVERYBODY;
                if !is_public && !line.who.contains(name) {
                    round.refused(name, sender).await;
                    continue;
                }
                // The deeds themselves are done in the tests of forms.
                if line.method == Method::Get {
                    round.opens(name, sender).await;
                }
                if !line.holes.is_empty() {
                    round.as_missing_as_none(name, sender).await;
                }
            }
            let after = looker.rows().await;
            for change in before.changes(&after) {
                wrong.push(format!("{:?} {}: {change}", line.method, line.path));
            }
            before = after;
        }
        for (name, path) in QUESTIONS {
            let sender = senders.get(name).unwrap_or(&nobody);
            let path = path.replace("{cooperative}", &site.own["cooperative"]);
            let answer = sender.visitor().get(&path).await;
            if answer.status != 200 {
                wrong.push(format!("{path}, {name}: {}", answer.status));
            }
        }
        let looked = before.changes(&looker.rows().await);
        wrong.extend(
            looked
                .into_iter()
                .map(|change| format!("looking: {change}")),
        );
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}

struct Round<'a> {
    line: &'static Line,
    site: &'a Site,
    fields: Fields,
    wrong: &'a mut Vec<String>,
}

impl Round<'_> {
    async fn ask(&self, sender: &Sender<'_>, path: &str) -> (u16, String, String) {
        let answer = match self.line.method {
            Method::Get => sender.visitor().get(path).await,
            Method::Post => {
                let token = Some(sender.token.as_str());
                send(sender.visitor(), path, &self.fields, token).await
            }
        };
        let to = answer.header("location").unwrap_or_default().to_owned();
        (answer.status, to, answer.body)
    }

    fn check(&mut self, is_right: bool, name: &str, path: &str, status: u16) {
        if !is_right {
            let line = self.line;
            let (method, row) = (line.method, line.path);
            self.wrong
                .push(format!("{method:?} {row}, {name}: {status} for {path}"));
        }
    }

    /// Nobody in particular: in on public pages only, else led to the sign-in page and back.
    async fn anonymous(&mut self, nobody: &Sender<'_>) {
        let path = path_of(self.line, &self.site.own);
        if self.line.who != EVERYBODY {
            let (status, to, _) = self.ask(nobody, &path).await;
            let is_led = status == 303 && to.starts_with("/login?next=/");
            self.check(is_led, "anonymous", &path, status);
        } else if self.line.method == Method::Get {
            self.opens("anonymous", nobody).await;
            if !self.line.holes.is_empty() {
                self.as_missing_as_none("anonymous", nobody).await;
            }
        }
    }

    /// The wrong role: 403 for whatever is there, is somebody else's, or is not.
    async fn refused(&mut self, name: &str, sender: &Sender<'_>) {
        let mut paths = vec![path_of(self.line, &self.site.own)];
        if self.line.is_owned() {
            paths.push(path_of(self.line, &self.site.other));
            let nothing = vec![MISSING; self.line.holes.len()];
            paths.push(filled(self.line.path, &nothing));
        }
        let mut bodies = Vec::new();
        for path in paths {
            let (status, _, body) = self.ask(sender, &path).await;
            self.check(status == 403, name, &path, status);
            bodies.push(body);
        }
        let alike = bodies.windows(2).all(|pair| pair[0] == pair[1]);
        self.check(alike, name, "all alike", 403);
    }

    /// The right role and its own row: there to be seen, by HEAD too.
    async fn opens(&mut self, name: &str, sender: &Sender<'_>) {
        let path = path_of(self.line, &self.site.own);
        let (status, to, _) = self.ask(sender, &path).await;
        // A page about something that isn't there yet, such as an empty cart, may lead elsewhere.
        let opens = match self.line.holes.is_empty() {
            true => [200, 303].contains(&status),
            // A member sees an order through its share.
            false if name == "umkm" && self.line.path == "/orders/{id}" => {
                status == 303 && to == format!("/shares/{}", self.site.own["share"])
            }
            false => status == 200,
        };
        self.check(opens, name, &path, status);
        let head = sender.visitor().ask(reqwest::Method::HEAD, &path, &[]);
        let head = head.await;
        let same = head.status == status && head.body.is_empty();
        self.check(same, name, &format!("{path} by HEAD"), head.status);
    }

    /// The right role, but a row of the other tenant, or none: 404 with the same bytes, however the ids are mixed.
    async fn as_missing_as_none(&mut self, name: &str, sender: &Sender<'_>) {
        let nouns = nouns(self.line);
        let own: Vec<&str> = nouns.iter().map(|n| self.site.own[n].as_str()).collect();
        let mut mixes = vec![vec![MISSING; nouns.len()], vec!["bukan-id"; nouns.len()]];
        for at in 0..nouns.len() {
            let mut mix = own.clone();
            mix[at] = MISSING;
            mixes.push(mix.clone());
            if self.line.is_owned() {
                mix[at] = &self.site.other[nouns[at]];
                mixes.push(mix);
            }
        }
        if self.line.is_owned() {
            let other = nouns.iter().map(|n| self.site.other[n].as_str());
            mixes.push(other.collect());
        }
        let mut first: Option<String> = None;
        for mix in mixes {
            let path = filled(self.line.path, &mix);
            let (status, _, body) = self.ask(sender, &path).await;
            self.check(status == 404, name, &path, status);
            let same = first.get_or_insert_with(|| body.clone()) == &body;
            self.check(same, name, &format!("{path}, other bytes"), status);
        }
    }
}
