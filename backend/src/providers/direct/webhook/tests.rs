use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::domain::failure::FailureCode;
use crate::domain::inbound::{InboundContent, InboundText, OtherContent};
use crate::domain::receipt::Receipt;
use crate::domain::time::Ts;
use crate::providers::failure::Verdict;
use crate::providers::webhook::{Amendment, AmendmentEvent, InboundEvent, StatusEvent, StatusOutcome};

mod kinds;

const ATTEMPT: &str = "0199f2a0-0000-7000-8000-000000000001";

fn events(value: Value) -> Vec<ProviderEvent> {
    let body = json!({"object": OBJECT, "entry": [{"id": "300000000000001", "time": 1, "changes": [{"field": "messages", "value": value}]}]});
    parse(body.to_string().as_bytes()).unwrap()
}

fn metadata() -> Value {
    json!({"display_phone_number": "447700900001", "phone_number_id": "200000000000001"})
}

fn status(extra: Value) -> StatusEvent {
    let mut status =
        json!({"id": "wamid.1", "status": "sent", "timestamp": "1795342801", "recipient_id": "447700900123"});
    status.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
    match events(json!({"metadata": metadata(), "statuses": [status]})).remove(0) {
        ProviderEvent::Status(event) => event,
        other => panic!("{other:?}"),
    }
}

