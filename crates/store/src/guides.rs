//! The first steps of somebody new: which are done, and whether the person has put the guide away.

use domain::accounts::OrganisationKind;
use domain::ids::{OrganisationId, PersonId};
use sea_orm::FromQueryResult;

use crate::act::Act;
use crate::error::Error;
use crate::sql::Sql;
use crate::write::{Store, Tx};

/// Whether each of the three steps is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromQueryResult)]
pub struct FirstSteps {
    pub first: bool,
    pub second: bool,
    pub third: bool,
}

/// The word of the guide for this kind, and a query for each of its steps; none for those who need no guide.
fn guide(kind: OrganisationKind) -> Option<(&'static str, [&'static str; 3])> {
    match kind {
        OrganisationKind::Umkm => Some((
            "guide_umkm",
            [
                "SELECT 1 FROM products WHERE umkm_id = $1",
                "SELECT 1 FROM members WHERE supplier_id = $1 AND status NOT IN ('declined', 'left')",
                "SELECT 1 FROM shares WHERE supplier_id = $1 AND state <> 'proposed'",
            ],
        )),
        OrganisationKind::Cooperative => Some((
            "guide_cooperative",
            [
                "SELECT 1 FROM members WHERE cooperative_id = $1 AND status = 'active'",
                "SELECT 1 FROM offers WHERE cooperative_id = $1",
                "SELECT 1 FROM catalogs WHERE cooperative_id = $1 AND state = 'published'",
            ],
        )),
        OrganisationKind::Buyer => Some((
            "guide_buyer",
            [
                "SELECT 1 FROM carts c JOIN cart_lines l ON l.cart_id = c.id WHERE c.buyer_id = $1 \
                 UNION ALL SELECT 1 FROM orders WHERE buyer_id = $1",
                "SELECT 1 FROM orders WHERE buyer_id = $1",
                "SELECT 1 FROM orders WHERE buyer_id = $1 AND state NOT IN ('draft', 'pending_approval', 'sent')",
            ],
        )),
        OrganisationKind::Agency | OrganisationKind::Platform => None,
    }
}

impl Store {
    /// How far somebody's organisation is; `None` once the person has put the guide away, or all is done.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn first_steps(
        &self,
        person: PersonId,
        kind: OrganisationKind,
        organisation: OrganisationId,
    ) -> Result<Option<FirstSteps>, Error> {
        let Some((what, [first, second, third])) = guide(kind) else {
            return Ok(None);
        };
        let steps: Option<FirstSteps> = self
            .row(
                format!(
                    "SELECT EXISTS ({first}) AS first, EXISTS ({second}) AS second, EXISTS ({third}) AS third \
                     WHERE NOT EXISTS (SELECT 1 FROM dismissals WHERE person_id = $2 AND what = $3)"
                ),
                [organisation.0.into(), person.0.into(), what.into()],
            )
            .await?;
        Ok(steps.filter(|steps| !(steps.first && steps.second && steps.third)))
    }

    /// The person needs the guide of this kind of organisation no more.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn dismiss_guide(&self, act: &Act, kind: OrganisationKind) -> Result<(), Error> {
        let (Some((what, _)), Some(person)) = (guide(kind), act.person) else {
            return Ok(());
        };
        self.write(act, async |tx: &Tx| -> Result<(), Error> {
            tx.exec(
                "INSERT INTO dismissals (person_id, what, at) VALUES ($1, $2, $3) \
                 ON CONFLICT (person_id, what) DO NOTHING",
                [person.0.into(), what.into(), tx.now().0.into()],
            )
            .await?;
            Ok(())
        })
        .await
    }
}
