//! Who calls the direct provider: bearer tokens, app tokens and the proof of the app secret.

use std::collections::BTreeMap;
use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::http::header::AUTHORIZATION;

use super::errors::{Graph, GraphError};
use super::state::MANAGEMENT;
use crate::accounts::DirectAccount;
use crate::faults::FaultKind;
use crate::ids::now_ms;
use crate::signing;
use crate::state::World;

/// A call's query, by name. Repeated names keep the last value.
pub(super) type Query = BTreeMap<String, String>;

pub(super) fn query(request: &HttpRequest) -> Query {
    url::form_urlencoded::parse(request.query_string().as_bytes()).into_owned().collect()
}

/// The token of the `Authorization` header.
pub(super) fn bearer(request: &HttpRequest) -> Option<String> {
    let header = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    // The second step of a resumable upload says OAuth (direct.md §2.7).
    let token = header.and_then(|value| value.strip_prefix("Bearer ").or_else(|| value.strip_prefix("OAuth ")));
    token.map(|token| token.trim().to_owned())
}

/// The bearer token, or the `access_token` of the query, which Graph takes as well.
pub(super) fn token(request: &HttpRequest) -> Graph<String> {
    bearer(request)
        .or_else(|| query(request).remove("access_token"))
        .filter(|token| !token.is_empty())
        .ok_or_else(GraphError::bad_token)
}

/// The account of a sender, if the caller holds its token with the permission.
pub(super) fn for_sender(
    world: &World,
    request: &HttpRequest,
    phone_number_id: &str,
    permission: &'static str,
) -> Graph<Arc<DirectAccount>> {
    let token = token(request)?;
    let account = match world.accounts.direct(phone_number_id) {
        Some(account) if signing::same(&account.access_token, &token) => account,
        Some(_) if is_known(world, &token) => return Err(not_assigned()),
        None if is_known(world, &token) => return Err(GraphError::unknown_object(phone_number_id)),
        _ => return Err(GraphError::bad_token()),
    };
    check(world, request, &account, &token, permission)?;
    Ok(account)
}

/// The accounts of a WhatsApp Business Account, if the caller holds the token of one with the permission to manage it.
pub(super) fn for_waba(world: &World, request: &HttpRequest, waba_id: &str) -> Graph<Vec<Arc<DirectAccount>>> {
    let token = token(request)?;
    let found = world.accounts.find_direct(|account| account.waba_id == waba_id);
    let known = is_known(world, &token);
    if found.is_empty() {
        return Err(if known { GraphError::unknown_object(waba_id) } else { GraphError::bad_token() });
    }
    let own: Vec<_> = found.into_iter().filter(|account| signing::same(&account.access_token, &token)).collect();
    let Some(first) = own.first() else { return Err(if known { not_assigned() } else { GraphError::bad_token() }) };
    check(world, request, first, &token, MANAGEMENT)?;
    Ok(own)
}

/// The account whose token the caller holds, with the permission.
pub(super) fn caller(world: &World, request: &HttpRequest, permission: &'static str) -> Graph<Arc<DirectAccount>> {
    let token = token(request)?;
    let account = owner(world, &token).ok_or_else(GraphError::bad_token)?;
    check(world, request, &account, &token, permission)?;
    Ok(account)
}

/// The accounts of an app, if the caller holds the app token.
pub(super) fn for_app(world: &World, request: &HttpRequest, app_id: &str) -> Graph<Vec<Arc<DirectAccount>>> {
    let token = token(request)?;
    let own = world.accounts.find_direct(|account| account.app_id == app_id && account.is_app_token(&token));
    if own.is_empty() { Err(GraphError::bad_token()) } else { Ok(own) }
}

/// Whether a token is somebody's access token.
pub(super) fn owner(world: &World, token: &str) -> Option<Arc<DirectAccount>> {
    world.accounts.find_direct(|account| signing::same(&account.access_token, token)).into_iter().next()
}

/// Why the account's token does not work any more, as the subcode of the refusal.
pub(super) fn token_fault(world: &World, account: &DirectAccount) -> Option<u32> {
    if world.faults.hits(&account.phone_number_id, None, &FaultKind::BadToken) {
        return Some(463);
    }
    account.state.token_fault(now_ms())
}

fn check(
    world: &World,
    request: &HttpRequest,
    account: &DirectAccount,
    token: &str,
    permission: &'static str,
) -> Graph<()> {
    if let Some(subcode) = token_fault(world, account) {
        return Err(GraphError::dead_token(subcode));
    }
    match query(request).get("appsecret_proof") {
        Some(proof) if signing::proof_matches(&account.app_secret, token, proof) => {}
        Some(_) => return Err(GraphError::new(100, "Invalid appsecret_proof provided in the API argument")),
        None if account.require_proof => {
            return Err(GraphError::new(100, "API calls from the server require an appsecret_proof argument"));
        }
        None => {}
    }
    if !account.state.scopes.iter().any(|scope| scope == permission) {
        return Err(GraphError::new(
            10,
            format!("Application does not have permission for this action. The token lacks {permission}."),
        ));
    }
    match &account.state.granular_targets {
        Some(targets) if !targets.is_empty() && !targets.contains(&account.waba_id) => Err(not_assigned()),
        _ => Ok(()),
    }
}

fn is_known(world: &World, token: &str) -> bool {
    owner(world, token).is_some()
}

fn not_assigned() -> GraphError {
    GraphError::new(
        200,
        "You do not have the necessary permissions required to send messages on behalf of this WhatsApp Business Account",
    )
}
