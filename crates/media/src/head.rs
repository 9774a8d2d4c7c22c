//! What a file is, told from its first bytes, and how much it would take to decode it. Reads heads only: a few hundred
//! bytes, however large the picture claims to be.

use std::io::{ErrorKind, Read, Seek, SeekFrom};

use crate::error::{Error, Refusal};

/// Longest side, in pixels: what JPEG and WebP can hold at all is not much more.
const SIDE_MAX: u32 = 16_383;
/// Pixels of a picture that is decoded line by line into three bytes each: a phone's 50 megapixels.
const PIXELS_MAX: u64 = 52_000_000;
/// Marks and chunks before the picture itself. Cameras write a dozen.
const PARTS_MAX: usize = 500;

/// A kind of picture that is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Jpeg,
    Png,
    Webp,
}

/// What the head of a file says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    pub kind: Kind,
    pub width: u32,
    pub height: u32,
    /// Memory that decoding takes, in bytes.
    pub bytes: u64,
}

/// Reads the head and leaves the file at its beginning.
///
/// # Errors
/// [`Refusal`] for what is not taken, and an error of the file.
pub fn read<R: Read + Seek>(file: &mut R) -> Result<Head, Error> {
    let mut start = [0_u8; 32];
    let got = fill(file, &mut start)?;
    let start = start.get(..got).unwrap_or_default();
    let head = match kind(start)? {
        Kind::Jpeg => jpeg(file)?,
        Kind::Png => png(file)?,
        Kind::Webp => webp(start)?,
    };
    if head.width == 0 || head.height == 0 {
        return Err(Refusal::Broken.into());
    }
    if head.width.max(head.height) > SIDE_MAX || head.bytes > PIXELS_MAX * 3 {
        return Err(Refusal::TooLarge.into());
    }
    file.seek(SeekFrom::Start(0))?;
    Ok(head)
}

