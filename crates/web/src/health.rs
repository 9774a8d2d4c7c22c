//! What machines ask to know whether to send visitors here: `GET /healthz` and `GET /readyz`.
//!
//! A part without which no page can be drawn makes the process not ready, and its name is the answer. Parts that pages go
//! on without (photos, letters) are only named: an instance that is taken out of service for a mail server that is down
//! helps nobody.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use actix_web::{HttpResponse, http::StatusCode, http::header, web::Data};

use crate::server::State;

/// How long a part may take to answer.
const PATIENCE: Duration = Duration::from_secs(3);
/// How old an answer of a part outside of this machine may be: whoever asks often doesn't make us call often.
const HOLDS: Duration = Duration::from_secs(10);

/// What was last heard of a part.
#[derive(Debug, Default)]
struct Heard(Mutex<Option<(Instant, bool)>>);

impl Heard {
    async fn ask<T, E: std::fmt::Display>(
        &self,
        part: &'static str,
        answer: impl Future<Output = Result<T, E>>,
    ) -> bool {
        let known = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, is_up)) = known
            && at.elapsed() < HOLDS
        {
            return is_up;
        }
        let is_up = match tokio::time::timeout(PATIENCE, answer).await {
            Ok(Ok(_)) => true,
            Ok(Err(error)) => {
                tracing::warn!(part, %error, "a part does not answer");
                false
            }
            Err(_) => {
                tracing::warn!(part, "a part does not answer in time");
                false
            }
        };
        let mut heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *heard = Some((Instant::now(), is_up));
        is_up
    }
}

/// What this process knows of its parts.
#[derive(Debug, Default)]
pub struct Parts {
    files: Heard,
    mail: Heard,
}

/// Each part and whether it is there, those first that no page can do without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) name: &'static str,
    pub(crate) is_up: bool,
    pub(crate) is_needed: bool,
}

pub(crate) async fn parts(state: &State) -> [Part; 5] {
    let database = async {
        let there = tokio::time::timeout(PATIENCE, state.store.ping()).await;
        if !matches!(there, Ok(Ok(()))) {
            // Its schema is not known, then, and nobody asks.
            return (false, true);
        }
        let migrated = tokio::time::timeout(PATIENCE, state.store.is_migrated()).await;
        (true, matches!(migrated, Ok(Ok(true))))
    };
    let files = state.health.files.ask("files", state.media.ping());
    let mail = async {
        match &state.mail {
            Some(mail) => state.health.mail.ask("mail", mail.ping()).await,
            None => true,
        }
    };
    let ((database, migrations), files, mail) = tokio::join!(database, files, mail);
    let search = state
        .search
        .as_ref()
        .is_none_or(|search| search.count().is_ok());
    [
        ("database", database, true),
        ("migrations", migrations, true),
        ("search", search, true),
        ("files", files, false),
        ("mail", mail, false),
    ]
    .map(|(name, is_up, is_needed)| Part {
        name,
        is_up,
        is_needed,
    })
}

/// 200 as long as the process lives.
pub(crate) async fn alive() -> HttpResponse {
    plain(StatusCode::OK, "ok\n".to_owned())
}

/// 503 with the name of the part that does not answer; 200 with the names of those that pages go on without.
pub(crate) async fn ready(state: Data<State>) -> HttpResponse {
    let parts = parts(&state).await;
    if let Some(down) = parts.iter().find(|part| part.is_needed && !part.is_up) {
        return plain(StatusCode::SERVICE_UNAVAILABLE, format!("{}\n", down.name));
    }
    let down: Vec<&str> = parts
        .iter()
        .filter(|part| !part.is_up)
        .map(|part| part.name)
        .collect();
    plain(
        StatusCode::OK,
        match down.as_slice() {
            [] => "ok\n".to_owned(),
            down => format!("ok, but without {}\n", down.join(" and ")),
        },
    )
}

fn plain(status: StatusCode, body: String) -> HttpResponse {
    HttpResponse::build(status)
        .content_type("text/plain; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(body)
}
