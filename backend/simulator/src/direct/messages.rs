//! `POST /{phone number id}/messages`: sending, marking as read, typing (direct.md §2.2 to §2.5).

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Map, Value, json};

use super::errors::{Graph, GraphError};
use super::inspection::Inspection;
use super::state::MESSAGING;
use super::{auth, reply, shown, template_message, validate};
use crate::accounts::{Account, DirectAccount};
use crate::connection;
use crate::content::Content;
use crate::ids;
use crate::ledger::Record;
use crate::people::{bsuid, is_bsuid, parse_phone};
use crate::sending::{Draft, Verdict};
use crate::state::World;

/// Longest `biz_opaque_callback_data` in characters (direct.md §2.2).
const CALLBACK_DATA_LIMIT: usize = 512;
/// The business blocked the person; told after acceptance (direct.md §5).
const BLOCKED: u32 = 130_403;
/// The person's identity key is another than the caller believes; told after acceptance (direct.md §5).
const OTHER_IDENTITY: u32 = 137_000;

/// `POST /{phone number id}/messages`.
pub(super) async fn send(
    world: web::Data<World>,
    request: HttpRequest,
    path: web::Path<(String, String)>,
    body: web::Bytes,
) -> HttpResponse {
    take(&world, &request, path.into_inner(), &body, false).await
}

/// `POST /{phone number id}/marketing_messages`: the same for marketing templates only (direct.md §2.12).
pub(super) async fn send_marketing(
    world: web::Data<World>,
    request: HttpRequest,
    path: web::Path<(String, String)>,
    body: web::Bytes,
) -> HttpResponse {
    take(&world, &request, path.into_inner(), &body, true).await
}

async fn take(
    world: &World,
    request: &HttpRequest,
    (version, sender): (String, String),
    body: &[u8],
    marketing: bool,
) -> HttpResponse {
    let account = match auth::for_sender(world, request, &sender, MESSAGING) {
        Ok(account) => account,
        Err(error) => return error.response(&version),
    };
    let Ok(Value::Object(frame)) = serde_json::from_slice::<Value>(body) else {
        return GraphError::new(100, "The request body is not a JSON object").response(&version);
    };
    if frame.get("messaging_product").and_then(Value::as_str) != Some("whatsapp") {
        return GraphError::new(100, "The parameter messaging_product is required and must be whatsapp.")
            .response(&version);
    }
    if frame.contains_key("status") {
        return reply(&version, mark_read(world, &account, &frame));
    }
    let mut inspection = Inspection::new(world, &account);
    let mut draft = match draft(&mut inspection, &frame, marketing) {
        Ok(draft) => draft,
        Err(error) => return refuse(world, &account, &frame, &error, &version),
    };
    draft.late = inspection.outcome().await;
    match world.judge(&draft) {
        Verdict::Hangup => connection::hang_up(request),
        Verdict::ServerError(status) => connection::gateway_fault(status),
        Verdict::Refuse(code) => {
            let error = GraphError::new(code, "The sandbox was told to refuse this message.");
            refuse(world, &account, &frame, &error, &version)
        }
        Verdict::Accept { fate, noisy, answer } => {
            let (input, id) = (recipient_as_given(&frame), ids::wamid(&draft.person));
            match world.accept(draft, id, fate, noisy) {
                Ok(record) => {
                    let response = reply(&version, Ok(accepted(&account, &input, &record)));
                    connection::answer(world, request, answer, response).await
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

fn draft(inspection: &mut Inspection<'_>, frame: &Map<String, Value>, marketing: bool) -> Graph<Draft> {
    let (world, account) = (inspection.world, inspection.account);
    let given = recipient(frame)?;
    if given == account.phone {
        return Err(GraphError::new(131_021, "Recipient phone number is the same as sender"));
    }
    let correlation = optional_text(frame, "biz_opaque_callback_data")?;
    if correlation.is_some_and(|data| data.chars().count() > CALLBACK_DATA_LIMIT) {
        return Err(GraphError::too_long("biz_opaque_callback_data", CALLBACK_DATA_LIMIT));
    }
    if frame.contains_key("category") {
        return Err(GraphError::new(100, "Direct Send is not enabled for this account."));
    }
    let kind = optional_text(frame, "type")?.unwrap_or("text");
    let reply_to = frame.get("context").and_then(|context| context.get("message_id")).and_then(Value::as_str);
    if reply_to.is_some() && kind == "reaction" {
        return Err(GraphError::new(100, "A reaction cannot have a context."));
    }
    let content = frame
        .get(kind)
        .ok_or_else(|| if validate::is_kind(kind) { GraphError::missing(kind) } else { unsupported(kind) })?;
    let person = world.people.known_as(&account.phone_number_id, given.clone());
    let (text, category) = if kind == "template" {
        let filled = template_message::fill(inspection, content)?;
        if filled.category == "authentication" && is_bsuid(&given) {
            return Err(GraphError::new(131_062, "One-time codes need a phone number."));
        }
        (filled.text, Some(filled.category))
    } else {
        (validate::free_form(inspection, kind, content, &person)?, None)
    };
    if marketing && category.as_deref() != Some("marketing") {
        return Err(GraphError::new(134_100, "Only marketing templates can be sent by marketing_messages."));
    }
    if let Some((code, why)) = account.state.obstacle() {
        return Err(GraphError::new(code, why));
    }
    if account.blocked.contains(&person) {
        inspection.late = Some(BLOCKED);
    } else if account.state.identity_check && is_other_identity(world, account, &person, frame)? {
        inspection.late = Some(OTHER_IDENTITY);
    }
    Ok(Draft {
        account: Account::Direct(Arc::clone(account)),
        person: Arc::from(person),
        kind: kind.into(),
        text: text.into(),
        content: shown::content(world, account, kind, frame),
        category,
        correlation: correlation.map(Box::from),
        callback: None,
        service_sid: None,
        reply_to: reply_to.map(Box::from),
        late: None,
        send_at: None,
    })
}

/// Whether the caller names an identity key that the person had before a change of phone (direct.md §2.2).
fn is_other_identity(world: &World, account: &DirectAccount, person: &str, frame: &Map<String, Value>) -> Graph<bool> {
    let Some(given) = optional_text(frame, "recipient_identity_key_hash")? else { return Ok(false) };
    let newest = world.messages.newest(&account.phone_number_id, Some(person), 1, |message| {
        matches!(message.record.content.as_deref(), Some(Content::IdentityChange { .. }))
    });
    Ok(newest.iter().any(|message| match message.record.content.as_deref() {
        Some(Content::IdentityChange { hash, .. }) => hash != given,
        _ => false,
    }))
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
    let typing = frame.get("typing_indicator");
    if typing.is_some_and(|typing| typing.get("type").and_then(Value::as_str) != Some("text")) {
        return Err(GraphError::invalid("typing_indicator.type", "must be text"));
    }
    if !world.mark_read(&account.phone_number_id, id, typing.is_some()) {
        return Err(GraphError::invalid("message_id", "no message of a customer has this id"));
    }
    Ok(json!({ "success": true }))
}
