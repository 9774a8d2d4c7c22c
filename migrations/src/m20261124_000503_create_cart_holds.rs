//! Stock held for a cart while its buyer checks the order, and indexes for what orders are looked through by.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: &str = r"
CREATE TABLE cart_holds (
  hold_id UUID NOT NULL PRIMARY KEY REFERENCES holds (id),
  cart_id UUID NOT NULL REFERENCES carts (id)
);
CREATE INDEX cart_holds_by_cart ON cart_holds (cart_id);
CREATE INDEX orders_by_buyer_and_day ON orders (buyer_id, created_at);
CREATE INDEX orders_by_cooperative_and_day ON orders (cooperative_id, created_at);
CREATE INDEX orders_by_parties ON orders (buyer_id, cooperative_id, created_at);
CREATE INDEX shares_by_supplier_and_day ON shares (supplier_id, created_at);
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::ddl(manager, TABLES).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::drop_tables(manager, &["cart_holds"]).await?;
        for index in [
            "orders_by_buyer_and_day",
            "orders_by_cooperative_and_day",
            "orders_by_parties",
            "shares_by_supplier_and_day",
        ] {
            manager
                .get_connection()
                .execute_unprepared(&format!("DROP INDEX {index}"))
                .await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
