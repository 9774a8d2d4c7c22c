### Times and measures within sentences.

format-deadline-today = today at { $time }
format-deadline-tomorrow = tomorrow at { $time }
format-deadline-day = { $day } at { $time }
format-litres = { $n } L
