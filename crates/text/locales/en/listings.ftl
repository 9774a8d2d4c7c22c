# Bringing in a list of goods from a file.

error-import-no-name = There is no column with the item's name. Give it a heading, such as Nama
error-import-no-seller = There is no column with the seller, so rows can't be filtered
error-import-same-column = The columns { $first } and { $second } mean the same. Remove one
error-import-too-many-cells = This row has { $found } cells under { $expected } headings. Put text with commas into quotes
error-import-price-zero = The price must be more than nothing
error-import-unit = Write a unit, such as bungkus, kg or botol
error-import-other-unit = Stock is given in { $stock }, but the unit is { $unit }. Use one of them
error-import-content = Write the content with its measure, such as 250 g or 5 pcs
