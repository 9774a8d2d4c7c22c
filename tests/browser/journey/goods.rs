//! The owner of a small business: from registering to a product on show.

use tests::browser::Browser;

use super::{OWNER, Walk, register};

pub async fn owner_lists_a_product(walk: &Walk, owner: &Browser) {
    let names = [
        ("person_name", "Sari Wulandari"),
        ("organisation_name", "Dapur Roban"),
    ];
    register(walk, owner, "Pemilik usaha (UMKM)", &names, OWNER).await;
    owner.reads("Dapur Roban").await;
    walk.picture(owner, "umkm-home").await;

    owner.click("Jual barang baru").await;
    owner.fill("name", "Keripik singkong original").await;
    owner.choose("kind", "Keripik singkong").await;
    owner.choose("unit", "bungkus").await;
    owner.fill("content", "250 g").await;
    owner.fill("price", "sepuluh ribu").await;
    owner.fill("stock", "2.400").await;
    walk.picture(owner, "product-new").await;
    owner.press("Tayangkan").await;

    // Refused: said on top and at the field, and nothing has to be typed again.
    walk.picture(owner, "product-error").await;
    assert!(owner.has(".errors a[href='#price']").await);
    assert!(!owner.message("price").await.is_empty());
    assert_eq!(owner.value("price").await, "sepuluh ribu");
    assert_eq!(owner.value("name").await, "Keripik singkong original");
    assert_eq!(owner.value("stock").await, "2.400");
    assert_eq!(owner.value("unit").await, "bungkus");
    assert_eq!(walk.count("SELECT count(*) FROM products").await, 0);

    owner.fill("price", "10.500").await;
    owner.press("Tayangkan").await;
    owner.reads("Keripik singkong original sudah tayang").await;
    owner.reads("Rp10.500").await;
    owner.reads("2.400").await;
    walk.picture(owner, "product").await;
    owner.go("/home").await;
    owner.click("Barang saya").await;
    owner.reads("Keripik singkong original").await;
    walk.picture(owner, "products").await;
}
