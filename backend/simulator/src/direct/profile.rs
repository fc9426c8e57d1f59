//! `/{phone number id}/whatsapp_business_profile` (direct.md §2.10), and whom a number blocks.

use std::collections::BTreeSet;

use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::errors::{Graph, GraphError};
use super::numbers::change;
use super::state::MESSAGING;
use super::validate::optional_text;
use super::{auth, fields, reply, uploads};
use crate::accounts::DirectAccount;
use crate::state::World;

/// The trades a business may belong to.
const VERTICALS: [&str; 21] = [
    "OTHER",
    "AUTO",
    "BEAUTY",
    "APPAREL",
    "EDU",
    "ENTERTAIN",
    "EVENT_PLAN",
    "FINANCE",
    "GROCERY",
    "GOVT",
    "HOTEL",
    "HEALTH",
    "NONPROFIT",
    "PROF_SERVICES",
    "RETAIL",
    "TRAVEL",
    "RESTAURANT",
    "ALCOHOL",
    "ONLINE_GAMBLING",
    "PHYSICAL_GAMBLING",
    "OTC_DRUGS",
];
const WEBSITES: usize = 2;
const WEBSITE_LIMIT: usize = 256;

/// The business profile of a number.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Profile {
    about: String,
    address: String,
    description: String,
    email: String,
    websites: Vec<String>,
    vertical: String,
    /// The file that was uploaded for the picture.
    picture: Option<String>,
}

/// People a number does not want to hear of: numbers in E.164 with plus, or business-scoped user ids.
pub(crate) type Blocked = BTreeSet<String>;

type Shared = web::Data<World>;
type Ids = web::Path<(String, String)>;

pub(super) async fn read(world: Shared, request: HttpRequest, path: Ids) -> HttpResponse {
    let (version, id) = path.into_inner();
    let outcome = auth::for_sender(&world, &request, &id, MESSAGING).and_then(|account| {
        let profile = fields::chosen(&request, shown(&world, &account))?;
        Ok(json!({ "data": [profile] }))
    });
    reply(&version, outcome)
}

fn shown(world: &World, account: &DirectAccount) -> Value {
    let profile = &account.profile;
    let picture = profile.picture.as_deref().and_then(|id| world.media.get(id));
    json!({
        "messaging_product": "whatsapp",
        "about": profile.about,
        "address": profile.address,
        "description": profile.description,
        "email": profile.email,
        "websites": profile.websites,
        "vertical": if profile.vertical.is_empty() { "OTHER" } else { profile.vertical.as_str() },
        "profile_picture_url": picture.map(|(_, medium)| world.media_url(&medium, 0)).unwrap_or_default(),
    })
}

pub(super) async fn update(world: Shared, request: HttpRequest, path: Ids, body: web::Bytes) -> HttpResponse {
    let (version, id) = path.into_inner();
    let outcome = auth::for_sender(&world, &request, &id, MESSAGING).and_then(|account| {
        let given: Value =
            serde_json::from_slice(&body).map_err(|_| GraphError::new(100, "The request body is not JSON"))?;
        let profile = changed(&world, &account, &given)?;
        change(&world, &[account], |account| account.profile = profile.clone())
    });
    reply(&version, outcome)
}

fn changed(world: &World, account: &DirectAccount, given: &Value) -> Graph<Profile> {
    if given.get("messaging_product").and_then(Value::as_str) != Some("whatsapp") {
        return Err(GraphError::new(100, "The parameter messaging_product is required."));
    }
    let mut profile = account.profile.clone();
    let set = |slot: &mut String, pointer: &str, limit: usize| -> Graph<()> {
        if let Some(text) = optional_text(given, pointer, limit)? {
            text.clone_into(slot);
        }
        Ok(())
    };
    set(&mut profile.about, "/about", 139)?;
    set(&mut profile.address, "/address", 256)?;
    set(&mut profile.description, "/description", 512)?;
    set(&mut profile.email, "/email", 128)?;
    set(&mut profile.vertical, "/vertical", 32)?;
    if given.get("about").is_some() && profile.about.is_empty() {
        return Err(GraphError::new(100, "Param about must not be empty."));
    }
    if !profile.email.is_empty() && !profile.email.contains('@') {
        return Err(GraphError::new(100, "Param email must be an e-mail address."));
    }
    if !profile.vertical.is_empty() && !VERTICALS.contains(&profile.vertical.as_str()) {
        return Err(GraphError::new(100, format!("Param vertical must be one of {{{}}}.", VERTICALS.join(", "))));
    }
    if let Some(websites) = given.get("websites") {
        profile.websites = serde_json::from_value(websites.clone())
            .map_err(|_| GraphError::new(100, "Param websites must be a list of URLs."))?;
    }
    let is_site = |site: &String| {
        site.len() <= WEBSITE_LIMIT && url::Url::parse(site).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
    };
    if profile.websites.len() > WEBSITES || !profile.websites.iter().all(is_site) {
        return Err(GraphError::new(100, "Param websites may hold 2 URLs of 256 characters."));
    }
    if let Some(handle) = optional_text(given, "/profile_picture_handle", 4_096)? {
        let file = uploads::file_of(handle).filter(|id| world.media.get(id).is_some());
        let file = file.ok_or_else(|| GraphError::new(100, "Param profile_picture_handle is not a valid handle."))?;
        profile.picture = Some(file.to_owned());
    }
    Ok(profile)
}
