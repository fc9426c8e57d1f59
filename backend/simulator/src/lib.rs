//! Both WhatsApp providers at wire level, on one loopback listener: Meta's Cloud API ("direct") and Twilio.
//!
//! A gateway that talks to the simulator runs the same code as in production: authentication, validation, error
//! envelopes, signed webhooks, retries, windows and limits follow the wire references `direct.md` and `twilio.md`,
//! which comments cite by section. Behind the wire are virtual phones that receive and read messages and can write, a
//! durable ledger that says what was accepted and delivered how often, and faults on demand.
//!
//! The crate shares no type with the gateway, so that a wrong field name cannot be wrong on both sides.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use duplex_simulator::{Inbound, NewDirectAccount, SimulatorConfig};
//!
//! let simulator = duplex_simulator::start(SimulatorConfig::default()).await?;
//! let admin = simulator.admin()?;
//! let account = admin.create_direct(&NewDirectAccount::default()).await?;
//! admin.inbound(&Inbound { sender: account.phone_number_id, text: "Hi".into(), ..Inbound::default() }).await?;
//! simulator.stop().await;
//! # Ok(())
//! # }
//! ```

mod accounts;
mod admin;
mod config;
mod connection;
mod content;
mod conversations;
mod delivery;
mod direct;
mod error;
mod faults;
mod file_type;
mod ids;
mod json_file;
mod ledger;
mod limits;
mod magic;
mod marks;
mod media;
mod messages;
mod people;
mod review;
mod samples;
mod sending;
mod server;
mod signing;
mod state;
mod twilio;

pub use admin::{
    AccountPatch, AccountView, AdminClient, AdminError, AdminProblem, ContentChange, Conversation, ConversationQuery,
    DirectCredentials, Inbound, InboundContent, InboundFile, InboundResult, NewDirectAccount, NewNotice,
    NewTwilioAccount, NoticeResult, StoredFile, TemplateChange, ThreadMessage, TwilioCredentials, WindowChange,
};
pub use config::{Pace, SimulatorConfig};
pub use content::{
    Button, ButtonType, Content, Header, Media, Offer, Place, ProductSection, Row, Section, Sheet, Template,
};
pub use conversations::SenderCounts;
pub use delivery::WebhookRecord;
pub use direct::library::{TemplateQuality, TemplateStatus};
pub use direct::state::{
    AccountMode, AppMode, CanSend, CodeVerification, DirectState, Entity, EntityHealth, HealthError, MessagingLimit,
    NameStatus, NumberStatus, OtherApp, QualityRating, Throughput, TokenState, WabaStatus,
};
pub use error::SimulatorError;
pub use faults::{Fault, FaultKind};
pub use ledger::{
    CorrelationCount, Direction, Entry, Erased, Event, Extras, Fate, Forwarded, LedgerSummary, Pricing, Provider,
    Record, Referral, Status, Totals,
};
pub use magic::{MAGIC_NUMBERS, MagicEffect, MagicNumber};
pub use people::{DEFAULT_CUSTOMER, DEFAULT_CUSTOMER_NAME, WindowPolicy};
pub use review::TemplateVerdict;
pub use server::{Simulator, start};
pub use twilio::state::{AccountStatus, AccountType, ApiKey, Grant, OfflineReason, TwilioState};
