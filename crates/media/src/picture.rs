//! From what somebody sent to the pictures that are shown.

use std::io::{BufReader, Read, Seek};

use domain::photos::{SHARE_SIZE, WIDTHS};
use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};
use image::{
    DynamicImage, ExtendedColorType, ImageDecoder, Limits, RgbImage,
    codecs::{jpeg::JpegDecoder, jpeg::JpegEncoder, png::PngDecoder, webp::WebPDecoder},
    metadata::Orientation,
};

use crate::{
    error::{Error, Refusal},
    head::{self, Head, Kind},
};

/// A side shorter than this shows nothing, in pixels.
const SIDE_MIN: u32 = 32;
/// A picture higher than this times its width is shrunk further, so that a strip of paper stays one.
const TALL_MAX: u32 = 3;
/// Qualities that are tried one after the other until the file is small enough.
const WEBP_QUALITIES: [u8; 5] = [70, 55, 40, 25, 10];
const JPEG_QUALITIES: [u8; 4] = [75, 60, 45, 30];
/// Bytes of a WebP picture of each of [`WIDTHS`]: CHECKLIST §4 allows 2 kB for a thumb, 6 kB for a card, 25 kB for the
/// picture of a page on a phone.
const WEBP_BYTES: [usize; 4] = [2_000, 6_000, 25_000, 90_000];
/// Bytes of its JPEG, for the few who need it.
const JPEG_BYTES: [usize; 4] = [3_000, 12_000, 45_000, 160_000];
const SHARE_BYTES: usize = 100_000;

/// A photo in all its sizes, upright, with nothing in it but the picture.
#[derive(Clone, Debug)]
pub struct Picture {
    /// Of the largest size, in pixels.
    pub width: u32,
    pub height: u32,
    /// The average, `#rrggbb`: shown until the picture is there.
    pub colour: String,
    pub variants: Vec<Variant>,
}

/// One size of a photo.
#[derive(Clone, Debug)]
pub struct Variant {
    /// `320.webp`, `1280.jpg`; `share.jpg` is for messengers. A name tells the width that is meant; a smaller photo stays
    /// as it is.
    pub name: String,
    pub media_type: &'static str,
    pub width: u32,
    pub height: u32,
    pub content: Vec<u8>,
}

impl Picture {
    /// Reads a photo and makes all its sizes. Takes a moment and much memory: see [`crate::Darkroom`].
    ///
    /// # Errors
    /// [`Error::Refused`] for what is no photo or would be too much.
    pub fn read<R: Read + Seek>(file: R) -> Result<Self, Error> {
        let mut file = BufReader::new(file);
        let head = head::read(&mut file)?;
        let image = decode(file, &head)?;
        of(image)
    }
}

/// Memory that reading the photo takes, in bytes, told from its head.
pub(crate) fn cost<R: Read + Seek>(file: R) -> Result<u64, Error> {
    Ok(head::read(&mut BufReader::new(file))?.bytes)
}

/// Decodes, shrinks to the largest size and turns upright.
fn decode<R: Read + Seek>(file: BufReader<R>, head: &Head) -> Result<DynamicImage, Error> {
    let broken = |_| Error::Refused(Refusal::Broken);
    let mut limits = Limits::default();
    limits.max_image_width = Some(head.width);
    limits.max_image_height = Some(head.height);
    limits.max_alloc = Some(head.bytes.saturating_mul(2).saturating_add(1 << 20));
    match head.kind {
        Kind::Jpeg => decoded(JpegDecoder::new(file).map_err(broken)?, limits),
        Kind::Png => decoded(
            PngDecoder::with_limits(file, limits.clone()).map_err(broken)?,
            limits,
        ),
        Kind::Webp => decoded(WebPDecoder::new(file).map_err(broken)?, limits),
    }
}

