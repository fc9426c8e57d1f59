//! The number: whether it is the one that was meant, and whether it is registered (direct.md §2.9).

use serde_json::Value;

use crate::domain::standing::{Quality, SenderFacts, messaging_limit};
use crate::providers::check::{CheckResult, Finding};
use crate::providers::check_codes::CheckCode;

use super::super::graph::{Graph, Refused};
use super::super::management;

const PHONE_ID: &str = "whatsapp_business_phone_id";
const WABA_ID: &str = "waba_id";
/// Ids listed in a cure.
const LISTED: usize = 5;

/// What is wrong when the number can't be read: which of the ids, and in which way.
pub(super) async fn refused(graph: Graph<'_>, refused: &Refused) -> Finding {
    let credentials = graph.credentials;
    if refused.trouble {
        return trouble(refused, "The number can't be read now");
    }
    if refused.is_denied() {
        let cure = "Assign the WhatsApp account of this number to the system user in Meta Business Suite.";
        return Finding::fail(CheckCode::AssetNotAssigned, refused.told("The number can't be read"), cure).at(WABA_ID);
    }
    if refused.is_unknown_object() {
        return no_such_number(graph).await;
    }
    let cure = "Try again later; if it goes on, check the phone number id.";
    Finding::fail(CheckCode::NumberNotFound, refused.told("The number can't be read"), cure)
        .at(if credentials.whatsapp_business_phone_id.is_empty() { WABA_ID } else { PHONE_ID })
}

/// What is wrong with something that was read in the place of the number, if anything is.
pub(super) async fn wrong(graph: Graph<'_>, shown: &Value) -> Option<Finding> {
    let Some(display) = text(shown, "display_phone_number") else {
        return Some(no_such_number(graph).await);
    };
    let own = graph.credentials.waba_id.as_str();
    let other = entities(shown)
        .filter(|entity| text(entity, "entity_type") == Some("WABA"))
        .find_map(|entity| text(entity, "id").filter(|id| *id != own))?;
    let cure = format!(
        "The number's WhatsApp account is {other}. Put that id into the channel, or take the id of a number of {own}."
    );
    let finding = format!("{display} belongs to another WhatsApp account.");
    Some(Finding::fail(CheckCode::WabaAndPhoneMismatch, finding, cure).at(WABA_ID))
}

/// Meta is in trouble, or is asked too often: that says nothing of what was asked for.
pub(super) fn trouble(refused: &Refused, what: &str) -> Finding {
    let cure = "Nothing is known to be wrong here. Check again later.";
    Finding::unproven(CheckCode::ProviderTrouble, refused.told(what), cure)
}

/// The phone number id leads to no number. The account's own list says what was meant.
async fn no_such_number(graph: Graph<'_>) -> Finding {
    let credentials = graph.credentials;
    let (given, account) = (&credentials.whatsapp_business_phone_id, &credentials.waba_id);
    let listed = graph.ask(management::phone_numbers(graph.base, credentials, account)).await;
    let numbers = match listed {
        Ok(list) => numbers(&list),
        Err(refused) if refused.trouble => return trouble(&refused, "The account's numbers can't be read now"),
        Err(_) if graph.ask(management::phone_numbers(graph.base, credentials, given)).await.is_ok() => {
            let cure = "Exchange the two ids: the phone number id and the WhatsApp account's id.";
            let finding = "The phone number id and the WhatsApp account's id stand in each other's fields.";
            return Finding::fail(CheckCode::IdsSwapped, finding, cure).at(PHONE_ID);
        }
        Err(refused) => {
            let finding = refused.told("Neither the number nor the WhatsApp account can be read");
            let cure =
                "Take both ids from the same page of WhatsApp Manager, and assign the account to the system user.";
            return Finding::fail(CheckCode::WabaNotFound, finding, cure).at(WABA_ID);
        }
    };
    if let Some((id, display)) = numbers.iter().find(|(_, display)| digits(display) == digits(given)) {
        let cure = format!("Put {id} there: that is the id of {display}.");
        let finding = "A telephone number stands where its id belongs.";
        return Finding::fail(CheckCode::NumberInsteadOfId, finding, cure).at(PHONE_ID);
    }
    let known: Vec<String> = numbers.iter().take(LISTED).map(|(id, display)| format!("{id} ({display})")).collect();
    let cure = match known.is_empty() {
        true => "The account has no number yet. Add one in WhatsApp Manager.".to_owned(),
        false => format!("Take the id of one of the account's numbers: {}.", known.join(", ")),
    };
    let finding = "The WhatsApp account has no number with this id.";
    Finding::fail(CheckCode::NumberNotFound, finding, cure).at(PHONE_ID)
}

/// Whether the number is registered and connected.
pub(super) fn state(number: &Value) -> Finding {
    let shown = text(number, "display_phone_number").unwrap_or("The number");
    let state = text(number, "status").unwrap_or("UNKNOWN");
    let register = "Register the number with its two-step PIN and finish its verification in WhatsApp Manager.";
    if entities(number).any(is_unregistered) {
        return Finding::fail(CheckCode::NumberUnregistered, format!("{shown} is not registered."), register);
    }
    match state {
        // The last three can send; what is the matter with them is their standing.
        "CONNECTED" | "FLAGGED" | "RESTRICTED" | "RATE_LIMITED" => {
            Finding::pass(format!("{shown} is the number, and it is {state}."))
        }
        "BANNED" => {
            let cure = "See the reason in Meta Business Suite (Business support home) and appeal there.";
            Finding::fail(CheckCode::NumberBanned, format!("{shown} is banned."), cure)
        }
        _ => Finding::fail(CheckCode::NumberUnregistered, format!("{shown} is {state}, not CONNECTED."), register),
    }
}

/// What the number's own answer tells.
pub(super) fn facts(number: &Value, facts: &mut SenderFacts) {
    let owned = |name| text(number, name).map(str::to_owned);
    facts.display_number = owned("display_phone_number");
    facts.verified_name = owned("verified_name");
    facts.name_status = owned("name_status");
    facts.quality = text(number, "quality_rating").map(Quality::read);
    facts.messaging_limit = text(number, "whatsapp_business_manager_messaging_limit").and_then(messaging_limit);
    facts.throughput = number.pointer("/throughput/level").and_then(Value::as_str).map(str::to_owned);
    facts.sender_status = owned("status");
    facts.account_status = number.pointer("/health_status/can_send_message").and_then(Value::as_str).map(str::to_owned);
}

/// Whether it is registered and can send, so that its account gets more calls (direct.md §4.9).
pub(super) fn is_active(number: &Value) -> bool {
    state(number).result == CheckResult::Pass
}

/// Whether a part of the health report says that the number was not registered.
pub(super) fn is_unregistered(entity: &Value) -> bool {
    let told = entity.pointer("/errors/0/error_description").and_then(Value::as_str).unwrap_or_default();
    text(entity, "can_send_message") == Some("BLOCKED") && told.to_ascii_lowercase().contains("not registered")
}

pub(super) fn entities(number: &Value) -> impl Iterator<Item = &Value> {
    number.pointer("/health_status/entities").and_then(Value::as_array).into_iter().flatten()
}

pub(super) fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
}

fn numbers(list: &Value) -> Vec<(String, String)> {
    let rows = list.get("data").and_then(Value::as_array).into_iter().flatten();
    rows.filter_map(|row| {
        Some((text(row, "id")?.to_owned(), text(row, "display_phone_number").unwrap_or_default().to_owned()))
    })
    .collect()
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}
