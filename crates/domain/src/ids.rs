//! One id type per table, so that an order id can't be passed where an offer id is meant.
//! Ids are UUID v7: they sort by time of making and do not count up the business.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id_types {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(s: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(s).map(Self)
            }
        }
        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }
        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    )*};
}

id_types! {
    PersonId,
    /// An UMKM, cooperative, buyer, agency or the platform itself.
    OrganisationId,
    MemberId,
    ProductId,
    CertificateId,
    /// Named by its content, see [`crate::photos`]: UUID v8.
    PhotoId,
    LotId,
    HoldId,
    OfferId,
    SupplyId,
    CatalogId,
    CartId,
    OrderId,
    OrderLineId,
    AllocationId,
    ShareId,
    EventId,
    JobId,
    SettingId,
    NoticeId,
    ImportId,
    QuestionId,
    InvitationId,
    ProductBatchId,
}

macro_rules! slug_types {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl From<&str> for $name {
            fn from(slug: &str) -> Self {
                Self(slug.to_owned())
            }
        }
    )*};
}

slug_types! {
    /// One of the seeded categories, by its stable slug (`makanan-ringan`).
    CategoryId,
    /// A commodity below a category, by its stable slug (`keripik-singkong`).
    CommodityId,
}
