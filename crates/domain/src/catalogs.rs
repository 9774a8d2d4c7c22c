//! Catalogs: offers put before an audience for a time, in editions (DOMAIN §7).
//!
//! A catalog is seen when it is published, its time has come, and the viewer is of its audience. A change after
//! publishing makes the next edition; orders keep theirs.
//! What an edition keeps and how two of them differ: [`Edition`].

use crate::{
    coded::coded,
    ids::OrganisationId,
    offers::{PUBLIC, VERIFIED, Viewer, buyer_token},
    time::Instant,
};

mod editions;

pub use editions::{
    Aspect, ChangedOffer, Changes, Edition, EditionOffer, EditionPhoto, OfferChange, Source,
};

coded! {
    /// Where a catalog stands.
    pub enum CatalogState {
        Draft = "draft",
        Published = "published",
        Closed = "closed",
        Archived = "archived",
    }
}

coded! {
    /// What can happen to a catalog. Its name is also the kind of the event row.
    pub enum CatalogEvent {
        /// The first edition.
        Publish = "publish",
        /// A change after publishing: the next edition.
        Republish = "republish",
        Close = "close",
        Archive = "archive",
    }
}

coded! {
    /// In which capacity somebody acts on a catalog.
    pub enum CatalogActor {
        CoopManager = "coop_manager",
        /// Its time is over.
        System = "system",
    }
}

/// Why a catalog stays as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CatalogRefusal {
    #[error("a catalog that is {state} can't take `{event}`")]
    WrongState {
        state: CatalogState,
        event: CatalogEvent,
    },
    #[error("`{event}` is not for {actor}")]
    WrongActor {
        event: CatalogEvent,
        actor: CatalogActor,
    },
}

/// The catalog table of DOMAIN §7; archiving is for what is not before anybody's eyes. Every pair that is not here is
/// an error.
///
/// # Errors
/// [`CatalogRefusal`] when the state does not know the event or the event is not this actor's.
pub fn transition(
    state: CatalogState,
    event: CatalogEvent,
    actor: CatalogActor,
) -> Result<CatalogState, CatalogRefusal> {
    use CatalogActor::{CoopManager, System};
    use CatalogEvent as E;
    use CatalogState as S;
    let (to, actors): (S, &[CatalogActor]) = match (state, event) {
        (S::Draft, E::Publish) => (S::Published, &[CoopManager]),
        (S::Published, E::Republish) => (S::Published, &[CoopManager, System]),
        (S::Published, E::Close) => (S::Closed, &[CoopManager, System]),
        (S::Draft | S::Closed, E::Archive) => (S::Archived, &[CoopManager]),
        _ => return Err(CatalogRefusal::WrongState { state, event }),
    };
    if actors.contains(&actor) {
        Ok(to)
    } else {
        Err(CatalogRefusal::WrongActor { event, actor })
    }
}

/// The edition after an event: publishing makes 1, each change the next, closing none.
#[must_use]
pub fn edition_after(edition: i32, event: CatalogEvent) -> i32 {
    match event {
        CatalogEvent::Publish | CatalogEvent::Republish => edition.saturating_add(1),
        CatalogEvent::Close | CatalogEvent::Archive => edition,
    }
}

coded! {
    /// Whom a catalog is for.
    pub enum Audience {
        Public = "public",
        /// Organisations that the platform has verified.
        Verified = "verified",
        /// The buyers it names.
        Buyers = "buyers",
    }
}

impl Audience {
    /// The tokens that show the catalog; `buyers` are those it names.
    #[must_use]
    pub fn tokens(self, buyers: &[OrganisationId]) -> Vec<String> {
        match self {
            Self::Public => vec![PUBLIC.to_owned()],
            Self::Verified => vec![VERIFIED.to_owned()],
            Self::Buyers => buyers.iter().copied().map(buyer_token).collect(),
        }
    }
}

/// When and to whom a catalog shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Showing {
    pub state: CatalogState,
    pub audience: Audience,
    /// The buyers it names, when it is for those.
    pub buyers: Vec<OrganisationId>,
    /// The first instant it is open.
    pub opens_at: Instant,
    /// The first instant it is closed again; `None` when it stays open.
    pub closes_at: Option<Instant>,
}

impl Showing {
    /// Whether anybody may see it at this instant.
    #[must_use]
    pub fn is_open(&self, now: Instant) -> bool {
        self.state == CatalogState::Published
            && self.opens_at <= now
            && self.closes_at.is_none_or(|closes| now < closes)
    }

