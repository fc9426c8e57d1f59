//! The pure parts: forms on the wire and answers.

mod kinds;

use insta::assert_snapshot;
use serde_json::json;
use url::form_urlencoded;

use super::*;
use crate::client::{Request, Response, TransportError};
use crate::domain::failure::FailureCode;
use crate::domain::ids::MessageId;
use crate::domain::time::Ts;
use crate::providers::Prepared;
use crate::providers::account::TwilioApiKey;
use crate::providers::codes::{Arrival, REJECTED, RETRY};
use crate::providers::failure::{ThrottleScope, Verdict};

pub(super) fn credentials() -> TwilioCredentials {
    TwilioCredentials {
        account_sid: "AC0123456789abcdef0123456789abcdef".into(),
        auth_token: "5f1d7a84db34e9b2c6a0f3e85e9d1c47".into(),
        auth_token_secondary: None,
        api_key: None,
        sender_number: crate::domain::phone::Phone::parse("+15559870000").unwrap(),
        messaging_service_sid: None,
    }
}

fn outbound(to: &str, content: serde_json::Value) -> Outbound {
    Outbound {
        attempt: "0199f2a0-0000-7000-8000-000000000001".parse().unwrap(),
        message: MessageId::new(),
        to: to.parse().unwrap(),
        content: serde_json::from_value(content).unwrap(),
        reply_to: None,
        validity: None,
        prepared: Prepared::default(),
    }
}

fn build(credentials: &TwilioCredentials, message: &Outbound) -> Request {
    request::send(
        &"https://api.twilio.com".parse().unwrap(),
        &"https://gw.example.com/duplex".parse().unwrap(),
        "0199f2a0-0000-7000-8000-0000000000c1".parse().unwrap(),
        credentials,
        message,
    )
    .unwrap()
}

/// The form, one decoded field a line.
fn form(credentials: &TwilioCredentials, message: &Outbound) -> String {
    let request = build(credentials, message);
    form_urlencoded::parse(&request.body).map(|(name, value)| format!("{name} = {value}\n")).collect()
}

fn text() -> Outbound {
    outbound("+447700900123", json!({"type": "text", "body": "Hello"}))
}

fn answer(status: u16, body: &str) -> Result<Response, TransportError> {
    Ok(Response { status, headers: Vec::new(), body: body.as_bytes().to_vec() })
}

fn refused(status: u16, body: &str) -> SendError {
    response::sent(answer(status, body), &text()).unwrap_err()
}

#[test]
fn the_account_stays_in_the_path_whoever_authenticates() {
    let basic = |request: &Request| {
        request.headers.iter().find(|(name, _)| *name == "authorization").map(|(_, value)| value.clone()).unwrap()
    };
    let by_token = build(&credentials(), &text());
    assert_eq!(
        by_token.url.as_str(),
        "https://api.twilio.com/2010-04-01/Accounts/AC0123456789abcdef0123456789abcdef/Messages.json"
    );
    assert_eq!(
        basic(&by_token),
        "Basic QUMwMTIzNDU2Nzg5YWJjZGVmMDEyMzQ1Njc4OWFiY2RlZjo1ZjFkN2E4NGRiMzRlOWIyYzZhMGYzZTg1ZTlkMWM0Nw=="
    );

    let key = TwilioApiKey { sid: "SK1".into(), secret: "key-secret".into() };
    let by_key = build(&TwilioCredentials { api_key: Some(key), ..credentials() }, &text());
    assert_eq!(by_key.url, by_token.url);
    assert_eq!(basic(&by_key), "Basic U0sxOmtleS1zZWNyZXQ=");
}

