//! The Event Streams API: sinks, subscriptions and types (twilio.md §3.7).

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::errors::{Twilio, TwilioError};
use super::form::Form;
use super::paging::meta_page;
use super::sinks::{APPROVAL_UPDATED, Sink, Subscription};
use super::times::iso;
use super::{auth, created, ok};
use crate::accounts::TwilioAccount;
use crate::ids::{hex_string, now_ms, sid};
use crate::state::World;

const BASE: &str = "https://events.twilio.com/v1";

type Shared = web::Data<World>;

/// `POST /v1/Sinks`: webhooks only. Sends the test event at once.
pub(super) async fn create_sink(world: Shared, request: HttpRequest, body: web::Bytes) -> HttpResponse {
    let outcome = auth::caller(&world, &request).and_then(|caller| {
        let form = Form::parse(&body);
        if form.get("SinkType") != Some("webhook") {
            return Err(TwilioError::invalid("SinkType", "the sandbox has sinks of type webhook only"));
        }
        let configuration: Value = serde_json::from_str(form.required("SinkConfiguration")?)
            .map_err(|_| TwilioError::invalid("SinkConfiguration", "not JSON"))?;
        let destination = configuration.get("destination").and_then(Value::as_str).unwrap_or_default();
        if !super::form::is_web_url(destination) {
            return Err(TwilioError::invalid("SinkConfiguration", "destination is not a URL"));
        }
        let now = now_ms();
        let sink = Sink {
            sid: sid("DG"),
            description: form.required("Description")?.to_owned(),
            destination: destination.to_owned(),
            batch_events: configuration.get("batch_events").and_then(Value::as_bool).unwrap_or_default(),
            test_id: hex_string::<16>(),
            is_active: false,
            created_at: now,
            updated_at: now,
        };
        change(&world, &caller.account, |account| account.sinks.push(sink.clone()))?;
        world.test_sink(&caller.account, &sink);
        Ok(sink_shown(&sink))
    });
    outcome.map_or_else(|error| error.response(), created)
}

/// `GET /v1/Sinks`.
pub(super) async fn list_sinks(world: Shared, request: HttpRequest) -> HttpResponse {
    ok(auth::caller(&world, &request).and_then(|caller| {
        let items = caller.account.sinks.iter().map(sink_shown).collect();
        meta_page(&request, "https://events.twilio.com", "sinks", items)
    }))
}

/// `GET /v1/Sinks/{DG}`.
pub(super) async fn fetch_sink(world: Shared, request: HttpRequest, path: web::Path<String>) -> HttpResponse {
    ok(sink(&world, &request, &path).map(|(_, sink)| sink_shown(&sink)))
}

/// `POST /v1/Sinks/{DG}/Test`: sends the test event again.
pub(super) async fn test_sink(world: Shared, request: HttpRequest, path: web::Path<String>) -> HttpResponse {
    let outcome = sink(&world, &request, &path).map(|(account, sink)| {
        world.test_sink(&account, &sink);
        json!({ "result": "submitted" })
    });
    outcome.map_or_else(|error| error.response(), created)
}

/// `POST /v1/Sinks/{DG}/Validate`: the id of the test event makes the sink active.
pub(super) async fn validate_sink(
    world: Shared,
    request: HttpRequest,
    path: web::Path<String>,
    body: web::Bytes,
) -> HttpResponse {
    let outcome = sink(&world, &request, &path).and_then(|(account, sink)| {
        if Form::parse(&body).required("TestId")? != sink.test_id {
            return Err(TwilioError::invalid("TestId", "not the id of the test event"));
        }
        change(&world, &account, |account| {
            account.sinks.iter_mut().filter(|other| other.sid == sink.sid).for_each(|sink| sink.is_active = true);
        })?;
        Ok(json!({ "result": "valid" }))
    });
    outcome.map_or_else(|error| error.response(), created)
}

/// `DELETE /v1/Sinks/{DG}`: not while something is subscribed.
pub(super) async fn delete_sink(world: Shared, request: HttpRequest, path: web::Path<String>) -> HttpResponse {
    let outcome = sink(&world, &request, &path).and_then(|(account, sink)| {
        if account.subscriptions.iter().any(|one| one.sink_sid == sink.sid) {
            return Err(TwilioError::new(20_409, "The sink has subscriptions"));
        }
        change(&world, &account, |account| account.sinks.retain(|other| other.sid != sink.sid))
    });
    outcome.map_or_else(|error| error.response(), |()| HttpResponse::NoContent().finish())
}

/// `POST /v1/Subscriptions`.
pub(super) async fn create_subscription(world: Shared, request: HttpRequest, body: web::Bytes) -> HttpResponse {
    let outcome = auth::caller(&world, &request).and_then(|caller| {
        let form = Form::parse(&body);
        let sink_sid = form.required("SinkSid")?.to_owned();
        if !caller.account.sinks.iter().any(|sink| sink.sid == sink_sid) {
            return Err(TwilioError::invalid("SinkSid", "no such sink"));
        }
        let types = form.all("Types").into_iter().map(type_name).collect::<Twilio<Vec<_>>>()?;
        if types.is_empty() {
            return Err(TwilioError::invalid("Types", "at least one is required"));
        }
        let now = now_ms();
        let subscription = Subscription {
            sid: sid("DF"),
            description: form.required("Description")?.to_owned(),
            sink_sid,
            types,
            created_at: now,
            updated_at: now,
        };
        change(&world, &caller.account, |account| account.subscriptions.push(subscription.clone()))?;
        Ok(subscription_shown(&caller.account, &subscription))
    });
    outcome.map_or_else(|error| error.response(), created)
}

