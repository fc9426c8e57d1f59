//! Pictures, films, sounds and files: taken in, kept on disk by the hash of their bytes, brought to the providers and fetched
//! from them, shown, and let go.

pub mod carriage;
mod check;
mod error;
mod fetch;
mod keep;
mod links;
pub mod naming;
mod preparation;
mod purge;
pub mod sniff;
mod store;
mod uploads;
mod vcards;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::clock::SharedClock;
use crate::domain::ids::WorkspaceId;
use crate::domain::time::Ts;
use crate::live::Live;
use crate::queue::Wake;
use crate::storage::Db;
use crate::storage::media::MediaRecord;

pub use error::MediaError;
pub use fetch::Fetcher;
pub use keep::{Kept, Named};
pub use links::{Generated, LinkVerdict};
pub use preparation::MediaPreparation;
pub use store::{Incoming, Received, Store};

/// What the installation has decided about media.
#[derive(Clone, Debug)]
pub struct MediaSettings {
    pub folder: PathBuf,
    /// Largest medium that is taken in, in bytes; in either direction.
    pub limit: u64,
    /// How long a signed link to an outgoing medium holds. Longer than a message may wait at Twilio: 36,000 s (twilio.md §2.1).
    pub link_validity: Duration,
    /// How long outgoing media are kept; `None` is for ever.
    pub keep_outbound: Option<Duration>,
    /// How long incoming media are kept; `None` is for ever.
    pub keep_inbound: Option<Duration>,
}

/// The way to all media. Cheap to clone.
#[derive(Clone)]
pub struct Media(Arc<Inner>);

struct Inner {
    db: Db,
    store: Store,
    live: Live,
    clock: SharedClock,
    settings: MediaSettings,
    /// Signs links; see [`crate::domain::media`] for what they lead to.
    key: [u8; 32],
    arrived: Wake,
}

impl Media {
    /// `key` is the installation's key for signed links.
    ///
    /// # Errors
    /// The folder can't be made or written to.
    pub fn open(
        db: Db,
        live: Live,
        clock: SharedClock,
        settings: MediaSettings,
        key: [u8; 32],
    ) -> std::io::Result<Self> {
        let store = Store::open(&settings.folder)?;
        Ok(Self(Arc::new(Inner { db, store, live, clock, settings, key, arrived: Wake::default() })))
    }

    /// Tells the fetching worker that people have sent media. Call it after the commit.
    pub fn arrived(&self) {
        self.0.arrived.wake();
    }

    /// When a medium goes by itself; `None` when it stays.
    pub fn expiry(&self, record: &MediaRecord) -> Option<Ts> {
        use crate::domain::message::Direction;
        let kept = match record.direction {
            Direction::Outbound => self.0.settings.keep_outbound,
            Direction::Inbound => self.0.settings.keep_inbound,
        };
        let by_age = || kept.map(|kept| record.created_at.plus(kept).max(record.linked_until.unwrap_or(Ts(0))));
        record.expires_at.or_else(by_age)
    }

    fn tell(&self, workspace: WorkspaceId) {
        self.0.live.notify(workspace);
    }
}
