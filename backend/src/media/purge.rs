//! Letting media go: those whose time is over, and bytes that no medium has.

use crate::storage::media::ContentHash;
use crate::storage::{StorageResult, system};

use super::keep::disk;
use super::{Media, MediaError};

/// Media let go in one transaction.
const BATCH: usize = 200;
/// Hashes looked up at once.
const LOOK_UP: usize = 500;

impl Media {
    /// Lets go of the media whose time is over; one batch. Returns how many.
    ///
    /// # Errors
    /// The disk's and the database's.
    pub async fn purge(&self) -> Result<usize, MediaError> {
        let now = self.0.clock.now();
        let settings = &self.0.settings;
        let cutoffs = system::media::Cutoffs {
            outbound: settings.keep_outbound.map(|kept| now.minus(kept)),
            inbound: settings.keep_inbound.map(|kept| now.minus(kept)),
        };
        let gone = self
            .0
            .db
            .write_bulk(move |conn| {
                let over = system::media::over(conn, now, cutoffs, i64::try_from(BATCH).unwrap_or(i64::MAX))?;
                let ids: Vec<_> = over.iter().map(|(id, _)| *id).collect();
                system::media::forget_all(conn, &ids)?;
                Ok(over)
            })
            .await?;
        self.let_all_go(gone.iter().filter_map(|(_, hash)| *hash).collect()).await?;
        Ok(gone.len())
    }

    /// Removes the bytes of those of these hashes that no medium has any more. Call it after the commit that forgot media.
    ///
    /// # Errors
    /// The disk's and the database's; what stays is swept later.
    pub async fn let_all_go(&self, mut hashes: Vec<ContentHash>) -> StorageResult<()> {
        hashes.sort_unstable();
        hashes.dedup();
        for hash in hashes {
            self.let_go(hash).await?;
        }
        Ok(())
    }

    /// Removes bytes that no medium has: left by a process that ended between the disk and the database.
    ///
    /// # Errors
    /// The disk's and the database's.
    pub async fn sweep(&self) -> Result<usize, MediaError> {
        let store = self.0.store.clone();
        let old = tokio::task::spawn_blocking(move || store.old()).await.map_err(std::io::Error::other)??;
        let mut removed = 0;
        for some in old.chunks(LOOK_UP) {
            let some = some.to_vec();
            for hash in self.0.db.read(move |conn| system::media::unused(conn, &some)).await? {
                self.let_go(hash).await?;
                removed += 1;
            }
        }
        Ok(removed)
    }

    /// Removes the bytes of a hash when no medium has them any more.
    pub(super) async fn let_go(&self, hash: ContentHash) -> StorageResult<()> {
        let store = self.0.store.clone();
        self.0
            .db
            .write_bulk(move |conn| {
                system::media::lock_bytes(conn, &hash)?;
                if !system::media::are_used(conn, &hash)? {
                    store.remove(&hash).map_err(disk)?;
                }
                Ok(())
            })
            .await
    }
}
