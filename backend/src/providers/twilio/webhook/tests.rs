use proptest::prelude::*;

use super::*;
use crate::domain::failure::FailureCode;

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

#[test]
fn text_is_read_and_other_kinds_are_kept() {
    let person = [("From", "whatsapp:+447700900123"), ("WaId", "447700900123"), ("ProfileName", "Ada")];
    let with = |extra: &[(&'static str, &'static str)]| inbound(&[&person[..], extra].concat());

    let event = with(&[("Body", "Is it ready?"), ("MessageType", "text"), ("OriginalRepliedMessageSid", "SM0")]);
    assert_eq!(event.content, InboundContent::Text(InboundText { body: "Is it ready?".into() }));
    assert_eq!((event.sender.sender.as_str(), event.reply_to.as_deref()), ("+15559870000", Some("SM0")));
    assert_eq!(event.person.name.as_deref(), Some("Ada"));

    let kind = |extra: &[(&'static str, &'static str)]| with(extra).content.kind().to_owned();
    assert_eq!(kind(&[("Body", "old account")]), "text");
    assert_eq!(kind(&[("MessageType", "interactive"), ("Body", "Keep"), ("ButtonPayload", "k")]), "interactive");
    assert_eq!(kind(&[("NumMedia", "1"), ("MediaContentType0", "image/jpeg")]), "image");
    assert_eq!(kind(&[("NumMedia", "1"), ("MediaContentType0", "application/pdf"), ("Body", "b")]), "document");
    assert_eq!(kind(&[("Latitude", "51.5")]), "location");
    assert_eq!(kind(&[("ButtonPayload", "k"), ("Body", "Keep")]), "button");
    assert_eq!(kind(&[]), "unknown");
}

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
    #[test]
    fn never_panics(url in "\\PC{0,60}", body in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse(&RawWebhook { url, signature: None, body });
    }
}
