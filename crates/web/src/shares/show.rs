//! "Mengapa segini?": a member's share, everybody's shares in the run, and the steps that led to it, in plain words.

use actix_web::http::StatusCode;
use askama::Template;
use domain::{
    accounts::{OrganisationKind, Role},
    allocation::{MixedCarton, explain},
    ids::ShareId,
    money::grouped,
    orders::OrderState,
    quantity::Packs,
    shares::{Answer as ShareAnswer, ShareState},
    time::Zone,
};
use mail::letters::{Told, plain};
use store::orders::ShareView;
use text::{format, t_with};

use super::why::{Step, Teller};
use crate::{
    ctx::{Ctx, SignedIn},
    error::Error,
    form::Form,
    handler::{Answer, Id},
    orders::words::{Mark, Measure, moment, rule_key, share_mark},
    parts::{Bar, Head, Part},
    shell::Shell,
    whatsapp,
};

/// A row of the table of all shares.
struct Row {
    name: String,
    grade: String,
    capacity: String,
    kept: String,
    units: String,
    is_mine: bool,
}

#[derive(Template)]
#[template(path = "shares/show.html")]
struct Page {
    shell: Shell,
    form: Form,
    /// That the calculation is the one before the member gave less; empty otherwise.
    before: String,
    /// The answer that came second, beside the one that is stored.
    lost: Option<String>,
    id: ShareId,
    back: String,
    about: String,
    mark: Mark,
    supplier: String,
    figure: String,
    figure_words: String,
    money: String,
    money_how: String,
    bar: Bar,
    heads: Vec<Head>,
    rows: Vec<Row>,
    sum_capacity: String,
    sum_units: String,
    has_kept: bool,
    rule: String,
    is_second_run: bool,
    steps: Vec<Step>,
    /// When and how it was answered.
    answered: String,
    can_answer: bool,
    /// The manager speaks in the member's place.
    is_on_behalf: bool,
    deadline: String,
    accept: String,
    unit: String,
    can_reduce: bool,
    /// Opens WhatsApp with a text for the other side.
    whatsapp: String,
}

pub async fn page(ctx: Ctx, _: SignedIn, Id(share): Id<ShareId>) -> Answer {
    let view = ctx
        .store()
        .share(super::owner(&ctx)?, share)
        .await?
        .ok_or(Error::NotFound)?;
    draw(&ctx, &view, ctx.empty_form()).await
}

/// The page once more, with what is wrong in the answer.
pub(super) async fn again(ctx: &Ctx, view: &ShareView, form: Form) -> Answer {
    draw(ctx, view, form).await
}

/// The page as it is now, with the answer that somebody else's was quicker than (CHECKLIST F07): nothing of it is stored.
pub(super) async fn lost(ctx: &Ctx, view: &ShareView, wanted: ShareAnswer) -> Answer {
    let lang = ctx.lang();
    let measure = Measure::new(&view.unit, view.carton_name.as_deref(), view.packs_per_unit);
    let ready = |packs| {
        let n = measure.both(lang, packs);
        t_with(lang, "shares-accept", &[("n", n.into())])
    };
    let wanted = match wanted {
        ShareAnswer::Accept => ready(view.proposed_packs),
        ShareAnswer::Reduce(packs) => ready(packs.0),
        ShareAnswer::Decline => ctx.t("shares-decline"),
    };
    let mut stored = ctx.t(share_mark(view.state).1);
    if view.state.is_given() {
        stored = format!("{stored}, {}", measure.both(lang, view.packs));
    }
    let mut page = of(ctx, view, ctx.empty_form()).await;
    page.lost = Some(t_with(
        lang,
        "shares-lost-text",
        &[("wanted", wanted.into()), ("stored", stored.into())],
    ));
    ctx.html_as(StatusCode::CONFLICT, &page)
}

/// Packs that a share is answered in: whole cartons where one member fills each.
pub(super) fn step_packs(view: &ShareView) -> i64 {
    match view.mixed {
        MixedCarton::No => view.packs_per_unit.max(1),
        MixedCarton::SameGrade => 1,
    }
}