fn inbound(message: Value) -> InboundEvent {
    let contacts = json!([{"profile": {"name": "Ada"}, "wa_id": "447700900123", "user_id": "GB.1111"}]);
    match events(json!({"metadata": metadata(), "contacts": contacts, "messages": [message]})).remove(0) {
        ProviderEvent::Inbound(event) => event,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_status_is_read_whole() {
    let event = status(json!({"biz_opaque_callback_data": ATTEMPT, "recipient_user_id": "GB.1111",
        "pricing": {"billable": true, "category": "utility"}}));
    assert_eq!(event.sender, SenderAddress { account: "300000000000001".into(), sender: "200000000000001".into() });
    assert_eq!(event.attempt, Some(ATTEMPT.parse().unwrap()));
    assert_eq!(event.outcome, StatusOutcome::Receipt(Receipt::Sent));
    assert_eq!(event.at, Some(Ts::from_secs(1_795_342_801)));
    assert_eq!(event.pricing, Some(json!({"billable": true, "category": "utility"})));
    let person = event.person.unwrap();
    assert_eq!((person.phone.unwrap().digits(), person.bsuid.unwrap().as_str()), ("447700900123", "GB.1111"));
}

#[test]
fn statuses_map_to_receipts() {
    let outcome = |word: &str| status(json!({"status": word})).outcome;
    assert_eq!(outcome("delivered"), StatusOutcome::Receipt(Receipt::Delivered));
    assert_eq!(outcome("read"), StatusOutcome::Receipt(Receipt::Read));
    assert_eq!(outcome("played"), StatusOutcome::Receipt(Receipt::Read));
    assert_eq!(outcome("accepted"), StatusOutcome::Accepted);
}

#[test]
fn a_failed_status_goes_through_the_table() {
    let event = status(json!({"status": "failed", "errors": [{"code": 131047, "title": "x"}]}));
    let StatusOutcome::Refused(error) = event.outcome else { panic!("not refused") };
    assert_eq!((error.verdict, error.failure.code), (Verdict::Rejected, FailureCode::WindowClosed));
}

#[test]
fn callback_data_of_others_and_odd_times_do_no_harm() {
    let event = status(json!({"biz_opaque_callback_data": "gw:01J9Z8", "timestamp": 1_795_342_801}));
    assert_eq!((event.attempt, event.at), (None, Some(Ts::from_secs(1_795_342_801))));
    assert_eq!(status(json!({"timestamp": "soon"})).at, None);
}

#[test]
fn a_user_id_may_stand_in_the_place_of_a_number() {
    let person = status(json!({"recipient_id": "GB.1111"})).person.unwrap();
    assert_eq!((person.phone, person.bsuid.unwrap().as_str()), (None, "GB.1111"));
}

#[test]
fn text_is_read_and_other_kinds_are_kept() {
    let base = json!({"from": "447700900123", "id": "wamid.2", "timestamp": "1795342799", "type": "text",
        "text": {"body": "Is it ready?"}, "context": {"from": "447700900001", "id": "wamid.1"}});
    let event = inbound(base.clone());
    assert_eq!(event.content, InboundContent::Text(InboundText { body: "Is it ready?".into() }));
    assert_eq!(event.reply_to.as_deref(), Some("wamid.1"));
    assert_eq!(event.person.name.as_deref(), Some("Ada"));
    assert_eq!(event.person.bsuid.unwrap().as_str(), "GB.1111");

    // A kind without the member that it names, and a kind of tomorrow.
    for kind in
        ["image", "reaction", "system", "button", "interactive", "location", "contacts", "order", "a_kind_of_tomorrow"]
    {
        let mut message = base.clone();
        message["type"] = kind.into();
        let event = inbound(message.clone());
        assert_eq!(event.content, InboundContent::Other(OtherContent { kind: kind.into(), raw: message }));
    }
}

#[test]
fn a_free_entry_point_is_told_with_its_end() {
    let conversation = |origin: &str| json!({"conversation": {"id": "c0ffee", "expiration_timestamp": "1795602000", "origin": {"type": origin}}});
    assert_eq!(status(conversation("referral_conversion")).free_entry_until, Some(Ts::from_secs(1_795_602_000)));
    assert_eq!(status(conversation("service")).free_entry_until, None);
    assert_eq!(status(json!({})).free_entry_until, None);
}

#[test]
fn a_change_names_the_message_it_is_about() {
    let amendment = |message: Value| -> AmendmentEvent {
        match events(json!({"metadata": metadata(), "messages": [message]})).remove(0) {
            ProviderEvent::Amendment(event) => event,
            other => panic!("{other:?}"),
        }
    };
    let edit = json!({"from": "447700900123", "id": "wamid.3", "timestamp": "1795342799", "type": "edit",
        "edit": {"original_message_id": "wamid.2", "message": {"type": "text", "text": {"body": "Friday"}}}});
    let edited = amendment(edit.clone());
    assert_eq!(edited.original_message_id, "wamid.2");
    assert_eq!(edited.change, Amendment::Edited(InboundContent::Text(InboundText { body: "Friday".into() }), None));
    assert_eq!((edited.at, edited.raw), (Some(Ts::from_secs(1_795_342_799)), edit.clone()));

    let revoke = json!({"from": "447700900123", "id": "wamid.4", "type": "revoke", "revoke": {"original_message_id": "wamid.2"}});
    assert_eq!(amendment(revoke).change, Amendment::Deleted);

    let mut nothing = edit;
    nothing["edit"] = json!({"original_message_id": "wamid.2"});
    let event = events(json!({"metadata": metadata(), "messages": [nothing]})).remove(0);
    assert!(matches!(event, ProviderEvent::Notice(_)), "{event:?}");
}

#[test]
fn a_neighbours_names_are_not_taken() {
    let contacts = json!([{"profile": {"name": "Bob"}, "wa_id": "447700900456", "user_id": "GB.2222"}]);
    let message = json!({"from": "447700900123", "id": "wamid.2", "type": "text", "text": {"body": "Hi"}});
    let events = events(json!({"metadata": metadata(), "contacts": contacts, "messages": [message]}));
    let ProviderEvent::Inbound(event) = &events[0] else { panic!("{events:?}") };
    assert_eq!((&event.person.bsuid, &event.person.name), (&None, &None));
}

#[test]
fn a_bad_item_never_harms_its_neighbours() {
    let good = json!({"from": "447700900123", "id": "wamid.2", "type": "text", "text": {"body": "Hi"}});
    let bad = [
        json!(7),
        json!(null),
        json!({}),
        json!({"type": "text"}),
        json!({"id": "x", "type": "text", "from": "??"}),
        json!({"id": "x", "type": "text", "from": "447700900123", "group_id": "g"}),
    ];
    let mut messages: Vec<Value> = bad.to_vec();
    messages.push(good);
    let statuses =
        json!([{"id": "wamid.1", "status": "warming"}, {"status": "sent"}, {"id": "wamid.1", "status": "read"}]);
    let events = events(json!({"metadata": metadata(), "messages": messages, "statuses": statuses}));
    let kinds: Vec<&str> = events
        .iter()
        .map(|event| match event {
            ProviderEvent::Status(_) => "status",
            ProviderEvent::Inbound(_) => "inbound",
            ProviderEvent::Amendment(_) => "amendment",
            ProviderEvent::Template(_) => "template",
            ProviderEvent::Account(_) => "account",
            ProviderEvent::Notice(_) => "notice",
        })
        .collect();
    assert_eq!(kinds[..3], ["notice", "notice", "status"]);
    assert_eq!(kinds[3..9], ["notice"; 6]);
    assert_eq!(kinds[9..], ["inbound"]);
}

#[test]
fn other_fields_are_notices() {
    let body = json!({"object": OBJECT, "entry": [
        {"id": "3", "changes": [{"field": "account_update", "value": {"event": "VERIFIED_ACCOUNT"}}, {"value": 1}, 5]},
        {"id": 4, "changes": []}, {"id": "5"}]});
    let events = parse(body.to_string().as_bytes()).unwrap();
    let fields: Vec<_> = events
        .iter()
        .map(|event| match event {
            ProviderEvent::Notice(notice) => (notice.sender.account.as_str(), notice.field.as_str()),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(fields, [("3", "account_update"), ("3", "unknown"), ("3", "unknown"), ("5", "entry")]);
}

#[test]
fn what_is_not_metas_envelope_is_refused() {
    for body in ["", "no json", "[]", "{}", "7", r#"{"object":"page","entry":[]}"#, r#"{"entry":{}}"#] {
        assert!(parse(body.as_bytes()).is_err(), "{body}");
    }
    assert!(parse(&[0xff, 0xfe]).is_err());
    assert!(parse(format!("{}1{}", "[".repeat(5000), "]".repeat(5000)).as_bytes()).is_err());
}

#[test]
fn the_handshake_echoes_only_for_the_right_token() {
    let secret = SecretString::from("verify-me");
    let request = |mode: &str, token: &str, challenge: &str| Handshake {
        mode: mode.into(),
        verify_token: token.into(),
        challenge: challenge.into(),
    };
    assert_eq!(handshake(&request("subscribe", "verify-me", "1158201444"), &secret).as_deref(), Some("1158201444"));
    assert_eq!(handshake(&request("subscribe", "verify-mE", "1"), &secret), None);
    assert_eq!(handshake(&request("subscribe", "verify-me2", "1"), &secret), None);
    assert_eq!(handshake(&request("unsubscribe", "verify-me", "1"), &secret), None);
    assert_eq!(handshake(&request("subscribe", "verify-me", &"1".repeat(257)), &secret), None);
    assert_eq!(handshake(&request("subscribe", "", "1"), &SecretString::from("")), None);
}

fn odd_values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::btree_map("[a-z_]{1,8}", inner, 0..3)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// Puts a value in the place of one member, however deep.
fn mutate(value: &mut Value, at: prop::sample::Index, odd: Value) {
    let mut pointers = Vec::new();
    collect("", value, &mut pointers);
    let chosen = &pointers[at.index(pointers.len())];
    *value.pointer_mut(chosen).unwrap() = odd;
}

fn collect(path: &str, value: &Value, pointers: &mut Vec<String>) {
    let members: Vec<(String, &Value)> = match value {
        Value::Object(members) => members.iter().map(|(name, member)| (name.clone(), member)).collect(),
        Value::Array(items) => items.iter().enumerate().map(|(at, item)| (at.to_string(), item)).collect(),
        _ => Vec::new(),
    };
    for (name, member) in members {
        let below = format!("{path}/{name}");
        collect(&below, member, pointers);
        pointers.push(below);
    }
}

proptest! {
    #[test]
    fn never_panics(body in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse(&body);
    }

    /// Whatever stands in the place of any member of a message, its neighbours are read as ever, and it is told of itself.
    #[test]
    fn a_mutated_message_never_harms_the_others(kind in 0..kinds::FIXTURES.len(), at in any::<prop::sample::Index>(), odd in odd_values()) {
        let mut message: Value = serde_json::from_str(kinds::FIXTURES[kind]).unwrap();
        mutate(&mut message, at, odd);
        let before = json!({"from": "447700900123", "id": "wamid.before", "type": "text", "text": {"body": "before"}});
        let mut after = before.clone();
        after["id"] = "wamid.after".into();
        let found = events(json!({"metadata": metadata(), "messages": [before, message, after]}));
        prop_assert_eq!(found.len(), 3);
        for (event, id) in [(&found[0], "wamid.before"), (&found[2], "wamid.after")] {
            match event {
                ProviderEvent::Inbound(event) => prop_assert_eq!(&event.provider_message_id, id),
                other => prop_assert!(false, "{other:?}"),
            }
        }
    }

    #[test]
    fn never_panics_on_odd_values(text in "\\PC{0,20}", number in any::<i64>()) {
        for odd in [json!(text), json!(number), json!([text]), json!({"id": text}), json!(null)] {
            events(json!({"metadata": odd, "contacts": odd, "messages": [odd], "statuses": [odd], "errors": odd}));
            events(json!({"messages": odd, "statuses": {"0": odd}}));
        }
    }
}
