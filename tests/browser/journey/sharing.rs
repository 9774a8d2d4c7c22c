//! After the order: each member sees its part and why, answers; what is missing is shared out anew; the order is taken.

use tests::browser::Browser;

use super::{BUYER, OWNER, Walk, pooling::Members};

/// From home to one's open share, as the menu leads there.
async fn open_share(member: &Browser) {
    member.go("/home").await;
    member.click("Pesanan").await;
    member.click("Jawab sekarang").await;
    member.reads("Mengapa segini?").await;
}

/// 100 cartons over 60, 50 and 40: 40, 33 and 26 in whole, and the last one to the greatest fraction.
pub async fn members_answer(walk: &Walk, owner: &Browser, members: &Members) {
    open_share(owner).await;
    owner.reads("Bagian Dapur Roban").await;
    owner.reads("40").await;
    walk.picture(owner, "share-why").await;
    owner.press("Siapkan 40 dus").await;
    owner.reads("Bagian ini disanggupi").await;

    open_share(&members.reban).await;
    // 26,67: one of the two left-over cartons' fractions is greatest here.
    members.reban.reads("Pecahan Anda").await;
    walk.picture(&members.reban, "share-why-remainder").await;
    members.reban.press("Siapkan 27 dus").await;
    members.reban.reads("Bagian ini disanggupi").await;

    open_share(&members.emping).await;
    members.emping.click("Saya tidak sanggup segini").await;
    members.emping.fill("quantity", "40").await;
    members.emping.press("Kurangi bagian").await;
    // More than the share: refused at the field, with what was typed.
    let message = members.emping.message("quantity").await;
    assert!(message.contains("Paling banyak 32"), "{message}");
    assert_eq!(members.emping.value("quantity").await, "40");
    walk.picture(&members.emping, "share-reduce-error").await;
    members.emping.fill("quantity", "20").await;
    members.emping.fill("reason", "Singkong kurang").await;
    members.emping.press("Kurangi bagian").await;
    members.emping.reads("Jumlahnya dikurangi").await;
    walk.picture(&members.emping, "share-reduced").await;
}

/// 13 cartons are missing; 20 and 13 are free: 7,88 and 5,12, so 8 and 5.
pub async fn shortfall_is_shared_out_anew(walk: &Walk, owner: &Browser, members: &Members) {
    let subjects = walk.subjects(OWNER).await;
    assert!(subjects.contains("Bagian Anda: 8 dus"), "{subjects}");
    open_share(owner).await;
    owner.reads("Pembagian kedua").await;
    walk.picture(owner, "share-second").await;
    owner.press("Siapkan 8 dus").await;
    owner.reads("Bagian ini disanggupi").await;
    open_share(&members.reban).await;
    members.reban.press("Siapkan 5 dus").await;
    members.reban.reads("Bagian ini disanggupi").await;
    let packs = "SELECT CAST(SUM(packs) AS BIGINT) FROM holds WHERE released_at IS NULL";
    assert_eq!(walk.count(packs).await, 4_000);
}

pub async fn manager_confirms(walk: &Walk, manager: &Browser, buyer: &Browser) {
    manager.go("/home").await;
    manager.reads("Pesanan siap diterima").await;
    walk.picture(manager, "manager-home-tasks").await;
    manager.click("Pesanan").await;
    walk.picture(manager, "manager-orders").await;
    manager.click("RAR").await;
    manager.reads("Semua bagian sudah lengkap").await;
    walk.picture(manager, "manager-order").await;
    manager.press("Terima pesanan").await;
    manager.reads("Pesanan diterima").await;
    walk.picture(manager, "manager-order-confirmed").await;

    let subjects = walk.subjects(BUYER).await;
    assert!(subjects.contains("menerima pesanan"), "{subjects}");
    let subjects = walk.subjects(OWNER).await;
    assert!(subjects.contains("Siapkan"), "{subjects}");
    buyer.go("/home").await;
    buyer.click("Pesanan saya").await;
    buyer.reads("Diterima koperasi").await;
    walk.picture(buyer, "buyer-orders").await;
    buyer.click("RAR").await;
    buyer.reads("Diterima koperasi").await;
    walk.picture(buyer, "buyer-order-confirmed").await;
}
