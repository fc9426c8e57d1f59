//! What this gateway knows about a channel that its provider can't tell: its settings, its public address, and what has come in.

use url::{Host, Url};

use crate::client::is_public;
use crate::domain::provider::{Environment, ProviderKind};
use crate::domain::standing::WebhookRefusal;
use crate::domain::time::Ts;
use crate::providers::check::{Check, CheckName, Examination, Finding};
use crate::providers::check_codes::CheckCode;
use crate::storage::channels::ChannelRecord;
use crate::storage::facts::ChannelFacts;

use super::registry::RegistryError;

const PUBLIC: &str =
    "Set the public address (DUPLEX_PUBLIC_URL) to the https address under which the internet reaches this gateway.";

/// The lowest rung, for a channel that could be loaded.
pub(super) fn configured(provider: ProviderKind, environment: Environment, public_base: &Url) -> Check {
    let mut findings = Vec::new();
    // The simulator is on this machine and calls where the gateway listens.
    if environment == Environment::Live {
        findings.extend(address(provider, public_base));
    }
    let sound = Finding::pass("Every value is there, and the gateway has an address to be called at.");
    Check::gravest(CheckName::Configured, findings, sound)
}

fn address(provider: ProviderKind, public_base: &Url) -> Vec<Finding> {
    let mut findings = Vec::new();
    if is_private(public_base) {
        let finding = format!("The gateway's public address ({public_base}) leads to this machine or network only.");
        findings.push(Finding::fail(CheckCode::PublicUrlPrivate, finding, PUBLIC));
    }
    if public_base.scheme() != "https" {
        let finding = format!("The gateway's public address ({public_base}) is not https.");
        findings.push(Finding::fail(CheckCode::PublicUrlNotHttps, finding, PUBLIC));
    }
    if provider == ProviderKind::Twilio && public_base.host_str().is_some_and(|host| host.contains('_')) {
        let finding = "Twilio refuses callback addresses with an underscore in the host.";
        let cure = "Give the gateway a public address without an underscore in its host.";
        findings.push(Finding::fail(CheckCode::HostWithUnderscore, finding, cure));
    }
    findings
}

fn is_private(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => !is_public(ip.into()),
        Some(Host::Ipv6(ip)) => !is_public(ip.into()),
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.').to_ascii_lowercase();
            !name.contains('.') || [".local", ".localhost", ".internal", ".lan"].iter().any(|end| name.ends_with(end))
        }
        None => true,
    }
}

/// The lowest rung, for a channel that could not be loaded. `None` for what is no matter of the channel.
pub(super) fn not_loaded(error: &RegistryError) -> Option<Check> {
    let found = match error {
        RegistryError::Incomplete(field) => {
            let finding = format!("The channel has no {field}.");
            Finding::fail(CheckCode::ValueMissing, finding, "Fill in the field.").at(field)
        }
        RegistryError::Vault(_) => {
            let finding = "The channel's secrets can't be opened with the master key of this installation.";
            Finding::fail(CheckCode::ValueMissing, finding, "Enter the secrets again.")
        }
        RegistryError::SandboxOff => {
            let finding = "The sandbox, to which the channel belongs, is switched off on this installation.";
            Finding::fail(CheckCode::SandboxOff, finding, "Start the gateway with the sandbox on.")
        }
        RegistryError::Missing | RegistryError::Storage(_) => return None,
    };
    Some(Check::of(CheckName::Configured, found))
}

/// When the look began, and what was known when it was over.
pub(super) struct Known<'a> {
    pub record: &'a ChannelRecord,
    pub facts: &'a ChannelFacts,
    pub began: Ts,
    pub now: Ts,
}

/// Adds to the provider's rungs what only this side has seen.
pub(super) fn add(seen: &mut Examination, known: &Known<'_>) {
    for rung in &mut seen.checks {
        match rung.name {
            CheckName::Credentials => credentials(rung, known),
            CheckName::Standing => standing(rung, known),
            CheckName::Callback => callback(rung, seen.callback_answered, known),
            _ => {}
        }
    }
}

/// A token that verified webhooks or passed a check since it was entered was right once.
fn credentials(rung: &mut Check, known: &Known<'_>) {
    let refused = rung.found.code == Some(CheckCode::AuthTokenRefused);
    let entered = known.record.settings.secrets_set_at.0.get("auth_token");
    let entered = entered.and_then(|at| Ts::parse(at.as_str()?).ok()).unwrap_or(known.record.created_at);
    if refused && known.record.last_webhook_at.is_some_and(|at| at > entered) {
        rung.found.code = Some(CheckCode::AuthTokenRotated);
        rung.found.finding =
            "Twilio does not accept the auth token any more, though it was right: it has been changed there."
                .to_owned();
        rung.found.cure = Some("Copy the new auth token from the Twilio console.".to_owned());
    }
}

