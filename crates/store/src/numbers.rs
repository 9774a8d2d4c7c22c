//! Document numbers: `SO/<code>/<yyyy>/<mm>/<seq>`, gapless per issuer, type and year in the issuer's zone.
//!
//! A number is drawn as the last statement of the deed that issues the document: a deed that is rolled back gives
//! its number back with everything else. Drafts have none.

use domain::ids::OrganisationId;
use domain::time::Zone;

use crate::error::Error;
use crate::sql::Sql;
use crate::write::Tx;

impl Tx {
    /// Draws the next number of a document type (`SO` for orders). `code` is the cooperative's 2 to 6 letters.
    pub(crate) async fn draw_number(
        &self,
        issuer: OrganisationId,
        kind: &str,
        code: &str,
        zone: Zone,
    ) -> Result<String, Error> {
        let (year, month, _) = zone
            .day_of(self.now())
            .ymd()
            .ok_or_else(|| Error::Corrupt("the clock is outside the calendar".to_owned()))?;
        let seq = self
            .number(
                "INSERT INTO counters (issuer_id, kind, year, value) VALUES ($1, $2, $3, 1) \
                 ON CONFLICT (issuer_id, kind, year) DO UPDATE SET value = counters.value + 1 RETURNING value",
                [issuer.0.into(), kind.into(), year.into()],
            )
            .await?;
        Ok(format!("{kind}/{code}/{year:04}/{month:02}/{seq:04}"))
    }
}
