//! From bytes to text: byte order marks, UTF-8, UTF-16 with or without a mark, else Windows-1252.
//! What the bytes are is judged by their content, never by a file's name.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::SheetError;

/// The text, and the encoding's name where it was not UTF-8.
pub(crate) fn decode(bytes: &[u8]) -> Result<(Cow<'_, str>, Option<&'static str>), SheetError> {
    if bytes.starts_with(b"\xD0\xCF\x11\xE0") {
        return Err(SheetError::OldExcel);
    }
    let encoding = encoding_of(bytes);
    let (text, malformed) = encoding.decode_with_bom_removal(bytes);
    // NUL marks a binary file; lone surrogates a cut UTF-16 file.
    if malformed || text.contains('\0') {
        return Err(SheetError::NotText);
    }
    Ok((text, (encoding != UTF_8).then(|| encoding.name())))
}

/// XLSX is a zip file; XLS, and XLSX with a password, an OLE container.
pub(crate) fn is_zip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")
}

fn encoding_of(bytes: &[u8]) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return encoding;
    }
    // UTF-16 without a mark: of mostly ASCII text every other byte is NUL.
    let sample = bytes.get(..bytes.len().min(2000)).unwrap_or(bytes);
    let nuls_at = |odd: usize| {
        sample
            .iter()
            .skip(odd)
            .step_by(2)
            .filter(|b| **b == 0)
            .count()
    };
    let (even, odd) = (nuls_at(0), nuls_at(1));
    let many = sample.len() / 4;
    if odd > many && even == 0 {
        UTF_16LE
    } else if even > many && odd == 0 {
        UTF_16BE
    } else if std::str::from_utf8(bytes).is_ok() {
        UTF_8
    } else {
        WINDOWS_1252
    }
}
