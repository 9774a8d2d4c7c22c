//! Offers that pool one's goods. Members always see their price and the whole build-up (DOMAIN TX-7).

use askama::Template;
use domain::{
    money::Rupiah,
    offers::PriceRow,
    pricing::{BuildUp, PricePair},
    quantity::Packs,
};
use store::offers::{OwnSupply, SupplyOut};

use crate::{
    ctx::{Ctx, Seller},
    handler::Answer,
    offers::words,
    parts::Head,
    shell::Shell,
};

#[derive(Template)]
#[template(path = "supplies/index.html")]
struct Page {
    shell: Shell,
    supplies: Vec<OwnSupply>,
    /// What a price has put out of an offer.
    out: Vec<SupplyOut>,
    is_member: bool,
}

pub async fn page(ctx: Ctx, seller: Seller) -> Answer {
    let page = Page {
        supplies: ctx
            .store()
            .supplies_of(seller.organisation, ctx.now())
            .await?,
        out: ctx
            .store()
            .supplies_out_by_price(seller.organisation)
            .await?,
        is_member: ctx.store().has_cooperative(seller.organisation).await?,
        shell: ctx.shell().await,
    };
    ctx.html(&page)
}

impl Page {
    fn badge(&self, supply: &OwnSupply) -> (&'static str, String, &'static str) {
        words::state_badge(&self.shell, &supply.offer_state)
    }

    /// `Anda minta Rp11.500 / bungkus, harga anggota sekarang Rp11.000`.
    fn why_out(&self, out: &SupplyOut) -> String {
        let rupiah = |amount: Option<i64>| Rupiah(amount.unwrap_or_default()).to_string();
        let asks = format!(
            "{} / {}",
            rupiah(out.asks_rupiah),
            words::unit(&self.shell, &out.unit)
        );
        let most = rupiah(out.most_rupiah);
        self.shell
            .t2("supplies-out-text", "asks", asks, "most", most)
    }

    fn heads(&self) -> Vec<Head> {
        [
            "supplies-from",
            "supplies-member",
            "supplies-packaging",
            "supplies-transport",
            "supplies-fee",
            "supplies-margin",
            "supplies-buyer",
        ]
        .iter()
        .enumerate()
        .map(|(at, key)| match at {
            0 => Head::text(self.shell.t(key)),
            _ => Head::number(self.shell.t(key)),
        })
        .collect()
    }

    /// The lowest tier, for the line of the list.
    fn member_price(&self, supply: &OwnSupply) -> Option<String> {
        let row = supply.prices.rows().first()?;
        Some(format!(
            "{} / {}",
            row.member_price,
            words::unit(&self.shell, &supply.unit)
        ))
    }

    fn from(&self, supply: &OwnSupply, row: &PriceRow) -> String {
        words::order_units(
            &self.shell,
            row.min_units,
            supply.carton_name.as_deref(),
            &supply.unit,
        )
    }

    fn build_up(&self, supply: &OwnSupply, row: &PriceRow) -> Option<BuildUp> {
        let prices = PricePair {
            buyer: row.buyer_price,
            member: row.member_price,
        };
        BuildUp::of_pack(
            prices,
            supply.costs,
            supply.packs_per_unit,
            supply.platform_fee_bp,
        )
        .ok()
    }

    fn packs(&self, packs: &Packs, supply: &OwnSupply) -> String {
        text::units::count_of(self.shell.lang, packs.0, &supply.unit)
    }

    fn rule(&self, supply: &OwnSupply) -> String {
        words::rule(&self.shell, &supply.rule)
    }
}
