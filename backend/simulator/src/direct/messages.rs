//! `POST /{phone number id}/messages`: sending, marking as read, typing (direct.md §2.2 to §2.5).

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Map, Value, json};

use super::errors::{Graph, GraphError};
use super::{auth, reply, shown, template_message, validate};
use crate::accounts::{Account, DirectAccount};
use crate::connection;
use crate::ids;
use crate::ledger::Record;
use crate::people::{bsuid, is_bsuid, parse_phone};
use crate::sending::{Draft, Verdict};
use crate::state::World;

/// Longest `biz_opaque_callback_data` in characters (direct.md §2.2).
const CALLBACK_DATA_LIMIT: usize = 512;

pub(super) async fn send(
    world: web::Data<World>,
    request: HttpRequest,
    path: web::Path<(String, String)>,
    body: web::Bytes,
) -> HttpResponse {
    let (version, sender) = path.into_inner();
    let account = match auth::for_sender(&world, &request, &sender) {
        Ok(account) => account,
        Err(error) => return error.response(&version),
    };
    let Ok(Value::Object(frame)) = serde_json::from_slice::<Value>(&body) else {
        return GraphError::new(100, "The request body is not a JSON object").response(&version);
    };
    if frame.get("messaging_product").and_then(Value::as_str) != Some("whatsapp") {
        return GraphError::new(100, "The parameter messaging_product is required and must be whatsapp.")
            .response(&version);
    }
    if frame.contains_key("status") {
        return reply(&version, mark_read(&world, &account, &frame));
    }
    let draft = match draft(&world, &account, &frame) {
        Ok(draft) => draft,
        Err(error) => return refuse(&world, &account, &frame, &error, &version),
    };
    match world.judge(&draft) {
        Verdict::Hangup => connection::hang_up(&request),
        Verdict::ServerError(status) => connection::gateway_fault(status),
        Verdict::Refuse(code) => {
            let error = GraphError::new(code, "The sandbox was told to refuse this message.");
            refuse(&world, &account, &frame, &error, &version)
        }
        Verdict::Accept { fate, noisy, answer } => {
            let (input, id) = (recipient_as_given(&frame), ids::wamid(&draft.person));
            match world.accept(draft, id, fate, noisy) {
                Ok(record) => {
                    let response = reply(&version, Ok(accepted(&account, &input, &record)));
                    connection::answer(&world, &request, answer, response).await
                }
                Err(error) => {
                    tracing::error!(%error, "simulator: a message could not be booked");
                    GraphError::new(131_000, "The sandbox could not write its ledger.").response(&version)
                }
            }
        }
    }
}

fn refuse(
    world: &World,
    account: &Arc<DirectAccount>,
    frame: &Map<String, Value>,
    error: &GraphError,
    version: &str,
) -> HttpResponse {
    let correlation = frame.get("biz_opaque_callback_data").and_then(Value::as_str);
    world.refuse(&Account::Direct(Arc::clone(account)), &recipient_as_given(frame), correlation, error.code);
    error.response(version)
}

fn recipient_as_given(frame: &Map<String, Value>) -> String {
    let given = frame.get("to").or_else(|| frame.get("recipient")).and_then(Value::as_str);
    given.unwrap_or_default().to_owned()
}

fn draft(world: &World, account: &Arc<DirectAccount>, frame: &Map<String, Value>) -> Graph<Draft> {
    let given = recipient(frame)?;
    if given == account.phone {
        return Err(GraphError::new(131_021, "Recipient phone number is the same as sender"));
    }
    let correlation = optional_text(frame, "biz_opaque_callback_data")?;
    if correlation.is_some_and(|data| data.chars().count() > CALLBACK_DATA_LIMIT) {
        return Err(GraphError::too_long("biz_opaque_callback_data", CALLBACK_DATA_LIMIT));
    }
    let kind = optional_text(frame, "type")?.unwrap_or("text");
    let reply_to = frame.get("context").and_then(|context| context.get("message_id")).and_then(Value::as_str);
    if reply_to.is_some() && kind == "reaction" {
        return Err(GraphError::new(100, "A reaction cannot have a context."));
    }
    let content = frame
        .get(kind)
        .ok_or_else(|| if validate::is_kind(kind) { GraphError::missing(kind) } else { unsupported(kind) })?;
    let (text, category) = if kind == "template" {
        let filled = template_message::fill(world, account, content)?;
        if filled.category == "authentication" && is_bsuid(&given) {
            return Err(GraphError::new(131_062, "One-time codes need a phone number."));
        }
        (filled.text, Some(filled.category))
    } else {
        (validate::free_form(kind, content)?, None)
    };
    Ok(Draft {
        account: Account::Direct(Arc::clone(account)),
        person: Arc::from(world.people.known_as(&account.phone_number_id, given)),
        kind: kind.into(),
        text: text.into(),
        content: shown::content(world, account, kind, frame),
        category,
        correlation: correlation.map(Box::from),
        callback: None,
        service: false,
        reply_to: reply_to.map(Box::from),
        late: None,
        send_at: None,
    })
}

/// The person: `to` before `recipient` (direct.md §2.2).
fn recipient(frame: &Map<String, Value>) -> Graph<String> {
    if optional_text(frame, "recipient_type")?.is_some_and(|kind| kind != "individual") {
        return Err(GraphError::invalid("recipient_type", "the sandbox has no groups"));
    }
    if let Some(to) = optional_text(frame, "to")? {
        return parse_phone(to).ok_or_else(|| GraphError::invalid("to", "not a phone number"));
    }
    match optional_text(frame, "recipient")? {
        Some(id) if is_bsuid(id) => Ok(id.to_owned()),
        Some(_) => Err(GraphError::invalid("recipient", "not a business-scoped user id")),
        None => Err(GraphError::missing("to")),
    }
}

fn optional_text<'a>(frame: &'a Map<String, Value>, name: &str) -> Graph<Option<&'a str>> {
    match frame.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(GraphError::new(100, format!("Param {name} must be a string."))),
    }
}

fn unsupported(kind: &str) -> GraphError {
    GraphError::new(131_051, format!("Message type {kind} is not supported."))
}

/// The answer of direct.md §2.2: accepted, nothing more.
fn accepted(account: &DirectAccount, input: &str, record: &Record) -> Value {
    let contact = if is_bsuid(input) {
        json!({ "input": input, "user_id": input })
    } else {
        let user_id = bsuid(&account.business_id, &record.person);
        json!({ "input": input, "wa_id": record.person.trim_start_matches('+'), "user_id": user_id })
    };
    let mut message = json!({ "id": record.id });
    if let (Value::Object(members), "template") = (&mut message, &*record.kind) {
        members.insert("message_status".to_owned(), Value::from("accepted"));
    }
    json!({ "messaging_product": "whatsapp", "contacts": [contact], "messages": [message] })
}

/// Marks a message from the virtual customer as read, with or without a typing indicator (direct.md §2.5).
fn mark_read(world: &World, account: &DirectAccount, frame: &Map<String, Value>) -> Graph<Value> {
    if optional_text(frame, "status")? != Some("read") {
        return Err(GraphError::invalid("status", "must be read"));
    }
    let id = optional_text(frame, "message_id")?.ok_or_else(|| GraphError::missing("message_id"))?;
    if !world.mark_read(&account.phone_number_id, id, frame.contains_key("typing_indicator")) {
        return Err(GraphError::invalid("message_id", "no message of a customer has this id"));
    }
    Ok(json!({ "success": true }))
}