    /// Whether this viewer may see it at this instant.
    #[must_use]
    pub fn shows_to(&self, viewer: &Viewer, now: Instant) -> bool {
        self.is_open(now) && viewer.may_see(&self.audience.tokens(&self.buyers))
    }
}

/// A catalog can't close before it opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it would close before it opens")]
pub struct ClosesTooEarly {
    pub opens_at: Instant,
    pub closes_at: Instant,
}

/// # Errors
/// [`ClosesTooEarly`] when the catalog would never be open.
pub fn check_time(opens_at: Instant, closes_at: Option<Instant>) -> Result<(), ClosesTooEarly> {
    match closes_at {
        Some(closes_at) if closes_at <= opens_at => Err(ClosesTooEarly {
            opens_at,
            closes_at,
        }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn every_state_event_and_actor_answers_as_the_table_says() {
        use CatalogActor::{CoopManager as KM, System as Sys};
        use CatalogEvent as E;
        use CatalogState as S;
        let table: &[(S, E, &[CatalogActor], S)] = &[
            (S::Draft, E::Publish, &[KM], S::Published),
            (S::Published, E::Republish, &[KM, Sys], S::Published),
            (S::Published, E::Close, &[KM, Sys], S::Closed),
            (S::Draft, E::Archive, &[KM], S::Archived),
            (S::Closed, E::Archive, &[KM], S::Archived),
        ];
        for &state in S::ALL {
            for &event in E::ALL {
                let row = table.iter().find(|row| row.0 == state && row.1 == event);
                for &actor in CatalogActor::ALL {
                    let expected = match row {
                        None => Err(CatalogRefusal::WrongState { state, event }),
                        Some(row) if !row.2.contains(&actor) => {
                            Err(CatalogRefusal::WrongActor { event, actor })
                        }
                        Some(row) => Ok(row.3),
                    };
                    assert_eq!(transition(state, event, actor), expected);
                }
            }
        }
    }

    #[test]
    fn each_publishing_makes_the_next_edition() {
        assert_eq!(edition_after(0, CatalogEvent::Publish), 1);
        assert_eq!(edition_after(1, CatalogEvent::Republish), 2);
        assert_eq!(edition_after(2, CatalogEvent::Close), 2);
    }

    fn showing(audience: Audience, buyers: &[OrganisationId]) -> Showing {
        Showing {
            state: CatalogState::Published,
            audience,
            buyers: buyers.to_vec(),
            opens_at: Instant(100),
            closes_at: Some(Instant(200)),
        }
    }

    #[test]
    fn a_catalog_is_open_from_its_first_instant_to_before_its_last() {
        let public = showing(Audience::Public, &[]);
        let open = [99, 100, 199, 200].map(|now| public.is_open(Instant(now)));
        assert_eq!(open, [false, true, true, false]);
        let endless = Showing {
            closes_at: None,
            ..public.clone()
        };
        assert!(endless.is_open(Instant(i64::MAX)));
        for state in [
            CatalogState::Draft,
            CatalogState::Closed,
            CatalogState::Archived,
        ] {
            let hidden = Showing {
                state,
                ..public.clone()
            };
            assert!(!hidden.is_open(Instant(150)));
        }
    }

    #[test]
    fn a_catalog_shows_only_to_its_audience() {
        let (b1, b2) = (
            OrganisationId(Uuid::from_u128(1)),
            OrganisationId(Uuid::from_u128(2)),
        );
        let buyer = |id, verified| Viewer {
            signed_in: true,
            verified,
            buyer: Some(id),
        };
        let viewers = [
            Viewer::ANONYMOUS,
            buyer(b1, false),
            buyer(b1, true),
            buyer(b2, true),
        ];
        for (audience, seen) in [
            (Audience::Public, [true, true, true, true]),
            (Audience::Verified, [false, false, true, true]),
            (Audience::Buyers, [false, true, true, false]),
        ] {
            let catalog = showing(audience, &[b1]);
            let shows = viewers.map(|viewer| catalog.shows_to(&viewer, Instant(150)));
            assert_eq!(shows, seen, "{audience}");
            assert!(!catalog.shows_to(&buyer(b1, true), Instant(200)));
        }
    }

    #[test]
    fn a_catalog_closes_after_it_opens() {
        assert_eq!(check_time(Instant(5), None), Ok(()));
        assert_eq!(check_time(Instant(5), Some(Instant(6))), Ok(()));
        for closes in [4, 5] {
            assert!(check_time(Instant(5), Some(Instant(closes))).is_err());
        }
    }
}
