//! The pure parts: bodies on the wire and answers.

use insta::assert_snapshot;
use serde_json::json;

use super::*;
use crate::client::{Request, Response, TransportError};
use crate::domain::contact::Recipient;
use crate::domain::content::Content;
use crate::domain::content::plain::TextContent;
use crate::domain::ids::MessageId;
use crate::providers::Prepared;
use crate::providers::codes::{Arrival, REJECTED, RETRY};
use crate::providers::failure::{Failover, ThrottleScope};

pub(super) fn credentials() -> DirectCredentials {
    DirectCredentials {
        whatsapp_business_phone_id: "200000000000001".into(),
        waba_id: "300000000000001".into(),
        whatsapp_app_id: "100000000000001".into(),
        app_secret: "0f1e2d3c4b5a69788796a5b4c3d2e1f0".into(),
        app_secret_secondary: None,
        whatsapp_access_token: "EAAGtesttoken".into(),
        verify_token: "verify-me-please".into(),
        graph_version: "v25.0".into(),
    }
}

pub(super) fn outbound(to: &str, content: serde_json::Value) -> Outbound {
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

fn build(message: &Outbound) -> Request {
    request::send(&"https://graph.facebook.com".parse().unwrap(), &credentials(), message).unwrap()
}

fn body(to: &str, content: serde_json::Value) -> String {
    String::from_utf8(build(&outbound(to, content)).body).unwrap()
}

fn text() -> Outbound {
    let content = Content::Text(TextContent { body: "Hello".into(), preview_url: false });
    Outbound { content, ..outbound("+447700900123", json!({"type": "text", "body": "x"})) }
}

fn answer(status: u16, body: &str) -> Result<Response, TransportError> {
    Ok(Response { status, headers: Vec::new(), body: body.as_bytes().to_vec() })
}

fn refused(status: u16, body: &str) -> SendError {
    response::sent(answer(status, body), &text()).unwrap_err()
}

#[test]
fn the_request_goes_to_the_number_with_token_and_proof() {
    let request = build(&text());
    assert_eq!(request.url.path(), "/v25.0/200000000000001/messages");
    assert!(request.url.query().unwrap().starts_with("appsecret_proof="));
    assert_eq!(
        request.headers,
        [("authorization", "Bearer EAAGtesttoken".to_owned()), ("content-type", "application/json".to_owned())]
    );
    assert!(!format!("{request:?}").contains("EAAG"));
}

#[test]
fn an_id_can_not_lead_to_another_endpoint() {
    let mut odd = credentials();
    odd.whatsapp_business_phone_id = "1/../2?x=#".into();
    let request = request::send(&"https://graph.facebook.com/prefix/".parse().unwrap(), &odd, &text()).unwrap();
    assert_eq!(request.url.path(), "/prefix/v25.0/1%2F..%2F2%3Fx=%23/messages");
}

#[test]
fn text_on_the_wire() {
    assert_snapshot!(body("+447700900123", json!({"type": "text", "body": "Grüße 😀 \"q\"", "preview_url": true})), @r#"{"messaging_product":"whatsapp","recipient_type":"individual","to":"+447700900123","biz_opaque_callback_data":"0199f2a0-0000-7000-8000-000000000001","type":"text","text":{"body":"Grüße 😀 \"q\"","preview_url":true}}"#);
}

#[test]
fn a_user_id_goes_where_user_ids_go() {
    assert_snapshot!(body("GB.11112222333344445555", json!({"type": "text", "body": "Hi"})), @r#"{"messaging_product":"whatsapp","recipient_type":"individual","recipient":"GB.11112222333344445555","biz_opaque_callback_data":"0199f2a0-0000-7000-8000-000000000001","type":"text","text":{"body":"Hi","preview_url":false}}"#);
}

#[test]
fn positional_template_on_the_wire() {
    let content = json!({"type": "template", "name": "order_shipped", "language": "en_GB",
        "header": {"type": "document", "link": "https://acme.example/d/inv-77.pdf", "filename": "invoice-77.pdf"},
        "body": [{"text": "Ada"}, {"text": "77"}],
        "buttons": [{"index": 0, "type": "url", "text": "t/9"}, {"index": 1, "type": "quick_reply", "payload": "order:77:help"}]});
    assert_snapshot!(body("+447700900123", content), @r#"{"messaging_product":"whatsapp","recipient_type":"individual","to":"+447700900123","biz_opaque_callback_data":"0199f2a0-0000-7000-8000-000000000001","type":"template","template":{"name":"order_shipped","language":{"code":"en_GB"},"components":[{"type":"header","parameters":[{"type":"document","document":{"link":"https://acme.example/d/inv-77.pdf","filename":"invoice-77.pdf"}}]},{"type":"body","parameters":[{"type":"text","text":"Ada"},{"type":"text","text":"77"}]},{"type":"button","sub_type":"url","index":"0","parameters":[{"type":"text","text":"t/9"}]},{"type":"button","sub_type":"quick_reply","index":"1","parameters":[{"type":"payload","payload":"order:77:help"}]}]}}"#);
}

#[test]
fn named_template_on_the_wire() {
    let content = json!({"type": "template", "name": "appointment_reminder", "language": "en",
        "header": {"type": "text", "text": "London", "name": "city"},
        "body": [{"text": "Ada", "name": "first_name"}, {"text": "Friday 10:00", "name": "when"}]});
    assert_snapshot!(body("+447700900123", content), @r#"{"messaging_product":"whatsapp","recipient_type":"individual","to":"+447700900123","biz_opaque_callback_data":"0199f2a0-0000-7000-8000-000000000001","type":"template","template":{"name":"appointment_reminder","language":{"code":"en"},"components":[{"type":"header","parameters":[{"type":"text","parameter_name":"city","text":"London"}]},{"type":"body","parameters":[{"type":"text","parameter_name":"first_name","text":"Ada"},{"type":"text","parameter_name":"when","text":"Friday 10:00"}]}]}}"#);
}

#[test]
fn one_time_code_on_the_wire() {
    let content = json!({"type": "template", "name": "login_code", "language": "en_US",
        "body": [{"text": "493817"}], "buttons": [{"index": 0, "type": "url", "text": "493817"}]});
    assert_snapshot!(body("+447700900123", content), @r#"{"messaging_product":"whatsapp","recipient_type":"individual","to":"+447700900123","biz_opaque_callback_data":"0199f2a0-0000-7000-8000-000000000001","type":"template","template":{"name":"login_code","language":{"code":"en_US"},"components":[{"type":"body","parameters":[{"type":"text","text":"493817"}]},{"type":"button","sub_type":"url","index":"0","parameters":[{"type":"text","text":"493817"}]}]}}"#);
}

#[test]
fn coupon_and_picture_on_the_wire() {
    let content = json!({"type": "template", "name": "spring_offer", "language": "en_GB",
        "header": {"type": "image", "link": "https://acme.example/1.jpg", "filename": "ignored.jpg"},
        "buttons": [{"index": 0, "type": "copy_code", "code": "SPRING25"}]});
    assert_snapshot!(body("+447700900123", content), @r#"{"messaging_product":"whatsapp","recipient_type":"individual","to":"+447700900123","biz_opaque_callback_data":"0199f2a0-0000-7000-8000-000000000001","type":"template","template":{"name":"spring_offer","language":{"code":"en_GB"},"components":[{"type":"header","parameters":[{"type":"image","image":{"link":"https://acme.example/1.jpg"}}]},{"type":"button","sub_type":"copy_code","index":"0","parameters":[{"type":"coupon_code","coupon_code":"SPRING25"}]}]}}"#);
}

#[test]
fn a_template_without_values_has_no_components() {
    assert!(
        !body("+447700900123", json!({"type": "template", "name": "hello", "language": "en"})).contains("components")
    );
}

#[test]
fn acceptance_names_the_message_and_the_person() {
    let given = r#"{"messaging_product":"whatsapp","contacts":[{"input":"+447700900123","wa_id":"447700900123"}],"messages":[{"id":"wamid.1","message_status":"accepted"}]}"#;
    let accepted = response::sent(answer(200, given), &text()).unwrap();
    assert_eq!(
        accepted,
        Accepted { provider_message_id: "wamid.1".into(), recipient: None, status: Some("accepted".into()) }
    );

    let other = given.replace(r#""wa_id":"447700900123""#, r#""wa_id":"447700900999""#);
    let other = response::sent(answer(200, &other), &text()).unwrap();
    assert_eq!(other.recipient, Some("+447700900999".parse().unwrap()));

    let user = given.replace(r#""wa_id":"447700900123""#, r#""user_id":"GB.1111""#);
    let user = response::sent(answer(200, &user), &text()).unwrap();
    assert!(matches!(user.recipient, Some(Recipient::Bsuid(_))));
}

#[test]
fn a_template_that_is_paused_at_once_is_a_refusal() {
    let error = refused(200, r#"{"messages":[{"id":"wamid.1","message_status":"paused"}]}"#);
    assert_eq!((error.verdict, error.failure.code), (REJECTED, FailureCode::TemplatePaused));
}

#[test]
fn success_without_an_id_is_unknown() {
    for body in ["", "<html>", "{}", r#"{"messages":[]}"#, r#"{"messages":[{"id":""}]}"#, r#"{"messages":[{"id":7}]}"#]
    {
        assert_eq!(refused(200, body).verdict, Verdict::Unknown, "{body}");
    }
}

#[test]
fn the_code_is_looked_up_before_the_subcode() {
    let code = |code: u32, sub: u32| {
        refused(400, &json!({"error": {"code": code, "error_subcode": sub}}).to_string()).failure.provider_code.unwrap()
    };
    assert_eq!(code(100, 2388040), "2388040");
    assert_eq!(code(100, 33), "33");
    assert_eq!(code(100, 999), "100");
    assert_eq!(code(190, 463), "190");
    assert_eq!(code(7777, 131047), "131047");
}

#[test]
fn the_table_decides_over_the_status() {
    // 5xx, but certainly refused.
    assert_eq!(refused(500, r#"{"error":{"code":131045}}"#).verdict, Verdict::ChannelDown);
    assert!(matches!(refused(500, r#"{"error":{"code":131057}}"#).verdict, Verdict::Retry { after: Some(_) }));
    // 4xx, but ambiguous.
    assert_eq!(refused(400, r#"{"error":{"code":1}}"#).verdict, Verdict::Unknown);
}

#[test]
fn what_no_table_knows_is_never_repeated_blindly() {
    assert_eq!(refused(400, r#"{"error":{"code":999999}}"#).verdict, REJECTED);
    assert_eq!(refused(400, r#"{"error":{"code":999999,"is_transient":true}}"#).verdict, Verdict::Unknown);
    for status in [301, 302, 408, 500, 502, 503, 504] {
        assert_eq!(refused(status, "<html>").verdict, Verdict::Unknown, "{status}");
    }
    assert_eq!(refused(500, r#"{"error":{"code":999999}}"#).verdict, Verdict::Unknown);
    assert!(matches!(refused(429, "").verdict, Verdict::Throttled { scope: ThrottleScope::Account, .. }));
    assert_eq!(refused(404, "not here").failure.code, FailureCode::Unclassified);
    assert!(matches!(refused(401, "").verdict, Verdict::Retry { .. }));
}

#[test]
fn waits_come_from_the_headers() {
    let quota = r#"{"300000000000001":[{"type":"x","estimated_time_to_regain_access":3},{"estimated_time_to_regain_access":0}]}"#;
    let wait = |headers: &[(&str, &str)]| {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let response = Response { status: 400, headers, body: br#"{"error":{"code":80007}}"#.to_vec() };
        match response::sent(Ok(response), &text()).unwrap_err().verdict {
            Verdict::Throttled { after, .. } => after.map(|after| after.as_secs()),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(wait(&[]), None);
    assert_eq!(wait(&[("retry-after", "9")]), Some(9));
    assert_eq!(wait(&[("x-business-use-case-usage", quota), ("retry-after", "9")]), Some(180));
}

#[test]
fn codes_by_webhook_are_definite() {
    let late = |code: u32| response::late_refusal(Some(&json!([{"code": code}])));
    assert_eq!(late(131000).verdict, RETRY);
    assert_eq!((late(1).verdict, late(1).retries), (RETRY, Some(2)));
    assert_eq!(late(131047).failure.code, FailureCode::WindowClosed);
    assert_eq!(late(131050).failover, Failover::Forbidden);
    assert_eq!(late(999_999).verdict, REJECTED);
    assert_eq!(response::late_refusal(None).failure.code, FailureCode::Unclassified);
    assert_eq!(errors::classify(131_000, None, Arrival::AtOnce, None).unwrap().verdict, Verdict::Unknown);
}
