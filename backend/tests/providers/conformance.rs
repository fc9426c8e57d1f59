//! The same cases on both providers, through the interface.

use std::collections::BTreeSet;
use std::time::Duration;

use base64::Engine as _;
use duplex::domain::failure::FailureCode;
use duplex::domain::ids::AttemptId;
use duplex::domain::inbound::InboundContent;
use duplex::domain::provider::ProviderKind;
use duplex::providers::account::Credentials;
use duplex::providers::failure::ThrottleScope;
use duplex::providers::{
    Accepted, BadSignature, Handshake, LookUp, ParseError, ProviderEvent, RawWebhook, SendError, Verdict,
};
use futures_util::StreamExt as _;
use hmac::{Hmac, KeyInit, Mac};
use tokio::net::TcpListener;
use wiremock::matchers::method;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::sides::{self, ATTEMPT, BOTH, accepted, another, coded, service_at, service_with, text};

/// Sends one text to a provider that gives this answer.
async fn send_and_get(
    kind: ProviderKind,
    answer: ResponseTemplate,
) -> (Result<Accepted, SendError>, Vec<wiremock::Request>) {
    let server = MockServer::start().await;
    Mock::given(method("POST")).respond_with(answer).mount(&server).await;
    let outcome = service_at(kind, &server.uri()).send_message(&text("Your parcel is on its way")).await;
    (outcome, server.received_requests().await.unwrap())
}

async fn refused(kind: ProviderKind, status: u16, body: impl Into<String>) -> SendError {
    let answer = ResponseTemplate::new(status).set_body_string(body);
    let (outcome, requests) = send_and_get(kind, answer).await;
    assert_eq!(requests.len(), 1, "{kind}: sent more than once");
    outcome.unwrap_err()
}

#[tokio::test]
async fn an_accepted_message_is_named() {
    for kind in BOTH {
        let (status, body, id) = accepted(kind);
        let (outcome, requests) = send_and_get(kind, ResponseTemplate::new(status).set_body_string(body)).await;
        assert_eq!(outcome.unwrap().provider_message_id, id);
        assert_eq!(requests.len(), 1);
    }
}

#[tokio::test]
async fn the_attempt_is_on_the_wire() {
    for kind in BOTH {
        let (status, body, _) = accepted(kind);
        let (_, requests) = send_and_get(kind, ResponseTemplate::new(status).set_body_string(body)).await;
        let sent = String::from_utf8(requests[0].body.clone()).unwrap();
        assert!(sent.contains(ATTEMPT), "{kind}: {sent}");
    }
}

#[tokio::test]
async fn a_refusal_is_final() {
    for (kind, code, expected) in [
        (ProviderKind::Twilio, 21211, FailureCode::RecipientInvalid),
        (ProviderKind::Direct, 131_047, FailureCode::WindowClosed),
    ] {
        let error = refused(kind, 400, coded(kind, code)).await;
        assert_eq!((error.verdict, error.failure.code), (Verdict::Rejected, expected));
        assert_eq!(error.failure.provider_code, Some(code.to_string()));
        assert!(!error.failure.detail.is_empty());
    }
}

#[tokio::test]
async fn a_throttle_keeps_its_scope_and_its_wait() {
    for (kind, status, code, expected) in [
        (ProviderKind::Twilio, 429, 20429, ThrottleScope::Account),
        (ProviderKind::Direct, 400, 130_429, ThrottleScope::Sender),
        (ProviderKind::Direct, 429, 131_056, ThrottleScope::Pair),
        (ProviderKind::Direct, 429, 4, ThrottleScope::Account),
    ] {
        let answer = ResponseTemplate::new(status).set_body_string(coded(kind, code)).insert_header("retry-after", "7");
        let (outcome, _) = send_and_get(kind, answer).await;
        let after = Some(Duration::from_secs(7));
        assert_eq!(outcome.unwrap_err().verdict, Verdict::Throttled { after, scope: expected }, "{kind} {code}");
    }
}

#[tokio::test]
async fn server_errors_are_unknown_with_or_without_a_code() {
    for (kind, code) in [(ProviderKind::Twilio, 20500), (ProviderKind::Direct, 131_000)] {
        for (status, body) in [
            (500, coded(kind, code)),
            (500, coded(kind, 999_999)),
            (500, "{}".to_owned()),
            (502, "<html>bad gateway</html>".to_owned()),
            (503, String::new()),
            (504, "upstream timeout".to_owned()),
        ] {
            assert_eq!(refused(kind, status, body.clone()).await.verdict, Verdict::Unknown, "{kind} {status} {body}");
        }
    }
}

