//! Photos as phones and attackers send them.

use std::{
    io::Cursor,
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
    time::{Duration, Instant},
};

use domain::photos::{FileHash, SHARE_SIZE};
use image::{DynamicImage, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};

use crate::{Config, Darkroom, Error, Media, Picture, Refusal, Variant, drawing, four_by_three};

/// Red at the left, blue at the right, with some grain so that it is no plain area.
fn scene(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let grain = u8::try_from((x * 7 + y * 13) % 32).unwrap();
        if x < width / 2 {
            Rgb([220, grain, grain])
        } else {
            Rgb([grain, grain, 220])
        }
    })
}

fn encoded(image: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    let image: DynamicImage = image.into();
    image.write_to(&mut out, format).unwrap();
    out.into_inner()
}

fn jpeg(width: u32, height: u32) -> Vec<u8> {
    encoded(scene(width, height), ImageFormat::Jpeg)
}

/// The JPEG with EXIF: an orientation, and where the photo was taken.
fn with_exif(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let mut tiff = b"MM\0*\0\0\0\x08\0\x02".to_vec();
    tiff.extend([0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0]);
    // Where the maker's note would be, a text of 20 letters.
    tiff.extend([0x01, 0x0f, 0, 2, 0, 0, 0, 20, 0, 0, 0, 38]);
    tiff.extend([0, 0, 0, 0]);
    tiff.extend(b"GPS -6.9147,110.0203");
    let mut out = vec![0xff, 0xd8, 0xff, 0xe1];
    out.extend(u16::try_from(tiff.len() + 8).unwrap().to_be_bytes());
    out.extend(b"Exif\0\0");
    out.extend(tiff);
    out.extend(&jpeg[2..]);
    out
}

fn read(content: &[u8]) -> Result<Picture, Error> {
    Picture::read(Cursor::new(content))
}

fn refusal(content: &[u8]) -> Option<Refusal> {
    match read(content) {
        Err(Error::Refused(refusal)) => Some(refusal),
        _ => None,
    }
}

fn variant<'a>(picture: &'a Picture, name: &str) -> &'a Variant {
    let found = picture.variants.iter().find(|one| one.name == name);
    found.unwrap_or_else(|| panic!("no {name}"))
}

fn pixels(variant: &Variant) -> RgbImage {
    image::load_from_memory(&variant.content)
        .unwrap()
        .into_rgb8()
}

fn is_red(pixel: &Rgb<u8>) -> bool {
    pixel.0[0] > 150 && pixel.0[2] < 100
}

#[test]
fn a_photo_comes_in_every_size_small_enough_for_a_slow_line() {
    for (format, content) in [
        ("jpeg", jpeg(3000, 2250)),
        ("png", encoded(scene(1400, 1050), ImageFormat::Png)),
        ("webp", encoded(scene(1400, 1050), ImageFormat::WebP)),
    ] {
        let picture = read(&content).unwrap();
        assert_eq!((picture.width, picture.height), (1280, 960), "{format}");
        assert_eq!(picture.variants.len(), 9);
        for (width, height, webp, jpeg) in [
            (96, 72, 2_000, 3_000),
            (320, 240, 6_000, 12_000),
            (640, 480, 25_000, 45_000),
            (1280, 960, 90_000, 160_000),
        ] {
            for (kind, media_type, most) in
                [("webp", "image/webp", webp), ("jpg", "image/jpeg", jpeg)]
            {
                let one = variant(&picture, &format!("{width}.{kind}"));
                assert_eq!(one.media_type, media_type);
                assert_eq!((one.width, one.height), (width, height), "{}", one.name);
                assert_eq!(pixels(one).dimensions(), (width, height));
                let bytes = one.content.len();
                assert!(bytes <= most, "{format} {}: {bytes} bytes", one.name);
            }
        }
        let share = variant(&picture, "share.jpg");
        assert_eq!(pixels(share).dimensions(), SHARE_SIZE);
        assert!(share.content.len() <= 100_000);
        // Half red, half blue.
        let colour = u32::from_str_radix(&picture.colour[1..], 16).unwrap();
        let [_, r, g, b] = colour.to_be_bytes();
        assert!((90..150).contains(&r) && g < 60 && (90..150).contains(&b));
    }
}

#[test]
fn a_small_photo_is_not_blown_up_and_a_strip_not_cut() {
    let picture = read(&jpeg(500, 400)).unwrap();
    let one = variant(&picture, "1280.webp");
    assert_eq!((one.width, one.height), (500, 400));
    assert_eq!(variant(&picture, "320.jpg").width, 320);
    let picture = read(&jpeg(400, 8000)).unwrap();
    assert_eq!((picture.width, picture.height), (192, 3840));
}

