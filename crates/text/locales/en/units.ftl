### Sale units and permits, in the words people use.
###
### `$n` chooses the plural.

unit-bungkus = { $n ->
    [one] pack
   *[other] packs
}
unit-kg = { $n ->
    [one] kg
   *[other] kg
}
unit-botol = { $n ->
    [one] bottle
   *[other] bottles
}
unit-kotak = { $n ->
    [one] box
   *[other] boxes
}
unit-buah = { $n ->
    [one] piece
   *[other] pieces
}
unit-lembar = { $n ->
    [one] sheet
   *[other] sheets
}
unit-set = { $n ->
    [one] set
   *[other] sets
}
unit-ons = { $n ->
    [one] ons (100 g)
   *[other] ons (100 g)
}
unit-kuintal = { $n ->
    [one] quintal
   *[other] quintals
}
unit-ton = { $n ->
    [one] tonne
   *[other] tonnes
}
unit-liter = { $n ->
    [one] litre
   *[other] litres
}
unit-meter = { $n ->
    [one] metre
   *[other] metres
}
unit-butir = { $n ->
    [one] item
   *[other] items
}
unit-ekor = { $n ->
    [one] head
   *[other] head
}
unit-pasang = { $n ->
    [one] pair
   *[other] pairs
}
unit-lusin = { $n ->
    [one] dozen
   *[other] dozen
}
unit-kodi = { $n ->
    [one] score (20)
   *[other] score (20)
}
unit-gros = { $n ->
    [one] gross
   *[other] gross
}
unit-rim = { $n ->
    [one] ream
   *[other] reams
}
unit-toples = { $n ->
    [one] jar
   *[other] jars
}
unit-kaleng = { $n ->
    [one] can
   *[other] cans
}
unit-sachet = { $n ->
    [one] sachet
   *[other] sachets
}
unit-cup = { $n ->
    [one] cup
   *[other] cups
}
unit-pak = { $n ->
    [one] packet
   *[other] packets
}
unit-paket = { $n ->
    [one] bundle
   *[other] bundles
}
unit-ikat = { $n ->
    [one] bunch
   *[other] bunches
}
unit-sisir = { $n ->
    [one] hand
   *[other] hands
}
unit-tandan = { $n ->
    [one] stem
   *[other] stems
}
unit-papan = { $n ->
    [one] board
   *[other] boards
}
unit-karung = { $n ->
    [one] sack
   *[other] sacks
}
unit-peti = { $n ->
    [one] crate
   *[other] crates
}
unit-krat = { $n ->
    [one] rack
   *[other] racks
}
unit-dus = { $n ->
    [one] carton
   *[other] cartons
}
unit-ball = { $n ->
    [one] bale
   *[other] bales
}
unit-jeriken = { $n ->
    [one] jerrycan
   *[other] jerrycans
}
unit-galon = { $n ->
    [one] gallon (19 l)
   *[other] gallons (19 l)
}

permit-pirt = P-IRT
permit-bpom = BPOM
permit-halal = Halal
permit-sni = SNI
permit-organic = Organic
permit-geographical-indication = Geographical indication
permit-haccp = HACCP
permit-fairtrade = Fairtrade
permit-other = Other
