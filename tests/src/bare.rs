//! The rows of one order, written by bare statements: what the program is held against when it is measured.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement,
    TransactionTrait, Value,
};
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use crate::{app::TestApp, database::Kind};

type Line = Map<String, Json>;

/// What a commit waits for, on SQLite.
#[derive(Clone, Copy, Debug)]
pub enum Synchronous {
    Normal,
    Full,
}

/// One order, as rows.
#[derive(Debug)]
pub struct Bare {
    url: String,
    kind: Kind,
    /// The new rows of each table, parents first.
    tables: Vec<Table>,
    /// The ids that are each order's own.
    ids: BTreeSet<String>,
    number: String,
    /// How many packs were held of which lot.
    lots: Vec<(Uuid, i64)>,
}

#[derive(Debug)]
struct Table {
    name: String,
    columns: Vec<(String, String)>,
    lines: Vec<String>,
}

/// The rows of all tables.
async fn rows(app: &TestApp) -> BTreeMap<String, BTreeSet<String>> {
    let snapshot = app.store.snapshot().await.expect("a snapshot");
    let mut all = BTreeMap::new();
    for table in store::backup::tables() {
        let mut lines = BTreeSet::new();
        snapshot
            .lines(table, |line| -> Result<(), store::Error> {
                lines.insert(line.to_owned());
                Ok(())
            })
            .await
            .expect("as it is written");
        all.insert((*table).to_owned(), lines);
    }
    snapshot.close().await;
    all
}

/// Every id that stands in a text, also within other words.
fn ids(text: &str, found: &mut BTreeSet<String>) {
    let bytes = text.as_bytes();
    for start in 0..bytes.len().saturating_sub(35) {
        if let Some(part) = text.get(start..start + 36)
            && part.as_bytes()[8] == b'-'
            && Uuid::parse_str(part).is_ok()
        {
            found.insert(part.to_owned());
        }
    }
}

fn key(line: &Line) -> Option<&Json> {
    line.get("id")
}

impl Bare {
    /// Looks at what the program writes when `place` places one order.
    ///
    /// # Panics
    /// When it writes none.
    pub async fn learn(app: &TestApp, kind: Kind, place: impl Future<Output = ()>) -> Self {
        let before = rows(app).await;
        place.await;
        let after = rows(app).await;
        let mut known = BTreeSet::new();
        before
            .values()
            .flatten()
            .for_each(|line| ids(line, &mut known));
        let mut own = BTreeSet::new();
        let mut tables = Vec::new();
        let mut lots = Vec::new();
        let mut number = String::new();
        let direct = open(&app.database.url, Synchronous::Full, kind, 1).await;
        for (name, lines) in &after {
            let was = &before[name];
            let parse =
                |line: &String| serde_json::from_str::<Line>(line).expect("as it is written");
            let old: BTreeMap<String, Line> = was
                .difference(lines)
                .map(parse)
                .filter_map(|line| Some((key(&line)?.to_string(), line)))
                .collect();
            let mut new = Vec::new();
            for text in lines.difference(was) {
                let line = parse(text);
                let changed = key(&line).and_then(|key| old.get(&key.to_string()));
                match changed {
                    Some(old) if name == "lots" => {
                        let held = |line: &Line| line["held"].as_i64().expect("as it is written");
                        let id = line["id"]
                            .as_str()
                            .expect("as it is written")
                            .parse()
                            .expect("as it is written");
                        lots.push((id, held(&line) - held(old)));
                    }
                    // The counter and the like: one row more or less is within the measurement's own noise.
                    Some(_) => {}
                    None if matches!(
                        name.as_str(),
                        "counters"
                            | "rate_counters"
                            | "carts"
                            | "cart_lines"
                            | "outlooks"
                            | "editions"
                            | "sessions"
                    ) => {}
                    None => new.push(text.clone()),
                }
            }
            if name == "orders" {
                let line: Line = serde_json::from_str(&new[0]).expect("as it is written");
                number = line["number"]
                    .as_str()
                    .expect("as it is written")
                    .to_owned();
            }
            if new.is_empty() {
                continue;
            }
            new.iter().for_each(|line| ids(line, &mut own));
            tables.push(Table {
                name: name.clone(),
                columns: columns(&direct, name).await,
                lines: new,
            });
        }
        let _ = direct.close().await;
        let own = own.difference(&known).cloned().collect();
        let order = [
            "orders",
            "order_lines",
            "order_line_prices",
            "allocations",
            "allocation_rows",
            "shares",
            "holds",
            "events",
        ];
        tables.sort_by_key(|table| {
            order
                .iter()
                .position(|name| *name == table.name)
                .unwrap_or(99)
        });
        Self {
            url: app.database.url.clone(),
            kind,
            tables,
            ids: own,
            number,
            lots,
        }
    }

