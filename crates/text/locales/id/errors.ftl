### Kata-kata di samping isian yang belum bisa dipakai. Kalimat pendek, tanpa titik di akhir.

error-required = Wajib diisi
error-text-too-long = Terlalu panjang. Paling banyak { $max } huruf
error-text-hidden-characters = Ada tanda yang tidak terlihat. Ketik ulang tanpa menyalin
error-text-unreadable = Ada huruf yang tidak terbaca. Ketik ulang

error-money-empty = Isi harga
error-money-number = Tulis harga dengan angka, misalnya 12.500
error-money-comma = Pakai titik untuk ribuan, misalnya 1.250.000
error-money-sen = Tulis rupiah bulat tanpa sen, misalnya 12.500
error-money-negative = Harga tidak boleh kurang dari nol
error-money-too-large = Terlalu besar. Paling banyak { $max }
error-percent = Tulis persen dengan angka, misalnya 12,5
error-percent-range = Lebih dari nol, paling banyak { $max }

error-quantity-empty = Isi jumlah
error-quantity-number = Tulis jumlah dengan angka saja, misalnya 12
error-quantity-fraction = Tulis jumlah bulat. Untuk setengah, jual dengan satuan lebih kecil, misalnya per 500 g
error-quantity-comma = Pakai titik untuk ribuan, misalnya 1.000
error-quantity-min = Paling sedikit { $min }
error-quantity-max = Paling banyak { $max }

error-time-of-day = Tulis jam, misalnya 21.00

error-person-name-empty = Isi nama Anda
error-organisation-name-empty = Isi nama usaha
error-buyer-kind = Pilih jenis pembeli
error-region-empty = Pilih kabupaten atau kota
error-region = Pilih kabupaten atau kota dari daftar
error-cooperative-code = Tulis 2 sampai 6 huruf, misalnya RAR

error-login-empty = Isi nomor HP atau e-mail
error-login = Tulis nomor HP atau e-mail, misalnya 0812 3456 7890
error-login-landline = Pakai nomor HP, bukan telepon rumah
error-email = Tulis alamat e-mail lengkap, misalnya nama@contoh.id
error-phone = Tulis nomor telepon lengkap, misalnya 0812 3456 7890
error-phone-foreign = Pakai nomor Indonesia, misalnya 0812 3456 7890
error-postal-code = Tulis 5 angka kode pos, misalnya 51211
warning-phone-letters = Ada huruf di nomor ini. Periksa lagi

error-password-empty = Isi kata sandi
error-password-short = Terlalu pendek. Pakai paling sedikit { $min } huruf atau angka
error-password-long = Terlalu panjang. Paling banyak { $max } huruf
error-password-common = Kata sandi ini mudah ditebak. Pakai beberapa kata yang hanya Anda tahu
error-password-own = Jangan pakai nama, nomor, atau e-mail Anda sebagai kata sandi

error-nib = Tulis 13 angka NIB
error-npwp = Tulis 15 atau 16 angka NPWP
error-nitku = Tulis 22 angka NITKU
error-nik = Tulis 16 angka NIK
error-nik-date = Tanggal lahir di NIK ini tidak ada. Periksa lagi
error-coop-nik = Tulis NIK koperasi dengan angka saja
error-region-code = Tulis kode wilayah, misalnya 33.25
warning-npwp-check = Angka NPWP ini tampaknya keliru. Periksa lagi
warning-nik-region = Kode wilayah di NIK ini tidak dikenal. Periksa lagi
warning-coop-nik-length = NIK koperasi biasanya 10 sampai 20 angka. Periksa lagi
warning-region-unknown = Kode wilayah ini tidak ada di daftar. Periksa lagi

error-pirt = Tulis 15 angka P-IRT, misalnya 2063325010012-29
error-pirt-kind = Jenis kemasan atau pangan di P-IRT ini tidak ada. Periksa lagi
error-bpom = Tulis nomor BPOM, misalnya MD 235611000117
error-bpom-not-food = Nomor ini untuk kosmetik atau jamu, bukan pangan
error-halal = Tulis nomor sertifikat halal, misalnya ID33110000000110126
error-halal-decree = Ini nomor ketetapan. Tulis nomor sertifikat yang diawali ID
error-sni = Tulis nomor SNI, misalnya SNI 8664:2018
error-certificate-period = Tanggal akhir harus sesudah tanggal mulai
warning-pirt-region = Kode wilayah di P-IRT ini tidak dikenal. Periksa lagi
warning-pirt-expired = Masa berlaku P-IRT ini sudah lewat. Perpanjang dulu
warning-bpom-supplement = Nomor SD untuk suplemen. Periksa lagi

error-bank-code = Tulis 3 angka kode bank, misalnya 014
error-bank-account = Tulis nomor rekening, 8 sampai 20 angka
warning-bank-unknown = Kode bank ini tidak ada di daftar. Periksa lagi
warning-bank-account-length = Panjang nomor rekening tidak biasa untuk bank ini. Periksa lagi
error-invited-line = Baris { $line }: tulis nama, lalu nomor HP atau e-mail
error-invited-many = Paling banyak { $max } orang sekaligus
