//! What virtual customers send and press, as both providers hand it on, and what the phone shows of it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, dead_code)]

mod support;

use duplex_simulator::{
    AdminClient, AdminError, Content, DEFAULT_CUSTOMER, DirectCredentials, Forwarded, Inbound, InboundContent,
    InboundFile, NewDirectAccount, Referral, Simulator, Status, ThreadMessage,
};
use serde_json::{Value, json};
use support::twilio::{Stage, none};
use support::{Receiver, http, simulator};

struct Direct {
    simulator: Simulator,
    admin: AdminClient,
    receiver: Receiver,
    account: DirectCredentials,
}

impl Direct {
    async fn start() -> Self {
        let (simulator, admin) = simulator().await;
        let receiver = Receiver::start().await;
        let wanted = NewDirectAccount { callback_url: Some(receiver.url.clone()), ..NewDirectAccount::default() };
        let account = admin.create_direct(&wanted).await.unwrap();
        Self { simulator, admin, receiver, account }
    }

    fn note(&self) -> Inbound {
        Inbound { sender: self.account.phone_number_id.clone(), ..Inbound::default() }
    }

    /// Sends and gives the change that came by webhook.
    async fn write(&mut self, note: Inbound) -> Value {
        assert!(self.admin.inbound(&note).await.unwrap().delivered);
        let body = self.receiver.next().await.json();
        body["entry"][0]["changes"][0]["value"].clone()
    }

    async fn content(&mut self, content: InboundContent) -> Value {
        let note = Inbound { content: Some(content), ..self.note() };
        self.write(note).await["messages"][0].clone()
    }