    /// What an order is, in words: so many rows of which table.
    #[must_use]
    pub fn told(&self) -> String {
        let mut told = String::new();
        for table in &self.tables {
            let _ = write!(told, "{} {}, ", table.lines.len(), table.name);
        }
        let _ = write!(told, "{} lots", self.lots.len());
        told
    }

    /// Statements of one order with ids and a number of its own.
    fn statements(&self) -> Vec<Statement> {
        let backend = match self.kind {
            Kind::Sqlite => DbBackend::Sqlite,
            Kind::Postgres => DbBackend::Postgres,
        };
        let fresh: Vec<(&String, String)> = self
            .ids
            .iter()
            .map(|id| (id, Uuid::now_v7().to_string()))
            .collect();
        let number = format!("SO/UKUR/{}", Uuid::now_v7().simple());
        let mut all = Vec::new();
        for table in &self.tables {
            let names: Vec<&str> = table
                .columns
                .iter()
                .map(|(name, _)| name.as_str())
                .collect();
            let mut sql = format!("INSERT INTO {} ({}) VALUES ", table.name, names.join(", "));
            let mut values: Vec<Value> = Vec::new();
            for (at, line) in table.lines.iter().enumerate() {
                let mut line = line.replace(&self.number, &number);
                for (old, new) in &fresh {
                    line = line.replace(old.as_str(), new);
                }
                let line: Line = serde_json::from_str(&line).expect("as it is written");
                sql.push_str(if at == 0 { "(" } else { ", (" });
                for (n, (name, kind)) in table.columns.iter().enumerate() {
                    values.push(value(&line[name], kind));
                    let comma = if n == 0 { "" } else { ", " };
                    let _ = write!(sql, "{comma}${}", values.len());
                }
                sql.push(')');
            }
            all.push(Statement::from_sql_and_values(backend, sql, values));
        }
        match self.kind {
            Kind::Sqlite => all.extend(self.lots.iter().map(|(id, held)| {
                let sql = "UPDATE lots SET held = held + $1 WHERE id = $2 AND held + $1 <= on_hand";
                Statement::from_sql_and_values(backend, sql, [(*held).into(), (*id).into()])
            })),
            Kind::Postgres => {
                let mut sql = String::from("UPDATE lots SET held = held + v.packs FROM (VALUES ");
                let mut values: Vec<Value> = Vec::new();
                for (at, (id, held)) in self.lots.iter().enumerate() {
                    let comma = if at == 0 { "" } else { ", " };
                    let _ = write!(
                        sql,
                        "{comma}(${}::uuid, ${}::bigint)",
                        2 * at + 1,
                        2 * at + 2
                    );
                    values.extend([Value::from(*id), Value::from(*held)]);
                }
                sql.push_str(") v (id, packs) WHERE lots.id = v.id AND held + v.packs <= on_hand");
                // Locked in one order, as everybody must, or they meet in a circle.
                let locks = "SELECT id FROM lots WHERE id IN (SELECT unnest($1::uuid[])) ORDER BY id FOR UPDATE";
                let locked: Vec<String> = self.lots.iter().map(|(id, _)| id.to_string()).collect();
                let locked = format!("{{{}}}", locked.join(","));
                all.insert(
                    0,
                    Statement::from_sql_and_values(
                        backend,
                        locks.replace("$1::uuid[]", &format!("'{locked}'::uuid[]")),
                        [],
                    ),
                );
                all.push(Statement::from_sql_and_values(backend, sql, values));
            }
        }
        let count = "UPDATE counters SET value = value + 1 WHERE kind = 'SO'";
        all.push(Statement::from_string(backend, count));
        all
    }

