# Memasukkan daftar barang dari berkas.

error-import-no-name = Tidak ada kolom nama barang. Beri judul kolom, misalnya Nama
error-import-no-seller = Tidak ada kolom penjual, jadi baris tidak bisa disaring
error-import-same-column = Kolom { $first } dan { $second } berarti sama. Hapus salah satu
error-import-too-many-cells = Baris ini punya { $found } isian, padahal judulnya { $expected }. Apit tulisan berkoma dengan tanda kutip
error-import-price-zero = Harga harus lebih dari nol
error-import-unit = Tulis satuan, misalnya bungkus, kg, atau botol
error-import-other-unit = Stok ditulis dalam { $stock }, padahal satuannya { $unit }. Samakan
error-import-content = Tulis isi dengan ukurannya, misalnya 250 g atau 5 pcs
error-import-column-twice = Kolom { $column } dipilih dua kali
error-register-number-twice = Nomor ini sudah ada di baris { $row }
error-register-phone-twice = Nomor HP ini sudah ada di baris { $row }
error-register-name-twice = Nama ini sudah ada di baris { $row }. Tambahkan nomor anggota
error-register-same-member = Anggota ini sudah ada di baris { $row }
error-register-two-members = Nomor ini milik { $first }, nomor HP-nya milik { $second }
error-register-number-taken = Nomor ini sudah dipakai { $name }
error-register-other-number = Anggota ini sudah punya nomor { $number }
error-register-name-known = { $name } sudah menjadi anggota. Tambahkan nomor anggota atau nomor HP
error-register-gone = Anggota ini sudah berhenti. Minta usahanya mendaftar lagi
error-register-status-differs = Status ini lain dari yang tercatat. Ubah di halaman anggotanya
error-register-status = Tulis aktif, calon anggota, anggota luar biasa, atau berhenti
error-register-opened = Saldo awal anggota ini sudah dicatat
error-register-region = Tulis kabupaten atau kota, misalnya Kabupaten Batang
error-register-money = Tulis rupiah dengan angka, misalnya 100.000
error-register-negative = Simpanan tidak boleh kurang dari nol
error-register-day = Tulis tanggal seperti 24/11/2021
error-register-day-bounds = Tanggal ini terlalu lama, atau belum tiba
