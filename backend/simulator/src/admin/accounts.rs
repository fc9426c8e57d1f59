//! Making, changing and showing accounts.

use std::sync::Arc;

use actix_web::{HttpResponse, web};

use super::types::{
    AccountPatch, AccountView, DirectCredentials, NewDirectAccount, NewTwilioAccount, TwilioCredentials,
};
use super::{Refusal, resolve, state};
use crate::accounts::{Account, AccountError, DirectAccount, Rules, TwilioAccount};
use crate::direct::profile::{Blocked, Profile};
use crate::direct::state::DirectState;
use crate::ids;
use crate::ledger::Event;
use crate::people::{DEFAULT_CUSTOMER, parse_phone};
use crate::review::Reviews;
use crate::state::World;
use crate::twilio::state::TwilioState;

/// Tries to find a number that is still free. The range for direct senders has only a thousand.
const NUMBER_TRIES: usize = 200;
/// Fields that a new app is subscribed to (direct.md §3.3).
const FIELDS: [&str; 13] = [
    "messages",
    "message_template_status_update",
    "message_template_quality_update",
    "message_template_components_update",
    "template_category_update",
    "phone_number_quality_update",
    "phone_number_name_update",
    "account_update",
    "account_review_update",
    "account_alerts",
    "business_capability_update",
    "user_preferences",
    "security",
];

type Answer = Result<HttpResponse, Refusal>;

pub(super) async fn list(world: web::Data<World>) -> HttpResponse {
    let accounts: Vec<AccountView> = world.accounts.all().iter().map(view).collect();
    HttpResponse::Ok().json(accounts)
}

pub(super) async fn create_direct(world: web::Data<World>, wanted: web::Json<NewDirectAccount>) -> Answer {
    let wanted = wanted.into_inner();
    let greet = wanted.greet;
    let phone = number(&world, wanted.display_phone_number.as_deref(), ids::drama_number)?;
    let account = world.accounts.add_direct(DirectAccount {
        phone_number_id: Arc::from(wanted.phone_number_id.unwrap_or_else(|| ids::graph_id(2))),
        app_id: wanted.app_id.unwrap_or_else(|| ids::graph_id(1)),
        app_secret: wanted.app_secret.unwrap_or_else(ids::hex_string::<16>),
        waba_id: wanted.waba_id.unwrap_or_else(|| ids::graph_id(3)),
        business_id: wanted.business_id.unwrap_or_else(|| ids::graph_id(6)),
        phone,
        verified_name: wanted.verified_name.unwrap_or_else(|| "Acme Tea".to_owned()),
        access_token: wanted.access_token.unwrap_or_else(ids::access_token),
        require_proof: wanted.require_proof,
        subscribed: wanted.callback_url.is_some(),
        callback_url: wanted.callback_url,
        verify_token: Some(wanted.verify_token.unwrap_or_else(ids::hex_string::<16>)),
        fields: FIELDS.map(str::to_owned).to_vec(),
        waba_callback_url: None,
        number_callback_url: None,
        state: DirectState::default(),
        profile: Profile::default(),
        blocked: Blocked::default(),
        registrations: Vec::new(),
        rules: Rules {
            windows: wanted.windows,
            rate_per_second: wanted.rate_per_second,
            pair_limit: wanted.pair_limit,
            reviews: Reviews::default(),
        },
    })?;
    welcome(&world, &account.phone_number_id, greet)?;
    Ok(HttpResponse::Created().json(direct_view(&account)))
}

pub(super) async fn create_twilio(world: web::Data<World>, wanted: web::Json<NewTwilioAccount>) -> Answer {
    let wanted = wanted.into_inner();
    let greet = wanted.greet;
    let sender_number = number(&world, wanted.sender_number.as_deref(), ids::unassigned_number)?;
    let account = world.accounts.add_twilio(TwilioAccount {
        account_sid: Arc::from(wanted.account_sid.unwrap_or_else(|| ids::sid("AC"))),
        auth_token: wanted.auth_token.unwrap_or_else(ids::hex_string::<16>),
        secondary_auth_token: wanted.secondary_auth_token,
        api_key_sid: wanted.api_key_sid.unwrap_or_else(|| ids::sid("SK")),
        api_key_secret: wanted.api_key_secret.unwrap_or_else(ids::hex_string::<16>),
        sender_number,
        sender_sid: ids::sid("XE"),
        messaging_service_sid: ids::sid("MG"),
        waba_id: ids::graph_id(3),
        profile_name: wanted.profile_name.unwrap_or_else(|| "Acme Tea".to_owned()),
        callback_url: wanted.inbound_url,
        fallback_url: wanted.fallback_url,
        status_callback_url: wanted.status_callback_url,
        state: TwilioState::default(),
        sender_profile: serde_json::Map::new(),
        services: None,
        sinks: Vec::new(),
        subscriptions: Vec::new(),
        rules: Rules {
            windows: wanted.windows,
            rate_per_second: wanted.rate_per_second,
            pair_limit: wanted.pair_limit,
            reviews: Reviews::default(),
        },
    })?;
    welcome(&world, &account.account_sid, greet)?;
    Ok(HttpResponse::Created().json(twilio_view(&account)))
}

