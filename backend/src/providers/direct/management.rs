//! Requests about apps, accounts and numbers, built without touching the network (direct.md §2.9, §2.11).

use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use url::Url;

use crate::client::Request;
use crate::providers::account::DirectCredentials;

use super::request::{graph, signed};

/// The webhook fields that the gateway reads (direct.md §3.3).
pub const FIELDS: &[&str] = &[
    "messages",
    "message_template_status_update",
    "message_template_quality_update",
    "message_template_components_update",
    "template_category_update",
    "phone_number_quality_update",
    "phone_number_name_update",
    "account_update",
    "account_review_update",
    "account_alerts",
    "business_capability_update",
    "user_preferences",
    "security",
];

/// What webhooks of WhatsApp are subscribed to.
pub const OBJECT: &str = "whatsapp_business_account";

/// `GET /{WABA}`: how the account stands.
pub fn business_account(base: &Url, credentials: &DirectCredentials) -> Request {
    let mut url = graph(base, credentials, &[&credentials.waba_id]);
    url.query_pairs_mut().append_pair("fields", "id,name,status,account_review_status");
    signed(Request::get(url), credentials)
}

/// `GET /{account}/phone_numbers`: the numbers of what may be a WhatsApp account.
pub fn phone_numbers(base: &Url, credentials: &DirectCredentials, account: &str) -> Request {
    let mut url = graph(base, credentials, &[account, "phone_numbers"]);
    url.query_pairs_mut().append_pair("fields", "id,display_phone_number").append_pair("limit", "100");
    signed(Request::get(url), credentials)
}

/// `GET /{app}/subscriptions`: where the app's webhooks go and of what they tell.
pub fn subscriptions(base: &Url, credentials: &DirectCredentials) -> Request {
    as_app(Request::get(graph(base, credentials, &[&credentials.whatsapp_app_id, "subscriptions"])), credentials)
}

/// `POST /{app}/subscriptions`: sets the app's callback; Meta calls it at once and saves nothing when it is not answered.
///
/// # Errors
/// The body can't be written as JSON; does not happen with texts.
pub fn subscribe_fields(
    base: &Url,
    credentials: &DirectCredentials,
    callback: &Url,
    fields: &[String],
) -> Result<Request, serde_json::Error> {
    let url = graph(base, credentials, &[&credentials.whatsapp_app_id, "subscriptions"]);
    as_app(Request::post(url), credentials).json(&json!({
        "object": OBJECT,
        "callback_url": callback.as_str(),
        "verify_token": credentials.verify_token.expose_secret(),
        "fields": fields.join(","),
    }))
}

/// `POST /{WABA}/subscribed_apps`: lets the app have the account's webhooks, at the app's callback or at one of the account's
/// own. Without one, an earlier one of the account's own is gone.
///
/// # Errors
/// As [`subscribe_fields`].
pub fn subscribe_app(
    base: &Url,
    credentials: &DirectCredentials,
    callback: Option<&Url>,
) -> Result<Request, serde_json::Error> {
    let url = graph(base, credentials, &[&credentials.waba_id, "subscribed_apps"]);
    let request = signed(Request::post(url), credentials);
    match callback {
        None => Ok(request),
        Some(callback) => request.json(&json!({
            "override_callback_uri": callback.as_str(),
            "verify_token": credentials.verify_token.expose_secret(),
        })),
    }
}

/// `POST /{phone number id}`: a callback of the number's own for messages; none removes it.
///
/// # Errors
/// As [`subscribe_fields`].
pub fn number_callback(
    base: &Url,
    credentials: &DirectCredentials,
    callback: Option<&Url>,
) -> Result<Request, serde_json::Error> {
    let url = graph(base, credentials, &[&credentials.whatsapp_business_phone_id]);
    signed(Request::post(url), credentials).json(&json!({
        "webhook_configuration": {
            "override_callback_uri": callback.map(Url::as_str).unwrap_or_default(),
            "verify_token": credentials.verify_token.expose_secret(),
        }
    }))
}

fn as_app(request: Request, credentials: &DirectCredentials) -> Request {
    let token = format!("{}|{}", credentials.whatsapp_app_id, credentials.app_secret.expose_secret());
    request.bearer(&SecretString::from(token))
}
