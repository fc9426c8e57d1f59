//! Signed links, under which a provider fetches a medium without a login (twilio.md §2.3).

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use url::Url;

use crate::channels::LoadedChannel;
use crate::domain::ids::{MediaId, WorkspaceId};
use crate::domain::media::FileKind;
use crate::domain::message::Direction;
use crate::domain::time::Ts;
use crate::storage::media::{self, MediaRecord, NewMedia};
use crate::storage::system;

use super::keep::disk;
use super::naming::safe_name;
use super::{Media, MediaError};

/// First segment of every link's path.
const ROOT: &str = "m";
const MICROS: i64 = 1_000_000;
/// How much longer than the link a medium is kept, so that not each message has to note it.
const NOTED_AHEAD: Duration = Duration::from_secs(86_400);

/// A file that the gateway has made itself, such as contact cards for a provider that fetches them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generated {
    pub bytes: Vec<u8>,
    pub mime_type: &'static str,
    pub filename: String,
}

/// What a link is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkVerdict {
    Good,
    /// It was good, and its time is over.
    Expired,
    /// This installation never signed it.
    Forged,
}

impl Media {
    /// A link to a medium, under the base at which a channel's provider reaches us, and under a name if it is to have another
    /// than its own. It holds as long as the installation's links hold; see [`Self::keep_while_linked`].
    pub fn link(&self, channel: &LoadedChannel, medium: &MediaRecord, name: Option<&str>) -> Url {
        let until = self.0.clock.now().plus(self.0.settings.link_validity);
        self.link_until(&channel.public_base, medium, name, until)
    }

    /// A link to a medium for somebody who looks at it later than a message waits: the reviewers of templates.
    ///
    /// # Errors
    /// The database's.
    pub async fn link_for(&self, base: &Url, medium: &MediaRecord, valid_for: Duration) -> Result<Url, MediaError> {
        let until = self.0.clock.now().plus(valid_for);
        self.note_linked(vec![medium.id], until).await?;
        Ok(self.link_until(base, medium, None, until))
    }

    /// Sees to it that these media, however old, stay as long as a link that is made now. One note serves all links of a day.
    pub(super) async fn keep_while_linked(&self, media: &[MediaRecord]) -> Result<(), MediaError> {
        let needed = self.0.clock.now().plus(self.0.settings.link_validity);
        let unsure = media.iter().filter(|medium| medium.linked_until.is_none_or(|until| until < needed));
        let ids: Vec<MediaId> = unsure.map(|medium| medium.id).collect();
        if ids.is_empty() {
            return Ok(());
        }
        self.note_linked(ids, needed.plus(NOTED_AHEAD)).await
    }

    async fn note_linked(&self, ids: Vec<MediaId>, until: Ts) -> Result<(), MediaError> {
        Ok(self.0.db.write(move |conn| system::media::note_linked(conn, &ids, until)).await?)
    }

    /// Keeps a generated file and gives a link to it; both end after `valid_for`. The same file is kept once.
    ///
    /// # Errors
    /// The disk's and the database's.
    pub async fn publish(
        &self,
        channel: &LoadedChannel,
        file: Generated,
        valid_for: Duration,
    ) -> Result<Url, MediaError> {
        let until = self.0.clock.now().plus(valid_for);
        let record = self.keep_generated(channel.workspace, file, until).await?;
        Ok(self.link_until(&channel.public_base, &record, None, until))
    }

    async fn keep_generated(
        &self,
        workspace: WorkspaceId,
        file: Generated,
        until: Ts,
    ) -> Result<MediaRecord, MediaError> {
        let mut incoming = self.0.store.receive(u64::MAX).await?;
        incoming.write(&file.bytes).await?;
        let received = incoming.finish().await?;
        let new = NewMedia {
            id: MediaId::new(),
            direction: Direction::Outbound,
            kind: FileKind::Other,
            mime_type: file.mime_type.to_owned(),
            size: received.size,
            sha256: received.sha256,
            filename: Some(file.filename),
            properties: received.sniffed.properties,
            at: self.0.clock.now(),
            expires_at: Some(until),
        };
        let store = self.0.store.clone();
        let kept = self.0.db.write(move |conn| {
            system::media::lock_bytes(conn, &new.sha256)?;
            if let Some(same) = media::prolong_same(conn, workspace, &new, until)? {
                return Ok(same);
            }
            store.place(&received).map_err(disk)?;
            media::insert(conn, workspace, &new)
        });
        Ok(kept.await?)
    }

    fn link_until(&self, base: &Url, medium: &MediaRecord, name: Option<&str>, until: Ts) -> Url {
        // In whole seconds, as it stands in the link.
        let expires = until.micros().div_euclid(MICROS);
        // Some readers take the type from the ending, so that it is the one that belongs to the medium.
        let name = safe_name(name.or(medium.filename.as_deref()), &medium.mime_type);
        let signature = self.signature(medium.id, expires, &name);
        let mut url = base.clone();
        // Fails only for addresses like `data:`, which is no public base.
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend([ROOT, &medium.id.to_string(), &expires.to_string(), &signature, &name]);
        }
        url
    }

    fn signature(&self, id: MediaId, expires: i64, name: &str) -> String {
        let mac = self.mac(id, expires, name).map(|mac| mac.finalize().into_bytes());
        mac.map(|bytes| URL_SAFE_NO_PAD.encode(bytes)).unwrap_or_default()
    }

    /// Whether this installation signed a link, in a time that tells nothing.
    pub fn verify(&self, id: MediaId, expires: i64, name: &str, signature: &str) -> LinkVerdict {
        let given = URL_SAFE_NO_PAD.decode(signature).unwrap_or_default();
        if self.mac(id, expires, name).is_none_or(|mac| mac.verify_slice(&given).is_err()) {
            return LinkVerdict::Forged;
        }
        let over = Ts::from_secs(expires) <= self.0.clock.now();
        if over { LinkVerdict::Expired } else { LinkVerdict::Good }
    }

    /// The medium that a link leads to, whose workspace the link's holder need not know.
    ///
    /// # Errors
    /// The database's.
    pub async fn linked(&self, id: MediaId) -> Result<Option<MediaRecord>, MediaError> {
        Ok(self.0.db.read(move |conn| system::media::by_id(conn, id)).await?)
    }

    fn mac(&self, id: MediaId, expires: i64, name: &str) -> Option<Hmac<Sha256>> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0.key).ok()?;
        mac.update(id.0.as_bytes());
        mac.update(&expires.to_be_bytes());
        // Last, because it is all that has no fixed length.
        mac.update(name.as_bytes());
        Some(mac)
    }
}