#[test]
fn text_on_the_wire() {
    assert_snapshot!(form(&credentials(), &outbound("+447700900123", json!({"type": "text", "body": "Grüße & 1+1=2", "preview_url": true}))), @r"
    From = whatsapp:+15559870000
    To = whatsapp:+447700900123
    StatusCallback = https://gw.example.com/duplex/hooks/twilio/0199f2a0-0000-7000-8000-0000000000c1/status?attempt=0199f2a0-0000-7000-8000-000000000001#rc=3&rp=5xx,ct,rt
    Body = Grüße & 1+1=2
    ");
}

#[test]
fn a_service_stands_beside_the_sender() {
    let with_service = TwilioCredentials { messaging_service_sid: Some("MG1".into()), ..credentials() };
    assert_snapshot!(form(&with_service, &outbound("GB.1111", json!({"type": "text", "body": "Hi"}))), @r"
    From = whatsapp:+15559870000
    To = whatsapp:GB.1111
    MessagingServiceSid = MG1
    StatusCallback = https://gw.example.com/duplex/hooks/twilio/0199f2a0-0000-7000-8000-0000000000c1/status?attempt=0199f2a0-0000-7000-8000-000000000001#rc=3&rp=5xx,ct,rt
    Body = Hi
    ");
}

#[test]
fn template_on_the_wire() {
    let content = json!({"type": "template", "name": "order_shipped", "language": "en",
        "header": {"type": "text", "text": "London"}, "body": [{"text": "Ada"}],
        "buttons": [{"index": 0, "type": "url", "text": "t/9"}],
        "twilio": {"content_sid": "HX0123456789abcdef0123456789abcdef"}});
    assert_snapshot!(form(&credentials(), &outbound("+447700900123", content)), @r#"
    From = whatsapp:+15559870000
    To = whatsapp:+447700900123
    StatusCallback = https://gw.example.com/duplex/hooks/twilio/0199f2a0-0000-7000-8000-0000000000c1/status?attempt=0199f2a0-0000-7000-8000-000000000001#rc=3&rp=5xx,ct,rt
    ContentSid = HX0123456789abcdef0123456789abcdef
    ContentVariables = {"1":"London","2":"Ada","3":"t/9"}
    "#);
}

#[test]
fn given_variables_win_and_none_are_left_out() {
    let mut content = json!({"type": "template", "name": "login_code", "language": "en", "body": [{"text": "493817"}],
        "twilio": {"content_sid": "HX0123456789abcdef0123456789abcdef", "variables": {"code": "493817"}}});
    let sent = form(&credentials(), &outbound("+447700900123", content.clone()));
    assert!(sent.contains(r#"ContentVariables = {"code":"493817"}"#), "{sent}");
    content["twilio"]["variables"] = json!({});
    assert!(!form(&credentials(), &outbound("+447700900123", content)).contains("ContentVariables"));
}

#[test]
fn the_list_is_asked_for_by_person_sender_and_day() {
    let at = |text: &str| Ts::parse(text).unwrap();
    let wanted = LookUp {
        to: "+447700900123".parse().unwrap(),
        sent_after: at("2026-11-22T10:00:00Z"),
        sent_before: at("2026-11-22T10:06:00Z"),
    };
    let request = kept::look_up(&"https://api.twilio.com".parse().unwrap(), &credentials(), &wanted, None);
    assert_snapshot!(request.url.query().unwrap(), @"To=whatsapp%3A%2B447700900123&From=whatsapp%3A%2B15559870000&DateSent%3E=2026-11-22&DateSent%3C=2026-11-22&PageSize=100");
}

#[test]
fn acceptance_names_the_message() {
    let body = json!({"sid": "SM6c1f0a8e2b7d4f3391a5c0de12345678", "status": "queued", "to": "whatsapp:+447700900123"});
    let accepted = response::sent(answer(201, &body.to_string()), &text()).unwrap();
    assert_eq!(
        accepted,
        Accepted {
            provider_message_id: "SM6c1f0a8e2b7d4f3391a5c0de12345678".into(),
            recipient: None,
            status: Some("queued".into())
        }
    );
}

#[test]
fn success_without_an_id_is_unknown() {
    for body in ["", "<html>", "{}", r#"{"sid":null}"#, r#"{"sid":"AC0123"}"#] {
        assert_eq!(refused(201, body).verdict, Verdict::Unknown, "{body}");
    }
}

#[test]
fn internal_errors_on_creating_are_unknown_and_definite_later() {
    for code in [20500, 20503, 20504, 12400] {
        assert_eq!(refused(500, &json!({"code": code}).to_string()).verdict, Verdict::Unknown, "{code}");
        assert_eq!(response::late_refusal("failed", Some(code)).verdict, RETRY, "{code}");
    }
    for arrival in [Arrival::AtOnce, Arrival::Late] {
        assert_eq!(errors::classify(30410, arrival, None).unwrap().verdict, Verdict::Unknown);
    }
}

#[test]
fn what_no_table_knows_is_never_repeated_blindly() {
    assert_eq!(refused(400, r#"{"code":99999}"#).verdict, REJECTED);
    assert_eq!(refused(403, "").verdict, REJECTED);
    assert_eq!(refused(401, "").verdict, Verdict::ChannelDown);
    for status in [302, 408, 500, 502, 503, 504] {
        assert_eq!(refused(status, "").verdict, Verdict::Unknown, "{status}");
    }
    assert_eq!(refused(500, r#"{"code":99999}"#).verdict, Verdict::Unknown);
    for body in [r#"{"code":20429}"#, ""] {
        assert!(matches!(refused(429, body).verdict, Verdict::Throttled { scope: ThrottleScope::Account, .. }));
    }
    assert_eq!(response::late_refusal("undelivered", Some(99999)).verdict, REJECTED);
    assert_eq!(response::late_refusal("canceled", None).failure.code, FailureCode::Expired);
}

#[test]
fn the_list_gives_only_what_we_sent_since() {
    let body = json!({"messages": [
        {"sid": "SM01", "direction": "outbound-api", "status": "sent", "date_created": "Sun, 22 Nov 2026 10:00:00 +0000"},
        {"sid": "SM02", "direction": "inbound", "status": "received", "date_created": "Sun, 22 Nov 2026 10:00:01 +0000"},
        {"sid": "SM03", "direction": "outbound-api", "status": "sent", "date_created": "Sun, 22 Nov 2026 09:59:59 +0000"},
        {"sid": "SM04", "direction": "outbound-api", "status": "queued", "date_created": null},
        {"sid": "SM05", "direction": "outbound-api", "status": "sent", "date_created": "Sun, 22 Nov 2026 10:05:01 +0000"},
        {"status": "no id"}, 7]});
    let at = |text: &str| Ts::parse(text).unwrap();
    let wanted = LookUp {
        to: "+447700900123".parse().unwrap(),
        sent_after: at("2026-11-22T10:00:00.400Z"),
        sent_before: at("2026-11-22T10:05:00Z"),
    };
    let found = kept::found_in(&kept::read(answer(200, &body.to_string())).unwrap(), &wanted).unwrap();
    assert_eq!(found.iter().map(|f| f.provider_message_id.as_str()).collect::<Vec<_>>(), ["SM01", "SM04"]);
    assert_eq!(found[0].at, Some(Ts::parse("2026-11-22T10:00:00Z").unwrap()));

    for unusable in [answer(200, "<html>"), answer(503, ""), Err(TransportError::Lost("x".into()))] {
        let read = kept::read(unusable).and_then(|body| kept::found_in(&body, &wanted));
        assert_eq!(read.unwrap_err().verdict, RETRY);
    }
}
