//! Taking back what a register brought.

use domain::{
    ids::{ImportId, OrganisationId},
    members::MemberStatus,
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::planning::member_seqs;
use crate::entities::opening_balances;
use crate::imports::ImportError;
use crate::sql::{Sql, placeholders};
use crate::write::Tx;

impl Tx {
    /// Takes back the members that an import entered, as long as nobody signs in for them and nothing of theirs is in
    /// use, and every balance it opened. How many members, and how many stay.
    pub(in crate::imports) async fn take_back_register(
        &self,
        cooperative: OrganisationId,
        import: ImportId,
    ) -> Result<(usize, usize), ImportError> {
        #[derive(FromQueryResult)]
        struct Member {
            id: Uuid,
            status: String,
            is_free: i64,
        }
        #[derive(FromQueryResult)]
        struct Balance {
            id: Uuid,
            member_id: Uuid,
            kind: String,
            amount_rupiah: i64,
            as_of: i32,
        }
        self.lock_register(cooperative).await?;
        let members: Vec<Member> = self
            .rows(
                "SELECT m.id, m.status, CASE WHEN EXISTS (SELECT 1 FROM roles r WHERE r.organisation_id = m.supplier_id) \
                 OR EXISTS (SELECT 1 FROM products p WHERE p.umkm_id = m.supplier_id) \
                 OR EXISTS (SELECT 1 FROM members x WHERE x.supplier_id = m.supplier_id AND x.id <> m.id) \
                 THEN CAST(0 AS BIGINT) ELSE CAST(1 AS BIGINT) END AS is_free FROM members m \
                 JOIN imported_members i ON i.member_id = m.id WHERE i.import_id = $1 AND m.cooperative_id = $2 AND i.is_new \
                 AND m.status <> 'declined' ORDER BY m.id",
                [import.0.into(), cooperative.0.into()],
            )
            .await?;
        let balances: Vec<Balance> = self
            .rows(
                "SELECT b.id, b.member_id, b.kind, b.amount_rupiah, b.as_of FROM opening_balances b WHERE b.import_id = $1 \
                 AND b.reverses IS NULL AND NOT EXISTS (SELECT 1 FROM opening_balances r WHERE r.reverses = b.id) \
                 ORDER BY b.id",
                [import.0.into()],
            )
            .await?;
        let reversed = balances
            .into_iter()
            .map(|row| opening_balances::Model {
                id: self.new_id(),
                cooperative_id: cooperative.0,
                member_id: row.member_id,
                kind: row.kind,
                amount_rupiah: -row.amount_rupiah,
                as_of: row.as_of,
                import_id: import.0,
                reverses: Some(row.id),
                created_at: self.now().0,
            })
            .collect();
        self.insert_many(reversed).await?;
        let free: Vec<&Member> = members.iter().filter(|row| row.is_free == 1).collect();
        let mut seqs = member_seqs(self, cooperative).await?;
        let mut history = Vec::with_capacity(free.len());
        for member in &free {
            let seq = seqs.remove(&member.id).unwrap_or(0) + 1;
            let change = (
                Some(member.status.as_str()),
                MemberStatus::Declined.as_str(),
            );
            let mut row = self.event_row(
                "member",
                member.id,
                seq,
                "membership_taken_back",
                change,
                String::new(),
            );
            row.reason = Some("import undone".to_owned());
            history.push(row);
        }
        self.insert_many(history).await?;
        for chunk in free.chunks(5_000) {
            // The number is free again; the row stays, because history points at it.
            self.exec(
                format!(
                    "UPDATE members SET status = 'declined', number = NULL, joined_on = NULL WHERE id IN ({})",
                    placeholders(1, chunk.len())
                ),
                chunk.iter().map(|member| member.id.into()),
            )
            .await?;
        }
        Ok((free.len(), members.len() - free.len()))
    }
}
