//! What the columns of a register can fill, by the words of cooperatives' books.

use crate::{coded::coded, imports};

coded! {
    /// What a column can fill.
    pub enum Field {
        Number = "number",
        Name = "name",
        Phone = "phone",
        Email = "email",
        Village = "village",
        Region = "region",
        Joined = "joined",
        Status = "status",
        Principal = "principal",
        Mandatory = "mandatory",
        Voluntary = "voluntary",
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
            Self::Number => &[
                "no anggota",
                "nomor anggota",
                "no angg",
                "nomor",
                "nomor induk",
                "no induk",
                "nia",
                "no buku",
                "nomor buku",
                "member number",
                "member no",
                "number",
            ],
            Self::Name => &[
                "nama",
                "nama anggota",
                "nama usaha",
                "nama lengkap",
                "anggota",
                "usaha",
                "umkm",
                "nama umkm",
                "name",
                "member",
                "member name",
                "business",
                "business name",
            ],
            Self::Phone => &[
                "hp",
                "no hp",
                "nomor hp",
                "telepon",
                "no telepon",
                "nomor telepon",
                "telp",
                "no telp",
                "no tlp",
                "wa",
                "no wa",
                "nomor wa",
                "whatsapp",
                "no whatsapp",
                "handphone",
                "no handphone",
                "ponsel",
                "nomor ponsel",
                "phone",
                "mobile",
                "mobile number",
                "phone number",
            ],
            Self::Email => &["email", "e mail", "surel", "alamat email", "mail"],
            Self::Village => &["desa", "kelurahan", "desa kelurahan", "kampung", "village"],
            Self::Region => &[
                "kabupaten",
                "kota",
                "kabupaten kota",
                "kab kota",
                "kab",
                "daerah",
                "wilayah",
                "region",
                "regency",
            ],
            Self::Joined => &[
                "tanggal masuk",
                "tgl masuk",
                "tanggal bergabung",
                "tgl bergabung",
                "bergabung",
                "tanggal daftar",
                "tgl daftar",
                "sejak",
                "anggota sejak",
                "masuk",
                "joined",
                "joined on",
                "join date",
                "member since",
            ],
            Self::Status => &["status", "status anggota", "keanggotaan", "member status"],
            Self::Principal => &[
                "simpanan pokok",
                "simp pokok",
                "pokok",
                "saldo simpanan pokok",
                "principal",
                "principal share",
                "principal savings",
            ],
            Self::Mandatory => &[
                "simpanan wajib",
                "simp wajib",
                "wajib",
                "saldo simpanan wajib",
                "mandatory",
                "mandatory share",
                "mandatory savings",
            ],
            Self::Voluntary => &[
                "simpanan sukarela",
                "simp sukarela",
                "sukarela",
                "saldo simpanan sukarela",
                "tabungan",
                "tabungan sukarela",
                "voluntary",
                "voluntary savings",
            ],
        }
    }

    fn is_needed(self) -> bool {
        self == Self::Name
    }
}
