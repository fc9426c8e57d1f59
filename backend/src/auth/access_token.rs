//! Short-lived proof of a session: a signed token that names the session and the user.

use std::time::Duration;

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::AuthError;
use crate::domain::ids::{SessionId, UserId};
use crate::domain::time::Ts;

/// How long a token is good without a refresh.
pub(super) const LIFETIME: Duration = Duration::from_secs(600);

#[derive(Serialize, Deserialize)]
struct Claims {
    sub: Uuid,
    sid: Uuid,
    iat: i64,
    exp: i64,
}

pub(super) struct AccessTokens {
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
}

impl AccessTokens {
    pub fn new(key: &[u8; 32]) -> Self {
        let mut validation = Validation::new(Algorithm::HS256);
        // Checked below against the injected clock.
        validation.validate_exp = false;
        Self { encoding: EncodingKey::from_secret(key), decoding: DecodingKey::from_secret(key), validation }
    }

    /// A token and the time at which it ends.
    pub fn issue(&self, user: UserId, session: SessionId, now: Ts) -> Result<(String, Ts), AuthError> {
        let ends = now.plus(LIFETIME);
        let claims =
            Claims { sub: user.0, sid: session.0, iat: now.micros() / 1_000_000, exp: ends.micros() / 1_000_000 };
        encode(&Header::new(Algorithm::HS256), &claims, &self.encoding)
            .map(|token| (token, Ts::from_secs(claims.exp)))
            .map_err(|error| AuthError::Internal(error.to_string()))
    }

    /// The session that a token names and the time at which the token ends.
    pub fn check(&self, token: &str, now: Ts) -> Result<(UserId, SessionId, Ts), AuthError> {
        let claims = decode::<Claims>(token, &self.decoding, &self.validation).map_err(|_| AuthError::Unknown)?.claims;
        let ends = Ts::from_secs(claims.exp);
        if ends <= now {
            return Err(AuthError::SessionOver);
        }
        Ok((UserId(claims.sub), SessionId(claims.sid), ends))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_ends_by_the_injected_clock_and_only_its_key_opens_it() {
        let (user, session, now) = (UserId::new(), SessionId::new(), Ts::from_secs(1_795_000_000));
        let tokens = AccessTokens::new(&[1; 32]);
        let (token, ends) = tokens.issue(user, session, now).unwrap();
        assert_eq!(tokens.check(&token, now).unwrap(), (user, session, ends));
        assert!(matches!(tokens.check(&token, now.plus(LIFETIME)), Err(AuthError::SessionOver)));
        assert!(matches!(AccessTokens::new(&[2; 32]).check(&token, now), Err(AuthError::Unknown)));
    }

    #[test]
    fn an_unsigned_token_is_nothing() {
        let forged = "eyJhbGciOiJub25lIn0.eyJzdWIiOiIwMTlhIn0.";
        assert!(matches!(AccessTokens::new(&[1; 32]).check(forged, Ts::from_secs(0)), Err(AuthError::Unknown)));
    }
}
