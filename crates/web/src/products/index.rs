//! The owner's list: what is there, how much is left, and − and + beside it.

use askama::Template;
use domain::products::Shelf;
use store::products::{LIST_PAGE, Listing, ListingFilter, ListingSort, OpenBatch, ProductLine};
use text::units;

use super::{bulk::done_key, desk::Desk};
use crate::{
    ctx::Ctx,
    error::encode,
    handler::Answer,
    parts::{Head, Pager, Picture, Tab},
    posted::Posted,
    shell::Shell,
};

#[derive(Template)]
#[template(path = "products/index.html")]
struct Page {
    shell: Shell,
    desk: Desk,
    listing: Listing,
    filter: ListingFilter,
    tabs: Vec<Tab>,
    pager: Pager,
    heads: Vec<Head>,
    /// Where this part of the list is to be had as a file.
    export: String,
    /// Of each line.
    pictures: Vec<Picture>,
    /// Address, words, and whether the list stands so now.
    sorts: Vec<(String, String, bool)>,
    /// This page's own address, to come back to.
    here: String,
    /// The latest change of many, as long as it can be taken back.
    open: Option<OpenBatch>,
}

impl Page {
    /// Below this list.
    fn to(&self, below: &str) -> String {
        format!("{}{below}", self.desk.base)
    }

    fn title(&self) -> String {
        super::list_title(&self.shell, &self.desk)
    }

    /// "Stok 87 barang diubah. Bisa diurungkan sampai 25 November 2026, 10.00."
    fn open(&self, open: &OpenBatch) -> String {
        let done = self.shell.t1(done_key(open.kind), "n", open.products);
        let until = self.shell.date_time(open.undo_until, self.desk.zone);
        let until = self.shell.t1("products-undo-until", "until", until);
        format!("{done} {until}")
    }

    /// Whether the owner has anything at all.
    fn has_products(&self) -> bool {
        self.listing.counts.iter().any(|(_, n)| *n > 0)
    }

    fn badge(&self, line: &ProductLine) -> (String, &'static str, &'static str) {
        let (key, kind, icon) = super::shelf_badge(line.shelf);
        (self.shell.t(key), kind, icon)
    }

    fn unit(&self, line: &ProductLine, n: i64) -> String {
        let unit = line.unit.as_deref().and_then(|unit| unit.parse().ok());
        unit.map(|unit| units::units(self.shell.lang, n, unit))
            .unwrap_or_default()
    }

    fn left_unit(&self, line: &ProductLine) -> String {
        self.unit(line, line.free.0)
    }

    /// "60 dus isi 40", where cartons make the figure easier.
    fn cartons(&self, line: &ProductLine) -> String {
        match line.packs_per_carton {
            Some(carton) if line.free.0 >= carton => self.shell.t2(
                "products-cartons",
                "cartons",
                line.free.0 / carton,
                "content",
                carton,
            ),
            _ => String::new(),
        }
    }

    fn is_archived(&self, line: &ProductLine) -> bool {
        line.shelf == Shelf::Archived
    }
}

/// What the address asks for.
pub(super) fn asked(query: &Posted) -> ListingFilter {
    ListingFilter {
        shelf: query.first("shelf").parse().ok(),
        name: query.first("q").chars().take(80).collect(),
        sort: ListingSort::ALL
            .into_iter()
            .find(|sort| sort.as_str() == query.first("sort"))
            .unwrap_or_default(),
        page: query.first("page").parse().unwrap_or(1).clamp(1, 100_000),
    }
}

/// The pages of a list of so many rows each.
pub(super) fn pager(
    shell: &Shell,
    listing: &Listing,
    filter: &ListingFilter,
    rows: i64,
    href: impl Fn(i64) -> String,
) -> Pager {
    let pages = (listing.found.saturating_add(rows - 1) / rows).max(1);
    let first = (filter.page - 1) * rows + 1;
    let last = first.saturating_add(i64::try_from(listing.rows.len()).unwrap_or(0)) - 1;
    let sentence = shell.t3(
        "products-of",
        "first",
        first,
        "last",
        last,
        "all",
        listing.found,
    );
    Pager::new(sentence, filter.page, pages, href)
}

fn sort_key(sort: ListingSort) -> &'static str {
    match sort {
        ListingSort::Name => "products-sort-name",
        ListingSort::Newest => "products-sort-newest",
        ListingSort::Stock => "products-sort-stock",
        ListingSort::Price => "products-sort-price",
    }
}

pub(super) fn href(base: &str, filter: &ListingFilter, page: i64) -> String {
    let mut parts = Vec::new();
    if let Some(shelf) = filter.shelf {
        parts.push(format!("shelf={shelf}"));
    }
    if !filter.name.is_empty() {
        parts.push(format!("q={}", encode(&filter.name)));
    }
    if filter.sort != ListingSort::Name {
        parts.push(format!("sort={}", filter.sort.as_str()));
    }
    if page > 1 {
        parts.push(format!("page={page}"));
    }
    match parts.is_empty() {
        true => base.to_owned(),
        false => format!("{base}?{}", parts.join("&")),
    }
}

pub async fn page(ctx: Ctx) -> Answer {
    let desk = Desk::of(&ctx).await?;
    let filter = asked(ctx.query());
    let listing = ctx.store().products(desk.umkm, &filter).await?;
    let ids: Vec<_> = listing.rows.iter().map(|line| line.id).collect();
    let photos = ctx.store().main_photos(desk.umkm, &ids).await?;
    let shell = ctx.shell().await;
    let tab = |shelf: Option<Shelf>, key: &str, count: i64| Tab {
        href: href(
            &desk.base,
            &ListingFilter {
                shelf,
                sort: filter.sort,
                ..ListingFilter::default()
            },
            1,
        ),
        label: shell.t(key),
        count: Some(count),
        is_hot: false,
        is_current: filter.shelf == shelf,
    };
    let all = listing
        .counts
        .iter()
        .filter(|(shelf, _)| *shelf != Shelf::Archived)
        .map(|(_, n)| n)
        .sum();
    let mut tabs = vec![tab(None, "products-shelf-all", all)];
    tabs.extend(
        listing
            .counts
            .iter()
            .map(|(shelf, n)| tab(Some(*shelf), super::shelf_badge(*shelf).0, *n)),
    );
    let page = Page {
        open: ctx.store().open_product_batch(desk.umkm, ctx.now()).await?,
        pager: pager(&shell, &listing, &filter, LIST_PAGE, |page| {
            href(&desk.base, &filter, page)
        }),
        sorts: ListingSort::ALL
            .into_iter()
            .map(|sort| {
                let sorted = ListingFilter {
                    sort,
                    ..filter.clone()
                };
                (
                    href(&desk.base, &sorted, 1),
                    shell.t(sort_key(sort)),
                    sort == filter.sort,
                )
            })
            .collect(),
        heads: vec![
            Head::text(shell.t("products-head-name")),
            Head::number(shell.t("products-head-price")),
            Head::text(shell.t("products-head-state")),
            Head::text(shell.t("products-head-stock")),
        ],
        pictures: listing
            .rows
            .iter()
            .map(|line| Picture::new(&line.picture, photos.get(&line.id)))
            .collect(),
        here: href(&desk.base, &filter, filter.page),
        export: format!(
            "{}/export?shelf={}&q={}&",
            desk.base,
            filter.shelf.map_or("", Shelf::as_str),
            encode(&filter.name)
        ),
        desk,
        tabs,
        listing,
        filter,
        shell,
    };
    ctx.html(&page)
}
