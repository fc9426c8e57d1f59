use proptest::prelude::*;
use serde_json::json;
use url::form_urlencoded;

use super::*;
use crate::domain::failure::FailureCode;
use crate::domain::inbound::{InboundContent, InboundText, MessageContext, OptOut};
use crate::domain::receipt::Receipt;
use crate::providers::webhook::{InboundEvent, StatusEvent, StatusOutcome};

const STATUS_URL: &str = "https://gw.example.com/hooks/twilio/c1/status?attempt=0199f2a0-0000-7000-8000-000000000001";
const INBOUND_URL: &str = "https://gw.example.com/hooks/twilio/c1";

fn parse_form(url: &str, fields: &[(&str, &str)]) -> ProviderEvent {
    let mut all = vec![("AccountSid", "AC1"), ("MessageSid", "SM1"), ("NumMedia", "0"), ("SmsSid", "SM1")];
    all.extend(fields);
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(all).finish().into_bytes();
    parse(&RawWebhook { url: url.into(), signature: None, body }).unwrap().remove(0)
}

fn status(fields: &[(&str, &str)]) -> StatusEvent {
    let mut all = vec![("From", "whatsapp:+15559870000"), ("To", "whatsapp:+447700900123")];
    all.extend(fields);
    match parse_form(STATUS_URL, &all) {
        ProviderEvent::Status(event) => event,
        other => panic!("{other:?}"),
    }
}

