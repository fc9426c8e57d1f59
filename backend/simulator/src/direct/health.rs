//! `health_status` of numbers and WhatsApp Business Accounts (direct.md §2.9).

use serde_json::{Value, json};

use super::state::{CanSend, Entity, EntityHealth, HealthError, WabaStatus};
use crate::accounts::DirectAccount;

/// All entities and the worst of them. `low_quality` limits the number.
pub(super) fn status(account: &DirectAccount, low_quality: bool) -> Value {
    let entities = [
        (Entity::PhoneNumber, &*account.phone_number_id),
        (Entity::Waba, account.waba_id.as_str()),
        (Entity::Business, account.business_id.as_str()),
        (Entity::App, account.app_id.as_str()),
    ]
    .map(|(entity, id)| (entity, id, of(account, entity, low_quality)));
    let worst = entities.iter().map(|(_, _, health)| health.can_send_message).max().unwrap_or_default();
    let entities = entities.map(|(entity, id, health)| {
        let mut shown = json!({ "entity_type": entity, "id": id });
        if let (Value::Object(shown), Ok(Value::Object(members))) = (&mut shown, serde_json::to_value(&health)) {
            shown.extend(members);
        }
        shown
    });
    json!({ "can_send_message": worst, "entities": entities })
}

/// What was set for an entity, and what follows from the rest of the account's state.
fn of(account: &DirectAccount, entity: Entity, low_quality: bool) -> EntityHealth {
    let state = &account.state;
    let mut health = state.health.get(&entity).cloned().unwrap_or_default();
    let mut limit = |how: CanSend, error: Option<HealthError>, info: Option<&str>| {
        health.can_send_message = health.can_send_message.max(how);
        health.errors.extend(error);
        health.additional_info.extend(info.map(str::to_owned));
    };
    match entity {
        Entity::PhoneNumber => {
            if !state.registered {
                let error = error(141_000, "The phone number is not registered.", "Register the phone number.");
                limit(CanSend::Blocked, Some(error), None);
            }
            if low_quality {
                limit(CanSend::Limited, None, Some("The quality of this number is low."));
            }
        }
        Entity::Waba => {
            if state.waba_status != WabaStatus::Active {
                let error = error(
                    141_014,
                    "The WhatsApp Business Account has been restricted.",
                    "Look at the account's violations in WhatsApp Manager and ask for a review.",
                );
                limit(CanSend::Blocked, Some(error), None);
            }
            if state.payment_missing {
                let error = error(
                    141_006,
                    "There is an error with the payment method.",
                    "Add a valid payment method in WhatsApp Manager.",
                );
                limit(CanSend::Blocked, Some(error), None);
            }
        }
        Entity::Business => {
            if !state.business_verified {
                limit(CanSend::Limited, None, Some("Business is not verified."));
            }
        }
        Entity::App => {}
    }
    health
}

fn error(error_code: u32, description: &str, solution: &str) -> HealthError {
    HealthError { error_code, error_description: description.to_owned(), possible_solution: solution.to_owned() }
}
