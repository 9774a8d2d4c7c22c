//! The kinds of events that the desk offers to look for; each has its words as `admin-did-…`.

use crate::{parts::Choice, shell::Shell};

/// As they are written down.
pub(super) const KINDS: &[&str] = &[
    "catalog_changed",
    "catalog_created",
    "catalog_sent",
    "consent_asked",
    "consent_accepted",
    "consent_refused",
    "invitation_accepted",
    "invitation_sent",
    "invitation_withdrawn",
    "job_retried",
    "job_discarded",
    "letters_retried",
    "lot_added",
    "lot_adjusted",
    "membership_applied",
    "membership_approved",
    "membership_declined",
    "membership_ended",
    "membership_entered",
    "membership_completed",
    "membership_taken_back",
    "notice_choices_changed",
    "offer_build_up_set",
    "offer_changed",
    "offer_created",
    "offer_photo_chosen",
    "offer_prices_set",
    "offer_supplies_set",
    "permit_lapsed",
    "person_enrolled",
    "person_locked",
    "person_unlocked",
    "photo_forgotten",
    "photo_kept",
    "product_created",
    "product_edited",
    "product_published",
    "product_paused",
    "product_resumed",
    "product_archived",
    "product_photo_added",
    "product_photo_removed",
    "product_photo_returned",
    "product_photo_made_main",
    "certificate_added",
    "certificate_removed",
    "profile_changed",
    "question_answered",
    "question_asked",
    "question_hidden",
    "reindex_asked",
    "shared_again",
    "shares_complete",
    "supply_returned",
    "supply_withdrawn",
    "verification_asked",
    "organisation_registered",
    "organisation_verified",
    "organisation_rejected",
    "role_granted",
    "role_revoked",
    "setting_decided",
    "setting_withdrawn",
    "phone_claim_lost",
    "phone_changed",
    "email_change_asked",
    "email_changed",
    "email_confirmed",
    "name_changed",
    "password_changed",
    "password_reset",
    "registered_again",
    "reset_asked",
    "reset_issued",
    "sessions_ended",
    "second_step_on",
    "second_step_off",
    "recovery_code_used",
    "submit",
    "ask_approval",
    "approve",
    "return",
    "confirm",
    "cancel",
    "time_out",
    "accept",
    "reduce",
    "decline",
    "release",
    "publish",
    "republish",
    "pause",
    "resume",
    "close",
    "archive",
];

/// The kinds in the reader's words, by those words. Two kinds with the same words are one choice less clear, so there are
/// none.
pub(super) fn choices(shell: &Shell) -> Vec<Choice> {
    let mut choices: Vec<(String, &str)> = KINDS
        .iter()
        .map(|kind| (super::event_words(shell, kind), *kind))
        .collect();
    choices.sort();
    choices
        .into_iter()
        .map(|(words, kind)| Choice::new(kind, words))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use domain::{catalogs, members, offers, orders, shares};
    use text::{Lang, t};

    use super::KINDS;

    #[test]
    fn every_kind_has_words_of_its_own_in_both_languages() {
        for lang in [Lang::Id, Lang::En] {
            let words: BTreeSet<String> = KINDS
                .iter()
                .map(|kind| t(lang, &format!("admin-did-{}", kind.replace('_', "-"))))
                .collect();
            assert_eq!(words.len(), KINDS.len());
            assert!(words.iter().all(|words| !words.starts_with("admin-")));
        }
    }

    #[test]
    fn what_orders_shares_offers_and_catalogs_go_through_is_among_them_and_their_states_have_words()
    {
        let events = (orders::OrderEvent::ALL.iter().map(|one| one.as_str()))
            .chain(shares::ShareEvent::ALL.iter().map(|one| one.as_str()))
            .chain(offers::OfferEvent::ALL.iter().map(|one| one.as_str()))
            .chain(catalogs::CatalogEvent::ALL.iter().map(|one| one.as_str()));
        for event in events {
            assert!(KINDS.contains(&event), "{event}");
        }
        let states = (orders::OrderState::ALL.iter().map(|one| one.as_str()))
            .chain(shares::ShareState::ALL.iter().map(|one| one.as_str()))
            .chain(offers::OfferState::ALL.iter().map(|one| one.as_str()))
            .chain(catalogs::CatalogState::ALL.iter().map(|one| one.as_str()))
            .chain(members::MemberStatus::ALL.iter().map(|one| one.as_str()));
        for state in states {
            let key = format!("admin-state-{}", state.replace('_', "-"));
            for lang in [Lang::Id, Lang::En] {
                assert_ne!(t(lang, &key), key);
            }
        }
    }
}
