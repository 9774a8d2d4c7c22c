//! `lumbung user create`: the first platform administrator.

use std::io::{BufRead, IsTerminal};
use std::process::ExitCode;

use anyhow::{anyhow, bail};
use domain::accounts::{OrganisationKind, Role};
use domain::identifiers;
use store::Act;
use store::accounts::{NewOrganisation, NewPerson, Registered};
use text::Lang;

use crate::cli::{Settings, UserCreate};
use crate::setup;

pub async fn create(settings: &Settings, options: &UserCreate) -> anyhow::Result<ExitCode> {
    let problem =
        |problem: domain::problem::Problem| anyhow!("{}", text::problem(Lang::En, &problem));
    if options.role.parse() != Ok(Role::PlatformAdmin) {
        bail!("only `platform_admin` is made here; everyone else registers on the site");
    }
    let login = identifiers::login(&options.login).map_err(problem)?;
    let name = domain::names::clean_line(&options.name, 80).map_err(problem)?;
    if std::io::stdin().is_terminal() {
        eprint!("Password (it will show): ");
    }
    let mut password = String::new();
    std::io::stdin().lock().read_line(&mut password)?;
    let password = password.trim_end_matches(['\r', '\n']);
    domain::accounts::password(password, &[name.as_str()]).map_err(problem)?;

    let store = setup::open_store(settings, store::Durability::Full).await?;
    store.migrate().await?;
    let act = Act::system(web::clock::Clock::System.now());
    let person = NewPerson {
        name,
        login,
        password_hash: web::passwords::hash(password).map_err(|error| anyhow!("{error}"))?,
        lang: Lang::Id.code().to_owned(),
    };
    let created = match store.platform().await? {
        Some(platform) => {
            store
                .enrol(&act, &person, platform, Role::PlatformAdmin)
                .await?
        }
        None => {
            let organisation = NewOrganisation {
                kind: OrganisationKind::Platform,
                name: "Lumbung".to_owned(),
                region_code: "31.71".to_owned(),
                buyer_kind: None,
            };
            match store.register(&act, &person, &organisation).await? {
                Registered::New { person, .. } => person,
                Registered::Known(_) => bail!("somebody signs in with {} already", options.login),
            }
        }
    };
    // CHECKLIST G03; whoever runs commands has no address.
    store
        .note_security(
            &act,
            web::security::Kind::RoleChanged.as_str(),
            Some(created),
            None,
            &web::security::role_detail(Role::PlatformAdmin, true),
        )
        .await?;
    store.close().await;
    println!("{} is now the platform's administrator", options.login);
    Ok(ExitCode::SUCCESS)
}
