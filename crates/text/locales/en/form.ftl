form-choose = Choose one
form-day = Give a date that is in the calendar
form-twice = This field was sent twice. Fill it in once
form-incomplete = The form is incomplete. Fill it in and send it again