#[tokio::test]
async fn a_success_that_can_not_be_read_is_unknown() {
    for kind in BOTH {
        for body in ["<html>hello</html>", "", "{\"ok\":true}", "[]"] {
            assert_eq!(refused(kind, 200, body).await.verdict, Verdict::Unknown, "{kind} {body}");
        }
    }
}

#[tokio::test]
async fn redirects_are_not_followed() {
    for kind in BOTH {
        let server = MockServer::start().await;
        let elsewhere = format!("{}/elsewhere", server.uri());
        let service = service_at(kind, &server.uri());
        for status in [301, 302, 303, 307, 308] {
            let answer = ResponseTemplate::new(status).insert_header("location", elsewhere.as_str());
            Mock::given(method("POST")).respond_with(answer).up_to_n_times(1).mount(&server).await;
            let error = service.send_message(&text("Hello")).await.unwrap_err();
            assert_eq!(error.verdict, Verdict::Unknown, "{kind} {status}");
        }
        let requests = server.received_requests().await.unwrap();
        assert!(requests.iter().all(|request| request.url.path() != "/elsewhere"), "{kind}");
    }
}

#[tokio::test]
async fn a_connection_closed_without_an_answer_is_unknown() {
    for kind in BOTH {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                stream.readable().await.unwrap();
                drop(stream);
            }
        });
        let error = service_at(kind, &base).send_message(&text("Hello")).await.unwrap_err();
        assert_eq!((error.verdict, error.failure.code), (Verdict::Unknown, FailureCode::AnswerLost), "{kind}");
    }
}

#[tokio::test]
async fn an_answer_that_never_comes_is_unknown() {
    for kind in BOTH {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let service = service_with(sides::credentials(kind), &base, Duration::from_millis(50));
        let error = service.send_message(&text("Hello")).await.unwrap_err();
        assert_eq!((error.verdict, error.failure.code), (Verdict::Unknown, FailureCode::AnswerLost), "{kind}");
    }
}

#[tokio::test]
async fn a_refused_connection_is_tried_again() {
    for kind in BOTH {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        drop(listener);
        let error = service_at(kind, &base).send_message(&text("Hello")).await.unwrap_err();
        assert_eq!(error.verdict, Verdict::Retry { after: None }, "{kind}");
        assert_eq!(error.failure.code, FailureCode::ConnectionFailed, "{kind}");
    }
}

#[tokio::test]
async fn a_dead_token_takes_the_channel_down() {
    for (kind, code) in [(ProviderKind::Twilio, 20003), (ProviderKind::Direct, 190)] {
        let error = refused(kind, 401, coded(kind, code)).await;
        assert_eq!((error.verdict, error.failure.code), (Verdict::ChannelDown, FailureCode::CredentialsInvalid));
        for secret in [sides::AUTH_TOKEN, sides::ACCESS_TOKEN, sides::APP_SECRET] {
            assert!(!format!("{error:?} {error}").contains(secret));
        }
    }
}

#[tokio::test]
async fn three_bare_denials_in_a_row_take_a_direct_channel_down() {
    let server = MockServer::start().await;
    let (status, body, _) = accepted(ProviderKind::Direct);
    for answer in [
        ResponseTemplate::new(403),
        ResponseTemplate::new(403),
        ResponseTemplate::new(status).set_body_string(body),
        ResponseTemplate::new(401),
        ResponseTemplate::new(403),
        ResponseTemplate::new(401),
    ] {
        Mock::given(method("POST")).respond_with(answer).up_to_n_times(1).mount(&server).await;
    }
    let service = service_at(ProviderKind::Direct, &server.uri());
    let mut verdicts = Vec::new();
    for _ in 0..6 {
        verdicts.push(service.send_message(&text("Hello")).await.err().map(|error| error.verdict));
    }
    let retry = Some(Verdict::Retry { after: None });
    assert_eq!(verdicts, [retry, retry, None, retry, retry, Some(Verdict::ChannelDown)]);
}

#[tokio::test]
async fn a_broadcast_yields_each_outcome_once() {
    for kind in BOTH {
        let server = MockServer::start().await;
        let (status, body, _) = accepted(kind);
        let answer = ResponseTemplate::new(status).set_body_string(body);
        Mock::given(method("POST")).respond_with(answer).mount(&server).await;
        let batch: Vec<_> = (0..25).map(|_| another(AttemptId::new())).collect();
        for concurrency in [0, 1, 8] {
            let service = service_at(kind, &server.uri());
            let outcomes: Vec<_> = service.send_broadcast(&batch, concurrency).collect().await;
            assert!(outcomes.iter().all(|(_, outcome)| outcome.is_ok()));
            let yielded: BTreeSet<_> = outcomes.into_iter().map(|(attempt, _)| attempt).collect();
            assert_eq!(yielded, batch.iter().map(|message| message.attempt).collect(), "{kind}");
        }
    }
}