#[test]
fn a_photo_stands_upright_whichever_way_the_phone_was_held() {
    // What is red after turning: EXIF 2.32, tag 0x0112.
    for (orientation, size, red) in [
        (1, (640, 480), "left"),
        (2, (640, 480), "right"),
        (3, (640, 480), "right"),
        (4, (640, 480), "left"),
        (5, (480, 640), "top"),
        (6, (480, 640), "top"),
        (7, (480, 640), "bottom"),
        (8, (480, 640), "bottom"),
    ] {
        let picture = read(&with_exif(&jpeg(640, 480), orientation)).unwrap();
        let image = pixels(variant(&picture, "1280.jpg"));
        assert_eq!(image.dimensions(), size, "orientation {orientation}");
        let (w, h) = size;
        let at = |x: u32, y: u32| is_red(image.get_pixel(x, y));
        let found = match (at(20, 20), at(w - 20, 20), at(20, h - 20)) {
            (true, false, true) => "left",
            (false, true, false) => "right",
            (true, true, false) => "top",
            (false, false, true) => "bottom",
            _ => "nowhere",
        };
        assert_eq!(found, red, "orientation {orientation}");
    }
}

#[test]
fn nothing_but_the_picture_is_left_of_a_photo() {
    let mut sent = with_exif(&jpeg(800, 600), 6);
    assert!(sent.windows(4).any(|part| part == b"GPS "));
    sent.extend(b"<script>alert(1)</script><?php system($_GET[0]); ?>");
    let picture = read(&sent).unwrap();
    for variant in &picture.variants {
        for word in [
            "Exif",
            "EXIF",
            "GPS",
            "ICC_PROFILE",
            "XMP ",
            "http",
            "script",
            "<?php",
        ] {
            let found = variant
                .content
                .windows(word.len())
                .any(|part| part == word.as_bytes());
            assert!(!found, "{word} is in {}", variant.name);
        }
    }
}

#[test]
fn what_is_transparent_becomes_white() {
    let clear = RgbaImage::from_pixel(200, 200, Rgba([255, 0, 0, 0]));
    let picture = read(&encoded(clear, ImageFormat::Png)).unwrap();
    let image = pixels(variant(&picture, "320.jpg"));
    assert!(image.get_pixel(100, 100).0.iter().all(|value| *value > 250));
}

/// The head of a PNG of this size, a chunk more, and a megabyte that claims to be its pixels.
fn png_bomb(width: u32, height: u32, chunk: &[u8; 4]) -> Vec<u8> {
    let mut out = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    out.extend(width.to_be_bytes());
    out.extend(height.to_be_bytes());
    out.extend([8, 2, 0, 0, 0, 0, 0, 0, 0]);
    out.extend([0, 0, 0, 8]);
    out.extend(chunk);
    out.extend([0, 0, 0x27, 0x10, 0, 0, 0, 0, 0, 0, 0, 0]);
    out.extend(1_000_000_u32.to_be_bytes());
    out.extend(b"IDAT");
    out.extend(vec![0; 1_000_004]);
    out
}

fn jpeg_bomb(width: u16, height: u16) -> Vec<u8> {
    let mut out = vec![0xff, 0xd8, 0xff, 0xc2, 0, 17, 8];
    out.extend(height.to_be_bytes());
    out.extend(width.to_be_bytes());
    out.extend([3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0]);
    out.extend(vec![0; 1_000_000]);
    out
}

fn moving_webp() -> Vec<u8> {
    let mut out = b"RIFF\0\0\x10\0WEBPVP8X\x0a\0\0\0\x02\0\0\0\x3f\x01\0\xef\0\0".to_vec();
    for _ in 0..10_000 {
        out.extend(b"ANMF\x10\0\0\0\0\0\0\0\0\0\x3f\x01\0\xef\0\0\0\0\0\0");
    }
    out
}

