//! QR codes: of an address, to be read off paper or a screen.

use fast_qr::{ECL, QRBuilder, QRCode};

/// White modules around a code; readers need four.
pub(crate) const QUIET: usize = 4;

/// The code of `text` as rows of black modules, without the quiet zone; `None` where the text is too long for one.
pub(crate) fn modules(text: &str) -> Option<Vec<Vec<bool>>> {
    let code: QRCode = QRBuilder::new(text).ecl(ECL::M).build().ok()?;
    Some(
        code.data
            .chunks(code.size.max(1))
            .take(code.size)
            .map(|row| row.iter().map(|module| module.value()).collect())
            .collect(),
    )
}

/// The code of `text` as an SVG element for a page: black on white with its quiet zone, 160 px wide, hidden from screen
/// readers, so that a link with the same address has to stand beside it. Printed 2 cm wide it can still be read.
/// Empty where the text is longer than about 2,300 bytes.
#[must_use]
pub fn qr_svg(text: &str) -> String {
    use std::fmt::Write;
    let Some(rows) = modules(text) else {
        return String::new();
    };
    let side = rows.len() + 2 * QUIET;
    let mut path = String::new();
    for (y, row) in rows.iter().enumerate() {
        let mut x = 0;
        // One stroke for each run of black modules.
        for run in row.chunk_by(|a, b| a == b) {
            if run.first() == Some(&true) {
                let _ = write!(
                    path,
                    "M{} {}h{}v1h-{}z",
                    x + QUIET,
                    y + QUIET,
                    run.len(),
                    run.len()
                );
            }
            x += run.len();
        }
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" width=\"160\" height=\"160\" \
         shape-rendering=\"crispEdges\" aria-hidden=\"true\" focusable=\"false\"><path fill=\"#fff\" \
         d=\"M0 0h{side}v{side}H0z\"/><path fill=\"#000\" d=\"{path}\"/></svg>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADDRESS: &str = "https://lumbung.example/offers/0198c0de-0000-7000-8000-000000000001";

    #[test]
    fn a_code_is_square_has_its_three_eyes_and_a_quiet_zone() {
        let rows = modules(ADDRESS).unwrap();
        let side = rows.len();
        assert!(rows.iter().all(|row| row.len() == side));
        // The eyes: seven black modules along the outer edge, then a white one.
        for eye in [&rows[0][..8], &rows[side - 1][..8]] {
            assert_eq!(eye, [true, true, true, true, true, true, true, false]);
        }
        assert!(rows[0][side - 7..].iter().all(|black| *black));
        let svg = qr_svg(ADDRESS);
        assert!(svg.contains(&format!("viewBox=\"0 0 {0} {0}\"", side + 8)));
        assert!(svg.contains("d=\"M4 4h7v1h-7z"), "{svg}");
    }

    #[test]
    fn a_code_of_an_address_is_coarse_enough_to_be_read_when_two_centimetres_wide() {
        // A third of a millimetre for a module is what telephones read without care.
        let side = modules(ADDRESS).unwrap().len() + 2 * QUIET;
        assert!(20_000 / side >= 330, "{side} modules");
    }

    #[test]
    fn a_code_carries_no_style_no_script_and_none_of_its_text() {
        let svg = qr_svg("</svg><script>alert(1)</script>");
        assert!(!svg.contains("style") && !svg.contains("script") && !svg.contains("alert"));
        assert_eq!(qr_svg(&"x".repeat(3_000)), "");
    }
}
