//! The connection checks: what they find, what they blame, and that no secret gets into the report.

use duplex::domain::provider::ProviderKind;
use duplex::providers::WhatsAppService;
use duplex::providers::account::{Credentials, TwilioApiKey};
use duplex::providers::check::{CheckName, CheckReport, CheckResult, Depth};
use duplex::providers::check_codes::CheckCode;
use duplex::providers::direct::management::FIELDS;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use wiremock::matchers::{header, method, path, query_param};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::sides::{
    self, ACCESS_TOKEN, ACCOUNT_SID, APP_ID, APP_SECRET, AUTH_TOKEN, BOTH, CHANNEL, PNID, WABA, service_at,
};

fn found(report: &CheckReport, name: CheckName) -> (CheckResult, Option<&str>) {
    let check = report.checks.iter().find(|check| check.name == name).unwrap();
    (check.found.result, check.found.field.as_deref())
}

fn code(report: &CheckReport, name: CheckName) -> Option<CheckCode> {
    report.checks.iter().find(|check| check.name == name).and_then(|check| check.found.code)
}

/// The provider's side of the ladder as a report.
async fn examined(service: &dyn WhatsAppService) -> CheckReport {
    let report = CheckReport::of(service.check_connection(Depth::Reading).await.checks);
    keeps_secrets(&report);
    report
}

/// Every rung that the provider can climb is green.
fn is_sound(report: &CheckReport) -> bool {
    let own = [CheckName::Configured, CheckName::RoundTrip];
    report.checks.iter().filter(|check| !own.contains(&check.name)).all(|check| check.result_is_pass())
}

fn keeps_secrets(report: &CheckReport) {
    let shown = serde_json::to_string(report).unwrap();
    for secret in [AUTH_TOKEN, APP_SECRET, ACCESS_TOKEN, "key-secret", "verify-me-please"] {
        assert!(!shown.contains(secret), "{shown}");
    }
    let names: Vec<_> = report.checks.iter().map(|check| check.name).collect();
    assert_eq!(names, CheckName::ALL);
}

struct Meta {
    token: Value,
    number: Value,
    apps: Value,
    /// The app's callback.
    callback: String,
    fields: Value,
}

impl Default for Meta {
    fn default() -> Self {
        Self {
            token: json!({"app_id": APP_ID, "is_valid": true, "expires_at": 0,
                "scopes": ["whatsapp_business_management", "whatsapp_business_messaging"],
                "granular_scopes": [{"scope": "whatsapp_business_messaging", "target_ids": [WABA]}]}),
            number: json!({"id": PNID, "display_phone_number": "+44 7700 900001", "status": "CONNECTED", "quality_rating": "GREEN",
                "health_status": {"can_send_message": "AVAILABLE", "entities": [{"entity_type": "WABA", "id": WABA}]}}),
            apps: json!([{"whatsapp_business_api_data": {"id": APP_ID, "name": "gateway"}}]),
            callback: format!("https://gw.example.com/hooks/direct/{APP_ID}"),
            fields: FIELDS.iter().map(|name| json!({"name": name, "version": "v25.0"})).collect(),
        }
    }
}

impl Meta {
    async fn check(self) -> CheckReport {
        self.check_at(&MockServer::start().await).await
    }

    /// With answers that the test has given the server before: they go first.
    async fn check_at(self, server: &MockServer) -> CheckReport {
        let answer = |body: Value| {
            ResponseTemplate::new(200).set_body_json(body).insert_header("date", "Sun, 22 Nov 2026 10:00:00 GMT")
        };
        Mock::given(path("/v25.0/debug_token"))
            .and(header("authorization", format!("Bearer {APP_ID}|{APP_SECRET}").as_str()))
            .and(query_param("input_token", ACCESS_TOKEN))
            .respond_with(answer(json!({"data": self.token})))
            .mount(server)
            .await;
        let number = answer(self.number);
        Mock::given(path(format!("/v25.0/{PNID}"))).respond_with(number).mount(server).await;
        let apps = answer(json!({"data": self.apps}));
        Mock::given(path(format!("/v25.0/{WABA}/subscribed_apps"))).respond_with(apps).mount(server).await;
        let account = answer(json!({"id": WABA, "status": "ACTIVE", "account_review_status": "APPROVED"}));
        Mock::given(path(format!("/v25.0/{WABA}"))).respond_with(account).mount(server).await;
        let subscription =
            json!({"object": "whatsapp_business_account", "callback_url": self.callback, "fields": self.fields});
        Mock::given(path(format!("/v25.0/{APP_ID}/subscriptions")))
            .respond_with(answer(json!({"data": [subscription]})))
            .mount(server)
            .await;
        examined(service_at(ProviderKind::Direct, &server.uri()).as_ref()).await
    }
}

