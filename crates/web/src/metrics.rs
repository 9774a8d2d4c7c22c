//! `GET /metrics`: a few figures in Prometheus' text format. Answers loopback, or whoever has the token.

use std::{
    fmt::Write as _,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use actix_web::{HttpRequest, HttpResponse, http::header, web};

use crate::{server::State, session::same};

/// Upper bounds of the buckets of response times, in milliseconds.
const BOUNDS: [u64; 6] = [5, 25, 100, 500, 2_000, 10_000];

/// Counted since the process began.
#[derive(Debug, Default)]
pub struct Metrics {
    /// By the first digit of the status, 1xx first.
    by_class: [AtomicU64; 5],
    /// Answers no slower than each bound.
    within: [AtomicU64; BOUNDS.len()],
    microseconds: AtomicU64,
}

impl Metrics {
    pub(crate) fn count(&self, status: u16, took: Duration) {
        let class = usize::from(status / 100).saturating_sub(1);
        if let Some(counter) = self.by_class.get(class) {
            counter.fetch_add(1, Ordering::Relaxed);
        }
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.microseconds.fetch_add(micros, Ordering::Relaxed);
        for (bound, counter) in BOUNDS.iter().zip(&self.within) {
            if micros <= bound * 1000 {
                counter.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    fn text(&self, kept_pages: u64, open_jobs: Option<i64>, dead_jobs: Option<i64>) -> String {
        let mut out = String::new();
        let mut all = 0;
        out.push_str("# TYPE lumbung_requests_total counter\n");
        for (class, counter) in (1..).zip(&self.by_class) {
            let n = counter.load(Ordering::Relaxed);
            all += n;
            let _ = writeln!(out, "lumbung_requests_total{{status=\"{class}xx\"}} {n}");
        }
        out.push_str("# TYPE lumbung_request_seconds histogram\n");
        for (bound, counter) in BOUNDS.iter().zip(&self.within) {
            let n = counter.load(Ordering::Relaxed);
            let (whole, rest) = (bound / 1000, bound % 1000);
            let _ = writeln!(
                out,
                "lumbung_request_seconds_bucket{{le=\"{whole}.{rest:03}\"}} {n}"
            );
        }
        let micros = self.microseconds.load(Ordering::Relaxed);
        let (whole, rest) = (micros / 1_000_000, micros % 1_000_000);
        let _ = writeln!(out, "lumbung_request_seconds_bucket{{le=\"+Inf\"}} {all}");
        let _ = writeln!(out, "lumbung_request_seconds_sum {whole}.{rest:06}");
        let _ = writeln!(out, "lumbung_request_seconds_count {all}");
        let _ = writeln!(
            out,
            "# TYPE lumbung_kept_pages_total counter\nlumbung_kept_pages_total {kept_pages}"
        );
        if let Some(open) = open_jobs {
            let _ = writeln!(
                out,
                "# TYPE lumbung_open_jobs gauge\nlumbung_open_jobs {open}"
            );
        }
        if let Some(dead) = dead_jobs {
            let _ = writeln!(
                out,
                "# TYPE lumbung_dead_jobs gauge\nlumbung_dead_jobs {dead}"
            );
        }
        out
    }
}

pub(crate) async fn serve(request: HttpRequest, state: web::Data<State>) -> HttpResponse {
    if !allowed(&request, &state) {
        return HttpResponse::NotFound()
            .content_type("text/plain; charset=utf-8")
            .body("not found\n");
    }
    let open = state.store.open_jobs().await.ok();
    let dead = state.store.dead_jobs_waiting().await.ok();
    HttpResponse::Ok()
        .content_type("text/plain; version=0.0.4; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(state.metrics.text(state.pages.served(), open, dead))
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
    fn answers_are_counted_by_class_and_time() {
        let metrics = Metrics::default();
        metrics.count(200, Duration::from_millis(3));
        metrics.count(303, Duration::from_millis(30));
        metrics.count(500, Duration::from_secs(20));
        let text = metrics.text(9, Some(4), Some(1));
        for line in [
            "lumbung_requests_total{status=\"2xx\"} 1",
            "lumbung_requests_total{status=\"5xx\"} 1",
            "lumbung_request_seconds_bucket{le=\"0.005\"} 1",
            "lumbung_request_seconds_bucket{le=\"0.100\"} 2",
            "lumbung_request_seconds_bucket{le=\"+Inf\"} 3",
            "lumbung_request_seconds_sum 20.033000",
            "lumbung_kept_pages_total 9",
            "lumbung_open_jobs 4",
            "lumbung_dead_jobs 1",
        ] {
            assert!(text.contains(line), "{line}\n{text}");
        }
    }
}
