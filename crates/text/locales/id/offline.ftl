offline-title = Tidak ada sambungan
offline-text = Ponsel Anda sedang tanpa internet. Coba lagi setelah sinyal ada.
offline-kept = Masih bisa dibaca
offline-home = Coba lagi
