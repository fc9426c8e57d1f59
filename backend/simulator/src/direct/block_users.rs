//! `/{phone number id}/block_users` (direct.md §2.10).

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Map, Value, json};

use super::errors::{Graph, GraphError, trace_id};
use super::numbers::change;
use super::paging::Page;
use super::state::MESSAGING;
use super::{auth, reply};
use crate::accounts::DirectAccount;
use crate::ids::now_ms;
use crate::people::{bsuid, is_bsuid, parse_phone};
use crate::state::World;

/// People in one call.
const CALL_LIMIT: usize = 1_000;
/// People in the list.
const LIST_LIMIT: usize = 64_000;

type Shared = web::Data<World>;
type Ids = web::Path<(String, String)>;

pub(super) async fn list(world: Shared, request: HttpRequest, path: Ids) -> HttpResponse {
    let (version, id) = path.into_inner();
    let outcome = auth::for_sender(&world, &request, &id, MESSAGING).and_then(|account| {
        let rows: Vec<Value> = account.blocked.iter().map(|person| shown(&account, person)).collect();
        let page = Page::of(&auth::query(&request), rows.len(), 1_000)?;
        Ok(json!({ "data": page.cut(rows), "paging": page.paging(&format!("{id}/block_users")) }))
    });
    reply(&version, outcome)
}

fn shown(account: &DirectAccount, person: &str) -> Value {
    let mut row = Map::new();
    row.insert("messaging_product".to_owned(), json!("whatsapp"));
    if !is_bsuid(person) {
        row.insert("wa_id".to_owned(), json!(person.trim_start_matches('+')));
    }
    row.insert("user_id".to_owned(), json!(bsuid(&account.business_id, person)));
    Value::Object(row)
}

/// Blocks those who wrote within the last 24 hours, and says who could not be blocked.
pub(super) async fn block(world: Shared, request: HttpRequest, path: Ids, body: web::Bytes) -> HttpResponse {
    let (version, id) = path.into_inner();
    let outcome = auth::for_sender(&world, &request, &id, MESSAGING).and_then(|account| {
        let (mut added, mut failed) = (Vec::new(), Vec::new());
        let mut people = Vec::new();
        for input in users(&body)? {
            let person = person(&world, &account, &input);
            let wrote = person
                .as_ref()
                .is_some_and(|person| world.people.wrote_lately(&account.phone_number_id, person, now_ms()));
            match person.filter(|_| wrote) {
                Some(person) => {
                    added.push(operation(&input, &person));
                    people.push(person);
                }
                None => failed.push(failure(&input)),
            }
        }
        if account.blocked.len() + people.len() > LIST_LIMIT {
            return Err(GraphError::new(139_101, "The block list holds 64,000 users."));
        }
        change(&world, &[account], |account| account.blocked.extend(people.iter().cloned()))?;
        Ok((added, failed))
    });
    match outcome {
        Ok((added, failed)) if failed.is_empty() => {
            reply(&version, Ok(json!({ "messaging_product": "whatsapp", "block_users": { "added_users": added } })))
        }
        // The only answer that says both what went well and what did not.
        Ok((added, failed)) => {
            HttpResponse::BadRequest().insert_header(("facebook-api-version", version)).json(json!({
                "messaging_product": "whatsapp",
                "block_users": { "added_users": added, "failed_users": failed },
                "error": GraphError::new(139_100, "Failed to block some of the users").object(&trace_id()),
            }))
        }
        Err(error) => error.response(&version),
    }
}

/// Takes people off the list; those who are not on it count as taken off.
pub(super) async fn unblock(world: Shared, request: HttpRequest, path: Ids, body: web::Bytes) -> HttpResponse {
    let (version, id) = path.into_inner();
    let outcome = auth::for_sender(&world, &request, &id, MESSAGING).and_then(|account| {
        let mut removed = Vec::new();
        let mut people = Vec::new();
        for input in users(&body)? {
            let person = person(&world, &account, &input)
                .ok_or_else(|| GraphError::new(100, format!("{input} is not a user.")))?;
            removed.push(operation(&input, &person));
            people.push(person);
        }
        change(&world, &[account], |account| account.blocked.retain(|person| !people.contains(person)))?;
        Ok(json!({ "messaging_product": "whatsapp", "block_users": { "removed_users": removed } }))
    });
    reply(&version, outcome)
}

/// The people a body names.
fn users(body: &[u8]) -> Graph<Vec<String>> {
    let given: Value =
        serde_json::from_slice(body).map_err(|_| GraphError::new(100, "The request body is not JSON"))?;
    if given.get("messaging_product").and_then(Value::as_str) != Some("whatsapp") {
        return Err(GraphError::new(100, "The parameter messaging_product is required."));
    }
    let users = given.get("block_users").and_then(Value::as_array).filter(|users| !users.is_empty());
    let users = users.ok_or_else(|| GraphError::new(100, "The parameter block_users is required."))?;
    if users.len() > CALL_LIMIT {
        return Err(GraphError::new(100, format!("Param block_users may name {CALL_LIMIT} users.")));
    }
    let name =
        |user: &Value| user.get("user").or_else(|| user.get("user_id")).and_then(Value::as_str).map(str::to_owned);
    let named =
        users.iter().map(|user| name(user).ok_or_else(|| GraphError::new(100, "The parameter user is required.")));
    named.collect()
}

fn person(world: &World, account: &DirectAccount, input: &str) -> Option<String> {
    let person = if is_bsuid(input) { Some(input.to_owned()) } else { parse_phone(input) };
    person.map(|person| world.people.known_as(&account.phone_number_id, person))
}

fn operation(input: &str, person: &str) -> Value {
    if is_bsuid(person) {
        json!({ "input": input, "user_id": person })
    } else {
        json!({ "input": input, "wa_id": person.trim_start_matches('+') })
    }
}

fn failure(input: &str) -> Value {
    let error = GraphError::new(
        131_047,
        "The user cannot be blocked because more than 24 hours have passed since they last wrote to this number.",
    );
    json!({ "input": input, "errors": [error.inner()] })
}
