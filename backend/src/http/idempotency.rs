//! Answers that are given again to a request that comes again.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde::Serialize;

use crate::domain::time::Ts;
use crate::error::{ApiError, Code};
use crate::storage::conn::Conn;
use crate::storage::idempotency::{Claim, IdempotencyScope, claim, look, settle};
use crate::storage::{Db, StorageResult};

/// What a caller with the same key gets later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// The same answer.
    Answer,
    /// Only that it was done: the answer holds a secret.
    Nothing,
}

/// The answer that a request with this key got before, if any did. To be asked before anything is checked: what was accepted
/// once may no longer be acceptable, and whoever asks again must still hear that it was.
///
/// # Errors
/// The key was used with another body or still runs, or the answer is not kept.
pub async fn settled(db: &Db, scope: Option<&IdempotencyScope>) -> Result<Option<HttpResponse>, ApiError> {
    let Some(scope) = scope.cloned() else { return Ok(None) };
    match db.read(move |conn| look(conn, &scope)).await? {
        Claim::New => Ok(None),
        taken => replay(taken).map(Some),
    }
}

/// Does the work and keeps its answer in one transaction, or gives the answer that was kept. Without a key, just works.
///
/// # Errors
/// The key was used with another body or still runs, or the answer is not kept; and the work's own, which keep nothing.
pub async fn once<T, F>(
    db: &Db,
    scope: Option<IdempotencyScope>,
    now: Ts,
    status: StatusCode,
    keep: Keep,
    work: F,
) -> Result<HttpResponse, ApiError>
where
    T: Serialize + Send + 'static,
    F: FnOnce(&mut Conn) -> StorageResult<T> + Send + 'static,
{
    let outcome = db
        .write(move |conn| {
            if let Some(scope) = &scope {
                match claim(conn, scope, now)? {
                    Claim::New => {}
                    taken => return Ok(Err(taken)),
                }
            }
            let answer = serde_json::to_string(&work(conn)?)?;
            if let Some(scope) = &scope {
                settle(conn, scope, status.as_u16(), (keep == Keep::Answer).then_some(answer.as_str()))?;
            }
            Ok(Ok(answer))
        })
        .await?;
    match outcome {
        Ok(answer) => Ok(json(status, answer)),
        Err(taken) => replay(taken),
    }
}

/// The answer to a request whose key was taken before.
///
/// # Errors
/// There is no answer to give again.
pub fn replay(taken: Claim) -> Result<HttpResponse, ApiError> {
    match taken {
        Claim::Done { status, response: Some(answer) } => {
            let status = StatusCode::from_u16(status).map_err(ApiError::internal)?;
            Ok(json(status, answer))
        }
        Claim::Done { response: None, .. } => Err(Code::IdempotencySecretGone.into()),
        Claim::OtherBody => Err(Code::IdempotencyKeyReused.into()),
        Claim::Running | Claim::New => Err(Code::IdempotencyKeyRunning.into()),
    }
}

fn json(status: StatusCode, answer: String) -> HttpResponse {
    HttpResponse::build(status).content_type("application/json").body(answer)
}
