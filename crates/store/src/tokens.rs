//! The secret part of one-time links: 256 bits that only the link has. The database keeps its SHA-256 alone.
//!
//! A letter is written later and by another process than the page that asked for it, so the token itself would have
//! to wait in the outbox. Instead a random seed waits there, and the token is derived from it with the secret of the
//! installation: who has the database but not the secret can open nothing.

use sha2::{Digest, Sha256};

use crate::hex;

/// What a token is for. One seed gives another token for each purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A new password.
    Reset,
    /// An e-mail address is somebody's.
    Email,
    /// An invitation to a cooperative or organisation.
    Invitation,
    /// The shared secret of an authenticator app.
    SecondStep,
}

impl Purpose {
    const fn word(self) -> &'static [u8] {
        match self {
            Self::Reset => b"reset\0",
            Self::Email => b"email\0",
            Self::Invitation => b"invitation\0",
            Self::SecondStep => b"second step\0",
        }
    }
}

/// The 32 bytes that belong to a seed.
#[must_use]
pub fn derive_bytes(secret: &[u8], purpose: Purpose, seed: &str) -> [u8; 32] {
    let key = Sha256::new()
        .chain_update(b"lumbung link\0")
        .chain_update(secret)
        .finalize();
    let inner = Sha256::new()
        .chain_update(key)
        .chain_update(purpose.word())
        .chain_update(seed.as_bytes())
        .finalize();
    Sha256::new()
        .chain_update(key)
        .chain_update(inner)
        .finalize()
        .into()
}

/// The token that belongs to a seed: 64 hex digits.
#[must_use]
pub fn derive(secret: &[u8], purpose: Purpose, seed: &str) -> String {
    hex(&derive_bytes(secret, purpose, seed))
}

/// What the database keeps of a token.
#[must_use]
pub fn hash(token: &str) -> String {
    hex(&Sha256::digest(token.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_needs_secret_purpose_and_seed() {
        let token = derive(b"one secret", Purpose::Reset, "ab");
        assert_eq!(token.len(), 64);
        assert_eq!(token, derive(b"one secret", Purpose::Reset, "ab"));
        for other in [
            derive(b"two secret", Purpose::Reset, "ab"),
            derive(b"one secret", Purpose::Email, "ab"),
            derive(b"one secret", Purpose::Reset, "ac"),
        ] {
            assert_ne!(token, other);
        }
        assert_ne!(hash(&token), token);
    }
}
