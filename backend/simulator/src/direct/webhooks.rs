//! What the direct provider's webhooks say (direct.md §3.3 to §3.7).

use serde_json::{Map, Value, json};

use super::errors::in_webhook;
use crate::accounts::DirectAccount;
use crate::delivery::{Fact, Notice, Payload};
use crate::ids::now_ms;
use crate::ledger::{Pricing, Record, Status};
use crate::people::{bsuid, is_bsuid};
use crate::signing::ascii_json;
use crate::state::World;

/// The body of one request: ASCII, as it is signed.
pub(crate) fn envelope(entry_id: &str, changes: Vec<Value>) -> String {
    ascii_json(&json!({
        "object": "whatsapp_business_account",
        "entry": [{ "id": entry_id, "time": now_ms() / 1_000, "changes": changes }],
    }))
}

/// The entry that a change stands in, and the change: a partner's matters come under the portfolio's id and name the account
/// in the value (direct.md §3.3).
pub(crate) fn addressed(account: &DirectAccount, change: &Value) -> (String, Value) {
    let mut change = change.clone();
    let event = change.pointer("/value/event").and_then(Value::as_str).unwrap_or_default();
    if change.get("field").and_then(Value::as_str) != Some("account_update") || !event.starts_with("PARTNER_") {
        return (account.waba_id.clone(), change);
    }
    if let Some(value) = change.get_mut("value").and_then(Value::as_object_mut) {
        let info = json!({ "waba_id": account.waba_id, "owner_business_id": account.business_id });
        value.entry("waba_info").or_insert(info);
    }
    (account.business_id.clone(), change)
}

/// A change with one status of one message (direct.md §3.5).
pub(crate) fn status_change(world: &World, account: &DirectAccount, fact: &Fact) -> Value {
    let (record, status) = (&fact.record, fact.status);
    let user_id = bsuid(&account.business_id, &record.person);
    let mut item = Map::new();
    item.insert("id".to_owned(), json!(record.id));
    item.insert("status".to_owned(), json!(status));
    item.insert("timestamp".to_owned(), Value::from(seconds(fact.at)));
    item.insert("recipient_id".to_owned(), Value::from(digits(&record.person)));
    item.insert("recipient_user_id".to_owned(), Value::from(user_id));
    if let Some(correlation) = &record.correlation {
        item.insert("biz_opaque_callback_data".to_owned(), json!(correlation));
    }
    match (status, &record.pricing, fact.code) {
        (Status::Failed, _, code) => {
            item.insert("errors".to_owned(), in_webhook(code.unwrap_or(131_000)));
        }
        // Prices come with `sent` and one of the later receipts (direct.md §3.5).
        (Status::Sent | Status::Delivered, Some(pricing), _) => {
            item.insert("pricing".to_owned(), price(pricing));
        }
        _ => {}
    }
    let mut value = frame(account);
    if status != Status::Failed {
        value.insert("contacts".to_owned(), json!([contact(world, account, record)]));
    }
    value.insert("statuses".to_owned(), json!([item]));
    json!({ "field": "messages", "value": value })
}

/// Sends a change of a field other than messages to the app, if it wants that field.
pub(crate) fn tell(world: &World, account: &DirectAccount, field: &str, value: Value) {
    if account.callback(field).is_some() {
        let change = json!({ "field": field, "value": value });
        world.delivery.send_now(Notice::new(account.phone_number_id.clone(), Payload::Change(change)));
    }
}

pub(super) fn frame(account: &DirectAccount) -> Map<String, Value> {
    let mut value = Map::new();
    value.insert("messaging_product".to_owned(), Value::from("whatsapp"));
    let metadata =
        json!({ "display_phone_number": digits(&account.phone), "phone_number_id": account.phone_number_id });
    value.insert("metadata".to_owned(), metadata);
    value
}

pub(super) fn contact(world: &World, account: &DirectAccount, record: &Record) -> Value {
    let mut contact = Map::new();
    if let Some(name) = world.people.name(&account.phone_number_id, &record.person) {
        contact.insert("profile".to_owned(), json!({ "name": name }));
    }
    if !is_bsuid(&record.person) {
        contact.insert("wa_id".to_owned(), Value::from(digits(&record.person)));
    }
    contact.insert("user_id".to_owned(), Value::from(bsuid(&account.business_id, &record.person)));
    Value::Object(contact)
}

fn price(pricing: &Pricing) -> Value {
    let kind = if pricing.free { "free_customer_service" } else { "regular" };
    json!({ "billable": !pricing.free, "pricing_model": "PMP", "type": kind, "category": pricing.category })
}

pub(super) fn digits(phone: &str) -> &str {
    phone.trim_start_matches('+')
}

/// Timestamps of messages and statuses are texts of seconds (direct.md §3.3).
pub(super) fn seconds(ms: i64) -> String {
    (ms / 1_000).to_string()
}
