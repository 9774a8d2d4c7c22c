# Daftar dari berkas: barang anggota dan buku anggota koperasi.

imports-sheet-empty = Berkas ini kosong
imports-sheet-too-large = Berkas terlalu besar. Paling besar 2 MB
imports-sheet-old-excel = Ini berkas Excel lama atau bersandi. Simpan sebagai .xlsx tanpa sandi
imports-sheet-not-workbook = Ini bukan berkas Excel atau CSV
imports-sheet-damaged = Berkas Excel ini rusak. Buka di Excel, simpan lagi, lalu unggah
imports-sheet-too-big-unpacked = Isi berkas Excel ini terlalu besar. Bagi menjadi beberapa berkas
imports-sheet-too-many-sheets = Terlalu banyak lembar. Paling banyak { $limit }
imports-sheet-macros = Berkas ini berisi makro. Simpan sebagai .xlsx biasa
imports-sheet-links = Berkas ini terhubung ke berkas lain. Putuskan tautannya dulu
imports-sheet-nested = Ada berkas lain di dalam berkas ini. Keluarkan dulu
imports-sheet-entities = Berkas ini berisi perintah yang tidak kami baca. Simpan lagi dari Excel
imports-sheet-merged-rows = Baris { $row }, kolom { $column }: sel digabung. Pisahkan dulu selnya
imports-sheet-formula-without-value = Baris { $row }, kolom { $column }: rumus belum dihitung. Buka di Excel, lalu simpan
imports-sheet-formula-fault = Baris { $row }, kolom { $column }: rumusnya gagal
imports-sheet-not-text = Ini bukan berkas daftar. Unggah Excel atau CSV
imports-sheet-unreadable = Baris { $row }, kolom { $column }: ada huruf yang tidak terbaca
imports-sheet-unclosed-quote = Baris { $row }: tanda kutip tidak ditutup
imports-sheet-stray-quote = Baris { $row }, kolom { $column }: ada tulisan sesudah tanda kutip
imports-sheet-too-many-rows = Terlalu banyak baris. Paling banyak { $limit }
imports-sheet-too-many-columns = Baris { $row }: terlalu banyak kolom
imports-sheet-cell-too-long = Baris { $row }, kolom { $column }: tulisan terlalu panjang
imports-sheet-duplicate-column = Ada dua kolom bernama { $column }
