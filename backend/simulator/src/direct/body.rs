//! Request bodies that are larger than what calls normally carry.

use actix_web::web::{Bytes, BytesMut, Payload};
use futures_util::StreamExt as _;

use super::errors::{Graph, GraphError};

/// Reads a body of up to `limit` bytes.
///
/// # Errors
/// 131053 when it is larger, 1 when the connection breaks off.
pub(super) async fn read(payload: Payload, limit: usize) -> Graph<Bytes> {
    match collect(payload, limit).await? {
        (body, true) => Ok(body),
        (_, false) => Err(GraphError::new(1, "The request body broke off.")),
    }
}

/// Reads what comes of a body of up to `limit` bytes, be it whole or not.
///
/// # Errors
/// 131053 when it is larger.
pub(super) async fn read_what_comes(payload: Payload, limit: usize) -> Graph<Bytes> {
    collect(payload, limit).await.map(|(body, _)| body)
}

/// The body, and whether it came to its end.
async fn collect(mut payload: Payload, limit: usize) -> Graph<(Bytes, bool)> {
    let mut body = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let Ok(chunk) = chunk else { return Ok((body.freeze(), false)) };
        if body.len() + chunk.len() > limit {
            return Err(GraphError::new(131_053, "The file is larger than 100 MB."));
        }
        body.extend_from_slice(&chunk);
    }
    Ok((body.freeze(), true))
}
