refusal-sign-in-title = Log in first
refusal-sign-in-text = This page is for people who are logged in.
refusal-not-found-title = Page not found
refusal-not-found-text = It may have moved, or the address is misspelt.
refusal-forbidden-title = Not part of your work
refusal-forbidden-text = This page is for another role. Go back to your home page.
refusal-unverified-title = Your organisation is being checked
refusal-unverified-text = This page opens once the check is done.
refusal-csrf-title = The form has expired
refusal-csrf-text = Nothing has changed. Open the page again and resend it.
refusal-method-title = This can’t be done here
refusal-method-text = Open the page from the home page.
refusal-organisation-title = You are acting for another organisation
refusal-organisation-text = That form was made for a different organisation. Nothing has changed.
refusal-conflict-title = Things have changed
refusal-too-large-title = Too much was sent
refusal-too-large-text = Make the file smaller or the text shorter and send it again.
refusal-too-slow-title = The connection is too slow
refusal-too-slow-text = Not everything arrived. Try again with a better signal.
refusal-bad-request-title = What was sent can’t be read
refusal-bad-request-text = Open the page again, fill it in and resend it.
refusal-too-many-title = Too many tries
refusal-too-many-text = Try again in { $minutes ->
    [one] { $minutes } minute
   *[other] { $minutes } minutes
 }.
refusal-unavailable-title = Busy right now
refusal-unavailable-text = It could not be done yet. Wait a moment and try again.
refusal-no-room-title = There is no room left
refusal-no-room-text = It was not saved: the disk is full. What is there can be read. Tell whoever runs this site, and try again later.
refusal-again = Send it again
refusal-broken-title = Something went wrong on our side
refusal-broken-text = Try again. If it stays wrong, tell us the code below.
refusal-reference = Code: { $reference }
refusal-way-home = To the home page
refusal-way-sign-in = Log in
