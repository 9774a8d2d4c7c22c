//! Joining as a buyer: the person who buys and the company. The platform looks at it before it may order.

use askama::Template;
use domain::accounts::{BuyerKind, OrganisationKind, RegisterBuyer};

use super::registering::{self, Joining, Province};
use crate::{ctx::Ctx, form::Form, handler::Answer, parts::Choice, shell::Shell};

#[derive(Template)]
#[template(path = "accounts/register_buyer.html")]
struct Page {
    shell: Shell,
    form: Form,
    provinces: Vec<Province>,
    kinds: Vec<Choice>,
}

/// The string key of a kind of buyer.
pub(crate) fn buyer_kind_key(kind: BuyerKind) -> &'static str {
    match kind {
        BuyerKind::Offtaker => "buyer-kind-offtaker",
        BuyerKind::Retailer => "buyer-kind-retailer",
        BuyerKind::Exporter => "buyer-kind-exporter",
        BuyerKind::Institution => "buyer-kind-institution",
        BuyerKind::Government => "buyer-kind-government",
        BuyerKind::Soe => "buyer-kind-soe",
        BuyerKind::Horeca => "buyer-kind-horeca",
        BuyerKind::Processor => "buyer-kind-processor",
    }
}

async fn draw(ctx: &Ctx, form: Form) -> Answer {
    let is_again = form.has_errors();
    let page = Page {
        shell: ctx.shell().await,
        form,
        provinces: registering::provinces(),
        kinds: BuyerKind::ALL
            .iter()
            .map(|kind| Choice::new(kind, ctx.t(buyer_kind_key(*kind))))
            .collect(),
    };
    if is_again {
        ctx.unprocessable(&page)
    } else {
        ctx.html(&page)
    }
}

pub async fn page(ctx: Ctx) -> Answer {
    draw(&ctx, ctx.empty_form()).await
}

pub async fn submit(ctx: Ctx) -> Answer {
    let command = match registering::read(&ctx, |source| RegisterBuyer::parse(source)) {
        Ok(command) => command,
        Err(form) => return draw(&ctx, form).await,
    };
    let joining = Joining {
        kind: OrganisationKind::Buyer,
        person_name: command.person_name,
        organisation_name: command.organisation_name,
        region: command.region,
        buyer_kind: Some(command.buyer_kind),
        login: command.login,
        password: command.password,
    };
    registering::join(&ctx, joining).await
}
