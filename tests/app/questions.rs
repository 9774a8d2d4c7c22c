//! Questions on an offer: who asks, who answers, who sees what.

use domain::ids::OfferId;
use tests::{app::TestApp, build::Pool, database::Kind, database::number, people::Person};

const EVIL: &str = "<script>alert(1)</script> {{7*7}} \"><img src=x onerror=alert(1)>";

struct Desk {
    manager: Person,
    buyer: Person,
    offer: OfferId,
}

async fn desk(app: &TestApp) -> Desk {
    let manager = app.cooperative("Rasa Alas Roban", "RAR").await;
    let umkm = app.umkm("Dapur Roban").await;
    let pooled = app.member(&manager, &umkm, 50).await;
    let offer = app.offer(&manager, &[pooled], &Pool::of(&[50])).await;
    Desk {
        buyer: app.buyer("Ritel Nusantara").await,
        manager,
        offer,
    }
}

impl Desk {
    fn offer(&self) -> String {
        format!("/offers/{}", self.offer)
    }

    fn asking(&self) -> String {
        format!("/offers/{}/questions", self.offer)
    }

    /// Asks on the offer's page.
    async fn ask(&self, words: &str) {
        let page = self.buyer.get(&self.offer()).await.expect(200);
        let form = page.form(&self.asking()).with("question", words);
        let answer = self.buyer.submit(&page, &form).await;
        let page = self.buyer.follow(answer.expect(303)).await.expect(200);
        page.reads("menunggu jawaban");
    }

    /// Answers the question that has waited longest.
    async fn answer(&self, words: &str, audience: &str) {
        let list = self.manager.get("/questions").await.expect(200);
        let href = list.links().into_iter().map(|link| link.href);
        let href = href
            .into_iter()
            .find(|h| h.starts_with("/questions/"))
            .expect("a question");
        let page = self.manager.get(&href).await.expect(200);
        let form = page
            .form(&href)
            .with("answer", words)
            .with("audience", audience);
        let answer = self.manager.submit(&page, &form).await;
        let _ = self.manager.follow(answer.expect(303)).await.expect(200);
    }
}

#[tokio::test]
async fn a_question_is_asked_answered_for_all_and_told_by_letters() {
    for app in TestApp::each().await {
        let desk = desk(&app).await;
        desk.ask("Bisa dikirim hari Senin?").await;
        // Until it is answered for all nobody else sees it.
        app.visitor()
            .get(&desk.offer())
            .await
            .expect(200)
            .lacks("Senin");
        let home = desk.manager.get("/home").await.expect(200);
        home.reads("Pertanyaan pembeli menunggu jawaban");
        desk.answer("Bisa, sebelum pukul sepuluh.", "public").await;
        for visitor in [&app.visitor(), &desk.buyer.visitor] {
            let page = visitor.get(&desk.offer()).await.expect(200);
            page.reads("Bisa dikirim hari Senin?");
            page.reads("Bisa, sebelum pukul sepuluh.");
        }
        // Whose question it was is told to nobody.
        let other = app.buyer("Ekspor Rempah").await;
        for path in [desk.offer(), desk.asking()] {
            let page = other.get(&path).await.expect(200);
            page.reads("Senin");
            page.lacks("Ritel Nusantara");
            page.lacks("Pertanyaan Anda, tampil");
        }
        desk.manager
            .get("/home")
            .await
            .expect(200)
            .lacks("Pertanyaan pembeli menunggu");
        app.run_jobs().await;
        let subjects = |login: &str| -> Vec<String> {
            let letters = app.letters.letters_to(login);
            letters.into_iter().map(|letter| letter.subject).collect()
        };
        let asked = subjects(&desk.manager.login);
        assert!(
            asked.iter().any(|s| s.starts_with("Pertanyaan tentang")),
            "{asked:?}"
        );
        let answered = subjects(&desk.buyer.login);
        assert!(
            answered.iter().any(|s| s.starts_with("Jawaban tentang")),
            "{answered:?}"
        );
    }
}

#[tokio::test]
async fn a_private_answer_is_for_the_asker_alone() {
    for app in TestApp::each().await {
        let desk = desk(&app).await;
        desk.ask("Berapa harga untuk 500 dus?").await;
        desk.answer("Kami kirim penawaran khusus.", "private").await;
        let page = desk.buyer.get(&desk.offer()).await.expect(200);
        page.reads("Kami kirim penawaran khusus.");
        page.reads("hanya Anda yang melihat");
        let other = app.buyer("Ekspor Rempah").await;
        let umkm = app.umkm("Dapur Lain").await;
        for visitor in [&app.visitor(), &other.visitor, &umkm.visitor] {
            for path in [desk.offer(), desk.asking()] {
                let page = visitor.get(&path).await.expect(200);
                page.lacks("500 dus");
                page.lacks("penawaran khusus");
                page.lacks("1 pertanyaan");
            }
        }
    }
}