fn decoded(mut decoder: impl ImageDecoder, limits: Limits) -> Result<DynamicImage, Error> {
    let broken = |_| Error::Refused(Refusal::Broken);
    decoder.set_limits(limits).map_err(broken)?;
    let turned = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let image = DynamicImage::from_decoder(decoder).map_err(broken)?;
    if image.width().min(image.height()) < SIDE_MIN {
        return Err(Refusal::TooSmall.into());
    }
    // Eight bits for each colour are what is shown; with grey spelled out there is one way for all that follows.
    let image = match image {
        DynamicImage::ImageRgb8(_) | DynamicImage::ImageRgba8(_) => image,
        other if other.color().has_alpha() => DynamicImage::ImageRgba8(other.into_rgba8()),
        other => DynamicImage::ImageRgb8(other.into_rgb8()),
    };
    let is_lying = matches!(
        turned,
        Orientation::Rotate90
            | Orientation::Rotate270
            | Orientation::Rotate90FlipH
            | Orientation::Rotate270FlipH
    );
    let [.., largest] = WIDTHS;
    let (width, height) = match is_lying {
        true => {
            let (height, width) = fitted(image.height(), image.width(), largest);
            (width, height)
        }
        false => fitted(image.width(), image.height(), largest),
    };
    // Shrunk before it is turned: that moves fewer pixels.
    let small = shrunk(&image, width, height, None)?;
    drop(image);
    let mut small = flat(small);
    small.apply_orientation(turned);
    Ok(small)
}

/// What is transparent becomes white.
fn flat(image: DynamicImage) -> DynamicImage {
    let DynamicImage::ImageRgba8(image) = image else {
        return image;
    };
    let over = |colour: u8, alpha: u8| {
        let (colour, alpha) = (u16::from(colour), u16::from(alpha));
        u8::try_from((colour * alpha + 255 * (255 - alpha)) / 255).unwrap_or(u8::MAX)
    };
    let mut out = RgbImage::new(image.width(), image.height());
    for (to, from) in out.pixels_mut().zip(image.pixels()) {
        let [r, g, b, a] = from.0;
        to.0 = [over(r, a), over(g, a), over(b, a)];
    }
    DynamicImage::ImageRgb8(out)
}

/// The size at which a picture is at most `most` wide and [`TALL_MAX`] times as high. Never larger than it is.
fn fitted(width: u32, height: u32, most: u32) -> (u32, u32) {
    let (w, h, most) = (u64::from(width), u64::from(height), u64::from(most));
    let tall = most * u64::from(TALL_MAX);
    // Of the two limits the one that shrinks more.
    let (over, of) = if h * most > w * tall {
        (tall, h)
    } else {
        (most, w)
    };
    if over >= of {
        return (width, height);
    }
    let scaled = |side: u64| {
        u32::try_from((side * over + of / 2) / of)
            .unwrap_or(1)
            .max(1)
    };
    (scaled(w), scaled(h))
}

/// The picture at another size; `cut` is the part of it that is taken: left, top, width, height.
fn shrunk(
    image: &DynamicImage,
    width: u32,
    height: u32,
    cut: Option<(u32, u32, u32, u32)>,
) -> Result<DynamicImage, Error> {
    if cut.is_none() && (image.width(), image.height()) == (width, height) {
        return Ok(image.clone());
    }
    let mut options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3));
    if let Some((left, top, width, height)) = cut {
        options = options.crop(left.into(), top.into(), width.into(), height.into());
    }
    let mut out = DynamicImage::new(width, height, image.color());
    Resizer::new()
        .resize(image, &mut out, &options)
        .map_err(|error| Error::Picture(error.to_string()))?;
    Ok(out)
}

/// All sizes of a picture that is upright and at most as wide as the largest.
pub(crate) fn of(image: DynamicImage) -> Result<Picture, Error> {
    let (width, height) = (image.width(), image.height());
    let mut variants = Vec::with_capacity(2 * WIDTHS.len() + 1);
    variants.push(share(&image)?);
    let sizes = WIDTHS.iter().zip(WEBP_BYTES).zip(JPEG_BYTES);
    let mut current = image;
    let mut encoded: Option<(Vec<u8>, Vec<u8>)> = None;
    for ((most, webp_bytes), jpeg_bytes) in sizes.rev() {
        let (width, height) = fitted(current.width(), current.height(), *most);
        if (width, height) != (current.width(), current.height()) {
            current = shrunk(&current, width, height, None)?;
            encoded = None;
        }
        // A small photo is the same in several sizes.
        let (webp, jpeg) = match encoded.take() {
            Some(same) if same.0.len() <= webp_bytes && same.1.len() <= jpeg_bytes => same,
            _ => (webp(&current, webp_bytes)?, jpeg(&current, jpeg_bytes)?),
        };
        let variant = |kind: &str, media_type, content: &Vec<u8>| Variant {
            name: format!("{most}.{kind}"),
            media_type,
            width,
            height,
            content: content.clone(),
        };
        variants.push(variant("webp", "image/webp", &webp));
        variants.push(variant("jpg", "image/jpeg", &jpeg));
        encoded = Some((webp, jpeg));
    }
    Ok(Picture {
        width,
        height,
        colour: average(&current),
        variants,
    })
}

