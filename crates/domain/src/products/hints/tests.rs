use super::*;
use proptest::prelude::*;

const G: fn(i64) -> Option<Content> = |grams| Some(Content::grams(grams));

#[test]
fn weights_and_volumes_are_read_in_every_spelling() {
    for (name, content) in [
        ("Seblak Ceker Tanpa Tulang 180gr", G(180)),
        ("KERUPUK BERAT 170 gram", G(170)),
        ("[ 250gr ] Kerupuk Kencur / Camilan", G(250)),
        ("Basreng 1 KG Daun Jeruk", G(1_000)),
        ("Kerupuk Bantet /Pelangi  - 1/4 kg", G(250)),
        ("Gula 1 1/2 kg", G(1_500)),
        ("Gula ½ kg", G(500)),
        ("Kopi 1,5kg", G(1_500)),
        ("Kopi 1.5 Kg", G(1_500)),
        ("Kopi 0,25 kg", G(250)),
        ("Kopi 1.000 gr", G(1_000)),
        ("Seblak Beton 1000 gr / 1 kg", G(1_000)),
        ("Kerupuk ISI 250gr KRITING", G(250)),
        ("Terasi 2 ons", G(200)),
        ("Madu hutan 650ml", Some(Content::millilitres(650))),
        ("Minyak kelapa 1 liter", Some(Content::millilitres(1_000))),
        ("Kain 2 meter", Some(Content::centimetres(200))),
    ] {
        let hints = hints_from_name(name);
        assert_eq!(hints.content, content, "{name}");
        assert_eq!(hints.pieces, None, "{name}");
    }
}

#[test]
fn what_is_said_twice_differently_is_not_said() {
    for name in [
        "Keripik 250-500 gr",
        "Keripik 100/200gr",
        "Keripik 250gr dan 500gr",
        "Keripik 250 g 1 liter",
        "Kopi 1,000 gr",
        "Kain tenun 60 x 200 cm",
        "KERUPUK SERBA 5000",
        "Krupuk 5000 gratis",
        "Keripik 0 gr",
        "Kopi 99999999999999999999 kg",
        "Kopi 1.5.5 kg",
        "Paket (3 Seblak 2 Batagor)",
        "",
        "1/",
    ] {
        assert_eq!(hints_from_name(name).content, None, "{name}");
    }
}

#[test]
fn pieces_are_read_beside_the_weight() {
    for (name, pieces, content) in [
        ("Rempah Autentik isi (5pcs)", Some(5), None),
        ("Rempah isi 5pcs", Some(5), None),
        ("boci isi12 bakso aci", Some(12), None),
        ("Cuanki Lidah 50 pcs topingan", Some(50), None),
        ("Cuanki Isi 50 Biji", Some(50), None),
        ("Teh hijau celup 25 kantong", Some(25), None),
        ("Keranjang bambu set 3", Some(3), None),
        ("Kopi saring isi 10 @ 12 gr", Some(10), G(12)),
        ("Kopi 10 x 12gr", Some(10), G(12)),
        ("Kopi 12gr x 10", Some(10), G(12)),
        ("12 Bungkus Mix isi 6 pcs X Seblak isi 6 pcs", None, None),
        ("Seblak isi 5-6 pcs", None, None),
        ("3 SEBLAK FREE BASO ACI", None, None),
    ] {
        let hints = hints_from_name(name);
        assert_eq!((hints.pieces, hints.content), (pieces, content), "{name}");
    }
}

#[test]
fn pieces_are_the_content_where_nothing_was_weighed() {
    let stated = |name| hints_from_name(name).stated_content();
    assert_eq!(stated("Teh celup 25 kantong"), Some(Content::pieces(25)));
    assert_eq!(stated("Kopi isi 10 @ 12 gr"), G(12));
    assert_eq!(stated("Seblak Karuhun"), None);
}

#[test]
fn a_container_without_a_number_is_the_unit() {
    for (name, unit) in [
        ("Paket Happy", Some(SaleUnit::Paket)),
        ("Sambal terasi botol 200 ml", Some(SaleUnit::Botol)),
        ("Cabai rawit per kg", Some(SaleUnit::Kg)),
        ("12 bungkus seblak", None),
        ("Basreng 1 kg", None),
        ("Madu botol dan toples", None),
    ] {
        assert_eq!(hints_from_name(name).unit, unit, "{name}");
    }
}

proptest! {
    #[test]
    fn no_name_breaks_the_reading(name in "\\PC{0,40}|([0-9]{1,19}|[.,/x -]|gr|kg|isi|pcs){0,12}") {
        let hints = hints_from_name(&name);
        if let Some(content) = hints.content {
            prop_assert!((1..=MOST).contains(&content.amount));
        }
        prop_assert!(hints.pieces.is_none_or(|pieces| pieces > 0));
    }
}