/// CHECKLIST E01, E02, E04: what is told from the content, whatever the name says.
fn bad_files() -> Vec<(&'static str, Vec<u8>, Refusal)> {
    vec![
        ("nothing", Vec::new(), Refusal::Empty),
        (
            "heic",
            b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec(),
            Refusal::Heic,
        ),
        (
            "avif",
            b"\0\0\0\x18ftypavif\0\0\0\0mif1".to_vec(),
            Refusal::Heic,
        ),
        (
            "svg",
            b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"x()\"/>".to_vec(),
            Refusal::Kind,
        ),
        (
            "gif of 10k frames",
            b"GIF89a\x01\0\x01\0\0\0\0".repeat(10_000),
            Refusal::Kind,
        ),
        (
            "html",
            b"<!doctype html><script>x()</script>".to_vec(),
            Refusal::NoPicture,
        ),
        (
            "php",
            b"<?php system('ls'); ?>".to_vec(),
            Refusal::NoPicture,
        ),
        ("exe", b"MZ\x90\0\x03\0\0\0".to_vec(), Refusal::NoPicture),
        ("zip", b"PK\x03\x04\x14\0".to_vec(), Refusal::NoPicture),
        (
            "png 20,000 x 20,000",
            png_bomb(20_000, 20_000, b"tEXt"),
            Refusal::TooLarge,
        ),
        (
            "png 16,000 x 16,000",
            png_bomb(16_000, 16_000, b"tEXt"),
            Refusal::TooLarge,
        ),
        (
            "png 4 billion wide",
            png_bomb(u32::MAX, u32::MAX, b"tEXt"),
            Refusal::TooLarge,
        ),
        (
            "png of 10k frames",
            png_bomb(100, 100, b"acTL"),
            Refusal::Moving,
        ),
        ("png of zeros", png_bomb(100, 100, b"tEXt"), Refusal::Broken),
        (
            "png without size",
            png_bomb(0, 100, b"tEXt"),
            Refusal::Broken,
        ),
        (
            "jpeg 20,000 x 20,000",
            jpeg_bomb(20_000, 20_000),
            Refusal::TooLarge,
        ),
        (
            "jpeg 6,000 x 6,000 in passes",
            jpeg_bomb(6_000, 6_000),
            Refusal::TooLarge,
        ),
        (
            "jpeg without a picture",
            jpeg_bomb(600, 600),
            Refusal::Broken,
        ),
        ("webp of 10k frames", moving_webp(), Refusal::Moving),
        (
            "jpeg cut off",
            jpeg(900, 700)[..300].to_vec(),
            Refusal::Broken,
        ),
        (
            "png cut off",
            encoded(scene(90, 70), ImageFormat::Png)[..60].to_vec(),
            Refusal::Broken,
        ),
        (
            "one pixel",
            encoded(scene(1, 1), ImageFormat::Png),
            Refusal::TooSmall,
        ),
    ]
}

#[test]
fn what_is_no_photo_or_too_much_is_refused() {
    for (name, content, expected) in bad_files() {
        assert_eq!(refusal(&content), Some(expected), "{name}");
    }
}

#[test]
fn a_photo_cut_off_on_the_way_is_never_a_panic() {
    for content in [jpeg(60, 50), encoded(scene(60, 50), ImageFormat::Png)] {
        for end in (0..content.len()).step_by(content.len() / 9) {
            let _ = read(&content[..end]);
        }
    }
}

/// In a process of its own, so that its highest memory is its own: reads the file it is told to, and says what came of it.
#[test]
fn a_child_reads_what_it_is_told_to() {
    let Ok(path) = std::env::var("LUMBUNG_TEST_PICTURE") else {
        return;
    };
    let begun = Instant::now();
    let outcome = Picture::read(std::fs::File::open(path).unwrap());
    let took = begun.elapsed().as_millis();
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let highest = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .unwrap()
        .trim()
        .trim_end_matches(" kB");
    let was_refused = matches!(outcome, Err(Error::Refused(_)));
    println!("read: {was_refused} {took} {highest}");
}

/// Whether the file is refused, how long that takes, and the highest memory of the process, in megabytes.
fn child(path: &Path) -> (bool, Duration, u64) {
    let out = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "tests::a_child_reads_what_it_is_told_to"])
        .args(["--nocapture", "--test-threads=1"])
        .env("LUMBUNG_TEST_PICTURE", path)
        .output()
        .unwrap();
    let out = String::from_utf8_lossy(&out.stdout).into_owned();
    let line = out.lines().find_map(|line| line.split_once("read: "));
    let words: Vec<&str> = line
        .unwrap_or_else(|| panic!("{out}"))
        .1
        .split(' ')
        .collect();
    (
        words[0] == "true",
        Duration::from_millis(words[1].parse().unwrap()),
        words[2].parse::<u64>().unwrap() / 1024,
    )
}

fn folder() -> PathBuf {
    static NEXT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
    let n = NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    let path = std::env::temp_dir().join(format!("lumbung-media-{}-{n}", std::process::id()));
    std::fs::create_dir_all(&path).unwrap();
    path
}