/// A type is named by an object, of which only the name counts here.
fn type_name(text: &str) -> Twilio<String> {
    let named: Value = serde_json::from_str(text).map_err(|_| TwilioError::invalid("Types", "not JSON"))?;
    let name = named.get("type").and_then(Value::as_str);
    match name {
        Some(APPROVAL_UPDATED) => Ok(APPROVAL_UPDATED.to_owned()),
        _ => Err(TwilioError::invalid("Types", "the sandbox has no events of this type")),
    }
}

/// `GET /v1/Subscriptions`.
pub(super) async fn list_subscriptions(world: Shared, request: HttpRequest) -> HttpResponse {
    ok(auth::caller(&world, &request).and_then(|caller| {
        let wanted = super::form::query(&request).get("SinkSid").map(str::to_owned);
        let fits = |one: &&Subscription| wanted.as_ref().is_none_or(|wanted| *wanted == one.sink_sid);
        let items = caller.account.subscriptions.iter().filter(fits);
        let items = items.map(|one| subscription_shown(&caller.account, one)).collect();
        meta_page(&request, "https://events.twilio.com", "subscriptions", items)
    }))
}

/// `GET /v1/Subscriptions/{DF}`.
pub(super) async fn fetch_subscription(world: Shared, request: HttpRequest, path: web::Path<String>) -> HttpResponse {
    ok(auth::caller(&world, &request).and_then(|caller| {
        let found = caller.account.subscriptions.iter().find(|one| one.sid == *path);
        let found = found.ok_or_else(|| TwilioError::not_found(request.path()))?;
        Ok(subscription_shown(&caller.account, found))
    }))
}

/// `DELETE /v1/Subscriptions/{DF}`.
pub(super) async fn delete_subscription(world: Shared, request: HttpRequest, path: web::Path<String>) -> HttpResponse {
    let outcome = auth::caller(&world, &request).and_then(|caller| {
        if !caller.account.subscriptions.iter().any(|one| one.sid == *path) {
            return Err(TwilioError::not_found(request.path()));
        }
        change(&world, &caller.account, |account| account.subscriptions.retain(|one| one.sid != *path))
    });
    outcome.map_or_else(|error| error.response(), |()| HttpResponse::NoContent().finish())
}

/// `GET /v1/Types`.
pub(super) async fn types(world: Shared, request: HttpRequest) -> HttpResponse {
    ok(auth::caller(&world, &request).and_then(|_| {
        let shown = json!({
            "type": APPROVAL_UPDATED,
            "schema_id": "Messaging.TemplateApprovalUpdated",
            "description": "The approval of a template changed",
            "status": "released",
            "date_created": iso(1_763_000_000_000),
            "date_updated": iso(1_763_000_000_000),
            "documentation_url": null,
            "url": format!("{BASE}/Types/{APPROVAL_UPDATED}"),
            "links": {},
        });
        meta_page(&request, "https://events.twilio.com", "types", vec![shown])
    }))
}

type Found = (std::sync::Arc<TwilioAccount>, Sink);

fn sink(world: &World, request: &HttpRequest, sid: &str) -> Twilio<Found> {
    let account = auth::caller(world, request)?.account;
    let found = account.sinks.iter().find(|sink| sink.sid == sid).cloned();
    let found = found.ok_or_else(|| TwilioError::not_found(request.path()))?;
    Ok((account, found))
}

fn change(world: &World, account: &TwilioAccount, change: impl FnOnce(&mut TwilioAccount)) -> Twilio<()> {
    let changed = world.accounts.update_twilio(&account.account_sid, change);
    changed.map(drop).map_err(|_| TwilioError::told(20_500))
}

fn sink_shown(sink: &Sink) -> Value {
    let url = format!("{BASE}/Sinks/{}", sink.sid);
    json!({
        "sid": sink.sid,
        "description": sink.description,
        "sink_type": "webhook",
        "sink_configuration": { "destination": sink.destination, "method": "POST", "batch_events": sink.batch_events },
        "status": if sink.is_active { "active" } else { "initialized" },
        "date_created": iso(sink.created_at),
        "date_updated": iso(sink.updated_at),
        "url": url,
        "links": { "sink_test": format!("{url}/Test"), "sink_validate": format!("{url}/Validate") },
    })
}

fn subscription_shown(account: &TwilioAccount, subscription: &Subscription) -> Value {
    let url = format!("{BASE}/Subscriptions/{}", subscription.sid);
    json!({
        "sid": subscription.sid,
        "account_sid": account.account_sid,
        "description": subscription.description,
        "sink_sid": subscription.sink_sid,
        "date_created": iso(subscription.created_at),
        "date_updated": iso(subscription.updated_at),
        "url": url,
        "links": { "subscribed_events": format!("{url}/SubscribedEvents") },
    })
}
