//! Which shapes there are, and what fills them.

use insta::assert_snapshot;

use super::*;
use crate::domain::failure::FailureCode;
use crate::providers::codes::REJECTED;

fn content(json: Value) -> Content {
    serde_json::from_value(json).unwrap()
}

fn form_of(json: Value) -> StoredForm {
    form(&content(json)).unwrap().unwrap()
}

/// The definition and what fills it.
fn shown(json: Value) -> String {
    let form = form_of(json);
    let definition = json!({ form.shape.content_type: form.shape.definition });
    let samples: Vec<&str> =
        (1..=form.shape.samples.len()).map(|n| form.shape.samples[&n.to_string()].as_str()).collect();
    assert!(form.shape.samples.keys().eq(form.variables.keys()), "{form:?}");
    format!("{definition}\n{}\n{samples:?}", json!(form.variables))
}

fn buttons(body: &str, titles: &[&str]) -> Value {
    let buttons: Vec<Value> =
        titles.iter().map(|title| json!({ "id": format!("id:{title}"), "title": title })).collect();
    json!({ "type": "reply_buttons", "body": body, "buttons": buttons })
}

fn list(rows: usize, described: usize) -> Value {
    let rows: Vec<Value> = (0..rows)
        .map(|n| match n < described {
            true => json!({ "id": format!("s{n}"), "title": format!("{n}:00"), "description": "Morning" }),
            false => json!({ "id": format!("s{n}"), "title": format!("{n}:00") }),
        })
        .collect();
    json!({ "type": "list", "body": "Pick a slot", "button": "Slots", "sections": [{ "rows": rows }] })
}

fn cta(url: &str) -> Value {
    json!({ "type": "cta_url", "body": "Your invoice", "button": "Open", "url": url })
}

fn flow() -> Value {
    json!({ "type": "flow", "body": "Book a visit", "button": "Book", "flow_id": "1197715005513101", "flow_token": "t-77", "screen": "DATE" })
}

