//! `GET /metrics`: what this process has counted, in Prometheus' text format. Answers loopback, or whoever has the token.
//!
//! Answers are counted here, by row of the table of routes; the other parts bring their own figures.

use std::time::Duration;

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use figures::{Counter, Sheet, Timings};

use crate::{
    health,
    routes::{Method, Site},
    server::State,
    session::same,
};

/// Answers of one row, by the first digit of the status, 1xx first.
type ByClass = [Timings; 5];
const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

/// Counted since the process began.
#[derive(Debug)]
pub struct Metrics {
    /// As the table of routes; the last is for whatever is not in it: files, misses, machines' questions.
    rows: Vec<ByClass>,
    /// Searches that the index answered.
    pub(crate) searches: Timings,
    /// Searches that the database answered, because the index did not.
    pub(crate) searches_without_index: Counter,
}

impl Metrics {
    pub(crate) fn new(site: &Site) -> Self {
        let mut rows = Vec::new();
        rows.resize_with(site.rows().len() + 1, ByClass::default);
        Self {
            rows,
            searches: Timings::default(),
            searches_without_index: Counter::default(),
        }
    }

    pub(crate) fn count(&self, row: Option<usize>, status: u16, took: Duration) {
        let row = row.and_then(|row| self.rows.get(row));
        let class = usize::from(status / 100).saturating_sub(1);
        if let Some(timings) = row.or(self.rows.last()).and_then(|row| row.get(class)) {
            timings.add(took);
        }
    }

    fn write(&self, site: &Site, sheet: &mut Sheet) {
        let help = "Answers by class of status.";
        for (class, name) in CLASSES.iter().enumerate() {
            let all = self.rows.iter().filter_map(|row| row.get(class));
            let all = all.map(Timings::count).sum();
            sheet.counter("lumbung_requests_total", help, &[("status", name)], all);
        }
        let help = "How long answers took, by route and class of status.";
        let places = site.rows().iter().map(Some).chain([None]);
        for (place, row) in places.zip(&self.rows) {
            let (method, path) = match place {
                Some(route) if route.method == Method::Post => ("POST", route.path),
                Some(route) => ("GET", route.path),
                None => ("", "other"),
            };
            for (status, timings) in CLASSES.iter().zip(row) {
                if timings.count() > 0 {
                    let labels = [("method", method), ("route", path), ("status", *status)];
                    sheet.timings("lumbung_request_seconds", help, &labels, timings);
                }
            }
        }
    }
}

pub(crate) async fn serve(request: HttpRequest, state: web::Data<State>) -> HttpResponse {
    if !allowed(&request, &state) {
        return HttpResponse::NotFound()
            .content_type("text/plain; charset=utf-8")
            .body("not found\n");
    }
    HttpResponse::Ok()
        .content_type("text/plain; version=0.0.4; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(sheet(&state).await.into_text())
}

async fn sheet(state: &State) -> Sheet {
    let mut sheet = Sheet::default();
    let help = "Whether a part answers: 1 or 0.";
    for part in health::parts(state).await {
        let labels = [("part", part.name)];
        sheet.gauge("lumbung_part_up", help, &labels, i64::from(part.is_up));
    }
    let metrics = &state.metrics;
    metrics.write(&state.site, &mut sheet);
    let help = "Pages answered without being drawn anew.";
    let served = state.pages.served();
    sheet.counter("lumbung_kept_pages_total", help, &[], served);
    let help = "Searches that the index answered.";
    sheet.timings("lumbung_search_seconds", help, &[], &metrics.searches);
    let help = "Searches that the database answered because the index did not.";
    let without = metrics.searches_without_index.get();
    sheet.counter("lumbung_searches_without_index_total", help, &[], without);
    if let Some(search) = &state.search {
        let health = search.health();
        let documents = i64::try_from(health.documents).unwrap_or(i64::MAX);
        sheet.gauge(
            "lumbung_search_documents",
            "Offers in the index.",
            &[],
            documents,
        );
        let help = "Whether the index has to be made anew before it is trusted: 1 or 0.";
        let stale = i64::from(health.needs_rebuild);
        sheet.gauge("lumbung_search_needs_rebuild", help, &[], stale);
    }
    state
        .store
        .write_figures(&mut sheet, state.clock.now())
        .await;
    if let Some(mail) = &state.mail {
        mail.write_figures(&mut sheet);
    }
    sheet
}

fn allowed(request: &HttpRequest, state: &State) -> bool {
    match &state.config.metrics_token {
        Some(token) => request
            .headers()
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.strip_prefix("Bearer "))
            .is_some_and(|sent| same(sent, token)),
        // A proxy on the same machine is loopback, too, but whoever it speaks for is not.
        None => {
            !request.headers().contains_key("x-forwarded-for")
                && !request.headers().contains_key(header::FORWARDED)
                && request
                    .peer_addr()
                    .is_some_and(|peer| peer.ip().is_loopback())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_counted_by_route_class_and_time() {
        let site = Site::new(false);
        let login = |row: &&std::sync::Arc<crate::routes::Route>| row.path == "/login";
        let row = site.rows().iter().find(login).map(|row| row.index);
        let metrics = Metrics::new(&site);
        metrics.count(row, 200, Duration::from_millis(3));
        metrics.count(row, 303, Duration::from_millis(30));
        metrics.count(None, 500, Duration::from_secs(20));
        metrics.count(Some(usize::MAX), 404, Duration::ZERO);
        metrics.count(None, 0, Duration::ZERO);
        let mut sheet = Sheet::default();
        metrics.write(&site, &mut sheet);
        let text = sheet.into_text();
        for line in [
            "lumbung_requests_total{status=\"2xx\"} 1",
            "lumbung_requests_total{status=\"5xx\"} 1",
            "lumbung_request_seconds_count{method=\"GET\",route=\"/login\",status=\"2xx\"} 1",
            "lumbung_request_seconds_bucket{method=\"GET\",route=\"/login\",status=\"3xx\",le=\"0.025\"} 0",
            "lumbung_request_seconds_bucket{method=\"GET\",route=\"/login\",status=\"3xx\",le=\"0.100\"} 1",
            "lumbung_request_seconds_count{method=\"\",route=\"other\",status=\"4xx\"} 1",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} in {text}");
        }
    }
}