#[tokio::test]
async fn a_sound_direct_channel_is_healthy() {
    let report = Meta::default().check().await;
    assert!(report.healthy && is_sound(&report), "{report:?}");
}

#[tokio::test]
async fn each_fault_of_a_direct_channel_is_named_with_its_field() {
    use CheckName::{Callback, Credentials, Permissions, Sender, Standing, Subscribed};
    use CheckResult::{Fail, Warn};
    let sound = Meta::default;
    let with = |value: Value, field: &str, to: Value| {
        let mut changed = value;
        changed[field] = to;
        changed
    };
    let token = |field: &str, to: Value| Meta { token: with(sound().token, field, to), ..sound() };
    let number = |field: &str, to: Value| Meta { number: with(sound().number, field, to), ..sound() };
    let soon = 1_795_342_800 + 5 * 86_400;
    let elsewhere =
        json!([{"whatsapp_business_api_data": {"id": APP_ID}, "override_callback_uri": "https://other.example/"}]);
    let blocked = |info: &str| {
        json!({"can_send_message": "BLOCKED", "entities": [{"entity_type": "BUSINESS", "id": "6",
        "can_send_message": "BLOCKED", "errors": [{"error_code": 141_010, "error_description": info}]}]})
    };
    let limited = json!({"can_send_message": "LIMITED", "entities": [{"entity_type": "BUSINESS", "id": "6",
        "can_send_message": "LIMITED", "additional_info": ["Business is not verified."]}]});

    for (meta, name, result, expected, field) in [
        (token("is_valid", json!(false)), Credentials, Fail, CheckCode::TokenInvalid, Some("whatsapp_access_token")),
        (token("app_id", json!("999")), Credentials, Fail, CheckCode::OtherApp, Some("whatsapp_app_id")),
        (token("expires_at", json!(soon)), Credentials, Warn, CheckCode::TokenEndsSoon, Some("whatsapp_access_token")),
        (token("scopes", json!([])), Permissions, Fail, CheckCode::ScopeMissing, Some("whatsapp_access_token")),
        (
            token("scopes", json!(["whatsapp_business_messaging"])),
            Permissions,
            Warn,
            CheckCode::ManagementScopeMissing,
            Some("whatsapp_access_token"),
        ),
        (
            token("granular_scopes", json!([{"scope": "whatsapp_business_messaging", "target_ids": ["1"]}])),
            Permissions,
            Fail,
            CheckCode::AssetNotAssigned,
            Some("waba_id"),
        ),
        (number("status", json!("DISCONNECTED")), Sender, Fail, CheckCode::NumberUnregistered, None),
        (number("quality_rating", json!("RED")), Standing, Warn, CheckCode::QualityRed, None),
        (
            number("health_status", json!({"can_send_message": "BLOCKED"})),
            Standing,
            Fail,
            CheckCode::SendingBlocked,
            None,
        ),
        (number("health_status", blocked("Policy.")), Standing, Fail, CheckCode::SendingBlocked, None),
        (number("health_status", blocked("No payment method.")), Standing, Fail, CheckCode::PaymentMissing, None),
        (number("health_status", limited), Standing, Warn, CheckCode::SendingLimited, None),
        (
            number("health_status", json!({"entities": [{"entity_type": "WABA", "id": "7"}]})),
            Sender,
            Fail,
            CheckCode::WabaAndPhoneMismatch,
            Some("waba_id"),
        ),
        (Meta { apps: json!([]), ..sound() }, Subscribed, Fail, CheckCode::AppNotSubscribed, Some("whatsapp_app_id")),
        (Meta { fields: json!([]), ..sound() }, Subscribed, Fail, CheckCode::FieldsMissing, None),
        (Meta { apps: elsewhere, ..sound() }, Callback, Fail, CheckCode::CallbackElsewhere, None),
        (Meta { callback: String::new(), ..sound() }, Callback, Fail, CheckCode::CallbackMissing, None),
    ] {
        let report = meta.check().await;
        assert_eq!((found(&report, name), code(&report, name)), ((result, field), Some(expected)), "{report:?}");
        assert_eq!(report.healthy, result != Fail);
        let check = report.checks.iter().find(|check| check.name == name).unwrap();
        assert!(check.found.cure.is_some(), "{report:?}");
    }
}

