//! The socket under a request: lets a handler end the connection without an answer.

use std::any::Any;
use std::net::Shutdown;
use std::time::Duration;

use actix_web::dev::Extensions;
use actix_web::{HttpRequest, HttpResponse};

use crate::sending::Answer;
use crate::state::World;

/// How long a request may hang at most, whatever the faults say.
const LONGEST_HANG: Duration = Duration::from_secs(600);

/// A second handle on the connection's socket.
#[derive(Debug)]
struct Socket(std::net::TcpStream);

/// Keeps a handle on every new connection.
pub(crate) fn keep_handle(connection: &dyn Any, data: &mut Extensions) {
    #[cfg(unix)]
    if let Some(stream) = connection.downcast_ref::<actix_web::rt::net::TcpStream>()
        && let Ok(handle) = std::os::fd::AsFd::as_fd(stream).try_clone_to_owned()
    {
        data.insert(Socket(handle.into()));
    }
}

/// Ends the connection. The answer that the handler returns goes nowhere.
pub(crate) fn hang_up(request: &HttpRequest) -> HttpResponse {
    if let Some(Socket(stream)) = request.conn_data() {
        let _ = stream.shutdown(Shutdown::Both);
    }
    HttpResponse::ServiceUnavailable().force_close().finish()
}

/// Gives the answer to an accepted message in the way that was decided.
pub(crate) async fn answer(world: &World, request: &HttpRequest, how: Answer, response: HttpResponse) -> HttpResponse {
    match how {
        Answer::AtOnce => response,
        Answer::After(wait) => {
            tokio::select! {
                () = world.stopping.cancelled() => {}
                () = tokio::time::sleep(wait) => {}
            }
            response
        }
        Answer::Lost => hang_up(request),
        Answer::Never => {
            let release = world.release();
            tokio::select! {
                () = release.cancelled() => {}
                () = tokio::time::sleep(LONGEST_HANG) => {}
            }
            hang_up(request)
        }
    }
}

/// What a proxy in front of a provider says when the provider is down: a page, no code.
pub(crate) fn gateway_fault(status: u16) -> HttpResponse {
    let status =
        actix_web::http::StatusCode::from_u16(status).unwrap_or(actix_web::http::StatusCode::SERVICE_UNAVAILABLE);
    HttpResponse::build(status)
        .content_type("text/html")
        .body("<html><body><h1>Temporarily unavailable</h1></body></html>")
}
