//! Event Streams about templates (twilio.md §3.7).

use serde_json::Value;

use crate::domain::provider::SenderAddress;
use crate::domain::template_definition::TemplateCategory;
use crate::domain::template_state::TemplateStatus;
use crate::domain::time::Ts;
use crate::providers::templates::error::text;
use crate::providers::templates::{TemplateChange, TemplateEvent};

/// The type of these CloudEvents.
pub const TYPE: &str = "com.twilio.messaging.template.approval.updated";

/// Reads one CloudEvent; `None` for other types, and for what can't be read.
pub fn read(event: &Value) -> Option<TemplateEvent> {
    if text(event, "type")? != TYPE {
        return None;
    }
    let data = event.get("data")?;
    let template = data.get("template")?;
    let now_is = text(template, "currentValue")?;
    let change = match text(data, "type")? {
        "status_update" => {
            let reason = text(template, "rejectionReason").or_else(|| text(data, "rejectionReason"));
            TemplateChange::Status {
                status: TemplateStatus::read(now_is),
                word: now_is.to_owned(),
                reason: reason.map(str::to_owned),
                detail: None,
                category: None,
                other: None,
            }
        }
        "category_update" => TemplateChange::CategoryChanged { becomes: TemplateCategory::read(now_is)? },
        _ => return None,
    };
    Some(TemplateEvent {
        sender: SenderAddress { account: text(data, "accountSid")?.to_owned(), sender: String::new() },
        reference: text(template, "sid")?.to_owned(),
        change,
        told_at: text(event, "time").and_then(|time| Ts::parse(time).ok()),
        field: TYPE.to_owned(),
        raw: event.clone(),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn event(kind: &str, value: &str) -> Value {
        json!({ "specversion": "1.0", "type": TYPE, "data": { "type": kind, "channel": "whatsapp", "accountSid": "AC1",
            "template": { "sid": "HX1", "friendlyName": "order_shipped", "previousValue": "pending", "currentValue": value } } })
    }

    #[test]
    fn states_and_categories_are_read() {
        let approved = read(&event("status_update", "approved")).unwrap();
        assert_eq!((approved.reference.as_str(), approved.sender.account.as_str()), ("HX1", "AC1"));
        assert!(matches!(approved.change, TemplateChange::Status { status: TemplateStatus::Approved, .. }));
        let moved = read(&event("category_update", "MARKETING")).unwrap();
        assert_eq!(moved.change, TemplateChange::CategoryChanged { becomes: TemplateCategory::Marketing });
        assert_eq!(read(&event("weather_update", "sunny")), None);
        assert_eq!(read(&json!({ "type": "com.twilio.messaging.message.sent", "data": {} })), None);
    }
}
