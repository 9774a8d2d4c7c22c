//! The demo's catalogs as they were first published.

use domain::catalogs::Audience;
use domain::ids::OfferId;
use domain::time::Instant;
use store::Store;
use store::catalogs::CatalogTerms;

use super::build::People;
use super::data::{COOPS, OFFERS, UMKM};

/// Every cooperative opens its catalogs. Photos are on the goods by then, as they would be.
pub async fn tell(store: &Store, now: Instant, people: &People) -> anyhow::Result<()> {
    let (offers, buyers) = (&people.offers, &people.buyers);
    for (place, coop) in people.coops.iter().enumerate() {
        let of_coop = |index: &usize| {
            OFFERS
                .get(*index)
                .and_then(|row| UMKM.get(row.lead))
                .is_some_and(|lead| lead.coop == place)
        };
        // P23 is for verified buyers, P10 for the retailer alone; all the rest is for everyone.
        let ids = |keep: &dyn Fn(usize) -> bool| -> Vec<OfferId> {
            (0..offers.len())
                .filter(of_coop)
                .filter(|index| keep(*index))
                .filter_map(|index| offers.get(index).copied())
                .collect()
        };
        let mut shelves = vec![(
            "Katalog utama",
            Audience::Public,
            ids(&|i| i != 22 && i != 9),
            Vec::new(),
        )];
        if place == 2 {
            shelves.push((
                "Panen khusus",
                Audience::Verified,
                ids(&|i| i == 22),
                Vec::new(),
            ));
        }
        if place == 0 {
            let named = buyers
                .first()
                .map(|buyer| buyer.organisation)
                .into_iter()
                .collect();
            shelves.push((
                "Untuk PT Ritel Nusantara",
                Audience::Buyers,
                ids(&|i| i == 9),
                named,
            ));
        }
        for (title, audience, offers, buyers) in shelves {
            let terms = CatalogTerms {
                title: title.to_owned(),
                description: COOPS
                    .get(place)
                    .map_or(String::new(), |row| format!("Hasil anggota {}.", row.name)),
                audience,
                buyers,
                opens_at: now.plus_days(-14),
                closes_at: None,
                offers,
            };
            let act = coop.act(now.plus_days(-15));
            let catalog = store
                .create_catalog(&act, coop.organisation, &terms)
                .await?;
            store
                .publish_catalog(&act, coop.organisation, catalog)
                .await?;
        }
    }
    Ok(())
}
