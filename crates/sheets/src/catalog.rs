//! A catalog as an XLSX file with pictures: one page to look at, one with every price to count with.

use rust_xlsxwriter::{
    Color, Format, FormatAlign, FormatBorder, Image, ObjectMovement, Url, Workbook, Worksheet,
    XlsxError,
};

use crate::{Cell, neutralise};

/// What the file holds.
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    /// Title and what has to be known first; one line each, the first is the title.
    pub lines: Vec<String>,
    pub goods: Page,
    pub prices: Page,
}

/// One page of the file.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// The name on its tab, at most 31 characters.
    pub name: String,
    /// Column heads with their widths in characters.
    pub heads: Vec<(String, u16)>,
    pub rows: Vec<Row>,
}

/// A row with as many cells as the page has heads.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// A JPEG four wide and three high, drawn in the first column.
    pub picture: Option<Vec<u8>>,
    /// What the picture shows.
    pub words: String,
    /// Where the second cell leads; empty for nowhere.
    pub link: String,
    pub cells: Vec<Cell>,
}

/// Pixels of a picture in its cell.
const PICTURE: (u32, u32) = (120, 90);

impl Catalog {
    /// The file. Text that a spreadsheet would run is made harmless; figures are figures.
    ///
    /// # Errors
    /// When a picture is none, or the writer fails.
    pub fn xlsx(&self) -> Result<Vec<u8>, CatalogSheetError> {
        let mut book = Workbook::new();
        write(book.add_worksheet(), &self.goods, &self.lines)?;
        write(book.add_worksheet(), &self.prices, &[])?;
        Ok(book.save_to_buffer()?)
    }
}

/// Why the file can't be written.
#[derive(Debug, thiserror::Error)]
#[error("the sheet can't be written: {0}")]
pub struct CatalogSheetError(#[from] XlsxError);

fn write(sheet: &mut Worksheet, page: &Page, lines: &[String]) -> Result<(), XlsxError> {
    let title = Format::new().set_bold().set_font_size(16);
    let head = Format::new()
        .set_bold()
        .set_text_wrap()
        .set_align(FormatAlign::VerticalCenter)
        .set_background_color(Color::RGB(0x00DC_EBE1))
        .set_border_bottom(FormatBorder::Thin);
    let text = Format::new()
        .set_text_wrap()
        .set_align(FormatAlign::VerticalCenter);
    let number = Format::new()
        .set_num_format("#,##0")
        .set_align(FormatAlign::VerticalCenter);
    sheet.set_name(&page.name)?;
    sheet
        .set_landscape()
        .set_paper_size(9)
        .set_print_fit_to_pages(1, 0);
    let mut at = 0;
    for (nth, line) in lines.iter().enumerate() {
        let words = neutralise(line);
        match nth {
            0 => sheet.write_string_with_format(at, 0, words.as_ref(), &title)?,
            _ => sheet.write_string(at, 0, words.as_ref())?,
        };
        at += 1;
    }
    if !lines.is_empty() {
        at += 1;
    }
    for (column, (words, width)) in (0..).zip(&page.heads) {
        sheet.set_column_width(column, *width)?;
        sheet.write_string_with_format(at, column, neutralise(words).as_ref(), &head)?;
    }
    sheet.set_freeze_panes(at + 1, 0)?;
    sheet.set_repeat_rows(at, at)?;
    for row in &page.rows {
        at += 1;
        if let Some(picture) = &row.picture {
            let image = Image::new_from_buffer(picture)?
                .set_scale_to_size(PICTURE.0, PICTURE.1, true)
                .set_object_movement(ObjectMovement::MoveAndSizeWithCells)
                .set_alt_text(&row.words);
            sheet.set_row_height_pixels(at, PICTURE.1 + 8)?;
            sheet.insert_image_with_offset(at, 0, &image, 4, 4)?;
        }
        for (column, cell) in (0..).zip(&row.cells) {
            match cell {
                Cell::Text(words) if column == 1 && !row.link.is_empty() => {
                    let url = Url::new(&row.link).set_text(neutralise(words).as_ref());
                    sheet.write_url_with_format(
                        at,
                        column,
                        url,
                        &text.clone().set_font_color(Color::Blue),
                    )?
                }
                Cell::Text(words) | Cell::Day(words) => {
                    sheet.write_string_with_format(at, column, neutralise(words).as_ref(), &text)?
                }
                Cell::Empty => continue,
                // A cell of a sheet holds whole numbers up to 2^53 exactly; no price comes near.
                Cell::Number(figure) => {
                    sheet.write_number_with_format(at, column, *figure as f64, &number)?
                }
            };
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::{Data, Reader, Xlsx};
    use std::io::Cursor;

    #[test]
    fn a_catalog_read_back_has_its_words_figures_and_no_formula() {
        let catalog = Catalog {
            lines: vec!["=1+1 Panen raya".to_owned(), "Edisi 2".to_owned()],
            goods: Page {
                name: "Katalog".to_owned(),
                heads: vec![("Gambar".to_owned(), 18), ("Nama".to_owned(), 40)],
                rows: vec![Row {
                    link: "https://lumbung.example/offers/1".to_owned(),
                    cells: vec!["".into(), "@Keripik".into()],
                    ..Row::default()
                }],
            },
            prices: Page {
                name: "Harga".to_owned(),
                heads: vec![("Nama".to_owned(), 40), ("Harga".to_owned(), 12)],
                rows: vec![Row {
                    cells: vec!["Keripik".into(), 10_500.into()],
                    ..Row::default()
                }],
            },
        };
        let file = catalog.xlsx().unwrap();
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(file)).unwrap();
        assert_eq!(book.sheet_names(), ["Katalog", "Harga"]);
        let goods = book.worksheet_range("Katalog").unwrap();
        let cell = |row, column| goods.get_value((row, column)).cloned();
        assert_eq!(cell(0, 0), Some(Data::String("'=1+1 Panen raya".into())));
        assert_eq!(cell(4, 1), Some(Data::String("'@Keripik".into())));
        assert!(book.worksheet_formula("Katalog").unwrap().is_empty());
        let prices = book.worksheet_range("Harga").unwrap();
        assert_eq!(prices.get_value((1, 1)), Some(&Data::Float(10_500.0)));
    }
}
