//! Calls to the program's API, as its users make them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use reqwest::header::{COOKIE, HeaderMap, SET_COOKIE};
use reqwest::{Client, Method, RequestBuilder};
use serde_json::Value;

/// An answer, read to its end.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub json: Value,
    /// What was called, for the message of a failed test.
    called: String,
}

impl Answer {
    /// The body of an answer that must have this status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}: {:#}", self.called, self.json);
        self.json
    }

    /// The body of a problem that must have this status and code, and the shape that every problem has.
    #[track_caller]
    pub fn problem(self, status: u16, code: &str) -> Value {
        assert_eq!((self.status, self.json["code"].as_str()), (status, Some(code)), "{}: {:#}", self.called, self.json);
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{}", self.called);
        assert_eq!(self.json["status"], status, "{}: {:#}", self.called, self.json);
        for field in ["type", "title"] {
            assert!(self.json[field].is_string(), "{}: a problem has a {field}: {:#}", self.called, self.json);
        }
        self.json
    }

    /// The code and the field of each complaint about the request's body.
    pub fn complaints(&self) -> Vec<(String, String)> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let errors = self.json["errors"].as_array().cloned().unwrap_or_default();
        errors.iter().map(|error| (text(&error["field"]), text(&error["code"]))).collect()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

/// Somebody who calls the API: a program with a key, a person with a session, or nobody in particular.
#[derive(Clone, Debug)]
pub struct Caller {
    http: Client,
    base: String,
    who: Who,
}

#[derive(Clone, Debug)]
enum Who {
    Nobody,
    Key(String),
    Session { cookies: Arc<Mutex<BTreeMap<String, String>>>, workspace: Option<String> },
}

impl Caller {
    pub fn nobody(base: &str) -> Self {
        let http = Client::builder().no_proxy().build().expect("a client");
        Self { http, base: base.trim_end_matches('/').to_owned(), who: Who::Nobody }
    }

    /// The same caller with an API key.
    pub fn with_key(&self, key: &str) -> Self {
        Self { who: Who::Key(key.to_owned()), ..self.clone() }
    }

    /// The same caller with an empty cookie jar, which a sign-in fills.
    pub fn with_cookies(&self) -> Self {
        Self { who: Who::Session { cookies: Arc::default(), workspace: None }, ..self.clone() }
    }

    /// The same session, looking at another workspace.
    pub fn in_workspace(&self, id: &str) -> Self {
        match &self.who {
            Who::Session { cookies, .. } => {
                let who = Who::Session { cookies: Arc::clone(cookies), workspace: Some(id.to_owned()) };
                Self { who, ..self.clone() }
            }
            Who::Nobody | Who::Key(_) => panic!("only a session chooses its workspace"),
        }
    }

    pub fn base(&self) -> &str {
        &self.base
    }

    /// What the session's cookie of this name holds.
    pub fn cookie(&self, name: &str) -> Option<String> {
        match &self.who {
            Who::Session { cookies, .. } => cookies.lock().expect("no test panics in here").get(name).cloned(),
            Who::Nobody | Who::Key(_) => None,
        }
    }

    pub fn set_cookie(&self, name: &str, value: &str) {
        if let Who::Session { cookies, .. } = &self.who {
            cookies.lock().expect("no test panics in here").insert(name.to_owned(), value.to_owned());
        }
    }

    /// A request with the caller's credentials, for what the short forms below don't offer.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method.clone(), format!("{}{path}", self.base));
        match &self.who {
            Who::Nobody => request,
            Who::Key(key) => request.bearer_auth(key),
            Who::Session { cookies, workspace } => {
                let cookies = cookies.lock().expect("no test panics in here");
                let pairs: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
                let mut request = request.header("Duplex-Console", "1");
                if !pairs.is_empty() {
                    request = request.header(COOKIE, pairs.join("; "));
                }
                match workspace {
                    Some(id) => request.header("Duplex-Workspace", id),
                    None => request,
                }
            }
        }
    }

    /// Sends a request and reads its answer; a session keeps the cookies it is given.
    pub async fn send(&self, request: RequestBuilder) -> Answer {
        let request = request.build().expect("a request");
        let called = format!("{} {}", request.method(), request.url().path());
        let response = self.http.execute(request).await.unwrap_or_else(|error| panic!("{called}: {error}"));
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        if let Who::Session { cookies, .. } = &self.who {
            let mut jar = cookies.lock().expect("no test panics in here");
            for cookie in headers.get_all(SET_COOKIE) {
                let pair = cookie.to_str().expect("a cookie is text").split(';').next().unwrap_or_default();
                match pair.split_once('=') {
                    Some((name, "")) => jar.remove(name),
                    Some((name, value)) => jar.insert(name.to_owned(), value.to_owned()),
                    None => None,
                };
            }
        }
        let text = response.text().await.unwrap_or_else(|error| panic!("{called}: {error}"));
        let json = serde_json::from_str(&text).unwrap_or(Value::String(text));
        Answer { status, headers, json, called }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path)).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(self.request(Method::DELETE, path)).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(self.request(Method::POST, path).json(&body)).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.send(self.request(Method::PUT, path).json(&body)).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send(self.request(Method::PATCH, path).json(&body)).await
    }
}
