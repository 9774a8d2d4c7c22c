//! Drawings (SVG) as pictures, for files that can't hold drawings: papers, sheets, previews.

use image::{ExtendedColorType, codecs::jpeg::JpegEncoder};
use resvg::{tiny_skia, usvg};

/// Wider pictures are not drawn: a drawing that asks for more is refused (pixels).
const WIDTH_MAX: u32 = 2_000;
/// JPEG quality of flat, drawn shapes.
const QUALITY: u8 = 82;

/// Why a drawing stays one.
#[derive(Debug, thiserror::Error)]
pub enum DrawError {
    #[error("the drawing can't be read: {0}")]
    Svg(#[from] usvg::Error),
    /// No width or height, or more than 2,000 pixels.
    #[error("a picture {width} pixels wide and {height} high is not drawn")]
    Size { width: u32, height: u32 },
    #[error("the picture can't be written: {0}")]
    Jpeg(#[from] image::ImageError),
}

/// Draws an SVG on white, `width` pixels wide and as high as it is by itself, as a JPEG. Loads nothing from elsewhere.
/// Takes milliseconds: call it off the async threads.
///
/// # Errors
/// [`DrawError`].
pub fn draw(svg: &[u8], width: u32) -> Result<Vec<u8>, DrawError> {
    let tree = usvg::Tree::from_data(svg, &usvg::Options::default())?;
    let scale = width as f32 / tree.size().width();
    let height = (tree.size().height() * scale).round() as u32;
    let refused = DrawError::Size { width, height };
    if width > WIDTH_MAX || height > WIDTH_MAX {
        return Err(refused);
    }
    let Some(mut pixels) = tiny_skia::Pixmap::new(width, height) else {
        return Err(refused);
    };
    pixels.fill(tiny_skia::Color::WHITE);
    resvg::render(
        &tree,
        tiny_skia::Transform::from_scale(scale, scale),
        &mut pixels.as_mut(),
    );
    // On white nothing is transparent, so colours are as they are.
    let rgb: Vec<u8> = pixels
        .data()
        .chunks_exact(4)
        .flat_map(|pixel| pixel.iter().take(3).copied())
        .collect();
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, QUALITY).encode(
        &rgb,
        width,
        height,
        ExtendedColorType::Rgb8,
    )?;
    Ok(jpeg)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOX: &[u8] =
        br##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 3"><path fill="#f00" d="M0 0h2v3H0z"/></svg>"##;

    #[test]
    fn a_drawing_becomes_a_jpeg_of_the_asked_width_on_white() {
        let jpeg = draw(BOX, 320).unwrap();
        let picture = image::load_from_memory(&jpeg).unwrap().to_rgb8();
        assert_eq!((picture.width(), picture.height()), (320, 240));
        let [red, white] = [picture.get_pixel(80, 120).0, picture.get_pixel(240, 120).0];
        assert!(red[0] > 240 && red[1] < 20, "{red:?}");
        assert!(white.iter().all(|channel| *channel > 250), "{white:?}");
    }

    #[test]
    fn what_is_no_drawing_or_would_be_huge_is_refused() {
        assert!(matches!(draw(b"<html>", 320), Err(DrawError::Svg(_))));
        assert!(matches!(draw(BOX, 20_000), Err(DrawError::Size { .. })));
        assert!(matches!(draw(BOX, 0), Err(DrawError::Size { .. })));
    }
}
