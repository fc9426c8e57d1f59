//! Templates of the direct provider: made, reviewed, changed, sent and deleted.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, dead_code)]

mod support;

use std::collections::BTreeMap;

use duplex_simulator::{
    AccountPatch, Pace, SimulatorConfig, TemplateChange, TemplateQuality, TemplateStatus, TemplateVerdict,
};
use serde_json::{Value, json};
use support::graph::{Answer, Graph, answer};
use support::{Receiver, http};

const STATUS: &str = "message_template_status_update";

fn new(name: &str, category: &str, components: Value) -> Value {
    json!({ "name": name, "language": "en", "category": category, "components": components })
}

fn body(text: &str, examples: &[&str]) -> Value {
    if examples.is_empty() {
        return json!({ "type": "BODY", "text": text });
    }
    json!({ "type": "BODY", "text": text, "example": { "body_text": [examples] } })
}

async fn create(graph: &Graph, template: &Value) -> Answer {
    graph.post(&format!("{}/message_templates", graph.waba()), template).await
}

async fn listed(graph: &Graph, filter: &str) -> Vec<Value> {
    let answer = graph.get(&format!("{}/message_templates?{filter}", graph.waba())).await.ok();
    answer["data"].as_array().cloned().unwrap()
}

async fn reviews(graph: &Graph, review_ms: u64, verdicts: BTreeMap<String, TemplateVerdict>) {
    let patch = AccountPatch {
        template_review_ms: Some(review_ms),
        template_verdicts: Some(verdicts),
        ..AccountPatch::default()
    };
    graph.admin.patch_account(graph.number(), &patch).await.unwrap();
}

async fn send(graph: &Graph, name: &str, language: &str, components: Value) -> Answer {
    graph.send("template", json!({ "name": name, "language": { "code": language }, "components": components })).await
}