fn inbound(fields: &[(&str, &str)]) -> InboundEvent {
    let mut all = vec![("To", "whatsapp:+15559870000"), ("SmsStatus", "received")];
    all.extend(fields);
    match parse_form(INBOUND_URL, &all) {
        ProviderEvent::Inbound(event) => event,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_status_is_read_whole() {
    let event =
        status(&[("MessageStatus", "delivered"), ("SmsStatus", "delivered"), ("ExternalUserId", "whatsapp:GB.1111")]);
    assert_eq!(event.sender, SenderAddress { account: "AC1".into(), sender: "+15559870000".into() });
    assert_eq!(event.attempt, Some("0199f2a0-0000-7000-8000-000000000001".parse().unwrap()));
    assert_eq!(event.outcome, StatusOutcome::Receipt(Receipt::Delivered));
    let person = event.person.unwrap();
    assert_eq!((person.phone.unwrap().as_str(), person.bsuid.unwrap().as_str()), ("+447700900123", "GB.1111"));
}

#[test]
fn early_statuses_prove_acceptance() {
    for word in ["accepted", "queued", "sending", "scheduled"] {
        assert_eq!(status(&[("MessageStatus", word)]).outcome, StatusOutcome::Accepted, "{word}");
    }
}

#[test]
fn failures_go_through_the_table() {
    let code = |fields: &[(&str, &str)]| match status(fields).outcome {
        StatusOutcome::Refused(error) => error.failure.code,
        other => panic!("{other:?}"),
    };
    assert_eq!(code(&[("MessageStatus", "undelivered"), ("ErrorCode", "63016")]), FailureCode::WindowClosed);
    assert_eq!(code(&[("MessageStatus", "failed"), ("ErrorCode", "")]), FailureCode::Unclassified);
    assert_eq!(code(&[("MessageStatus", "canceled")]), FailureCode::Expired);
}

const ADA: [(&str, &str); 3] = [("From", "whatsapp:+447700900123"), ("WaId", "447700900123"), ("ProfileName", "Ada")];

fn from_ada(extra: &[(&'static str, &'static str)]) -> InboundEvent {
    inbound(&[&ADA[..], extra].concat())
}

#[track_caller]
fn reads_as(extra: &[(&'static str, &'static str)], expected: Value) -> InboundEvent {
    let event = from_ada(extra);
    assert_eq!(serde_json::to_value(&event.content).unwrap(), expected, "{extra:?}");
    event
}

#[test]
fn text_and_its_quotation() {
    let event = from_ada(&[
        ("Body", "Is it ready?"),
        ("MessageType", "text"),
        ("OriginalRepliedMessageSid", "SM0"),
        ("ReferralNumMedia", "0"),
        ("ReferralBody", ""),
        ("Forwarded", "false"),
        ("FrequentlyForwarded", "false"),
    ]);
    assert_eq!(event.content, InboundContent::Text(InboundText { body: "Is it ready?".into() }));
    assert_eq!((event.sender.sender.as_str(), event.reply_to.as_deref()), ("+15559870000", Some("SM0")));
    assert_eq!((event.person.name.as_deref(), event.at), (Some("Ada"), None));
    assert_eq!(event.context, MessageContext::default());
    reads_as(&[("Body", "old account")], json!({"type": "text", "body": "old account"}));
}

const URL: &str =
    "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME0123456789abcdef0123456789abcdef";

#[test]
fn media_carry_where_their_bytes_are() {
    let medium = |kind: Option<&'static str>, mime: &'static str| {
        let mut fields = vec![("NumMedia", "1"), ("MediaUrl0", URL), ("MediaContentType0", mime)];
        fields.extend(kind.map(|kind| ("MessageType", kind)));
        from_ada(&fields)
    };
    for (kind, mime, expected) in [
        (Some("image"), "image/jpeg", "image"),
        (None, "image/png", "image"),
        (Some("sticker"), "image/webp", "sticker"),
        (None, "image/webp", "sticker"),
        (Some("image"), "image/webp", "image"),
        (Some("video"), "video/mp4", "video"),
        (None, "video/3gpp", "video"),
        (Some("audio"), "audio/ogg", "audio"),
        (None, "audio/amr", "audio"),
        (Some("document"), "application/pdf", "document"),
        (None, "application/pdf", "document"),
        (Some("contacts"), "text/vcard", "document"),
        (None, "text/vcard", "document"),
        (Some("a_kind_of_tomorrow"), "image/jpeg", "image"),
    ] {
        let event = medium(kind, mime);
        assert_eq!(event.content.kind(), expected, "{kind:?} {mime}");
        let media = event.media.unwrap();
        assert_eq!(media.url.as_deref(), Some(URL));
        assert_eq!(media.provider_media_id.as_deref(), Some("ME0123456789abcdef0123456789abcdef"));
    }
    let fields = [("NumMedia", "1"), ("MediaUrl0", URL), ("MediaContentType0", "audio/ogg"), ("MessageType", "audio")];
    reads_as(&fields, json!({"type": "audio", "mime_type": "audio/ogg", "voice": true}));
    let fields = [("NumMedia", "1"), ("MediaUrl0", URL), ("MediaContentType0", "image/jpeg"), ("Body", "Like this")];
    reads_as(&fields, json!({"type": "image", "mime_type": "image/jpeg", "caption": "Like this"}));
    let lost = from_ada(&[("NumMedia", "1"), ("MessageType", "image")]);
    assert_eq!((lost.content.kind(), lost.media), ("image", None));
    assert!(matches!(lost.content, InboundContent::Other(_)));
}

#[test]
fn taps_picks_and_forms() {
    let tapped = json!({"type": "button_reply", "id": "{verifyEmail:1}", "title": "Confirm"});
    let captured = [
        ("MessageType", "interactive"),
        ("Body", "Confirm"),
        ("ButtonText", "Confirm"),
        ("ButtonPayload", "{verifyEmail:1}"),
        ("OriginalRepliedMessageSid", "MM5cc4"),
    ];
    assert_eq!(reads_as(&captured, tapped).reply_to.as_deref(), Some("MM5cc4"));
    reads_as(&[("ButtonPayload", "k"), ("Body", "Keep")], json!({"type": "button_reply", "id": "k", "title": "Keep"}));
    reads_as(
        &[("MessageType", "button"), ("ButtonText", "Help"), ("ButtonPayload", "order:77:help"), ("Body", "Help")],
        json!({"type": "button_reply", "id": "order:77:help", "title": "Help", "template": true}),
    );
    let picked = json!({"type": "list_reply", "id": "slot:1", "title": "10:00", "description": "Dr Lovelace"});
    let fields = [
        ("MessageType", "interactive"),
        ("ListId", "slot:1"),
        ("ListTitle", "10:00"),
        ("ListDescription", "Dr Lovelace"),
        ("Body", "10:00"),
    ];
    reads_as(&fields, picked.clone());
    let data = r#"{"type":"list_reply","list_reply":{"id":"slot:1","title":"10:00","description":"Dr Lovelace"}}"#;
    reads_as(&[("MessageType", "interactive"), ("InteractiveData", data)], picked);
    let flow = json!({"type": "flow_reply", "flow_token": "t", "response": {"flow_token": "t", "slot": "10:00"}});
    reads_as(&[("MessageType", "interactive"), ("FlowData", r#"{"flow_token":"t","slot":"10:00"}"#)], flow.clone());
    let data = r#"{"nfm_reply":{"response_json":"{\"flow_token\":\"t\",\"slot\":\"10:00\"}"}}"#;
    reads_as(&[("InteractiveData", data)], flow);
    assert!(matches!(
        from_ada(&[("MessageType", "interactive"), ("InteractiveData", "{")]).content,
        InboundContent::Other(_)
    ));
}

#[test]
fn places_and_kinds_that_nobody_knows() {
    let place = json!({"type": "location", "latitude": 51.5, "longitude": -0.1276, "name": "Acme shop", "address": "1 Example Street"});
    let fields =
        [("Latitude", "51.5"), ("Longitude", "-0.1276"), ("Label", "Acme shop"), ("Address", "1 Example Street")];
    reads_as(&fields, place);
    for (field, kind) in [
        (("Latitude", "51.5"), "unknown"),
        (("MessageType", "reaction"), "reaction"),
        (("MessageType", "order"), "order"),
    ] {
        let event = from_ada(&[field]);
        let InboundContent::Other(other) = event.content else { panic!("{field:?}") };
        assert_eq!((other.kind.as_str(), &other.raw["ProfileName"]), (kind, &json!("Ada")));
    }
    reads_as(&[("MessageType", "unsupported")], json!({"type": "unsupported"}));
}

#[test]
fn what_stands_around_a_message_is_told() {
    let event = from_ada(&[
        ("Body", "I saw your ad"),
        ("ReferralSourceType", "ad"),
        ("ReferralSourceId", "120000000000001"),
        ("ReferralCtwaClid", "AbC123"),
        ("ReferralSourceUrl", "https://fb.me/EXAMPLE"),
        ("ReferralHeadline", "Spring teas"),
        ("ReferralBody", ""),
        ("Forwarded", "true"),
        ("OptOutType", "STOP"),
    ]);
    let context = serde_json::to_value(&event.context).unwrap();
    assert_eq!(
        context,
        json!({"forwarded": true, "opt_out": "stop", "referral": {"source_type": "ad",
        "source_id": "120000000000001", "source_url": "https://fb.me/EXAMPLE", "headline": "Spring teas", "ctwa_clid": "AbC123"}})
    );
    assert_eq!(event.context.opt_out, Some(OptOut::Stop));
    assert_eq!(from_ada(&[("Body", "x"), ("OptOutType", "MAYBE")]).context.opt_out, None);
}

#[test]
fn the_channels_metadata_fills_gaps() {
    let metadata = r#"{"type":"whatsapp","data":{"context":{"ProfileName":"Ada","WaId":"447700900123","FrequentlyForwarded":"true","ButtonPayload":""}}}"#;
    let event = inbound(&[
        ("From", "whatsapp:+447700900123"),
        ("Body", "Hi"),
        ("ProfileName", ""),
        ("ChannelMetadata", metadata),
    ]);
    assert_eq!(event.person.name.as_deref(), Some("Ada"));
    assert!(event.context.frequently_forwarded && !event.context.forwarded);
    assert_eq!(event.content.kind(), "text");
    for odd in ["{", "7", r#"{"data":{"context":[]}}"#] {
        assert_eq!(from_ada(&[("Body", "Hi"), ("ChannelMetadata", odd)]).content.kind(), "text");
    }
}

#[test]
fn all_names_of_a_person_are_taken() {
    let event = inbound(&[
        ("From", "whatsapp:+5511987654321"),
        ("WaId", "551187654321"),
        ("Body", "Oi"),
        ("ExternalUserId", "whatsapp:BR.1111"),
        ("ParentExternalUserId", "whatsapp:BR.ENT.9"),
    ]);
    let names: Vec<String> = event.person.identities().into_iter().map(|name| name.value).collect();
    assert_eq!(names, ["+5511987654321", "BR.1111", "+551187654321", "BR.ENT.9"]);
}

/// Those that a message may lack.
const FIELDS: &[&str] = &[
    "Body",
    "NumMedia",
    "MediaUrl0",
    "MediaContentType0",
    "MessageType",
    "ProfileName",
    "WaId",
    "ExternalUserId",
    "ParentExternalUserId",
    "Forwarded",
    "ButtonText",
    "ButtonPayload",
    "ListId",
    "ListTitle",
    "InteractiveData",
    "FlowData",
    "Latitude",
    "Longitude",
    "Label",
    "ReferralSourceId",
    "OriginalRepliedMessageSid",
    "ChannelMetadata",
    "OptOutType",
];

#[test]
fn a_person_may_have_no_number() {
    let event =
        inbound(&[("From", "whatsapp:US.1349"), ("ExternalUserId", "whatsapp:US.1349"), ("WaId", ""), ("Body", "Hi")]);
    assert_eq!((event.person.phone, event.person.bsuid.unwrap().as_str()), (None, "US.1349"));
}

#[test]
fn a_webhook_by_get_is_read_from_its_address() {
    let url = format!(
        "{INBOUND_URL}?AccountSid=AC1&MessageSid=SM1&SmsStatus=received&From=whatsapp%3A%2B447700900123&Body=Hi"
    );
    let events = parse(&RawWebhook { url, signature: None, body: Vec::new() }).unwrap();
    assert!(matches!(&events[0], ProviderEvent::Inbound(_)), "{events:?}");
}

#[test]
fn what_can_not_be_read_is_a_notice() {
    assert!(matches!(parse_form(STATUS_URL, &[("MessageStatus", "partially_delivered")]), ProviderEvent::Notice(_)));
    assert!(matches!(parse_form(INBOUND_URL, &[("SmsStatus", "received"), ("From", "??")]), ProviderEvent::Notice(_)));
    let raw = |body: &str| RawWebhook { url: INBOUND_URL.into(), signature: None, body: body.into() };
    let batch = parse(&raw(r#"[{"type":"com.twilio.x","data":{"accountSid":"AC1"}},{}]"#)).unwrap();
    assert_eq!(batch.len(), 2);
    assert_eq!(batch[0].sender().account, "AC1");
    for garbage in ["{", "hello", "", "a=b"] {
        assert!(parse(&raw(garbage)).is_err(), "{garbage}");
    }
}

#[test]
fn repeated_and_unknown_fields_do_no_harm() {
    let event =
        inbound(&[("From", "whatsapp:+447700900123"), ("Body", "Hi"), ("Tag", "a"), ("Tag", "b"), ("Novelty", "x")]);
    assert_eq!(event.content.kind(), "text");
}

proptest! {
    /// Whatever a field holds, the message of a known person is kept.
    #[test]
    fn a_mutated_form_is_still_a_message(name in prop::sample::select(FIELDS), value in "\\PC{0,20}") {
        let event = inbound(&[("From", "whatsapp:+447700900123"), ("Body", "Hi"), (name, &value)]);
        prop_assert_eq!(event.provider_message_id, "SM1");
    }

    #[test]
    fn never_panics(url in "\\PC{0,60}", body in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse(&RawWebhook { url, signature: None, body });
    }
}
