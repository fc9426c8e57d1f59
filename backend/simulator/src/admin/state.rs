//! Puts the members of `state` in an account patch in place of what an account has.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::Refusal;
use crate::accounts::{DirectAccount, TwilioAccount};

/// `old` with the members of the patch; `null` puts a default back.
///
/// # Errors
/// Refused when a member is unknown or its value is not one of those it may have.
pub(super) fn merged<T: Serialize + DeserializeOwned>(old: &T, patch: Map<String, Value>) -> Result<T, Refusal> {
    let invalid = |error: serde_json::Error| Refusal::invalid(format!("state: {error}"));
    let mut state = match serde_json::to_value(old).map_err(invalid)? {
        Value::Object(members) => members,
        _ => Map::new(),
    };
    for (name, value) in patch {
        if value.is_null() {
            state.remove(&name);
        } else {
            state.insert(name, value);
        }
    }
    serde_json::from_value(Value::Object(state)).map_err(invalid)
}

/// Changes a direct account as the patch says: its own state, and how its app is wired to the gateway.
///
/// # Errors
/// As [`merged`].
pub(super) fn apply_direct(account: &mut DirectAccount, mut patch: Map<String, Value>) -> Result<(), Refusal> {
    if let Some(url) = take::<Option<String>>(&mut patch, "callback_url")? {
        account.callback_url = url.filter(|url| !url.is_empty());
    }
    if let Some(token) = take::<Option<String>>(&mut patch, "verify_token")? {
        account.verify_token = token;
    }
    if let Some(secret) = take(&mut patch, "app_secret")? {
        account.app_secret = secret;
    }
    if let Some(fields) = take(&mut patch, "fields")? {
        account.fields = fields;
    }
    if let Some(subscribed) = take(&mut patch, "subscribed")? {
        account.subscribed = subscribed;
    }
    account.state = merged(&account.state, patch)?;
    Ok(())
}

/// Changes a Twilio account as the patch says: its own state, and where its first messaging service sends what customers write.
///
/// # Errors
/// As [`merged`].
pub(super) fn apply_twilio(account: &mut TwilioAccount, mut patch: Map<String, Value>) -> Result<(), Refusal> {
    let mut services = account.services();
    if let Some(first) = services.iter_mut().find(|service| service.sid == account.messaging_service_sid) {
        if let Some(url) = take::<Option<String>>(&mut patch, "service_inbound_request_url")? {
            first.inbound_request_url = url;
        }
        if let Some(url) = take::<Option<String>>(&mut patch, "service_status_callback")? {
            first.status_callback = url;
        }
        if let Some(on_number) = take(&mut patch, "use_inbound_webhook_on_number")? {
            first.use_inbound_webhook_on_number = on_number;
        }
    }
    if services != account.services() {
        account.services = Some(services);
    }
    account.state = merged(&account.state, patch)?;
    Ok(())
}

fn take<T: DeserializeOwned>(patch: &mut Map<String, Value>, name: &str) -> Result<Option<T>, Refusal> {
    let Some(value) = patch.remove(name) else { return Ok(None) };
    serde_json::from_value(value).map(Some).map_err(|error| Refusal::invalid(format!("state.{name}: {error}")))
}
