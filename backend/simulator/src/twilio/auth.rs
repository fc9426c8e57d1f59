//! Who calls Twilio: Basic authentication by account or API key (twilio.md §1.2).

use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::http::header::AUTHORIZATION;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::errors::{Twilio, TwilioError};
use super::state::{AccountStatus, ApiKey, Grant};
use crate::accounts::TwilioAccount;
use crate::faults::FaultKind;
use crate::signing::same;
use crate::state::World;

/// A caller and what it may reach.
#[derive(Debug)]
pub(super) struct Caller {
    pub(super) account: Arc<TwilioAccount>,
    /// The account and its keys: not for API keys of type Standard or Restricted.
    pub(super) may_manage: bool,
}

/// The caller, if its credentials are good and reach what it asks for.
pub(super) fn caller(world: &World, request: &HttpRequest) -> Twilio<Caller> {
    let caller = identified(world, request)?;
    admitted(&caller.account, request)?;
    Ok(caller)
}

/// The caller, if the account in the path is its own, or a sub-account of its own.
pub(super) fn owner(world: &World, request: &HttpRequest, account_sid: &str) -> Twilio<Caller> {
    let caller = identified(world, request)?;
    if *caller.account.account_sid == *account_sid {
        admitted(&caller.account, request)?;
        return Ok(caller);
    }
    let parent = &*caller.account.account_sid;
    let child = world.accounts.twilio(account_sid);
    let child = child.filter(|child| caller.may_manage && child.state.parent_account_sid.as_deref() == Some(parent));
    let account = child.ok_or_else(|| TwilioError::not_found(request.path()))?;
    admitted(&account, request)?;
    Ok(Caller { account, ..caller })
}

fn identified(world: &World, request: &HttpRequest) -> Twilio<Caller> {
    let (user, password) = basic(request).ok_or_else(TwilioError::unauthorised)?;
    let by_key = user.starts_with("SK");
    let account = if by_key {
        world.accounts.find_twilio(|account| account.api_key_sid == user)
    } else {
        world.accounts.twilio(&user)
    };
    let good = |account: &TwilioAccount| {
        if by_key {
            return account.state.api_key != ApiKey::Revoked && same(&account.api_key_secret, &password);
        }
        let secondary = account.secondary_auth_token.as_deref();
        same(&account.auth_token, &password) || secondary.is_some_and(|token| same(token, &password))
    };
    let account = account.filter(|account| good(account)).ok_or_else(TwilioError::unauthorised)?;
    if account.state.account_status == AccountStatus::Closed
        || world.faults.hits(&account.account_sid, None, &FaultKind::BadToken)
    {
        return Err(TwilioError::unauthorised());
    }
    let restricted = by_key && account.state.api_key == ApiKey::Restricted;
    if restricted && !grant(request.path()).is_some_and(|wanted| account.state.api_key_grants.contains(&wanted)) {
        return Err(TwilioError::forbidden());
    }
    let may_manage = !by_key || account.state.api_key == ApiKey::Main;
    Ok(Caller { account, may_manage })
}

/// A suspended account shows itself, and nothing else.
fn admitted(account: &TwilioAccount, request: &HttpRequest) -> Twilio<()> {
    let own = format!("/2010-04-01/Accounts/{}.json", account.account_sid);
    if account.state.account_status == AccountStatus::Suspended && request.path() != own {
        return Err(TwilioError::told(20_005));
    }
    Ok(())
}

/// What a restricted key needs for a path.
fn grant(path: &str) -> Option<Grant> {
    let of: [(&str, Grant); 9] = [
        ("/Media", Grant::Media),
        ("/Messages", Grant::Messages),
        ("/Usage", Grant::Usage),
        ("/Content", Grant::Content),
        ("/Channels/Senders", Grant::Senders),
        ("/Services", Grant::Services),
        ("/Indicators/", Grant::Typing),
        ("/Sinks", Grant::Events),
        ("/Subscriptions", Grant::Events),
    ];
    of.into_iter().find(|(part, _)| path.contains(part)).map(|(_, grant)| grant)
}

fn basic(request: &HttpRequest) -> Option<(String, String)> {
    let header = request.headers().get(AUTHORIZATION)?.to_str().ok()?;
    let decoded = STANDARD.decode(header.strip_prefix("Basic ")?.trim()).ok()?;
    let (user, password) = std::str::from_utf8(&decoded).ok()?.split_once(':')?;
    Some((user.to_owned(), password.to_owned()))
}
