//! What can be told to somebody, and in which sentences: one row for each, by the keys of `locales/*/mail.ftl`.
//!
//! A letter, a notice inside Lumbung and a text for WhatsApp are drawn from the same row, so that they never say
//! different things. A new thing to tell is a variant here and its row in [`Told::sentences`].

use domain::ids::{CatalogId, OfferId, OrderId, QuestionId, ShareId};
use text::{Arg, Lang, t, t_with};

use super::{Draft, plain};

/// Characters of a first line: what a telephone shows of a message before it is opened (CHECKLIST §5, Notifications).
const HEADLINE_CHARS: usize = 160;

/// Something that concerns a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    Welcome,
    AlreadyRegistered,
    OrganisationVerified,
    OrganisationRejected,
    MembershipApplied,
    MembershipApproved,
    MembershipDeclined,
    MembershipEnded,
    PermitLapsed,
    OrderSent,
    OrderPlaced,
    OrderNeedsApproval,
    OrderReturned,
    OrderConfirmed,
    OrderDeclined,
    OrderCancelled,
    OrderExpired,
    ConsentAsked,
    ConsentAgreed,
    ConsentRefused,
    ShareProposed,
    ShareAccepted,
    ShareSilent,
    ShareReduced,
    ShareDeclined,
    ShareConfirmed,
    ShareReleased,
    SharesComplete,
    SharesShort,
    CatalogSent,
    QuestionAsked,
    QuestionAnswered,
    /// The answer is for whoever asked alone.
    QuestionAnsweredAlone,
    OfferWithoutPermit,
    OfferWithoutSupply,
    SupplyOut,
    SupplyBack,
    SupplyListed,
}

/// The keys of what is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sentences {
    /// The subject of a letter, and the line of a notice.
    pub subject: &'static str,
    pub paragraphs: &'static [&'static str],
    /// The words of the link.
    pub button: &'static str,
}

