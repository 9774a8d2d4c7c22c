//! A filled list to try the desk with: made-up goods, or members with numbers that no telephone has. What it brings is
//! taken back as a whole, like any list.

use domain::{products::SaleUnit, regions, time::Day};
use sheets::{Cell, Table};

use super::kinds::Desk;
use crate::{
    ctx::Ctx,
    downloads::{self, Kind},
    error::Error,
    handler::Answer,
};

/// Name, content, price in rupiah, stock in packs.
const GOODS: [(&str, &str, i64, i64); 8] = [
    ("Keripik singkong original", "250 g", 10_500, 400),
    ("Keripik singkong balado", "250 g", 11_500, 320),
    ("Keripik pisang manis", "200 g", 11_000, 150),
    ("Emping melinjo", "500 g", 32_000, 80),
    ("Rengginang terasi", "300 g", 14_000, 120),
    ("Kue kering kacang", "400 g", 28_000, 60),
    ("Kerupuk udang", "250 g", 16_500, 200),
    ("Seblak kering pedas", "180 g", 9_000, 500),
];

/// Name, village, the year of joining.
const MEMBERS: [(&str, &str, i32); 8] = [
    ("Contoh Dapur Sari", "Gringsing", 2019),
    ("Contoh Keripik Bu Tini", "Limpung", 2019),
    ("Contoh Emping Makmur", "Limpung", 2020),
    ("Contoh Kebun Blado", "Blado", 2020),
    ("Contoh Gula Pak Karto", "Bawang", 2021),
    ("Contoh Rengginang Ayu", "Subah", 2021),
    ("Contoh Kopi Lereng", "Reban", 2022),
    ("Contoh Jamu Segar", "Batang", 2023),
];

pub async fn page(ctx: Ctx, desk: Desk) -> Answer {
    let fields = desk.fields();
    let fields = fields.iter().filter(|(code, _)| *code != "seller");
    let headers: Vec<String> = fields.clone().map(|(_, key)| ctx.t(key)).collect();
    let codes: Vec<&str> = fields.map(|(code, _)| *code).collect();
    let row = |cell: &dyn Fn(&str) -> Cell| codes.iter().map(|code| cell(code)).collect();
    let rows: Vec<Vec<Cell>> = if desk.is_listings() {
        GOODS
            .iter()
            .map(|(name, content, price, stock)| {
                row(&|code| match code {
                    "name" => (*name).into(),
                    "price" => (*price).into(),
                    "unit" => SaleUnit::Bungkus.as_str().into(),
                    "stock" => (*stock).into(),
                    "content" => (*content).into(),
                    "packs_per_carton" => 40.into(),
                    "category" => "Makanan ringan".into(),
                    _ => Cell::Empty,
                })
            })
            .collect()
    } else {
        let active = ctx.t("members-status-active");
        MEMBERS
            .iter()
            .zip(1_i64..)
            .map(|((name, village, year), n)| {
                row(&|code| match code {
                    "name" => (*name).into(),
                    "phone" => format!("0812-0000-99{n:02}").into(),
                    "village" => (*village).into(),
                    "region" => regions::name("33.25").into(),
                    "joined" => {
                        Day::from_ymd(*year, 3, 15).map_or(Cell::Empty, |day| Cell::Day(day.iso()))
                    }
                    "status" => active.as_str().into(),
                    "principal" => 100_000.into(),
                    "mandatory" => (n * 20_000).into(),
                    _ => Cell::Empty,
                })
            })
            .collect()
    };
    let turn = ctx.state().turns.take().await?;
    let title = ctx.t(desk.key("imports-template-goods", "imports-template-register"));
    let name = domain::names::slug(&format!("{} {title}", ctx.t("imports-template-guide")));
    let table = Table { headers, rows };
    let file = turn
        .run(move || sheets::write_workbook(&title, &table, &[], None))
        .await?
        .map_err(Error::broken)?;
    let name = format!("{name}.xlsx");
    Ok(downloads::attachment(&name, Kind::Xlsx.media_type(), file))
}
