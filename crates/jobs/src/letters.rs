//! From a letter's job and its facts to the letter: which function of `mail::letters`, in whose language, with which link.

use domain::ids::OfferId;
use domain::money::Rupiah;
use domain::offers::{DeliveryBasis, FreightSum, freight_sum};
use domain::products::CertificateKind;
use domain::time::{Instant, Zone};
use mail::letters::{self, ChangedLine, Envelope, Quantity, ShareAnswer, ShortLine};
use mail::{Letter, Recipient};
use store::letters::{EventFacts, LetterFacts, LetterJob, LineFacts, OrderFacts, ShareFacts};
use store::tokens::{self, Purpose};
use text::{Lang, format, units};

/// A letter that can't be written. Trying again would not help.
#[derive(Debug, thiserror::Error)]
pub enum ComposeError {
    #[error("there is no letter `{0}`")]
    Unknown(String),
    /// The job does not say what the letter is about.
    #[error("letter `{letter}` lacks its {what}")]
    Lacks { letter: String, what: &'static str },
    #[error(transparent)]
    Template(#[from] letters::LetterError),
}

/// Where the links in letters lead, and what the one-time ones among them are made with.
#[derive(Clone, Copy)]
pub struct Site<'a> {
    pub base_url: &'a str,
    pub secret: &'a [u8],
}

/// Writes the letter of a job; `None` when its person has no address.
///
/// # Errors
/// [`ComposeError`].
pub fn compose(
    site: Site<'_>,
    dedupe_id: &str,
    job: &LetterJob,
    facts: &LetterFacts,
) -> Result<Option<Letter>, ComposeError> {
    let Some(address) = facts.recipient.email.clone() else {
        return Ok(None);
    };
    let desk = Desk {
        lang: facts
            .recipient
            .lang
            .as_deref()
            .and_then(Lang::from_code)
            .unwrap_or_default(),
        letter: &job.letter,
        facts,
    };
    let path = path(job, facts, site.secret);
    let envelope = Envelope {
        lang: desk.lang,
        base_url: site.base_url,
        path: &path,
        to: Recipient {
            name: facts.recipient.name.clone(),
            address,
        },
        dedupe_id: dedupe_id.to_owned(),
    };
    desk.write(envelope).map(Some)
}

/// The page that the letter leads to.
fn path(job: &LetterJob, facts: &LetterFacts, secret: &[u8]) -> String {
    let with_token = |path: &str, purpose| match &job.link {
        Some(link) => format!(
            "{path}?token={}",
            tokens::derive(secret, purpose, &link.seed)
        ),
        None => path.to_owned(),
    };
    match (job.letter.as_str(), job.about.share, job.about.order) {
        ("password_reset", ..) => with_token("/password/reset", Purpose::Reset),
        ("member_invited" | "colleague_invited", ..) => {
            with_token("/invitation", Purpose::Invitation)
        }
        ("email_confirm", ..) => with_token("/email/confirmation", Purpose::Email),
        (
            "password_changed" | "email_change_asked" | "phone_changed" | "reset_issued"
            | "second_step_on" | "second_step_off" | "recovery_code_used",
            ..,
        ) => "/password/forgotten".to_owned(),
        ("email_changed", ..) => "/help".to_owned(),
        (letter, share, order) => letters::leads_to(
            letter,
            letters::Rows {
                order,
                share,
                offer: (facts.question.as_ref())
                    .map(|question| OfferId(question.offer_id))
                    .or(job.about.offer),
                catalog: job.about.catalog,
                question: job.about.question,
            },
        ),
    }
}

/// How an order's freight is told; a basis that this version does not know has its freight worked out.
fn freight(order: &OrderFacts, is_pending: bool, rupiah: i64) -> FreightSum {
    let bases = order
        .lines
        .iter()
        .map(|line| line.delivery_basis.parse().unwrap_or(DeliveryBasis::Quoted));
    freight_sum(bases, is_pending, Rupiah(rupiah))
}

struct Desk<'a> {
    lang: Lang,
    letter: &'a str,
    facts: &'a LetterFacts,
}