#[tokio::test]
async fn a_hidden_question_is_seen_by_nobody_and_can_come_back() {
    for app in TestApp::each().await {
        let desk = desk(&app).await;
        desk.ask("Kalimat yang tidak pantas").await;
        desk.answer("Maaf.", "public").await;
        let id = "/questions?show=answered";
        let list = desk.manager.get(id).await.expect(200);
        let href = list.link("Keripik");
        let page = desk.manager.get(&href).await.expect(200);
        let form = page.form_with_button("Sembunyikan").press("Sembunyikan");
        let answer = desk.manager.submit(&page, &form).await;
        let page = desk.manager.follow(answer.expect(303)).await.expect(200);
        for visitor in [&app.visitor(), &desk.buyer.visitor] {
            visitor
                .get(&desk.offer())
                .await
                .expect(200)
                .lacks("tidak pantas");
        }
        let form = page
            .form_with_button("Tampilkan lagi")
            .press("Tampilkan lagi");
        let answer = desk.manager.submit(&page, &form).await;
        let _ = desk.manager.follow(answer.expect(303)).await.expect(200);
        app.visitor()
            .get(&desk.offer())
            .await
            .expect(200)
            .reads("tidak pantas");
        let events = "SELECT count(*) FROM events WHERE subject_kind = 'question'";
        assert_eq!(number(&app.database.url, events).await, 4);
    }
}

#[tokio::test]
async fn the_second_of_two_who_answer_sees_both_answers() {
    for app in TestApp::each().await {
        let desk = desk(&app).await;
        desk.ask("Ada contoh?").await;
        let list = desk.manager.get("/questions").await.expect(200);
        let href = list.link("Keripik");
        let page = desk.manager.get(&href).await.expect(200);
        let form = |words: &str| {
            page.form(&href)
                .with("answer", words)
                .with("audience", "public")
        };
        let first = desk.manager.submit(&page, &form("Ada, tiga macam.")).await;
        let _ = first.expect(303);
        let second = desk
            .manager
            .submit(&page, &form("Tidak ada."))
            .await
            .expect(409);
        second.reads("Ada, tiga macam.");
        assert_eq!(second.form(&href).value("answer"), Some("Tidak ada."));
    }
}

#[tokio::test]
async fn a_question_sent_twice_is_one_and_too_many_are_refused() {
    let app = TestApp::start(Kind::Sqlite).await.unwrap();
    let desk = desk(&app).await;
    let page = desk.buyer.get(&desk.offer()).await.expect(200);
    let form = page.form(&desk.asking()).with("question", "Dua kali?");
    for _ in 0..2 {
        let _ = desk.buyer.submit(&page, &form).await.expect(303);
    }
    let count = "SELECT count(*) FROM questions";
    assert_eq!(number(&app.database.url, count).await, 1);
    for n in 0..8 {
        let form = page
            .form(&desk.asking())
            .with("question", &format!("Ke-{n}?"));
        let _ = desk.buyer.submit(&page, &form).await.expect(303);
    }
    let refused = desk.buyer.submit(&page, &form).await.expect(429);
    assert!(refused.header("retry-after").is_some());
    let empty = page.form(&desk.asking()).with("question", "  ");
    let again = desk.buyer.submit(&page, &empty).await.expect(422);
    assert!(again.has("#question-error"));
}

#[tokio::test]
async fn words_that_look_like_code_are_only_words_in_questions_answers_and_letters() {
    let app = TestApp::start(Kind::Sqlite).await.unwrap();
    let desk = desk(&app).await;
    desk.ask(EVIL).await;
    desk.answer(EVIL, "public").await;
    for (visitor, path) in [
        (&app.visitor(), desk.offer()),
        (&app.visitor(), desk.asking()),
        (&desk.manager.visitor, "/questions?show=answered".to_owned()),
    ] {
        let page = visitor.get(&path).await.expect(200);
        page.reads("<script>alert(1)</script> {{7*7}}");
        assert!(
            !page.has("main script") && !page.has("img[onerror]"),
            "{path}"
        );
        assert!(!page.body.contains("<script>alert"), "{path}");
    }
    app.run_jobs().await;
    for letter in app.letters.letters_to(&desk.buyer.login) {
        assert!(!letter.html.contains("<script>"), "{}", letter.html);
    }
}
