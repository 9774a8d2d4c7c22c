//! The lines of an error summary name their fields: what is wrong alone ("Wajib diisi") says nothing on top of a page.
//!
//! A field's words are in its label, which is drawn after the summary. So a refused page is read once more when it is
//! whole, and each line gets the words of the label it leads to. Everything here has been escaped already.

/// Begins every summary; see `templates/parts/error_summary.html`.
const START: &str = "<div class=\"errors\"";
const LINK: &str = "<a href=\"#";

/// The page with the fields named in its error summary; any other page as it is.
#[must_use]
pub(crate) fn name_fields(html: String) -> String {
    let Some(start) = html.find(START) else {
        return html;
    };
    let Some(end) = html.get(start..).and_then(|rest| rest.find("</ul>")) else {
        return html;
    };
    let (Some(before), Some(list), Some(after)) = (
        html.get(..start),
        html.get(start..start + end),
        html.get(start + end..),
    ) else {
        return html;
    };
    let mut named = String::with_capacity(html.len() + 200);
    named.push_str(before);
    let mut rest = list;
    while let Some((head, tail)) = rest.split_once(LINK) {
        named.push_str(head);
        named.push_str(LINK);
        rest = tail;
        let Some((id, words)) = tail.split_once("\">") else {
            break;
        };
        named.push_str(id);
        named.push_str("\">");
        if let Some(label) = label(after, id) {
            named.push_str(&label);
            named.push_str(": ");
        }
        rest = words;
    }
    named.push_str(rest);
    named.push_str(after);
    named
}

/// The words of a field: its label's, its legend's where it is one of several choices, or its `aria-label`.
fn label(html: &str, id: &str) -> Option<String> {
    let own = format!("<label for=\"{id}\">");
    if let Some((_, after)) = html.split_once(&own) {
        return plain(after.split_once("</label>")?.0);
    }
    let (before, after) = html.split_once(&format!(" id=\"{id}\""))?;
    let (tag, rest) = after.split_once('>')?;
    let opened = before.rsplit('<').next().unwrap_or_default();
    for attributes in [opened, tag] {
        if let Some((_, value)) = attributes.split_once("aria-label=\"") {
            return plain(value.split('"').next()?);
        }
    }
    let legend = before.rsplit_once("<legend>");
    if let Some((_, inside)) = legend.filter(|(_, inside)| !inside.contains("</fieldset>")) {
        return plain(inside.split_once("</legend>")?.0);
    }
    // A box whose label is around it.
    let (_, inside) = before.rsplit_once("<label")?;
    if inside.contains("</label>") {
        return None;
    }
    plain(rest.split_once("</label>")?.0)
}

/// Text without tags, and without what is said of fields that may stay empty.
fn plain(html: &str) -> Option<String> {
    let html = html
        .split_once("<span class=\"field__optional\">")
        .map_or(html, |(words, _)| words);
    let html = html.split("<small>").next().unwrap_or_default();
    let mut words = String::new();
    for piece in html.split('<') {
        let text = match piece.split_once('>') {
            Some((_, text)) => text,
            None => piece,
        };
        words.push_str(text);
    }
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    (!words.is_empty()).then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(links: &str, form: &str) -> String {
        let html = format!(
            "<main><div class=\"errors\" role=\"alert\"><ul>{links}</ul></div>{form}</main>"
        );
        let named = name_fields(html);
        let (_, list) = named.split_once("<ul>").unwrap();
        list.split_once("</ul>").unwrap().0.to_owned()
    }

    #[test]
    fn each_line_begins_with_the_words_of_its_label() {
        let links = "<li><a href=\"#name\">Wajib diisi</a></li><li><a href=\"#note\">Terlalu panjang</a></li>";
        let form = "<label for=\"name\">Nama<span class=\"vh\"> barang</span></label><input id=\"name\">\
            <label for=\"note\">Catatan <span class=\"field__optional\">(boleh kosong)</span></label>";
        assert_eq!(
            summary(links, form),
            "<li><a href=\"#name\">Nama barang: Wajib diisi</a></li>\
             <li><a href=\"#note\">Catatan: Terlalu panjang</a></li>"
        );
    }

    #[test]
    fn choices_are_named_by_their_legend_and_bare_inputs_by_their_aria_label() {
        let link = "<li><a href=\"#rule\">Pilih satu</a></li>";
        let radios = "<fieldset><legend>Cara membagi</legend><label class=\"check\"><input type=\"radio\" id=\"rule\" \
            name=\"rule\"><span>Sama rata</span></label></fieldset>";
        assert!(summary(link, radios).contains(">Cara membagi: Pilih satu<"));
        let bare = "<input id=\"rule\" name=\"rule\" aria-label=\"Paling banyak\">";
        assert!(summary(link, bare).contains(">Paling banyak: Pilih satu<"));
        let boxed = "<fieldset><legend>Lain</legend></fieldset><label><input type=\"checkbox\" id=\"rule\"><span>Setuju\
            <small>Baca dulu</small></span></label>";
        assert!(summary(link, boxed).contains(">Setuju: Pilih satu<"));
    }

    #[test]
    fn a_line_without_a_label_and_a_page_without_a_summary_stay_as_they_are() {
        let link = "<li><a href=\"#rule\">Pilih satu</a></li><li><b>Salah</b></li>";
        assert_eq!(summary(link, "<p id=\"rule\">x</p>"), link);
        let page = "<main><label for=\"a\">A</label></main>";
        assert_eq!(name_fields(page.to_owned()), page);
    }
}