async fn draw(ctx: &Ctx, view: &ShareView, form: Form) -> Answer {
    let status = if form.has_errors() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let page = of(ctx, view, form).await;
    ctx.html_as(status, &page)
}

async fn of(ctx: &Ctx, view: &ShareView, form: Form) -> Page {
    let lang = ctx.lang();
    let acting = ctx.acting();
    let is_member = acting.is_some_and(|acting| acting.kind == OrganisationKind::Umkm);
    let is_manager = acting.is_some_and(|acting| acting.roles.contains(&Role::CoopManager));
    let zone = Zone::of_region(&view.cooperative_region);
    let measure = Measure::new(&view.unit, view.carton_name.as_deref(), view.packs_per_unit);
    let step = step_packs(view);
    // What the run counts: cartons, or packs where cartons are mixed or single packs sold.
    let count = |n: i64| {
        if step == 1 {
            measure.packs(lang, n)
        } else {
            measure.units(lang, n)
        }
    };
    let name_of = |supplier| {
        view.names
            .get(&supplier)
            .cloned()
            .unwrap_or_else(|| ctx.t("shares-somebody"))
    };
    let run = &view.run;
    let has_kept = run.rows.iter().any(|row| row.kept.0 > 0);
    let mut rows = Vec::with_capacity(run.rows.len());
    let mut parts = Vec::new();
    let mut mine = 0;
    let (mut sum_capacity, mut sum_units) = (0_i64, 0_i64);
    for (row, part) in run.rows.iter().zip(&run.outcome.parts) {
        let is_mine = row.supply == view.supply;
        sum_capacity = sum_capacity.saturating_add(row.capacity.0);
        sum_units = sum_units.saturating_add(part.units.0);
        if part.units.0 > 0 {
            if is_mine {
                mine = parts.len();
            }
            let figure = if is_mine && is_member {
                t_with(
                    lang,
                    "shares-bar-mine",
                    &[("n", grouped(part.units.0).into())],
                )
            } else {
                grouped(part.units.0)
            };
            parts.push(Part::new(name_of(row.supplier), part.units.0, figure));
        }
        rows.push(Row {
            name: name_of(row.supplier),
            grade: view
                .grades
                .get(usize::from(row.grade_rank))
                .cloned()
                .unwrap_or_default(),
            capacity: grouped(row.capacity.0),
            kept: grouped(row.kept.0),
            units: count(part.units.0),
            is_mine,
        });
    }
    // What the member gives as it stands: all that was proposed until it answers, nothing once it has declined.
    let packs = view.packs;
    let figure = if packs % step == 0 && step > 1 {
        (packs / step, measure.units(lang, packs / step))
    } else {
        (packs, measure.packs(lang, packs))
    };
    let figure_text = grouped(figure.0);
    let unit_word = figure
        .1
        .strip_prefix(&figure_text)
        .map(str::trim)
        .unwrap_or_default()
        .to_owned();
    let can_answer = view.state == ShareState::Proposed
        && view.order_state == OrderState::Sent
        && view.answer_by.is_some_and(|at| ctx.now() < at)
        && (is_member || is_manager);
    let mut heads = vec![
        Head::text(ctx.t("shares-head-business")),
        Head::number(ctx.t("shares-head-capacity")),
    ];
    if has_kept {
        heads.push(Head::number(ctx.t("shares-head-kept")));
    }
    heads.push(Head::number(ctx.t("shares-head-share")));
    let in_sum = |supply| {
        let row = run.rows.iter().find(|row| row.supply == supply);
        match row {
            Some(row) if row.supplier == view.supplier && is_member => ctx.t("shares-you"),
            Some(row) => name_of(row.supplier),
            None => ctx.t("shares-somebody"),
        }
    };
    let teller = Teller::new(
        lang,
        &count,
        &view.grades,
        &in_sum,
        (!is_member).then_some(view.supplier_name.as_str()),
        view.run_number > 1,
    );
    let story = explain(&run.request, &run.rows, &run.outcome, view.supply);
    Page {
        shell: ctx.shell().await,
        form,
        id: view.id,
        back: if is_member {
            "/orders".to_owned()
        } else {
            format!("/orders/{}", view.order)
        },
        about: t_with(
            lang,
            "shares-about",
            &[
                ("number", view.number.as_str().into()),
                ("goods", view.title.as_str().into()),
            ],
        ),
        mark: share_mark(view.state),
        supplier: view.supplier_name.clone(),
        figure_words: t_with(
            lang,
            "shares-of",
            &[
                ("unit", unit_word.as_str().into()),
                ("all", count(run.request.quantity.0).into()),
            ],
        ),
        figure: figure_text,
        money: view
            .member_price
            .times(Packs(packs))
            .map(|money| money.to_string())
            .unwrap_or_default(),
        money_how: format!("{} × {}", measure.packs(lang, packs), view.member_price),
        bar: Bar::mine(ctx.t("shares-all"), parts, mine),
        heads,
        rows,
        sum_capacity: grouped(sum_capacity),
        sum_units: count(sum_units),
        has_kept,
        rule: ctx.t(rule_key(view.rule)),
        is_second_run: view.run_number > 1,
        steps: teller.steps(&story.steps),
        before: match view.state {
            ShareState::Reduced => t_with(
                lang,
                "shares-how-before",
                &[("units", measure.part(lang, view.proposed_packs).into())],
            ),
            _ => String::new(),
        },
        lost: None,
        answered: answered(ctx, view, &measure, zone),
        can_answer,
        is_on_behalf: !is_member,
        deadline: view
            .answer_by
            .map(|at| format::deadline_in_words(lang, ctx.now(), at, zone))
            .unwrap_or_default(),
        accept: figure.1,
        unit: unit_word,
        can_reduce: view.proposed_packs > step,
        whatsapp: whatsapp(ctx, view, &measure, is_member, zone).await,
    }
}

