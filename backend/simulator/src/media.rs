//! The files of both providers: uploaded by the business or sent by a virtual customer. What is known of each is kept in
//! `media.json`, the bytes in the folder `media`; without a data folder both live in memory.

use std::collections::HashMap;
use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use actix_web::http::header::{CONTENT_DISPOSITION, ContentDisposition, DispositionParam, DispositionType};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::error::SimulatorError;
use crate::ids::{graph_id, hex_string, now_ms};
use crate::json_file::{Shelf, private};
use crate::signing;
use crate::state::World;

/// How long an uploaded file can be used: 30 days (direct.md §2.6).
const UPLOADED_MS: i64 = 30 * 24 * 60 * 60 * 1_000;
/// How long a file of a customer can be used: 7 days (direct.md §2.6).
const RECEIVED_MS: i64 = 7 * 24 * 60 * 60 * 1_000;

/// Where a file came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Origin {
    /// The business.
    Uploaded,
    /// A virtual customer.
    Received,
}

/// What is known of a file.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Medium {
    /// A Graph id, which starts with 7.
    pub(crate) id: String,
    pub(crate) origin: Origin,
    pub(crate) mime: String,
    pub(crate) filename: Option<String>,
    /// In bytes.
    pub(crate) size: u64,
    /// SHA-256 of the bytes.
    pub(crate) sha256: [u8; 32],
    /// Milliseconds since 1970.
    pub(crate) created_at: i64,
    /// What URLs to the file are signed with.
    key: String,
}

impl Medium {
    /// Whether the id can still be used at `now`, in milliseconds since 1970.
    pub(crate) fn is_alive(&self, now: i64) -> bool {
        let life = match self.origin {
            Origin::Uploaded => UPLOADED_MS,
            Origin::Received => RECEIVED_MS,
        };
        now < self.created_at + life
    }

    /// The proof in a URL that ends at `until` (seconds since 1970; 0 is never).
    pub(crate) fn proof(&self, until: i64) -> String {
        let hash = Sha256::new().chain_update(&self.key).chain_update(until.to_be_bytes()).finalize();
        hex::encode(hash)
    }

    /// Whether a URL with this end and proof was given out and is good at `now`, in milliseconds since 1970.
    pub(crate) fn opens(&self, until: i64, proof: &str, now: i64) -> bool {
        (until == 0 || now < until.saturating_mul(1_000)) && signing::same(&self.proof(until), proof)
    }

    /// The file as an answer, to be shown or saved under its name.
    pub(crate) fn response(&self, bytes: Bytes) -> HttpResponse {
        let mut response = HttpResponse::Ok();
        response.content_type(self.mime.as_str()).insert_header(("x-content-type-options", "nosniff"));
        if let Some(name) = &self.filename {
            let parameters = vec![DispositionParam::Filename(name.clone())];
            let disposition = ContentDisposition { disposition: DispositionType::Attachment, parameters };
            response.insert_header((CONTENT_DISPOSITION, disposition));
        }
        response.body(bytes)
    }
}

/// All files, by the account they belong to.
#[derive(Debug)]
pub(crate) struct Media {
    known: Shelf<Medium>,
    /// The account of each id.
    owners: Mutex<HashMap<String, Arc<str>>>,
    store: Store,
}

#[derive(Debug)]
enum Store {
    Memory(Mutex<HashMap<String, Bytes>>),
    Folder(PathBuf),
}

impl Media {
    /// Opens `media.json` and the folder `media` in the data folder; with none the files live in memory.
    pub(crate) fn open(data_dir: Option<PathBuf>) -> Result<Self, SimulatorError> {
        let (known, store) = match data_dir {
            None => (Shelf::open(None)?, Store::Memory(Mutex::default())),
            Some(data_dir) => {
                let folder = data_dir.join("media");
                std::fs::create_dir_all(&folder)
                    .map_err(|source| SimulatorError::DataDir { path: folder.clone(), source })?;
                (Shelf::open(Some(data_dir.join("media.json")))?, Store::Folder(folder))
            }
        };
        let known: Shelf<Medium> = known;
        let owners = known.all().into_iter().map(|(owner, medium)| (medium.id.clone(), Arc::from(owner))).collect();
        Ok(Self { known, owners: Mutex::new(owners), store })
    }

