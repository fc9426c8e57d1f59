//! Who calls Twilio: Basic authentication by account or API key (twilio.md §1.2).

use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::http::header::AUTHORIZATION;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::errors::{Twilio, TwilioError};
use crate::accounts::TwilioAccount;
use crate::faults::FaultKind;
use crate::signing::same;
use crate::state::World;

/// A caller and what it may reach.
#[derive(Debug)]
pub(super) struct Caller {
    pub(super) account: Arc<TwilioAccount>,
    /// API keys of type Standard reach everything but accounts and keys.
    pub(super) by_key: bool,
}

/// The caller, if its credentials are good.
pub(super) fn caller(world: &World, request: &HttpRequest) -> Twilio<Caller> {
    let (user, password) = basic(request).ok_or_else(TwilioError::unauthorised)?;
    let by_key = user.starts_with("SK");
    let account = if by_key {
        world.accounts.find_twilio(|account| account.api_key_sid == user)
    } else {
        world.accounts.twilio(&user)
    };
    let good = |account: &TwilioAccount| {
        if by_key {
            return same(&account.api_key_secret, &password);
        }
        let secondary = account.secondary_auth_token.as_deref();
        same(&account.auth_token, &password) || secondary.is_some_and(|token| same(token, &password))
    };
    let account = account.filter(|account| good(account)).ok_or_else(TwilioError::unauthorised)?;
    if world.faults.hits(&account.account_sid, None, &FaultKind::BadToken) {
        return Err(TwilioError::unauthorised());
    }
    Ok(Caller { account, by_key })
}

/// The caller, if the account in the path is its own.
pub(super) fn owner(world: &World, request: &HttpRequest, account_sid: &str) -> Twilio<Caller> {
    let caller = caller(world, request)?;
    if *caller.account.account_sid == *account_sid { Ok(caller) } else { Err(TwilioError::not_found(request.path())) }
}

fn basic(request: &HttpRequest) -> Option<(String, String)> {
    let header = request.headers().get(AUTHORIZATION)?.to_str().ok()?;
    let decoded = STANDARD.decode(header.strip_prefix("Basic ")?.trim()).ok()?;
    let (user, password) = std::str::from_utf8(&decoded).ok()?.split_once(':')?;
    Some((user.to_owned(), password.to_owned()))
}