/// Values put into sentences.
pub type Names = [(&'static str, Arg)];

impl Told {
    pub const ALL: [Self; 38] = [
        Self::Welcome,
        Self::AlreadyRegistered,
        Self::OrganisationVerified,
        Self::OrganisationRejected,
        Self::MembershipApplied,
        Self::MembershipApproved,
        Self::MembershipDeclined,
        Self::MembershipEnded,
        Self::PermitLapsed,
        Self::OrderSent,
        Self::OrderPlaced,
        Self::OrderNeedsApproval,
        Self::OrderReturned,
        Self::OrderConfirmed,
        Self::OrderDeclined,
        Self::OrderCancelled,
        Self::OrderExpired,
        Self::ConsentAsked,
        Self::ConsentAgreed,
        Self::ConsentRefused,
        Self::ShareProposed,
        Self::ShareAccepted,
        Self::ShareSilent,
        Self::ShareReduced,
        Self::ShareDeclined,
        Self::ShareConfirmed,
        Self::ShareReleased,
        Self::SharesComplete,
        Self::SharesShort,
        Self::CatalogSent,
        Self::QuestionAsked,
        Self::QuestionAnswered,
        Self::QuestionAnsweredAlone,
        Self::OfferWithoutPermit,
        Self::OfferWithoutSupply,
        Self::SupplyOut,
        Self::SupplyBack,
        Self::SupplyListed,
    ];

    /// What a letter of the outbox tells. `answer` is the state that its event led to, for the letters that tell an
    /// answer, and its reason for an offer that paused; `by_person` is false where time alone brought it about.
    #[must_use]
    pub fn of(letter: &str, answer: &str, by_person: bool) -> Option<Self> {
        Some(match letter {
            "welcome" => Self::Welcome,
            "already_registered" => Self::AlreadyRegistered,
            "organisation_verified" => Self::OrganisationVerified,
            "organisation_rejected" => Self::OrganisationRejected,
            "membership_applied" => Self::MembershipApplied,
            "membership_approved" => Self::MembershipApproved,
            "membership_declined" => Self::MembershipDeclined,
            "membership_ended" => Self::MembershipEnded,
            "member_permit_lapsed" => Self::PermitLapsed,
            "order_sent" => Self::OrderSent,
            "order_placed" => Self::OrderPlaced,
            "order_needs_approval" => Self::OrderNeedsApproval,
            "order_returned" => Self::OrderReturned,
            "order_confirmed" => Self::OrderConfirmed,
            "order_declined" => Self::OrderDeclined,
            "order_cancelled" => Self::OrderCancelled,
            "order_expired" => Self::OrderExpired,
            "consent_asked" => Self::ConsentAsked,
            "consent_answered" if answer == "consent_accepted" => Self::ConsentAgreed,
            "consent_answered" => Self::ConsentRefused,
            "share_proposed" => Self::ShareProposed,
            "share_answered" => match answer {
                "declined" => Self::ShareDeclined,
                "reduced" => Self::ShareReduced,
                _ if by_person => Self::ShareAccepted,
                _ => Self::ShareSilent,
            },
            "share_confirmed" => Self::ShareConfirmed,
            "share_released" => Self::ShareReleased,
            "shares_complete" => Self::SharesComplete,
            "shares_short" => Self::SharesShort,
            "catalog_sent" => Self::CatalogSent,
            "question_asked" => Self::QuestionAsked,
            "question_answered" if answer == "private" => Self::QuestionAnsweredAlone,
            "question_answered" => Self::QuestionAnswered,
            "offer_paused" if answer == "permit_lapsed" => Self::OfferWithoutPermit,
            "offer_paused" => Self::OfferWithoutSupply,
            "supply_out" => Self::SupplyOut,
            "supply_back" => Self::SupplyBack,
            "supply_listed" => Self::SupplyListed,
            _ => return None,
        })
    }

    /// The row of this thing.
    #[must_use]
    pub fn sentences(self) -> Sentences {
        let (subject, paragraphs, button): (_, &'static [&'static str], _) = match self {
            Self::Welcome => (
                "mail-welcome-subject",
                &["mail-welcome-lead", "mail-welcome-how"],
                "mail-button-login",
            ),
            Self::AlreadyRegistered => (
                "mail-registered-subject",
                &[
                    "mail-registered-lead",
                    "mail-registered-known",
                    "mail-registered-stranger",
                ],
                "mail-button-login",
            ),
            Self::OrganisationVerified => (
                "mail-verified-subject",
                &["mail-verified-lead", "mail-verified-next"],
                "mail-button-home",
            ),
            Self::OrganisationRejected => (
                "mail-rejected-subject",
                &["mail-rejected-lead", "mail-rejected-next"],
                "mail-rejected-button",
            ),
            Self::MembershipApplied => (
                "mail-applied-subject",
                &["mail-applied-lead", "mail-applied-next"],
                "mail-applied-button",
            ),
            Self::MembershipApproved => (
                "mail-approved-subject",
                &["mail-approved-lead", "mail-approved-next"],
                "mail-button-home",
            ),
            Self::MembershipDeclined => (
                "mail-declined-member-subject",
                &["mail-declined-member-lead"],
                "mail-button-home",
            ),
            Self::MembershipEnded => (
                "mail-ended-subject",
                &["mail-ended-lead", "mail-ended-next"],
                "mail-button-home",
            ),
            Self::PermitLapsed => (
                "mail-permit-lapsed-subject",
                &["mail-permit-lapsed-lead", "mail-permit-lapsed-next"],
                "mail-permit-lapsed-button",
            ),
            Self::OrderSent => (
                "mail-order-sent-subject",
                &["mail-order-sent-lead", "mail-order-sent-next"],
                "mail-button-order",
            ),
            Self::OrderPlaced => (
                "mail-order-placed-subject",
                &["mail-order-placed-lead", "mail-order-placed-next"],
                "mail-button-order",
            ),
            Self::OrderNeedsApproval => (
                "mail-order-approval-subject",
                &["mail-order-approval-lead", "mail-order-approval-next"],
                "mail-order-approval-button",
            ),
            Self::OrderReturned => (
                "mail-order-returned-subject",
                &["mail-order-returned-lead", "mail-order-returned-next"],
                "mail-button-order",
            ),
            Self::OrderConfirmed => (
                "mail-order-confirmed-subject",
                &["mail-order-confirmed-lead"],
                "mail-button-order",
            ),
            Self::OrderDeclined => (
                "mail-order-declined-subject",
                &["mail-order-declined-lead", "mail-order-declined-next"],
                "mail-button-order",
            ),
            Self::OrderCancelled => (
                "mail-order-cancelled-subject",
                &["mail-order-cancelled-lead", "mail-order-cancelled-next"],
                "mail-button-order",
            ),
            Self::OrderExpired => (
                "mail-order-expired-subject",
                &["mail-order-expired-lead", "mail-order-expired-next"],
                "mail-button-order",
            ),
            Self::ConsentAsked => (
                "mail-consent-asked-subject",
                &["mail-consent-asked-lead", "mail-consent-asked-next"],
                "mail-consent-asked-button",
            ),
            Self::ConsentAgreed => (
                "mail-consent-agreed-subject",
                &["mail-consent-agreed-lead", "mail-consent-agreed-next"],
                "mail-button-order",
            ),
            Self::ConsentRefused => (
                "mail-consent-refused-subject",
                &["mail-consent-refused-lead"],
                "mail-button-order",
            ),
            Self::ShareProposed => (
                "mail-share-proposed-subject",
                &[
                    "mail-share-proposed-lead",
                    "mail-share-proposed-mine",
                    "mail-share-proposed-next",
                    "mail-share-proposed-silence",
                ],
                "mail-button-share",
            ),
            Self::ShareAccepted => (
                "mail-share-accepted-subject",
                &["mail-share-accepted-lead"],
                "mail-button-order",
            ),
            Self::ShareSilent => (
                "mail-share-silent-subject",
                &["mail-share-silent-lead"],
                "mail-button-order",
            ),
            Self::ShareReduced => (
                "mail-share-reduced-subject",
                &[
                    "mail-share-reduced-lead",
                    "mail-share-reduced-from",
                    "mail-share-rest",
                ],
                "mail-button-order",
            ),
            Self::ShareDeclined => (
                "mail-share-declined-subject",
                &["mail-share-declined-lead", "mail-share-rest"],
                "mail-button-order",
            ),
            Self::ShareConfirmed => (
                "mail-share-confirmed-subject",
                &["mail-share-confirmed-lead", "mail-share-confirmed-next"],
                "mail-button-share",
            ),
            Self::ShareReleased => (
                "mail-share-released-subject",
                &["mail-share-released-lead", "mail-share-released-next"],
                "mail-button-share",
            ),
            Self::SharesComplete => (
                "mail-shares-complete-subject",
                &["mail-shares-complete-lead", "mail-shares-complete-next"],
                "mail-button-order",
            ),
            Self::SharesShort => (
                "mail-shares-short-subject",
                &["mail-shares-short-lead", "mail-shares-short-next"],
                "mail-button-order",
            ),
            Self::CatalogSent => (
                "mail-catalog-subject",
                &["mail-catalog-lead", "mail-catalog-next"],
                "mail-catalog-button",
            ),
            Self::QuestionAsked => (
                "mail-question-subject",
                &["mail-question-lead"],
                "mail-question-button",
            ),
            Self::QuestionAnswered => (
                "mail-answer-subject",
                &["mail-answer-lead", "mail-answer-public"],
                "mail-answer-button",
            ),
            Self::QuestionAnsweredAlone => (
                "mail-answer-subject",
                &["mail-answer-lead", "mail-answer-private"],
                "mail-answer-button",
            ),
            Self::OfferWithoutPermit => (
                "mail-offer-paused-subject",
                &["mail-offer-paused-lead", "mail-offer-paused-permit"],
                "mail-offer-paused-button",
            ),
            Self::OfferWithoutSupply => (
                "mail-offer-paused-subject",
                &["mail-offer-paused-lead", "mail-offer-paused-supply"],
                "mail-offer-paused-button",
            ),
            Self::SupplyOut => (
                "mail-supply-out-subject",
                &["mail-supply-out-lead", "mail-supply-out-next"],
                "mail-supply-button",
            ),
            Self::SupplyBack => (
                "mail-supply-back-subject",
                &["mail-supply-back-lead"],
                "mail-supply-button",
            ),
            Self::SupplyListed => (
                "mail-supply-listed-subject",
                &["mail-supply-listed-lead", "mail-supply-listed-next"],
                "mail-supply-listed-button",
            ),
        };
        Sentences {
            subject,
            paragraphs,
            button,
        }
    }

    /// Subject, paragraphs and button of a letter; its lines and facts come on top.
    pub(crate) fn draft(self, lang: Lang, names: &Names) -> Draft {
        let sentences = self.sentences();
        Draft {
            subject: t_with(lang, sentences.subject, names),
            paragraphs: sentences
                .paragraphs
                .iter()
                .map(|key| t_with(lang, key, names))
                .collect(),
            button: t(lang, sentences.button),
            ..Draft::default()
        }
    }

    /// One line, of at most 160 characters.
    #[must_use]
    pub fn headline(self, lang: Lang, names: &Names) -> String {
        let line = plain(&t_with(lang, self.sentences().subject, names));
        if line.chars().count() <= HEADLINE_CHARS {
            return line;
        }
        let kept: String = line.chars().take(HEADLINE_CHARS - 1).collect();
        format!("{}…", kept.trim_end())
    }

    /// What the page leads on with: "Buka pesanan".
    #[must_use]
    pub fn button(self, lang: Lang) -> String {
        t(lang, self.sentences().button)
    }

    /// A text to send by WhatsApp: greeting, what the letter says, and the link. `names` has every value that the
    /// paragraphs put in.
    #[must_use]
    pub fn message(self, lang: Lang, to: &str, names: &Names, link: &str) -> String {
        let draft = self.draft(lang, names);
        let greeting = t_with(lang, "mail-greeting", &[("name", plain(to).into())]);
        let said = draft.paragraphs.join(" ");
        format!("{greeting}\n{said}\n{}: {link}", draft.button)
    }
}

/// The rows that something told is about, as far as it may lead to their pages.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rows {
    pub order: Option<OrderId>,
    pub share: Option<ShareId>,
    /// Also that of a question.
    pub offer: Option<OfferId>,
    pub catalog: Option<CatalogId>,
    pub question: Option<QuestionId>,
}

