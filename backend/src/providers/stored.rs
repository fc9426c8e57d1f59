//! What a provider must have stored before a message can go: the form of the message, without its words (twilio.md §2.6).

use std::collections::BTreeMap;

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// How one message is carried by a stored Content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredForm {
    pub shape: StoredShape,
    /// The message's own words, by the number of their variable.
    pub variables: BTreeMap<String, String>,
    /// The words stand in the shape itself, because not all of them can be variables: it serves this message only and is
    /// deleted afterwards.
    pub one_off: bool,
}

/// A Content to be stored: type, counts, and which optional parts exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredShape {
    /// `twilio/quick-reply` and the like.
    pub content_type: &'static str,
    pub language: &'static str,
    /// The members of the type, with `{{1}}` and so on where words belong.
    pub definition: Value,
    /// What each variable is for, shown by the provider where no value is given.
    pub samples: BTreeMap<String, String>,
}

impl StoredShape {
    /// 64 hex digits: equal for equal shapes, across restarts and nodes.
    pub fn hash(&self) -> String {
        let text = json!([self.content_type, self.language, self.definition]).to_string();
        hex::encode(Sha256::digest(text))
    }
}

impl StoredForm {
    /// The name under which an operator meets it in the provider's console. Holds nothing of what is said.
    pub fn friendly_name(&self) -> String {
        if self.one_off {
            return "duplex_one_off".to_owned();
        }
        let kind = self.shape.content_type.rsplit('/').next().unwrap_or_default().replace('-', "_");
        let hash: String = self.shape.hash().chars().take(12).collect();
        format!("duplex_{kind}_{hash}")
    }
}
