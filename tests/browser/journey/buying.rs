//! The buyer: verified, finds the offer in spite of a typing mistake, orders it once.

use tests::browser::Browser;

use super::{BUYER, MANAGER, OWNER, Walk, register, verify};

pub async fn buyer_joins(walk: &Walk, buyer: &Browser, admin: &Browser) {
    let names = [
        ("organisation_name", "Ritel Nusantara"),
        ("buyer_kind", "retailer"),
    ];
    register(walk, buyer, "Pembeli", &names, BUYER).await;
    buyer.reads("Menunggu pemeriksaan").await;
    verify(walk, admin, "Ritel Nusantara", None).await;
    let subjects = walk.subjects(BUYER).await;
    assert!(
        subjects.contains("Ritel Nusantara sudah disetujui"),
        "{subjects}"
    );
    buyer.go("/home").await;
    walk.picture(buyer, "buyer-home").await;
}

pub async fn buyer_finds_the_offer(walk: &Walk, buyer: &Browser) {
    walk.app.run_jobs().await;
    buyer.go("/").await;
    walk.picture(buyer, "front").await;
    buyer.fill("q", "kripik singkng").await;
    buyer.click("Cari").await;
    walk.picture(buyer, "search").await;
    buyer.reads("Keripik singkong original 250 g").await;

    buyer.click("Saring").await;
    buyer.click("Jawa Tengah").await;
    buyer.click("Tampilkan penawaran").await;
    walk.picture(buyer, "search-filtered").await;
    buyer.reads("Keripik singkong original 250 g").await;
    assert!(buyer.path().await.contains("province="));

    buyer.click("Keripik singkong original 250 g").await;
    buyer.reads("Gabungan dari 3 usaha").await;
    buyer.reads("Rp12.500").await;
    let text = buyer.text().await;
    assert!(
        !text.contains("10.500"),
        "the member's price is no buyer's: {text}"
    );
    walk.picture(buyer, "offer").await;
}

pub async fn buyer_orders_once(walk: &Walk, buyer: &Browser) {
    buyer.fill("units", "9").await;
    buyer.press("Masukkan keranjang").await;
    // Below the minimum: said at the field, the figure stays.
    walk.picture(buyer, "cart-below-minimum").await;
    assert_eq!(buyer.message("units").await, "Pesan paling sedikit 10");
    assert_eq!(buyer.value("units").await, "9");
    buyer.fill("units", "100").await;
    buyer.press("Masukkan keranjang").await;
    buyer.go("/cart").await;
    walk.picture(buyer, "cart").await;
    buyer.reads("Rp50.000.000").await;
    buyer.press("Lanjut ke alamat").await;
    // The goods are fetched: no address is asked for, the place is told.
    buyer.reads("Tempat pengambilan").await;
    buyer.fill("po_number", "PO-2026-7").await;
    walk.picture(buyer, "order-details").await;
    buyer.press("Lanjut ke pemeriksaan").await;

    buyer.reads("Periksa pesanan Anda").await;
    buyer.reads("Tempat pengambilan").await;
    buyer.reads("PO-2026-7").await;
    walk.picture(buyer, "order-check").await;
    buyer.press("Kirim pesanan").await;
    buyer.reads("Pesanan terkirim").await;
    buyer.reads("Terkirim ke koperasi").await;
    walk.picture(buyer, "order-sent").await;
    let order = buyer.path().await;

    // Back, and once more: the same order, not a second one.
    buyer.back().await;
    buyer.reads("Periksa pesanan Anda").await;
    buyer.press("Kirim pesanan").await;
    buyer.is_at(&order).await;
    walk.picture(buyer, "order-resent").await;
    assert_eq!(walk.count("SELECT count(*) FROM orders").await, 1);

    let subjects = walk.subjects(BUYER).await;
    assert!(
        subjects.contains("terkirim ke Koperasi Rasa Alas Roban"),
        "{subjects}"
    );
    let subjects = walk.subjects(MANAGER).await;
    assert!(subjects.contains("dari Ritel Nusantara"), "{subjects}");
    let subjects = walk.subjects(OWNER).await;
    assert!(subjects.contains("Bagian Anda: 40 dus"), "{subjects}");
}
