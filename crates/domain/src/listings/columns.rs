//! What the columns of a list of goods can fill, by the words that Indonesian sellers and marketplaces put above them.

use crate::{coded::coded, imports};

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

impl imports::Field for Field {
    fn all() -> &'static [Self] {
        Self::ALL
    }

    fn code(self) -> &'static str {
        self.as_str()
    }

    fn headers(self) -> &'static [&'static str] {
        match self {
            Self::Name => &[
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
            Self::Price => &[
                "harga",
                "harga jual",
                "harga satuan",
                "harga per satuan",
                "harga barang",
                "harga produk",
                "price",
                "unit price",
            ],
            Self::Unit => &["satuan", "unit", "satuan jual", "sale unit"],
            Self::Stock => &[
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
            Self::Content => &[
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
            Self::PacksPerCarton => &[
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
            Self::Description => &[
                "deskripsi",
                "keterangan",
                "uraian",
                "deskripsi produk",
                "description",
            ],
            Self::Grade => &["mutu", "grade", "kualitas", "kelas", "quality"],
            Self::Category => &["kategori", "jenis", "category"],
            Self::Seller => &[
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
            Self::Origin => &[
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
        }
    }

    fn takes_measure(self) -> bool {
        self == Self::Content
    }

    fn is_needed(self) -> bool {
        self == Self::Name
    }
}
