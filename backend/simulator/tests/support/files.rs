//! A web server with files on this machine, as a gateway offers its media.

use std::collections::HashMap;

use actix_web::dev::ServerHandle;
use actix_web::http::header::CONTENT_DISPOSITION;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};

/// Bytes and type by path.
type Shelf = HashMap<String, (&'static str, Vec<u8>)>;

pub struct Files {
    pub url: String,
    server: ServerHandle,
}

impl Files {
    pub async fn start(files: &[(&str, &'static str, &[u8])]) -> Self {
        let shelf: Shelf =
            files.iter().map(|(path, mime, bytes)| ((*path).to_owned(), (*mime, bytes.to_vec()))).collect();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("bound").port();
        let server =
            HttpServer::new(move || App::new().app_data(web::Data::new(shelf.clone())).default_service(web::to(serve)))
                .workers(1)
                .disable_signals()
                .listen(listener)
                .expect("listening")
                .run();
        let handle = server.handle();
        tokio::spawn(server);
        Self { url: format!("http://127.0.0.1:{port}"), server: handle }
    }

    pub async fn stop(self) {
        self.server.stop(false).await;
    }
}

async fn serve(shelf: web::Data<Shelf>, request: HttpRequest) -> HttpResponse {
    match shelf.get(request.path()) {
        Some((mime, bytes)) => HttpResponse::Ok()
            .content_type(*mime)
            .insert_header((CONTENT_DISPOSITION, "inline; filename=\"named.bin\""))
            .body(bytes.clone()),
        None => HttpResponse::NotFound().finish(),
    }
}
