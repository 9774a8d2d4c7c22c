app-name = Lumbung