/// Restrictions come by webhook only.
fn standing(rung: &mut Check, known: &Known<'_>) {
    let cure = "See the reason in WhatsApp Manager; it ends by itself, or by an appeal.";
    if let Some(until) = known.facts.replies_restricted_until.filter(|until| *until > known.now) {
        let finding = format!("Meta lets the account send nothing until {}.", until.to_the_minute());
        rung.add(Finding::fail(CheckCode::AccountRestricted, finding, cure));
    } else if let Some(until) = known.facts.business_restricted_until.filter(|until| *until > known.now) {
        let finding =
            format!("Meta lets the account send replies only until {}; templates wait.", until.to_the_minute());
        rung.add(Finding::warn(CheckCode::AccountRestricted, finding, cure));
    }
}

fn callback(rung: &mut Check, answered: bool, known: &Known<'_>) {
    let facts = known.facts;
    let seen_here = facts.handshake_at.is_some_and(|at| at >= known.began);
    if answered && !seen_here {
        let finding =
            "Meta's handshake was answered rightly, but not by this gateway: its public address leads to another one.";
        rung.add(Finding::fail(CheckCode::AnsweredElsewhere, finding, PUBLIC));
    }
    // A handshake that failed before one that succeeded is history; so is one that did not keep the callback from being ours.
    let failed = facts.handshake_refused_at.filter(|at| facts.handshake_at.is_none_or(|good| *at > good));
    if let Some(at) = failed.filter(|_| !rung.result_is_pass()) {
        let finding =
            format!("A handshake came at {} with another verify token than the channel's.", at.to_the_minute());
        let cure =
            "Copy the verify token from here into the app's dashboard, or let the gateway set the callback (Repair).";
        let mismatch = Finding::fail(CheckCode::VerifyTokenMismatch, finding, cure).at("verify_token");
        // It is why the callback is not ours.
        let before = std::mem::replace(rung, Check::of(CheckName::Callback, mismatch));
        before.findings().for_each(|finding| rung.add(finding.clone()));
    }
    if let Some(finding) = refused(known) {
        rung.add(finding);
    }
}

/// What the last webhook that was not taken shows, unless a good one came after it.
fn refused(known: &Known<'_>) -> Option<Finding> {
    let at = known.facts.webhook_refused_at?;
    if known.record.last_webhook_at.is_some_and(|good| good >= at) {
        return None;
    }
    let when = at.to_the_minute();
    Some(match known.facts.webhook_refusal? {
        // Proof: only who has the secret could sign so.
        WebhookRefusal::HostRewritten => {
            let url = known.facts.webhook_refused_url.as_deref().unwrap_or("another address");
            Finding::fail(
                CheckCode::HostRewritten,
                format!(
                    "The webhook of {when} was signed for {url}, which is not the address this gateway is set to have."
                ),
                "Set the public address (DUPLEX_PUBLIC_URL) to the one that the provider calls, and let no proxy change scheme, host or path.",
            )
        }
        // Anybody may send these: a hint, no proof.
        WebhookRefusal::WrongSecret => {
            let (field, cure) = match known.record.settings.account_sid {
                Some(_) => ("auth_token", "Copy the auth token again; a subaccount signs with its own."),
                None => {
                    ("app_secret", "Copy the app secret of the app whose callback leads here (App settings > Basic).")
                }
            };
            let finding = format!("The webhook of {when} was signed with another secret than the channel's.");
            Finding::warn(CheckCode::OtherSecret, finding, cure).at(field)
        }
        WebhookRefusal::Missing | WebhookRefusal::Malformed => Finding::warn(
            CheckCode::SignatureMissing,
            format!("The webhook of {when} came without a usable signature."),
            "If a proxy stands before the gateway, let it pass the signature headers on.",
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(provider: ProviderKind, url: &str) -> Vec<CheckCode> {
        let rung = configured(provider, Environment::Live, &url.parse().unwrap());
        rung.findings().filter_map(|finding| finding.code).collect()
    }

    #[test]
    fn a_live_gateway_needs_a_public_https_address() {
        use CheckCode::{HostWithUnderscore, PublicUrlNotHttps, PublicUrlPrivate};
        use ProviderKind::{Direct, Twilio};
        for (provider, url, found) in [
            (Direct, "https://gw.example.com/base", vec![]),
            (Twilio, "https://gw.example.com", vec![]),
            (Direct, "https://1.1.1.1", vec![]),
            (Direct, "http://gw.example.com", vec![PublicUrlNotHttps]),
            (Direct, "https://localhost:8080", vec![PublicUrlPrivate]),
            (Twilio, "https://gateway.internal", vec![PublicUrlPrivate]),
            (Direct, "http://127.0.0.1:8080", vec![PublicUrlPrivate, PublicUrlNotHttps]),
            (Twilio, "https://my_gw.example.com", vec![HostWithUnderscore]),
            (Direct, "https://my_gw.example.com", vec![]),
        ] {
            assert_eq!(codes(provider, url), found, "{url}");
        }
        let sandbox = configured(Direct, Environment::Sandbox, &"http://127.0.0.1:1".parse().unwrap());
        assert!(sandbox.result_is_pass());
    }
}