/// CHECKLIST E04: in less than 2 s and 200 MB.
#[test]
fn a_bomb_is_refused_before_it_takes_memory() {
    let folder = folder();
    for (name, content, _) in bad_files() {
        let path = folder.join("bomb");
        std::fs::write(&path, content).unwrap();
        let (was_refused, took, megabytes) = child(&path);
        assert!(was_refused, "{name}");
        assert!(took < Duration::from_secs(2), "{name}: {took:?}");
        assert!(megabytes < 200, "{name}: {megabytes} MB");
    }
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn the_largest_photo_that_is_taken_fits_into_memory() {
    let folder = folder();
    let path = folder.join("large.png");
    let plain = RgbImage::from_pixel(8_000, 6_400, Rgb([9, 90, 60]));
    std::fs::write(&path, encoded(plain, ImageFormat::Png)).unwrap();
    let (was_refused, _, megabytes) = child(&path);
    assert!(!was_refused);
    assert!(megabytes < 240, "{megabytes} MB");
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn a_file_is_kept_once_under_the_hash_of_its_content() {
    let path = folder();
    let url = format!("file://{}/files", path.display());
    for is_durable in [true, false] {
        let media = Media::open(&Config {
            is_durable,
            ..Config::new(&url)
        })
        .unwrap();
        let name = media.put(b"abc".to_vec()).await.unwrap();
        assert_eq!(name, FileHash::of(b"abc"));
        assert_eq!(media.put(b"abc".to_vec()).await.unwrap(), name);
        assert_eq!(media.get(&name).await.unwrap().unwrap(), b"abc");
        let other = FileHash::of(b"other");
        assert!(media.get(&other).await.unwrap().is_none());
        let lies = path.join("files").join("ba").join(name.as_str());
        assert_eq!(std::fs::read(lies).unwrap(), b"abc");
        let files = std::fs::read_dir(path.join("files").join("ba")).unwrap();
        assert_eq!(files.count(), 1, "nothing half written is left");
    }
    for address in ["s3://B", "file://", "/var/files", ""] {
        let opened = Media::open(&Config::new(address));
        assert!(matches!(opened, Err(Error::Address)));
    }
    std::fs::remove_dir_all(path).unwrap();
}

#[tokio::test]
async fn many_photos_at_once_are_made_a_few_at_a_time() {
    let folder = folder();
    let path = folder.join("photo.jpg");
    std::fs::write(&path, jpeg(1600, 1200)).unwrap();
    let room = Darkroom::default();
    let mut all = tokio::task::JoinSet::new();
    for _ in 0..6 {
        let file = Arc::new(std::fs::File::open(&path).unwrap());
        let room = room.clone();
        all.spawn(async move { room.develop(file).await.unwrap().width });
    }
    assert_eq!(all.join_all().await, [1280; 6]);
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_drawing_becomes_a_photo_and_a_picture_for_messengers() {
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 240 180\">\
        <path fill=\"#ff0000\" d=\"M0 0h240v180H0z\"/></svg>";
    let photo = drawing::photo(svg, 640, 1).unwrap();
    let picture = read(&photo).unwrap();
    assert_eq!((picture.width, picture.height), (640, 480));
    assert!(is_red(pixels(variant(&picture, "320.jpg")).get_pixel(5, 5)));
    let card = drawing::card(svg).unwrap();
    assert!(card.len() <= 100_000);
    let card = image::load_from_memory(&card).unwrap().into_rgb8();
    assert_eq!(card.dimensions(), SHARE_SIZE);
    assert!(is_red(card.get_pixel(400, 300)));
    assert!(card.get_pixel(1150, 100).0[1] > card.get_pixel(1150, 100).0[0]);
}

#[test]
fn a_photo_on_paper_is_four_wide_and_three_high_and_left_alone_where_it_is() {
    for shaped in [(320, 240), (320, 241), (96, 72)] {
        let photo = jpeg(shaped.0, shaped.1);
        assert_eq!(four_by_three(photo.clone()).unwrap(), photo);
    }
    for (sides, expected) in [((320, 480), (320, 240)), ((320, 100), (133, 100))] {
        let cut = four_by_three(jpeg(sides.0, sides.1)).unwrap();
        let picture = image::load_from_memory(&cut).unwrap().to_rgb8();
        assert_eq!((picture.width(), picture.height()), expected);
        // The middle is kept: red at the left, blue at the right.
        let at = |x| picture.get_pixel(x, picture.height() / 2).0;
        let (left, right) = (at(4), at(picture.width() - 5));
        assert!(left[0] > 150 && right[2] > 150, "{left:?} {right:?}");
    }
    assert!(matches!(
        four_by_three(b"no picture".to_vec()),
        Err(Error::Refused(Refusal::Broken))
    ));
}
