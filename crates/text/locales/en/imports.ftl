# Lists from files: members' goods and a cooperative's register.

imports-sheet-empty = This file is empty
imports-sheet-too-large = The file is too large. At most 2 MB
imports-sheet-old-excel = This is an old or locked Excel file. Save it as .xlsx without a password
imports-sheet-not-workbook = This is no Excel or CSV file
imports-sheet-damaged = This Excel file is damaged. Open it in Excel, save it again, then upload
imports-sheet-too-big-unpacked = What is packed in this Excel file is too large. Split it into several files
imports-sheet-too-many-sheets = Too many sheets. At most { $limit }
imports-sheet-macros = This file has macros. Save it as a plain .xlsx
imports-sheet-links = This file is linked with other files. Break the links first
imports-sheet-nested = Other files are packed inside this file. Take them out first
imports-sheet-entities = This file has instructions that we do not read. Save it again from Excel
imports-sheet-merged-rows = Row { $row }, column { $column }: cells are merged. Unmerge them first
imports-sheet-formula-without-value = Row { $row }, column { $column }: the formula has no value yet. Open it in Excel and save
imports-sheet-formula-fault = Row { $row }, column { $column }: the formula fails
imports-sheet-not-text = This is no list. Upload Excel or CSV
imports-sheet-unreadable = Row { $row }, column { $column }: there is an unreadable letter
imports-sheet-unclosed-quote = Row { $row }: a quotation mark is not closed
imports-sheet-stray-quote = Row { $row }, column { $column }: there is text after a quotation mark
imports-sheet-too-many-rows = Too many rows. At most { $limit }
imports-sheet-too-many-columns = Row { $row }: too many columns
imports-sheet-cell-too-long = Row { $row }, column { $column }: the text is too long
imports-sheet-duplicate-column = Two columns are named { $column }
