//! Every row of a database, to tell what a request has changed: nothing, if it was refused.
//!
//! Sessions (with their messages), counters of tries and the security log are left out: they follow a visit, not a deed.

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait as _, DatabaseBackend, DatabaseConnection, Statement};

use crate::database::connect;

const LEFT_OUT: &[&str] = &[
    "sessions",
    "rate_counters",
    "security_log",
    "seaql_migrations",
];

/// Looks at the tables of one database again and again.
#[derive(Debug)]
pub struct Looker {
    database: DatabaseConnection,
    query: String,
}

/// The rows of each table, as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rows(BTreeMap<String, Vec<String>>);

impl Looker {
    /// # Panics
    /// When the database refuses.
    pub async fn at(url: &str) -> Self {
        let database = connect(url).await;
        let query = match database.get_database_backend() {
            DatabaseBackend::Sqlite => sqlite_query(&database).await,
            _ => postgres_query(&database).await,
        };
        Self { database, query }
    }

    /// All rows as they are now.
    ///
    /// # Panics
    /// When the database refuses.
    pub async fn rows(&self) -> Rows {
        let mut rows: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (table, row) in pairs(&self.database, &self.query).await {
            rows.entry(table).or_default().push(row);
        }
        for rows in rows.values_mut() {
            rows.sort_unstable();
        }
        Rows(rows)
    }
}

impl Rows {
    /// What isn't the same in `other`: the tables, and the rows that came or went.
    #[must_use]
    pub fn changes(&self, other: &Self) -> Vec<String> {
        let mut changes = Vec::new();
        for (name, mark, these, those) in [
            ("gone from", '-', &self.0, &other.0),
            ("new in", '+', &other.0, &self.0),
        ] {
            for (table, rows) in these {
                let there = those.get(table).map_or(&[][..], Vec::as_slice);
                let missing = rows.iter().filter(|row| there.binary_search(row).is_err());
                changes.extend(missing.map(|row| format!("{name} {table}: {mark} {row}")));
            }
        }
        if changes.is_empty() && self != other {
            changes.push("rows are there more or less often".to_owned());
        }
        changes
    }

    /// The same rows with `name` for each id of `names` (as it is written in paths), and one word for all other ids and
    /// long digests: then two databases that took the same deeds are alike.
    #[must_use]
    pub fn named(&self, names: &BTreeMap<String, String>) -> Self {
        let tables = self.0.iter().map(|(table, rows)| {
            let mut rows: Vec<String> = rows.iter().map(|row| renamed(row, names)).collect();
            rows.sort_unstable();
            (table.clone(), rows)
        });
        Self(tables.collect())
    }
}

/// Words of letters, digits and hyphens are compared as ids; 28 or more characters make one.
fn renamed(row: &str, names: &BTreeMap<String, String>) -> String {
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let mut out = String::with_capacity(row.len());
    let mut word = String::new();
    // The salted hash of a password is one word without blanks.
    let hashless = row.split(' ').map(|part| match part.contains("$argon2") {
        true => "(hash)",
        false => part,
    });
    let row = hashless.collect::<Vec<_>>().join(" ");
    for c in row.chars().chain(['\n']) {
        if is_word(c) {
            word.push(c);
            continue;
        }
        let key = word.to_lowercase().replace('-', "");
        if let Some(name) = names.get(&key) {
            out.push_str(name);
        } else if key.len() >= 28 && key.contains(|c: char| c.is_ascii_digit()) {
            out.push_str("(id)");
        } else {
            out.push_str(&word);
        }
        word.clear();
        out.push(c);
    }
    out
}

async fn pairs(database: &DatabaseConnection, query: &str) -> Vec<(String, String)> {
    let statement = Statement::from_string(database.get_database_backend(), query);
    let rows = database.query_all_raw(statement).await;
    let rows = rows.unwrap_or_else(|error| panic!("{query}: {error}"));
    let text = |row: &sea_orm::QueryResult, at: usize| -> String {
        row.try_get_by_index(at)
            .unwrap_or_else(|error| panic!("{query}: {error}"))
    };
    rows.iter()
        .map(|row| (text(row, 0), text(row, 1)))
        .collect()
}

async fn sqlite_query(database: &DatabaseConnection) -> String {
    let columns = "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c \
                   WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' ORDER BY m.name, c.cid";
    let mut tables: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (table, column) in pairs(database, columns).await {
        tables
            .entry(table)
            .or_default()
            .push(format!("quote(\"{column}\")"));
    }
    let parts = tables
        .into_iter()
        .filter(|(table, _)| !LEFT_OUT.contains(&table.as_str()))
        .map(|(table, columns)| {
            let row = columns.join(" || ' ' || ");
            format!("SELECT '{table}', {row} FROM \"{table}\"")
        });
    parts.collect::<Vec<_>>().join(" UNION ALL ")
}

async fn postgres_query(database: &DatabaseConnection) -> String {
    let tables = "SELECT tablename::text, ''::text FROM pg_tables WHERE schemaname = 'public'";
    let parts = pairs(database, tables)
        .await
        .into_iter()
        .filter(|(table, _)| !LEFT_OUT.contains(&table.as_str()))
        .map(|(table, _)| format!("SELECT '{table}'::text, t::text FROM \"{table}\" t"));
    parts.collect::<Vec<_>>().join(" UNION ALL ")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::Looker;
    use crate::database::{Fresh, Kind, run};

    #[tokio::test]
    async fn a_changed_row_is_told_by_its_table_and_its_text() {
        for kind in Kind::ALL {
            let Some(fresh) = Fresh::migrated(kind).await else {
                continue;
            };
            let looker = Looker::at(&fresh.url).await;
            let before = looker.rows().await;
            assert_eq!(before.changes(&looker.rows().await), Vec::<String>::new());
            run(
                &fresh.url,
                "UPDATE categories SET id = 'xyz' WHERE id = 'zzz'",
            )
            .await;
            assert_eq!(before, looker.rows().await, "no row was changed");
            run(
                &fresh.url,
                "INSERT INTO marks (key, value) VALUES ('here', '7')",
            )
            .await;
            let changes = before.changes(&looker.rows().await);
            assert_eq!(changes.len(), 1, "{changes:?}");
            assert!(changes[0].starts_with("new in marks: +"), "{changes:?}");
        }
    }

    #[test]
    fn ids_get_their_names_however_they_are_written() {
        let id = "0189000000007000800000000000dead".to_owned();
        let names = BTreeMap::from([(id, "koperasi".to_owned())]);
        let row = "X'0189000000007000800000000000DEAD' 01890000-0000-7000-8000-00000000dead \
                   01890000-0000-7000-8000-00000000beef 7";
        let named = super::renamed(row, &names);
        assert_eq!(named.trim(), "X'koperasi' koperasi (id) 7");
    }
}
