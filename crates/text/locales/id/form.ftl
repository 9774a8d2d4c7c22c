form-choose = Pilih salah satu
form-day = Tulis tanggal yang ada di kalender
form-twice = Isian ini terkirim dua kali. Isi sekali saja
form-incomplete = Formulir belum lengkap. Isi dan kirim lagi