    /// Writes so many orders, a transaction each, over so many connections (SQLite has one writer); how long it took.
    ///
    /// # Panics
    /// When a statement fails.
    pub async fn write(
        &self,
        orders: usize,
        connections: usize,
        synchronous: Synchronous,
    ) -> Duration {
        let database = open(&self.url, synchronous, self.kind, connections).await;
        let all: Vec<Vec<Statement>> = (0..orders).map(|_| self.statements()).collect();
        let waiting = std::cell::RefCell::new(all);
        let began = Instant::now();
        let writers = (0..connections).map(|_| async {
            loop {
                let next = waiting.borrow_mut().pop();
                let Some(statements) = next else { return };
                let transaction = database.begin().await.expect("as it is written");
                for statement in statements {
                    transaction
                        .execute_raw(statement)
                        .await
                        .expect("as it is written");
                }
                transaction.commit().await.expect("as it is written");
            }
        });
        join_all(writers).await;
        let took = began.elapsed();
        let _ = database.close().await;
        took
    }
}

async fn open(
    url: &str,
    synchronous: Synchronous,
    kind: Kind,
    connections: usize,
) -> DatabaseConnection {
    let mut options = ConnectOptions::new(url.to_owned());
    options
        .max_connections(u32::try_from(connections).expect("as it is written"))
        .sqlx_logging(false);
    let database = Database::connect(options).await.expect("as it is written");
    if kind == Kind::Sqlite {
        let to = match synchronous {
            Synchronous::Normal => "NORMAL",
            Synchronous::Full => "FULL",
        };
        for setting in [
            "PRAGMA journal_mode = WAL".to_owned(),
            format!("PRAGMA synchronous = {to}"),
            "PRAGMA busy_timeout = 5000".to_owned(),
            "PRAGMA foreign_keys = ON".to_owned(),
        ] {
            database
                .execute_unprepared(&setting)
                .await
                .expect("as it is written");
        }
    }
    database
}

async fn columns(database: &DatabaseConnection, table: &str) -> Vec<(String, String)> {
    let backend = database.get_database_backend();
    let sql = match backend {
        DbBackend::Sqlite => "SELECT name, lower(type) FROM pragma_table_info($1) ORDER BY cid",
        _ => {
            "SELECT CAST(column_name AS TEXT), CAST(data_type AS TEXT) FROM information_schema.columns \
             WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position"
        }
    };
    let statement = Statement::from_sql_and_values(backend, sql, [table.into()]);
    let rows = database
        .query_all_raw(statement)
        .await
        .expect("as it is written");
    rows.iter()
        .map(|row| {
            (
                row.try_get_by_index(0).expect("as it is written"),
                row.try_get_by_index(1).expect("as it is written"),
            )
        })
        .collect()
}

fn value(json: &Json, kind: &str) -> Value {
    match kind {
        "integer" => json
            .as_i64()
            .map(|n| i32::try_from(n).expect("as it is written"))
            .into(),
        "bigint" => json.as_i64().into(),
        "boolean" => json.as_bool().into(),
        "text" => json.as_str().map(str::to_owned).into(),
        _ => json
            .as_str()
            .map(|id| id.parse::<Uuid>().expect("as it is written"))
            .into(),
    }
}
