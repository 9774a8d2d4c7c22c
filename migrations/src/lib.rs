//! The shape of the database: one portable set of migrations for SQLite and PostgreSQL, oldest first.
//!
//! Written as SQL with the few words that differ between the engines put in by [`ddl`]. Constraints stand here
//! because SQLite can't add them later. `migrations` never imports `store`: entities move on, history stays.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

mod m20261122_000001_create_people;
mod m20261122_000002_create_products;
mod m20261122_000003_create_offers;
mod m20261122_000004_create_orders;
mod m20261122_000005_create_history;
mod m20261122_000006_seed_categories;
mod m20261124_000101_create_links;
mod m20261124_000102_create_invitations;
mod m20261124_000103_create_recovery_codes;
mod m20261124_000201_create_photos;
mod m20261124_000301_add_register_imports;
mod m20261124_000401_create_product_batches;
mod m20261124_000402_add_build_up;
mod m20261124_000501_create_order_changes;
mod m20261124_000502_create_questions;
mod m20261124_000503_create_cart_holds;
mod m20261124_000601_create_editions;
mod m20261124_000602_index_shares;
mod m20261124_000701_create_security_log;
mod m20261124_000702_create_notices;
mod m20261124_000801_add_typed_identifiers;
mod m20261124_000802_add_doer;
mod m20261124_000901_create_import_takings;
mod m20261124_000902_create_dismissals;
mod m20261124_001001_add_goods_to_notices;
mod m20261124_001101_widen_product_batches;
mod m20261124_001102_add_payment_term;
mod m20261124_001601_add_put_out_by_price;

pub use sea_orm_migration::MigratorTrait;

/// Every migration of Lumbung, in order.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261122_000001_create_people::Migration),
            Box::new(m20261122_000002_create_products::Migration),
            Box::new(m20261122_000003_create_offers::Migration),
            Box::new(m20261122_000004_create_orders::Migration),
            Box::new(m20261122_000005_create_history::Migration),
            Box::new(m20261122_000006_seed_categories::Migration),
            Box::new(m20261124_000101_create_links::Migration),
            Box::new(m20261124_000102_create_invitations::Migration),
            Box::new(m20261124_000103_create_recovery_codes::Migration),
            Box::new(m20261124_000201_create_photos::Migration),
            Box::new(m20261124_000301_add_register_imports::Migration),
            Box::new(m20261124_000401_create_product_batches::Migration),
            Box::new(m20261124_000402_add_build_up::Migration),
            Box::new(m20261124_000501_create_order_changes::Migration),
            Box::new(m20261124_000502_create_questions::Migration),
            Box::new(m20261124_000503_create_cart_holds::Migration),
            Box::new(m20261124_000601_create_editions::Migration),
            Box::new(m20261124_000602_index_shares::Migration),
            Box::new(m20261124_000701_create_security_log::Migration),
            Box::new(m20261124_000702_create_notices::Migration),
            Box::new(m20261124_000801_add_typed_identifiers::Migration),
            Box::new(m20261124_000802_add_doer::Migration),
            Box::new(m20261124_000901_create_import_takings::Migration),
            Box::new(m20261124_000902_create_dismissals::Migration),
            Box::new(m20261124_001001_add_goods_to_notices::Migration),
            Box::new(m20261124_001101_widen_product_batches::Migration),
            Box::new(m20261124_001102_add_payment_term::Migration),
            Box::new(m20261124_001601_add_put_out_by_price::Migration),
        ]
    }
}

/// Runs statements separated by `;` at line ends, with `UUID` spelled as the engine wants it.
///
/// SQLite has no type of its own for UUIDs: they are 16-byte blobs there.
async fn ddl(manager: &SchemaManager<'_>, sql: &str) -> Result<(), DbErr> {
    let sqlite = manager.get_database_backend() == DbBackend::Sqlite;
    for statement in sql.split(";\n") {
        let statement = statement.trim();
        if statement.is_empty() {
            continue;
        }
        let statement = if sqlite {
            statement.replace(" UUID", " BLOB")
        } else {
            statement.to_owned()
        };
        manager
            .get_connection()
            .execute_unprepared(&statement)
            .await?;
    }
    Ok(())
}

/// Drops tables, youngest first.
async fn drop_tables(manager: &SchemaManager<'_>, tables: &[&str]) -> Result<(), DbErr> {
    for table in tables {
        manager
            .get_connection()
            .execute_unprepared(&format!("DROP TABLE {table}"))
            .await?;
    }
    Ok(())
}

/// Makes a table append-only: the database itself refuses UPDATE and DELETE of its rows.
async fn forbid_change(manager: &SchemaManager<'_>, table: &str) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    if manager.get_database_backend() == DbBackend::Sqlite {
        for verb in ["UPDATE", "DELETE"] {
            connection
                .execute_unprepared(&format!(
                    "CREATE TRIGGER {table}_no_{} BEFORE {verb} ON {table} \
                     BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END",
                    verb.to_lowercase()
                ))
                .await?;
        }
    } else {
        connection
            .execute_unprepared(
                "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS \
                 $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$",
            )
            .await?;
        connection
            .execute_unprepared(&format!(
                "CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} \
                 FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            ))
            .await?;
    }
    Ok(())
}
