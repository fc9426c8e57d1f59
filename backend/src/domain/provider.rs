//! The two providers and the two environments.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An enum stored and shown as one lower-case word, the same in SQL, Rust, JSON and the console.
macro_rules! word {
    ($(#[$meta:meta])* $vis:vis enum $name:ident { $($(#[$doc:meta])* $variant:ident = $text:tt),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        $vis enum $name { $($(#[$doc])* #[serde(rename = $text)] $variant),+ }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::domain::provider::UnknownWord;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($text => Ok(Self::$variant),)+
                    _ => Err($crate::domain::provider::UnknownWord { kind: stringify!($name), word: text.to_owned() }),
                }
            }
        }
    };
}
pub(crate) use word;

/// A word that is not in its list: a newer row read by an older binary, or bad input.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{word:?} is not a {kind}")]
pub struct UnknownWord {
    pub kind: &'static str,
    pub word: String,
}

word! {
    /// Who carries the messages.
    #[derive(Default)]
    pub enum ProviderKind {
        /// Twilio's Messages API.
        #[default]
        Twilio = "twilio",
        /// Meta's WhatsApp Cloud API.
        Direct = "direct",
    }
}

impl ProviderKind {
    /// The provider that can stand in for this one.
    pub const fn other(self) -> Self {
        match self {
            Self::Twilio => Self::Direct,
            Self::Direct => Self::Twilio,
        }
    }
}

word! {
    /// Where a workspace's messages go: to the simulator, or to people.
    pub enum Environment {
        Sandbox = "sandbox",
        Live = "live",
    }
}

/// A secret-free reference to a sender as a provider's webhook names it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
pub struct SenderAddress {
    /// WABA id at Meta, account SID at Twilio. Empty when the webhook doesn't say.
    pub account: String,
    /// Phone number id at Meta, E.164 number at Twilio. Empty for what concerns the whole account.
    pub sender: String,
}

impl fmt::Display for SenderAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.account, self.sender)
    }
}

/// Parses one of this module's words, for places that have only text.
///
/// # Errors
/// The text is none of the words of `T`.
pub fn parse_word<T: FromStr<Err = UnknownWord>>(text: &str) -> Result<T, UnknownWord> {
    text.parse()
}