pub(super) async fn patch(world: web::Data<World>, id: web::Path<String>, patch: web::Json<AccountPatch>) -> Answer {
    let patch = patch.into_inner();
    let changed = match resolve(&world, &id)? {
        Account::Direct(account) => {
            let mut changed = (*account).clone();
            change_direct(&mut changed, patch)?;
            Account::Direct(world.accounts.update_direct(&account.phone_number_id, |account| *account = changed)?)
        }
        Account::Twilio(account) => {
            let mut changed = (*account).clone();
            change_twilio(&mut changed, patch)?;
            Account::Twilio(world.accounts.update_twilio(&account.account_sid, |account| *account = changed)?)
        }
    };
    Ok(HttpResponse::Ok().json(view(&changed)))
}

/// A wanted number, or a free one.
fn number(world: &World, wanted: Option<&str>, make: fn() -> String) -> Result<String, Refusal> {
    if let Some(wanted) = wanted {
        let plain = wanted.strip_prefix("whatsapp:").unwrap_or(wanted);
        return parse_phone(plain).ok_or_else(|| Refusal::invalid("the sender's number is not a phone number"));
    }
    let free = |number: &String| number != DEFAULT_CUSTOMER && world.accounts.resolve(number).is_none();
    std::iter::repeat_with(make).take(NUMBER_TRIES).find(free).ok_or_else(|| AccountError::Exists.into())
}

/// Opens the default customer's window, as if a first "Hi" had come.
fn welcome(world: &World, account: &Arc<str>, greet: bool) -> Result<(), Refusal> {
    if greet {
        let since = ids::now_ms();
        world.book(&Event::Greeted { account: Arc::clone(account), person: DEFAULT_CUSTOMER.into(), since })?;
        world.people.wrote(account, DEFAULT_CUSTOMER, None, since);
    }
    Ok(())
}

fn change_direct(account: &mut DirectAccount, patch: AccountPatch) -> Result<(), Refusal> {
    if let Some(state) = patch.state {
        state::apply_direct(account, state)?;
    }
    if let Some(url) = patch.callback_url {
        account.callback_url = Some(url).filter(|url| !url.is_empty());
        account.subscribed |= account.callback_url.is_some();
    }
    account.verify_token = patch.verify_token.or(account.verify_token.take());
    replace(&mut account.access_token, patch.access_token);
    replace(&mut account.app_secret, patch.app_secret);
    replace(&mut account.require_proof, patch.require_proof);
    replace(&mut account.rules.reviews.template_review_ms, patch.template_review_ms);
    replace(&mut account.rules.reviews.template_verdicts, patch.template_verdicts);
    change_rules(&mut account.rules, patch.windows, patch.rate_per_second, patch.pair_limit);
    Ok(())
}

fn change_twilio(account: &mut TwilioAccount, patch: AccountPatch) -> Result<(), Refusal> {
    if let Some(state) = patch.state {
        state::apply_twilio(account, state)?;
    }
    replace_or_remove(&mut account.callback_url, patch.callback_url);
    replace_or_remove(&mut account.fallback_url, patch.fallback_url);
    replace_or_remove(&mut account.status_callback_url, patch.status_callback_url);
    replace_or_remove(&mut account.secondary_auth_token, patch.secondary_auth_token);
    replace(&mut account.auth_token, patch.auth_token);
    replace(&mut account.rules.reviews.template_review_ms, patch.template_review_ms);
    replace(&mut account.rules.reviews.template_verdicts, patch.template_verdicts);
    change_rules(&mut account.rules, patch.windows, patch.rate_per_second, patch.pair_limit);
    Ok(())
}

fn change_rules(
    rules: &mut Rules,
    windows: Option<crate::people::WindowPolicy>,
    rate: Option<u32>,
    pair: Option<bool>,
) {
    replace(&mut rules.windows, windows);
    replace(&mut rules.pair_limit, pair);
    if let Some(rate) = rate {
        rules.rate_per_second = Some(rate).filter(|rate| *rate > 0);
    }
}

fn replace<T>(slot: &mut T, new: Option<T>) {
    if let Some(new) = new {
        *slot = new;
    }
}

fn replace_or_remove(slot: &mut Option<String>, new: Option<String>) {
    if let Some(new) = new {
        *slot = Some(new).filter(|new| !new.is_empty());
    }
}

fn view(account: &Account) -> AccountView {
    match account {
        Account::Direct(account) => AccountView::Direct(direct_view(account)),
        Account::Twilio(account) => AccountView::Twilio(twilio_view(account)),
    }
}

fn direct_view(account: &DirectAccount) -> DirectCredentials {
    DirectCredentials {
        app_id: account.app_id.clone(),
        app_secret: account.app_secret.clone(),
        waba_id: account.waba_id.clone(),
        business_id: account.business_id.clone(),
        phone_number_id: account.phone_number_id.to_string(),
        display_phone_number: account.phone.clone(),
        verified_name: account.verified_name.clone(),
        access_token: account.access_token.clone(),
        verify_token: account.verify_token.clone().unwrap_or_default(),
        callback_url: account.callback_url.clone(),
        fields: account.fields.clone(),
        subscribed: account.subscribed,
        state: Box::new(account.state.clone()),
    }
}

fn twilio_view(account: &TwilioAccount) -> TwilioCredentials {
    TwilioCredentials {
        account_sid: account.account_sid.to_string(),
        auth_token: account.auth_token.clone(),
        secondary_auth_token: account.secondary_auth_token.clone(),
        api_key_sid: account.api_key_sid.clone(),
        api_key_secret: account.api_key_secret.clone(),
        sender_number: format!("whatsapp:{}", account.sender_number),
        sender_sid: account.sender_sid.clone(),
        messaging_service_sid: account.messaging_service_sid.clone(),
        inbound_url: account.callback_url.clone(),
        status_callback_url: account.status_callback_url.clone(),
        state: account.state.clone(),
    }
}
