//! An order on its way to the cooperative: deadlines begin, letters go out, or the buyer's approver is asked first.

use domain::ids::{EventId, OrderId, OrganisationId};
use domain::orders::{OrderEvent, OrderState};
use domain::settings::Terms;
use domain::time::Zone;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::error::Error;
use crate::events::Event;
use crate::letters::About;
use crate::offers::facts::Party;
use crate::sql::Sql;
use crate::write::Tx;

impl Tx {
    /// Moves a freshly placed or returned order on, with its event, deadlines and letters.
    pub(crate) async fn submitted(
        &self,
        order: OrderId,
        event: OrderEvent,
        state: OrderState,
        terms: &Terms,
        cooperative: &Party,
    ) -> Result<(), Error> {
        let event = self
            .event(Event {
                subject_kind: "order",
                subject_id: order.0,
                kind: event.as_str(),
                from_state: Some(OrderState::Draft.as_str()),
                to_state: Some(state.as_str()),
                ..Event::default()
            })
            .await?;
        if state == OrderState::PendingApproval {
            self.exec(
                "UPDATE orders SET state = $2, submitted_at = $3 WHERE id = $1",
                [order.0.into(), state.as_str().into(), self.now().0.into()],
            )
            .await?;
            let buyer = self.buyer_of(order).await?;
            self.letter_to_roles(
                "order_needs_approval",
                event,
                buyer,
                &["buyer_approver"],
                About::order(order),
            )
            .await?;
        } else {
            self.mark_sent(order, terms, cooperative.zone()).await?;
            self.letters_when_sent(order, event, OrganisationId(cooperative.id))
                .await?;
        }
        self.offers_of_order_changed(order).await
    }

    /// The order is with the cooperative: its deadlines start.
    pub(crate) async fn mark_sent(
        &self,
        order: OrderId,
        terms: &Terms,
        zone: Zone,
    ) -> Result<(), Error> {
        let expires = domain::orders::deadline_working_days(
            self.now(),
            terms.order_timeout_working_days,
            zone,
            &[],
        );
        let answer_by = self.now().plus_hours(terms.share_answer_hours);
        self.exec(
            "UPDATE orders SET state = 'sent', submitted_at = $2, sent_at = $2, answer_by = $3, expires_at = $4 WHERE id = $1",
            [order.0.into(), self.now().0.into(), answer_by.0.into(), expires.0.into()],
        )
        .await?;
        self.exec(
            "UPDATE shares SET answer_by = $2 WHERE order_id = $1 AND state = 'proposed'",
            [order.0.into(), answer_by.0.into()],
        )
        .await?;
        Ok(())
    }

    pub(crate) async fn letters_when_sent(
        &self,
        order: OrderId,
        event: EventId,
        cooperative: OrganisationId,
    ) -> Result<(), Error> {
        self.letter_to_roles(
            "order_sent",
            event,
            cooperative,
            &["coop_manager"],
            About::order(order),
        )
        .await?;
        if let Some(person) = self.act.person {
            self.letter_if_reachable("order_placed", event, person, About::order(order))
                .await?;
        }
        self.letters_to_proposed(event, order).await
    }

    async fn buyer_of(&self, order: OrderId) -> Result<OrganisationId, Error> {
        #[derive(FromQueryResult)]
        struct Buyer {
            buyer_id: Uuid,
        }
        let row: Option<Buyer> = self
            .row(
                "SELECT buyer_id FROM orders WHERE id = $1",
                [order.0.into()],
            )
            .await?;
        row.map(|row| OrganisationId(row.buyer_id))
            .ok_or(Error::NotFound)
    }
}
