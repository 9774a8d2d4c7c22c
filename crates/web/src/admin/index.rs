//! Who waits to be looked at, the longest first.

use askama::Template;
use domain::{regions, time::Zone};
use store::accounts::Applicant;

use crate::{
    ctx::{Admin, Ctx},
    handler::Answer,
    parts::Head,
    shell::Shell,
};

#[derive(Template)]
#[template(path = "admin/index.html")]
struct Page {
    shell: Shell,
    applicants: Vec<Applicant>,
}

impl Page {
    fn heads(&self) -> Vec<Head> {
        [
            "admin-name",
            "admin-kind",
            "admin-place",
            "admin-person",
            "admin-since",
        ]
        .map(|key| Head::text(self.shell.t(key)))
        .into()
    }

    fn kind(&self, applicant: &Applicant) -> String {
        self.shell.t(super::kind_key(applicant.kind))
    }

    fn place(&self, applicant: &Applicant) -> String {
        regions::short_name(&applicant.region_code)
    }

    fn since(&self, applicant: &Applicant) -> String {
        let zone = Zone::of_region(&applicant.region_code);
        self.shell.date(zone.day_of(applicant.since))
    }
}

pub async fn page(ctx: Ctx, _: Admin) -> Answer {
    let page = Page {
        shell: ctx.shell().await,
        applicants: ctx.store().applicants().await?,
    };
    ctx.html(&page)
}
