//! Requests to the Graph API, built without touching the network (direct.md §2).

mod carousel;
mod envelope;
mod interactive;
mod media;
mod template;

use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::client::Request;
use crate::providers::Outbound;
use crate::providers::account::DirectCredentials;

use super::signature::app_secret_proof;
use envelope::Envelope;

/// Why a message could not be written for Meta. Nothing was sent; the checks before the queue keep these away.
#[derive(Debug, thiserror::Error)]
pub enum Unwritable {
    #[error("the content can't be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
    #[error("a medium was not brought to Meta before the message")]
    Medium,
    #[error("the message that the reaction is put on has no id at Meta")]
    Target,
}

/// `POST /{phone number id}/messages`.
///
/// # Errors
/// Something that the content names is not at Meta.
pub fn send(base: &Url, credentials: &DirectCredentials, message: &Outbound) -> Result<Request, Unwritable> {
    let url = graph(base, credentials, &[&credentials.whatsapp_business_phone_id, "messages"]);
    Ok(signed(Request::post(url), credentials).json(&Envelope::of(message)?)?)
}

/// `GET /debug_token`: what Meta knows about the channel's token, asked with the app's own token.
pub fn debug_token_as_app(base: &Url, credentials: &DirectCredentials) -> Request {
    let app = format!("{}|{}", credentials.whatsapp_app_id, credentials.app_secret.expose_secret());
    Request::get(debug_token(base, credentials)).bearer(&SecretString::from(app))
}

/// The same, asked with the channel's token itself.
pub fn debug_token_as_itself(base: &Url, credentials: &DirectCredentials) -> Request {
    signed(Request::get(debug_token(base, credentials)), credentials)
}

/// `GET /{phone number id}`: state and health of the sender.
pub fn sender(base: &Url, credentials: &DirectCredentials) -> Request {
    let mut url = graph(base, credentials, &[&credentials.whatsapp_business_phone_id]);
    url.query_pairs_mut().append_pair(
        "fields",
        "id,display_phone_number,verified_name,status,quality_rating,name_status,throughput,account_mode,whatsapp_business_manager_messaging_limit,webhook_configuration,health_status",
    );
    signed(Request::get(url), credentials)
}

/// `GET /{WABA}/subscribed_apps`: who gets the account's webhooks.
pub fn subscribed_apps(base: &Url, credentials: &DirectCredentials) -> Request {
    signed(Request::get(graph(base, credentials, &[&credentials.waba_id, "subscribed_apps"])), credentials)
}

fn debug_token(base: &Url, credentials: &DirectCredentials) -> Url {
    let mut url = graph(base, credentials, &["debug_token"]);
    url.query_pairs_mut().append_pair("input_token", credentials.whatsapp_access_token.expose_secret());
    url
}

/// `{base}/{version}/{segments…}`; each segment is escaped, so that no id can lead elsewhere.
pub(super) fn graph(base: &Url, credentials: &DirectCredentials, segments: &[&str]) -> Url {
    let mut url = base.clone();
    // Fails only for addresses like `data:`, which the client refuses to send to.
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().push(&credentials.graph_version).extend(segments);
    }
    url
}

pub(super) fn signed(mut request: Request, credentials: &DirectCredentials) -> Request {
    let token = &credentials.whatsapp_access_token;
    if let Some(proof) = app_secret_proof(&credentials.app_secret, token) {
        request.url.query_pairs_mut().append_pair("appsecret_proof", &proof);
    }
    request.bearer(token)
}

/// Where Meta delivers an app's webhooks.
pub fn hook(public_base: &Url, credentials: &DirectCredentials) -> Url {
    let mut url = public_base.clone();
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(["hooks", "direct", &credentials.whatsapp_app_id]);
    }
    url
}

#[cfg(test)]
mod tests;
