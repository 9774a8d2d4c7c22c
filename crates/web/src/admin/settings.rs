//! What is decided with a date: taxes, fees, deadlines. The value in force, what comes, and what was; a decision for a
//! day to come can be taken back.

use askama::Template;
use domain::{
    ids::SettingId,
    problem::Problem,
    settings::{Key, Kind},
    time::{Day, Instant, Zone},
};
use store::settings::{Decided, Decision, SettingError};
use text::{Lang, t, t_with};

use crate::{
    ctx::{Admin, Ctx},
    error::Error,
    flash::Flash,
    form::Form,
    handler::{Answer, Id},
    parts::{Choice, Head},
    shell::Shell,
};

/// Longest basis and name of who decided, in characters.
const BASIS_CHARS: usize = 200;

/// One key with everything that was decided about it.
struct Setting {
    title: String,
    /// What holds today, in words.
    value: String,
    /// What was decided of it; nothing where its default holds.
    decided: Vec<Row>,
}

/// One decision.
struct Row {
    id: SettingId,
    value: String,
    days: String,
    basis: String,
    by: String,
    at: String,
    is_in_force: bool,
    /// Its day has not come.
    can_withdraw: bool,
}

#[derive(Template)]
#[template(path = "admin/settings.html")]
struct Page {
    shell: Shell,
    form: Form,
    today: Day,
    keys: Vec<Choice>,
    settings: Vec<Setting>,
}

impl Page {
    fn heads(&self) -> Vec<Head> {
        [
            "admin-setting-value",
            "admin-setting-days",
            "admin-setting-basis",
            "admin-setting-by",
            "admin-setting-act",
        ]
        .map(|key| Head::text(self.shell.t(key)))
        .into()
    }

    fn min(&self) -> String {
        self.today.iso()
    }
}

fn title_key(key: Key) -> &'static str {
    match key {
        Key::ShareAnswerHours => "admin-setting-share-answer-hours",
        Key::ApprovalHoldHours => "admin-setting-approval-hold-hours",
        Key::CheckoutHoldMinutes => "admin-setting-checkout-hold-minutes",
        Key::OrderTimeoutWorkingDays => "admin-setting-order-timeout",
        Key::PpnRateBp => "admin-setting-ppn-rate",
        Key::PpnDppNum => "admin-setting-ppn-num",
        Key::PpnDppDen => "admin-setting-ppn-den",
        Key::PlatformFeeBp => "admin-setting-platform-fee",
        Key::FourEyes => "admin-setting-four-eyes",
        Key::SecondStep => "admin-setting-second-step",
        #[allow(
            unreachable_patterns,
            reason = "a key that is new has its own name until it gets words"
        )]
        other => other.as_str(),
    }
}

/// "24 jam", "12,00%", "ya".
fn value_words(lang: Lang, key: Key, value: &str) -> String {
    let number: i64 = value.parse().unwrap_or_default();
    let with = |name: &str| t_with(lang, name, &[("n", number.into())]);
    match key {
        Key::ShareAnswerHours | Key::ApprovalHoldHours => with("admin-setting-hours"),
        Key::CheckoutHoldMinutes => with("admin-setting-minutes"),
        Key::OrderTimeoutWorkingDays => with("admin-setting-working-days"),
        Key::PpnRateBp | Key::PlatformFeeBp => percent(lang, number),
        _ => match key.kind() {
            Kind::Flag if value == "true" => t(lang, "admin-setting-yes"),
            Kind::Flag => t(lang, "admin-setting-no"),
            Kind::Whole { .. } => value.to_owned(),
        },
    }
}

/// Basis points as percent with two decimals, in the reader's way of writing.
fn percent(lang: Lang, basis_points: i64) -> String {
    let sign = match lang {
        Lang::Id => ',',
        Lang::En => '.',
    };
    format!("{}{sign}{:02}%", basis_points / 100, basis_points % 100)
}

/// The value as it is stored: `ya`/`tidak` for a flag, percent for basis points, else a whole number.
fn read_value(key: Key, raw: &str) -> Result<String, Problem> {
    let text = raw.trim().to_lowercase();
    if text.is_empty() {
        return Err(Problem::required());
    }
    let stored = match (key, key.kind()) {
        (Key::PpnRateBp | Key::PlatformFeeBp, _) => basis_points(&text),
        (_, Kind::Flag) => match text.as_str() {
            "ya" | "yes" | "true" => Some("true".to_owned()),
            "tidak" | "no" | "false" => Some("false".to_owned()),
            _ => None,
        },
        (_, Kind::Whole { .. }) => Some(text),
    };
    let bad = || {
        let problem = Problem::new(match (key, key.kind()) {
            (Key::PpnRateBp | Key::PlatformFeeBp, _) => "admin-setting-bad-percent",
            (_, Kind::Flag) => "admin-setting-bad-flag",
            (_, Kind::Whole { .. }) => "admin-setting-bad-number",
        });
        match key.kind() {
            Kind::Whole { least, most } => problem.with("least", least).with("most", most),
            Kind::Flag => problem,
        }
    };
    let stored = stored.ok_or_else(bad)?;
    key.check(&stored).map_err(|_| bad())?;
    Ok(stored)
}

/// `12`, `12,5` or `12.50%` as basis points; nothing finer than a hundredth of a percent.
fn basis_points(text: &str) -> Option<String> {
    let text = text.trim_end_matches('%').trim_end();
    let (whole, part) = text.split_once([',', '.']).unwrap_or((text, ""));
    let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    if whole.is_empty() || whole.len() > 4 || part.len() > 2 || !digits(whole) || !digits(part) {
        return None;
    }
    let whole: i64 = whole.parse().ok()?;
    let part: i64 = format!("{part:0<2}").parse().ok()?;
    Some((whole * 100 + part).to_string())
}

