//! What the columns of a register can fill, by the words of cooperatives' books.

use crate::imports::fields;

fields! {
    needs Name, prefers Name ["nama usaha", "nama umkm", "usaha", "umkm", "business name", "business"];
    Number = "number" => [
        "no anggota", "nomor anggota", "no angg", "nomor", "nomor induk", "no induk", "nia",
        "no buku", "nomor buku", "member number", "member no", "number",
    ];
    Name = "name" => [
        "nama", "nama anggota", "nama usaha", "nama lengkap", "anggota", "usaha", "umkm",
        "nama umkm", "name", "member", "member name", "business", "business name",
    ];
    Phone = "phone" => [
        "hp", "no hp", "nomor hp", "telepon", "no telepon", "nomor telepon", "telp", "no telp",
        "no tlp", "wa", "no wa", "nomor wa", "whatsapp", "no whatsapp", "handphone",
        "no handphone", "ponsel", "nomor ponsel", "phone", "mobile", "mobile number",
        "phone number",
    ];
    Email = "email" => [
        "email", "e mail", "surel", "alamat email", "mail",
    ];
    Village = "village" => [
        "desa", "kelurahan", "desa kelurahan", "kampung", "village",
    ];
    Region = "region" => [
        "kabupaten", "kota", "kabupaten kota", "kab kota", "kab", "daerah", "wilayah", "region",
        "regency",
    ];
    Joined = "joined" => [
        "tanggal masuk", "tgl masuk", "tanggal bergabung", "tgl bergabung", "bergabung",
        "tanggal daftar", "tgl daftar", "sejak", "anggota sejak", "masuk", "joined", "joined on",
        "join date", "member since",
    ];
    Status = "status" => [
        "status", "status anggota", "keanggotaan", "member status",
    ];
    Principal = "principal" => [
        "simpanan pokok", "simp pokok", "pokok", "saldo simpanan pokok", "principal",
        "principal share", "principal savings",
    ];
    Mandatory = "mandatory" => [
        "simpanan wajib", "simp wajib", "wajib", "saldo simpanan wajib", "mandatory",
        "mandatory share", "mandatory savings",
    ];
    Voluntary = "voluntary" => [
        "simpanan sukarela", "simp sukarela", "sukarela", "saldo simpanan sukarela", "tabungan",
        "tabungan sukarela", "voluntary", "voluntary savings",
    ];
}
