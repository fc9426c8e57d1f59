//! Whom Meta tells, of what, and where (direct.md §2.11, §3.1).

use serde_json::Value;
use url::Url;

use crate::providers::check::{Check, CheckName, Depth, Examination, Finding};
use crate::providers::check_codes::CheckCode;
use crate::providers::foreign_url::without_secrets;

use super::super::graph::{Graph, Refused};
use super::super::management::{self, FIELDS, OBJECT};
use super::super::request;
use super::number::{text, trouble};

const CONNECT: &str =
    "Let the gateway set it (Repair), or subscribe the app in its dashboard (WhatsApp > Configuration).";
/// Meta could not get the right answer from a callback (direct.md §2.11).
const NOT_VERIFIED: u32 = 2_200;

/// Where Meta calls for messages, and by whose setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    Number,
    Account,
    App,
}

impl Level {
    pub const fn words(self) -> &'static str {
        match self {
            Self::Number => "the number's own callback",
            Self::Account => "the WhatsApp account's own callback",
            Self::App => "the app's callback",
        }
    }
}

/// What Meta has stored about our webhooks.
#[derive(Clone, Debug, Default)]
pub struct Wiring {
    pub ours_subscribed: bool,
    /// Names of other apps that get the account's webhooks.
    pub others: Vec<String>,
    pub account_callback: Option<String>,
    pub number_callback: Option<String>,
    pub app_callback: Option<String>,
    /// The fields that the app is told of; `None` while it has no callback, and so is told of nothing.
    pub fields: Option<Vec<String>>,
}

impl Wiring {
    /// Asks Meta for everything.
    pub(in crate::providers::direct) async fn read(graph: Graph<'_>, number: &Value) -> Result<Self, Refused> {
        let mut wiring = Self::default();
        let apps = graph.ask(request::subscribed_apps(graph.base, graph.credentials)).await?;
        for app in apps.get("data").and_then(Value::as_array).into_iter().flatten() {
            let id = app.pointer("/whatsapp_business_api_data/id").and_then(Value::as_str);
            if id == Some(&graph.credentials.whatsapp_app_id) {
                wiring.ours_subscribed = true;
                wiring.account_callback = text(app, "override_callback_uri").map(str::to_owned);
            } else {
                let name = app.pointer("/whatsapp_business_api_data/name").and_then(Value::as_str);
                wiring.others.push(name.or(id).unwrap_or("an app without a name").to_owned());
            }
        }
        let own = number.pointer("/webhook_configuration/phone_number").and_then(Value::as_str);
        wiring.number_callback = own.filter(|url| !url.is_empty()).map(str::to_owned);
        let listed = graph.ask(management::subscriptions(graph.base, graph.credentials)).await?;
        let rows = listed.get("data").and_then(Value::as_array).into_iter().flatten();
        let whatsapp = rows.into_iter().find(|row| text(row, "object") == Some(OBJECT));
        wiring.app_callback = whatsapp.and_then(|row| text(row, "callback_url")).map(str::to_owned);
        wiring.fields = whatsapp.map(|row| {
            let names = row.get("fields").and_then(Value::as_array).into_iter().flatten();
            names.filter_map(|field| text(field, "name").or(field.as_str())).map(str::to_owned).collect()
        });
        Ok(wiring)
    }

    /// The callback for messages: number before account before app.
    pub fn effective(&self) -> Option<(Level, &str)> {
        let levels = [
            (Level::Number, &self.number_callback),
            (Level::Account, &self.account_callback),
            (Level::App, &self.app_callback),
        ];
        levels.into_iter().find_map(|(level, url)| Some((level, url.as_deref()?)))
    }

    /// The fields of [`FIELDS`] that the app is not told of.
    pub fn missing_fields(&self) -> Vec<&'static str> {
        let told = self.fields.as_deref().unwrap_or_default();
        FIELDS.iter().copied().filter(|wanted| !told.iter().any(|field| field == wanted)).collect()
    }
}

pub(super) async fn examine(graph: Graph<'_>, number: &Value, depth: Depth, seen: &mut Examination) {
    let wiring = match Wiring::read(graph, number).await {
        Ok(wiring) => wiring,
        Err(refused) if refused.trouble => {
            let found = trouble(&refused, "The account's webhooks can't be read now");
            seen.leave_unseen(&[CheckName::Subscribed, CheckName::Callback], &found);
            return;
        }
        Err(refused) => {
            let cure = "Check the id of the WhatsApp account, and that the system user may see it.";
            let finding = refused.told("The account's webhooks can't be read");
            seen.push(CheckName::Subscribed, Finding::fail(CheckCode::WabaNotFound, finding, cure).at("waba_id"));
            return;
        }
    };
    seen.checks.push(subscribed(&wiring));
    let hook = graph.hook();
    let mut callback = callback(&wiring, &hook);
    if callback.result_is_pass() && wiring.ours_subscribed && depth == Depth::Provoking {
        match provoke(graph, &wiring).await {
            Ok(()) => seen.callback_answered = true,
            Err(refused) => callback.add(unanswered(&refused)),
        }
    }
    seen.checks.push(callback);
}