#[tokio::test]
async fn only_twilio_has_a_list_to_look_into() {
    let wanted = LookUp {
        to: "+447700900123".parse().unwrap(),
        sent_after: duplex::domain::time::Ts::parse("2026-11-22T10:00:00Z").unwrap(),
        sent_before: duplex::domain::time::Ts::parse("2026-11-22T10:06:00Z").unwrap(),
    };
    let server = MockServer::start().await;
    let list = r#"{"messages":[{"sid":"SM01","direction":"outbound-api","status":"sent","date_created":"Sun, 22 Nov 2026 10:00:05 +0000"},
        {"sid":"SM02","direction":"outbound-api","status":"sent","date_created":"Sun, 22 Nov 2026 10:06:01 +0000"},
        {"sid":"SM03","direction":"inbound","status":"received","date_created":"Sun, 22 Nov 2026 10:00:06 +0000"},
        {"sid":"SM04","direction":"outbound-api","status":"sent","date_created":"Sun, 22 Nov 2026 09:59:59 +0000"}]}"#;
    let answer = ResponseTemplate::new(200).set_body_string(list);
    Mock::given(method("GET")).respond_with(answer).mount(&server).await;
    assert_eq!(service_at(ProviderKind::Direct, &server.uri()).look_up(&wanted).await.unwrap(), None);
    let found = service_at(ProviderKind::Twilio, &server.uri()).look_up(&wanted).await.unwrap().unwrap();
    assert_eq!(found.len(), 1);
}

/// A signed webhook: somebody wrote "Hi".
fn webhook(kind: ProviderKind) -> RawWebhook {
    match kind {
        ProviderKind::Twilio => {
            let body = "AccountSid=AC0123456789abcdef0123456789abcdef&Body=Hi&From=whatsapp%3A%2B447700900123&MessageSid=SM01&Novelty=%C3%BC&NumMedia=0&SmsStatus=received&Tag=b&Tag=a&To=whatsapp%3A%2B15559870000";
            let url = format!("{}/hooks/twilio/{}", sides::PUBLIC_BASE, sides::CHANNEL);
            let signed = format!(
                "{url}AccountSidAC0123456789abcdef0123456789abcdefBodyHiFromwhatsapp:+447700900123MessageSidSM01NoveltyüNumMedia0SmsStatusreceivedTagaTagbTowhatsapp:+15559870000"
            );
            let mac = Hmac::<sha1::Sha1>::new_from_slice(sides::AUTH_TOKEN.as_bytes()).unwrap().chain_update(signed);
            let signature = base64::engine::general_purpose::STANDARD.encode(mac.finalize().into_bytes());
            RawWebhook { url, signature: Some(signature), body: body.into() }
        }
        ProviderKind::Direct => {
            let body = r#"{"object":"whatsapp_business_account","novelty":1,"entry":[{"id":"300000000000001","changes":[{"field":"messages","value":{"metadata":{"phone_number_id":"200000000000001"},"messages":[{"from":"447700900123","id":"wamid.1","timestamp":"1795342799","type":"text","text":{"body":"Hi"},"novelty":{}}]}}]}]}"#;
            let mac = Hmac::<sha2::Sha256>::new_from_slice(sides::APP_SECRET.as_bytes()).unwrap().chain_update(body);
            let signature = format!("sha256={}", hex::encode(mac.finalize().into_bytes()));
            let url = format!("{}/hooks/direct/{}", sides::PUBLIC_BASE, sides::APP_ID);
            RawWebhook { url, signature: Some(signature), body: body.into() }
        }
    }
}

#[test]
fn a_signed_webhook_is_verified_and_read() {
    for kind in BOTH {
        let service = sides::offline(sides::credentials(kind));
        let raw = webhook(kind);
        assert!(!service.verify_webhook(&raw).unwrap().by_secondary, "{kind}");
        let events = service.parse_webhook(&raw).unwrap();
        let [ProviderEvent::Inbound(event)] = &events[..] else { panic!("{kind}: {events:?}") };
        assert_eq!(event.sender, service.address(), "{kind}");
        assert!(matches!(&event.content, InboundContent::Text(text) if text.body == "Hi"), "{kind}");
        assert_eq!(event.person.phone.as_ref().unwrap().as_str(), "+447700900123");
    }
}

