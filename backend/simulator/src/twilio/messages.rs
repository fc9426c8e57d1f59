//! `…/Messages.json`: create, fetch, list, cancel, redact, delete (twilio.md §2.1, §2.2).

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::errors::{Twilio, TwilioError, text};
use super::form::Form;
use super::times::rfc2822;
use super::{API_VERSION, auth, created, draft, fetching, inbound, listing, ok};
use crate::accounts::{Account, TwilioAccount};
use crate::connection;
use crate::content::Content;
use crate::ids::{now_ms, sid};
use crate::ledger::{Direction, Erased, Event, Record, Status};
use crate::messages::Message;
use crate::sending::Verdict;
use crate::state::World;

type Shared = web::Data<World>;

/// `POST /2010-04-01/Accounts/{AC}/Messages.json`.
pub(super) async fn create(
    world: Shared,
    request: HttpRequest,
    path: web::Path<String>,
    body: web::Bytes,
) -> HttpResponse {
    let account = match auth::owner(&world, &request, &path) {
        Ok(caller) => caller.account,
        Err(error) => return error.response(),
    };
    let form = Form::parse(&body);
    let mut draft = match draft::read(&world, &account, &form) {
        Ok(draft) => draft,
        Err(error) => return refuse(&world, account, &form, &error),
    };
    fetching::settle(&world, &account, &mut draft).await;
    match world.judge(&draft) {
        Verdict::Hangup => connection::hang_up(&request),
        Verdict::ServerError(status) => connection::gateway_fault(status),
        Verdict::Refuse(code) => refuse(&world, account, &form, &TwilioError::told(code)),
        Verdict::Accept { fate, noisy, answer } => {
            // Messages with media or rich content get the other prefix (twilio.md §1.5).
            let id = sid(if &*draft.kind == "text" { "SM" } else { "MM" });
            match world.accept(draft, id, fate, noisy) {
                Ok(record) => {
                    let response = created(shown(&account, &Message::new(record)));
                    connection::answer(&world, &request, answer, response).await
                }
                Err(error) => {
                    tracing::error!(%error, "simulator: a message could not be booked");
                    TwilioError::told(20_500).response()
                }
            }
        }
    }
}

fn refuse(world: &World, account: Arc<TwilioAccount>, form: &Form, error: &TwilioError) -> HttpResponse {
    let to = form.get("To").unwrap_or_default();
    let person = to.strip_prefix("whatsapp:").unwrap_or(to);
    let correlation = form.get("StatusCallback").and_then(draft::attempt_of);
    world.refuse(&Account::Twilio(account), person, correlation.as_deref(), error.code);
    error.response()
}

/// `GET …/Messages/{SM}.json`.
pub(super) async fn fetch(world: Shared, request: HttpRequest, path: web::Path<(String, String)>) -> HttpResponse {
    let (account_sid, id) = path.into_inner();
    ok(find(&world, &request, &account_sid, &id).map(|(account, message)| shown(&account, &message)))
}

pub(super) type Found = (Arc<TwilioAccount>, Message);

/// A message of the account that was not deleted.
pub(super) fn find(world: &World, request: &HttpRequest, account_sid: &str, id: &str) -> Twilio<Found> {
    let account = auth::owner(world, request, account_sid)?.account;
    let message = world.messages.get(id).filter(|message| message.record.account == account.account_sid);
    let message = message.filter(|message| !message.marks.erased);
    Ok((account, message.ok_or_else(|| TwilioError::not_found(request.path()))?))
}

/// `GET …/Messages.json`: newest first, filtered, paged.
pub(super) async fn list(world: Shared, request: HttpRequest, path: web::Path<String>) -> HttpResponse {
    let found =
        auth::owner(&world, &request, &path).and_then(|caller| listing::page(&world, &caller.account, &request));
    ok(found)
}

/// `POST …/Messages/{SM}.json`: `Status=canceled` takes a scheduled message back, an empty `Body` redacts.
pub(super) async fn update(
    world: Shared,
    request: HttpRequest,
    path: web::Path<(String, String)>,
    body: web::Bytes,
) -> HttpResponse {
    let (account_sid, id) = path.into_inner();
    ok(find(&world, &request, &account_sid, &id).and_then(|(account, message)| {
        let form = Form::parse(&body);
        match (form.given("Status"), form.given("Body")) {
            (Some("canceled"), None) => cancel(&world, &message)?,
            (None, Some("")) => world.erase(&message.record.id, Erased::Text),
            _ => return Err(TwilioError::new(30_400, "Update either Status to canceled or Body to nothing")),
        }
        let changed = world.messages.get(&id).unwrap_or(message);
        Ok(shown(&account, &changed))
    }))
}

