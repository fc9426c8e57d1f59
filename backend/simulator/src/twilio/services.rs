//! Messaging services and their pools (twilio.md §2.9).

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::errors::{Twilio, TwilioError};
use super::form::{Form, is_web_url};
use super::paging::meta_page;
use super::routing::Service;
use super::times::iso;
use super::{auth, created, ok};
use crate::accounts::TwilioAccount;
use crate::ids::{now_ms, sid};
use crate::state::World;

const HOST: &str = "https://messaging.twilio.com";

type Shared = web::Data<World>;

/// `GET /v1/Services`.
pub(super) async fn list(world: Shared, request: HttpRequest) -> HttpResponse {
    ok(auth::caller(&world, &request).and_then(|caller| {
        let items = caller.account.services().iter().map(|service| shown(&caller.account, service)).collect();
        meta_page(&request, HOST, "services", items)
    }))
}

/// `POST /v1/Services`.
pub(super) async fn create(world: Shared, request: HttpRequest, body: web::Bytes) -> HttpResponse {
    let outcome = auth::caller(&world, &request).and_then(|caller| {
        let form = Form::parse(&body);
        let mut service = Service::new(sid("MG"), form.required("FriendlyName")?.to_owned(), now_ms());
        change(&mut service, &form)?;
        let answer = shown(&caller.account, &service);
        save(&world, &caller.account, |services| services.push(service))?;
        Ok(answer)
    });
    outcome.map_or_else(|error| error.response(), created)
}

/// `GET /v1/Services/{MG}`.
pub(super) async fn fetch(world: Shared, request: HttpRequest, path: web::Path<String>) -> HttpResponse {
    ok(find(&world, &request, &path).map(|(account, service)| shown(&account, &service)))
}

/// `POST /v1/Services/{MG}`.
pub(super) async fn update(
    world: Shared,
    request: HttpRequest,
    path: web::Path<String>,
    body: web::Bytes,
) -> HttpResponse {
    ok(find(&world, &request, &path).and_then(|(account, mut service)| {
        change(&mut service, &Form::parse(&body))?;
        service.updated_at = now_ms();
        put(&world, &account, &service)?;
        Ok(shown(&account, &service))
    }))
}

/// `DELETE /v1/Services/{MG}`.
pub(super) async fn delete(world: Shared, request: HttpRequest, path: web::Path<String>) -> HttpResponse {
    let outcome = find(&world, &request, &path).and_then(|(account, service)| {
        save(&world, &account, |services| services.retain(|other| other.sid != service.sid))
    });
    outcome.map_or_else(|error| error.response(), |()| HttpResponse::NoContent().finish())
}

/// `GET /v1/Services/{MG}/ChannelSenders`.
pub(super) async fn pool(world: Shared, request: HttpRequest, path: web::Path<String>) -> HttpResponse {
    ok(find(&world, &request, &path).and_then(|(account, service)| {
        let items = service.senders.iter().map(|_| member_shown(&account, &service)).collect();
        meta_page(&request, HOST, "senders", items)
    }))
}

/// `POST /v1/Services/{MG}/ChannelSenders`: a sender is in one pool at most.
pub(super) async fn add_sender(
    world: Shared,
    request: HttpRequest,
    path: web::Path<String>,
    body: web::Bytes,
) -> HttpResponse {
    let outcome = find(&world, &request, &path).and_then(|(account, mut service)| {
        let form = Form::parse(&body);
        let sender = form.required("Sid")?;
        if sender != account.sender_sid || account.state.sender_absent {
            return Err(TwilioError::not_found(request.path()));
        }
        if account.services().iter().any(|service| service.senders.iter().any(|member| member == sender)) {
            return Err(TwilioError::new(21_710, "The sender is already associated with a Messaging Service"));
        }
        service.senders.push(sender.to_owned());
        put(&world, &account, &service)?;
        Ok(member_shown(&account, &service))
    });
    outcome.map_or_else(|error| error.response(), created)
}

/// `GET /v1/Services/{MG}/ChannelSenders/{XE}`.
pub(super) async fn fetch_sender(
    world: Shared,
    request: HttpRequest,
    path: web::Path<(String, String)>,
) -> HttpResponse {
    let (service, sender) = path.into_inner();
    ok(member(&world, &request, &service, &sender).map(|(account, service)| member_shown(&account, &service)))
}

/// `DELETE /v1/Services/{MG}/ChannelSenders/{XE}`.
pub(super) async fn remove_sender(
    world: Shared,
    request: HttpRequest,
    path: web::Path<(String, String)>,
) -> HttpResponse {
    let (service, sender) = path.into_inner();
    let outcome = member(&world, &request, &service, &sender).and_then(|(account, mut service)| {
        service.senders.retain(|member| *member != sender);
        put(&world, &account, &service)
    });
    outcome.map_or_else(|error| error.response(), |()| HttpResponse::NoContent().finish())
}

