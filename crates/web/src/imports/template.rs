//! An empty list to fill in: a workbook with the columns that are understood, drop-down choices, and examples on a sheet of
//! their own, so that nobody brings an example as goods.

use domain::{products::SaleUnit, regions, time::Day};
use sheets::{Cell, Choices, Guide, Table};

use super::kinds::Desk;
use crate::{
    ctx::Ctx,
    downloads::{self, Kind},
    error::Error,
    handler::Answer,
};

pub async fn page(ctx: Ctx, desk: Desk) -> Answer {
    let fields = desk.fields();
    let headers: Vec<String> = fields
        .iter()
        .filter(|(code, _)| *code != "seller")
        .map(|(_, key)| ctx.t(key))
        .collect();
    let column = |code: &str| {
        let place = fields
            .iter()
            .filter(|(other, _)| *other != "seller")
            .position(|(other, _)| *other == code);
        place
            .and_then(|place| u16::try_from(place).ok())
            .unwrap_or(0)
    };
    let lang = ctx.lang();
    let words = |key: &str| -> Vec<String> { ctx.t(key).lines().map(str::to_owned).collect() };
    let (choices, examples, lines) = if desk.is_listings() {
        let categories = ctx.store().kinds().await?;
        let names = categories.iter().map(|category| match lang {
            text::Lang::Id => category.names.id.clone(),
            text::Lang::En => category.names.en.clone(),
        });
        let choices = vec![
            Choices {
                column: column("unit"),
                words: SaleUnit::ALL
                    .iter()
                    .map(|unit| unit.as_str().to_owned())
                    .collect(),
            },
            Choices {
                column: column("category"),
                words: names.collect(),
            },
        ];
        let category = choices
            .get(1)
            .and_then(|list| list.words.first())
            .cloned()
            .unwrap_or_default();
        let pack = SaleUnit::Bungkus;
        let row = |name: &str, price: i64, stock: i64, content: &str| -> Vec<Cell> {
            vec![
                name.into(),
                price.into(),
                pack.as_str().into(),
                stock.into(),
                content.into(),
                40.into(),
                Cell::Empty,
                Cell::Empty,
                category.as_str().into(),
                Cell::Empty,
            ]
        };
        let examples = vec![
            row("Keripik singkong original", 10_500, 400, "250 g"),
            row("Keripik pisang manis", 11_500, 120, "200 g"),
        ];
        (choices, examples, words("imports-template-listings"))
    } else {
        let statuses = [
            "members-status-active",
            "members-status-candidate",
            "members-status-associate",
            "members-status-left",
        ];
        let choices = vec![
            Choices {
                column: column("status"),
                words: statuses.iter().map(|key| ctx.t(key)).collect(),
            },
            Choices {
                column: column("region"),
                words: regions::all_regencies()
                    .map(|region| region.name.to_owned())
                    .collect(),
            },
        ];
        let joined = Day::from_ymd(2021, 3, 15).map_or(Cell::Empty, |day| Cell::Day(day.iso()));
        let examples = vec![vec![
            1.into(),
            "Dapur Roban".into(),
            "0812-0000-0001".into(),
            "u01@contoh.example".into(),
            "Gringsing".into(),
            regions::name("33.25").into(),
            joined,
            ctx.t("members-status-active").into(),
            100_000.into(),
            240_000.into(),
            Cell::Empty,
        ]];
        (choices, examples, words("imports-template-members"))
    };
    let turn = ctx.state().turns.take().await?;
    let title = ctx.t(desk.key("imports-template-goods", "imports-template-register"));
    let guide = Guide {
        title: ctx.t("imports-template-guide"),
        examples,
        lines,
    };
    let table = Table {
        headers,
        rows: Vec::new(),
    };
    let name = format!("{}.xlsx", domain::names::slug(&title));
    let file = turn
        .run(move || sheets::write_workbook(&title, &table, &choices, Some(&guide)))
        .await?
        .map_err(Error::broken)?;
    Ok(downloads::attachment(&name, Kind::Xlsx.media_type(), file))
}
