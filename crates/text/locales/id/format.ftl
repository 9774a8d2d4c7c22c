### Waktu dan ukuran di dalam kalimat.

format-deadline-today = hari ini pukul { $time }
format-deadline-tomorrow = besok pukul { $time }
format-deadline-day = { $day } pukul { $time }
format-litres = { $n } liter