/// Only what is still ahead can be taken back (30409).
fn cancel(world: &World, message: &Message) -> Twilio<()> {
    let ahead = message.status == Status::Accepted && message.record.send_at.is_some_and(|at| at > now_ms());
    let canceled = ahead.then(|| world.messages.advance(&message.record.id, Status::Canceled, None, now_ms()));
    let canceled = canceled.flatten().ok_or_else(|| TwilioError::new(30_409, "Message cannot be canceled"))?;
    world.book_later(&Event::Status { id: Arc::clone(&message.record.id), status: Status::Canceled, code: None });
    world.announce(&canceled, Status::Canceled);
    Ok(())
}

/// `DELETE …/Messages/{SM}.json`: removes what Twilio keeps of a message that is over; the phone has it still (20009 before).
pub(super) async fn delete(world: Shared, request: HttpRequest, path: web::Path<(String, String)>) -> HttpResponse {
    let (account_sid, id) = path.into_inner();
    let outcome = find(&world, &request, &account_sid, &id).and_then(|(_, message)| {
        if message.record.direction == Direction::Outbound && message.status < Status::Delivered {
            return Err(TwilioError::new(20_009, "Cannot delete message because delivery has not been completed"));
        }
        world.erase(&message.record.id, Erased::Message);
        Ok(())
    });
    outcome.map_or_else(|error| error.response(), |()| HttpResponse::NoContent().finish())
}

/// `POST …/Messages/{SM}/Feedback.json`.
pub(super) async fn feedback(
    world: Shared,
    request: HttpRequest,
    path: web::Path<(String, String)>,
    body: web::Bytes,
) -> HttpResponse {
    let (account_sid, id) = path.into_inner();
    ok(find(&world, &request, &account_sid, &id).and_then(|(account, message)| {
        let form = Form::parse(&body);
        let outcome = form.get("Outcome").unwrap_or("unconfirmed");
        if !["confirmed", "unconfirmed"].contains(&outcome) {
            return Err(TwilioError::invalid("Outcome", "confirmed or unconfirmed"));
        }
        let (id, at) = (&message.record.id, rfc2822(now_ms()));
        Ok(json!({
            "account_sid": account.account_sid,
            "message_sid": id,
            "outcome": outcome,
            "date_created": at,
            "date_updated": at,
            "uri": format!("/{API_VERSION}/Accounts/{}/Messages/{id}/Feedback.json", account.account_sid),
        }))
    }))
}

/// Whether a message has a file that Twilio keeps.
pub(super) fn has_media(message: &Message) -> bool {
    let holds = |record: &Record| match record.content.as_deref() {
        Some(content) => matches!(content, Content::Contacts { .. }) || content.media().is_some(),
        None => false,
    };
    holds(&message.record) && !message.marks.media_erased
}

/// A message as the API shows it (twilio.md §2.1).
pub(super) fn shown(account: &TwilioAccount, message: &Message) -> Value {
    let record = &message.record;
    let (ours, theirs) = (format!("whatsapp:{}", account.sender_number), format!("whatsapp:{}", record.person));
    let inbound = record.direction == Direction::Inbound;
    let (from, to) = if inbound { (theirs, ours) } else { (ours, theirs) };
    let uri = format!("/{API_VERSION}/Accounts/{}/Messages/{}", account.account_sid, record.id);
    let status = if inbound { "received" } else { word(message) };
    let body = match (inbound, &record.content) {
        _ if message.marks.text_erased => String::new(),
        (true, Some(content)) => inbound::body(content),
        _ => record.text.to_string(),
    };
    json!({
        "sid": record.id,
        "account_sid": account.account_sid,
        "api_version": API_VERSION,
        "status": status,
        "direction": if inbound { "inbound" } else { "outbound-api" },
        "from": from,
        "to": to,
        "body": body,
        "num_segments": "1",
        "num_media": if has_media(message) { "1" } else { "0" },
        "messaging_service_sid": record.service_sid,
        "price": null,
        "price_unit": null,
        "error_code": message.code,
        "error_message": message.code.map(text),
        "date_created": rfc2822(record.at),
        "date_updated": rfc2822(message.updated_at()),
        "date_sent": message.time(Status::Sent).map(rfc2822),
        "uri": format!("{uri}.json"),
        "subresource_uris": { "media": format!("{uri}/Media.json") },
    })
}

/// Twilio's word for where a message is.
fn word(message: &Message) -> &'static str {
    let waits = message.status == Status::Accepted && message.record.send_at.is_some_and(|at| at > now_ms());
    if waits {
        return "scheduled";
    }
    twilio_status(message.status, message.code, message.record.service_sid.is_some())
}

/// Twilio's word for a status (twilio.md §2.1, §3.4).
pub(super) fn twilio_status(status: Status, code: Option<u32>, by_service: bool) -> &'static str {
    match status {
        Status::Accepted if by_service => "accepted",
        Status::Accepted => "queued",
        Status::Sent => "sent",
        Status::Delivered => "delivered",
        Status::Read => "read",
        // Twilio refuses by itself with `failed`; `undelivered` means that Meta gave up.
        Status::Failed if code.is_some_and(|code| (63_001..=63_999).contains(&code) && code != 63_016) => "undelivered",
        Status::Failed => "failed",
        Status::Canceled => "canceled",
    }
}
