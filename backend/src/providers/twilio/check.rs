//! The connection check (twilio.md §2.8, §2.11): credentials, sender, webhook. Nothing is sent, and the account resource is
//! never asked: its answer holds the auth token.

use serde_json::Value;
use url::{Url, form_urlencoded};

use crate::client::{HttpClient, Request, TransportError};
use crate::domain::failure::FailureCode;
use crate::domain::ids::ChannelId;
use crate::providers::account::{BaseAddresses, TwilioCredentials};
use crate::providers::check::{Check, CheckName, CheckReport};
use crate::providers::failure::SendError;

use super::request::{self, Page};
use super::response::refusal;

/// Twilio's shared sandbox sender, which no account lists as its own.
const SANDBOX: &str = "+14155238886";
/// An account has at most 50 senders; pages beyond that are not ours.
const MOST_PAGES: usize = 5;

/// Why a question got no usable answer.
enum Refused {
    Unreachable(TransportError),
    Answered(u16, Box<SendError>),
}

pub(super) async fn run(
    client: &HttpClient,
    bases: &BaseAddresses,
    public_base: &Url,
    channel: ChannelId,
    credentials: &TwilioCredentials,
) -> CheckReport {
    let mut checks = Vec::new();
    match ask(client, request::newest_message(&bases.twilio_api, credentials)).await {
        Err(Refused::Unreachable(error)) => {
            let cure = "Check the machine's network, its DNS and the configured address of Twilio's API.";
            checks.push(Check::fail(CheckName::Reachable, format!("Twilio's API can't be reached: {error}."), cure));
            return CheckReport::of(checks);
        }
        answer => {
            checks.push(Check::pass(CheckName::Reachable, "Twilio's API answers."));
            let refused = answer.is_err();
            checks.push(credentials_check(answer, credentials));
            if refused {
                return CheckReport::of(checks);
            }
        }
    }
    match find_sender(client, bases, credentials).await {
        Ok(found) => {
            checks.push(Check::pass(CheckName::Permissions, "The credentials may send messages and read senders."));
            checks.push(sender(found.as_ref(), credentials));
            checks.push(webhook(found.as_ref(), public_base, channel));
        }
        Err(error) => checks.push(senders_refused(&error, credentials)),
    }
    CheckReport::of(checks)
}

async fn ask(client: &HttpClient, request: Request) -> Result<Value, Refused> {
    let response = client.send(request).await.map_err(Refused::Unreachable)?;
    let body = response.json().unwrap_or(Value::Null);
    if response.is_success() {
        Ok(body)
    } else {
        Err(Refused::Answered(response.status, Box::new(refusal(&response, &body))))
    }
}

fn credentials_check(answer: Result<Value, Refused>, credentials: &TwilioCredentials) -> Check {
    let name = CheckName::Credentials;
    let Err(Refused::Answered(status, error)) = answer else {
        return match &credentials.api_key {
            Some(_) => Check::pass(
                name,
                "Twilio accepts the API key. The auth token signs webhooks only, so the first webhook will prove it.",
            ),
            None => Check::pass(name, "Twilio accepts the account SID and the auth token."),
        };
    };
    if status == 404 {
        let cure = "Copy the account SID again from the Twilio console; a subaccount has its own.";
        return Check::fail(name, "Twilio does not know the account.", cure).at("account_sid");
    }
    if error.failure.code != FailureCode::CredentialsInvalid && status != 401 {
        return Check::fail(name, describe("Twilio refuses the account", status, &error), error.failure.detail.clone());
    }
    match &credentials.api_key {
        Some(_) => {
            let cure =
                "Check that key SID, secret and account SID belong together; make a new key if the secret is lost.";
            Check::fail(name, "Twilio does not accept the API key for this account.", cure).at("api_key_secret")
        }
        None => {
            let cure = "Copy account SID and auth token again from the Twilio console.";
            Check::fail(name, "Twilio does not accept the account SID with this auth token.", cure).at("auth_token")
        }
    }
}

fn describe(what: &str, status: u16, error: &SendError) -> String {
    match &error.failure.provider_code {
        Some(code) => format!("{what}: code {code}."),
        None => format!("{what}: status {status}."),
    }
}

