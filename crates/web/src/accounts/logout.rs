//! Signing out: the session dies on the server, so that its cookie is worth nothing even if somebody kept it.

use crate::{ctx::Ctx, handler::Answer, security, session::Token};

pub async fn submit(ctx: Ctx) -> Answer {
    if let Some(hash) = ctx.session_token().map(Token::hash) {
        ctx.store().close_session(&ctx.act(), &hash).await?;
        security::note(&ctx, security::Kind::SignedOut);
    }
    ctx.set_cookie(ctx.state().cookies().no_session());
    ctx.see("/login")
}
