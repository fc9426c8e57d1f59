//! Setting what the connection check misses: subscription, fields, callback (direct.md §2.9, §2.11). What belongs to somebody
//! else stays: then the account gets a callback of its own.

use crate::providers::repair::{Repair, RepairStep};

use super::check::subscription::Wiring;
use super::graph::{Graph, Refused};
use super::management::{self, FIELDS};
use super::request;

pub(super) async fn run(graph: Graph<'_>) -> Repair {
    let repair = Repair::default();
    let number = match graph.ask(request::sender(graph.base, graph.credentials)).await {
        Ok(number) => number,
        Err(refused) => return repair.stop(refused.told("The number can't be read, so nothing was changed")),
    };
    let wiring = match Wiring::read(graph, &number).await {
        Ok(wiring) => wiring,
        Err(refused) => {
            return repair.stop(refused.told("The account's webhooks can't be read, so nothing was changed"));
        }
    };
    let mut repair = repair;
    match mend(graph, &wiring, &mut repair).await {
        Ok(()) => repair,
        Err((what, refused)) => repair.stop(refused.told(what)),
    }
}

async fn mend(graph: Graph<'_>, wiring: &Wiring, repair: &mut Repair) -> Result<(), (&'static str, Refused)> {
    let hook = graph.hook();
    let own_app = wiring.app_callback.as_deref().is_none_or(|url| is_ours(url, hook.as_str()));
    if own_app {
        set_app(graph, wiring, repair).await.map_err(|refused| ("The app's callback could not be set", refused))?;
    }
    set_account(graph, wiring, own_app, repair)
        .await
        .map_err(|refused| ("The app could not be subscribed to the account", refused))?;
    if wiring.number_callback.as_deref().is_some_and(|url| url != hook.as_str()) {
        graph
            .ask_built(management::number_callback(graph.base, graph.credentials, None))
            .await
            .map_err(|refused| ("The number's own callback could not be removed", refused))?;
        repair.note(RepairStep::NumberCallback, wiring.number_callback.clone(), None);
    }
    Ok(())
}

/// The app's callback and fields, where they are ours to set.
async fn set_app(graph: Graph<'_>, wiring: &Wiring, repair: &mut Repair) -> Result<(), Refused> {
    let hook = graph.hook();
    let missing = wiring.missing_fields();
    let moves = wiring.app_callback.as_deref() != Some(hook.as_str());
    if !moves && missing.is_empty() {
        return Ok(());
    }
    // Always the full list: whether a part of it would replace the rest is not known (direct.md §2.11).
    let mut fields: Vec<String> = wiring.fields.clone().unwrap_or_default();
    fields.extend(missing.iter().map(|field| (*field).to_owned()));
    graph.ask_built(management::subscribe_fields(graph.base, graph.credentials, &hook, &fields)).await?;
    if moves {
        repair.note(RepairStep::AppCallback, wiring.app_callback.clone(), Some(hook.to_string()));
    }
    if !missing.is_empty() {
        let before = wiring.fields.as_ref().filter(|fields| !fields.is_empty()).map(|fields| fields.join(", "));
        repair.note(RepairStep::AppFields, before, Some(FIELDS.join(", ")));
    }
    Ok(())
}

/// The account's subscription, with a callback of its own when the app's is somebody else's.
async fn set_account(graph: Graph<'_>, wiring: &Wiring, own_app: bool, repair: &mut Repair) -> Result<(), Refused> {
    let hook = graph.hook();
    let own = wiring.account_callback.as_deref();
    let wanted = (!own_app).then_some(&hook);
    let right = match own {
        // One that leads here does no harm beside an app's that does too.
        Some(url) => url == hook.as_str(),
        None => own_app,
    };
    if wiring.ours_subscribed && right {
        return Ok(());
    }
    graph.ask_built(management::subscribe_app(graph.base, graph.credentials, wanted)).await?;
    if !wiring.ours_subscribed {
        repair.note(RepairStep::AppSubscribed, None, Some(graph.credentials.whatsapp_app_id.clone()));
    }
    if own != wanted.map(url::Url::as_str) {
        repair.note(RepairStep::AccountCallback, wiring.account_callback.clone(), wanted.map(ToString::to_string));
    }
    Ok(())
}

/// Whether an address is one of this gateway's, though perhaps under another host or base: the path ends alike.
fn is_ours(url: &str, hook: &str) -> bool {
    let tail = |text: &str| text.split("/hooks/direct/").nth(1).map(str::to_owned);
    url == hook || tail(url).is_some_and(|end| Some(end) == tail(hook))
}

#[cfg(test)]
mod tests {
    use super::is_ours;

    #[test]
    fn an_earlier_address_of_the_gateway_is_ours() {
        let hook = "https://new.example/base/hooks/direct/1001";
        assert!(is_ours(hook, hook));
        assert!(is_ours("https://old.example/hooks/direct/1001", hook));
        assert!(!is_ours("https://old.example/hooks/direct/1002", hook));
        assert!(!is_ours("https://other.example/webhook", hook));
    }
}
