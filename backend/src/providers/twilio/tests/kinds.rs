//! Every kind on the wire: its fields beside addresses and callback, and the refusal of what Twilio lacks.

use super::*;
use crate::domain::content::Kind;
use crate::domain::ids::MediaId;
use crate::providers::{MediaAddress, StoredContent};

const MEDIUM: &str = "0199f2a0-0000-7000-8000-0000000000a1";
const HX: &str = "HX0123456789abcdef0123456789abcdef";

/// What is prepared before any message goes: a medium, a file of contact cards, a stored Content.
fn prepared() -> Prepared {
    let medium: MediaId = MEDIUM.parse().unwrap();
    let link = "https://gw.example.com/m/a1/1/s".parse().unwrap();
    Prepared {
        media: [(medium, MediaAddress::Link(link))].into(),
        stored: Some(StoredContent { sid: HX.into(), variables: [("1".to_owned(), "Pick \"one\"".to_owned())].into() }),
        vcard: Some("https://gw.example.com/m/c1/1/s/contacts.vcf".parse().unwrap()),
    }
}

/// The fields that are this kind's own.
fn own(message: &Outbound) -> String {
    form(&credentials(), message).lines().skip(3).collect::<Vec<_>>().join("\n")
}

fn fields(content: serde_json::Value) -> String {
    own(&Outbound { prepared: prepared(), ..outbound("+447700900123", content) })
}

fn refusal(content: serde_json::Value, prepared: Prepared) -> SendError {
    let message = Outbound { prepared, ..outbound("+447700900123", content) };
    request::send(
        &"https://api.twilio.com".parse().unwrap(),
        &"https://gw.example.com/duplex".parse().unwrap(),
        "0199f2a0-0000-7000-8000-0000000000c1".parse().unwrap(),
        &credentials(),
        &message,
    )
    .unwrap_err()
}

#[test]
fn media_go_by_link_with_their_caption() {
    assert_eq!(
        fields(json!({"type": "image", "link": "https://acme.example/a.jpg", "caption": "Mug & cap"})),
        "MediaUrl = https://acme.example/a.jpg\nBody = Mug & cap"
    );
    assert_eq!(
        fields(json!({"type": "video", "media_id": MEDIUM, "caption": ""})),
        "MediaUrl = https://gw.example.com/m/a1/1/s"
    );
    for content in [
        json!({"type": "audio", "media_id": MEDIUM, "voice": true}),
        json!({"type": "document", "media_id": MEDIUM, "filename": "invoice-77.pdf"}),
        json!({"type": "sticker", "media_id": MEDIUM}),
    ] {
        assert_eq!(fields(content), "MediaUrl = https://gw.example.com/m/a1/1/s");
    }
}

#[test]
fn a_place_is_an_action_and_its_name() {
    let place = json!({"type": "location", "latitude": -23.5613, "longitude": -46.6565, "name": "Head office", "address": "Av. Paulista 1578"});
    assert_eq!(fields(place), "Body = Head office\nPersistentAction = geo:-23.5613,-46.6565|Av. Paulista 1578");
    let nameless = json!({"type": "location", "latitude": 51.5, "longitude": 0.0, "address": "London"});
    assert_eq!(fields(nameless), "Body = London\nPersistentAction = geo:51.5,0|London");
    let bare = json!({"type": "location", "latitude": 51.5034, "longitude": -0.1276});
    assert_eq!(fields(bare), "Body = 51.5034,-0.1276\nPersistentAction = geo:51.5034,-0.1276");
}

#[test]
fn contact_cards_are_a_file() {
    let cards = json!({"type": "contacts", "contacts": [{"name": {"formatted_name": "Ada", "first_name": "Ada"}}]});
    assert_eq!(fields(cards), "MediaUrl = https://gw.example.com/m/c1/1/s/contacts.vcf");
}

