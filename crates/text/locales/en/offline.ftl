offline-title = No connection
offline-text = Your phone has no internet right now. Try again when the signal is back.
offline-kept = You can still read
offline-home = Try again
