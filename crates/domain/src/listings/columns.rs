//! What the columns of a list of goods can fill, by the words that Indonesian sellers and marketplaces put above them.

use crate::imports::fields;

fields! {
    needs Name, measures Content;
    Name = "name" => [
        "nama", "nama barang", "nama produk", "nama item", "nama dagangan", "barang", "produk",
        "judul", "judul produk", "name", "product", "product name", "item", "item name", "title",
    ];
    Price = "price" => [
        "harga", "harga jual", "harga satuan", "harga per satuan", "harga barang", "harga produk",
        "price", "unit price",
    ];
    Unit = "unit" => [
        "satuan", "unit", "satuan jual", "sale unit",
    ];
    Stock = "stock" => [
        "stok", "stock", "sisa", "sisa barang", "sisa stok", "jumlah", "jumlah stok", "qty",
        "quantity", "persediaan", "stock left",
    ];
    Content = "content" => [
        "berat", "berat bersih", "netto", "neto", "isi", "isi bersih", "volume", "ukuran",
        "weight", "net weight", "content",
    ];
    PacksPerCarton = "packs_per_carton" => [
        "isi per dus", "isi dus", "isi per karton", "isi karton", "isi per kardus", "per dus",
        "per karton", "items per carton", "packs per carton",
    ];
    Description = "description" => [
        "deskripsi", "keterangan", "uraian", "deskripsi produk", "description",
    ];
    Grade = "grade" => [
        "mutu", "grade", "kualitas", "kelas", "quality",
    ];
    Category = "category" => [
        "kategori", "jenis", "category",
    ];
    Seller = "seller" => [
        "penjual", "toko", "nama toko", "nama penjual", "usaha", "nama usaha", "umkm", "seller",
        "shop", "store",
    ];
    Origin = "origin" => [
        "kota", "asal", "asal daerah", "daerah", "daerah asal", "kabupaten", "kabupaten kota",
        "kab kota", "lokasi", "kota asal", "city", "origin", "region of origin", "location",
    ];
}
