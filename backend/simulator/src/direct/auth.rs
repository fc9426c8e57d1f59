//! Who calls the direct provider: bearer tokens, app tokens and the proof of the app secret.

use std::collections::BTreeMap;
use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::http::header::AUTHORIZATION;

use super::errors::{Graph, GraphError};
use crate::accounts::DirectAccount;
use crate::faults::FaultKind;
use crate::signing;
use crate::state::World;

/// A call's query, by name. Repeated names keep the last value.
pub(super) type Query = BTreeMap<String, String>;

pub(super) fn query(request: &HttpRequest) -> Query {
    url::form_urlencoded::parse(request.query_string().as_bytes()).into_owned().collect()
}

/// The bearer token, or the `access_token` of the query, which Graph takes as well.
pub(super) fn token(request: &HttpRequest) -> Graph<String> {
    let header = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let bearer = header.and_then(|value| value.strip_prefix("Bearer ")).map(|token| token.trim().to_owned());
    bearer
        .or_else(|| query(request).remove("access_token"))
        .filter(|token| !token.is_empty())
        .ok_or_else(GraphError::bad_token)
}

/// The account of a sender, if the caller holds its token.
pub(super) fn for_sender(world: &World, request: &HttpRequest, phone_number_id: &str) -> Graph<Arc<DirectAccount>> {
    let token = token(request)?;
    let account = match world.accounts.direct(phone_number_id) {
        Some(account) if signing::same(&account.access_token, &token) => account,
        Some(_) if is_known(world, &token) => return Err(not_assigned()),
        None if is_known(world, &token) => return Err(GraphError::unknown_object(phone_number_id)),
        _ => return Err(GraphError::bad_token()),
    };
    check(world, request, &account, &token)?;
    Ok(account)
}

/// The accounts that fit, if the caller holds the token of each.
pub(super) fn for_accounts(
    world: &World,
    request: &HttpRequest,
    id: &str,
    fits: impl Fn(&DirectAccount) -> bool,
) -> Graph<Vec<Arc<DirectAccount>>> {
    let token = token(request)?;
    let found = world.accounts.find_direct(&fits);
    let known = is_known(world, &token);
    if found.is_empty() {
        return Err(if known { GraphError::unknown_object(id) } else { GraphError::bad_token() });
    }
    let own: Vec<_> = found.into_iter().filter(|account| signing::same(&account.access_token, &token)).collect();
    let Some(first) = own.first() else { return Err(if known { not_assigned() } else { GraphError::bad_token() }) };
    check(world, request, first, &token)?;
    Ok(own)
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

/// Whether the account's token is to be treated as dead.
pub(super) fn is_dead(world: &World, account: &DirectAccount) -> bool {
    world.faults.hits(&account.phone_number_id, None, &FaultKind::BadToken)
}

fn check(world: &World, request: &HttpRequest, account: &DirectAccount, token: &str) -> Graph<()> {
    if is_dead(world, account) {
        return Err(GraphError::bad_token());
    }
    match query(request).get("appsecret_proof") {
        Some(proof) if signing::proof_matches(&account.app_secret, token, proof) => Ok(()),
        Some(_) => Err(GraphError::new(100, "Invalid appsecret_proof provided in the API argument")),
        None if account.require_proof => {
            Err(GraphError::new(100, "API calls from the server require an appsecret_proof argument"))
        }
        None => Ok(()),
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