#[test]
fn what_is_stored_goes_by_its_sid() {
    for content in [
        json!({"type": "reply_buttons", "body": "b", "buttons": [{"id": "1", "title": "Yes"}]}),
        json!({"type": "list", "body": "b", "button": "Slots", "sections": [{"rows": [{"id": "1", "title": "One"}]}]}),
        json!({"type": "cta_url", "body": "b", "button": "Open", "url": "https://acme.example/t"}),
        json!({"type": "flow", "body": "b", "button": "Book", "flow_id": "1"}),
    ] {
        assert_eq!(fields(content), format!("ContentSid = {HX}\nContentVariables = {{\"1\":\"Pick \\\"one\\\"\"}}"));
    }
}

#[test]
fn templates_and_codes_go_by_the_registered_sid() {
    let template = json!({"type": "template", "name": "spring", "language": "en", "twilio": {"content_sid": HX},
        "header": {"type": "image", "media_id": MEDIUM}, "body": [{"text": "Ada"}],
        "cards": [{"header": {"type": "video", "link": "https://acme.example/a.mp4"}}]});
    assert_eq!(
        fields(template),
        format!(
            "ContentSid = {HX}\nContentVariables = {}",
            r#"{"1":"https://gw.example.com/m/a1/1/s","2":"Ada","3":"https://acme.example/a.mp4"}"#
        )
    );
    let plain = json!({"type": "template", "name": "hello_world", "language": "en_US", "twilio": {"content_sid": HX}});
    assert_eq!(fields(plain), format!("ContentSid = {HX}"));
    let mut code = json!({"type": "one_time_code", "name": "login_code", "language": "en_US", "code": "493817",
        "twilio": {"content_sid": HX}});
    assert_eq!(fields(code.clone()), format!("ContentSid = {HX}\nContentVariables = {{\"1\":\"493817\"}}"));
    code["twilio"]["variables"] = json!({"code": "1"});
    assert_eq!(fields(code.clone()), format!("ContentSid = {HX}\nContentVariables = {{\"code\":\"1\"}}"));
    code.as_object_mut().unwrap().remove("twilio");
    let error = refusal(code, prepared());
    assert_eq!((error.verdict, error.failure.code), (REJECTED, FailureCode::TemplateMissing));
}

#[test]
fn what_twilio_lacks_is_refused() {
    let lacking = [
        (Kind::Reaction, json!({"type": "reaction", "message_id": MEDIUM, "emoji": "👍"})),
        (Kind::LocationRequest, json!({"type": "location_request", "body": "Where?"})),
        (Kind::AddressRequest, json!({"type": "address_request", "body": "Where?", "country": "IN"})),
        (Kind::Product, json!({"type": "product", "catalog_id": "1", "product_id": "sku-1"})),
        (
            Kind::ProductList,
            json!({"type": "product_list", "header": "h", "body": "b", "catalog_id": "1",
                "sections": [{"title": "t", "product_ids": ["sku-1"]}]}),
        ),
        (Kind::Catalog, json!({"type": "catalog", "body": "b"})),
        (
            Kind::Carousel,
            json!({"type": "carousel", "body": "b", "cards": [{"type": "product", "catalog_id": "1", "product_id": "sku-1"}]}),
        ),
    ];
    for (kind, content) in lacking {
        let error = refusal(content, prepared());
        assert_eq!((error.verdict, error.failure.code), (REJECTED, FailureCode::ContentUnsupported), "{kind}");
        assert!(error.failure.detail.contains(kind.as_str()), "{error}");
    }
    let captioned = json!({"type": "document", "link": "https://acme.example/a.pdf", "caption": "Bill"});
    assert_eq!(refusal(captioned, prepared()).failure.code, FailureCode::ContentUnsupported);
}

#[test]
fn what_is_not_prepared_is_not_sent() {
    let by_id = Prepared {
        media: [(MEDIUM.parse().unwrap(), MediaAddress::Id("4490709327384033".into()))].into(),
        ..Prepared::default()
    };
    for (content, prepared) in [
        (json!({"type": "image", "media_id": MEDIUM}), Prepared::default()),
        (json!({"type": "image", "media_id": MEDIUM}), by_id),
        (json!({"type": "contacts", "contacts": [{"name": {"formatted_name": "Ada"}}]}), Prepared::default()),
        (json!({"type": "reply_buttons", "body": "b", "buttons": [{"id": "1", "title": "Yes"}]}), Prepared::default()),
    ] {
        let error = refusal(content, prepared);
        assert_eq!((error.verdict, error.failure.code), (REJECTED, FailureCode::GatewayFault));
    }
}