impl Desk<'_> {
    fn write(&self, envelope: Envelope<'_>) -> Result<Letter, ComposeError> {
        Ok(match self.letter {
            "welcome" => {
                let organisation = self.organisation()?;
                let waits = matches!(organisation.kind.as_str(), "cooperative" | "buyer");
                let recipient = &self.facts.recipient;
                let login = recipient.email.as_deref().or(recipient.phone.as_deref());
                letters::welcome(
                    envelope,
                    &organisation.name,
                    login.unwrap_or_default(),
                    waits,
                )?
            }
            "already_registered" => letters::already_registered(envelope)?,
            "password_reset" => letters::password_reset(envelope)?,
            "password_changed" => letters::password_changed(envelope, &self.at())?,
            "email_confirm" => letters::email_confirm(envelope)?,
            "email_change_asked" => letters::email_change_asked(envelope, &self.at())?,
            "email_changed" => letters::email_changed(envelope, &self.at())?,
            "phone_changed" => letters::phone_changed(envelope, &self.at())?,
            "second_step_on" => letters::second_step_on(envelope, &self.at())?,
            "second_step_off" => letters::second_step_off(envelope, &self.at())?,
            "recovery_code_used" => letters::recovery_code_used(envelope, &self.at())?,
            "reset_issued" => {
                let by = self.event().person.unwrap_or_default();
                letters::reset_issued(envelope, &by, &self.at())?
            }
            "member_invited" | "colleague_invited" => {
                let by = self.event().person.unwrap_or_default();
                let organisation = &self.organisation()?.name;
                if self.letter == "member_invited" {
                    letters::member_invited(envelope, organisation, &by)?
                } else {
                    letters::colleague_invited(envelope, organisation, &by)?
                }
            }
            "organisation_verified" => {
                letters::organisation_verified(envelope, &self.organisation()?.name)?
            }
            "organisation_rejected" => {
                letters::organisation_rejected(envelope, &self.organisation()?.name, self.reason())?
            }
            "membership_applied"
            | "membership_approved"
            | "membership_declined"
            | "membership_ended" => self.membership(envelope)?,
            "member_permit_lapsed" => {
                let cooperative = self.facts.cooperative.as_ref();
                let cooperative = cooperative.ok_or_else(|| self.lacks("cooperative"))?;
                let offer = self.facts.offer.as_deref();
                let offer = offer.ok_or_else(|| self.lacks("offer"))?;
                // A kind of a later version is some other permit.
                let kind = self.reason().parse().unwrap_or(CertificateKind::Other);
                let permit = units::permit(self.lang, kind);
                letters::permit_lapsed(envelope, &cooperative.name, offer, &permit)?
            }
            "offer_paused" => {
                let title = self.facts.offer.as_deref();
                let title = title.ok_or_else(|| self.lacks("offer"))?;
                letters::offer_paused(envelope, title, self.reason() == "permit_lapsed")?
            }
            "supply_out" | "supply_back" => {
                let title = self.facts.offer.as_deref();
                let title = title.ok_or_else(|| self.lacks("offer"))?;
                let cooperative = self.facts.cooperative.as_ref();
                let cooperative = cooperative.ok_or_else(|| self.lacks("cooperative"))?;
                let is_back = self.letter == "supply_back";
                letters::supply_moved(envelope, title, &cooperative.name, is_back)?
            }
            "supply_listed" => {
                let cooperative = self.facts.cooperative.as_ref();
                let cooperative = cooperative.ok_or_else(|| self.lacks("cooperative"))?;
                letters::supply_listed(envelope, &cooperative.name)?
            }
            "order_sent" => {
                let order = self.order()?;
                letters::order_sent(envelope, &self.facts_of(order), &self.by(order.expires_at))?
            }
            "order_placed" => letters::order_placed(envelope, &self.facts_of(self.order()?))?,
            "order_needs_approval" => {
                let order = self.order()?;
                letters::order_needs_approval(
                    envelope,
                    &self.facts_of(order),
                    &order.staff,
                    Rupiah(order.staff_limit_rupiah.unwrap_or_default()),
                    &self.time(order.held_until, &order.buyer_region),
                )?
            }
            "order_returned" => {
                let approver = self.event().person.unwrap_or_default();
                letters::order_returned(envelope, self.number()?, &approver, self.reason())?
            }
            "order_confirmed" => letters::order_confirmed(envelope, &self.facts_of(self.order()?))?,
            "order_declined" => letters::order_declined(
                envelope,
                self.number()?,
                &self.order()?.cooperative,
                self.reason(),
            )?,
            "order_cancelled" => {
                let by = self.event().organisation;
                let by = by.unwrap_or_else(|| "Lumbung".to_owned());
                letters::order_cancelled(envelope, self.number()?, &by, self.reason())?
            }
            "order_expired" => {
                letters::order_expired(envelope, self.number()?, &self.order()?.cooperative)?
            }
            "consent_asked" => self.consent_asked(envelope)?,
            "consent_answered" => letters::consent_answered(
                envelope,
                self.number()?,
                &self.order()?.buyer,
                self.event().kind == "consent_accepted",
            )?,
            "share_proposed" => {
                let share = self.share()?;
                let region = &self.order()?.cooperative_region;
                let facts = self.facts_of_share(share.proposed_packs)?;
                letters::share_proposed(envelope, &facts, &self.time(share.answer_by, region))?
            }
            "share_answered" => {
                let facts = self.facts_of_share(self.share()?.proposed_packs)?;
                letters::share_answered(envelope, &facts, &self.answer()?)?
            }
            "share_confirmed" | "share_released" => {
                let facts = self.facts_of_share(self.share()?.packs)?;
                if self.letter == "share_confirmed" {
                    letters::share_confirmed(envelope, &facts)?
                } else {
                    letters::share_released(envelope, &facts)?
                }
            }
            "shares_complete" => letters::shares_complete(envelope, self.number()?)?,
            "shares_short" => {
                letters::shares_short(envelope, self.number()?, &self.short_lines()?)?
            }
            "catalog_sent" => {
                let catalog = self.facts.catalog.as_ref();
                let catalog = catalog.ok_or_else(|| self.lacks("catalog"))?;
                let cooperative = self.facts.cooperative.as_ref();
                let cooperative = cooperative.ok_or_else(|| self.lacks("cooperative"))?;
                let until = self.time(catalog.closes_at, &cooperative.region_code);
                letters::catalog_sent(
                    envelope,
                    &cooperative.name,
                    &catalog.title,
                    i64::from(catalog.edition),
                    &until,
                )?
            }
            "question_asked" => letters::question_asked(envelope, &self.question()?)?,
            "question_answered" => letters::question_answered(envelope, &self.question()?)?,
            "digest" => letters::digest(envelope, &self.facts.digest)?,
            unknown => return Err(ComposeError::Unknown(unknown.to_owned())),
        })
    }

    fn membership(&self, envelope: Envelope<'_>) -> Result<Letter, ComposeError> {
        let applicant = &self.organisation()?.name;
        let cooperative = self.facts.cooperative.as_ref();
        let cooperative = &cooperative.ok_or_else(|| self.lacks("cooperative"))?.name;
        Ok(match self.letter {
            "membership_applied" => letters::membership_applied(envelope, applicant, cooperative)?,
            "membership_approved" => {
                letters::membership_approved(envelope, applicant, cooperative)?
            }
            "membership_ended" => {
                letters::membership_ended(envelope, applicant, cooperative, self.reason())?
            }
            _ => letters::membership_declined(envelope, applicant, cooperative, self.reason())?,
        })
    }

    fn consent_asked(&self, envelope: Envelope<'_>) -> Result<Letter, ComposeError> {
        let order = self.order()?;
        let consent = order
            .consent
            .as_ref()
            .ok_or_else(|| self.lacks("question"))?;
        let mut after = self.facts_of(order);
        after.goods = Rupiah(consent.goods_rupiah);
        after.ppn = Rupiah(consent.ppn_rupiah);
        after.freight = freight(order, consent.freight_pending, consent.freight_rupiah);
        after.total = Rupiah(consent.total_rupiah);
        let changes: Vec<ChangedLine> = consent
            .changes
            .iter()
            .map(|(line, units)| ChangedLine {
                goods: line.title.clone(),
                before: self.units(line, line.units),
                after: self.units(line, *units),
            })
            .collect();
        let before = Rupiah(consent.before_rupiah);
        Ok(letters::consent_asked(envelope, &after, &changes, before)?)
    }

    fn lacks(&self, what: &'static str) -> ComposeError {
        ComposeError::Lacks {
            letter: self.letter.to_owned(),
            what,
        }
    }

    fn organisation(&self) -> Result<&store::letters::PartyFacts, ComposeError> {
        let organisation = self.facts.organisation.as_ref();
        organisation.ok_or_else(|| self.lacks("organisation"))
    }

    fn order(&self) -> Result<&OrderFacts, ComposeError> {
        self.facts.order.as_ref().ok_or_else(|| self.lacks("order"))
    }

    fn share(&self) -> Result<&ShareFacts, ComposeError> {
        self.facts.share.as_ref().ok_or_else(|| self.lacks("share"))
    }

    fn question(&self) -> Result<letters::QuestionFacts, ComposeError> {
        let facts = self.facts.question.as_ref();
        let facts = facts.ok_or_else(|| self.lacks("question"))?;
        Ok(letters::QuestionFacts {
            offer: facts.offer.clone(),
            cooperative: facts.cooperative.clone(),
            buyer: facts.buyer.clone(),
            question: facts.question.clone(),
            answer: facts.answer.clone().unwrap_or_default(),
            is_public: facts.is_public,
        })
    }

    fn event(&self) -> EventFacts {
        self.facts.event.clone().unwrap_or_default()
    }

    /// When it happened. People have no zone of their own; most live by the capital's.
    fn at(&self) -> String {
        format::date_time(self.lang, Instant(self.event().at), Zone::Wib)
    }

    fn reason(&self) -> &str {
        let event = self.facts.event.as_ref();
        event
            .and_then(|event| event.reason.as_deref())
            .unwrap_or_default()
    }

    fn number(&self) -> Result<&str, ComposeError> {
        Ok(self.order()?.number.as_deref().unwrap_or_default())
    }

    /// When the cooperative has to answer, in its own zone.
    fn by(&self, at: Option<i64>) -> String {
        let region = self.facts.order.as_ref();
        self.time(at, region.map_or("", |order| &order.cooperative_region))
    }

    fn time(&self, at: Option<i64>, region: &str) -> String {
        at.map(|at| format::date_time(self.lang, Instant(at), Zone::of_region(region)))
            .unwrap_or_default()
    }

    fn facts_of(&self, order: &OrderFacts) -> letters::OrderFacts {
        letters::OrderFacts {
            number: order.number.clone().unwrap_or_default(),
            cooperative: order.cooperative.clone(),
            buyer: order.buyer.clone(),
            lines: order
                .lines
                .iter()
                .map(|line| letters::OrderLine {
                    goods: line.title.clone(),
                    quantity: self.units(line, line.units),
                    amount: Rupiah(line.goods_rupiah),
                })
                .collect(),
            goods: Rupiah(order.goods_rupiah),
            ppn: Rupiah(order.ppn_rupiah),
            freight: freight(order, order.freight_pending, order.freight_rupiah),
            total: Rupiah(order.total_rupiah),
        }
    }

    /// A share of `packs`, said in cartons where they are whole.
    fn facts_of_share(&self, packs: i64) -> Result<letters::ShareFacts, ComposeError> {
        let (share, order) = (self.share()?, self.order()?);
        Ok(letters::ShareFacts {
            number: order.number.clone().unwrap_or_default(),
            cooperative: order.cooperative.clone(),
            member: share.member.clone(),
            goods: share.product.clone(),
            quantity: self.packs(share, packs),
            member_price: Rupiah(share.member_price_rupiah),
            sale_unit: self.word(1, &share.unit),
        })
    }

    fn packs(&self, share: &ShareFacts, packs: i64) -> Quantity {
        let per_carton = share.packs_per_unit.max(1);
        match &share.carton_name {
            Some(carton) if packs % per_carton == 0 => self.quantity(packs / per_carton, carton),
            _ => self.quantity(packs, &share.unit),
        }
    }

    fn units(&self, line: &LineFacts, units: i64) -> Quantity {
        self.quantity(units, line.carton_name.as_deref().unwrap_or(&line.unit))
    }

    fn quantity(&self, count: i64, unit: &str) -> Quantity {
        Quantity {
            count,
            unit: self.word(count, unit),
        }
    }

    fn word(&self, count: i64, unit: &str) -> String {
        match unit.parse() {
            Ok(known) => units::units(self.lang, count, known),
            Err(_) => unit.to_owned(),
        }
    }

    fn answer(&self) -> Result<ShareAnswer, ComposeError> {
        let event = self.event();
        let reason = event.reason.clone().unwrap_or_default();
        Ok(match event.to_state.as_deref() {
            Some("declined") => ShareAnswer::Declined { reason },
            Some("reduced") => {
                let share = self.share()?;
                ShareAnswer::Reduced {
                    to: self.packs(share, event.answered_packs().unwrap_or(share.packs)),
                    reason,
                }
            }
            _ if event.person.is_none() => ShareAnswer::AcceptedByTime,
            _ => ShareAnswer::Accepted,
        })
    }

    fn short_lines(&self) -> Result<Vec<ShortLine>, ComposeError> {
        let short = |line: &&LineFacts| line.accepted_packs < line.units * line.packs_per_unit;
        Ok(self
            .order()?
            .lines
            .iter()
            .filter(short)
            .map(|line| ShortLine {
                goods: line.title.clone(),
                ordered: self.units(line, line.units),
                given: self.units(line, line.accepted_packs / line.packs_per_unit.max(1)),
            })
            .collect())
    }
}
