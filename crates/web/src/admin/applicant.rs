//! One cooperative or buyer: its facts, and the administrator's answer with a code or a reason.

use askama::Template;
use domain::{
    accounts::{BuyerKind, OrganisationKind, Verification, cooperative_code},
    ids::OrganisationId,
    problem::Problem,
    regions,
};
use store::accounts::{Applicant, Decision, VerifyError};

use crate::{
    accounts::buyer_kind_key,
    ctx::{Admin, Ctx},
    error::Error,
    flash::Flash,
    form::Form,
    handler::{Answer, Id},
    shell::Shell,
};

/// Longest reason, in characters.
const REASON_CHARS: usize = 300;

#[derive(Template)]
#[template(path = "admin/applicant.html")]
struct Page {
    shell: Shell,
    form: Form,
    applicant: Applicant,
}

impl Page {
    fn place(&self) -> String {
        let code = &self.applicant.region_code;
        match regions::province_of(code) {
            Some(province) => format!("{}, {}", regions::name(code), province.name),
            None => regions::name(code).to_owned(),
        }
    }

    fn kind(&self) -> String {
        self.shell.t(super::kind_key(self.applicant.kind))
    }

    fn buyer_kind(&self) -> Option<String> {
        let kind: BuyerKind = self.applicant.buyer_kind.as_deref()?.parse().ok()?;
        Some(self.shell.t(buyer_kind_key(kind)))
    }

    fn is_cooperative(&self) -> bool {
        self.applicant.kind == OrganisationKind::Cooperative
    }

    fn is_verified(&self) -> bool {
        self.applicant.verification == Verification::Verified
    }

    fn is_rejected(&self) -> bool {
        self.applicant.verification == Verification::Rejected
    }
}

async fn find(ctx: &Ctx, id: OrganisationId) -> Result<Applicant, Error> {
    ctx.store().applicant(id).await?.ok_or(Error::NotFound)
}

pub async fn page(ctx: Ctx, _: Admin, Id(id): Id<OrganisationId>) -> Answer {
    let page = Page {
        applicant: find(&ctx, id).await?,
        shell: ctx.shell().await,
        form: ctx.empty_form(),
    };
    ctx.html(&page)
}

async fn again(ctx: &Ctx, applicant: Applicant, form: Form) -> Answer {
    let page = Page {
        applicant,
        shell: ctx.shell().await,
        form,
    };
    ctx.unprocessable(&page)
}

pub async fn submit(ctx: Ctx, _: Admin, Id(id): Id<OrganisationId>) -> Answer {
    let applicant = find(&ctx, id).await?;
    let mut reader = ctx.reader();
    let decision = match reader.raw("decision") {
        "verify" if applicant.kind == OrganisationKind::Cooperative => {
            let code = reader.with("code", cooperative_code);
            reader.finish(|| Some(Decision::Verify { code: Some(code?) }))
        }
        "verify" => reader.finish(|| Some(Decision::Verify { code: None })),
        "reject" => {
            let reason = reader.text("reason", REASON_CHARS);
            reader.finish(|| Some(Decision::Reject { reason: reason? }))
        }
        _ => reader.finish(|| None),
    };
    let decision = match decision {
        Ok(decision) => decision,
        Err(form) => return again(&ctx, applicant, form).await,
    };
    match ctx
        .store()
        .answer_applicant(&ctx.act(), id, &decision)
        .await
    {
        Ok(()) => {}
        Err(VerifyError::CodeTaken(code)) => {
            let mut form = Form::of(ctx.posted(), ctx.lang());
            form.add("code", Problem::new("admin-code-taken").with("code", code));
            return again(&ctx, applicant, form).await;
        }
        Err(error) => return Err(error.into()),
    }
    let key = match decision {
        Decision::Verify { .. } => "admin-verified",
        Decision::Reject { .. } => "admin-rejected",
    };
    ctx.flash(Flash::done(text::t_with(
        ctx.lang(),
        key,
        &[("name", applicant.name.into())],
    )))
    .await?;
    ctx.see("/admin")
}

impl From<VerifyError> for Error {
    fn from(error: VerifyError) -> Self {
        match error {
            VerifyError::NotFound => Self::NotFound,
            VerifyError::AlreadyAnswered => {
                Self::conflict("admin-already-answered").way_out("/admin", "admin-way-back")
            }
            VerifyError::CodeMissing | VerifyError::CodeTaken(_) => Self::BadRequest,
            VerifyError::Store(error) => error.into(),
        }
    }
}