fn text(text: &str) -> Value {
    json!({ "type": "text", "text": text })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_template_is_pending_until_its_review_ends() {
    let mut graph = Graph::start().await;
    let verdict = |approved: bool| TemplateVerdict {
        approved,
        reason: (!approved).then(|| "TAG_CONTENT_MISMATCH".to_owned()),
        explanation: (!approved).then(|| "It sells.".to_owned()),
        recommendation: (!approved).then(|| "Make it marketing.".to_owned()),
        category: approved.then(|| "MARKETING".to_owned()),
    };
    reviews(&graph, 3_600_000, BTreeMap::new()).await;
    let waiting = create(&graph, &new("waiting", "UTILITY", json!([body("Hello", &[])]))).await.ok();
    assert_eq!(waiting["status"], "PENDING");
    assert_eq!(send(&graph, "waiting", "en", json!([])).await.refusal(), (404, 132_001, 0));
    assert_eq!(listed(&graph, "status=PENDING").await.len(), 1);

    let verdicts = [("sorted".to_owned(), verdict(true)), ("selling".to_owned(), verdict(false))];
    reviews(&graph, 0, BTreeMap::from(verdicts)).await;
    let sorted = create(&graph, &new("sorted", "UTILITY", json!([body("Hello", &[])]))).await.ok();
    assert_eq!(sorted["category"], "MARKETING");
    let change = graph.change(STATUS).await;
    assert_eq!((&change["event"], &change["message_template_name"]), (&json!("APPROVED"), &json!("sorted")));
    assert_eq!(change["message_template_id"].as_u64().unwrap().to_string(), sorted["id"].as_str().unwrap());
    send(&graph, "sorted", "en", json!([])).await.ok();

    create(&graph, &new("selling", "UTILITY", json!([body("Buy", &[])]))).await.ok();
    let change = graph.change(STATUS).await;
    assert_eq!((&change["event"], &change["reason"]), (&json!("REJECTED"), &json!("TAG_CONTENT_MISMATCH")));
    assert_eq!(change["rejection_info"], json!({ "reason": "It sells.", "recommendation": "Make it marketing." }));
    assert_eq!(listed(&graph, "name=selling").await[0]["rejected_reason"], "TAG_CONTENT_MISMATCH");

    create(
        &graph,
        &new("side_by_side", "UTILITY", json!([body("Hello {{1}} {{2}}, dear customer", &["Ada", "Byron"])])),
    )
    .await
    .ok();
    assert_eq!(graph.change(STATUS).await["rejection_info"]["reason"], "Two variables stand side by side.");
    graph.simulator.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn forms_that_meta_refuses_are_refused_with_words_for_the_operator() {
    let graph = Graph::start().await;
    reviews(&graph, 3_600_000, BTreeMap::new()).await;
    let plain = || body("Hello", &[]);
    let buttons = |buttons: Value| json!([plain(), { "type": "BUTTONS", "buttons": buttons }]);
    let reply = |text: &str| json!({ "type": "QUICK_REPLY", "text": text });
    let url = json!({ "type": "URL", "text": "Track", "url": "https://acme.example/t" });
    let card =
        json!({ "components": [{ "type": "HEADER", "format": "IMAGE", "example": { "header_handle": ["4::X"] } }] });
    for (category, components, subcode) in [
        ("UTILITY", json!([body("{{1}} hello there", &["Ada"])]), 2_388_299),
        ("UTILITY", json!([body("Hello there {{1}}", &["Ada"])]), 2_388_299),
        ("UTILITY", json!([body("a {{1}}, {{2}}.", &["b", "c"])]), 2_388_293),
        ("UTILITY", json!([body("Hello {{1}}, welcome", &[])]), 2_388_043),
        ("UTILITY", json!([body("Hello {{2}}, welcome", &["Ada"])]), 2_388_072),
        ("UTILITY", json!([body(&"x".repeat(1_025), &[])]), 2_388_040),
        ("UTILITY", json!([plain(), { "type": "FOOTER", "text": "Hello {{1}}" }]), 2_388_073),
        ("UTILITY", json!([plain(), { "type": "HEADER", "format": "TEXT", "text": "*Bold*" }]), 2_388_047),
        ("UTILITY", json!([plain(), { "type": "HEADER", "format": "IMAGE" }]), 2_388_043),
        (
            "UTILITY",
            json!([plain(), { "type": "LIMITED_TIME_OFFER", "limited_time_offer": { "text": "Now" } }]),
            2_388_039,
        ),
        ("UTILITY", json!([plain(), { "type": "CAROUSEL", "cards": [card, card] }]), 2_388_039),
        ("MARKETING", json!([plain(), { "type": "CAROUSEL", "cards": [card] }]), 2_388_039),
        ("UTILITY", buttons(json!([reply("a"), url, reply("b")])), 2_388_039),
        ("UTILITY", buttons(json!([url, url, url])), 2_388_039),
        ("UTILITY", buttons(json!([reply(&"x".repeat(26))])), 2_388_040),
        (
            "UTILITY",
            buttons(json!([{ "type": "URL", "text": "Go", "url": "https://acme.example/{{1}}/t", "example": ["x"] }])),
            2_388_039,
        ),
        ("AUTHENTICATION", json!([body("Your code", &[])]), 2_388_039),
    ] {
        let refused = create(&graph, &new("bad_form", category, components.clone())).await;
        assert_eq!(refused.refusal(), (400, 100, subcode), "{components}: {}", refused.body);
        assert!(!refused.body["error"]["error_user_msg"].as_str().unwrap().is_empty());
        assert!(!refused.body["error"]["error_user_title"].as_str().unwrap().is_empty());
    }
    for (name, value) in [
        ("name", json!("Bad Name")),
        ("language", json!("English")),
        ("category", json!("OTHER")),
        ("parameter_format", json!("LETTERED")),
        ("message_send_ttl_seconds", json!(5)),
    ] {
        let mut template = new("bad_frame", "UTILITY", json!([plain()]));
        template[name] = value;
        assert_eq!(create(&graph, &template).await.refusal(), (400, 100, 0), "{name}");
    }
    create(&graph, &new("twice", "UTILITY", json!([plain()]))).await.ok();
    assert_eq!(create(&graph, &new("twice", "UTILITY", json!([plain()]))).await.refusal(), (400, 100, 2_388_024));
    graph.set_state(json!({ "template_limit": 1 })).await;
    assert_eq!(create(&graph, &new("more", "UTILITY", json!([plain()]))).await.refusal(), (400, 100, 2_388_019));
    graph.simulator.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn templates_are_filtered_paged_and_read_one_by_one() {
    let graph = Graph::start().await;
    assert_eq!(listed(&graph, "category=AUTHENTICATION").await[0]["name"], "login_code");
    assert_eq!(listed(&graph, "quality_score=RED").await.len(), 0);
    assert_eq!(
        listed(&graph, "language=en_US&fields=name").await[0],
        json!({ "id": "400000000000002", "name": "login_code" })
    );
    let path = format!("{}/message_templates", graph.waba());
    let mut names = Vec::new();
    let mut after = String::new();
    loop {
        let page = graph.get(&format!("{path}?limit=2{after}")).await.ok();
        names.extend(page["data"].as_array().unwrap().iter().map(|one| one["name"].clone()));
        if page["paging"].get("next").is_none() {
            break;
        }
        after = format!("&after={}", page["paging"]["cursors"]["after"].as_str().unwrap());
    }
    names.sort_by_key(Value::to_string);
    names.dedup();
    assert_eq!(names.len(), 5);
    assert_eq!(graph.get(&format!("{path}?after=stale")).await.refusal().1, 131_059);
    assert_eq!(graph.get(&format!("{path}?fields=colour")).await.refusal().1, 100);
    let one = graph.get("400000000000001?fields=name,components").await.ok();
    assert_eq!((&one["name"], &one["components"][0]["type"]), (&json!("order_shipped"), &json!("HEADER")));
    graph.simulator.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn edits_follow_the_rules_and_deleted_names_stay_blocked() {
    let mut graph = Graph::start().await;
    reviews(&graph, 0, BTreeMap::new()).await;
    let id = create(&graph, &new("order_on_hold", "UTILITY", json!([body("Hello", &[])]))).await.ok()["id"].clone();
    let id = id.as_str().unwrap().to_owned();
    graph.change(STATUS).await;
    let edited = json!({ "components": [body("Hello {{1}}, welcome", &["Ada"])] });
    let answer = graph.post(&id, &edited).await.ok();
    assert_eq!((&answer["success"], &answer["name"]), (&json!(true), &json!("order_on_hold")));
    graph.change(STATUS).await;
    assert_eq!(graph.get(&id).await.ok()["components"][0]["text"], "Hello {{1}}, welcome");
    let again = graph.post(&id, &edited).await;
    assert!(again.body["error"]["error_user_msg"].as_str().unwrap().contains("24 hours"));
    assert_eq!(graph.post(&id, &json!({ "category": "MARKETING" })).await.refusal().1, 100);
    assert_eq!(graph.post(&id, &json!({ "name": "other" })).await.refusal().1, 100);

    let path = format!("{}/message_templates", graph.waba());
    assert_eq!(graph.delete(&format!("{path}?name=order_on_hold&hsm_id={id}")).await.ok(), json!({ "success": true }));
    assert_eq!(graph.change(STATUS).await["event"], "DELETED");
    assert_eq!(listed(&graph, "name=order_on_hold").await.len(), 0);
    assert_eq!(graph.delete(&format!("{path}?name=order_on_hold")).await.refusal().1, 100);
    let blocked = create(&graph, &new("order_on_hold", "UTILITY", json!([body("Hello", &[])]))).await;
    assert_eq!(blocked.refusal(), (400, 100, 2_388_023));
    graph.simulator.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_to_a_template_from_outside_is_told() {
    let mut graph = Graph::start().await;
    let (name, language) = ("hello_world", "en_US");
    let (admin, number) = (graph.admin.clone(), graph.number().to_owned());
    let set = async |change: TemplateChange| admin.change_template(&number, name, language, &change).await.unwrap();
    let paused = set(TemplateChange { status: Some(TemplateStatus::Paused), ..TemplateChange::default() }).await;
    assert_eq!(paused["status"], "PAUSED");
    let told = graph.change(STATUS).await;
    assert_eq!((&told["event"], &told["other_info"]["title"]), (&json!("PAUSED"), &json!("FIRST_PAUSE")));
    set(TemplateChange { quality: Some(TemplateQuality::Red), ..TemplateChange::default() }).await;
    let told = graph.change("message_template_quality_update").await;
    assert_eq!((&told["previous_quality_score"], &told["new_quality_score"]), (&json!("GREEN"), &json!("RED")));
    set(TemplateChange { correct_category: Some("MARKETING".to_owned()), ..TemplateChange::default() }).await;
    let told = graph.change("template_category_update").await;
    assert_eq!((&told["new_category"], &told["correct_category"]), (&json!("UTILITY"), &json!("MARKETING")));
    set(TemplateChange { category: Some("MARKETING".to_owned()), ..TemplateChange::default() }).await;
    let told = graph.change("template_category_update").await;
    assert_eq!((&told["previous_category"], &told["new_category"]), (&json!("UTILITY"), &json!("MARKETING")));
    assert_eq!(told.get("correct_category"), None);
    set(TemplateChange { components: Some(json!([body("Hi", &[])])), ..TemplateChange::default() }).await;
    assert_eq!(graph.change("message_template_components_update").await["message_template_element"], "Hi");

    assert_eq!(send(&graph, name, language, json!([])).await.refusal(), (400, 132_015, 0));
    graph.post("400000000000003/unpause", &json!({})).await.ok();
    assert_eq!(graph.change(STATUS).await["event"], "APPROVED");
    assert_eq!(graph.post("400000000000003/unpause", &json!({})).await.refusal().1, 100);
    send(&graph, name, language, json!([])).await.ok();
    set(TemplateChange { status: Some(TemplateStatus::Disabled), ..TemplateChange::default() }).await;
    assert_eq!(send(&graph, name, language, json!([])).await.refusal(), (400, 132_016, 0));
    let path = format!("{}/message_templates?name={name}", graph.waba());
    assert_eq!(graph.delete(&path).await.refusal().1, 100);
    // Another account has the sample as it was.
    let other = graph.admin.create_direct(&Default::default()).await.unwrap();
    let path = format!("{}/message_templates?name={name}", other.waba_id);
    let shown = answer(graph.request_as(&other.access_token, reqwest::Method::GET, &path)).await.ok();
    assert_eq!(shown["data"][0]["status"], "APPROVED");
    graph.simulator.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_fit_their_templates() {
    let graph = Graph::start().await;
    let link = json!({ "type": "document", "document": { "link": "https://acme.example/1.pdf" } });
    let header = json!({ "type": "header", "parameters": [link] });
    let filled =
        |texts: &[&str]| json!({ "type": "body", "parameters": texts.iter().map(|one| text(one)).collect::<Vec<_>>() });
    let track = json!({ "type": "button", "sub_type": "url", "index": "0", "parameters": [text("t/9")] });
    let help = json!({ "type": "button", "sub_type": "quick_reply", "index": 1, "parameters": [{ "type": "payload", "payload": "help" }] });
    let right = json!([header, filled(&["Ada", "77"]), track, help]);
    assert_eq!(send(&graph, "order_shipped", "en_GB", right).await.ok()["messages"][0]["message_status"], "accepted");

    let picture = json!({ "type": "header", "parameters": [{ "type": "image", "image": { "link": "https://acme.example/1.jpg" } }] });
    let mut misplaced = track.clone();
    misplaced["index"] = json!("1");
    let mut beyond = track.clone();
    beyond["index"] = json!("7");
    for (components, code) in [
        (json!([header, filled(&["Ada"]), track]), 132_000),
        (json!([filled(&["Ada", "77"]), track]), 132_000),
        (json!([picture, filled(&["Ada", "77"]), track]), 132_012),
        (json!([header, filled(&["Ada", "77"])]), 131_008),
        (json!([header, filled(&["Ada", "77"]), track, misplaced]), 132_012),
        (json!([header, filled(&["Ada", "77"]), track, beyond]), 132_012),
        (json!([header, filled(&["Ada\nByron", "77"]), track]), 132_018),
        (json!([header, filled(&["Ada", &"7".repeat(1_024)]), track]), 132_005),
    ] {
        let refused = send(&graph, "order_shipped", "en_GB", components.clone()).await;
        assert_eq!(refused.refusal().1, code, "{components}: {}", refused.body);
    }
    assert_eq!(send(&graph, "order_shipped", "de", json!([])).await.refusal(), (404, 132_001, 0));

    let named = |place: &str, given: Value| json!({ "type": place, "parameters": given });
    let parameter = |name: &str, value: &str| json!({ "type": "text", "parameter_name": name, "text": value });
    let city = named("header", json!([parameter("city", "London")]));
    let right = json!([city, named("body", json!([parameter("when", "Friday"), parameter("first_name", "Ada")]))]);
    send(&graph, "appointment_reminder", "en", right).await.ok();
    let wrong = json!([city, named("body", json!([parameter("when", "Friday"), parameter("surname", "Byron")]))]);
    assert_eq!(send(&graph, "appointment_reminder", "en", wrong).await.refusal().1, 132_012);

    let code = |code: &str| json!({ "type": "button", "sub_type": "url", "index": "0", "parameters": [text(code)] });
    send(&graph, "login_code", "en_US", json!([filled(&["493817"]), code("493817")])).await.ok();
    assert_eq!(send(&graph, "login_code", "en_US", json!([filled(&["493817"])])).await.refusal().1, 131_008);
    assert_eq!(send(&graph, "login_code", "en_US", json!([filled(&["493817"]), code("1")])).await.refusal().1, 132_018);
    let long = "1".repeat(16);
    assert_eq!(send(&graph, "login_code", "en_US", json!([filled(&[&long]), code(&long)])).await.refusal().1, 132_018);
    let by_id = json!({ "messaging_product": "whatsapp", "recipient": "GB.11112222333344445555", "type": "template", "template": {
        "name": "login_code", "language": { "code": "en_US" }, "components": [filled(&["1"]), code("1")] } });
    assert_eq!(graph.post(&format!("{}/messages", graph.number()), &by_id).await.refusal().1, 131_062);

    let photo = json!({ "type": "header", "parameters": [{ "type": "image", "image": { "link": "https://acme.example/1.jpg" } }] });
    let offer = json!({ "type": "limited_time_offer", "parameters": [{ "type": "limited_time_offer", "limited_time_offer": { "expiration_time_ms": 1_795_996_800_000_u64 } }] });
    let coupon = json!({ "type": "button", "sub_type": "copy_code", "index": 0, "parameters": [{ "type": "coupon_code", "coupon_code": "SPRING25" }] });
    let see = json!({ "type": "button", "sub_type": "url", "index": 1, "parameters": [text("spring")] });
    send(&graph, "spring_offer", "en_GB", json!([photo, filled(&["Ada"]), offer, coupon, see])).await.ok();
    assert_eq!(
        send(&graph, "spring_offer", "en_GB", json!([photo, filled(&["Ada"]), coupon, see])).await.refusal().1,
        132_000
    );
    assert_eq!(
        send(&graph, "spring_offer", "en_GB", json!([photo, filled(&["Ada"]), offer, see])).await.refusal().1,
        131_008
    );
    graph.simulator.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn carousels_and_rare_buttons_are_created_and_sent() {
    let mut graph = Graph::start().await;
    reviews(&graph, 0, BTreeMap::new()).await;
    let card = |name: &str| {
        json!({ "components": [
        { "type": "header", "format": "image", "example": { "header_handle": ["4::EXAMPLE"] } },
        { "type": "body", "text": name },
        { "type": "buttons", "buttons": [{ "type": "url", "text": "Buy", "url": "https://acme.example/{{1}}", "example": ["https://acme.example/x"] }] },
    ] })
    };
    let components = json!([body("New for {{1}} this week.", &["Ada"]), { "type": "carousel", "cards": [card("Sencha"), card("Assam")] }]);
    create(&graph, &new("new_teas", "MARKETING", components)).await.ok();
    graph.change(STATUS).await;
    let shown = |index: usize| {
        json!({ "card_index": index, "components": [
        { "type": "header", "parameters": [{ "type": "image", "image": { "link": "https://acme.example/1.jpg" } }] },
        { "type": "button", "sub_type": "url", "index": "0", "parameters": [text("x")] },
    ] })
    };
    let carousel = |cards: Vec<Value>| json!([{ "type": "body", "parameters": [text("Ada")] }, { "type": "carousel", "cards": cards }]);
    send(&graph, "new_teas", "en", carousel(vec![shown(0), shown(1)])).await.ok();
    assert_eq!(send(&graph, "new_teas", "en", carousel(vec![shown(0)])).await.refusal().1, 132_000);
    assert_eq!(send(&graph, "new_teas", "en", carousel(vec![shown(0), shown(0)])).await.refusal().1, 131_008);

    let buttons = |button: Value| json!([body("Hello", &[]), { "type": "BUTTONS", "buttons": [button] }]);
    let flow = json!({ "type": "FLOW", "text": "Book", "flow_id": "8", "flow_action": "navigate", "navigate_screen": "FIRST" });
    let products = json!({ "type": "MPM", "text": "View items" });
    for (name, button) in
        [("book", flow), ("shop", products), ("all", json!({ "type": "CATALOG", "text": "View catalog" }))]
    {
        create(&graph, &new(name, "MARKETING", buttons(button))).await.ok();
        graph.change(STATUS).await;
    }
    let action = |sub_type: &str, action: Value| json!([{ "type": "button", "sub_type": sub_type, "index": "0", "parameters": [{ "type": "action", "action": action }] }]);
    send(&graph, "book", "en", action("flow", json!({ "flow_token": "t" }))).await.ok();
    send(&graph, "all", "en", json!([])).await.ok();
    let sections = json!({ "thumbnail_product_retailer_id": "1", "sections": [{ "title": "Teas", "product_items": [{ "product_retailer_id": "1" }] }] });
    send(&graph, "shop", "en", action("mpm", sections)).await.ok();
    assert_eq!(send(&graph, "shop", "en", json!([])).await.refusal().1, 131_008);
    assert_eq!(send(&graph, "shop", "en", action("catalog", json!({}))).await.refusal().1, 132_012);
    graph.simulator.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_time_codes_come_in_many_languages_with_metas_own_text() {
    let graph = Graph::start().await;
    reviews(&graph, 3_600_000, BTreeMap::new()).await;
    let wanted = |label: &str| {
        json!({ "name": "sign_in", "category": "AUTHENTICATION", "languages": ["en_US", "de"], "components": [
        { "type": "BODY", "add_security_recommendation": true },
        { "type": "FOOTER", "code_expiration_minutes": 10 },
        { "type": "BUTTONS", "buttons": [{ "type": "OTP", "otp_type": "COPY_CODE", "text": label }] },
    ] })
    };
    let path = format!("{}/upsert_message_templates", graph.waba());
    let first = graph.post(&path, &wanted("Copy")).await.ok();
    let second = graph.post(&path, &wanted("Copy it")).await.ok();
    assert_eq!(first["data"][1]["id"], second["data"][1]["id"]);
    assert_eq!((&first["data"][1]["language"], &first["data"][1]["status"]), (&json!("de"), &json!("PENDING")));
    let read = graph.get(first["data"][0]["id"].as_str().unwrap()).await.ok();
    let button = &read["components"][2]["buttons"][0];
    assert_eq!((&button["type"], &button["text"]), (&json!("URL"), &json!("Copy it")));
    assert!(read["components"][0]["text"].as_str().unwrap().ends_with("do not share this code."));

    let previews = format!(
        "{}/message_template_previews?category=AUTHENTICATION&languages=en_US,de&button_types=OTP",
        graph.waba()
    );
    assert_eq!(graph.get(&previews).await.ok()["data"][1]["language"], "de");
    let mut zero_tap = wanted("Copy");
    zero_tap["components"][2]["buttons"][0]["otp_type"] = json!("ZERO_TAP");
    assert_eq!(graph.post(&path, &zero_tap).await.refusal(), (400, 100, 2_388_039));
    graph.simulator.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_review_goes_on_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let config = || SimulatorConfig {
        data_dir: Some(folder.path().to_owned()),
        pace: Pace::IMMEDIATE,
        ..SimulatorConfig::default()
    };
    let graph = Graph::start_with(config()).await;
    let verdict = TemplateVerdict {
        approved: false,
        reason: Some("SCAM".to_owned()),
        explanation: None,
        recommendation: None,
        category: None,
    };
    reviews(&graph, 1_000, BTreeMap::from([("fishy".to_owned(), verdict)])).await;
    create(&graph, &new("fishy", "UTILITY", json!([body("Hello", &[])]))).await.ok();
    let mut receiver: Receiver = graph.receiver;
    graph.simulator.stop().await;

    let (second, _) = support::start(config()).await;
    let told = receiver.next().await.json();
    assert_eq!(told["entry"][0]["changes"][0]["value"]["reason"], "SCAM");
    let url = format!("{}/v25.0/{}/message_templates?name=fishy", second.base_url(), graph.account.waba_id);
    let shown = answer(http().get(url).bearer_auth(&graph.account.access_token)).await.ok();
    assert_eq!(shown["data"][0]["status"], "REJECTED");
    second.stop().await;
}
