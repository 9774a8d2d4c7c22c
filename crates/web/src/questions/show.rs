//! One question with the form to answer it, for all or for the asker alone. Who answers second sees both answers.

use actix_web::http::StatusCode;
use askama::Template;
use domain::{
    ids::{OrganisationId, QuestionId},
    problem::Problem,
    time::{Instant, Zone},
};
use store::questions::{ManagedQuestion, QuestionError};

use super::WORDS_MAX;
use crate::{
    ctx::{CoopReader, Ctx, Manager},
    error::Error,
    flash::Flash,
    form::Form,
    handler::{Answer, FromVisit, Id},
    members::zone,
    parts::{Choice, Crumb},
    shell::Shell,
};

#[derive(Template)]
#[template(path = "questions/show.html")]
struct Page {
    shell: Shell,
    form: Form,
    question: ManagedQuestion,
    choices: Vec<Choice>,
    zone: Zone,
    may_write: bool,
    is_stale: bool,
}

async fn find(
    ctx: &Ctx,
    cooperative: OrganisationId,
    id: QuestionId,
) -> Result<ManagedQuestion, Error> {
    ctx.store()
        .managed_question(cooperative, id)
        .await?
        .ok_or(Error::NotFound)
}

pub async fn page(ctx: Ctx, reader: CoopReader, Id(id): Id<QuestionId>) -> Answer {
    let question = find(&ctx, reader.organisation, id).await?;
    let form = ctx
        .empty_form()
        .with("answer", question.answer.as_deref().unwrap_or_default());
    let form = match question.answer {
        Some(_) if !question.is_public => form.with("audience", "private"),
        _ => form.with("audience", "public"),
    };
    draw(&ctx, question, form, StatusCode::OK).await
}

async fn draw(ctx: &Ctx, question: ManagedQuestion, form: Form, status: StatusCode) -> Answer {
    let shell = ctx.shell().await;
    let page = Page {
        choices: vec![
            Choice::new("public", shell.t("questions-for-all"))
                .hint(shell.t("questions-for-all-hint")),
            Choice::new("private", shell.t("questions-for-asker"))
                .hint(shell.t("questions-for-asker-hint")),
        ],
        zone: zone(ctx),
        may_write: Manager::from_visit(ctx).is_ok(),
        is_stale: status == StatusCode::CONFLICT,
        shell,
        form,
        question,
    };
    ctx.html_as(status, &page)
}

pub async fn submit(ctx: Ctx, manager: Manager, Id(id): Id<QuestionId>) -> Answer {
    let question = find(&ctx, manager.organisation, id).await?;
    let mut reader = ctx.reader();
    let answer = reader.text("answer", WORDS_MAX);
    let is_public = reader.with("audience", |raw| match raw.trim() {
        "public" => Ok(true),
        "private" => Ok(false),
        _ => Err(Problem::new("form-choose")),
    });
    let version = reader.whole("version", 0, i64::MAX);
    let read = reader.finish(|| Some((answer?, is_public?, version?)));
    let (answer, is_public, version) = match read {
        Ok(read) => read,
        Err(form) => {
            return draw(&ctx, question, form, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
    };
    let outcome = ctx
        .store()
        .answer_question(
            &ctx.act(),
            manager.organisation,
            id,
            version,
            &answer,
            is_public,
        )
        .await;
    match outcome {
        Ok(()) => {
            ctx.flash(Flash::done(ctx.t("questions-done"))).await?;
            ctx.see(format!("/questions/{id}"))
        }
        Err(QuestionError::Stale(_)) => {
            let mut form = Form::of(ctx.posted(), ctx.lang());
            form.add("", Problem::new("questions-stale"));
            let question = find(&ctx, manager.organisation, id).await?;
            draw(&ctx, question, form, StatusCode::CONFLICT).await
        }
        Err(error) => Err(error.into()),
    }
}

impl Page {
    fn crumbs(&self) -> Vec<Crumb> {
        vec![Crumb::new("/questions", self.shell.t("questions-title"))]
    }

    fn asked(&self) -> String {
        self.shell
            .date_time(Instant(self.question.asked_at), self.zone)
    }

    fn is_hidden(&self) -> bool {
        self.question.hidden_at.is_some()
    }

    /// Colour, word and icon.
    fn badge(&self) -> (&'static str, String, &'static str) {
        let question = &self.question;
        match (question.hidden_at, question.answered_at, question.is_public) {
            (Some(_), ..) => ("", self.shell.t("questions-hidden"), "archive"),
            (_, None, _) => ("wait", self.shell.t("questions-waiting"), "clock"),
            (_, _, true) => ("ok", self.shell.t("questions-public"), "check"),
            (_, _, false) => ("info", self.shell.t("questions-private"), "person"),
        }
    }
}
