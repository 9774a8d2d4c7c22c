//! The register of members as the cooperative reads it, and a supplier's view of its own memberships.

use domain::ids::{MemberId, OrganisationId};
use domain::members::MemberStatus;
use domain::time::{Day, Instant};
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

use crate::error::Error;
use crate::sql::Sql;
use crate::write::Store;

/// Rows of one page of the register.
const PAGE: i64 = 50;
/// Cooperatives shown to a business that looks for one.
const COOPERATIVES_MAX: i64 = 60;

/// Which members to list.
#[derive(Clone, Debug, Default)]
pub struct MemberFilter {
    /// `None` for all but the declined.
    pub status: Option<MemberStatus>,
    /// Part of the name or village, or the member's number.
    pub search: String,
    /// From 1.
    pub page: i64,
}

/// A line of the register.
#[derive(Clone, Debug, FromQueryResult)]
pub struct MemberRow {
    pub id: Uuid,
    pub supplier_id: Uuid,
    pub name: String,
    pub region_code: String,
    pub village: Option<String>,
    pub number: Option<i32>,
    pub status: String,
    pub applied_at: i64,
    pub joined_on: Option<i32>,
    /// The last four digits; the rest is not read.
    pub phone_end: Option<String>,
    /// Published products.
    pub products: i64,
    #[sea_orm(skip)]
    pub certificates: Vec<MemberCertificate>,
}

/// A permit of a member.
#[derive(Clone, Debug, FromQueryResult)]
pub struct MemberCertificate {
    pub organisation_id: Uuid,
    pub kind: String,
    pub number: String,
    pub product: Option<String>,
    pub valid_until: Option<i32>,
}

/// How many members have a status.
#[derive(Clone, Debug, FromQueryResult)]
pub struct MemberCount {
    pub status: String,
    pub members: i64,
}

/// One member as its cooperative sees it.
#[derive(Clone, Debug)]
pub struct MemberView {
    pub row: MemberRow,
    pub person_name: Option<String>,
    pub note: Option<String>,
    pub left_on: Option<Day>,
    pub products: Vec<MemberProduct>,
    pub history: Vec<PastEvent>,
}

/// A product of a member with what is in stock and how many offers pool it.
#[derive(Clone, Debug, FromQueryResult)]
pub struct MemberProduct {
    pub id: Uuid,
    pub name: String,
    pub state: String,
    pub unit: Option<String>,
    pub price_rupiah: Option<i64>,
    pub picture: Option<String>,
    pub free_packs: i64,
    pub offers: i64,
}

/// Something that happened, for a history list.
#[derive(Clone, Debug, FromQueryResult)]
pub struct PastEvent {
    pub at: i64,
    pub kind: String,
    pub from_state: Option<String>,
    pub to_state: Option<String>,
    pub reason: Option<String>,
    pub person: Option<String>,
}

/// The business behind a membership, for whoever may act in its name.
#[derive(Clone, Debug, FromQueryResult)]
pub struct MemberSupplier {
    pub supplier_id: Uuid,
    pub name: String,
    pub region_code: String,
    status: String,
}

impl MemberSupplier {
    /// # Errors
    /// When the stored word is unknown.
    pub fn status(&self) -> Result<MemberStatus, Error> {
        self.status
            .parse()
            .map_err(|_| Error::Corrupt(self.status.clone()))
    }
}

/// A cooperative that takes members.
#[derive(Clone, Debug, FromQueryResult)]
pub struct CooperativeToJoin {
    pub id: Uuid,
    pub name: String,
    pub slug: String,
    pub region_code: String,
    pub coop_kind: Option<String>,
    pub members: i64,
    pub offers: i64,
}

/// A membership as the supplier sees it.
#[derive(Clone, Debug, FromQueryResult)]
pub struct OwnMembership {
    pub id: Uuid,
    pub cooperative_id: Uuid,
    pub cooperative: String,
    pub slug: String,
    pub region_code: String,
    pub phone: Option<String>,
    pub status: String,
    pub number: Option<i32>,
    pub applied_at: i64,
    pub joined_on: Option<i32>,
    pub left_on: Option<i32>,
    pub note: Option<String>,
    /// Offers that pool its goods.
    pub offers: i64,
    /// Its shares of orders that still wait for the cooperative's word.
    pub open_shares: i64,
}

