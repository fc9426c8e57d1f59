//! Account and number fields of Meta's webhooks (direct.md §3.7). A value that can't be read becomes a notice.

use serde_json::Value;

use crate::domain::provider::SenderAddress;
use crate::domain::standing::messaging_limit;
use crate::domain::time::Ts;
use crate::providers::account_event::{AccountEvent, AccountNews, BanState, Restriction, RestrictionKind, Telling};

use super::webhook::members::{list, text, text_or_number, timestamp};
use super::webhook::people::person;
use super::webhook::source::Source;

/// What a change of one of these fields says; nothing for another field, or for a value that can't be read.
pub(super) fn read(source: &Source, sender: &SenderAddress, field: &str, value: &Value) -> Vec<AccountEvent> {
    let all = news(field, value).into_iter().enumerate();
    all.map(|(place, news)| event(source.telling(field, value, place), sender, field, value, news)).collect()
}

/// The account that a change concerns. For a partner's matters the entry names the business portfolio instead (direct.md §3.3).
pub(super) fn account_of(field: &str, value: &Value) -> Option<String> {
    (field == "account_update").then(|| value.pointer("/waba_info/waba_id").and_then(text_or_number)).flatten()
}

fn news(field: &str, value: &Value) -> Vec<AccountNews> {
    let news = match field {
        "phone_number_quality_update" => quality(value),
        "phone_number_name_update" => name(value),
        "business_capability_update" => limit(value).map(|limit| AccountNews::Limit { limit }),
        "account_update" => account(value),
        "account_review_update" => owned(value, "decision").map(|decision| AccountNews::Review { decision }),
        "account_alerts" => alert(value),
        "security" => owned(value, "event").map(|event| AccountNews::Security { event }),
        "user_preferences" => return preferences(value).collect(),
        _ => None,
    };
    news.into_iter().collect()
}

fn event(
    telling: Option<Telling>,
    sender: &SenderAddress,
    field: &str,
    value: &Value,
    news: AccountNews,
) -> AccountEvent {
    let shown = value.get("display_phone_number").and_then(text_or_number);
    let number = shown.map(|text| text.chars().filter(char::is_ascii_digit).collect::<String>());
    AccountEvent {
        sender: sender.clone(),
        number: number.filter(|digits| !digits.is_empty()),
        field: field.to_owned(),
        news,
        telling,
        value: value.clone(),
    }
}

fn quality(value: &Value) -> Option<AccountNews> {
    Some(AccountNews::Quality { event: owned(value, "event")?, limit: limit(value) })
}

/// Under its names of all webhook versions; a number or a tier.
fn limit(value: &Value) -> Option<String> {
    ["max_daily_conversations_per_business", "max_daily_conversation_per_phone", "current_limit"]
        .iter()
        .find_map(|name| value.get(*name).and_then(text_or_number).as_deref().and_then(messaging_limit))
}

fn name(value: &Value) -> Option<AccountNews> {
    Some(AccountNews::Name {
        decision: owned(value, "decision")?,
        requested: owned(value, "requested_verified_name"),
        reason: owned(value, "rejection_reason").filter(|reason| reason != "NONE"),
    })
}

fn account(value: &Value) -> Option<AccountNews> {
    let event = owned(value, "event")?;
    Some(match event.as_str() {
        "ACCOUNT_RESTRICTION" => {
            AccountNews::Restricted(list(value, "restriction_info").iter().filter_map(restriction).collect())
        }
        "DISABLED_UPDATE" => match ban(value) {
            Some(state) => {
                let date = value.pointer("/ban_info/waba_ban_date").and_then(text_or_number);
                AccountNews::Ban { state, date }
            }
            None => AccountNews::Other { event },
        },
        "ACCOUNT_DELETED" | "PARTNER_REMOVED" | "PARTNER_APP_UNINSTALLED" | "ACCOUNT_OFFBOARDED" => {
            AccountNews::Gone { event }
        }
        "ACCOUNT_VIOLATION" => {
            let violation = value.pointer("/violation_info/violation_type").and_then(Value::as_str);
            AccountNews::Violation { violation: violation.unwrap_or("UNKNOWN").to_owned() }
        }
        _ => AccountNews::Other { event },
    })
}

