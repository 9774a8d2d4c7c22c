//! What is known of a request beside its page: the code it is found by in the log, and the row of the table it took.
//!
//! The code is on every answer (`x-request-id`), on every line that the log has of it, and on the pages that say that
//! something broke, short enough to be read out over the telephone.

use std::{
    cell::Cell,
    sync::atomic::{AtomicU64, Ordering},
};

use actix_web::{HttpMessage, HttpRequest, dev::ServiceRequest, http::header::HeaderName};

use crate::routes::Route;

pub(crate) const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// Letters and digits that are easy to read out.
const SIGNS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
const LENGTH: u32 = 8;

/// Names requests; each once in a process, and none as another process does.
#[derive(Debug)]
pub(crate) struct Codes {
    begin: u64,
    count: AtomicU64,
}

impl Codes {
    /// # Errors
    /// When the operating system gives no randomness.
    pub(crate) fn new() -> Result<Self, getrandom::Error> {
        Ok(Self {
            begin: getrandom::u64()?,
            count: AtomicU64::new(0),
        })
    }

    pub(crate) fn next(&self) -> String {
        const ODD: u64 = 0x9E37_79B9_7F4A_7C15;
        let n = self.count.fetch_add(1, Ordering::Relaxed);
        // An odd factor meets every number once before it begins again, and neighbours don't look alike.
        let mut rest = self.begin.wrapping_add(n.wrapping_mul(ODD)) >> (64 - 5 * LENGTH);
        let mut code = String::with_capacity(LENGTH as usize);
        for _ in 0..LENGTH {
            let sign = usize::try_from(rest % 32).unwrap_or(0);
            code.extend(SIGNS.get(sign).map(|sign| char::from(*sign)));
            rest /= 32;
        }
        code
    }
}

/// Goes with a request from its first byte to its last.
pub(crate) struct Passage {
    pub(crate) code: String,
    row: Cell<Option<usize>>,
}

impl Passage {
    pub(crate) fn begin(request: &ServiceRequest, code: String) {
        let row = Cell::new(None);
        request.extensions_mut().insert(Self { code, row });
    }

    /// The row that answers.
    pub(crate) fn mark(request: &HttpRequest, route: &Route) {
        if let Some(passage) = request.extensions().get::<Self>() {
            passage.row.set(Some(route.index));
        }
    }

    pub(crate) fn row(request: &HttpRequest) -> Option<usize> {
        request.extensions().get::<Self>()?.row.get()
    }

    pub(crate) fn code(request: &HttpRequest) -> Option<String> {
        let extensions = request.extensions();
        Some(extensions.get::<Self>()?.code.clone())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_request_has_a_code_of_its_own_that_can_be_read_out() {
        let (codes, others) = (Codes::new().unwrap(), Codes::new().unwrap());
        let mut seen = HashSet::new();
        for _ in 0..20_000 {
            let code = codes.next();
            assert_eq!(code.len(), 8);
            assert!(code.bytes().all(|sign| SIGNS.contains(&sign)), "{code}");
            seen.insert(code);
        }
        assert_eq!(seen.len(), 20_000);
        assert_ne!(codes.next(), others.next());
    }
}
