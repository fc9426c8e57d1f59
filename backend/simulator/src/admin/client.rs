//! A client of the admin API for the gateway's sandbox pages and for tests.

use std::time::Duration;

use reqwest::header::CONTENT_TYPE;
use reqwest::{Method, RequestBuilder, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::contents::ContentChange;
use super::inbound::{Inbound, InboundResult, StoredFile};
use super::notices::{NewNotice, NoticeResult};
use super::templates::TemplateChange;
use super::thread::{Conversation, ConversationQuery};
use super::types::{
    AccountPatch, AccountView, AdminProblem, DirectCredentials, NewDirectAccount, NewTwilioAccount, TwilioCredentials,
    WindowChange,
};
use crate::config::Pace;
use crate::conversations::SenderCounts;
use crate::delivery::WebhookRecord;
use crate::faults::Fault;
use crate::ledger::{Entry, LedgerSummary};
use crate::magic::MagicNumber;

/// A webhook of the simulator may take this long before the admin API answers.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Why a call of the admin API failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AdminError {
    #[error("the simulator cannot be reached")]
    Transport(#[from] reqwest::Error),
    #[error("the simulator refused with {status}: {message}")]
    Refused { status: StatusCode, message: String },
}

/// A client of one simulator's admin API. Cheap to clone.
#[derive(Clone)]
pub struct AdminClient {
    http: reqwest::Client,
    base_url: String,
    token: String,
}

impl std::fmt::Debug for AdminClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AdminClient").field("base_url", &self.base_url).finish_non_exhaustive()
    }
}

type Answer<T> = Result<T, AdminError>;

impl AdminClient {
    /// A client for the simulator at `base_url`, such as `http://127.0.0.1:4010`.
    ///
    /// # Errors
    /// When the HTTP client cannot be built.
    pub fn new(base_url: impl Into<String>, token: impl Into<String>) -> Answer<Self> {
        let http = reqwest::Client::builder().no_proxy().timeout(TIMEOUT).build()?;
        let base_url = base_url.into().trim_end_matches('/').to_owned();
        Ok(Self { http, base_url, token: token.into() })
    }

    /// Makes an account of the direct provider.
    ///
    /// # Errors
    /// Refused with 409 when an id, number or token is taken, 400 when the number is not one.
    pub async fn create_direct(&self, wanted: &NewDirectAccount) -> Answer<DirectCredentials> {
        self.send(Method::POST, "accounts/direct", wanted).await
    }

    /// Makes an account of Twilio.
    ///
    /// # Errors
    /// As [`AdminClient::create_direct`].
    pub async fn create_twilio(&self, wanted: &NewTwilioAccount) -> Answer<TwilioCredentials> {
        self.send(Method::POST, "accounts/twilio", wanted).await
    }

    /// Changes an account, named by phone number id, account SID or number.
    ///
    /// # Errors
    /// Refused with 404 when there is no such account.
    pub async fn patch_account(&self, id: &str, patch: &AccountPatch) -> Answer<AccountView> {
        self.send(Method::PATCH, &format!("accounts/{id}"), patch).await
    }

    /// All accounts with their secrets.
    ///
    /// # Errors
    /// [`AdminError`] when the simulator cannot be reached.
    pub async fn accounts(&self) -> Answer<Vec<AccountView>> {
        self.read("accounts", &()).await
    }

    /// Posts a webhook of any field to a direct account's callback, and waits for the first try.
    ///
    /// # Errors
    /// Refused with 404 when there is no such account, 422 when it is one of Twilio.
    pub async fn notify(&self, notice: &NewNotice) -> Answer<NoticeResult> {
        self.send(Method::POST, "notices", notice).await
    }

    /// Changes a template of a direct account from outside, and answers with it as Graph shows it.
    ///
    /// # Errors
    /// Refused with 404 when there is no such account or template, 400 when a value is none of those it may have.
    pub async fn change_template(
        &self,
        account: &str,
        name: &str,
        language: &str,
        change: &TemplateChange,
    ) -> Answer<Value> {
        self.send(Method::POST, &format!("templates/{account}/{name}/{language}"), change).await
    }

    /// Decides by hand about the approval of one of Twilio's contents, and tells those who subscribed to such changes.
    ///
    /// # Errors
    /// Refused with 404 for an unknown account or content, 409 when it was never submitted or belongs to the sandbox, 400 for an
    /// unknown status or category.
    pub async fn change_content(&self, account: &str, content: &str, change: &ContentChange) -> Answer<()> {
        let request = self.request(Method::POST, &format!("contents/{account}/{content}")).json(change);
        check(request.send().await?).await.map(drop)
    }

    /// Lets a virtual customer write, press or send something, and waits for the first try of the webhook.
    ///
    /// # Errors
    /// Refused with 404 for an unknown sender, 400 for a bad person or content or for what the message named by `reply_to` does not
    /// have, 422 for a kind that the sender's provider does not forward.
    pub async fn inbound(&self, message: &Inbound) -> Answer<InboundResult> {
        self.send(Method::POST, "inbound", message).await
    }

    /// Keeps a file of up to 100 MB that a virtual customer can then send to this sender.
    ///
    /// # Errors
    /// Refused with 404 for an unknown sender, 400 for an empty file, 413 for one that is too large.
    pub async fn keep_file(
        &self,
        sender: &str,
        mime_type: &str,
        filename: Option<&str>,
        bytes: Vec<u8>,
    ) -> Answer<StoredFile> {
        let mut query = vec![("sender", sender)];
        query.extend(filename.map(|name| ("filename", name)));
        let request = self.request(Method::POST, "media").query(&query).header(CONTENT_TYPE, mime_type).body(bytes);
        Ok(check(request.send().await?).await?.json().await?)
    }

