//! `/{id}`: whatever the id names, be it a number, a WhatsApp Business Account, a template, a medium or an upload.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{body, media, numbers, reply, template_edit, template_list, uploads, waba};
use crate::state::World;

/// Largest body: a part of a sample file.
const BODY_LIMIT: usize = 100 << 20;

type Ids = web::Path<(String, String)>;

pub(super) async fn read(world: web::Data<World>, request: HttpRequest, path: Ids) -> HttpResponse {
    let (version, id) = path.into_inner();
    let outcome = if id.starts_with(uploads::PREFIX) {
        uploads::progress(&world, &request, &id)
    } else if world.accounts.direct(&id).is_some() {
        numbers::read(&world, &request, &id)
    } else if world.media.get(&id).is_some() {
        media::look_up(&world, &request, &id)
    } else if let Some(template) = template_list::of_caller(&world, &request, &id) {
        template_list::read(&request, &world, &template)
    } else {
        waba::read(&world, &request, &id)
    };
    reply(&version, outcome)
}

pub(super) async fn change(
    world: web::Data<World>,
    request: HttpRequest,
    path: Ids,
    payload: web::Payload,
) -> HttpResponse {
    let (version, id) = path.into_inner();
    let outcome = async {
        let body = body::read_what_comes(payload, BODY_LIMIT).await?;
        if id.starts_with(uploads::PREFIX) {
            uploads::receive(&world, &request, &id, &body)
        } else if let Some(template) = template_list::of_caller(&world, &request, &id) {
            template_edit::edit(&world, &request, &template, &body)
        } else {
            numbers::configure(&world, &request, &id, &body).await
        }
    };
    reply(&version, outcome.await)
}
