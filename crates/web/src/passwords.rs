//! Hashing and checking passwords: argon2id with 19 MiB, two passes, one lane (OWASP), off the async threads, and
//! only a few at a time, so that a flood of sign-ins does not take all the memory.

use std::sync::Arc;

use actix_web::web;
use argon2::{Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version};
use domain::accounts::Password;
use tokio::sync::Semaphore;

use crate::error::Error;

/// Hashes computed at the same time.
const AT_ONCE: usize = 2;
/// Those who wait longer than this are asked to come back (seconds).
const WAIT_SECONDS: u64 = 10;

#[derive(Clone)]
pub struct Passwords {
    permits: Arc<Semaphore>,
    /// Checked when nobody has that sign-in name, so that the answer takes as long.
    nobody: Arc<String>,
}

fn argon2() -> Result<Argon2<'static>, Error> {
    let params = Params::new(19 * 1024, 2, 1, None).map_err(Error::broken)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// The hash to store, in PHC form, with a salt of its own. Blocks for some tens of milliseconds.
///
/// # Errors
/// When the operating system gives no randomness.
pub fn hash(password: &str) -> Result<String, Error> {
    let hash: PasswordHash = argon2()?
        .hash_password(password.as_bytes())
        .map_err(Error::broken)?;
    Ok(hash.to_string())
}

fn verify(password: &str, hash: &str) -> Result<bool, Error> {
    Ok(argon2()?.verify_password(password.as_bytes(), hash).is_ok())
}

impl Passwords {
    /// # Errors
    /// When the operating system gives no randomness.
    pub fn new() -> Result<Self, Error> {
        Ok(Self {
            permits: Arc::new(Semaphore::new(AT_ONCE)),
            nobody: Arc::new(hash("nobody has this password, it only takes time")?),
        })
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let wait = std::time::Duration::from_secs(WAIT_SECONDS);
        let permit = tokio::time::timeout(wait, self.permits.clone().acquire_owned())
            .await
            .map_err(|_| Error::Unavailable("too many passwords to check".to_owned()))?
            .map_err(Error::broken)?;
        web::block(move || {
            let done = work();
            drop(permit);
            done
        })
        .await
        .map_err(Error::broken)?
    }

    /// # Errors
    /// When too many are waiting, or randomness fails.
    pub async fn hash(&self, password: &Password) -> Result<String, Error> {
        let password = password.expose().to_owned();
        self.run(move || hash(&password)).await
    }

    /// Whether it is the right password. Without a stored hash the answer is no, after the same time.
    ///
    /// # Errors
    /// When too many are waiting.
    pub async fn verify(&self, password: &str, stored: Option<String>) -> Result<bool, Error> {
        let password = password.to_owned();
        let known = stored.is_some();
        let hash = stored.unwrap_or_else(|| self.nobody.to_string());
        let fits = self.run(move || verify(&password, &hash)).await?;
        Ok(fits && known)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stored_password_is_salted_and_says_nothing() {
        let one = hash("kuda baterai staples").unwrap();
        let two = hash("kuda baterai staples").unwrap();
        assert!(one.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{one}");
        assert_ne!(one, two);
        assert!(verify("kuda baterai staples", &one).unwrap());
        assert!(!verify("kuda baterai staples ", &one).unwrap());
        assert!(!verify("x", "no hash").unwrap());
    }
}
