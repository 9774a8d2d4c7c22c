//! The first page: what Lumbung is, search, kinds of goods, offers that are ready.

use askama::Template;

use crate::{ctx::Ctx, handler::Answer, parts::OfferCard, shell::Shell};

use super::{cards, viewer};

/// Offers shown below the kinds.
const OFFERS: usize = 4;

/// A kind of goods: words, picture and the query that finds it.
struct Kind {
    key: &'static str,
    picture: &'static str,
    href: &'static str,
}

const KINDS: &[Kind] = &[
    Kind {
        key: "market-kind-chips",
        picture: "keripik-singkong",
        href: "/search?category=makanan-ringan",
    },
    Kind {
        key: "market-kind-sugar",
        picture: "gula-semut",
        href: "/search?category=gula-pemanis",
    },
    Kind {
        key: "market-kind-coffee",
        picture: "biji-kopi-hijau",
        href: "/search?category=kopi-teh",
    },
    Kind {
        key: "market-kind-honey",
        picture: "madu",
        href: "/search?category=madu-herbal",
    },
    Kind {
        key: "market-kind-fresh",
        picture: "bawang-merah",
        href: "/search?category=sayur-buah",
    },
    Kind {
        key: "market-kind-oil",
        picture: "vco",
        href: "/search?category=minyak-kelapa",
    },
    Kind {
        key: "market-kind-cloth",
        picture: "kain-tenun",
        href: "/search?category=tekstil-busana",
    },
    Kind {
        key: "market-kind-weaving",
        picture: "keranjang-bambu",
        href: "/search?category=anyaman-kerajinan",
    },
];

/// What people often look for; the words are goods' own names.
const TRIES: &[&str] = &["keripik", "gula semut", "kopi arabika", "bawang merah"];

#[derive(Template)]
#[template(path = "market/index.html")]
struct Page {
    shell: Shell,
    offers: Vec<OfferCard>,
    kinds: &'static [Kind],
    tries: Vec<(String, &'static str)>,
}

pub async fn page(ctx: Ctx) -> Answer {
    let shell = ctx.shell().await;
    let ids = if ctx.visitor().is_none() {
        ctx.state().pages.newest(&ctx, OFFERS).await?
    } else {
        ctx.store()
            .home_offers(&viewer(&ctx), ctx.now(), OFFERS)
            .await?
    };
    let offers = cards::of(&ctx, &shell, &ids).await?;
    let tries = TRIES
        .iter()
        .map(|words| (format!("/search?q={}", words.replace(' ', "+")), *words))
        .collect();
    ctx.html(&Page {
        offers,
        kinds: KINDS,
        tries,
        shell,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_its_picture_on_the_sheet() {
        let pictures: Vec<_> = KINDS.iter().map(|kind| kind.picture).collect();
        assert_eq!(pictures, crate::assets::SHEET);
    }
}