mod contents {
    use super::*;
    use crate::client::Method;

    #[test]
    fn a_content_is_stored_as_json() {
        let buttons = serde_json::from_value(
            json!({"type": "reply_buttons", "body": "Deliver today?", "buttons": [{"id": "y", "title": "Yes"}]}),
        );
        let form = stored::form(&buttons.unwrap()).unwrap().unwrap();
        let request =
            request::contents::create(&"https://content.twilio.com".parse().unwrap(), &credentials(), &form).unwrap();
        assert_eq!((request.method, request.url.as_str()), (Method::Post, "https://content.twilio.com/v1/Content"));
        let mut body: serde_json::Value = serde_json::from_slice(&request.body).unwrap();
        assert!(body["friendly_name"].take().as_str().unwrap().starts_with("duplex_quick_reply_"));
        assert_eq!(
            body,
            json!({"friendly_name": null, "language": "en", "variables": {"1": "body", "2": "title", "3": "id"},
                "types": {"twilio/quick-reply": {"body": "{{1}}", "actions": [{"type": "QUICK_REPLY", "title": "{{2}}", "id": "{{3}}"}]}}})
        );
        let delete = request::contents::delete(&"https://content.twilio.com".parse().unwrap(), &credentials(), HX);
        assert_eq!(
            (delete.method, delete.url.as_str()),
            (Method::Delete, format!("https://content.twilio.com/v1/Content/{HX}").as_str())
        );
    }

    #[test]
    fn a_failure_to_store_is_never_unknown() {
        assert_eq!(response::stored(answer(201, &json!({"sid": HX}).to_string())).unwrap(), HX);
        let verdict = |outcome| response::stored(outcome).unwrap_err().verdict;
        for lost in [
            Err(TransportError::Lost("the answer took too long".into())),
            Err(TransportError::NotSent("refused".into())),
            answer(500, ""),
            answer(503, r#"{"code":20503}"#),
            answer(201, "{}"),
            answer(201, r#"{"sid":"HX1"}"#),
        ] {
            assert_eq!(verdict(lost), RETRY);
        }
        assert_eq!(verdict(answer(400, r#"{"code":92004}"#)), REJECTED);
        assert_eq!(verdict(answer(401, r#"{"code":20003}"#)), Verdict::ChannelDown);
        assert!(matches!(verdict(answer(429, r#"{"code":20429}"#)), Verdict::Throttled { .. }));
    }

    #[test]
    fn what_is_not_there_is_deleted() {
        for gone in [answer(204, ""), answer(404, r#"{"code":20404}"#)] {
            assert_eq!(response::deleted(gone), Ok(()));
        }
        assert_eq!(response::deleted(answer(500, "")).unwrap_err().verdict, RETRY);
        assert_eq!(response::deleted(answer(401, "")).unwrap_err().verdict, Verdict::ChannelDown);
    }

    #[test]
    fn a_content_that_is_gone_is_made_anew() {
        let stored = Outbound { prepared: prepared(), ..text() };
        let refused =
            |message: &Outbound, status, body: &str| response::sent(answer(status, body), message).unwrap_err();
        for (status, body) in
            [(404, r#"{"code":20404}"#), (400, r#"{"code":21655}"#), (400, r#"{"code":92006}"#), (404, "")]
        {
            let error = refused(&stored, status, body);
            assert_eq!((error.verdict, error.failure.code), (RETRY, FailureCode::StoredContentMissing), "{body}");
            assert_eq!(error.retries, Some(3));
            assert_eq!(refused(&text(), status, body).verdict, REJECTED, "the caller's own SID is not made anew");
        }
        for body in [r#"{"code":21656}"#, r#"{"code":92005}"#, r#"{"code":21211}"#] {
            assert_eq!(refused(&stored, 400, body).verdict, REJECTED, "{body}");
        }
        assert_eq!(refused(&stored, 500, "").verdict, Verdict::Unknown);
    }
}
