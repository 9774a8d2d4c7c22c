# Memasukkan daftar barang dari berkas.

error-import-no-name = Tidak ada kolom nama barang. Beri judul kolom, misalnya Nama
error-import-no-seller = Tidak ada kolom penjual, jadi baris tidak bisa disaring
error-import-same-column = Kolom { $first } dan { $second } berarti sama. Hapus salah satu
error-import-too-many-cells = Baris ini punya { $found } isian, padahal judulnya { $expected }. Apit tulisan berkoma dengan tanda kutip
error-import-price-zero = Harga harus lebih dari nol
error-import-unit = Tulis satuan, misalnya bungkus, kg, atau botol
error-import-other-unit = Stok ditulis dalam { $stock }, padahal satuannya { $unit }. Samakan
error-import-content = Tulis isi dengan ukurannya, misalnya 250 g atau 5 pcs