/// The page that a letter or notice leads to.
#[must_use]
pub fn leads_to(letter: &str, rows: Rows) -> String {
    match (letter, rows) {
        (
            "share_proposed" | "share_confirmed" | "share_released",
            Rows {
                share: Some(share), ..
            },
        ) => format!("/shares/{share}"),
        ("welcome" | "already_registered", _) => "/login".to_owned(),
        ("supply_out" | "supply_back", _) => "/supplies".to_owned(),
        ("supply_listed", _) => "/products/imports".to_owned(),
        ("membership_applied", _) => "/members".to_owned(),
        ("membership_approved" | "membership_declined", _) => "/memberships".to_owned(),
        ("member_permit_lapsed", _) => "/products".to_owned(),
        (
            "offer_paused",
            Rows {
                offer: Some(offer), ..
            },
        ) => format!("/offers/{offer}/state"),
        (
            "question_asked",
            Rows {
                question: Some(question),
                ..
            },
        ) => format!("/questions/{question}"),
        (
            "question_answered",
            Rows {
                offer: Some(offer), ..
            },
        ) => format!("/offers/{offer}#questions"),
        (
            "catalog_sent",
            Rows {
                catalog: Some(catalog),
                ..
            },
        ) => format!("/catalogs/{catalog}"),
        ("digest", _) => "/notices?show=new".to_owned(),
        (
            _,
            Rows {
                order: Some(order), ..
            },
        ) => format!("/orders/{order}"),
        _ => "/home".to_owned(),
    }
}
