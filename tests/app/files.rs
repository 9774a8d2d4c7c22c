//! Reading the files that the product makes: the words of a PDF and the parts of an XLSX, as far as ours need it.

use std::{collections::BTreeMap, io::Read as _};

use flate2::read::{DeflateDecoder, ZlibDecoder};

/// A PDF file as somebody reads it.
#[derive(Debug)]
pub struct Pdf {
    /// The words of each page, a line for each stretch of text.
    pub pages: Vec<String>,
    /// Dictionaries of all objects.
    pub dictionaries: Vec<String>,
    /// Pictures as they were put in, each once.
    pub pictures: Vec<Vec<u8>>,
}

struct Object {
    dictionary: String,
    stream: Vec<u8>,
}

impl Pdf {
    /// Reads what we write: plain objects, streams compressed by zlib, fonts with ToUnicode.
    pub fn read(file: &[u8]) -> Self {
        assert!(file.starts_with(b"%PDF-1.7"), "no PDF");
        let objects = objects(file);
        let mut pages = Vec::new();
        for page in objects.values() {
            if !page.dictionary.contains("/Type/Page/") {
                continue;
            }
            let resources = &objects[&reference(&page.dictionary, "/Resources")];
            let fonts = fonts(&resources.dictionary, &objects);
            let content = &objects[&reference(&page.dictionary, "/Contents")].stream;
            pages.push(words(content, &fonts));
        }
        let pictures = objects
            .values()
            .filter(|object| object.dictionary.contains("/Subtype/Image"))
            .map(|object| object.stream.clone())
            .collect();
        Self {
            pages,
            pictures,
            dictionaries: objects.into_values().map(|o| o.dictionary).collect(),
        }
    }

    pub fn text(&self) -> String {
        self.pages.join("\n")
    }

    /// Whether any object has this in its dictionary.
    pub fn has(&self, words: &str) -> bool {
        self.dictionaries.iter().any(|d| d.contains(words))
    }
}

fn find(bytes: &[u8], what: &[u8], from: usize) -> Option<usize> {
    let found = bytes[from..].windows(what.len()).position(|w| w == what);
    found.map(|at| at + from)
}

fn objects(file: &[u8]) -> BTreeMap<u32, Object> {
    let mut objects = BTreeMap::new();
    let mut at = 0;
    while let Some(start) = find(file, b" 0 obj\n", at) {
        let digits = file[..start]
            .iter()
            .rev()
            .take_while(|b| b.is_ascii_digit());
        let number = String::from_utf8_lossy(&file[start - digits.count()..start]);
        let number = number.parse().expect("an object's number");
        let body = start + 7;
        let end = find(file, b"endobj", body).expect("an object ends");
        let (dictionary, stream) = match find(file, b"stream\n", body).filter(|s| *s < end) {
            None => (&file[body..end], &file[0..0]),
            Some(stream) => {
                let dictionary = &file[body..stream];
                let text = String::from_utf8_lossy(dictionary);
                let length = text.split("/Length ").nth(1).expect("a length");
                let length = length.split(|c: char| !c.is_ascii_digit()).next();
                let length: usize = length.unwrap().parse().unwrap();
                (dictionary, &file[stream + 7..stream + 7 + length])
            }
        };
        at = body + dictionary.len() + stream.len();
        let dictionary = String::from_utf8_lossy(dictionary).into_owned();
        let mut plain = stream.to_vec();
        if dictionary.contains("/FlateDecode") {
            plain.clear();
            let read = ZlibDecoder::new(stream).read_to_end(&mut plain);
            read.expect("a stream of zlib");
        }
        objects.insert(
            number,
            Object {
                dictionary,
                stream: plain,
            },
        );
    }
    objects
}

fn reference(dictionary: &str, key: &str) -> u32 {
    let after = dictionary.split(&format!("{key} ")).nth(1);
    let number = after.and_then(|after| after.split(' ').next());
    number.and_then(|n| n.parse().ok()).expect(key)
}

type Font = BTreeMap<u16, String>;

/// `/Font<</f0 293 0 R/f1 296 0 R>>`: what each character code of a font stands for.
fn fonts(resources: &str, objects: &BTreeMap<u32, Object>) -> BTreeMap<String, Font> {
    let list = resources.split("/Font<<").nth(1).unwrap_or_default();
    let list = list.split(">>").next().unwrap_or_default();
    let names = list.split('/').filter(|entry| !entry.is_empty());
    names
        .map(|entry| {
            let mut parts = entry.split(' ');
            let name = parts.next().unwrap().to_owned();
            let font = &objects[&parts.next().unwrap().parse().unwrap()];
            let map = &objects[&reference(&font.dictionary, "/ToUnicode")].stream;
            (name, codes(&String::from_utf8_lossy(map)))
        })
        .collect()
}