#[tokio::test]
async fn a_wrong_app_secret_is_told_from_a_dead_token() {
    let server = MockServer::start().await;
    let denied = r#"{"error":{"message":"m","type":"OAuthException","code":190}}"#;
    Mock::given(header("authorization", format!("Bearer {APP_ID}|{APP_SECRET}").as_str()))
        .respond_with(ResponseTemplate::new(400).set_body_string(denied))
        .mount(&server)
        .await;
    let alive = json!({"data": {"app_id": APP_ID, "is_valid": true}});
    Mock::given(header("authorization", format!("Bearer {ACCESS_TOKEN}").as_str()))
        .respond_with(ResponseTemplate::new(200).set_body_json(alive))
        .up_to_n_times(1)
        .mount(&server)
        .await;
    let service = service_at(ProviderKind::Direct, &server.uri());
    let report = examined(service.as_ref()).await;
    assert_eq!(found(&report, CheckName::Credentials), (CheckResult::Fail, Some("app_secret")));
    assert_eq!(found(&report, CheckName::Sender), (CheckResult::Skipped, None));
    Mock::given(header("authorization", format!("Bearer {ACCESS_TOKEN}").as_str()))
        .respond_with(ResponseTemplate::new(400).set_body_string(denied))
        .mount(&server)
        .await;
    let report = examined(service.as_ref()).await;
    assert_eq!(found(&report, CheckName::Credentials), (CheckResult::Fail, Some("whatsapp_access_token")));
    keeps_secrets(&report);
}

/// What Meta says when it would say something another time.
fn not_now() -> [ResponseTemplate; 4] {
    let error = |status: u16, code: u32| {
        ResponseTemplate::new(status).set_body_json(json!({"error": {"message": "m", "code": code}}))
    };
    [error(400, 4), error(400, 80_007), ResponseTemplate::new(429), ResponseTemplate::new(502)]
}

#[tokio::test]
async fn a_token_is_dead_only_when_meta_says_so() {
    let denied = json!({"error": {"message": "m", "type": "OAuthException", "code": 190}});
    for answer in not_now() {
        let server = MockServer::start().await;
        Mock::given(header("authorization", format!("Bearer {APP_ID}|{APP_SECRET}").as_str()))
            .respond_with(ResponseTemplate::new(400).set_body_json(&denied))
            .mount(&server)
            .await;
        Mock::given(header("authorization", format!("Bearer {ACCESS_TOKEN}").as_str()))
            .respond_with(answer)
            .mount(&server)
            .await;
        let report = examined(service_at(ProviderKind::Direct, &server.uri()).as_ref()).await;
        assert_eq!(found(&report, CheckName::Credentials), (CheckResult::Unproven, None), "{report:?}");
        assert_eq!(code(&report, CheckName::Credentials), Some(CheckCode::ProviderTrouble));
        assert!(!report.can_send(), "{report:?}");
    }
    // The first question already comes too often.
    let [by_app, by_account, by_status, _] = not_now();
    for throttled in [by_app, by_account, by_status] {
        let server = MockServer::start().await;
        Mock::given(method("GET")).respond_with(throttled).mount(&server).await;
        let report = examined(service_at(ProviderKind::Direct, &server.uri()).as_ref()).await;
        assert_eq!(found(&report, CheckName::Reachable).0, CheckResult::Pass, "{report:?}");
        assert_eq!(code(&report, CheckName::Credentials), Some(CheckCode::ProviderTrouble), "{report:?}");
        assert_eq!(server.received_requests().await.unwrap().len(), 1, "it is not asked again at once");
    }
}

