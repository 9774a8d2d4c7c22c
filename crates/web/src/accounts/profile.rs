//! The organisation's own facts: where it is, how it is reached, its numbers from the state. Numbers are checked as
//! DOMAIN §3 says; what merely looks odd is told and saved all the same. Cooperatives and buyers ask from here to be
//! looked at by the platform.

use askama::Template;
use domain::{
    accounts::{OrganisationKind, Verification, region},
    identifiers::{self, Checked},
    problem::Problem,
};
use store::accounts::{NewProfile, OwnProfile};

use super::registering::{self, Province};
use crate::{
    ctx::{Ctx, SignedIn},
    error::Error,
    flash::Flash,
    form::Form,
    handler::Answer,
    shell::Shell,
};

/// Longest address, in characters.
const ADDRESS_CHARS: usize = 300;
/// Longest name of a village, in characters.
const VILLAGE_CHARS: usize = 80;

#[derive(Template)]
#[template(path = "accounts/profile.html")]
struct Page {
    shell: Shell,
    form: Form,
    name: String,
    provinces: Vec<Province>,
    needs_verification: bool,
    verification: Verification,
    reason: String,
    /// What looks odd in what is stored, in words.
    warnings: Vec<String>,
    missing: Vec<Missing>,
}

/// A fact that the platform looks at, and whether it is there.
pub struct Missing {
    /// The field on the page.
    pub field: &'static str,
    pub key: &'static str,
    pub is_there: bool,
}

impl Page {
    fn is_rejected(&self) -> bool {
        self.verification == Verification::Rejected
    }

    fn may_submit(&self) -> bool {
        self.needs_verification
            && matches!(
                self.verification,
                Verification::Rejected | Verification::Unverified
            )
    }

    fn waits(&self) -> bool {
        self.needs_verification && self.verification == Verification::Submitted
    }
}

/// What the platform wants to see of an organisation, in the order of the page.
pub fn wanted(profile: &OwnProfile) -> Vec<Missing> {
    let fact = |field, key, value: &Option<String>| Missing {
        field,
        key,
        is_there: value.is_some(),
    };
    vec![
        fact("phone", "profile-phone", &profile.phone),
        fact("address", "profile-address", &profile.address),
        fact("postal_code", "profile-postal-code", &profile.postal_code),
        fact("nib", "profile-nib", &profile.nib),
        fact("npwp", "profile-npwp", &profile.npwp),
    ]
}

/// The acting organisation, for whoever manages it. Also before it is verified.
pub fn managed(ctx: &Ctx) -> Result<&store::accounts::Belonging, Error> {
    let acting = ctx.acting().ok_or(Error::Forbidden)?;
    let manages = acting.roles.iter().any(|role| role.manages_people());
    let trades = matches!(
        acting.kind,
        OrganisationKind::Umkm | OrganisationKind::Cooperative | OrganisationKind::Buyer
    );
    if manages && trades {
        Ok(acting)
    } else {
        Err(Error::Forbidden)
    }
}

type Rule = fn(&str) -> Result<Checked, Problem>;

async fn draw(ctx: &Ctx, profile: OwnProfile, form: Form) -> Answer {
    let acting = managed(ctx)?;
    let is_again = form.has_errors();
    let stored: [(&Option<String>, Rule); 3] = [
        (&profile.phone, identifiers::phone),
        (&profile.npwp, identifiers::npwp),
        (&profile.nib, identifiers::nib),
    ];
    let warnings = stored
        .into_iter()
        .filter_map(|(value, rule)| rule(value.as_ref()?).ok()?.warning)
        .map(|warning| text::problem(ctx.lang(), &warning))
        .collect();
    let page = Page {
        shell: ctx.shell().await,
        form,
        provinces: registering::provinces(),
        needs_verification: acting.kind.needs_verification(),
        verification: acting.verification,
        reason: acting.verification_note.clone().unwrap_or_default(),
        warnings,
        missing: wanted(&profile)
            .into_iter()
            .filter(|fact| !fact.is_there)
            .collect(),
        name: profile.name,
    };
    if is_again {
        ctx.unprocessable(&page)
    } else {
        ctx.html(&page)
    }
}

pub async fn page(ctx: Ctx, _: SignedIn) -> Answer {
    let acting = managed(&ctx)?;
    let profile = ctx.store().own_profile(acting.organisation).await?;
    let filled = |value: &Option<String>| value.clone().unwrap_or_default();
    let npwp = filled(&profile.npwp);
    let form = ctx
        .empty_form()
        .with("phone", filled(&profile.phone))
        .with("address", filled(&profile.address))
        .with("village", filled(&profile.village))
        .with("postal_code", filled(&profile.postal_code))
        .with("region", &profile.region_code)
        .with("nib", filled(&profile.nib))
        .with("npwp", identifiers::npwp_display(&npwp))
        .with("is_pkp", if profile.is_pkp { "on" } else { "" });
    draw(&ctx, profile, form).await
}

pub async fn submit(ctx: Ctx, _: SignedIn) -> Answer {
    let organisation = managed(&ctx)?.organisation;
    let mut reader = ctx.reader();
    let region = reader.with("region", region);
    let phone = reader.optional("phone", identifiers::phone);
    let address = reader.optional_text("address", ADDRESS_CHARS);
    let village = reader.optional_line("village", VILLAGE_CHARS);
    let postal_code = reader.optional("postal_code", identifiers::postal_code);
    let nib = reader.optional("nib", identifiers::nib);
    let npwp = reader.optional("npwp", identifiers::npwp);
    let is_pkp = match reader.raw("is_pkp") {
        "" => false,
        "on" => true,
        _ => {
            reader.add("is_pkp", Problem::new("form-choose"));
            false
        }
    };
    // What looks odd in what was typed, some of which its normal spelling no longer shows.
    let odd: Vec<String> = [&phone, &nib, &npwp]
        .into_iter()
        .filter_map(|checked| checked.as_ref()?.as_ref()?.warning.as_ref())
        .map(|warning| text::problem(ctx.lang(), warning))
        .collect();
    let normal = |checked: Option<Checked>| checked.map(|checked| checked.normalised);
    let read = reader.finish(|| {
        Some(NewProfile {
            region_code: region?,
            phone: normal(phone?),
            address: address?,
            village: village?,
            postal_code: normal(postal_code?),
            nib: nib?.map(Into::into),
            npwp: npwp?.map(Into::into),
            is_pkp,
        })
    });
    let profile = match read {
        Ok(profile) => profile,
        Err(form) => {
            let stored = ctx.store().own_profile(organisation).await?;
            return draw(&ctx, stored, form).await;
        }
    };
    ctx.store()
        .save_profile(&ctx.act(), organisation, &profile)
        .await?;
    let saved = ctx.t("profile-saved");
    ctx.flash(match odd.as_slice() {
        [] => Flash::done(saved),
        odd => Flash::note(format!("{saved} {}.", odd.join(". "))),
    })
    .await?;
    ctx.see("/organisation/profile")
}