fn codes(map: &str) -> Font {
    let mut codes = Font::new();
    for part in map.split("beginbfchar").skip(1) {
        let part = part.split("endbfchar").next().unwrap();
        for line in part.lines().filter(|line| line.contains('<')) {
            let mut hex = line.split(['<', '>']).filter(|h| !h.trim().is_empty());
            let code = u16::from_str_radix(hex.next().unwrap(), 16).unwrap();
            let units: Vec<u16> = hex
                .next()
                .unwrap()
                .as_bytes()
                .chunks(4)
                .map(|four| u16::from_str_radix(std::str::from_utf8(four).unwrap(), 16).unwrap())
                .collect();
            codes.insert(code, String::from_utf16_lossy(&units));
        }
    }
    codes
}

/// The strings of a page's content in the order they are drawn.
fn words(content: &[u8], fonts: &BTreeMap<String, Font>) -> String {
    let mut text = String::new();
    let (mut name, mut font) = (String::new(), None);
    let mut at = 0;
    while at < content.len() {
        match content[at] {
            b'/' => {
                let end = content[at + 1..]
                    .iter()
                    .position(|b| !b.is_ascii_alphanumeric())
                    .map_or(content.len(), |n| at + 1 + n);
                name = String::from_utf8_lossy(&content[at + 1..end]).into_owned();
                at = end;
            }
            b'T' if content[at..].starts_with(b"Tf") => {
                font = fonts.get(&name);
                at += 2;
            }
            b'E' if content[at..].starts_with(b"ET") => {
                text.push('\n');
                at += 2;
            }
            b'(' => {
                let (bytes, end) = literal(content, at + 1);
                for code in bytes.chunks(2) {
                    let code = u16::from_be_bytes([code[0], code[1]]);
                    let letter = font.and_then(|font| font.get(&code));
                    text.push_str(letter.map_or("?", String::as_str));
                }
                at = end;
            }
            _ => at += 1,
        }
    }
    text
}

/// A literal string with its escapes undone, and where it ends.
fn literal(content: &[u8], mut at: usize) -> (Vec<u8>, usize) {
    let (mut bytes, mut depth) = (Vec::new(), 0);
    loop {
        match content[at] {
            b'\\' => {
                at += 1;
                match content[at] {
                    b'n' => bytes.push(b'\n'),
                    b'r' => bytes.push(b'\r'),
                    b't' => bytes.push(b'\t'),
                    b'b' => bytes.push(8),
                    b'f' => bytes.push(12),
                    b'0'..=b'7' => {
                        let octal = std::str::from_utf8(&content[at..at + 3]).unwrap();
                        bytes.push(u8::from_str_radix(octal, 8).unwrap());
                        at += 2;
                    }
                    other => bytes.push(other),
                }
            }
            b')' if depth == 0 => return (bytes, at + 1),
            b')' => {
                depth -= 1;
                bytes.push(b')');
            }
            b'(' => {
                depth += 1;
                bytes.push(b'(');
            }
            other => bytes.push(other),
        }
        at += 1;
    }
}

/// The files inside an XLSX, by name.
pub fn unzip(file: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let number = |at: usize, size: usize| -> usize {
        let bytes = file[at..at + size].iter().rev();
        bytes.fold(0, |n, byte| n << 8 | usize::from(*byte))
    };
    let mut parts = BTreeMap::new();
    let mut at = 0;
    // The directory at the end lists every part with its size and place.
    while let Some(entry) = find(file, b"PK\x01\x02", at) {
        let (size, name) = (number(entry + 20, 4), number(entry + 28, 2));
        let place = number(entry + 42, 4);
        let words = &file[entry + 46..entry + 46 + name];
        let data = place + 30 + number(place + 26, 2) + number(place + 28, 2);
        let packed = &file[data..data + size];
        let mut plain = packed.to_vec();
        if number(entry + 10, 2) == 8 {
            plain.clear();
            DeflateDecoder::new(packed).read_to_end(&mut plain).unwrap();
        }
        parts.insert(String::from_utf8_lossy(words).into_owned(), plain);
        at = entry + 46;
    }
    parts
}
