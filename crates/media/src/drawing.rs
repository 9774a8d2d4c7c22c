//! Our own drawings as pictures of pixels: for messengers, which show no SVG, and for the demo's photos.
//!
//! Only files of `static/` are drawn here, never what somebody sent.

use domain::photos::SHARE_SIZE;
use image::{DynamicImage, RgbImage};
use resvg::{
    tiny_skia::{Pixmap, Transform},
    usvg::{Options, Tree},
};

use crate::{error::Error, picture};

const CARD_BYTES: usize = 100_000;
const PHOTO_BYTES: usize = 400_000;

/// Ground and mark of the identity (§2), 360 × 630: beside the picture of the goods.
const GROUND: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 360 630">
<path fill="#073d2e" d="M0 0h360v630H0z"/>
<pattern id="w" width="60" height="30" patternUnits="userSpaceOnUse"><path fill="#f6c445" d="m30 5.6 19 9.4-19 9.4L11 15z"/></pattern>
<path fill="url(#w)" d="M0 0h360v30H0zM0 600h360v30H0z"/>
<g transform="translate(84 205) scale(6)" fill="#f6c445" fill-rule="evenodd"><path d="M16 1C22.6 2.8 26.5 7.2 26.5 12.8 26.5 15.4 27.5 17.2 30 18.6V21H2V18.6C4.5 17.2 5.5 15.4 5.5 12.8 5.5 7.2 9.4 2.8 16 1ZM16 4.6C13.6 7.4 13.6 10.6 16 13.4 18.4 10.6 18.4 7.4 16 4.6ZM15.3 18.6C11.2 18.2 9.2 15.2 9.4 11 13.2 11.8 15.4 14.6 15.3 18.6ZM16.7 18.6C20.8 18.2 22.8 15.2 22.6 11 18.8 11.8 16.6 14.6 16.7 18.6ZM5 23h22v2.3H5zM7.5 25.3h3V31h-3zM21.5 25.3h3V31h-3z"/></g>
</svg>"##;

/// A drawing as a picture of pixels that it fills; what is over at the sides is cut off.
fn filled(svg: &[u8], width: u32, height: u32) -> Result<Pixmap, Error> {
    part(svg, width, height, 1)
}

/// As [`filled`], `zoom` times as close to its middle.
fn part(svg: &[u8], width: u32, height: u32, zoom: u16) -> Result<Pixmap, Error> {
    let tree = Tree::from_data(svg, &Options::default())
        .map_err(|error| Error::Picture(error.to_string()))?;
    let mut pixels = Pixmap::new(width, height)
        .ok_or_else(|| Error::Picture("a picture without a size".to_owned()))?;
    let (w, h) = (side(width), side(height));
    let size = tree.size();
    let scale = (w / size.width()).max(h / size.height()) * f32::from(zoom);
    // The middle of the drawing in the middle of the picture.
    let left = (w - size.width() * scale) / 2.0;
    let top = (h - size.height() * scale) / 2.0;
    let place = Transform::from_scale(scale, scale).post_translate(left, top);
    resvg::render(&tree, place, &mut pixels.as_mut());
    Ok(pixels)
}

/// Pictures are far smaller than what a float counts exactly.
fn side(pixels: u32) -> f32 {
    f32::from(u16::try_from(pixels).unwrap_or(u16::MAX))
}

/// Copies `pixels` into `onto`, its left edge at `left`; what is transparent shows black.
fn put(pixels: &Pixmap, onto: &mut RgbImage, left: u32) {
    let width = pixels.width();
    for (y, row) in (0..).zip(pixels.pixels().chunks(width as usize)) {
        for (x, pixel) in (left..).zip(row) {
            if let Some(to) = onto.get_pixel_mut_checked(x, y) {
                to.0 = [pixel.red(), pixel.green(), pixel.blue()];
            }
        }
    }
}

/// The drawing beside the mark on the identity's ground, as a JPEG of [`SHARE_SIZE`] of at most 100 kB.
///
/// # Errors
/// When the drawing can't be read.
pub fn card(svg: &[u8]) -> Result<Vec<u8>, Error> {
    let (width, height) = SHARE_SIZE;
    let goods = filled(svg, height / 3 * 4, height)?;
    let beside = width - goods.width();
    let mut image = RgbImage::new(width, height);
    put(&goods, &mut image, 0);
    put(
        &filled(GROUND.as_bytes(), beside, height)?,
        &mut image,
        goods.width(),
    );
    picture::jpeg(&DynamicImage::ImageRgb8(image), CARD_BYTES)
}

/// A drawing as a photo that a phone might send, a JPEG 4:3 of this width; `zoom` times as close as it is drawn.
///
/// # Errors
/// When the drawing can't be read.
pub fn photo(svg: &[u8], width: u32, zoom: u16) -> Result<Vec<u8>, Error> {
    let height = width / 4 * 3;
    let mut image = RgbImage::new(width, height);
    put(&part(svg, width, height, zoom)?, &mut image, 0);
    picture::jpeg(&DynamicImage::ImageRgb8(image), PHOTO_BYTES)
}
