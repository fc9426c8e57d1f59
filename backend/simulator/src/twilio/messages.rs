//! `…/Messages.json`: create, fetch and list (twilio.md §2.1, §2.2).

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::errors::{TwilioError, text};
use super::{API_VERSION, auth, created, draft, listing, ok};
use crate::accounts::{Account, TwilioAccount};
use crate::connection;
use crate::ids::sid;
use crate::ledger::{Direction, Status};
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
    let form = draft::Form::parse(&body);
    let draft = match draft::read(&world, &account, &form) {
        Ok(draft) => draft,
        Err(error) => return refuse(&world, account, &form, &error),
    };
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

fn refuse(world: &World, account: Arc<TwilioAccount>, form: &draft::Form, error: &TwilioError) -> HttpResponse {
    let to = form.get("To").unwrap_or_default();
    let person = to.strip_prefix("whatsapp:").unwrap_or(to);
    let correlation = form.get("StatusCallback").and_then(draft::attempt_of);
    world.refuse(&Account::Twilio(account), person, correlation.as_deref(), error.code);
    error.response()
}

/// `GET …/Messages/{SM}.json`.
pub(super) async fn fetch(world: Shared, request: HttpRequest, path: web::Path<(String, String)>) -> HttpResponse {
    let (account_sid, id) = path.into_inner();
    let found = auth::owner(&world, &request, &account_sid).and_then(|caller| {
        let message = world.messages.get(&id).filter(|message| message.record.account == caller.account.account_sid);
        let message = message.ok_or_else(|| TwilioError::not_found(request.path()))?;
        Ok(shown(&caller.account, &message))
    });
    ok(found)
}

/// `GET …/Messages.json`: newest first, filtered, paged.
pub(super) async fn list(world: Shared, request: HttpRequest, path: web::Path<String>) -> HttpResponse {
    let found =
        auth::owner(&world, &request, &path).and_then(|caller| listing::page(&world, &caller.account, &request));
    ok(found)
}

/// A message as the API shows it (twilio.md §2.1).
pub(super) fn shown(account: &TwilioAccount, message: &Message) -> Value {
    let record = &message.record;
    let (ours, theirs) = (format!("whatsapp:{}", account.sender_number), format!("whatsapp:{}", record.person));
    let inbound = record.direction == Direction::Inbound;
    let (from, to) = if inbound { (theirs, ours) } else { (ours, theirs) };
    let uri = format!("/{API_VERSION}/Accounts/{}/Messages/{}", account.account_sid, record.id);
    let status = if inbound { "received" } else { twilio_status(message.status, message.code, record.service) };
    json!({
        "sid": record.id,
        "account_sid": account.account_sid,
        "api_version": API_VERSION,
        "status": status,
        "direction": if inbound { "inbound" } else { "outbound-api" },
        "from": from,
        "to": to,
        "body": record.text,
        "num_segments": "1",
        "num_media": if &*record.kind == "media" { "1" } else { "0" },
        "messaging_service_sid": record.service.then_some(&account.messaging_service_sid),
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

/// The form of times in the API of 2010 (twilio.md §1.3).
pub(super) fn rfc2822(ms: i64) -> String {
    let at: DateTime<Utc> = DateTime::from_timestamp_millis(ms).unwrap_or_default();
    at.format("%a, %d %b %Y %H:%M:%S +0000").to_string()
}
