app-name = Lumbung
shell-language = English
shell-logout = Keluar
