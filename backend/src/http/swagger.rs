//! The API's description as pages, from files that are part of the program.

use actix_web::{HttpResponse, web};
use utoipa_swagger_ui::{Config, SwaggerUi};

pub fn configure(config: &mut web::ServiceConfig) {
    config
        .route("", web::get().to(with_slash))
        // The address is relative, so that it is right behind a path prefix too.
        .service(SwaggerUi::new("/{_:.*}").config(Config::from("../api/v1/openapi.json").validator_url("none")));
}

/// The pages name their files relative to themselves.
async fn with_slash() -> HttpResponse {
    HttpResponse::PermanentRedirect().insert_header(("location", "docs/")).finish()
}