    /// The type and the bytes of a file of one of these accounts, as the URL in a message names it.
    ///
    /// # Errors
    /// Refused with 404 when the file is another account's, or the URL has ended or was never given out.
    pub async fn read_file(&self, accounts: &[String], id: &str, until: i64, proof: &str) -> Answer<(String, Vec<u8>)> {
        let url = format!("{}/_media/{id}", self.base_url);
        let query = [("until", until.to_string()), ("proof", proof.to_owned()), ("accounts", accounts.join(","))];
        let answer = check(self.http.get(url).query(&query).send().await?).await?;
        let mime = answer.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        Ok((mime.to_owned(), answer.bytes().await?.to_vec()))
    }

    /// Conversations of all senders or of one, the most recent first.
    ///
    /// # Errors
    /// Refused with 404 for an unknown sender, 400 for a bad person.
    pub async fn conversations(&self, wanted: &ConversationQuery) -> Answer<Vec<Conversation>> {
        self.read("conversations", wanted).await
    }

    /// The conversation of one person with one sender, if there is one.
    ///
    /// # Errors
    /// As [`AdminClient::conversations`].
    pub async fn conversation(&self, sender: &str, person: &str) -> Answer<Option<Conversation>> {
        let wanted = ConversationQuery {
            sender: Some(sender.to_owned()),
            person: Some(person.to_owned()),
            ..ConversationQuery::default()
        };
        Ok(self.conversations(&wanted).await?.into_iter().next())
    }

    /// How far the messages of one sender are, among those that are still remembered.
    ///
    /// # Errors
    /// Refused with 404 for an unknown sender.
    pub async fn counts(&self, sender: &str) -> Answer<SenderCounts> {
        self.read(&format!("counts/{sender}"), &()).await
    }

    /// Opens or closes a window by hand.
    ///
    /// # Errors
    /// Refused with 404 for an unknown sender.
    pub async fn set_window(&self, change: &WindowChange) -> Answer<()> {
        check(self.request(Method::POST, "windows").json(change).send().await?).await.map(drop)
    }

    /// Ledger entries after a sequence number, at most `limit` (up to 10,000).
    ///
    /// # Errors
    /// [`AdminError`] when the simulator cannot be reached or its ledger cannot be read.
    pub async fn ledger(&self, after: u64, limit: usize) -> Answer<Vec<Entry>> {
        self.read("ledger", &[("after", after), ("limit", limit as u64)]).await
    }

    /// Counts over the ledger.
    ///
    /// # Errors
    /// As [`AdminClient::ledger`].
    pub async fn summary(&self) -> Answer<LedgerSummary> {
        self.read("ledger/summary", &()).await
    }

    /// Counts over the ledger, with every correlation id and recipient.
    ///
    /// # Errors
    /// As [`AdminClient::ledger`].
    pub async fn detailed_summary(&self) -> Answer<LedgerSummary> {
        self.read("ledger/summary", &[("detail", true)]).await
    }

    /// The faults that are set, with what is left of their counts.
    ///
    /// # Errors
    /// [`AdminError`] when the simulator cannot be reached.
    pub async fn faults(&self) -> Answer<Vec<Fault>> {
        self.read("faults", &()).await
    }

    /// Puts these faults in place of those that are set.
    ///
    /// # Errors
    /// Refused with 404 for an unknown account, 400 for a probability outside 0 to 1.
    pub async fn set_faults(&self, faults: &[Fault]) -> Answer<Vec<Fault>> {
        self.send(Method::PUT, "faults", faults).await
    }

    /// Removes all faults and lets go of requests that hang.
    ///
    /// # Errors
    /// [`AdminError`] when the simulator cannot be reached.
    pub async fn clear_faults(&self) -> Answer<()> {
        check(self.request(Method::DELETE, "faults").send().await?).await.map(drop)
    }

    /// The table of magic numbers.
    ///
    /// # Errors
    /// [`AdminError`] when the simulator cannot be reached.
    pub async fn magic_numbers(&self) -> Answer<Vec<MagicNumber>> {
        self.read("magic-numbers", &()).await
    }

    /// Sets the times between acceptance and receipts, for messages whose next step is not yet planned.
    ///
    /// # Errors
    /// [`AdminError`] when the simulator cannot be reached.
    pub async fn set_pace(&self, pace: &Pace) -> Answer<Pace> {
        self.send(Method::PUT, "pace", pace).await
    }

    /// The last webhooks, newest first, at most 500.
    ///
    /// # Errors
    /// [`AdminError`] when the simulator cannot be reached.
    pub async fn webhooks(&self, limit: usize) -> Answer<Vec<WebhookRecord>> {
        self.read("webhooks", &[("limit", limit)]).await
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}/_admin/{path}", self.base_url)).bearer_auth(&self.token)
    }

    async fn read<T: DeserializeOwned>(&self, path: &str, query: &(impl Serialize + ?Sized)) -> Answer<T> {
        let answer = self.request(Method::GET, path).query(query).send().await?;
        Ok(check(answer).await?.json().await?)
    }

    async fn send<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: &(impl Serialize + ?Sized),
    ) -> Answer<T> {
        let answer = self.request(method, path).json(body).send().await?;
        Ok(check(answer).await?.json().await?)
    }
}

async fn check(answer: reqwest::Response) -> Answer<reqwest::Response> {
    let status = answer.status();
    if status.is_success() {
        return Ok(answer);
    }
    let message = answer.json::<AdminProblem>().await.map_or_else(|error| error.to_string(), |problem| problem.error);
    Err(AdminError::Refused { status, message })
}
