//! One table per file, as the migrations made it. Entities never leave this crate.

pub mod allocation_rows;
pub mod allocations;
pub mod cart_holds;
pub mod cart_lines;
pub mod carts;
pub mod catalog_buyers;
pub mod catalog_editions;
pub mod catalog_offers;
pub mod catalogs;
pub mod categories;
pub mod certificates;
pub mod commodities;
pub mod consents;
pub mod counters;
pub mod digests;
pub mod dismissals;
pub mod editions;
pub mod events;
pub mod files;
pub mod freight_rates;
pub mod holds;
pub mod import_parts;
pub mod import_takings;
pub mod imported_members;
pub mod imports;
pub mod invitations;
pub mod jobs;
pub mod links;
pub mod lots;
pub mod marks;
pub mod members;
pub mod movements;
pub mod notice_choices;
pub mod notices;
pub mod offer_photos;
pub mod offer_prices;
pub mod offers;
pub mod opening_balances;
pub mod order_changes;
pub mod order_line_prices;
pub mod order_lines;
pub mod orders;
pub mod organisations;
pub mod outlooks;
pub mod people;
pub mod photo_files;
pub mod photos;
pub mod product_batch_rows;
pub mod product_batches;
pub mod product_photos;
pub mod products;
pub mod questions;
pub mod quiet_hours;
pub mod rate_counters;
pub mod recovery_codes;
pub mod roles;
pub mod security_log;
pub mod sessions;
pub mod settings;
pub mod shares;
pub mod supplies;

/// Every table, by name.
pub(crate) const TABLES: &[&str] = &[
    "allocation_rows",
    "allocations",
    "cart_holds",
    "cart_lines",
    "carts",
    "catalog_buyers",
    "catalog_editions",
    "catalog_offers",
    "catalogs",
    "categories",
    "certificates",
    "commodities",
    "consents",
    "counters",
    "digests",
    "dismissals",
    "editions",
    "events",
    "files",
    "freight_rates",
    "holds",
    "import_parts",
    "import_takings",
    "imported_members",
    "imports",
    "invitations",
    "jobs",
    "links",
    "lots",
    "marks",
    "members",
    "movements",
    "offer_photos",
    "notice_choices",
    "notices",
    "offer_prices",
    "offers",
    "order_changes",
    "opening_balances",
    "order_line_prices",
    "order_lines",
    "orders",
    "organisations",
    "outlooks",
    "people",
    "photo_files",
    "photos",
    "product_photos",
    "product_batch_rows",
    "product_batches",
    "products",
    "questions",
    "quiet_hours",
    "rate_counters",
    "recovery_codes",
    "roles",
    "security_log",
    "sessions",
    "settings",
    "shares",
    "supplies",
];

/// Reads one row of every table, so that an entity which drifted from the migrations is found at once.
#[cfg(test)]
pub(crate) async fn probe(
    connection: &impl sea_orm::ConnectionTrait,
) -> Result<(), sea_orm::DbErr> {
    use sea_orm::EntityTrait;
    allocation_rows::Entity::find().one(connection).await?;
    allocations::Entity::find().one(connection).await?;
    cart_holds::Entity::find().one(connection).await?;
    cart_lines::Entity::find().one(connection).await?;
    carts::Entity::find().one(connection).await?;
    catalog_buyers::Entity::find().one(connection).await?;
    catalog_editions::Entity::find().one(connection).await?;
    catalog_offers::Entity::find().one(connection).await?;
    catalogs::Entity::find().one(connection).await?;
    categories::Entity::find().one(connection).await?;
    certificates::Entity::find().one(connection).await?;
    commodities::Entity::find().one(connection).await?;
    consents::Entity::find().one(connection).await?;
    counters::Entity::find().one(connection).await?;
    digests::Entity::find().one(connection).await?;
    dismissals::Entity::find().one(connection).await?;
    editions::Entity::find().one(connection).await?;
    events::Entity::find().one(connection).await?;
    files::Entity::find().one(connection).await?;
    freight_rates::Entity::find().one(connection).await?;
    holds::Entity::find().one(connection).await?;
    import_parts::Entity::find().one(connection).await?;
    import_takings::Entity::find().one(connection).await?;
    imported_members::Entity::find().one(connection).await?;
    imports::Entity::find().one(connection).await?;
    invitations::Entity::find().one(connection).await?;
    jobs::Entity::find().one(connection).await?;
    links::Entity::find().one(connection).await?;
    lots::Entity::find().one(connection).await?;
    marks::Entity::find().one(connection).await?;
    members::Entity::find().one(connection).await?;
    movements::Entity::find().one(connection).await?;
    notice_choices::Entity::find().one(connection).await?;
    notices::Entity::find().one(connection).await?;
    offer_photos::Entity::find().one(connection).await?;
    offer_prices::Entity::find().one(connection).await?;
    offers::Entity::find().one(connection).await?;
    order_changes::Entity::find().one(connection).await?;
    opening_balances::Entity::find().one(connection).await?;
    order_line_prices::Entity::find().one(connection).await?;
    order_lines::Entity::find().one(connection).await?;
    orders::Entity::find().one(connection).await?;
    organisations::Entity::find().one(connection).await?;
    outlooks::Entity::find().one(connection).await?;
    people::Entity::find().one(connection).await?;
    photo_files::Entity::find().one(connection).await?;
    photos::Entity::find().one(connection).await?;
    product_photos::Entity::find().one(connection).await?;
    product_batch_rows::Entity::find().one(connection).await?;
    product_batches::Entity::find().one(connection).await?;
    products::Entity::find().one(connection).await?;
    questions::Entity::find().one(connection).await?;
    rate_counters::Entity::find().one(connection).await?;
    recovery_codes::Entity::find().one(connection).await?;
    roles::Entity::find().one(connection).await?;
    sessions::Entity::find().one(connection).await?;
    settings::Entity::find().one(connection).await?;
    shares::Entity::find().one(connection).await?;
    supplies::Entity::find().one(connection).await?;
    Ok(())
}