impl MemberRow {
    /// # Errors
    /// When the stored word is unknown.
    pub fn status(&self) -> Result<MemberStatus, Error> {
        self.status
            .parse()
            .map_err(|_| Error::Corrupt(self.status.clone()))
    }

    /// Whoever has left, or was declined, keeps its data to itself (CHECKLIST B10). Whether it belongs.
    fn forget_unless_belonging(&mut self) -> Result<bool, Error> {
        let status = self.status()?;
        let belongs = status.may_supply() || status == MemberStatus::Applied;
        if !belongs {
            self.certificates.clear();
            self.phone_end = None;
            self.products = 0;
        }
        Ok(belongs)
    }

    #[must_use]
    pub fn applied_at(&self) -> Instant {
        Instant(self.applied_at)
    }

    #[must_use]
    pub fn joined_on(&self) -> Option<Day> {
        self.joined_on.map(Day)
    }
}

const ROW: &str = "SELECT m.id, m.supplier_id, o.name, o.region_code, o.village, m.number, m.status, m.applied_at, \
    m.joined_on, CASE WHEN o.phone IS NULL THEN NULL ELSE substr(o.phone, length(o.phone) - 3) END AS phone_end, \
    (SELECT COUNT(*) FROM products p WHERE p.umkm_id = m.supplier_id AND p.state = 'live') AS products \
    FROM members m JOIN organisations o ON o.id = m.supplier_id";