fn subscribed(wiring: &Wiring) -> Check {
    let name = CheckName::Subscribed;
    if !wiring.ours_subscribed {
        let found = if wiring.others.is_empty() {
            let finding = "The app does not get the account's webhooks: no receipt and no reply arrives.";
            Finding::fail(CheckCode::AppNotSubscribed, finding, CONNECT)
        } else {
            let finding =
                format!("Another app gets the account's webhooks ({}), this one does not.", wiring.others.join(", "));
            Finding::fail(CheckCode::OtherAppSubscribed, finding, CONNECT)
        };
        return Check::of(name, found.at("whatsapp_app_id"));
    }
    // Without any callback there is nothing to subscribe to yet; the next rung says so.
    let missing = if wiring.effective().is_some() { wiring.missing_fields() } else { Vec::new() };
    let told = format!("The app is not told of {}.", missing.join(", "));
    let found = if missing.contains(&"messages") {
        Some(Finding::fail(CheckCode::FieldsMissing, told, CONNECT))
    } else if missing.is_empty() {
        None
    } else {
        Some(Finding::warn(CheckCode::FieldsMissing, told, CONNECT))
    };
    let sound = match wiring.others.len() {
        0 => Finding::pass("The app gets the account's webhooks."),
        others => Finding::pass(format!("The app gets the account's webhooks, beside {others} other.")),
    };
    Check::of(name, found.unwrap_or(sound))
}

fn callback(wiring: &Wiring, hook: &Url) -> Check {
    let name = CheckName::Callback;
    let found = match wiring.effective() {
        None => {
            let finding = "Meta has no address to call.";
            Finding::fail(CheckCode::CallbackMissing, finding, format!("{CONNECT} The callback is {hook}."))
        }
        Some((_, url)) if url == hook.as_str() => Finding::pass(format!("Meta calls {hook}.")),
        Some((level, url)) => {
            let finding = format!("Messages go to another address: {} is {}.", level.words(), without_secrets(url));
            let cure = format!("Let the gateway set it (Repair), or change it to {hook} in the app's dashboard.");
            Finding::fail(CheckCode::CallbackElsewhere, finding, cure)
        }
    };
    Check::of(name, found)
}

/// Lets Meta call the callback now, by saving what is saved.
async fn provoke(graph: Graph<'_>, wiring: &Wiring) -> Result<(), Refused> {
    let hook = graph.hook();
    let request = match wiring.effective() {
        Some((Level::Number, _)) => management::number_callback(graph.base, graph.credentials, Some(&hook)),
        Some((Level::Account, _)) => management::subscribe_app(graph.base, graph.credentials, Some(&hook)),
        _ => {
            let fields = wiring.fields.clone().unwrap_or_default();
            management::subscribe_fields(graph.base, graph.credentials, &hook, &fields)
        }
    };
    graph.ask_built(request).await.map(|_| ())
}

fn unanswered(refused: &Refused) -> Finding {
    let cure = "Open the callback's address from outside: it must be public, with a certificate of a public authority, and no proxy may change its path or its query.";
    if refused.code == Some(NOT_VERIFIED) {
        return Finding::fail(
            CheckCode::CallbackUnreachable,
            refused.told("Meta gets no right answer from the callback"),
            cure,
        );
    }
    // That the address is right is known; that Meta would not try it now says nothing against it.
    let finding = refused.told("Meta did not try the callback");
    Finding::unproven(CheckCode::ProviderTrouble, finding, "Check again later.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_goes_before_the_account_before_the_app() {
        let mut wiring = Wiring { app_callback: Some("app".into()), ..Wiring::default() };
        assert_eq!(wiring.effective(), Some((Level::App, "app")));
        wiring.account_callback = Some("account".into());
        assert_eq!(wiring.effective(), Some((Level::Account, "account")));
        wiring.number_callback = Some("number".into());
        assert_eq!(wiring.effective(), Some((Level::Number, "number")));
        assert_eq!(Wiring::default().effective(), None);
    }
}
