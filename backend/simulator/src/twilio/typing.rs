//! Typing indicators, which are also the only read receipts (twilio.md §2.10).

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::contents::json_object;
use super::errors::{Twilio, TwilioError};
use super::form::Form;
use super::{auth, ok};
use crate::state::World;

type Shared = web::Data<World>;

/// `POST /v2/Indicators/Typing.json`: a form.
pub(super) async fn by_form(world: Shared, request: HttpRequest, body: web::Bytes) -> HttpResponse {
    let form = Form::parse(&body);
    let asked = match (form.get("channel"), form.get("messageId")) {
        (Some("whatsapp"), Some(id)) => Ok(id.to_owned()),
        (Some("whatsapp"), None) => Err(TwilioError::invalid("messageId", "it is required")),
        _ => Err(TwilioError::invalid("channel", "must be whatsapp")),
    };
    ok(indicate(&world, &request, asked))
}

/// `POST /v3/Indicators/Typing.json`: JSON.
pub(super) async fn by_json(world: Shared, request: HttpRequest, body: web::Bytes) -> HttpResponse {
    let asked = json_object(&body).and_then(|members| {
        if members.keys().any(|name| name != "channel" && name != "messageId") {
            return Err(TwilioError::invalid("body", "channel and messageId only"));
        }
        if members.get("channel").and_then(Value::as_str) != Some("WHATSAPP") {
            return Err(TwilioError::invalid("channel", "must be WHATSAPP"));
        }
        let id = members.get("messageId").and_then(Value::as_str);
        id.map(str::to_owned).ok_or_else(|| TwilioError::invalid("messageId", "it is required"))
    });
    ok(indicate(&world, &request, asked))
}

fn indicate(world: &World, request: &HttpRequest, asked: Twilio<String>) -> Twilio<Value> {
    let account = auth::caller(world, request)?.account;
    if world.mark_read(&account.account_sid, &asked?, true) {
        return Ok(json!({ "success": true }));
    }
    Err(TwilioError::not_found(request.path()))
}
