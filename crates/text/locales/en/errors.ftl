### The words next to a field that can't be used yet. Short sentences, no full stop at the end.

error-required = Required
error-text-too-long = Too long. At most { $max } characters
error-text-hidden-characters = There is a character that can't be seen. Type it again without copying
error-text-unreadable = Some letters can't be read. Type it again

error-money-empty = Enter the price
error-money-number = Write the price in figures, for example 12.500
error-money-comma = Use dots for thousands, for example 1.250.000
error-money-sen = Write whole rupiah without cents, for example 12.500
error-money-negative = The price can't be less than zero
error-money-too-large = Too large. At most { $max }
error-percent = Write the percentage in figures, such as 12,5
error-percent-range = More than nothing, at most { $max }

error-quantity-empty = Enter the quantity
error-quantity-number = Write the quantity in figures only, for example 12
error-quantity-fraction = Write a whole number. For halves, sell by a smaller unit, for example per 500 g
error-quantity-comma = Use dots for thousands, for example 1.000
error-quantity-min = At least { $min }
error-quantity-max = At most { $max }

error-time-of-day = Write a time, for example 21:00

error-person-name-empty = Enter your name
error-organisation-name-empty = Enter the name of the business
error-buyer-kind = Choose the kind of buyer
error-region-empty = Choose a regency or city
error-region = Choose a regency or city from the list
error-cooperative-code = Write 2 to 6 letters, for example RAR

error-login-empty = Enter a mobile number or e-mail
error-login = Write a mobile number or e-mail, for example 0812 3456 7890
error-login-landline = Use a mobile number, not a landline
error-email = Write the whole e-mail address, for example name@contoh.id
error-phone = Write the whole phone number, for example 0812 3456 7890
error-phone-foreign = Use an Indonesian number, for example 0812 3456 7890
error-postal-code = Write the 5 digits of the postal code, for example 51211
warning-phone-letters = There are letters in this number. Please check it

error-password-empty = Enter a password
error-password-short = Too short. Use at least { $min } characters
error-password-long = Too long. At most { $max } characters
error-password-common = This password is easy to guess. Use a few words that only you know
error-password-own = Don't use your name, number or e-mail as the password

error-nib = Write the 13 digits of the NIB
error-npwp = Write the 15 or 16 digits of the NPWP
error-nitku = Write the 22 digits of the NITKU
error-nik = Write the 16 digits of the NIK
error-nik-date = The date of birth in this NIK doesn't exist. Please check it
error-coop-nik = Write the cooperative's NIK in digits only
error-region-code = Write a region code, for example 33.25
warning-npwp-check = This NPWP seems to be mistyped. Please check it
warning-nik-region = The region code in this NIK is not known. Please check it
warning-coop-nik-length = A cooperative's NIK usually has 10 to 20 digits. Please check it
warning-region-unknown = This region code is not in the list. Please check it

error-pirt = Write the 15 digits of the P-IRT, for example 2063325010012-29
error-pirt-kind = There is no such packaging or food type in a P-IRT. Please check it
error-bpom = Write the BPOM number, for example MD 235611000117
error-bpom-not-food = This number is for cosmetics or herbal medicine, not for food
error-halal = Write the number of the halal certificate, for example ID33110000000110126
error-halal-decree = This is the decree's number. Write the certificate's, which begins with ID
error-sni = Write the SNI number, for example SNI 8664:2018
error-certificate-period = The last day must come after the first
warning-pirt-region = The region code in this P-IRT is not known. Please check it
warning-pirt-expired = This P-IRT has expired. Renew it first
warning-bpom-supplement = SD numbers are for supplements. Please check it

error-bank-code = Write the 3 digits of the bank's code, for example 014
error-bank-account = Write the account number, 8 to 20 digits
warning-bank-unknown = This bank code is not in the list. Please check it
warning-bank-account-length = Unusual length of an account number for this bank. Please check it
error-invited-line = Line { $line }: write a name, then a mobile number or e-mail
error-invited-many = At most { $max } people at once
