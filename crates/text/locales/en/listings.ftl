# Bringing in a list of goods from a file.

error-import-no-name = There is no column with the item's name. Give it a heading, such as Nama
error-import-no-seller = There is no column with the seller, so rows can't be filtered
error-import-same-column = The columns { $first } and { $second } mean the same. Remove one
error-import-too-many-cells = This row has { $found } cells under { $expected } headings. Put text with commas into quotes
error-import-price-zero = The price must be more than nothing
error-import-unit = Write a unit, such as bungkus, kg or botol
error-import-other-unit = Stock is given in { $stock }, but the unit is { $unit }. Use one of them
error-import-content = Write the content with its measure, such as 250 g or 5 pcs
error-import-column-twice = Column { $column } was chosen twice
error-register-number-twice = Row { $row } has this number already
error-register-phone-twice = Row { $row } has this mobile number already
error-register-name-twice = Row { $row } has this name already. Add the member number
error-register-same-member = Row { $row } is about the same member
error-register-two-members = The number is of { $first }, the mobile number of { $second }
error-register-number-taken = { $name } has this number already
error-register-other-number = This member has the number { $number } already
error-register-name-known = { $name } is a member already. Add the member number or mobile number
error-register-gone = This member has left. Ask the business to apply again
error-register-status-differs = This status differs from what is recorded. Change it on the member's page
error-register-status = Write active, candidate, associate member or left
error-register-opened = The opening balance of this member is recorded already
error-register-region = Write a regency or city, such as Kabupaten Batang
error-register-money = Write rupiah in figures, such as 100.000
error-register-negative = Savings can't be less than nothing
error-register-day = Write a day like 24/11/2021
error-register-day-bounds = This day is too long ago, or has not come yet