/// A text for the cooperative from its member, with the number the member may see; for the member from its cooperative,
/// without one (P-2): WhatsApp asks whom to send it to.
async fn whatsapp(
    ctx: &Ctx,
    view: &ShareView,
    measure: &Measure,
    is_member: bool,
    zone: Zone,
) -> String {
    let lang = ctx.lang();
    let link = ctx.state().absolute(&format!("/shares/{}", view.id));
    let about = || {
        t_with(
            lang,
            "whatsapp-about-share",
            &[
                ("number", plain(&view.number).into()),
                ("goods", plain(&view.title).into()),
                ("link", link.as_str().into()),
            ],
        )
    };
    if is_member {
        let phone = ctx
            .store()
            .phone_of_cooperative(view.cooperative, view.supplier)
            .await;
        // A button without a number is still a button.
        return whatsapp::link(phone.ok().flatten().as_deref(), &about());
    }
    let told = match (view.state, view.order_state) {
        (ShareState::Proposed, OrderState::Sent) => Told::ShareProposed,
        (state, OrderState::Confirmed) if state.is_given() => Told::ShareConfirmed,
        (ShareState::Released, _) => Told::ShareReleased,
        _ => return whatsapp::link(None, &about()),
    };
    let deadline = view
        .answer_by
        .map(|at| format::deadline_in_words(lang, ctx.now(), at, zone));
    let names = [
        ("number", plain(&view.number).into()),
        ("cooperative", plain(&view.cooperative_name).into()),
        ("member", plain(&view.supplier_name).into()),
        ("goods", plain(&view.title).into()),
        ("quantity", measure.part(lang, view.packs).into()),
        ("deadline", deadline.unwrap_or_default().into()),
    ];
    whatsapp::link(
        None,
        &told.message(lang, &view.supplier_name, &names, &link),
    )
}

fn answered(ctx: &Ctx, view: &ShareView, measure: &Measure, zone: Zone) -> String {
    let Some(at) = view.answered_at else {
        return String::new();
    };
    let lang = ctx.lang();
    let mut words = vec![moment(lang, at, zone)];
    if view.by_silence {
        words.push(ctx.t("shares-by-silence"));
    }
    if view.on_behalf {
        words.push(ctx.t("shares-on-behalf"));
    }
    if view.state == ShareState::Reduced {
        words.push(t_with(
            lang,
            "shares-reduced-from",
            &[("before", measure.part(lang, view.proposed_packs).into())],
        ));
    }
    words.extend(view.reason.clone());
    words.join(" · ")
}