fn ban(value: &Value) -> Option<BanState> {
    match value.pointer("/ban_info/waba_ban_state").and_then(Value::as_str)? {
        "DISABLE" => Some(BanState::Disabled),
        "SCHEDULE_FOR_DISABLE" => Some(BanState::Scheduled),
        "REINSTATE" => Some(BanState::Reinstated),
        _ => None,
    }
}

fn restriction(entry: &Value) -> Option<Restriction> {
    let provider_word = owned(entry, "restriction_type")?;
    let kind = match provider_word.as_str() {
        "RESTRICTED_BIZ_INITIATED_MESSAGING" => RestrictionKind::BusinessInitiated,
        "RESTRICTED_CUSTOMER_INITIATED_MESSAGING" => RestrictionKind::CustomerInitiated,
        _ => RestrictionKind::Other,
    };
    Some(Restriction { kind, provider_word, until: entry.get("expiration").and_then(timestamp) })
}

fn alert(value: &Value) -> Option<AccountNews> {
    let info = value.get("alert_info").unwrap_or(value);
    Some(AccountNews::Alert {
        severity: owned(info, "alert_severity")?,
        status: owned(info, "alert_status").unwrap_or_else(|| "ACTIVE".to_owned()),
        kind: owned(info, "alert_type").unwrap_or_else(|| "UNKNOWN".to_owned()),
        description: owned(info, "alert_description").unwrap_or_default(),
    })
}

fn preferences(value: &Value) -> impl Iterator<Item = AccountNews> {
    let contacts = list(value, "contacts");
    list(value, "user_preferences").iter().filter_map(|preference| {
        if text(preference, "category").is_some_and(|category| category != "marketing_messages") {
            return None;
        }
        let stopped = match text(preference, "value")? {
            "stop" => true,
            "resume" | "signup" => false,
            _ => return None,
        };
        let person = person(contacts, text(preference, "wa_id"), text(preference, "user_id"))?;
        let at: Option<Ts> = preference.get("timestamp").and_then(timestamp);
        Some(AccountNews::Marketing { person, stopped, at })
    })
}

