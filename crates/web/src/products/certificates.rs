//! The permits that cover a product, and noting down another.

use askama::Template;
use domain::{ids::ProductId, products::CertificateKind, time::Day};
use store::products::{CertificateView, NewCertificate, ProductView};
use text::units;

use super::{desk::Desk, fields::permit_number};
use crate::{
    ctx::Ctx,
    flash::Flash,
    form::Form,
    handler::{Answer, Id},
    parts::Choice,
    shell::Shell,
};

/// A permit is looked after once so many days are left.
const SOON_DAYS: i32 = 30;

#[derive(Template)]
#[template(path = "products/certificates.html")]
struct Page {
    shell: Shell,
    desk: Desk,
    product: ProductView,
    certificates: Vec<CertificateView>,
    kinds: Vec<Choice>,
    form: Form,
    today: Day,
}

impl Page {
    /// The product's page, or one below it.
    fn to(&self, below: &str) -> String {
        self.desk.to(self.product.id, below)
    }

    fn removal(&self, certificate: &CertificateView) -> String {
        self.to(&format!("/certificates/{}/removal", certificate.id))
    }

    fn permit(&self, certificate: &CertificateView) -> String {
        units::permit(self.shell.lang, certificate.kind)
    }

    /// "Berlaku sampai 5 Maret 2027", with the badge's kind.
    fn validity(&self, certificate: &CertificateView) -> (String, &'static str) {
        let Some(last) = certificate.valid_until else {
            return (self.shell.t("products-permit-open"), "ok");
        };
        let date = self.shell.date(last);
        if last < self.today {
            (self.shell.t1("products-permit-over", "date", date), "bad")
        } else if last.0.saturating_sub(self.today.0) <= SOON_DAYS {
            (self.shell.t1("products-permit-until", "date", date), "wait")
        } else {
            (self.shell.t1("products-permit-until", "date", date), "ok")
        }
    }
}

async fn draw(ctx: &Ctx, desk: Desk, product: ProductView, form: Form) -> Answer {
    let is_again = form.has_errors();
    let page = Page {
        certificates: ctx.store().certificates(desk.umkm, product.id).await?,
        kinds: CertificateKind::ALL
            .iter()
            .map(|kind| Choice::new(kind, units::permit(ctx.lang(), *kind)))
            .collect(),
        shell: ctx.shell().await,
        today: desk.today(),
        desk,
        product,
        form,
    };
    if is_again {
        ctx.unprocessable(&page)
    } else {
        ctx.html(&page)
    }
}

pub async fn page(ctx: Ctx, Id(id): Id<ProductId>) -> Answer {
    let desk = Desk::of(&ctx).await?;
    let product = desk.product(&ctx, id).await?;
    draw(&ctx, desk, product, ctx.empty_form()).await
}

pub async fn submit(ctx: Ctx, Id(id): Id<ProductId>) -> Answer {
    let desk = Desk::of(&ctx).await?;
    let product = desk.product(&ctx, id).await?;
    let mut reader = ctx.reader();
    let kind = reader.choice::<CertificateKind>("kind");
    let today = desk.today();
    let number = reader.with("number", |raw| permit_number(kind, raw, today));
    let valid_until = reader.optional_day("valid_until");
    let for_all = reader.checked("for_all");
    let (new, warning) = match reader.finish(|| {
        let (number, warning) = number?;
        let new = NewCertificate {
            kind: kind?,
            number,
            valid_until: valid_until?,
            for_all,
        };
        Some((new, warning))
    }) {
        Ok(read) => read,
        Err(form) => return draw(&ctx, desk, product, form).await,
    };
    ctx.store()
        .add_certificate(&desk.act, desk.umkm, id, &new)
        .await
        .map_err(|error| desk.refused(ctx.lang(), id, error))?;
    let words = ctx.t("products-permit-added");
    ctx.flash(match warning {
        None => Flash::done(words),
        Some(odd) => Flash::note(format!("{words} {}.", text::problem(ctx.lang(), &odd))),
    })
    .await?;
    ctx.see(desk.to(id, "/certificates"))
}