    /// Keeps a file for an account (phone number id or account SID).
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(crate) fn put(
        &self,
        account: &str,
        origin: Origin,
        mime: &str,
        filename: Option<&str>,
        bytes: Bytes,
    ) -> io::Result<Arc<Medium>> {
        let medium = Medium {
            id: graph_id(7),
            origin,
            mime: mime.to_owned(),
            filename: filename.map(str::to_owned),
            size: bytes.len() as u64,
            sha256: Sha256::digest(&bytes).into(),
            created_at: now_ms(),
            key: hex_string::<16>(),
        };
        self.write(&medium.id, bytes)?;
        self.owners.lock().unwrap_or_else(PoisonError::into_inner).insert(medium.id.clone(), Arc::from(account));
        Ok(self.known.add(account, medium))
    }

    /// What is known of a file, and its account.
    pub(crate) fn get(&self, id: &str) -> Option<(Arc<str>, Arc<Medium>)> {
        let owner = self.owners.lock().unwrap_or_else(PoisonError::into_inner).get(id).cloned()?;
        let medium = self.known.find(&owner, |medium| medium.id == id)?;
        Some((owner, medium))
    }

    /// The bytes of a file.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) fn bytes(&self, medium: &Medium) -> io::Result<Bytes> {
        match &self.store {
            Store::Memory(files) => {
                let files = files.lock().unwrap_or_else(PoisonError::into_inner);
                files.get(&medium.id).cloned().ok_or_else(|| io::ErrorKind::NotFound.into())
            }
            Store::Folder(folder) => std::fs::read(folder.join(&medium.id)).map(Bytes::from),
        }
    }

    /// Removes a file; false when there is none with this id.
    pub(crate) fn remove(&self, id: &str) -> bool {
        let Some((owner, _)) = self.get(id) else { return false };
        self.owners.lock().unwrap_or_else(PoisonError::into_inner).remove(id);
        match &self.store {
            Store::Memory(files) => drop(files.lock().unwrap_or_else(PoisonError::into_inner).remove(id)),
            Store::Folder(folder) => {
                if let Err(error) = std::fs::remove_file(folder.join(id)) {
                    tracing::warn!(%error, id, "simulator: a file could not be removed");
                }
            }
        }
        self.known.remove(&owner, |medium| medium.id == id) > 0
    }

    fn write(&self, id: &str, bytes: Bytes) -> io::Result<()> {
        match &self.store {
            Store::Memory(files) => {
                files.lock().unwrap_or_else(PoisonError::into_inner).insert(id.to_owned(), bytes);
                Ok(())
            }
            Store::Folder(folder) => {
                let mut file = private(OpenOptions::new().create_new(true).write(true)).open(folder.join(id))?;
                file.write_all(&bytes)?;
                file.sync_all()
            }
        }
    }
}

impl World {
    /// A URL at which anybody may read the file until `until` (seconds since 1970; 0 is never).
    pub(crate) fn media_url(&self, medium: &Medium, until: i64) -> String {
        format!("{}/_media/{}?until={until}&proof={}", self.base_url, medium.id, medium.proof(until))
    }
}

pub(crate) fn routes(config: &mut web::ServiceConfig) {
    config.route("/_media/{id}", web::get().to(read));
}

/// `GET /_media/{id}?until=…&proof=…`: the bytes, for whoever was given the URL. With `accounts`, keys separated by commas, only
/// when the file belongs to one of them.
async fn read(world: web::Data<World>, request: HttpRequest, id: web::Path<String>) -> HttpResponse {
    let query: HashMap<String, String> =
        url::form_urlencoded::parse(request.query_string().as_bytes()).into_owned().collect();
    let (until, proof) = (query.get("until").and_then(|until| until.parse().ok()), query.get("proof"));
    let is_theirs =
        |owner: &str| query.get("accounts").is_none_or(|accounts| accounts.split(',').any(|account| account == owner));
    let found = world.media.get(&id).filter(|(owner, medium)| match (until, proof) {
        (Some(until), Some(proof)) => medium.opens(until, proof, now_ms()) && is_theirs(owner),
        _ => false,
    });
    let Some((_, medium)) = found else { return HttpResponse::NotFound().finish() };
    let read = web::block({
        let (world, medium) = (world.clone(), Arc::clone(&medium));
        move || world.media.bytes(&medium)
    });
    match read.await {
        Ok(Ok(bytes)) => medium.response(bytes),
        _ => HttpResponse::NotFound().finish(),
    }
}