fn owned(value: &Value, name: &str) -> Option<String> {
    text(value, name).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn source() -> Source {
        Source::of(&json!({ "id": "300000000000001", "time": 1_795_342_800 }))
    }

    fn one(field: &str, value: &Value) -> AccountEvent {
        let sender = SenderAddress { account: "300000000000001".into(), sender: String::new() };
        let mut events = read(&source(), &sender, field, value);
        assert_eq!(events.len(), 1, "{field}: {value}");
        events.remove(0)
    }

    #[test]
    fn every_field_of_the_reference_is_read() {
        let throughput = json!({"display_phone_number": "447700900001", "event": "THROUGHPUT_UPGRADE", "max_daily_conversations_per_business": "TIER_UNLIMITED"});
        let event = one("phone_number_quality_update", &throughput);
        assert_eq!(event.number.as_deref(), Some("447700900001"));
        assert_eq!(
            event.news,
            AccountNews::Quality { event: "THROUGHPUT_UPGRADE".into(), limit: Some("unlimited".into()) }
        );

        let name = json!({"display_phone_number": "447700900001", "decision": "REJECTED", "requested_verified_name": "Best Tea Ever", "rejection_reason": "NAME_NOT_CONSISTENT"});
        let AccountNews::Name { decision, reason, .. } = one("phone_number_name_update", &name).news else { panic!() };
        assert_eq!((decision.as_str(), reason.as_deref()), ("REJECTED", Some("NAME_NOT_CONSISTENT")));

        for (given, read) in [(json!("TIER_10K"), "10000"), (json!(2000), "2000"), (json!(-1), "unlimited")] {
            let value = json!({ "max_daily_conversations_per_business": given, "max_phone_numbers_per_business": 20 });
            assert_eq!(one("business_capability_update", &value).news, AccountNews::Limit { limit: read.into() });
        }
        let review = one("account_review_update", &json!({"decision": "APPROVED"}));
        assert_eq!(review.news, AccountNews::Review { decision: "APPROVED".into() });
        let pin = one(
            "security",
            &json!({"display_phone_number": "447700900001", "event": "PIN_CHANGED", "requester": "500000000000001"}),
        );
        assert_eq!(pin.news, AccountNews::Security { event: "PIN_CHANGED".into() });
        let alert = json!({"entity_type": "BUSINESS", "entity_id": "600000000000001", "alert_info": {"alert_severity": "WARNING", "alert_status": "ACTIVE", "alert_type": "OBA_REJECTED", "alert_description": "No."}});
        assert!(
            matches!(one("account_alerts", &alert).news, AccountNews::Alert { severity, .. } if severity == "WARNING")
        );
    }

    #[test]
    fn every_update_of_an_account_has_its_kind() {
        let restricted = json!({"event": "ACCOUNT_RESTRICTION", "restriction_info": [
            {"restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING", "expiration": 1_795_602_000},
            {"restriction_type": "RESTRICTED_ADD_PHONE_NUMBER_ACTION"}]});
        let AccountNews::Restricted(all) = one("account_update", &restricted).news else { panic!() };
        assert_eq!(all[0].kind, RestrictionKind::BusinessInitiated);
        assert_eq!(all[0].until, Some(Ts::from_secs(1_795_602_000)));
        assert_eq!((all[1].kind, all[1].until), (RestrictionKind::Other, None));

        let banned = json!({"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "SCHEDULE_FOR_DISABLE", "waba_ban_date": "November 30, 2026"}});
        let news = one("account_update", &banned).news;
        assert_eq!(news, AccountNews::Ban { state: BanState::Scheduled, date: Some("November 30, 2026".into()) });
        for event in ["ACCOUNT_DELETED", "PARTNER_REMOVED", "PARTNER_APP_UNINSTALLED", "ACCOUNT_OFFBOARDED"] {
            assert_eq!(one("account_update", &json!({"event": event})).news, AccountNews::Gone { event: event.into() });
        }
        let priced = json!({"event": "VOLUME_BASED_PRICING_TIER_UPDATE", "volume_tier_info": {}});
        assert!(matches!(one("account_update", &priced).news, AccountNews::Other { .. }));
    }

    #[test]
    fn preferences_name_the_person() {
        let value = json!({"contacts": [{"profile": {"name": "Ada"}, "wa_id": "447700900123", "user_id": "GB.11112222333344445555"}],
            "user_preferences": [
                {"wa_id": "447700900123", "user_id": "GB.11112222333344445555", "category": "marketing_messages", "value": "stop", "timestamp": 1_795_342_800},
                {"wa_id": "447700900124", "category": "marketing_messages", "value": "resume", "timestamp": 1_795_342_801},
                {"wa_id": "447700900125", "category": "something_else", "value": "stop"}]});
        let sender = SenderAddress { account: "3".into(), sender: "2".into() };
        let events = read(&source(), &sender, "user_preferences", &value);
        assert_eq!(events.len(), 2);
        assert_ne!(events[0].telling, events[1].telling, "two wishes are not one that came twice");
        assert_eq!(events, read(&source(), &sender, "user_preferences", &value));
        let AccountNews::Marketing { person, stopped: true, at } = &events[0].news else { panic!() };
        assert_eq!(person.phone.as_ref().map(ToString::to_string).as_deref(), Some("+447700900123"));
        assert_eq!((person.name.as_deref(), *at), (Some("Ada"), Some(Ts::from_secs(1_795_342_800))));
        assert!(matches!(events[1].news, AccountNews::Marketing { stopped: false, .. }));
    }

    #[test]
    fn what_can_not_be_read_is_left_to_the_notices() {
        let sender = SenderAddress { account: "3".into(), sender: String::new() };
        for (field, value) in [
            ("account_update", json!({})),
            ("security", json!("text")),
            ("business_capability_update", json!({"max_phone_numbers_per_business": 20})),
            ("payment_configuration_update", json!({"event": "X"})),
        ] {
            assert_eq!(read(&source(), &sender, field, &value), [], "{field}");
        }
    }

    #[test]
    fn a_partners_matter_names_the_account_itself() {
        let value = json!({ "event": "PARTNER_REMOVED", "waba_info": { "waba_id": "300000000000001" } });
        assert_eq!(account_of("account_update", &value).as_deref(), Some("300000000000001"));
        assert_eq!(account_of("security", &value), None);
        assert_eq!(account_of("account_update", &json!({ "event": "DISABLED_UPDATE" })), None);
    }
}
