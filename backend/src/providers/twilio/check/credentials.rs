//! Whether Twilio accepts the account, the auth token and the API key (twilio.md §1.2).

use secrecy::SecretString;
use serde_json::Value;

use crate::domain::failure::FailureCode;
use crate::providers::account::TwilioCredentials;
use crate::providers::check::{CheckName, Examination, Finding};
use crate::providers::check_codes::CheckCode;

use super::super::ask::{Refused, Twilio};
use super::super::{management, request};

const COPY: &str = "Copy account SID and auth token again from the Twilio console.";

pub(super) async fn examine(twilio: Twilio<'_>, seen: &mut Examination) {
    let name = CheckName::Credentials;
    let credentials = twilio.credentials;
    let refused = match twilio.ask(request::newest_message(&twilio.bases.twilio_api, credentials)).await {
        Err(Refused::Unreachable(error)) => {
            let cure = "Check the machine's network, its DNS and the configured address of Twilio's API.";
            let finding = format!("Twilio's API can't be reached: {error}.");
            return seen.push(CheckName::Reachable, Finding::fail(CheckCode::Unreachable, finding, cure));
        }
        Err(Refused::Answered(500.., _)) => {
            let finding = "Twilio's API answers with an error of its own.";
            let cure = "Look at status.twilio.com and try again later.";
            return seen.push(CheckName::Reachable, Finding::fail(CheckCode::ProviderTrouble, finding, cure));
        }
        Err(refused) => Some(refused),
        Ok(_) => None,
    };
    seen.push(CheckName::Reachable, Finding::pass("Twilio's API answers."));
    let found = match (refused, &credentials.api_key) {
        (Some(refused), _) => refusal(twilio, &refused).await,
        (None, None) => Finding::pass("Twilio accepts the account SID and the auth token."),
        // The key says nothing of the token, and the token signs the webhooks.
        (None, Some(_)) => token_beside_key(twilio).await,
    };
    seen.push(name, found);
}

async fn refusal(twilio: Twilio<'_>, refused: &Refused) -> Finding {
    if refused.status() == Some(404) {
        let cure = "Copy the account SID again from the Twilio console; a subaccount has its own.";
        return Finding::fail(CheckCode::AccountUnknown, "Twilio does not know the account.", cure).at("account_sid");
    }
    if let Refused::Answered(_, error) = refused
        && error.failure.code == FailureCode::AccountSuspended
    {
        let told = refused.told("The account is not active");
        return Finding::fail(CheckCode::AccountSuspended, told, error.failure.detail.clone());
    }
    if refused.is_trouble() {
        return unclear(refused.told("Twilio does not say whether it accepts the account"));
    }
    if refused.status() != Some(401) {
        let cure = "Check the account in the Twilio console.";
        return Finding::fail(CheckCode::ProviderTrouble, refused.told("Twilio refuses the account"), cure);
    }
    let credentials = twilio.credentials;
    if credentials.api_key.is_some() {
        let cure = "Check that key SID, secret and account SID belong together; make a new key if the secret is lost.";
        let finding = "Twilio does not accept the API key for this account.";
        return Finding::fail(CheckCode::ApiKeyRefused, finding, cure).at("api_key_secret");
    }
    if matches!(second(twilio).await, Some(Ok(_))) {
        let finding = "The first auth token is no longer valid; the second one is.";
        let cure = "Put the second auth token in the place of the first.";
        return Finding::fail(CheckCode::AuthTokenRotated, finding, cure).at("auth_token");
    }
    let finding = "Twilio does not accept the account SID with this auth token.";
    Finding::fail(CheckCode::AuthTokenRefused, finding, COPY).at("auth_token")
}

async fn token_beside_key(twilio: Twilio<'_>) -> Finding {
    let what = "The API key works; Twilio does not say whether it accepts the auth token";
    match try_token(twilio, &twilio.credentials.auth_token).await {
        Ok(_) => return Finding::pass("Twilio accepts the API key and, for webhooks, the auth token."),
        Err(refused) if refused.status() != Some(401) => return unclear(refused.told(what)),
        Err(_) => {}
    }
    match second(twilio).await {
        Some(Ok(_)) => {
            let finding =
                "The API key works. The first auth token is no longer valid; the second one verifies the webhooks.";
            let cure = "Put the second auth token in the place of the first.";
            Finding::warn(CheckCode::AuthTokenRotated, finding, cure).at("auth_token")
        }
        Some(Err(refused)) if refused.status() != Some(401) => unclear(refused.told(what)),
        _ => {
            let finding = "The API key works, but the auth token does not: no webhook can be verified.";
            Finding::fail(CheckCode::AuthTokenRefused, finding, COPY).at("auth_token")
        }
    }
}

/// A token that is called dead by mistake sends people looking for another: only Twilio's plain no counts.
fn unclear(finding: String) -> Finding {
    Finding::unproven(CheckCode::ProviderTrouble, finding, "It is asked again by itself; look at status.twilio.com.")
}

/// What Twilio says to the second token, if there is one.
async fn second(twilio: Twilio<'_>) -> Option<Result<Value, Refused>> {
    Some(try_token(twilio, twilio.credentials.auth_token_secondary.as_ref()?).await)
}

async fn try_token(twilio: Twilio<'_>, token: &SecretString) -> Result<Value, Refused> {
    let base = &twilio.bases.twilio_api;
    twilio.ask(management::newest_message_by_token(base, twilio.credentials, token)).await
}

/// What it means that the senders can't be listed, though the credentials are good.
pub(super) fn senders_refused(refused: &Refused, credentials: &TwilioCredentials) -> Finding {
    let told = refused.told("The list of senders can't be read");
    match &credentials.api_key {
        Some(_) if matches!(refused.status(), Some(401 | 403)) => {
            let cure = "Use a standard API key, or grant this one messages and senders.";
            Finding::fail(CheckCode::ApiKeyRestricted, told, cure).at("api_key_sid")
        }
        _ if refused.is_trouble() => unclear(told),
        _ => {
            let cure = "Messages can be read, so sending will probably work. Check again later.";
            Finding::warn(CheckCode::ProviderTrouble, told, cure)
        }
    }
}