/// As much as there is.
fn fill<R: Read>(file: &mut R, into: &mut [u8]) -> Result<usize, Error> {
    let mut got = 0;
    while let Some(rest) = into.get_mut(got..) {
        match file.read(rest) {
            Ok(0) => break,
            Ok(n) => got += n,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(got)
}

fn exactly<const N: usize, R: Read>(file: &mut R) -> Result<[u8; N], Error> {
    let mut bytes = [0_u8; N];
    match fill(file, &mut bytes)? {
        n if n == N => Ok(bytes),
        _ => Err(Refusal::Broken.into()),
    }
}

fn kind(start: &[u8]) -> Result<Kind, Refusal> {
    let at = |from: usize, to: usize| start.get(from..to).unwrap_or_default();
    if start.is_empty() {
        return Err(Refusal::Empty);
    }
    if start.starts_with(&[0xff, 0xd8, 0xff]) {
        return Ok(Kind::Jpeg);
    }
    if start.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Ok(Kind::Png);
    }
    if start.starts_with(b"RIFF") && at(8, 12) == b"WEBP" {
        return Ok(Kind::Webp);
    }
    const HEIC: [&[u8]; 8] = [
        b"heic", b"heix", b"heif", b"hevc", b"mif1", b"msf1", b"avif", b"avis",
    ];
    if at(4, 8) == b"ftyp" && HEIC.contains(&at(8, 12)) {
        return Err(Refusal::Heic);
    }
    let others: [&[u8]; 6] = [b"GIF8", b"BM", b"II*\0", b"MM\0*", b"<svg", b"<?xml"];
    if others.iter().any(|other| start.starts_with(other)) {
        return Err(Refusal::Kind);
    }
    Err(Refusal::NoPicture)
}

/// Walks the marks up to the one that tells the size.
fn jpeg<R: Read + Seek>(file: &mut R) -> Result<Head, Error> {
    file.seek(SeekFrom::Start(2))?;
    for _ in 0..PARTS_MAX {
        let [ff, mut mark] = exactly::<2, _>(file)?;
        if ff != 0xff {
            return Err(Refusal::Broken.into());
        }
        while mark == 0xff {
            [mark] = exactly::<1, _>(file)?;
        }
        // Marks that stand alone.
        if matches!(mark, 0x01 | 0xd0..=0xd8) {
            continue;
        }
        let length = i64::from(u16::from_be_bytes(exactly::<2, _>(file)?));
        if matches!(mark, 0xc0..=0xcf) && !matches!(mark, 0xc4 | 0xc8 | 0xcc) {
            let [_, h1, h2, w1, w2, parts] = exactly::<6, _>(file)?;
            let (width, height) = (u16::from_be_bytes([w1, w2]), u16::from_be_bytes([h1, h2]));
            let pixels = u64::from(width) * u64::from(height);
            // Only the baseline is decoded as it comes; all others are held as coefficients of two bytes first.
            let held = match mark {
                0xc0 | 0xc1 => 0,
                _ => pixels * 2 * samples(file, parts)? / 16,
            };
            return Ok(Head {
                kind: Kind::Jpeg,
                width: width.into(),
                height: height.into(),
                bytes: pixels * u64::from(parts.max(3)) + held,
            });
        }
        // The picture begins or ends without having told its size.
        if matches!(mark, 0xd9 | 0xda) || length < 2 {
            return Err(Refusal::Broken.into());
        }
        file.seek(SeekFrom::Current(length - 2))?;
    }
    Err(Refusal::Broken.into())
}

/// Sixteenths of a sample that are kept for each pixel: 48 in full colour, 24 where colour is kept coarser.
fn samples<R: Read>(file: &mut R, parts: u8) -> Result<u64, Error> {
    let mut factors = Vec::new();
    for _ in 0..parts.min(4) {
        let [_, factor, _] = exactly::<3, _>(file)?;
        factors.push((u64::from(factor >> 4), u64::from(factor & 15)));
    }
    let most = |side: fn(&(u64, u64)) -> u64| factors.iter().map(side).max().unwrap_or(1).max(1);
    let full = most(|factor| factor.0) * most(|factor| factor.1);
    Ok(factors.iter().map(|(x, y)| 16 * x * y / full).sum())
}

/// Walks the chunks up to the picture, to see whether it moves.
fn png<R: Read + Seek>(file: &mut R) -> Result<Head, Error> {
    file.seek(SeekFrom::Start(8))?;
    let mut head = None;
    for _ in 0..PARTS_MAX {
        let [l1, l2, l3, l4, n1, n2, n3, n4] = exactly::<8, _>(file)?;
        let length = i64::from(u32::from_be_bytes([l1, l2, l3, l4]));
        let mut taken = 0;
        match &[n1, n2, n3, n4] {
            b"IHDR" => {
                let [w1, w2, w3, w4, h1, h2, h3, h4, depth, colour] = exactly::<10, _>(file)?;
                taken = 10;
                let width = u32::from_be_bytes([w1, w2, w3, w4]);
                let height = u32::from_be_bytes([h1, h2, h3, h4]);
                // What comes out, and the copies of it on the way to three or four bytes: 16 bits are halved, grey is
                // spelled out, what is transparent is multiplied.
                let bytes = match (colour, depth > 8) {
                    (2, false) => 3,
                    (0, false) => 4,
                    (2 | 0, true) => 9,
                    (_, false) => 8,
                    (_, true) => 12,
                };
                head = Some(Head {
                    kind: Kind::Png,
                    width,
                    height,
                    bytes: u64::from(width)
                        .saturating_mul(u64::from(height))
                        .saturating_mul(bytes),
                });
            }
            b"acTL" => return Err(Refusal::Moving.into()),
            b"IDAT" => return Ok(head.ok_or(Refusal::Broken)?),
            b"IEND" => return Err(Refusal::Broken.into()),
            _ => {}
        }
        file.seek(SeekFrom::Current(length + 4 - taken))?;
    }
    Err(Refusal::Broken.into())
}

fn webp(start: &[u8]) -> Result<Head, Refusal> {
    let byte = |at: usize| start.get(at).copied().map(u32::from).ok_or(Refusal::Broken);
    let two = |at: usize| Ok(byte(at)? | byte(at + 1)? << 8);
    let three = |at: usize| Ok(two(at)? | byte(at + 2)? << 16);
    let (width, height) = match start.get(12..16) {
        Some(b"VP8 ") => (two(26)? & 0x3fff, two(28)? & 0x3fff),
        Some(b"VP8L") => {
            let bits = two(21)? | two(23)? << 16;
            ((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1)
        }
        Some(b"VP8X") => {
            if byte(20)? & 0x02 != 0 {
                return Err(Refusal::Moving);
            }
            (three(24)? + 1, three(27)? + 1)
        }
        _ => return Err(Refusal::Broken),
    };
    Ok(Head {
        kind: Kind::Webp,
        width,
        height,
        // Held as planes first, and with transparency at worst.
        bytes: u64::from(width) * u64::from(height) * 6,
    })
}
