//! Links that open WhatsApp with a text ready to send: nothing is sent from here, the person presses the button there.

use crate::error::encode;

/// `https://wa.me/6281234567890?text=…`; without a number WhatsApp asks whom to send it to.
///
/// The number of somebody else goes in only where the reader may see it (DOMAIN P-2).
#[must_use]
pub fn link(phone: Option<&str>, text: &str) -> String {
    let digits: String = phone
        .unwrap_or_default()
        .chars()
        .filter(char::is_ascii_digit)
        .collect();
    format!("https://wa.me/{digits}?text={}", encode(text))
}

#[cfg(test)]
mod tests {
    use super::link;

    #[test]
    fn a_text_of_others_can_not_change_the_address() {
        assert_eq!(
            link(Some("+62 812-0000-0001"), "Halo & apa?\n#x"),
            "https://wa.me/6281200000001?text=Halo%20%26%20apa%3F%0A%23x"
        );
        assert_eq!(link(None, "é"), "https://wa.me/?text=%C3%A9");
    }
}
