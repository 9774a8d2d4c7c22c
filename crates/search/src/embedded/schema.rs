//! The form of the index: one field of terms to search in, columns to filter, count and sort by. No text is stored.

use domain::ids::OfferId;
use tantivy::{
    TantivyDocument, Term,
    schema::{
        FAST, Field, IndexRecordOption, STRING, Schema, SchemaBuilder, TextFieldIndexing,
        TextOptions,
    },
};
use uuid::Uuid;

use crate::{OfferDocument, language::vocabulary, terms};

/// Raise it when documents are written differently: an index of another form is rebuilt.
const FORM: u32 = 2;

/// `form` of the index: the code's own figure and the fingerprint of the words it knows.
pub fn form() -> String {
    format!("{FORM}-{:016x}", vocabulary::fingerprint())
}

#[derive(Clone, Debug)]
pub struct Fields {
    pub schema: Schema,
    pub id: Field,
    pub terms: Field,
    id_high: Field,
    id_low: Field,
    audience: Field,
    price_for: Field,
    category: Field,
    commodity: Field,
    province: Field,
    regency: Field,
    certificate: Field,
    cooperative: Field,
    price: Field,
    least: Field,
    ready_on: Field,
    opens_at: Field,
    closes_at: Field,
    version: Field,
    title_words: Field,
}

/// Names of the columns, as the readers of a segment ask for them.
pub mod column {
    pub const ID_HIGH: &str = "id_high";
    pub const ID_LOW: &str = "id_low";
    pub const AUDIENCE: &str = "audience";
    pub const PRICE_FOR: &str = "price_for";
    pub const CATEGORY: &str = "category";
    pub const COMMODITY: &str = "commodity";
    pub const PROVINCE: &str = "province";
    pub const REGENCY: &str = "regency";
    pub const CERTIFICATE: &str = "certificate";
    pub const COOPERATIVE: &str = "cooperative";
    pub const PRICE: &str = "price";
    pub const LEAST: &str = "least";
    pub const READY_ON: &str = "ready_on";
    pub const OPENS_AT: &str = "opens_at";
    pub const CLOSES_AT: &str = "closes_at";
    pub const VERSION: &str = "version";
    pub const TITLE_WORDS: &str = "title_words";
}

impl Fields {
    pub fn new() -> Self {
        let mut schema = SchemaBuilder::new();
        let terms = TextOptions::default().set_indexing_options(
            TextFieldIndexing::default()
                .set_tokenizer("raw")
                .set_fieldnorms(false)
                .set_index_option(IndexRecordOption::WithFreqs),
        );
        let key = TextOptions::default().set_fast("raw");
        Self {
            id: schema.add_text_field("id", STRING),
            terms: schema.add_text_field("terms", terms),
            id_high: schema.add_u64_field(column::ID_HIGH, FAST),
            id_low: schema.add_u64_field(column::ID_LOW, FAST),
            audience: schema.add_text_field(column::AUDIENCE, key.clone()),
            price_for: schema.add_text_field(column::PRICE_FOR, key.clone()),
            category: schema.add_text_field(column::CATEGORY, key.clone()),
            commodity: schema.add_text_field(column::COMMODITY, key.clone()),
            province: schema.add_text_field(column::PROVINCE, key.clone()),
            regency: schema.add_text_field(column::REGENCY, key.clone()),
            certificate: schema.add_text_field(column::CERTIFICATE, key.clone()),
            cooperative: schema.add_text_field(column::COOPERATIVE, key),
            price: schema.add_i64_field(column::PRICE, FAST),
            least: schema.add_i64_field(column::LEAST, FAST),
            ready_on: schema.add_i64_field(column::READY_ON, FAST),
            opens_at: schema.add_i64_field(column::OPENS_AT, FAST),
            closes_at: schema.add_i64_field(column::CLOSES_AT, FAST),
            version: schema.add_i64_field(column::VERSION, FAST),
            title_words: schema.add_u64_field(column::TITLE_WORDS, FAST),
            schema: schema.build(),
        }
    }

    pub fn id_term(&self, id: OfferId) -> Term {
        Term::from_field_text(self.id, &id.to_string())
    }

    pub fn document(&self, offer: &OfferDocument) -> TantivyDocument {
        let mut document = TantivyDocument::new();
        let (high, low) = Uuid::from(offer.id).as_u64_pair();
        document.add_text(self.id, offer.id.to_string());
        document.add_u64(self.id_high, high);
        document.add_u64(self.id_low, low);
        for (term, frequency) in terms::of_document(offer) {
            for _ in 0..frequency {
                document.add_text(self.terms, &term);
            }
        }
        for (field, value) in [
            (self.category, &offer.category),
            (self.commodity, &offer.commodity),
            (self.province, &offer.province),
            (self.cooperative, &offer.cooperative),
        ] {
            if !value.is_empty() {
                document.add_text(field, value);
            }
        }
        for (field, values) in [
            (self.audience, &offer.audience),
            (self.price_for, &offer.price_for),
            (self.regency, &offer.regencies),
            (self.certificate, &offer.certificates),
        ] {
            // Each value once, so that a count is a count of offers.
            let mut values: Vec<&String> =
                values.iter().filter(|value| !value.is_empty()).collect();
            values.sort_unstable();
            values.dedup();
            for value in values {
                document.add_text(field, value);
            }
        }
        document.add_i64(self.price, offer.price_rupiah);
        document.add_i64(self.least, offer.least_rupiah);
        document.add_i64(self.ready_on, i64::from(offer.ready_on));
        document.add_i64(self.opens_at, offer.opens_at);
        document.add_i64(self.closes_at, offer.closes_at.unwrap_or(i64::MAX));
        document.add_i64(self.version, offer.version);
        document.add_u64(self.title_words, terms::title_words(&offer.title));
        document
    }
}
