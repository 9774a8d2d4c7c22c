### Foto barang: mengambil, memilih yang utama, menghapus, dan mengembalikan.

photos-title = Foto { $name }
photos-lead = Sampai { $n } foto. Foto pertama jadi foto utama.
photos-none = Belum ada foto. Pembeli melihat gambar jenisnya.
photos-add = Tambah foto
photos-manage = Atur foto
photos-take = Ambil foto barang
photos-take-hint = Di tempat terang, barang memenuhi layar. Boleh dilewati.
photos-pick = atau pilih foto dari HP
photos-kept = Foto sudah tersimpan. Tidak perlu dikirim lagi.
photos-save = Simpan foto
photos-added = { $n } foto sudah tersimpan.
photos-main = Foto utama
photos-make-main = Jadikan utama
photos-made-main = Foto utama sudah diganti.
photos-remove = Hapus
photos-removed = Foto sudah dihapus.
photos-removed-title = Foto yang dihapus
photos-return = Kembalikan
photos-returned = Foto sudah kembali.

# Kenapa sebuah foto tidak bisa dipakai.
photos-choose = Pilih foto dulu
photos-empty = Berkas ini kosong. Pilih foto lain
photos-heic = HP Anda menyimpan foto sebagai HEIC. Buka Pengaturan, Kamera, Format, lalu pilih “Paling Kompatibel” (JPEG). Ambil fotonya lagi
photos-kind = Gambar jenis ini tidak bisa dipakai. Kirim foto JPEG, PNG, atau WebP
photos-no-picture = Berkas ini bukan foto. Kirim foto JPEG, PNG, atau WebP
photos-moving = Gambar bergerak tidak bisa dipakai. Kirim foto biasa
photos-too-large = Foto ini terlalu besar. Pilih ukuran yang lebih kecil di kamera
photos-too-small = Foto ini terlalu kecil. Kirim foto yang lebih besar
photos-broken = Foto ini rusak atau terputus saat dikirim. Coba kirim lagi
photos-not-kept = Foto belum bisa disimpan sekarang. Coba kirim lagi nanti. Isian lain tetap ada
photos-too-many = Satu barang paling banyak { $n } foto. Hapus satu foto dulu
photos-no-room = Tempat foto usaha Anda sudah penuh. Hubungi koperasi Anda
photos-archived = Barang ini sudah diarsipkan. Fotonya tidak bisa diubah.