#[tokio::test]
async fn trouble_at_meta_is_not_taken_for_wrong_ids() {
    for (at, name) in [
        (format!("/v25.0/{PNID}"), CheckName::Sender),
        (format!("/v25.0/{WABA}"), CheckName::Standing),
        (format!("/v25.0/{WABA}/subscribed_apps"), CheckName::Subscribed),
        (format!("/v25.0/{APP_ID}/subscriptions"), CheckName::Callback),
    ] {
        for answer in not_now() {
            let server = MockServer::start().await;
            Mock::given(path(at.as_str())).respond_with(answer).with_priority(1).mount(&server).await;
            let report = Meta::default().check_at(&server).await;
            assert_eq!(found(&report, name), (CheckResult::Unproven, None), "{at}: {report:?}");
            assert_eq!(code(&report, name), Some(CheckCode::ProviderTrouble), "{at}");
            assert!(report.healthy, "{at}: {report:?}");
        }
    }
    // Ids that lead nowhere, and a list of numbers that is not given now.
    let gone = json!({"error": {"message": "m", "code": 100, "error_subcode": 33}});
    for answer in not_now() {
        let server = MockServer::start().await;
        let missing = ResponseTemplate::new(400).set_body_json(&gone);
        Mock::given(path(format!("/v25.0/{PNID}"))).respond_with(missing).with_priority(1).mount(&server).await;
        Mock::given(path(format!("/v25.0/{WABA}/phone_numbers"))).respond_with(answer).mount(&server).await;
        let report = Meta::default().check_at(&server).await;
        assert_eq!(code(&report, CheckName::Sender), Some(CheckCode::ProviderTrouble), "{report:?}");
    }
}

async fn twilio(credentials: Credentials, messages: ResponseTemplate, senders: ResponseTemplate) -> CheckReport {
    let server = MockServer::start().await;
    let list = path(format!("/2010-04-01/Accounts/{ACCOUNT_SID}/Messages.json"));
    Mock::given(method("GET")).and(list).and(query_param("PageSize", "1")).respond_with(messages).mount(&server).await;
    Mock::given(path("/v2/Channels/Senders"))
        .and(query_param("Channel", "whatsapp"))
        .respond_with(senders)
        .mount(&server)
        .await;
    let service = sides::service_with(credentials, &server.uri(), std::time::Duration::from_secs(30));
    let report = examined(service.as_ref()).await;
    // Its answer would hold the auth token.
    let forbidden = format!("/2010-04-01/Accounts/{ACCOUNT_SID}.json");
    assert!(server.received_requests().await.unwrap().iter().all(|request| request.url.path() != forbidden));
    report
}

fn ok(body: Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(body)
}

fn sender(extra: Value) -> Value {
    let mut sender = json!({"sid": "XE1", "status": "ONLINE", "sender_id": "whatsapp:+15559870000",
        "webhook": {"callback_url": format!("https://gw.example.com/hooks/twilio/{CHANNEL}#rc=3"), "callback_method": "POST"},
        "properties": {"quality_rating": "HIGH"}});
    sender.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
    json!({"senders": [{"sender_id": "whatsapp:+1"}, sender], "meta": {"next_page_url": null}})
}

fn with_key() -> Credentials {
    match sides::credentials(ProviderKind::Twilio) {
        Credentials::Twilio(mut twilio) => {
            twilio.api_key = Some(TwilioApiKey { sid: "SK1".into(), secret: "key-secret".into() });
            Credentials::Twilio(twilio)
        }
        Credentials::Direct(_) => unreachable!("asked for Twilio"),
    }
}

#[tokio::test]
async fn a_sound_twilio_channel_is_healthy() {
    let token = sides::credentials(ProviderKind::Twilio);
    for credentials in [token, with_key()] {
        let report = twilio(credentials.clone(), ok(json!({"messages": []})), ok(sender(json!({})))).await;
        assert!(is_sound(&report), "{report:?}");
    }
}

