//! A program with a clock of its own, and a caller for each of its two workspaces.

use std::sync::Arc;
use std::time::Duration;

use duplex::clock::{Clock, ManualClock, SystemClock};
use duplex::domain::time::Ts;
use serde_json::{Value, json};

use crate::support::Database;
use crate::support::api::Caller;
use crate::support::app::TestApp;

pub struct Stage {
    pub app: TestApp,
    clock: Arc<ManualClock>,
    /// The owner, looking at the sandbox workspace.
    pub sandbox: Caller,
    /// The owner, looking at the live workspace.
    pub live: Caller,
}

impl Stage {
    pub async fn set(database: Database) -> Self {
        Self::with(database, &[]).await
    }

    /// With settings of one's own, as on the command line.
    pub async fn with(database: Database, settings: &[&str]) -> Self {
        let clock = ManualClock::at(SystemClock.now());
        let app = TestApp::start_with(database, settings, clock.clone()).await;
        Self { sandbox: app.owner.clone(), live: app.owner.in_workspace(&app.live), app, clock }
    }

    pub fn now(&self) -> Ts {
        self.clock.now()
    }

    /// Time passes for the program, but not for the test.
    pub fn pass(&self, time: Duration) {
        self.clock.advance(time);
    }

    /// The sandbox's channel of a provider.
    pub async fn channel(&self, provider: &str) -> Value {
        let found = self.sandbox.get(&format!("/api/v1/channels?provider={provider}")).await.expect(200);
        found["data"][0].clone()
    }

    pub async fn strike(self) {
        self.app.stop().await;
    }
}

/// The path of a channel.
pub fn path_of(channel: &Value) -> String {
    format!("/api/v1/channels/{}", channel["id"].as_str().expect("a channel has an id"))
}

/// A form for a sender at Twilio; `n` makes it another one.
pub fn twilio(n: u8) -> Value {
    json!({
        "provider": "twilio",
        "name": format!("Twilio {n}"),
        "account_sid": format!("AC{n:032x}"),
        "auth_token": format!("5f1d7a84db34e9b2c6a0f3e85e9d{n:04x}"),
        "sender_number": format!("+1555123{:04}", 1000 + u16::from(n)),
    })
}

/// A form for a number at Meta; `n` makes it another one.
pub fn direct(n: u8) -> Value {
    json!({
        "provider": "direct",
        "name": format!("Meta {n}"),
        "whatsapp_business_phone_id": format!("2000000000{n:05}"),
        "waba_id": "300000000000001",
        "whatsapp_app_id": "100000000000001",
        "app_secret": format!("a0b1c2d3e4f5a6b7c8d9e0f1a2b3{n:04x}"),
        "whatsapp_access_token": format!("EAAGtesttokentesttokentesttoken{n:04}"),
    })
}
