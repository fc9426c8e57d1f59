//! The files of messages: listed, read by a redirect, deleted (twilio.md §2.3).

use actix_web::http::header::{CONTENT_TYPE, LOCATION};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::errors::{Twilio, TwilioError};
use super::inbound::{cards, content_type, media_sid};
use super::messages::{Found, find, has_media};
use super::times::rfc2822;
use super::{API_VERSION, ok};
use crate::accounts::TwilioAccount;
use crate::ids::now_ms;
use crate::ledger::Erased;
use crate::messages::Message;
use crate::state::World;

/// How long the address lives to which a reader is sent, in seconds.
const URL_SECONDS: i64 = 300;

type Shared = web::Data<World>;
type Path = web::Path<(String, String, String)>;

/// `GET …/Messages/{MM}/Media.json`.
pub(super) async fn list(world: Shared, request: HttpRequest, path: web::Path<(String, String)>) -> HttpResponse {
    let (account, id) = path.into_inner();
    ok(find(&world, &request, &account, &id).map(|(account, message)| {
        let uri = format!("/{API_VERSION}/Accounts/{}/Messages/{id}/Media.json", account.account_sid);
        let files: Vec<Value> = has_media(&message).then(|| shown(&account, &message)).into_iter().collect();
        json!({
            "media_list": files,
            "first_page_uri": format!("{uri}?PageSize=50&Page=0"),
            "next_page_uri": null,
            "previous_page_uri": null,
            "uri": uri,
            "page": 0,
            "page_size": 50,
            "start": 0,
            "end": 0,
        })
    }))
}

/// `GET …/Messages/{MM}/Media/{ME}.json`.
pub(super) async fn fetch(world: Shared, request: HttpRequest, path: Path) -> HttpResponse {
    let (account, id, media) = path.into_inner();
    ok(file(&world, &request, (&account, &id, &media)).map(|(account, message)| shown(&account, &message)))
}

/// `GET …/Messages/{MM}/Media/{ME}`: sends the reader to the bytes, where no credentials are needed.
pub(super) async fn bytes(world: Shared, request: HttpRequest, path: Path) -> HttpResponse {
    let (account, id, media) = path.into_inner();
    let needs_credentials = world.accounts.twilio(&account).is_none_or(|account| account.state.media_auth);
    let found = if needs_credentials {
        file(&world, &request, (&account, &id, &media)).map(|(_, message)| message)
    } else {
        let message = world.messages.get(&id).filter(|message| *message.record.account == *account);
        let message = message.filter(|message| is_file(message, &media) && !message.marks.erased);
        message.ok_or_else(|| TwilioError::not_found(request.path()))
    };
    match found {
        Ok(message) => sent_to(&world, &request, &message),
        Err(error) => error.response(),
    }
}

/// `DELETE …/Messages/{MM}/Media/{ME}.json`.
pub(super) async fn delete(world: Shared, request: HttpRequest, path: Path) -> HttpResponse {
    let (account, id, media) = path.into_inner();
    match file(&world, &request, (&account, &id, &media)) {
        Ok((_, message)) => {
            world.erase(&message.record.id, Erased::Media);
            HttpResponse::NoContent().finish()
        }
        Err(error) => error.response(),
    }
}

fn file(world: &World, request: &HttpRequest, (account, id, media): (&str, &str, &str)) -> Twilio<Found> {
    let (account, message) = find(world, request, account, id)?;
    if is_file(&message, media) {
        return Ok((account, message));
    }
    Err(TwilioError::not_found(request.path()))
}

fn is_file(message: &Message, media: &str) -> bool {
    has_media(message) && media_sid(&message.record.id) == media
}

/// Cards are written out here; files lie in the store, or where the business has them.
fn sent_to(world: &World, request: &HttpRequest, message: &Message) -> HttpResponse {
    let content = message.record.content();
    if let Some(cards) = cards(&content) {
        return HttpResponse::Ok().insert_header((CONTENT_TYPE, "text/vcard")).body(cards);
    }
    let media = content.media();
    let stored = media.and_then(|media| world.media.get(media.id.as_deref()?));
    let url = match stored {
        Some((_, medium)) => Some(world.media_url(&medium, now_ms() / 1_000 + URL_SECONDS)),
        None => media.and_then(|media| media.url.clone()),
    };
    match url {
        Some(url) => HttpResponse::TemporaryRedirect().insert_header((LOCATION, url)).finish(),
        None => TwilioError::not_found(request.path()).response(),
    }
}

fn shown(account: &TwilioAccount, message: &Message) -> Value {
    let (id, sid) = (&message.record.id, media_sid(&message.record.id));
    let at = rfc2822(message.record.at);
    json!({
        "sid": sid,
        "account_sid": account.account_sid,
        "parent_sid": id,
        "content_type": content_type(&message.record.content()),
        "date_created": at,
        "date_updated": at,
        "uri": format!("/{API_VERSION}/Accounts/{}/Messages/{id}/Media/{sid}.json", account.account_sid),
    })
}
