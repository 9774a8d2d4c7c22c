//! What becomes of the real program when something around it ends or fails (CHECKLIST section 3): it is asked to stop, the
//! mail server or the store of photos is down, the disk of photos is full.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use tests::build::photo;
use tests::database::{self, Fresh, Kind};
use tests::page::Page;
use tests::people::PASSWORD;
use tests::s3::{self, BUCKET, KEY, ObjectServer};
use tests::served::Served;
use tests::skip;
use tests::smtp::{self, MailServer};
use tests::visitor::Visitor;

use crate::lumbung;

async fn sqlite() -> Fresh {
    let fresh = Fresh::make(Kind::Sqlite).await;
    fresh.expect("SQLite is always there")
}

/// Waits until something is so.
async fn wait(limit: Duration, is_so: impl AsyncFn() -> bool) {
    let begun = Instant::now();
    while !is_so().await {
        assert!(begun.elapsed() < limit, "not within {limit:?}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// The owner of a new UMKM, signed in; a letter of welcome is on its way.
async fn owner(served: &Served, login: &str) -> Visitor {
    let visitor = Visitor::new(&served.url);
    let fields = [
        ("person_name", "Siti Aminah"),
        ("organisation_name", "Dapur Roban"),
        ("region", "Kabupaten Batang"),
        ("login", login),
        ("password", PASSWORD),
        ("consent", "on"),
    ];
    let answer = visitor
        .fill("/register/umkm", "/register/umkm", &fields)
        .await;
    assert_eq!(answer.status, 303, "{}", answer.visible());
    let fields = [("login", login), ("password", PASSWORD)];
    let answer = visitor.fill("/login", "/login", &fields).await;
    assert_eq!(answer.status, 303, "{}", answer.visible());
    visitor
}

/// Sends the form of a new product with a photo and without its price: it comes back, with the photo or without.
async fn send_photo(owner: &Visitor, number: u8) -> Page {
    let page = owner.get("/products/new").await.expect(200);
    let form = page
        .form("/products/new")
        .with("name", "Emping manis")
        .with("stock", "20")
        .attach("photo_file", "foto.jpg", &photo(number))
        .press("Tayangkan");
    let page = owner.submit(&page, &form).await.expect(422);
    let form = page.form("/products/new");
    assert_eq!(form.value("name"), Some("Emping manis"), "typed, and kept");
    assert_eq!(form.value("stock"), Some("20"));
    page
}

fn is_kept(page: &Page) -> bool {
    page.says("Foto sudah tersimpan. Tidak perlu dikirim lagi")
}

/// A request whose body has not come yet.
struct Half(TcpStream);

const BODY: &str = "login=a%40contoh.example&password=rahasia";

impl Half {
    fn send(url: &str) -> Self {
        let host = url.strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(host).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(20)))
            .unwrap();
        let length = BODY.len();
        write!(
            stream,
            "POST /login HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {length}\r\n\r\n{}",
            &BODY[..9]
        )
        .unwrap();
        Self(stream)
    }

    /// Sends the rest; gives the whole answer.
    fn finish(mut self) -> String {
        self.0.write_all(&BODY.as_bytes()[9..]).unwrap();
        let mut answer = String::new();
        // The server closes after its last answer.
        let _ = self.0.read_to_string(&mut answer);
        answer
    }
}

fn is_refused(url: &str) -> bool {
    TcpStream::connect(url.strip_prefix("http://").unwrap()).is_err()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn asked_to_stop_it_finishes_what_runs_refuses_what_is_new_and_ends_well() {
    for kind in Kind::ALL {
        let Some(fresh) = Fresh::make(kind).await else {
            continue;
        };
        let mut served = Served::start(lumbung(&fresh, &["serve"]));
        // Somebody whose connection is kept and says nothing must not hold up the end.
        let idle = Visitor::new(&served.url);
        let _ = idle.get("/healthz").await.expect(200);
        let half = Half::send(&served.url);
        tokio::time::sleep(Duration::from_millis(300)).await;
        let begun = Instant::now();
        served.terminate();
        let url = served.url.clone();
        wait(Duration::from_secs(3), async || is_refused(&url)).await;
        tokio::time::sleep(Duration::from_millis(500)).await;
        let answer = tokio::task::spawn_blocking(move || half.finish())
            .await
            .unwrap();
        // Without a token the form is refused; what counts is that the whole page came.
        assert!(answer.starts_with("HTTP/1.1 403"), "{answer}");
        assert!(answer.trim_end().ends_with("</html>"), "{answer}");
        served.ends_within(Duration::from_secs(30));
        assert!(begun.elapsed() < Duration::from_secs(30));
        if kind == Kind::Sqlite {
            let log = fresh.folder().join("lumbung.db-wal");
            assert!(!log.exists(), "the database is one whole file");
        }
        // And it starts again.
        Served::start(lumbung(&fresh, &["serve"])).stop();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn asked_to_stop_while_the_mail_server_hangs_it_ends_in_time_and_loses_no_letter() {
    let fresh = sqlite().await;
    let letters = MailServer::start(smtp::Mood::Hangs).await;
    let with_mail = || {
        let mut command = lumbung(&fresh, &["serve"]);
        command.env("SMTP_URL", &letters.url);
        command
    };
    let mut served = Served::start(with_mail());
    owner(&served, "siti@contoh.example").await;
    wait(Duration::from_secs(5), async || letters.connections() > 0).await;
    served.terminate();
    served.ends_within(Duration::from_secs(30));
    let waiting =
        "SELECT COUNT(*) FROM jobs WHERE kind = 'letter' AND done_at IS NULL AND dead_at IS NULL";
    // Of welcome, and to confirm the address.
    assert_eq!(database::number(&fresh.url, waiting).await, 2);
    assert!(letters.taken().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_go_on_while_the_mail_server_is_away_and_the_letter_leaves_when_it_is_back() {
    let fresh = sqlite().await;
    let letters = MailServer::start(smtp::Mood::Away).await;
    let mut command = lumbung(&fresh, &["serve"]);
    command.env("SMTP_URL", &letters.url);
    let served = Served::start(command);
    let owner = owner(&served, "siti@contoh.example").await;
    wait(Duration::from_secs(5), async || letters.connections() > 0).await;
    let begun = Instant::now();
    let _ = owner.get("/home").await.expect(200);
    assert!(begun.elapsed() < Duration::from_secs(1));
    let ready = owner.get("/readyz").await.expect(200);
    assert_eq!(ready.body, "ok, but without mail\n");
    assert!(letters.taken().is_empty());
    letters.turn(smtp::Mood::Takes);
    wait(Duration::from_secs(40), async || letters.taken().len() > 1).await;
    wait(Duration::from_secs(15), async || {
        owner.get("/readyz").await.body == "ok\n"
    })
    .await;
    served.stop();
    let taken = letters.taken();
    assert_eq!(taken.len(), 2, "each once: {taken:?}");
    assert_ne!(taken[0].message_id, taken[1].message_id);
    assert_eq!(taken[0].recipients, ["siti@contoh.example"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_go_on_while_the_store_of_photos_is_away_and_photos_are_back_when_it_is() {
    let fresh = sqlite().await;
    let store = ObjectServer::start().await;
    let start = || {
        let mut command = lumbung(&fresh, &["serve"]);
        command
            .env("STORAGE_URL", store.url(BUCKET, "foto"))
            .env("AWS_ACCESS_KEY_ID", KEY.0)
            .env("AWS_SECRET_ACCESS_KEY", KEY.1);
        Served::start(command)
    };
    // It starts without its store.
    store.turn(s3::Mood::Away);
    let begun = Instant::now();
    let served = start();
    assert!(begun.elapsed() < Duration::from_secs(5));
    let owner = owner(&served, "siti@contoh.example").await;
    let page = send_photo(&owner, 1).await;
    let said = page.field_message("photo_file");
    assert!(said.contains("belum bisa disimpan sekarang"), "{said}");
    assert!(!is_kept(&page));
    let ready = owner.get("/readyz").await.expect(200);
    assert_eq!(ready.body, "ok, but without files\n");
    let _ = owner.get("/home").await.expect(200);
    let photos = "SELECT COUNT(*) FROM photos";
    assert_eq!(database::number(&fresh.url, photos).await, 0);

    store.turn(s3::Mood::Serves);
    assert!(is_kept(&send_photo(&owner, 1).await));
    assert_eq!(database::number(&fresh.url, photos).await, 1);
    assert!(store.count() > 2);
    wait(Duration::from_secs(15), async || {
        owner.get("/readyz").await.body == "ok\n"
    })
    .await;
    served.stop();
    let audit = lumbung(&fresh, &["audit"]).output().unwrap();
    assert!(audit.status.success());
}

/// A folder on a disk of its own that is nearly full, which only the program sees: a mount in a namespace of its own.
fn on_a_small_disk(fresh: &Fresh, folder: &Path) -> Command {
    let plain = lumbung(fresh, &["serve"]);
    let mut command = Command::new("unshare");
    command
        .args(["--user", "--map-root-user", "--mount", "sh", "-c"])
        .arg(
            // As much as there is room for.
            "mount -t tmpfs -o size=1m none \"$0\" && { cat /dev/zero >\"$0/filler\" 2>&-; exec \"$@\"; }",
        )
        .arg(folder)
        .arg(plain.get_program())
        .args(plain.get_args())
        .env_clear();
    for (name, value) in plain.get_envs() {
        command.env(name, value.unwrap());
    }
    command
        .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
        .env("STORAGE_URL", format!("file://{}", folder.display()));
    command
}

/// Whether this machine lets a process mount something for itself.
fn can_mount() -> bool {
    Command::new("unshare")
        .args([
            "--user",
            "--map-root-user",
            "--mount",
            "mount",
            "-t",
            "tmpfs",
            "none",
            "/mnt",
        ])
        .output()
        .is_ok_and(|tried| tried.status.success())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_is_told_at_the_photo_and_nothing_but_room_is_needed_to_go_on() {
    if !can_mount() {
        skip::aloud("LEFT OUT: a full disk; this machine allows no mounts");
        return;
    }
    let fresh = sqlite().await;
    let folder = fresh.folder().join("small");
    std::fs::create_dir(&folder).unwrap();
    let served = Served::start(on_a_small_disk(&fresh, &folder));
    let owner = owner(&served, "siti@contoh.example").await;
    let page = send_photo(&owner, 1).await;
    let said = page.field_message("photo_file");
    assert!(said.contains("belum bisa disimpan sekarang"), "{said}");
    let photos = "SELECT COUNT(*) FROM photos";
    assert_eq!(database::number(&fresh.url, photos).await, 0);
    let _ = owner.get("/home").await.expect(200);
    let ready = owner.get("/readyz").await.expect(200);
    assert_eq!(ready.body, "ok\n", "what is there can be read");

    // The disk as the program sees it: nothing half written is left, and then there is room.
    let seen = format!("/proc/{}/root{}", served.id(), folder.display());
    let mut left = Vec::new();
    walk(Path::new(&seen), &mut left);
    let halves = left.iter().filter(|name| name.ends_with(".part"));
    assert_eq!(halves.count(), 0, "{left:?}");
    std::fs::remove_file(Path::new(&seen).join("filler")).unwrap();
    assert!(is_kept(&send_photo(&owner, 1).await));
    assert_eq!(database::number(&fresh.url, photos).await, 1);
    served.stop();
}

fn walk(folder: &Path, names: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.path().is_dir() {
            walk(&entry.path(), names);
        } else {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
}