fn senders_refused(error: &Refused, credentials: &TwilioCredentials) -> Check {
    let name = CheckName::Permissions;
    let (finding, denied) = match error {
        Refused::Unreachable(error) => (format!("The list of senders can't be reached: {error}."), false),
        Refused::Answered(status, error) => {
            (describe("The list of senders can't be read", *status, error), matches!(status, 401 | 403))
        }
    };
    match &credentials.api_key {
        Some(_) if denied => {
            Check::fail(name, finding, "Use a standard API key, or grant this one messages and senders.")
                .at("api_key_sid")
        }
        _ => Check::warn(
            name,
            finding,
            "Messages can be read, so sending will probably work. Try the check again later.",
        ),
    }
}

/// Reads the account's senders until ours is among them.
async fn find_sender(
    client: &HttpClient,
    bases: &BaseAddresses,
    credentials: &TwilioCredentials,
) -> Result<Option<Value>, Refused> {
    let wanted = format!("whatsapp:{}", credentials.sender_number.as_str());
    let mut page = None;
    for _ in 0..MOST_PAGES {
        let body = ask(client, request::senders(&bases.twilio_messaging, credentials, page.as_ref())).await?;
        let mut listed = body.get("senders").and_then(Value::as_array).into_iter().flatten();
        if let Some(ours) = listed.find(|sender| sender.get("sender_id").and_then(Value::as_str) == Some(&wanted)) {
            return Ok(Some(ours.clone()));
        }
        page = body.pointer("/meta/next_page_url").and_then(Value::as_str).and_then(next_page);
        if page.is_none() {
            break;
        }
    }
    Ok(None)
}

fn next_page(link: &str) -> Option<Page> {
    let (_, query) = link.split_once('?')?;
    let value = |wanted: &str| {
        form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == wanted).map(|(_, value)| value.into_owned())
    };
    Some(Page { number: value("Page").unwrap_or_else(|| "1".to_owned()), token: value("PageToken")? })
}

fn sender(found: Option<&Value>, credentials: &TwilioCredentials) -> Check {
    let name = CheckName::Sender;
    let number = credentials.sender_number.as_str();
    let Some(found) = found else {
        if number == SANDBOX {
            let cure =
                "Each person must join the sandbox first, every three days. Use a sender of your own for real work.";
            return Check::warn(name, "This is Twilio's shared sandbox sender.", cure);
        }
        let cure = "Check the number, or register it as a WhatsApp sender in the Twilio console.";
        return Check::fail(name, "The account has no WhatsApp sender with this number.", cure).at("sender_number");
    };
    let text = |path| found.pointer(path).and_then(Value::as_str);
    let state = text("/status").unwrap_or("unknown");
    if !state.starts_with("ONLINE") {
        let reason = text("/offline_reasons/0/code").map(|code| format!(" (code {code})")).unwrap_or_default();
        let cure = "Finish the sender's registration in the Twilio console.";
        return Check::fail(name, format!("The sender is {state}, not ONLINE{reason}."), cure);
    }
    let quality = text("/properties/quality_rating").unwrap_or("unknown");
    match quality.to_ascii_uppercase().as_str() {
        "LOW" | "RED" => {
            let cure = "Write only to people who expect it; many have blocked or reported the number.";
            Check::warn(name, "The sender is online; its quality is low.", cure)
        }
        _ => Check::pass(name, format!("The sender is online; quality {quality}.")),
    }
}

fn webhook(found: Option<&Value>, public_base: &Url, channel: ChannelId) -> Check {
    let name = CheckName::Webhook;
    let hook = request::inbound_hook(public_base, channel);
    if public_base.host_str().is_some_and(|host| host.contains('_')) {
        let cure = "Give the gateway a public address without an underscore in its host.";
        return Check::fail(name, "Twilio refuses callback addresses with an underscore in the host.", cure);
    }
    let cure = format!("Set the sender's webhook for incoming messages to {hook} (POST) in the Twilio console.");
    let Some(found) = found else {
        return Check::warn(name, "The sender is not listed, so its webhook can't be read.", cure);
    };
    let text = |path| found.pointer(path).and_then(Value::as_str).filter(|text| !text.is_empty());
    // What follows # steers Twilio's retries and is never sent.
    let set = text("/webhook/callback_url").map(|url| url.split('#').next().unwrap_or(url));
    match set {
        None => Check::fail(name, "The sender has no webhook for incoming messages.", cure),
        Some(set) if set != hook.as_str() => {
            Check::fail(name, "The sender's incoming messages go to another address.", cure)
        }
        Some(_) if text("/webhook/callback_method").is_some_and(|method| method != "POST") => {
            Check::fail(name, "The sender's webhook is not called with POST.", cure)
        }
        Some(_) => Check::pass(name, "Twilio delivers incoming messages to this gateway."),
    }
}