/// `%` and `_` typed by people mean themselves.
pub(crate) fn like(search: &str) -> String {
    let mut pattern = String::from("%");
    for c in search.trim().to_lowercase().chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

/// That `m` is no row of a list which was taken back: nobody turned that business down, it was never asked.
const NOT_TAKEN_BACK: &str = "NOT (m.status = 'declined' AND EXISTS (SELECT 1 FROM imported_members x \
     JOIN imports i ON i.id = x.import_id WHERE x.member_id = m.id AND x.is_new AND i.state = 'undone'))";

impl Store {
    /// The telephone of a cooperative, for the businesses that belong to it; nobody else gets it here (P-2).
    ///
    /// # Errors
    /// When the database fails.
    pub async fn phone_of_cooperative(
        &self,
        cooperative: OrganisationId,
        supplier: OrganisationId,
    ) -> Result<Option<String>, Error> {
        #[derive(FromQueryResult)]
        struct Row {
            phone: String,
        }
        let row: Option<Row> = self
            .row(
                "SELECT o.phone FROM organisations o JOIN members m ON m.cooperative_id = o.id AND m.supplier_id = $2 \
                 AND m.status IN ('active', 'candidate', 'associate') WHERE o.id = $1 AND o.phone IS NOT NULL",
                [cooperative.0.into(), supplier.0.into()],
            )
            .await?;
        Ok(row.map(|row| row.phone))
    }

    /// Members of each status.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn member_counts(
        &self,
        cooperative: OrganisationId,
    ) -> Result<Vec<MemberCount>, Error> {
        self.rows(
            format!(
                "SELECT m.status, COUNT(*) AS members FROM members m WHERE m.cooperative_id = $1 AND {NOT_TAKEN_BACK} \
                 GROUP BY m.status"
            ),
            [cooperative.0.into()],
        )
        .await
    }

    /// One page of the register by name, and how many members the filter finds in all.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn members(
        &self,
        cooperative: OrganisationId,
        filter: &MemberFilter,
    ) -> Result<(Vec<MemberRow>, i64), Error> {
        self.members_by(cooperative, filter, PAGE).await
    }

    /// As [`Store::members`], in pages of so many rows.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn members_by(
        &self,
        cooperative: OrganisationId,
        filter: &MemberFilter,
        rows_max: i64,
    ) -> Result<(Vec<MemberRow>, i64), Error> {
        let condition = format!(
            "m.cooperative_id = $1 AND ($2 = '' AND m.status <> 'declined' OR m.status = $2) AND {NOT_TAKEN_BACK} \
             AND ($3 = '%%' OR LOWER(o.name) LIKE $3 ESCAPE '\\' OR LOWER(COALESCE(o.village, '')) LIKE $3 \
             ESCAPE '\\' OR m.number = $4)"
        );
        let values = || -> Vec<Value> {
            vec![
                cooperative.0.into(),
                filter.status.map_or("", MemberStatus::as_str).into(),
                like(&filter.search).into(),
                // No member has the number 0.
                filter.search.trim().parse::<i32>().unwrap_or(0).into(),
            ]
        };
        let total = self
            .number(
                format!(
                    "SELECT COUNT(*) FROM members m JOIN organisations o ON o.id = m.supplier_id WHERE {condition}"
                ),
                values(),
            )
            .await?;
        let mut page = values();
        page.push(rows_max.into());
        page.push(((filter.page.max(1) - 1).saturating_mul(rows_max)).into());
        let mut rows: Vec<MemberRow> = self
            .rows(
                format!("{ROW} WHERE {condition} ORDER BY LOWER(o.name), m.id LIMIT $5 OFFSET $6"),
                page,
            )
            .await?;
        self.add_certificates(&mut rows).await?;
        for row in &mut rows {
            row.forget_unless_belonging()?;
        }
        Ok((rows, total))
    }

    /// Rows of one page of [`Store::members`].
    #[must_use]
    pub fn members_per_page() -> i64 {
        PAGE
    }

    async fn add_certificates(&self, rows: &mut [MemberRow]) -> Result<(), Error> {
        if rows.is_empty() {
            return Ok(());
        }
        let certificates: Vec<MemberCertificate> = self
            .rows(
                format!(
                    "SELECT c.organisation_id, c.kind, c.number, p.name AS product, c.valid_until FROM certificates c \
                     LEFT JOIN products p ON p.id = c.product_id WHERE c.organisation_id IN ({}) \
                     ORDER BY c.organisation_id, c.kind, c.valid_until",
                    crate::sql::placeholders(1, rows.len())
                ),
                rows.iter().map(|row| Value::from(row.supplier_id)),
            )
            .await?;
        for row in rows {
            row.certificates = certificates
                .iter()
                .filter(|certificate| certificate.organisation_id == row.supplier_id)
                .cloned()
                .collect();
        }
        Ok(())
    }

    /// One member of this cooperative with its published goods, permits and history.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn member(
        &self,
        cooperative: OrganisationId,
        member: MemberId,
    ) -> Result<Option<MemberView>, Error> {
        let Some(row) = self
            .row::<MemberRow>(
                format!("{ROW} WHERE m.cooperative_id = $1 AND m.id = $2"),
                [cooperative.0.into(), member.0.into()],
            )
            .await?
        else {
            return Ok(None);
        };
        #[derive(FromQueryResult)]
        struct More {
            note: Option<String>,
            left_on: Option<i32>,
            person_name: Option<String>,
        }
        let more: Option<More> = self
            .row(
                "SELECT m.note, m.left_on, (SELECT p.name FROM roles r JOIN people p ON p.id = r.person_id WHERE \
                 r.organisation_id = m.supplier_id AND r.until IS NULL ORDER BY r.since, p.id LIMIT 1) AS person_name \
                 FROM members m WHERE m.id = $1",
                [member.0.into()],
            )
            .await?;
        let mut rows = [row];
        self.add_certificates(&mut rows).await?;
        let [mut row] = rows;
        let belongs = row.forget_unless_belonging()?;
        let products = if belongs {
            self.rows(
                "SELECT p.id, p.name, p.state, p.unit, p.price_rupiah, k.picture, \
                 (SELECT CAST(COALESCE(SUM(l.on_hand - l.held), 0) AS BIGINT) FROM lots l WHERE l.product_id = p.id) \
                 AS free_packs, (SELECT COUNT(*) FROM supplies s WHERE s.product_id = p.id AND s.cooperative_id = $2 \
                 AND s.withdrawn_at IS NULL) AS offers FROM products p LEFT JOIN commodities k ON k.id = p.commodity_id \
                 WHERE p.umkm_id = $1 AND p.state = 'live' ORDER BY LOWER(p.name), p.id LIMIT 100",
                [row.supplier_id.into(), cooperative.0.into()],
            )
            .await?
        } else {
            Vec::new()
        };
        let history = self.history("member", member.0).await?;
        let (note, left_on, person_name) =
            more.map_or((None, None, None), |m| (m.note, m.left_on, m.person_name));
        Ok(Some(MemberView {
            row,
            person_name: person_name.filter(|_| belongs),
            note,
            left_on: left_on.map(Day),
            products,
            history,
        }))
    }

    /// The business behind a membership of this cooperative, whatever its status.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn member_supplier(
        &self,
        cooperative: OrganisationId,
        member: MemberId,
    ) -> Result<Option<MemberSupplier>, Error> {
        self.row(
            "SELECT m.supplier_id, o.name, o.region_code, m.status FROM members m \
             JOIN organisations o ON o.id = m.supplier_id WHERE m.id = $1 AND m.cooperative_id = $2",
            [member.0.into(), cooperative.0.into()],
        )
        .await
    }

    /// What happened to a subject, latest first.
    pub(crate) async fn history(
        &self,
        subject_kind: &str,
        subject: Uuid,
    ) -> Result<Vec<PastEvent>, Error> {
        self.rows(
            "SELECT e.at, e.kind, e.from_state, e.to_state, e.reason, p.name AS person FROM events e \
             LEFT JOIN people p ON p.id = e.person_id WHERE e.subject_kind = $1 AND e.subject_id = $2 \
             ORDER BY e.seq DESC LIMIT 50",
            [subject_kind.into(), subject.into()],
        )
        .await
    }

    /// Applications that wait for this cooperative's answer.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn memberships_waiting(&self, cooperative: OrganisationId) -> Result<i64, Error> {
        self.number(
            "SELECT COUNT(*) FROM members WHERE cooperative_id = $1 AND status = 'applied'",
            [cooperative.0.into()],
        )
        .await
    }

    /// Verified cooperatives that this supplier could join, its own province first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn cooperatives_to_join(
        &self,
        supplier: OrganisationId,
        search: &str,
    ) -> Result<Vec<CooperativeToJoin>, Error> {
        self.rows(
            "SELECT c.id, c.name, c.slug, c.region_code, c.coop_kind, \
             (SELECT COUNT(*) FROM members m WHERE m.cooperative_id = c.id AND m.status IN ('active', 'candidate', \
             'associate')) AS members, (SELECT COUNT(*) FROM offers f WHERE f.cooperative_id = c.id AND f.state = 'live') \
             AS offers FROM organisations c JOIN organisations s ON s.id = $1 WHERE c.kind = 'cooperative' \
             AND c.verification = 'verified' AND c.id <> s.id \
             AND NOT EXISTS (SELECT 1 FROM members m WHERE m.cooperative_id = c.id AND m.supplier_id = s.id AND m.status \
             NOT IN ('declined', 'left')) \
             AND ($2 = '%%' OR LOWER(c.name) LIKE $2 ESCAPE '\\') \
             ORDER BY CASE WHEN substr(c.region_code, 1, 2) = substr(s.region_code, 1, 2) THEN 0 ELSE 1 END, \
             LOWER(c.name), c.id LIMIT $3",
            [
                supplier.0.into(),
                like(search).into(),
                COOPERATIVES_MAX.into(),
            ],
        )
        .await
    }

    /// A supplier's memberships, whatever became of them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn memberships_of(
        &self,
        supplier: OrganisationId,
    ) -> Result<Vec<OwnMembership>, Error> {
        self.rows(
            "SELECT m.id, m.cooperative_id, c.name AS cooperative, c.slug, c.region_code, c.phone, m.status, m.number, \
             m.applied_at, m.joined_on, m.left_on, m.note, (SELECT COUNT(*) FROM shares h JOIN orders r ON r.id = h.order_id \
             AND r.state = 'sent' WHERE h.cooperative_id = m.cooperative_id AND h.supplier_id = m.supplier_id AND \
             h.state IN ('proposed', 'accepted', 'reduced') AND h.packs > 0) AS open_shares, (SELECT COUNT(DISTINCT s.offer_id) FROM supplies s WHERE \
             s.cooperative_id = m.cooperative_id AND s.supplier_id = m.supplier_id AND s.withdrawn_at IS NULL) AS offers \
             FROM members m JOIN organisations c ON c.id = m.cooperative_id WHERE m.supplier_id = $1 \
             ORDER BY m.applied_at DESC, m.id",
            [supplier.0.into()],
        )
        .await
    }
}
