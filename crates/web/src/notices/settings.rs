//! What the person wants to be told by which way, and the hours in which nobody writes to them.

use askama::Template;
use domain::{
    accounts::OrganisationKind,
    notices::{Digest, QuietHours, Topic, time_of_day, time_text},
    problem::Problem,
    time::Zone,
};
use store::notices::{Choice, Choices};

use crate::{
    ctx::{Ctx, SignedIn},
    flash::Flash,
    form::Form,
    handler::Answer,
    shell::Shell,
};

/// Names of the boxes, key of the title and of its explanation.
struct Line {
    mail: &'static str,
    app: &'static str,
    title_key: &'static str,
    text_key: &'static str,
}

#[derive(Template)]
#[template(path = "notices/settings.html")]
struct Page {
    shell: Shell,
    form: Form,
    lines: Vec<Line>,
    has_email: bool,
    /// The day's letter is for those who run a cooperative, and for whoever has it.
    has_digest: bool,
    zone: &'static str,
}

/// `None` for what can't be muted.
fn line(topic: Topic) -> Option<Line> {
    let (mail, app, title_key, text_key) = match topic {
        Topic::Orders => (
            "mail_orders",
            "app_orders",
            "notices-topic-orders",
            "notices-topic-orders-text",
        ),
        Topic::Shares => (
            "mail_shares",
            "app_shares",
            "notices-topic-shares",
            "notices-topic-shares-text",
        ),
        Topic::Members => (
            "mail_members",
            "app_members",
            "notices-topic-members",
            "notices-topic-members-text",
        ),
        Topic::Account => return None,
    };
    Some(Line {
        mail,
        app,
        title_key,
        text_key,
    })
}

fn zone(ctx: &Ctx) -> Zone {
    ctx.acting()
        .map_or(Zone::Wib, |acting| Zone::of_region(&acting.region_code))
}

fn may_have_digest(ctx: &Ctx, choices: &Choices) -> bool {
    let runs_cooperative = ctx
        .acting()
        .is_some_and(|acting| acting.kind == OrganisationKind::Cooperative);
    choices.has_email && (runs_cooperative || choices.digest.is_some())
}

pub async fn page(ctx: Ctx, reader: SignedIn) -> Answer {
    let choices = ctx.store().notice_choices(reader.person).await?;
    let mut form = ctx.empty_form();
    for choice in &choices.topics {
        let Some(line) = line(choice.topic) else {
            continue;
        };
        if choice.by_mail {
            form = form.with(line.mail, "on");
        }
        if choice.in_app {
            form = form.with(line.app, "on");
        }
    }
    let (begins, ends) = choices
        .quiet
        .map_or((21 * 60, 5 * 60), |quiet| (quiet.begins, quiet.ends));
    form = form
        .with("quiet_from", time_text(begins))
        .with("quiet_until", time_text(ends));
    if choices.quiet.is_some() {
        form = form.with("quiet", "on");
    }
    let daily = choices.digest.map_or(17 * 60, |digest| digest.at);
    form = form.with("digest_at", time_text(daily));
    if choices.digest.is_some() {
        form = form.with("digest", "on");
    }
    draw(&ctx, &choices, form).await
}

async fn draw(ctx: &Ctx, choices: &Choices, form: Form) -> Answer {
    let is_again = form.has_errors();
    let page = Page {
        shell: ctx.shell().await,
        lines: choices
            .topics
            .iter()
            .filter_map(|choice| line(choice.topic))
            .collect(),
        has_email: choices.has_email,
        has_digest: may_have_digest(ctx, choices),
        zone: zone(ctx).abbreviation(),
        form,
    };
    if is_again {
        ctx.unprocessable(&page)
    } else {
        ctx.html(&page)
    }
}

pub async fn submit(ctx: Ctx, person: SignedIn) -> Answer {
    let before = ctx.store().notice_choices(person.person).await?;
    let mut reader = ctx.reader();
    let mut topics = Vec::new();
    for choice in &before.topics {
        let Some(line) = line(choice.topic) else {
            continue;
        };
        // Without an address there is nothing to choose: notices stay.
        let by_mail = reader.checked(line.mail) && before.has_email;
        let in_app = reader.checked(line.app) || !before.has_email;
        if !by_mail && !in_app {
            reader.add(line.app, Problem::new("notices-one-way"));
        }
        topics.push(Choice {
            topic: choice.topic,
            by_mail: if before.has_email {
                by_mail
            } else {
                choice.by_mail
            },
            in_app,
        });
    }
    let begins = reader.with("quiet_from", time_of_day);
    let ends = reader.with("quiet_until", time_of_day);
    let wants_quiet = reader.checked("quiet");
    if wants_quiet && begins.is_some() && begins == ends {
        reader.add("quiet_until", Problem::new("notices-quiet-same"));
    }
    let wants_digest = reader.checked("digest") && may_have_digest(&ctx, &before);
    let daily = match wants_digest {
        true => reader.with("digest_at", time_of_day).map(Some),
        false => Some(None),
    };
    let zone = zone(&ctx);
    let choices = match reader.finish(|| {
        let (begins, ends) = (begins?, ends?);
        Some(Choices {
            digest: daily?.map(|at| Digest { at, zone }),
            topics,
            quiet: wants_quiet.then_some(QuietHours { begins, ends, zone }),
            has_email: before.has_email,
        })
    }) {
        Ok(choices) => choices,
        Err(form) => return draw(&ctx, &before, form).await,
    };
    ctx.store()
        .set_notice_choices(&ctx.act(), person.person, &choices)
        .await?;
    ctx.flash(Flash::done(ctx.t("notices-saved"))).await?;
    ctx.see("/notices/settings")
}
