//! Limits on trying, and asking a signed-in person for the password once more.

use store::accounts::Tries;

use crate::{ctx::Ctx, error::Error, security};

pub const QUARTER_SECONDS: i64 = 15 * 60;
pub const HOUR_SECONDS: i64 = 3600;
/// Wrong passwords or codes per account within a quarter of an hour (CHECKLIST A08).
pub const FAILURES_MAX: i64 = 10;
/// Longer than any password we take; more is not worth hashing.
pub const PASSWORD_BYTES_MAX: usize = 1024;

/// A counter of whoever comes from one network address.
pub fn of_address(ctx: &Ctx, what: &str) -> String {
    match ctx.ip() {
        Some(ip) => format!("{what}:address:{ip}"),
        None => format!("{what}:address:unknown"),
    }
}

/// Counts one more try.
///
/// # Errors
/// [`Error::TooMany`] beyond the limit.
pub async fn within(ctx: &Ctx, bucket: &str, limit: i64, seconds: i64) -> Result<(), Error> {
    let tries = ctx
        .store()
        .count_try(&ctx.act(), bucket, limit, seconds)
        .await?;
    match tries {
        Tries::Allowed => Ok(()),
        Tries::Exhausted {
            retry_after_seconds,
        } => {
            security::note(ctx, security::Kind::TooManyTries);
            Err(Error::TooMany {
                retry_after_seconds,
            })
        }
    }
}

/// Whether `typed` is the visitor's password. Wrong ones are counted as at the sign-in page; the stored hash comes
/// back with a right one.
///
/// # Errors
/// [`Error::TooMany`]; when the database fails.
pub async fn is_password(ctx: &Ctx, typed: &str) -> Result<Option<String>, Error> {
    let person = ctx.visitor().ok_or(Error::Forbidden)?.person;
    let bucket = format!("password:person:{person}");
    within(ctx, &bucket, FAILURES_MAX, QUARTER_SECONDS).await?;
    let stored = ctx.store().credentials(person).await?.password_hash;
    let short = typed.len() <= PASSWORD_BYTES_MAX;
    let checked: String = typed.chars().take(PASSWORD_BYTES_MAX).collect();
    let fits = ctx
        .state()
        .passwords
        .verify(&checked, stored.clone().filter(|_| short))
        .await?;
    if !fits {
        security::note(ctx, security::Kind::WrongPasswordInside);
        return Ok(None);
    }
    ctx.store().forgive_try(&ctx.act(), &[&bucket]).await?;
    Ok(stored)
}