#[tokio::test]
async fn each_fault_of_a_twilio_channel_is_named_with_its_field() {
    use CheckName::{Callback, Credentials as Login, Permissions, Sender};
    use CheckResult::Fail;
    let token = || sides::credentials(ProviderKind::Twilio);
    let messages = || ok(json!({"messages": []}));
    let error = |status: u16, code: u32| ResponseTemplate::new(status).set_body_json(json!({"code": code}));
    for (credentials, messages, senders, name, field) in [
        (token(), error(401, 20003), messages(), Login, Some("auth_token")),
        (with_key(), error(401, 20003), messages(), Login, Some("api_key_secret")),
        (token(), error(404, 20404), messages(), Login, Some("account_sid")),
        (token(), error(403, 20005), messages(), Login, None),
        (with_key(), messages(), error(401, 20003), Permissions, Some("api_key_sid")),
        (token(), messages(), ok(json!({"senders": []})), Sender, Some("sender_number")),
        (token(), messages(), ok(sender(json!({"status": "OFFLINE"}))), Sender, None),
        (token(), messages(), ok(sender(json!({"webhook": null}))), Callback, None),
        (
            token(),
            messages(),
            ok(sender(json!({"webhook": {"callback_url": "https://other.example/"}}))),
            Callback,
            None,
        ),
    ] {
        let report = twilio(credentials, messages, senders).await;
        assert_eq!(found(&report, name), (Fail, field), "{report:?}");
        assert!(!report.healthy);
    }
}

#[tokio::test]
async fn an_auth_token_is_dead_only_when_twilio_says_so() {
    for (status, expected) in [(429, CheckResult::Unproven), (503, CheckResult::Unproven), (401, CheckResult::Fail)] {
        let server = MockServer::start().await;
        // The key is tried first, and is good.
        let list = || path(format!("/2010-04-01/Accounts/{ACCOUNT_SID}/Messages.json"));
        Mock::given(list())
            .respond_with(ok(json!({"messages": []})))
            .up_to_n_times(1)
            .with_priority(1)
            .mount(&server)
            .await;
        Mock::given(list()).respond_with(ResponseTemplate::new(status)).mount(&server).await;
        Mock::given(path("/v2/Channels/Senders")).respond_with(ok(sender(json!({})))).mount(&server).await;
        let service = sides::service_with(with_key(), &server.uri(), std::time::Duration::from_secs(30));
        let report = examined(service.as_ref()).await;
        assert_eq!(found(&report, CheckName::Credentials).0, expected, "{status}: {report:?}");
        let dead = code(&report, CheckName::Credentials) == Some(CheckCode::AuthTokenRefused);
        assert_eq!(dead, status == 401, "{status}: {report:?}");
    }
}

#[tokio::test]
async fn senders_that_can_not_be_listed_hinder_no_message() {
    let token = || sides::credentials(ProviderKind::Twilio);
    let messages = || ok(json!({"messages": []}));
    let report = twilio(token(), messages(), ResponseTemplate::new(403)).await;
    assert!(report.can_send(), "{report:?}");
    assert!(!report.has_seen(CheckName::Standing), "{report:?}");
    for status in [429, 503] {
        let report = twilio(token(), messages(), ResponseTemplate::new(status)).await;
        assert!(report.healthy && !report.can_send(), "{status}: {report:?}");
    }
}

#[tokio::test]
async fn a_sender_on_a_later_page_is_found() {
    let server = MockServer::start().await;
    Mock::given(path(format!("/2010-04-01/Accounts/{ACCOUNT_SID}/Messages.json")))
        .respond_with(ok(json!({"messages": []})))
        .mount(&server)
        .await;
    Mock::given(path("/v2/Channels/Senders"))
        .and(query_param("PageToken", "PT2"))
        .respond_with(ok(sender(json!({}))))
        .with_priority(1)
        .mount(&server)
        .await;
    // The link names another host; only its token counts.
    let next = "https://elsewhere.example/v2/Channels/Senders?Channel=whatsapp&Page=1&PageToken=PT2";
    Mock::given(path("/v2/Channels/Senders"))
        .respond_with(ok(json!({"senders": [], "meta": {"next_page_url": next}})))
        .mount(&server)
        .await;
    let report = examined(service_at(ProviderKind::Twilio, &server.uri()).as_ref()).await;
    assert_eq!(found(&report, CheckName::Sender), (CheckResult::Pass, None), "{report:?}");
}

#[tokio::test]
async fn an_address_that_does_not_answer_stops_the_check() {
    for kind in BOTH {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        drop(listener);
        let report = examined(service_at(kind, &base).as_ref()).await;
        assert_eq!(found(&report, CheckName::Reachable), (CheckResult::Fail, None));
        assert!(report.checks[2..].iter().all(|check| check.found.result == CheckResult::Skipped), "{kind}");
    }
}
