//! How catalogs went on after their first edition, and what buyers asked about offers.

use anyhow::Context;
use domain::money::Rupiah;
use domain::offers::{PriceRow, Viewer};
use domain::time::Instant;
use store::Store;
use store::offers::Pricing;
use store::questions::QuestionFilter;

use super::build::People;

/// An answer, and whether everybody may read it.
type Reply = (&'static str, bool);

/// Which offer, which buyer, how many hours ago, what was asked, and the answer a few hours later.
const QUESTIONS: &[(usize, usize, i64, &str, Option<Reply>)] = &[
    (
        0,
        0,
        200,
        "Apakah kemasannya bisa diberi label toko kami?",
        Some((
            "Bisa, mulai 50 dus. Kirim berkas labelnya dua minggu sebelum kirim.",
            true,
        )),
    ),
    (
        0,
        2,
        150,
        "Berapa lama tahan setelah sampai di gudang?",
        Some((
            "Paling sedikit empat bulan sejak barang sampai. Tanggalnya ada di tiap kemasan.",
            true,
        )),
    ),
    (
        0,
        1,
        96,
        "Kami butuh 300 dus tiap bulan. Bisa dibicarakan harganya?",
        Some(("Bisa. Kami siapkan penawaran tertulis minggu ini.", false)),
    ),
    (0, 0, 6, "Bisa dikirim hari Senin pagi?", None),
    (2, 1, 4, "Ada contoh yang bisa kami coba dulu?", None),
    (
        10,
        1,
        120,
        "Berapa kadar airnya?",
        Some((
            "Paling tinggi 3 persen. Hasil uji kami kirim bersama barang.",
            true,
        )),
    ),
    (11, 2, 8, "Apakah ada izin halal untuk semua usaha?", None),
    (
        23,
        0,
        70,
        "Apakah bijinya sudah disortir?",
        Some(("Sudah, dua kali.", true)),
    ),
];

/// Tells both, oldest first within each.
pub async fn tell(store: &Store, now: Instant, people: &People) -> anyhow::Result<()> {
    catalogs(store, now, people).await?;
    questions(store, now, people).await
}

/// The first cooperative says more about its catalog, and raises a price.
async fn catalogs(store: &Store, now: Instant, people: &People) -> anyhow::Result<()> {
    let coop = people.coops.first().context("a cooperative")?;
    let cooperative = coop.organisation;
    let (rows, _) = store.catalogs_of(cooperative, 1).await?;
    let main = rows
        .iter()
        .find(|row| row.audience == "public")
        .context("a public catalog")?;
    let catalog = store
        .managed_catalog(cooperative, main.id.into())
        .await?
        .context("the catalog")?;
    let mut terms = catalog.terms.clone();
    terms.description = format!(
        "{} Panen singkong bulan ini sudah masuk.",
        terms.description
    );
    store
        .edit_catalog(
            &coop.act(now.plus_days(-12)),
            cooperative,
            catalog.id,
            catalog.version,
            &terms,
        )
        .await?;
    let offer = people.offers.get(2).copied().context("an offer")?;
    let stored = store
        .managed_offer(cooperative, offer)
        .await?
        .context("the offer")?;
    let rows = stored
        .prices
        .rows()
        .iter()
        .map(|row| PriceRow {
            buyer_price: Rupiah(row.buyer_price.0 + 200),
            ..row.clone()
        })
        .collect();
    let pricing = Pricing {
        margin_model: stored.margin_model,
        costs: stored.costs,
        rows,
    };
    store
        .set_prices(
            &coop.act(now.plus_days(-9)),
            cooperative,
            offer,
            stored.version,
            &pricing,
        )
        .await?;
    Ok(())
}

async fn questions(store: &Store, now: Instant, people: &People) -> anyhow::Result<()> {
    for (offer, buyer, hours, words, reply) in QUESTIONS {
        let offer = people.offers.get(*offer).copied().context("an offer")?;
        let buyer = people.buyers.get(*buyer).context("a buyer")?;
        let viewer = Viewer {
            signed_in: true,
            verified: true,
            buyer: Some(buyer.organisation),
        };
        let asked_at = now.plus_hours(-hours);
        let question = store
            .ask_question(&buyer.act(asked_at), &viewer, offer, words)
            .await
            .with_context(|| (*words).to_owned())?;
        let Some((answer, is_public)) = reply else {
            continue;
        };
        for coop in &people.coops {
            let waiting = store
                .questions_to(coop.organisation, QuestionFilter::Waiting, 1, 50)
                .await?;
            if waiting.0.iter().any(|row| row.id == question.0) {
                let act = coop.act(asked_at.plus_hours(3));
                store
                    .answer_question(&act, coop.organisation, question, 1, answer, *is_public)
                    .await?;
            }
        }
    }
    Ok(())
}