#[test]
fn reply_buttons_are_a_quick_reply() {
    assert_snapshot!(shown(buttons("Deliver today?", &["Yes", "No"])), @r#"
    {"twilio/quick-reply":{"actions":[{"id":"{{3}}","title":"{{2}}","type":"QUICK_REPLY"},{"id":"{{5}}","title":"{{4}}","type":"QUICK_REPLY"}],"body":"{{1}}"}}
    {"1":"Deliver today?","2":"Yes","3":"id:Yes","4":"No","5":"id:No"}
    ["body", "title", "id", "title", "id"]
    "#);
}

#[test]
fn a_list_is_a_list_picker() {
    assert_snapshot!(shown(list(2, 1)), @r#"
    {"twilio/list-picker":{"body":"{{1}}","button":"{{2}}","items":[{"description":"{{5}}","id":"{{3}}","item":"{{4}}"},{"id":"{{6}}","item":"{{7}}"}]}}
    {"1":"Pick a slot","2":"Slots","3":"s0","4":"0:00","5":"Morning","6":"s1","7":"1:00"}
    ["body", "button", "id", "item", "description", "id", "item"]
    "#);
}

#[test]
fn only_the_end_of_a_url_is_a_variable() {
    assert_snapshot!(shown(cta("https://pay.example.com/i/77?a=1#b")), @r#"
    {"twilio/call-to-action":{"actions":[{"title":"Open","type":"URL","url":"https://pay.example.com/{{2}}"}],"body":"{{1}}"}}
    {"1":"Your invoice","2":"i/77?a=1#b"}
    ["body", "url_end"]
    "#);
    assert_snapshot!(shown(cta("https://pay.example.com")), @r#"
    {"twilio/call-to-action":{"actions":[{"title":"Open","type":"URL","url":"https://pay.example.com/"}],"body":"{{1}}"}}
    {"1":"Your invoice"}
    ["body"]
    "#);
    let of = |url: &str| form_of(cta(url));
    assert_eq!(of("https://pay.example.com/1").shape, of("https://pay.example.com/2").shape);
    assert_ne!(of("https://pay.example.com/1").shape, of("https://pay.example.com:8443/1").shape);
    assert_eq!(of("https://pay.example.com?a=1").variables["2"], "?a=1");
}

#[test]
fn a_flow_is_named_in_the_shape() {
    assert_snapshot!(shown(flow()), @r#"
    {"whatsapp/flows":{"body":"{{1}}","button_text":"Book","flow_first_page_id":"DATE","flow_id":"1197715005513101","flow_token":"{{2}}"}}
    {"1":"Book a visit","2":"t-77"}
    ["body", "flow_token"]
    "#);
    let mut content = flow();
    content.as_object_mut().unwrap().retain(|name, _| !matches!(name.as_str(), "flow_token" | "screen"));
    content["action"] = json!("data_exchange");
    assert_snapshot!(shown(content), @r#"
    {"whatsapp/flows":{"body":"{{1}}","button_text":"Book","flow_id":"1197715005513101","is_flow_first_page_endpoint":true}}
    {"1":"Book a visit"}
    ["body"]
    "#);
}

#[test]
fn words_make_no_shape_and_structure_does() {
    let hash = |json| form_of(json).shape.hash();
    assert_eq!(hash(buttons("a", &["b", "c"])), hash(buttons("d", &["e", "f"])));
    let different = [
        hash(buttons("a", &["b"])),
        hash(buttons("a", &["b", "c"])),
        hash(list(3, 0)),
        hash(list(3, 1)),
        hash(list(5, 0)),
        hash(cta("https://a.example/x")),
        hash(flow()),
    ];
    assert_eq!(different.iter().collect::<std::collections::BTreeSet<_>>().len(), different.len());
    assert!(different.iter().all(|hash| hash.len() == 64));
    let name = form_of(buttons("a", &["b"])).friendly_name();
    assert_eq!(name, format!("duplex_quick_reply_{}", &different[0][..12]));
}

#[test]
fn what_can_be_no_variable_is_written_out_once() {
    let form = form_of(buttons("a     b", &["Yes"]));
    assert!(form.one_off && form.variables.is_empty() && form.shape.samples.is_empty());
    assert_eq!(form.shape.definition["body"], "a     b");
    assert_eq!(form.shape.definition["actions"][0], json!({ "type": "QUICK_REPLY", "title": "Yes", "id": "id:Yes" }));
    assert_eq!(form.friendly_name(), "duplex_one_off");
    assert!(form_of(buttons("", &["Yes"])).one_off);
    assert!(!form_of(buttons("a {b} {c} \n\n d    e", &["Yes"])).one_off);
    let url = form_of(cta("https://a.example/{{x}}"));
    assert!(!url.one_off, "a URL is escaped: {url:?}");
}

#[test]
fn words_that_look_like_a_variable_stay_words() {
    assert_snapshot!(shown(buttons("Use {{1}} or {{{b", &["{{2}}"])), @r#"
    {"twilio/quick-reply":{"actions":[{"id":"id:{{7}}{{8}}2}}","title":"{{5}}{{6}}2}}","type":"QUICK_REPLY"}],"body":"Use {{1}}{{2}}1}} or {{3}}{{4}}{b"}}
    {"1":"{","2":"{","3":"{","4":"{","5":"{","6":"{","7":"{","8":"{"}
    ["{", "{", "{", "{", "{", "{", "{", "{"]
    "#);
    assert!(form_of(buttons("Use {{1}}", &["Yes"])).one_off);
    let mut titled = cta("https://a.example/t");
    titled["button"] = json!("{{1}}");
    let form = form_of(titled);
    assert!(form.one_off);
    assert_eq!(form.shape.definition["actions"][0]["title"], "{{1}}{{2}}1}}");
}

#[test]
fn parts_that_would_be_lost_are_refused() {
    let mut sections = list(1, 0);
    let section = json!({ "title": "B", "rows": [{ "id": "b", "title": "b" }] });
    sections["sections"].as_array_mut().unwrap().push(section);
    let with = |mut content: Value, name: &str, value: Value| {
        content[name] = value;
        content
    };
    let mut nameless = flow();
    nameless.as_object_mut().unwrap().remove("flow_id");
    for refused in [
        with(buttons("a", &["b"]), "header", json!({ "type": "text", "text": "Acme" })),
        with(buttons("a", &["b"]), "footer", json!("Acme")),
        with(list(1, 0), "header", json!("Acme")),
        with(list(1, 0), "footer", json!("Acme")),
        sections,
        with(cta("https://a.example/"), "footer", json!("Acme")),
        with(flow(), "header", json!({ "type": "text", "text": "Acme" })),
        with(flow(), "data", json!({ "a": 1 })),
        with(flow(), "draft", json!(true)),
        with(nameless, "flow_name", json!("visits")),
    ] {
        let error = form(&content(refused.clone())).unwrap_err();
        assert_eq!((error.verdict, error.failure.code), (REJECTED, FailureCode::ContentUnsupported), "{refused}");
    }
    assert_eq!(form(&content(json!({ "type": "text", "body": "x" }))), Ok(None));
}