    /// Sends for the business, waits until it was read, and gives the id.
    async fn send(&mut self, kind: &str, content: Value) -> String {
        let url = format!("{}/v25.0/{}/messages", self.simulator.base_url(), self.account.phone_number_id);
        let body = json!({ "messaging_product": "whatsapp", "to": DEFAULT_CUSTOMER, "type": kind, kind: content });
        let answer = http().post(url).bearer_auth(&self.account.access_token).json(&body).send().await.unwrap();
        let answer: Value = answer.json().await.unwrap();
        self.receiver.statuses(3).await;
        answer["messages"][0]["id"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
    }

    async fn thread(&self) -> Vec<ThreadMessage> {
        let shown = self.admin.conversation(&self.account.phone_number_id, DEFAULT_CUSTOMER).await.unwrap();
        shown.unwrap().messages
    }
}

async fn refused(admin: &AdminClient, note: &Inbound) -> (u16, String) {
    match admin.inbound(note).await {
        Err(AdminError::Refused { status, message }) => (status.as_u16(), message),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn direct_hands_on_every_kind_in_its_words() {
    let mut stage = Direct::start().await;
    let file = InboundFile { caption: Some("Like this".to_owned()), ..InboundFile::default() };
    let image = stage.content(InboundContent::Image(file)).await;
    assert_eq!((&image["type"], &image["image"]["caption"]), (&json!("image"), &json!("Like this")));
    assert_eq!(image["image"]["mime_type"], "image/jpeg");
    assert!(
        image["image"]["id"].is_string() && image["image"]["url"].is_string() && image["image"]["sha256"].is_string()
    );
    let voice = stage.content(InboundContent::Audio(InboundFile { voice: true, ..InboundFile::default() })).await;
    assert_eq!(
        (&voice["audio"]["voice"], &voice["audio"]["mime_type"]),
        (&json!(true), &json!("audio/ogg; codecs=opus"))
    );
    let document = stage.content(InboundContent::Document(InboundFile::default())).await;
    assert_eq!(document["document"]["filename"], "document.pdf");
    assert_eq!(stage.content(InboundContent::Sticker(InboundFile::default())).await["sticker"]["animated"], false);
    assert_eq!(stage.content(InboundContent::Video(InboundFile::default())).await["video"]["mime_type"], "video/mp4");

    let place = InboundContent::Location {
        latitude: 51.5034,
        longitude: -0.1276,
        name: Some("Acme shop".to_owned()),
        address: None,
        url: None,
    };
    assert_eq!(
        stage.content(place).await["location"],
        json!({ "latitude": 51.5034, "longitude": -0.1276, "name": "Acme shop" })
    );
    let card = json!({ "name": { "formatted_name": "Bob", "first_name": "Bob" } });
    let contacts = stage.content(InboundContent::Contacts { contacts: vec![card.clone()] }).await;
    assert_eq!(contacts["contacts"], json!([card]));
    let item = json!({ "product_retailer_id": "sku-1", "quantity": 2, "item_price": 4.5, "currency": "GBP" });
    let order = InboundContent::Order {
        catalog_id: "900000000000001".to_owned(),
        text: String::new(),
        product_items: vec![item.clone()],
    };
    assert_eq!(stage.content(order).await["order"]["product_items"], json!([item]));
    let unsupported = stage.content(InboundContent::Unsupported { r#type: "poll_creation".to_owned() }).await;
    assert_eq!(
        (&unsupported["unsupported"]["type"], &unsupported["errors"][0]["code"]),
        (&json!("poll_creation"), &json!(131_051))
    );
    let unknown = InboundContent::Unknown { r#type: "hologram".to_owned(), value: json!({ "depth": 3 }) };
    let unknown = stage.content(unknown).await;
    assert_eq!((&unknown["type"], &unknown["hologram"]["depth"]), (&json!("hologram"), &json!(3)));
    assert_eq!(stage.content(InboundContent::RequestWelcome {}).await["type"], "request_welcome");

    let note = stage.note();
    let change = InboundContent::NumberChange { new_number: "+44 7700 900999".to_owned() };
    let value = stage.write(Inbound { content: Some(change), ..note.clone() }).await;
    let system = &value["messages"][0]["system"];
    assert_eq!((&system["type"], &system["wa_id"]), (&json!("user_changed_number"), &json!("447700900999")));
    assert_ne!(system["user_id"], system["previous_user_id"]);
    assert_eq!(value["contacts"], Value::Null);
    let identity = stage.content(InboundContent::IdentityChange {}).await;
    assert_eq!(identity["system"]["type"], "customer_identity_changed");

    let referral = Referral {
        source_url: "https://fb.me/EXAMPLE".to_owned(),
        source_id: "120000000000001".to_owned(),
        source_type: "ad".to_owned(),
        welcome_message: Some("Hi! How can we help?".to_owned()),
        ..Referral::default()
    };
    let ad = Inbound { text: "I saw your ad".to_owned(), referral: Some(referral), ..note.clone() };
    let ad = stage.write(ad).await;
    assert_eq!(ad["messages"][0]["referral"]["welcome_message"]["text"], "Hi! How can we help?");
    let forwarded = Inbound { text: "Look".to_owned(), forwarded: Forwarded::Frequently, ..note.clone() };
    assert_eq!(stage.write(forwarded).await["messages"][0]["context"], json!({ "frequently_forwarded": true }));
    let hidden = Inbound {
        text: "It is me".to_owned(),
        hide_number: true,
        username: Some("ada".to_owned()),
        from: Some("+447700900456".to_owned()),
        ..note
    };
    let hidden = stage.write(hidden).await;
    assert_eq!((&hidden["messages"][0]["from"], &hidden["contacts"][0]["wa_id"]), (&Value::Null, &Value::Null));
    assert_eq!(hidden["contacts"][0]["profile"]["username"], "ada");
    assert!(hidden["messages"][0]["from_user_id"].as_str().unwrap().starts_with("GB."));
    stage.simulator.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn buttons_rows_and_flows_of_direct_messages_can_be_pressed_and_nothing_else() {
    let mut stage = Direct::start().await;
    let buttons = stage
        .send("interactive", json!({ "type": "button", "header": { "type": "text", "text": "Dr Lovelace" },
            "body": { "text": "Keep Friday 10:00?" }, "footer": { "text": "Acme Dental" }, "action": { "buttons": [
                { "type": "reply", "reply": { "id": "keep", "title": "Keep" } }, { "type": "reply", "reply": { "id": "move", "title": "Move" } }] } }))
        .await;
    let list = stage
        .send(
            "interactive",
            json!({ "type": "list", "body": { "text": "Choose a slot" }, "action": { "button": "Slots", "sections": [
            { "title": "Friday", "rows": [{ "id": "slot:1", "title": "10:00", "description": "Dr Lovelace" }] }] } }),
        )
        .await;
    let flow = stage
        .send("interactive", json!({ "type": "flow", "body": { "text": "Book a visit" }, "action": { "name": "flow", "parameters": {
            "flow_message_version": "3", "flow_id": "800000000000001", "flow_token": "gw-flow-77", "flow_cta": "Book now" } } }))
        .await;
    let template = stage
        .send("template", json!({ "name": "order_shipped", "language": { "code": "en_GB" }, "components": [
            { "type": "header", "parameters": [{ "type": "document", "document": { "link": "https://acme.example/d/inv-77.pdf", "filename": "invoice-77.pdf" } }] },
            { "type": "body", "parameters": [{ "type": "text", "text": "Ada" }, { "type": "text", "text": "77" }] },
            { "type": "button", "sub_type": "url", "index": "0", "parameters": [{ "type": "text", "text": "t/9" }] },
            { "type": "button", "sub_type": "quick_reply", "index": "1", "parameters": [{ "type": "payload", "payload": "order:77:help" }] }] }))
        .await;

    let thread = stage.thread().await;
    let shown = |id: &str| serde_json::to_value(&thread.iter().find(|one| one.id == id).unwrap().content).unwrap();
    assert_eq!(
        shown(&buttons),
        json!({ "kind": "buttons", "header": { "type": "text", "text": "Dr Lovelace" }, "body": "Keep Friday 10:00?", "footer": "Acme Dental",
            "buttons": [{ "type": "reply", "text": "Keep", "id": "keep" }, { "type": "reply", "text": "Move", "id": "move" }] })
    );
    assert_eq!(shown(&list)["sections"][0]["rows"][0]["description"], "Dr Lovelace");
    assert_eq!(
        shown(&flow)["buttons"][0],
        json!({ "type": "flow", "text": "Book now", "flow_id": "800000000000001", "flow_token": "gw-flow-77" })
    );
    assert_eq!(
        shown(&template),
        json!({ "kind": "template", "name": "order_shipped", "language": "en_GB", "category": "utility",
            "header": { "type": "document", "url": "https://acme.example/d/inv-77.pdf", "filename": "invoice-77.pdf" },
            "body": "Hello Ada, order 77 has left our warehouse.", "footer": "Acme Tea", "buttons": [
                { "type": "url", "text": "Track", "url": "https://acme.example/t/9" },
                { "type": "quick_reply", "text": "I need help", "payload": "order:77:help" }] })
    );

    let note = stage.note();
    let press = |id: &str, content: InboundContent| Inbound {
        reply_to: Some(id.to_owned()),
        content: Some(content),
        ..note.clone()
    };
    let tapped = stage.write(press(&buttons, InboundContent::ButtonReply { id: "move".to_owned() })).await;
    assert_eq!(
        tapped["messages"][0]["interactive"],
        json!({ "type": "button_reply", "button_reply": { "id": "move", "title": "Move" } })
    );
    assert_eq!(tapped["messages"][0]["context"]["id"], buttons.as_str());
    let picked = stage.write(press(&list, InboundContent::ListReply { id: "slot:1".to_owned() })).await;
    assert_eq!(
        picked["messages"][0]["interactive"]["list_reply"],
        json!({ "id": "slot:1", "title": "10:00", "description": "Dr Lovelace" })
    );
    let sent = InboundContent::FlowReply { response_json: json!({ "slot": "10:00" }), body: None };
    let sent = stage.write(press(&flow, sent)).await;
    let response = sent["messages"][0]["interactive"]["nfm_reply"]["response_json"].as_str().unwrap();
    assert_eq!(
        serde_json::from_str::<Value>(response).unwrap(),
        json!({ "slot": "10:00", "flow_token": "gw-flow-77" })
    );
    let help = InboundContent::Button { text: "I need help".to_owned(), payload: None };
    let help = stage.write(press(&template, help)).await;
    assert_eq!(help["messages"][0]["button"], json!({ "payload": "order:77:help", "text": "I need help" }));
    let by_label = Inbound { text: "Keep".to_owned(), tap: true, reply_to: Some(buttons.clone()), ..note.clone() };
    assert_eq!(stage.write(by_label).await["messages"][0]["interactive"]["button_reply"]["id"], "keep");

    let nothing = InboundContent::ButtonReply { id: "stay".to_owned() };
    assert_eq!(refused(&stage.admin, &press(&buttons, nothing)).await.0, 400);
    let row = InboundContent::ListReply { id: "slot:1".to_owned() };
    assert_eq!(refused(&stage.admin, &press(&buttons, row)).await.0, 400);
    let lonely = Inbound { content: Some(InboundContent::ButtonReply { id: "keep".to_owned() }), ..note.clone() };
    assert_eq!(refused(&stage.admin, &lonely).await.0, 400);
    stage.simulator.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn reactions_edits_revocations_typing_and_reading_show_on_the_phone() {
    let mut stage = Direct::start().await;
    let note = stage.note();
    let first = stage.write(Inbound { text: "Is it reddy?".to_owned(), ..note.clone() }).await;
    let first = first["messages"][0]["id"].as_str().unwrap().to_owned();
    let edit = InboundContent::Edit { message_id: first.clone(), text: "Is it ready?".to_owned() };
    let edit = stage.content(edit).await;
    assert_eq!(
        (&edit["edit"]["original_message_id"], &edit["edit"]["message"]["text"]["body"]),
        (&json!(first), &json!("Is it ready?"))
    );
    let second = stage.write(Inbound { text: "Sorry".to_owned(), ..note.clone() }).await;
    let second = second["messages"][0]["id"].as_str().unwrap().to_owned();
    let revoke = stage.content(InboundContent::Revoke { message_id: second.clone() }).await;
    assert_eq!(revoke["revoke"]["original_message_id"], second.as_str());
    let answer = stage.send("text", json!({ "body": "Yes" })).await;
    let reaction = InboundContent::Reaction { message_id: answer.clone(), emoji: Some("🙏".to_owned()) };
    assert_eq!(stage.content(reaction).await["reaction"], json!({ "message_id": answer, "emoji": "🙏" }));
    let removal = InboundContent::Reaction { message_id: answer.clone(), emoji: None };
    let removal = stage.content(removal).await;
    assert_eq!(removal["reaction"], json!({ "message_id": answer }));

    let foreign = InboundContent::Edit { message_id: answer.clone(), text: "No".to_owned() };
    assert_eq!(refused(&stage.admin, &Inbound { content: Some(foreign), ..note.clone() }).await.0, 400);

    let url = format!("{}/v25.0/{}/messages", stage.simulator.base_url(), stage.account.phone_number_id);
    let read = json!({ "messaging_product": "whatsapp", "status": "read", "message_id": removal["id"], "typing_indicator": { "type": "text" } });
    http().post(&url).bearer_auth(&stage.account.access_token).json(&read).send().await.unwrap();
    let shown = stage.admin.conversation(&stage.account.phone_number_id, DEFAULT_CUSTOMER).await.unwrap().unwrap();
    assert!(shown.typing);
    let [edited, revoked, _, reacted, taken_back] = shown.messages.as_slice() else { panic!("{shown:?}") };
    assert_eq!(
        (edited.edited, &*edited.text, edited.content.clone()),
        (true, "Is it ready?", Content::text("Is it ready?"))
    );
    assert_eq!((revoked.deleted, edited.status, revoked.status), (true, Status::Read, Status::Read));
    assert_eq!(reacted.content, Content::Reaction { message_id: answer, emoji: Some("🙏".to_owned()) });
    assert!(taken_back.typing && taken_back.read_at.is_some());
    stage.send("text", json!({ "body": "There" })).await;
    let shown = stage.admin.conversation(&stage.account.phone_number_id, DEFAULT_CUSTOMER).await.unwrap().unwrap();
    assert!(!shown.typing, "the answer ends it");
    stage.simulator.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn twilio_hands_on_what_it_is_known_to_hand_on() {
    let mut stage = Stage::start().await;
    let of = |content: InboundContent| Inbound { content: Some(content), ..Inbound::default() };
    let image = InboundFile { caption: Some("Like this".to_owned()), ..InboundFile::default() };
    let hook = stage.write(of(InboundContent::Image(image))).await;
    let field = |name: &str| hook.field(name).unwrap_or_default();
    assert_eq!((&*field("MessageType"), &*field("Body"), &*field("NumMedia")), ("image", "Like this", "1"));
    assert_eq!((&*field("MediaContentType0"), &*field("SmsStatus")), ("image/jpeg", "received"));
    assert!(hook.is_signed_by_twilio(&stage.account.auth_token));
    let url = field("MediaUrl0");
    let bytes =
        http().get(&url).basic_auth(&stage.account.account_sid, Some(&stage.account.auth_token)).send().await.unwrap();
    assert_eq!(bytes.headers()["content-type"], "image/jpeg");
    stage.patch(json!({ "media_auth": false })).await;
    assert_eq!(http().get(&url).send().await.unwrap().status(), 200);

    for (content, mime) in [
        (InboundContent::Audio(InboundFile { voice: true, ..InboundFile::default() }), "audio/ogg"),
        (InboundContent::Video(InboundFile::default()), "video/mp4"),
        (InboundContent::Sticker(InboundFile::default()), "image/webp"),
        (InboundContent::Document(InboundFile::default()), "application/pdf"),
    ] {
        assert_eq!(stage.write(of(content)).await.field("MediaContentType0").as_deref(), Some(mime));
    }
    let card =
        json!({ "name": { "formatted_name": "Bob", "first_name": "Bob" }, "phones": [{ "phone": "+447700900456" }] });
    let hook = stage.write(of(InboundContent::Contacts { contacts: vec![card] })).await;
    assert_eq!(
        (hook.field("MessageType").as_deref(), hook.field("MediaContentType0").as_deref()),
        (Some("contacts"), Some("text/vcard"))
    );
    let file = http().get(hook.field("MediaUrl0").unwrap()).send().await.unwrap().text().await.unwrap();
    assert!(file.contains("FN:Bob\r\n"), "{file}");
    let place = InboundContent::Location {
        latitude: 51.5034,
        longitude: -0.1276,
        name: Some("Acme shop".to_owned()),
        address: Some("1 Example Street".to_owned()),
        url: None,
    };
    let hook = stage.write(of(place)).await;
    let found = ["Latitude", "Longitude", "Label", "Address"].map(|name| hook.field(name).unwrap());
    assert_eq!(found, ["51.5034", "-0.1276", "Acme shop", "1 Example Street"]);
    let unknown = InboundContent::Unknown { r#type: "hologram".to_owned(), value: json!({ "Depth": 3 }) };
    let hook = stage.write(of(unknown)).await;
    assert_eq!((hook.field("MessageType").as_deref(), hook.field("Depth").as_deref()), (Some("hologram"), Some("3")));

    let referral = Referral {
        source_url: "https://fb.me/EXAMPLE".to_owned(),
        source_id: "120000000000001".to_owned(),
        source_type: "ad".to_owned(),
        image_url: Some("https://scontent.example/1.jpg".to_owned()),
        ctwa_clid: Some("AbC123".to_owned()),
        ..Referral::default()
    };
    let ad = Inbound {
        text: "I saw your ad".to_owned(),
        referral: Some(referral),
        forwarded: Forwarded::Yes,
        ..Inbound::default()
    };
    let hook = stage.write(ad).await;
    let found = ["ReferralSourceId", "ReferralCtwaClid", "ReferralNumMedia", "Forwarded", "FrequentlyForwarded"]
        .map(|name| hook.field(name).unwrap());
    assert_eq!(found, ["120000000000001", "AbC123", "1", "true", "false"]);
    let hidden = Inbound { text: "It is me".to_owned(), hide_number: true, ..Inbound::default() };
    let hook = stage.write(hidden).await;
    assert_eq!(hook.field("WaId").as_deref(), Some(""));
    assert_eq!(hook.field("From"), hook.field("ExternalUserId"));

    for content in [
        InboundContent::IdentityChange {},
        InboundContent::RequestWelcome {},
        InboundContent::NumberChange { new_number: "+447700900999".to_owned() },
        InboundContent::Order { catalog_id: "1".to_owned(), text: String::new(), product_items: vec![json!({})] },
    ] {
        let note = Inbound { sender: stage.account.account_sid.clone(), ..of(content) };
        let (status, message) = refused(&stage.admin, &note).await;
        assert!(status == 422 && message.starts_with("Twilio does not forward"), "{status} {message}");
    }
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn buttons_rows_and_flows_of_twilio_messages_can_be_pressed() {
    let mut stage = Stage::start().await;
    let actions = json!([{ "type": "QUICK_REPLY", "title": "Yes", "id": "y" }, { "type": "QUICK_REPLY", "title": "No", "id": "n" }]);
    let buttons =
        stage.content(json!({ "twilio/quick-reply": { "body": "Deliver today?", "actions": actions } }), none()).await;
    let buttons = stage.send_read(&[("ContentSid", &buttons)]).await;
    let items = json!([{ "id": "s1", "item": "09:00", "description": "Morning" }]);
    let list = stage
        .content(json!({ "twilio/list-picker": { "body": "Pick", "button": "Slots", "items": items } }), none())
        .await;
    let list = stage.send_read(&[("ContentSid", &list)]).await;
    let flow = stage
        .content(
            json!({ "whatsapp/flows": { "body": "Book", "button_text": "Book", "flow_id": "1", "flow_token": "t-7" } }),
            none(),
        )
        .await;
    let flow = stage.send_read(&[("ContentSid", &flow)]).await;
    let (_, contents) = stage.get("/v2/Content?ContentName=order_shipped").await;
    let template = stage.send_read(&[("ContentSid", contents["contents"][0]["sid"].as_str().unwrap())]).await;

    let press = |id: &str, content: InboundContent| Inbound {
        reply_to: Some(id.to_owned()),
        content: Some(content),
        ..Inbound::default()
    };
    let fields = |hook: &support::Hook, names: &[&str]| {
        names.iter().map(|name| hook.field(name).unwrap_or_default()).collect::<Vec<_>>()
    };
    let hook = stage.write(press(&buttons, InboundContent::ButtonReply { id: "y".to_owned() })).await;
    let names = [
        "MessageType",
        "Body",
        "ButtonText",
        "ButtonPayload",
        "OriginalRepliedMessageSid",
        "OriginalRepliedMessageSender",
    ];
    assert_eq!(fields(&hook, &names), ["interactive", "Yes", "Yes", "y", &*buttons, &*stage.account.sender_number]);
    let hook = stage.write(press(&list, InboundContent::ListReply { id: "s1".to_owned() })).await;
    assert_eq!(fields(&hook, &["Body", "ListId", "ListTitle", "ListDescription"]), ["09:00", "s1", "09:00", "Morning"]);
    let answer = InboundContent::FlowReply { response_json: json!({ "slot": "10:00" }), body: None };
    let hook = stage.write(press(&flow, answer)).await;
    let data: Value = serde_json::from_str(&hook.field("FlowData").unwrap()).unwrap();
    assert_eq!(data, json!({ "slot": "10:00", "flow_token": "t-7" }));
    let help = InboundContent::Button { text: "I need help".to_owned(), payload: None };
    let hook = stage.write(press(&template, help)).await;
    assert_eq!(fields(&hook, &["MessageType", "ButtonText", "ButtonPayload"]), ["button", "I need help", "help"]);
    let row = press(&buttons, InboundContent::ListReply { id: "s1".to_owned() });
    let note = Inbound { sender: stage.account.account_sid.clone(), ..row };
    assert_eq!(refused(&stage.admin, &note).await.0, 400);
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_sends_a_file_of_its_own() {
    let mut stage = Stage::start().await;
    let bytes = b"%PDF-1.4 mine".to_vec();
    let kept = stage
        .admin
        .keep_file(&stage.account.account_sid, "application/pdf", Some("cv.pdf"), bytes.clone())
        .await
        .unwrap();
    let file = InboundFile { media_id: Some(kept.media_id), ..InboundFile::default() };
    let hook = stage.write(Inbound { content: Some(InboundContent::Document(file)), ..Inbound::default() }).await;
    let request = http().get(hook.field("MediaUrl0").unwrap());
    let answer = request.basic_auth(&stage.account.account_sid, Some(&stage.account.auth_token)).send().await.unwrap();
    assert_eq!(answer.bytes().await.unwrap(), bytes);
    assert_eq!(stage.newest().await["filename"], "cv.pdf");
    let foreign = InboundFile { media_id: Some("700000000000000".to_owned()), ..InboundFile::default() };
    let note = Inbound {
        sender: stage.account.account_sid.clone(),
        content: Some(InboundContent::Image(foreign)),
        ..Inbound::default()
    };
    assert_eq!(refused(&stage.admin, &note).await.0, 400);
    stage.stop().await;
}
