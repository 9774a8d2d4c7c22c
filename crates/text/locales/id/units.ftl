### Satuan jual dan izin, dengan kata yang dipakai orang.
###
### `$n` memilih bentuk jamak; di Bahasa Indonesia bentuknya sama.

unit-bungkus = { $n ->
   *[other] bungkus
}
unit-kg = { $n ->
   *[other] kg
}
unit-botol = { $n ->
   *[other] botol
}
unit-kotak = { $n ->
   *[other] kotak
}
unit-buah = { $n ->
   *[other] buah
}
unit-lembar = { $n ->
   *[other] lembar
}
unit-set = { $n ->
   *[other] set
}
unit-ons = { $n ->
   *[other] ons
}
unit-kuintal = { $n ->
   *[other] kuintal
}
unit-ton = { $n ->
   *[other] ton
}
unit-liter = { $n ->
   *[other] liter
}
unit-meter = { $n ->
   *[other] meter
}
unit-butir = { $n ->
   *[other] butir
}
unit-ekor = { $n ->
   *[other] ekor
}
unit-pasang = { $n ->
   *[other] pasang
}
unit-lusin = { $n ->
   *[other] lusin
}
unit-kodi = { $n ->
   *[other] kodi
}
unit-gros = { $n ->
   *[other] gros
}
unit-rim = { $n ->
   *[other] rim
}
unit-toples = { $n ->
   *[other] toples
}
unit-kaleng = { $n ->
   *[other] kaleng
}
unit-sachet = { $n ->
   *[other] sachet
}
unit-cup = { $n ->
   *[other] cup
}
unit-pak = { $n ->
   *[other] pak
}
unit-paket = { $n ->
   *[other] paket
}
unit-ikat = { $n ->
   *[other] ikat
}
unit-sisir = { $n ->
   *[other] sisir
}
unit-tandan = { $n ->
   *[other] tandan
}
unit-papan = { $n ->
   *[other] papan
}
unit-karung = { $n ->
   *[other] karung
}
unit-peti = { $n ->
   *[other] peti
}
unit-krat = { $n ->
   *[other] krat
}
unit-dus = { $n ->
   *[other] dus
}
unit-ball = { $n ->
   *[other] ball
}
unit-jeriken = { $n ->
   *[other] jeriken
}
unit-galon = { $n ->
   *[other] galon
}

permit-pirt = P-IRT
permit-bpom = BPOM
permit-halal = Halal
permit-sni = SNI
permit-organic = Organik
permit-geographical-indication = Indikasi geografis
permit-haccp = HACCP
permit-fairtrade = Fairtrade
permit-other = Lainnya
