//! One cooperative or buyer: its facts, and the administrator's answer with a code or a reason.

use askama::Template;
use domain::{
    accounts::{OrganisationKind, Verification, cooperative_code},
    ids::OrganisationId,
    orders::PaymentTerm,
    problem::Problem,
    regions,
    time::Zone,
};
use store::accounts::{Applicant, Decision, Profile, VerifyError};

use crate::{
    accounts::buyer_kind_key,
    ctx::{Admin, Ctx},
    error::Error,
    flash::Flash,
    form::Form,
    handler::{Answer, Id},
    orders::words::payment,
    parts::{Choice, Crumb, Event},
    security,
    shell::Shell,
};

/// How buyers mostly pay; what else is agreed has a word of its own in the database.
const PAYMENT_TERMS: [&str; 6] = ["cod", "net7", "net14", "net30", "dp30", "dp50"];
/// Longest reason, in characters.
const REASON_CHARS: usize = 300;

#[derive(Template)]
#[template(path = "admin/applicant.html")]
struct Page {
    shell: Shell,
    form: Form,
    applicant: Applicant,
    /// What happened so far, latest first.
    history: Vec<Event>,
}

impl Page {
    fn crumbs(&self) -> Vec<Crumb> {
        vec![Crumb::new("/admin", self.shell.t("admin-title"))]
    }

    /// Label and value of everything known; what was not given is left out.
    fn facts(&self) -> Vec<(String, String)> {
        let applicant = &self.applicant;
        let code = &applicant.region_code;
        let place = match regions::province_of(code) {
            Some(province) => format!("{}, {}", regions::name(code), province.name),
            None => regions::name(code).to_owned(),
        };
        let mut kind = self.shell.t(super::kind_key(applicant.kind));
        let buyer_kind = applicant.buyer_kind.as_deref().and_then(|k| k.parse().ok());
        if let Some(buyer_kind) = buyer_kind {
            kind = format!("{kind} · {}", self.shell.t(buyer_kind_key(buyer_kind)));
        }
        let contact = [&applicant.phone, &applicant.email]
            .into_iter()
            .flatten()
            .cloned()
            .collect::<Vec<_>>()
            .join(" · ");
        let since = Zone::of_region(code).day_of(applicant.since);
        let facts = [
            ("admin-kind", kind),
            ("admin-place", place),
            ("admin-person", applicant.person_name.clone()),
            ("admin-contact", contact),
            ("profile-address", given(&applicant.address)),
            ("profile-postal-code", given(&applicant.postal_code)),
            (
                "profile-nib",
                self.spelt(given(&applicant.nib), &applicant.nib_typed),
            ),
            (
                "profile-npwp",
                self.spelt(
                    domain::identifiers::npwp_display(&given(&applicant.npwp)),
                    &applicant.npwp_typed,
                ),
            ),
            ("admin-since", self.shell.date(since)),
            ("admin-reason", applicant.note.clone().unwrap_or_default()),
        ];
        facts
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(key, value)| (self.shell.t(key), value))
            .collect()
    }

    /// A number, and how it was typed where that looks otherwise.
    fn spelt(&self, number: String, typed: &Option<String>) -> String {
        match typed.as_deref().filter(|typed| *typed != number) {
            Some(typed) => format!(
                "{number} ({})",
                self.shell.t1("admin-typed", "typed", typed)
            ),
            None => number,
        }
    }

    /// How a buyer may pay.
    fn payment_terms(&self) -> Vec<Choice> {
        PAYMENT_TERMS
            .iter()
            .map(|word| Choice::new(word, payment(self.shell.lang, Some(word))))
            .collect()
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

fn given(value: &Option<String>) -> String {
    value.clone().unwrap_or_default()
}

async fn find(ctx: &Ctx, id: OrganisationId) -> Result<Applicant, Error> {
    ctx.store().applicant(id).await?.ok_or(Error::NotFound)
}

pub async fn page(ctx: Ctx, _: Admin, Id(id): Id<OrganisationId>) -> Answer {
    let applicant = find(&ctx, id).await?;
    draw(&ctx, applicant, ctx.empty_form()).await
}

async fn draw(ctx: &Ctx, applicant: Applicant, form: Form) -> Answer {
    let history = ctx
        .store()
        .organisation_history(applicant.organisation)
        .await?;
    let (shell, zone) = (ctx.shell().await, super::zone(ctx));
    let is_again = form.has_errors();
    let page = Page {
        history: history
            .iter()
            .map(|event| super::past(&shell, zone, event))
            .collect(),
        applicant,
        shell,
        form,
    };
    if is_again {
        ctx.unprocessable(&page)
    } else {
        ctx.html(&page)
    }
}

pub async fn submit(ctx: Ctx, admin: Admin, Id(id): Id<OrganisationId>) -> Answer {
    let applicant = find(&ctx, id).await?;
    let mut reader = ctx.reader();
    let mut term: Option<PaymentTerm> = None;
    let decision = match reader.raw("decision") {
        "verify" if applicant.kind == OrganisationKind::Cooperative => {
            let code = reader.with("code", cooperative_code);
            reader.finish(|| Some(Decision::Verify { code: Some(code?) }))
        }
        "verify" => {
            let read = reader.optional("payment_term", |raw| {
                raw.parse::<PaymentTerm>()
                    .map_err(|_| Problem::new("form-choose"))
            });
            reader.finish(|| {
                term = read?;
                Some(Decision::Verify { code: None })
            })
        }
        "reject" => {
            let reason = reader.text("reason", REASON_CHARS);
            reader.finish(|| Some(Decision::Reject { reason: reason? }))
        }
        _ => reader.finish(|| None),
    };
    let decision = match decision {
        Ok(decision) => decision,
        Err(form) => return draw(&ctx, applicant, form).await,
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
            return draw(&ctx, applicant, form).await;
        }
        Err(error) => return Err(error.into()),
    }
    if let Some(term) = term {
        let profile = Profile {
            payment_term: Some(term.to_string()),
            ..Profile::default()
        };
        ctx.store().set_profile(&ctx.act(), id, &profile).await?;
    }
    let state = match decision {
        Decision::Verify { .. } => Verification::Verified,
        Decision::Reject { .. } => Verification::Rejected,
    };
    let answered = format!("{} · {state}", applicant.name);
    security::note_with(
        &ctx,
        security::Kind::VerificationAnswered,
        Some(admin.person),
        &answered,
    );
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
