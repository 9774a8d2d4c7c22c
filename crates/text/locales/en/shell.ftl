app-name = Lumbung
shell-language = Bahasa Indonesia
shell-logout = Log out
