//! Which column is which, by the words that Indonesian sellers and marketplaces put above them.

use crate::{coded::coded, names::fold, problem::Problem};

coded! {
    /// What a column can fill.
    pub enum Field {
        Name = "name",
        Price = "price",
        Unit = "unit",
        Stock = "stock",
        Content = "content",
        PacksPerCarton = "packs_per_carton",
        Description = "description",
        Grade = "grade",
        Category = "category",
        Seller = "seller",
        Origin = "origin",
    }
}

/// A column of the file and what it fills; `None` is left aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// As in the file.
    pub header: String,
    pub field: Option<Field>,
    /// The measure in the header, for bare numbers below it: `gram` in "Berat (gram)".
    pub measure: Option<String>,
}

/// Headers in lower case, without marks and remarks.
const WORDS: &[(Field, &[&str])] = &[
    (
        Field::Name,
        &[
            "nama",
            "nama barang",
            "nama produk",
            "nama item",
            "nama dagangan",
            "barang",
            "produk",
            "judul",
            "judul produk",
            "name",
            "product",
            "product name",
            "item",
            "item name",
            "title",
        ],
    ),
    (
        Field::Price,
        &[
            "harga",
            "harga jual",
            "harga satuan",
            "harga per satuan",
            "harga barang",
            "harga produk",
            "price",
            "unit price",
        ],
    ),
    (Field::Unit, &["satuan", "unit", "satuan jual", "sale unit"]),
    (
        Field::Stock,
        &[
            "stok",
            "stock",
            "sisa",
            "sisa barang",
            "sisa stok",
            "jumlah",
            "jumlah stok",
            "qty",
            "quantity",
            "persediaan",
            "stock left",
        ],
    ),
    (
        Field::Content,
        &[
            "berat",
            "berat bersih",
            "netto",
            "neto",
            "isi",
            "isi bersih",
            "volume",
            "ukuran",
            "weight",
            "net weight",
            "content",
        ],
    ),
    (
        Field::PacksPerCarton,
        &[
            "isi per dus",
            "isi dus",
            "isi per karton",
            "isi karton",
            "isi per kardus",
            "per dus",
            "per karton",
            "items per carton",
            "packs per carton",
        ],
    ),
    (
        Field::Description,
        &[
            "deskripsi",
            "keterangan",
            "uraian",
            "deskripsi produk",
            "description",
        ],
    ),
    (
        Field::Grade,
        &["mutu", "grade", "kualitas", "kelas", "quality"],
    ),
    (Field::Category, &["kategori", "jenis", "category"]),
    (
        Field::Seller,
        &[
            "penjual",
            "toko",
            "nama toko",
            "nama penjual",
            "usaha",
            "nama usaha",
            "umkm",
            "seller",
            "shop",
            "store",
        ],
    ),
    (
        Field::Origin,
        &[
            "kota",
            "asal",
            "asal daerah",
            "daerah",
            "daerah asal",
            "kabupaten",
            "kabupaten kota",
            "kab kota",
            "lokasi",
            "kota asal",
            "city",
            "origin",
            "region of origin",
            "location",
        ],
    ),
];

/// Remarks behind a header that change nothing: "Harga (Rp)", "Nama *".
const REMARKS: &[&str] = &[
    "rp", "idr", "rupiah", "wajib", "required", "opsional", "optional",
];
const MEASURES: &[&str] = &["g", "gr", "gram", "kg", "ml", "l", "liter", "cm", "m"];

/// The field of each header.
///
/// # Errors
/// `error-import-same-column` when two headers mean the same field: which one counts is for a person to say.
pub fn guess_columns(headers: &[String]) -> Result<Vec<Column>, Problem> {
    let mut columns: Vec<Column> = Vec::with_capacity(headers.len());
    for header in headers {
        let (field, measure) = field_of(header);
        if let Some(other) = columns.iter().find(|c| field.is_some() && c.field == field) {
            return Err(Problem::new("error-import-same-column")
                .with("first", &other.header)
                .with("second", header));
        }
        columns.push(Column {
            header: header.clone(),
            field,
            measure,
        });
    }
    Ok(columns)
}

fn field_of(header: &str) -> (Option<Field>, Option<String>) {
    let folded = fold(header);
    let words: Vec<&str> = folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    if let Some(field) = lookup(&words) {
        return (Some(field), None);
    }
    let (measures, rest): (Vec<&str>, Vec<&str>) = words
        .into_iter()
        .filter(|word| !REMARKS.contains(word))
        .partition(|word| MEASURES.contains(word));
    match (lookup(&rest), measures.as_slice()) {
        (Some(Field::Content), [measure]) => (Some(Field::Content), Some((*measure).to_owned())),
        (field, []) => (field, None),
        // "Harga per kg" states the unit of the price: not ours to drop.
        _ => (None, None),
    }
}

fn lookup(words: &[&str]) -> Option<Field> {
    let header = words.join(" ");
    WORDS
        .iter()
        .find(|(_, names)| names.contains(&header.as_str()))
        .map(|(field, _)| *field)
}
