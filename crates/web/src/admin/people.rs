//! The administrator finds a person by sign-in name: to make a one-time link for a new password, to lock them out, or
//! to let them in again.

use askama::Template;
use domain::{
    identifiers::{self, Login},
    ids::PersonId,
};
use store::{
    accounts::{Belonging, FoundPerson, LinkKind},
    tokens::{self, Purpose},
};

use crate::{
    accounts::{invitation::whatsapp, limits},
    ctx::{Admin, Ctx},
    error::{Error, encode},
    flash::Flash,
    handler::Answer,
    nav, security,
    shell::Shell,
};

/// Links that one administrator may make within an hour.
const LINKS_MAX: i64 = 60;

#[derive(Template)]
#[template(path = "admin/people.html")]
struct Page {
    shell: Shell,
    search: String,
    found: Option<FoundPerson>,
    belongs: Vec<Belonging>,
    /// There only right after it was made.
    link: Option<String>,
    whatsapp: Option<String>,
}

impl Page {
    fn role(&self, belonging: &Belonging) -> String {
        self.shell.t(nav::role_key(&belonging.roles))
    }
}

pub async fn page(ctx: Ctx, _: Admin) -> Answer {
    let search: String = ctx.query().first("q").chars().take(254).collect();
    let found = match identifiers::login(&search) {
        Ok(login) => ctx.store().person_by_login(&login).await?,
        Err(_) => None,
    };
    let mut belongs = Vec::new();
    let mut link = None;
    if let Some(person) = &found {
        belongs = ctx
            .store()
            .belongings(PersonId(person.id), ctx.now())
            .await?;
        let seed = ctx.query().first("new");
        if seed.len() == 64 {
            let token = ctx.token_of(Purpose::Reset, seed);
            let open = ctx
                .store()
                .open_link(LinkKind::Reset, &tokens::hash(&token), ctx.now())
                .await?;
            link = open
                .filter(|open| open.person.0 == person.id && open.was_issued)
                .map(|_| {
                    ctx.state()
                        .absolute(&format!("/password/reset?token={token}"))
                });
        }
    }
    let phone = found.as_ref().and_then(|person| person.phone.clone());
    let words = |link: &String| {
        text::t_with(
            ctx.lang(),
            "members-reset-whatsapp",
            &[("link", link.clone().into())],
        )
    };
    let page = Page {
        whatsapp: link
            .as_ref()
            .zip(phone)
            .and_then(|(link, phone)| whatsapp(&Login::Phone(phone), &words(link))),
        shell: ctx.shell().await,
        search,
        found,
        belongs,
        link,
    };
    ctx.html(&page)
}

pub async fn submit(ctx: Ctx, admin: Admin) -> Answer {
    let typed = ctx.posted().only("login").ok_or(Error::BadRequest)?;
    let what = ctx.posted().only("do").ok_or(Error::BadRequest)?;
    let login = identifiers::login(typed).map_err(|_| Error::NotFound)?;
    let found = ctx
        .store()
        .person_by_login(&login)
        .await?
        .ok_or(Error::NotFound)?;
    let person = PersonId(found.id);
    let back = format!("/admin/people?q={}", encode(&login.key()));
    match what {
        "reset" => {
            let bucket = format!("reset:admin:{}", admin.person);
            limits::within(&ctx, &bucket, LINKS_MAX, limits::HOUR_SECONDS).await?;
            let link = ctx.new_link(Purpose::Reset)?;
            ctx.store().issue_reset(&ctx.act(), person, &link).await?;
            security::note_person(&ctx, "password link issued", Some(person));
            return ctx.see(format!("{back}&new={}", link.seed));
        }
        "lock" if person == admin.person => {
            return Err(Error::conflict("admin-people-self").way_out(back, "admin-people-title"));
        }
        "lock" | "unlock" => {
            let lock = what == "lock";
            ctx.store().set_lock(&ctx.act(), person, lock).await?;
            let note = if lock {
                "person locked"
            } else {
                "person unlocked"
            };
            security::note_person(&ctx, note, Some(person));
            let told = if lock {
                "admin-people-locked"
            } else {
                "admin-people-unlocked"
            };
            ctx.flash(Flash::done(ctx.t(told))).await?;
        }
        _ => return Err(Error::BadRequest),
    }
    ctx.see(back)
}
