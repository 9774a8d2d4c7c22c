//! Codes of the second step: those of an authenticator app (RFC 6238, 30 seconds, six digits) and recovery codes.
//!
//! The app's secret is derived from a seed with the secret of the installation, so that a dump of the database holds
//! nothing a code could be made of.

use domain::ids::PersonId;
use store::{
    accounts::SecondStep,
    tokens::{self, Purpose},
};
use totp_rs::{Builder, Totp};

use crate::{ctx::Ctx, error::Error};

/// Recovery codes that are handed out.
pub const CODES: usize = 10;
/// Bytes of the app's secret.
const SECRET_BYTES: usize = 20;

/// The app's side of a seed; `account` is shown in the app.
///
/// # Errors
/// Never for secrets of ours.
pub fn app(ctx: &Ctx, seed: &str, account: &str) -> Result<Totp, Error> {
    let bytes = tokens::derive_bytes(&ctx.state().secret, Purpose::SecondStep, seed);
    let secret: Vec<u8> = bytes.into_iter().take(SECRET_BYTES).collect();
    Builder::new()
        .with_secret(secret)
        .with_issuer(Some("Lumbung"))
        .with_account_name(account.replace(':', " "))
        .build()
        .map_err(Error::broken)
}

/// The step whose code this is, a step before and after counted in; spaces between digits are passed over.
pub fn step_of(ctx: &Ctx, app: &Totp, typed: &str) -> Option<i64> {
    let code: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    let seconds = u64::try_from(ctx.now().epoch_seconds()).ok()?;
    let step = app.check(&code, seconds)?;
    i64::try_from(step).ok()
}

/// The recovery codes that belong to a seed: 80 bits each, in groups of four.
pub fn recovery_codes(ctx: &Ctx, seed: &str) -> Vec<String> {
    const SIGNS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    (0..CODES)
        .map(|at| {
            let seed = format!("recovery {seed} {at}");
            let bytes = tokens::derive_bytes(&ctx.state().secret, Purpose::SecondStep, &seed);
            let signs: Vec<char> = bytes
                .iter()
                .take(16)
                .filter_map(|byte| SIGNS.get(usize::from(byte % 32)))
                .map(|sign| char::from(*sign))
                .collect();
            let groups: Vec<String> = signs.chunks(4).map(|four| four.iter().collect()).collect();
            groups.join("-")
        })
        .collect()
}

/// What the database keeps of a recovery code, however it was typed.
pub fn recovery_hash(person: PersonId, typed: &str) -> String {
    let bare: String = typed
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_uppercase())
        .collect();
    tokens::hash(&format!("recovery {person} {bare}"))
}

/// Whether what was typed opens the second step, and uses it up.
///
/// # Errors
/// When the database fails.
pub async fn take(
    ctx: &Ctx,
    person: PersonId,
    step: &SecondStep,
    typed: &str,
) -> Result<bool, Error> {
    let app = app(ctx, &step.seed, "-")?;
    if let Some(at) = step_of(ctx, &app, typed) {
        return Ok(ctx.store().take_step(&ctx.act(), person, at).await?);
    }
    if typed.len() > 40 {
        return Ok(false);
    }
    let hash = recovery_hash(person, typed);
    Ok(ctx
        .store()
        .take_recovery_code(&ctx.act(), person, &hash)
        .await?)
}