pub async fn page(ctx: Ctx, _: Admin) -> Answer {
    draw(&ctx, ctx.empty_form()).await
}

async fn draw(ctx: &Ctx, form: Form) -> Answer {
    let decided = ctx.store().platform_settings().await?;
    let shell = ctx.shell().await;
    let zone = super::zone(ctx);
    let today = zone.day_of(ctx.now());
    let is_again = form.has_errors();
    let settings = Key::ALL
        .iter()
        .map(|key| setting(&shell, zone, today, *key, &decided))
        .collect();
    let page = Page {
        keys: Key::ALL
            .iter()
            .map(|key| Choice::new(key, shell.t(title_key(*key))))
            .collect(),
        today,
        settings,
        form,
        shell,
    };
    if is_again {
        ctx.unprocessable(&page)
    } else {
        ctx.html(&page)
    }
}

fn setting(shell: &Shell, zone: Zone, today: Day, key: Key, decided: &[Decided]) -> Setting {
    let lang = shell.lang;
    let in_force =
        |one: &Decided| one.valid_from <= today && one.valid_until.is_none_or(|last| today <= last);
    let own: Vec<&Decided> = decided.iter().filter(|one| one.key == key).collect();
    let now = own.iter().find(|one| in_force(one));
    Setting {
        title: shell.t(title_key(key)),
        value: value_words(
            lang,
            key,
            now.map_or(key.default_value(), |one| one.value.as_str()),
        ),
        decided: own
            .iter()
            .map(|one| Row {
                id: one.id,
                value: value_words(lang, key, &one.value),
                days: match one.valid_until {
                    Some(last) => format!("{} – {}", shell.date(one.valid_from), shell.date(last)),
                    None => shell.t1("admin-setting-from", "day", shell.date(one.valid_from)),
                },
                basis: one.legal_basis.clone().unwrap_or_default(),
                by: one.decided_by.clone().unwrap_or_default(),
                at: shell.date_time(Instant(one.created_at), zone),
                is_in_force: in_force(one),
                can_withdraw: one.valid_from > today,
            })
            .collect(),
    }
}

pub async fn submit(ctx: Ctx, _: Admin) -> Answer {
    let today = super::zone(&ctx).day_of(ctx.now());
    let mut reader = ctx.reader();
    let key = reader.choice::<Key>("key");
    let value = match key {
        Some(key) => reader.with("value", |raw| read_value(key, raw)),
        None => None,
    };
    let valid_from = reader.day("valid_from");
    let legal_basis = reader.line("legal_basis", BASIS_CHARS);
    let decided_by = reader.line("decided_by", BASIS_CHARS);
    let decision = match reader.finish(|| {
        Some(Decision {
            key: key?,
            value: value?,
            valid_from: valid_from?,
            legal_basis: Some(legal_basis?),
            decided_by: Some(decided_by?),
        })
    }) {
        Ok(decision) => decision,
        Err(form) => return draw(&ctx, form).await,
    };
    let problem = match ctx
        .store()
        .decide_setting(&ctx.act(), today, &decision)
        .await
    {
        Ok(_) => None,
        Err(SettingError::Past) => Some(Problem::new("admin-setting-past")),
        Err(SettingError::Overlap(day)) => Some(
            Problem::new("admin-setting-overlap").with("day", text::format::date(ctx.lang(), day)),
        ),
        Err(error) => return Err(error.into()),
    };
    if let Some(problem) = problem {
        let mut form = Form::of(ctx.posted(), ctx.lang());
        form.add("valid_from", problem);
        return draw(&ctx, form).await;
    }
    ctx.flash(Flash::done(ctx.t("admin-setting-decided")))
        .await?;
    ctx.see("/admin/settings")
}

pub async fn withdraw(ctx: Ctx, _: Admin, Id(id): Id<SettingId>) -> Answer {
    let today = super::zone(&ctx).day_of(ctx.now());
    ctx.store().withdraw_setting(&ctx.act(), today, id).await?;
    ctx.flash(Flash::done(ctx.t("admin-setting-withdrawn")))
        .await?;
    ctx.see("/admin/settings")
}

impl From<SettingError> for Error {
    fn from(error: SettingError) -> Self {
        match error {
            SettingError::NotFound => Self::NotFound,
            SettingError::InForce | SettingError::Past | SettingError::Overlap(_) => {
                Self::conflict("admin-setting-in-force")
                    .way_out("/admin/settings", "admin-way-back")
            }
            SettingError::Bad(_) => Self::BadRequest,
            SettingError::Store(error) => error.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_as_people_write_them_and_refused_outside_their_range() {
        for (key, typed, stored) in [
            (Key::PpnRateBp, "12", "1200"),
            (Key::PpnRateBp, " 11,5 %", "1150"),
            (Key::PlatformFeeBp, "1.25%", "125"),
            (Key::ShareAnswerHours, "36", "36"),
            (Key::FourEyes, "Tidak", "false"),
        ] {
            assert_eq!(read_value(key, typed).as_deref(), Ok(stored), "{typed}");
        }
        for (key, typed) in [
            (Key::PpnRateBp, "101"),
            (Key::PpnRateBp, "12,345"),
            (Key::PpnRateBp, "1e1"),
            (Key::PpnRateBp, "-1"),
            (Key::ShareAnswerHours, "0"),
            (Key::ShareAnswerHours, "1.5"),
            (Key::FourEyes, "mungkin"),
            (Key::PpnDppDen, ""),
        ] {
            assert!(read_value(key, typed).is_err(), "{typed}");
        }
        assert_eq!(percent(Lang::Id, 1205), "12,05%");
    }
}