/// The middle of the picture in the shape that messengers show.
fn share(image: &DynamicImage) -> Result<Variant, Error> {
    let (width, height) = SHARE_SIZE;
    let (w, h) = (image.width(), image.height());
    let cut = if u64::from(w) * u64::from(height) > u64::from(h) * u64::from(width) {
        let part = (h * width / height).clamp(1, w);
        ((w - part) / 2, 0, part, h)
    } else {
        let part = (w * height / width).clamp(1, h);
        (0, (h - part) / 2, w, part)
    };
    let image = shrunk(image, width, height, Some(cut))?;
    Ok(Variant {
        name: "share.jpg".to_owned(),
        media_type: "image/jpeg",
        width,
        height,
        content: jpeg(&image, SHARE_BYTES)?,
    })
}

/// Bytes of a picture on paper.
const PAPER_BYTES: usize = 12_000;

/// A photo's JPEG in the shape that papers and sheets have for pictures, four wide and three high: as it is where it has
/// that shape, else its middle. Takes milliseconds: call it off the async threads.
///
/// # Errors
/// [`Error::Refused`] for what is no JPEG.
pub fn four_by_three(content: Vec<u8>) -> Result<Vec<u8>, Error> {
    let broken = |_| Error::Refused(Refusal::Broken);
    let decoder = JpegDecoder::new(std::io::Cursor::new(&content)).map_err(broken)?;
    let (w, h) = decoder.dimensions();
    let (wide, high) = (u64::from(w) * 3, u64::from(h) * 4);
    // Sides are whole pixels: a row more or less is the same shape.
    if wide.abs_diff(high) <= 4 {
        return Ok(content);
    }
    let cut = if wide > high {
        let part = (h * 4 / 3).clamp(1, w);
        ((w - part) / 2, 0, part, h)
    } else {
        let part = (w * 3 / 4).clamp(1, h);
        (0, (h - part) / 2, w, part)
    };
    let image = DynamicImage::from_decoder(decoder).map_err(broken)?;
    let image = DynamicImage::ImageRgb8(image.into_rgb8());
    let image = shrunk(&image, cut.2, cut.3, Some(cut))?;
    jpeg(&image, PAPER_BYTES)
}

fn webp(image: &DynamicImage, most: usize) -> Result<Vec<u8>, Error> {
    let rgb = rgb(image)?;
    let encoder = webp::Encoder::from_rgb(rgb.as_raw(), rgb.width(), rgb.height());
    smallest(&WEBP_QUALITIES, most, |quality| {
        let encoded = encoder.encode_simple(false, f32::from(quality));
        let encoded = encoded.map_err(|error| Error::Picture(format!("{error:?}")))?;
        Ok(encoded.to_vec())
    })
}

pub(crate) fn jpeg(image: &DynamicImage, most: usize) -> Result<Vec<u8>, Error> {
    let rgb = rgb(image)?;
    smallest(&JPEG_QUALITIES, most, |quality| {
        let mut out = Vec::new();
        JpegEncoder::new_with_quality(&mut out, quality)
            .encode(
                rgb.as_raw(),
                rgb.width(),
                rgb.height(),
                ExtendedColorType::Rgb8,
            )
            .map_err(|error| Error::Picture(error.to_string()))?;
        Ok(out)
    })
}

fn rgb(image: &DynamicImage) -> Result<&RgbImage, Error> {
    image
        .as_rgb8()
        .ok_or_else(|| Error::Picture("not in three colours".to_owned()))
}

/// The best quality whose file is small enough; the lowest where none is.
fn smallest(
    qualities: &[u8],
    most: usize,
    encode: impl Fn(u8) -> Result<Vec<u8>, Error>,
) -> Result<Vec<u8>, Error> {
    let mut encoded = Vec::new();
    for quality in qualities {
        encoded = encode(*quality)?;
        if encoded.len() <= most {
            break;
        }
    }
    Ok(encoded)
}

/// `#rrggbb` of all pixels together.
fn average(image: &DynamicImage) -> String {
    let mut sums = [0_u64; 3];
    let mut pixels = 0_u64;
    for pixel in image.as_rgb8().into_iter().flat_map(RgbImage::pixels) {
        for (sum, value) in sums.iter_mut().zip(pixel.0) {
            *sum += u64::from(value);
        }
        pixels += 1;
    }
    let [r, g, b] = sums.map(|sum| sum / pixels.max(1));
    format!("#{r:02x}{g:02x}{b:02x}")
}