#[test]
fn a_missing_or_wrong_signature_is_refused() {
    for kind in BOTH {
        let service = sides::offline(sides::credentials(kind));
        let raw = webhook(kind);
        let with = |signature: Option<&str>| RawWebhook { signature: signature.map(str::to_owned), ..raw.clone() };
        assert_eq!(service.verify_webhook(&with(None)), Err(BadSignature::Missing), "{kind}");
        assert_eq!(service.verify_webhook(&with(Some(""))), Err(BadSignature::Missing), "{kind}");
        assert_eq!(service.verify_webhook(&with(Some("nonsense!"))), Err(BadSignature::Malformed), "{kind}");
        // The retired SHA-1 header of Meta, valid in itself.
        let mac = Hmac::<sha1::Sha1>::new_from_slice(sides::APP_SECRET.as_bytes()).unwrap().chain_update(&raw.body);
        let sha1 = format!("sha1={}", hex::encode(mac.finalize().into_bytes()));
        assert!(service.verify_webhook(&with(Some(&sha1))).is_err(), "{kind}");
        // The other provider's signature.
        let foreign = webhook(kind.other()).signature;
        assert!(service.verify_webhook(&with(foreign.as_deref())).is_err(), "{kind}");
    }
}

#[test]
fn what_was_tampered_with_is_refused() {
    for kind in BOTH {
        let service = sides::offline(sides::credentials(kind));
        let raw = webhook(kind);
        for place in 0..raw.body.len() {
            let mut body = raw.body.clone();
            body[place] ^= 0x01;
            assert!(service.verify_webhook(&RawWebhook { body, ..raw.clone() }).is_err(), "{kind} at {place}");
        }
        let longer = [&raw.body[..], b"&x=y"].concat();
        assert_eq!(service.verify_webhook(&RawWebhook { body: longer, ..raw }), Err(BadSignature::Mismatch), "{kind}");
    }
    // Twilio signs the address as well.
    let service = sides::offline(sides::credentials(ProviderKind::Twilio));
    let raw = webhook(ProviderKind::Twilio);
    for url in [format!("{}/", raw.url), format!("{}?attempt=1", raw.url), raw.url.replace("https", "http")] {
        assert_eq!(service.verify_webhook(&RawWebhook { url, ..raw.clone() }), Err(BadSignature::Mismatch));
    }
}

#[test]
fn another_secret_does_not_hold_and_a_second_one_does() {
    for kind in BOTH {
        let mut other = sides::credentials(kind);
        match &mut other {
            Credentials::Twilio(twilio) => twilio.auth_token = "00000000000000000000000000000000".into(),
            Credentials::Direct(direct) => direct.app_secret = "00000000000000000000000000000000".into(),
        }
        let raw = webhook(kind);
        assert_eq!(sides::offline(other.clone()).verify_webhook(&raw), Err(BadSignature::Mismatch), "{kind}");
        match &mut other {
            Credentials::Twilio(twilio) => twilio.auth_token_secondary = Some(sides::AUTH_TOKEN.into()),
            Credentials::Direct(direct) => direct.app_secret_secondary = Some(sides::APP_SECRET.into()),
        }
        assert!(sides::offline(other).verify_webhook(&raw).unwrap().by_secondary, "{kind}");
    }
}

#[test]
fn garbage_is_no_webhook() {
    for kind in BOTH {
        let service = sides::offline(sides::credentials(kind));
        for body in ["", "{", "{\"a\":", "hello", "a=b&c=d"] {
            let raw = RawWebhook { body: body.into(), ..webhook(kind) };
            assert!(matches!(service.parse_webhook(&raw), Err(ParseError::Format(_))), "{kind}: {body}");
        }
    }
}

#[test]
fn only_direct_has_a_handshake() {
    for kind in BOTH {
        let request =
            Handshake { mode: "subscribe".into(), verify_token: "verify-me-please".into(), challenge: "42".into() };
        let answer = sides::offline(sides::credentials(kind)).handshake(&request);
        assert_eq!(answer.as_deref(), (kind == ProviderKind::Direct).then_some("42"));
    }
}

#[test]
fn a_service_says_who_it_is() {
    for kind in BOTH {
        let service = sides::offline(sides::credentials(kind));
        assert_eq!(service.provider(), kind);
        assert_eq!(service.capabilities().provider, kind);
    }
}
