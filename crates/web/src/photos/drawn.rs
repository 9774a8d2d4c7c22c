//! The drawn picture of a kind of goods as messengers want it: a picture of pixels beside the mark. Drawn once, then kept
//! in memory.

use std::{
    collections::BTreeMap,
    sync::{LazyLock, Mutex, PoisonError},
};

use actix_web::{HttpResponse, http::header, web::Bytes};

use crate::{assets, ctx::Ctx, error::Error, handler::Answer};

/// There are as many as drawings in `static/pictures`.
static DRAWN: LazyLock<Mutex<BTreeMap<String, Bytes>>> = LazyLock::new(Mutex::default);

pub async fn page(ctx: Ctx) -> Answer {
    let file: String = ctx.param("file")?;
    let slug = file.strip_suffix(".jpg").ok_or(Error::NotFound)?;
    let svg = assets::bytes(&format!("pictures/{slug}.svg")).ok_or(Error::NotFound)?;
    let known = DRAWN
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .get(slug)
        .cloned();
    let content = match known {
        Some(content) => content,
        None => {
            let content = Bytes::from(ctx.state().darkroom.card(svg.to_vec()).await?);
            let mut drawn = DRAWN.lock().unwrap_or_else(PoisonError::into_inner);
            drawn.insert(slug.to_owned(), content.clone());
            content
        }
    };
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "public, max-age=86400"))
        .insert_header((header::CONTENT_TYPE, "image/jpeg"))
        .body(content))
}