type Found = (Arc<TwilioAccount>, Service);

fn find(world: &World, request: &HttpRequest, sid: &str) -> Twilio<Found> {
    let account = auth::caller(world, request)?.account;
    let service = account.service(sid).ok_or_else(|| TwilioError::not_found(request.path()))?;
    Ok((account, service))
}

fn member(world: &World, request: &HttpRequest, service: &str, sender: &str) -> Twilio<Found> {
    let (account, service) = find(world, request, service)?;
    if service.senders.iter().any(|member| member == sender) {
        return Ok((account, service));
    }
    Err(TwilioError::not_found(request.path()))
}

/// What is left out stays; an empty URL becomes null.
fn change(service: &mut Service, form: &Form) -> Twilio<()> {
    if let Some(name) = form.get("FriendlyName") {
        service.friendly_name = name.to_owned();
    }
    for (name, url) in [
        ("InboundRequestUrl", &mut service.inbound_request_url),
        ("FallbackUrl", &mut service.fallback_url),
        ("StatusCallback", &mut service.status_callback),
    ] {
        match form.given(name) {
            None => {}
            Some("") => *url = None,
            Some(given) if is_web_url(given) => *url = Some(given.to_owned()),
            Some(_) => return Err(TwilioError::invalid(name, "not a URL")),
        }
    }
    for name in ["InboundMethod", "FallbackMethod"] {
        if form.get(name).is_some_and(|method| method != "POST") {
            return Err(TwilioError::invalid(name, "the sandbox calls with POST only"));
        }
    }
    if let Some(seconds) = form.get("ValidityPeriod") {
        let seconds = seconds.parse().ok().filter(|seconds| (1..=36_000).contains(seconds));
        service.validity_period = seconds.ok_or_else(|| TwilioError::invalid("ValidityPeriod", "1 to 36000"))?;
    }
    if let Some(usecase) = form.get("Usecase") {
        service.usecase = usecase.to_owned();
    }
    for (name, flag) in [
        ("UseInboundWebhookOnNumber", &mut service.use_inbound_webhook_on_number),
        ("StickySender", &mut service.sticky_sender),
    ] {
        match form.get(name) {
            None => {}
            Some("true") => *flag = true,
            Some("false") => *flag = false,
            Some(_) => return Err(TwilioError::invalid(name, "true or false")),
        }
    }
    Ok(())
}

fn put(world: &World, account: &TwilioAccount, service: &Service) -> Twilio<()> {
    save(world, account, |services| {
        services.iter_mut().filter(|other| other.sid == service.sid).for_each(|slot| slot.clone_from(service));
    })
}

fn save(world: &World, account: &TwilioAccount, change: impl FnOnce(&mut Vec<Service>)) -> Twilio<()> {
    let saved = world.accounts.update_twilio(&account.account_sid, |account| {
        let mut services = account.services();
        change(&mut services);
        account.services = Some(services);
    });
    saved.map(drop).map_err(|_| TwilioError::told(20_500))
}

fn shown(account: &TwilioAccount, service: &Service) -> Value {
    let url = format!("{HOST}/v1/Services/{}", service.sid);
    json!({
        "sid": service.sid,
        "account_sid": account.account_sid,
        "friendly_name": service.friendly_name,
        "date_created": iso(service.created_at),
        "date_updated": iso(service.updated_at),
        "inbound_request_url": service.inbound_request_url,
        "inbound_method": "POST",
        "fallback_url": service.fallback_url,
        "fallback_method": "POST",
        "status_callback": service.status_callback,
        "sticky_sender": service.sticky_sender,
        "mms_converter": true,
        "smart_encoding": true,
        "scan_message_content": "inherit",
        "fallback_to_long_code": true,
        "area_code_geomatch": true,
        "synchronous_validation": false,
        "validity_period": service.validity_period,
        "usecase": service.usecase,
        "us_app_to_person_registered": false,
        "use_inbound_webhook_on_number": service.use_inbound_webhook_on_number,
        "url": url,
        "links": { "channel_senders": format!("{url}/ChannelSenders") },
    })
}

fn member_shown(account: &TwilioAccount, service: &Service) -> Value {
    json!({
        "sid": account.sender_sid,
        "account_sid": account.account_sid,
        "messaging_service_sid": service.sid,
        "sender": format!("whatsapp:{}", account.sender_number),
        "sender_type": "WhatsApp",
        "country_code": "US",
        "date_created": iso(service.created_at),
        "date_updated": iso(service.updated_at),
        "url": format!("{HOST}/v1/Services/{}/ChannelSenders/{}", service.sid, account.sender_sid),
    })
}
