//! `lumbung demo`: the whole product with a story to try it on.
//!
//! [`data`] is the story as tables, [`build`] tells it through the same deeds that the pages use, [`orders`] lets
//! buyers order, [`editions`] lets catalogs go on and buyers ask. A demo never touches a database that it did not make.

mod build;
mod catalogs;
mod data;
mod editions;
mod orders;
mod photos;

use std::process::ExitCode;

use anyhow::{Context, bail};
use store::{Act, Durability, Store};
use web::clock::Clock;

use crate::cli::{Demo, Settings};
use crate::serve::{DEMO_MARK, Mode, say, serve};
use crate::setup;

/// The password of every demo account.
const PASSWORD: &str = "lumbung-demo";
/// What the mark says while the data is being made, and when it is whole.
const FILLING: &str = "filling";
const WHOLE: &str = "whole";

/// Shown when the server is up: sign-in name and who it is.
const ACCOUNTS: &[(&str, &str)] = &[
    ("umkm@lumbung.example", "pemilik Dapur Roban"),
    ("umkm2@lumbung.example", "pemilik Nira Kokap Jaya"),
    ("koperasi@lumbung.example", "manajer Rasa Alas Roban"),
    ("koperasi2@lumbung.example", "manajer Nira Menoreh"),
    ("pengurus@lumbung.example", "pengurus Rasa Alas Roban"),
    ("pengawas@lumbung.example", "pengawas Rasa Alas Roban"),
    ("bendahara@lumbung.example", "bendahara Rasa Alas Roban"),
    (
        "pembeli@lumbung.example",
        "staf pembelian PT Ritel Nusantara Contoh",
    ),
    (
        "pembeli2@lumbung.example",
        "staf pembelian CV Ekspor Rempah Contoh",
    ),
    (
        "penyetuju@lumbung.example",
        "penyetuju PT Ritel Nusantara Contoh",
    ),
    ("dinas@lumbung.example", "Dinas Koperasi Kabupaten Batang"),
    ("admin@lumbung.example", "administrator Lumbung"),
];

pub async fn run(mut settings: Settings, options: &Demo) -> anyhow::Result<ExitCode> {
    if !setup::is_loopback(&settings.addr)? && !options.yes_public {
        bail!(
            "LUMBUNG_ADDR can be reached by others, and the demo's password is public; say --yes-public to do it"
        );
    }
    settings.data_dir = settings.data_dir.join("demo");
    let store = open(&settings, options.fresh).await?;
    let search = setup::open_search(&settings)?.search;
    let mode = Mode {
        demo: true,
        public_demo: options.yes_public,
        only: None,
    };
    serve(&settings, store, search, mode, |_| {
        say(&format!("\nKata sandi semua akun: {PASSWORD}"));
        for (login, who) in ACCOUNTS {
            say(&format!("  {login:<28} {who}"));
        }
        say("Surat: /dev/mailbox");
    })
    .await?;
    Ok(ExitCode::SUCCESS)
}

/// The demo's database: as it is when whole, else made.
async fn open(settings: &Settings, fresh: bool) -> anyhow::Result<Store> {
    // What can be made again need not survive a power cut while it is made.
    let mut store = setup::open_store(settings, Durability::Relaxed).await?;
    store
        .migrate()
        .await
        .context("the database can't be brought up to date")?;
    let mark = store.mark(DEMO_MARK).await?;
    if mark.is_none() && !store.is_empty().await? {
        bail!("this database was not made by the demo; it is left alone");
    }
    if mark.as_deref() != Some(WHOLE) || fresh {
        if mark.is_some() {
            store.unmigrate().await?;
            store.migrate().await?;
            for folder in ["search", "mailbox", "files"] {
                let path = settings.data_dir.join(folder);
                if path.exists() {
                    std::fs::remove_dir_all(&path)
                        .with_context(|| format!("{} can't be emptied", path.display()))?;
                }
            }
        }
        let now = Clock::System.now();
        eprintln!("Mengisi data contoh …");
        store
            .set_mark(&Act::system(now), DEMO_MARK, FILLING)
            .await?;
        let media = setup::open_media(settings, false)?;
        // Made beside the story, which waits for the database more than for the processor.
        let photos = photos::start();
        let people = build::tell(&store, now)
            .await
            .context("the demo data could not be made")?;
        photos::tell(&store, &media, now, &people, photos)
            .await
            .context("the demo's photos could not be made")?;
        catalogs::tell(&store, now, &people)
            .await
            .context("the demo's catalogs could not be made")?;
        orders::tell(&store, now, &people)
            .await
            .context("the demo's orders could not be made")?;
        editions::tell(&store, now, &people)
            .await
            .context("the demo's editions and questions could not be made")?;
        store.set_mark(&Act::system(now), DEMO_MARK, WHOLE).await?;
    }
    build::without_second_step(&store, Clock::System.now()).await?;
    if !store.is_postgres() {
        store.close().await;
        store = setup::open_store(settings, Durability::Full).await?;
    }
    Ok(store)
}
