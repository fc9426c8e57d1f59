//! The connection check (twilio.md §2.8, §2.9, §2.11): credentials, sender, standing, service, callback. Nothing is sent, and
//! the account resource is never asked: its answer holds the auth token.

mod credentials;
pub(super) mod sender;
pub(super) mod service;

use serde_json::Value;

use crate::providers::check::{Check, CheckName, CheckResult, Depth, Examination, Finding};
use crate::providers::check_codes::CheckCode;
use crate::providers::foreign_url::without_secrets;

use super::ask::Twilio;
use sender::text;

pub(super) async fn run(twilio: Twilio<'_>, depth: Depth) -> Examination {
    let mut seen = Examination::default();
    credentials::examine(twilio, &mut seen).await;
    if !seen.holds(CheckName::Credentials) {
        return seen;
    }
    let found = match sender::find(twilio).await {
        Ok(found) => found,
        Err(refused) => {
            let found = credentials::senders_refused(&refused, twilio.credentials);
            if found.result == CheckResult::Warn {
                let told = "The sender can't be looked at, because the list of senders can't be read.";
                unseen(&mut seen, &[CheckName::Sender, CheckName::Standing], CheckCode::ManagementScopeMissing, told);
            }
            seen.push(CheckName::Permissions, found);
            return seen;
        }
    };
    seen.push(CheckName::Permissions, Finding::pass("The credentials may send messages and read senders."));
    seen.checks.push(sender::state(found.as_ref(), twilio.credentials));
    let Some(found) = found else {
        if seen.holds(CheckName::Sender) {
            let told = "How the shared sender stands with WhatsApp is Twilio's affair.";
            unseen(&mut seen, &[CheckName::Standing], CheckCode::SharedSender, told);
        }
        return seen;
    };
    sender::facts(&found, &mut seen.facts);
    seen.checks.push(sender::standing(&found));
    if depth == Depth::Standing {
        return seen;
    }
    let service = service::examine(twilio, &mut seen).await;
    seen.checks.push(callback(twilio, &found, service.as_ref()));
    seen
}

/// Nothing is known against these rungs, and nothing can be known: sending is what shows it.
fn unseen(seen: &mut Examination, names: &[CheckName], code: CheckCode, told: &str) {
    seen.leave_unseen(names, &Finding::unproven(code, told, "Send a test message to see whether it works."));
}

/// Where incoming messages go: the service's address when it keeps them to itself, else the sender's.
fn callback(twilio: Twilio<'_>, sender: &Value, service: Option<&Value>) -> Check {
    let name = CheckName::Callback;
    let hook = twilio.hook();
    let set_it = format!(
        "Let the gateway set it (Repair), or set the sender's webhook for incoming messages to {hook} (POST) in the Twilio console."
    );
    let own = service.filter(|service| !service::leaves_inbound(service));
    let (whose, url, call) = match own {
        Some(service) => {
            ("the messaging service's", text(service, "/inbound_request_url"), text(service, "/inbound_method"))
        }
        None => ("the sender's", text(sender, "/webhook/callback_url"), text(sender, "/webhook/callback_method")),
    };
    // What follows # steers Twilio's retries and is never sent.
    let found = match url.map(|url| url.split('#').next().unwrap_or(url)) {
        None => Finding::fail(CheckCode::CallbackMissing, "The sender has no webhook for incoming messages.", set_it),
        Some(url) if url != hook.as_str() => {
            let finding =
                format!("Incoming messages go to another address: {whose} webhook is {}.", without_secrets(url));
            Finding::fail(CheckCode::CallbackElsewhere, finding, set_it)
        }
        Some(_) if call.is_some_and(|method| method != "POST") => {
            Finding::fail(CheckCode::CallbackMethod, "The webhook is not called with POST.", set_it)
        }
        Some(_) => Finding::pass(format!("Twilio delivers incoming messages to {hook}.")),
    };
    Check::of(name, found)
}
