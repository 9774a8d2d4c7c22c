admin-title = Waiting for a check
admin-empty = Nobody is waiting
admin-empty-text = New cooperatives and buyers appear here.
admin-kind-cooperative = Cooperative
admin-kind-buyer = Buyer
admin-name = Name
admin-kind = Kind
admin-place = Region
admin-since = Since
admin-person = Registered by
admin-contact = Contact
admin-code = Cooperative code
admin-code-hint = 2 to 6 letters, used in document numbers. Example: RAR
admin-code-taken = The code { $code } belongs to another cooperative
admin-verify = Accept
admin-reason = Reason for rejection
admin-reason-hint = Sent to the applicant.
admin-reject = Reject
admin-is-verified = Accepted
admin-is-rejected = Rejected
admin-verified = { $name } was accepted.
admin-rejected = { $name } was rejected.
admin-already-answered = Another administrator has answered already.
admin-way-back = Back to the list
admin-people-title = Find a person
admin-people-search = Mobile number or e-mail
admin-people-nobody = No account has that sign-in name.
admin-people-is-locked = Locked
admin-people-lock = Lock the account
admin-people-unlock = Unlock
admin-people-locked = The account is locked. All its devices were signed out.
admin-people-unlocked = The account can sign in again.
admin-people-self = One’s own account can’t be locked.
admin-verification = Checks
admin-search = Find a cooperative or buyer
admin-tabs = State
admin-all = All
admin-is-waiting = Waiting
admin-kind-both = Cooperatives and buyers
admin-none-found = Nothing fits
admin-none-found-text = Change the words or the filters.
admin-show-waiting = See who is waiting
admin-show-all = See all
admin-found = { $first }–{ $last } of { $found }
admin-history = History
admin-choose = Choose
admin-filter = Filter
admin-filter-clear = Clear filters
admin-from = From
admin-until = Until
admin-organisation = Organisation
admin-role = Role
admin-reason-why = Reason
admin-reason-kept = Kept in the history.

admin-accounts = People
admin-accounts-text = Find a name, a business, or a whole sign-in name.
admin-accounts-search = Find people
admin-account-name = Name
admin-account-login = Logs in with
admin-account-roles = Organisations and roles
admin-account-sessions = Logged in
admin-account-browsers = { $n ->
    [one] on { $n } device
   *[other] on { $n } devices
 }
admin-account-seen = Last seen
admin-account-open = Open
admin-account-locked = Locked
admin-account-lock-title = Lock the account
admin-account-lock-text = This person is logged out at once and can't log in.
admin-account-lock = Lock the account
admin-account-unlock-title = Unlock
admin-account-unlock-text = This person can log in again.
admin-account-unlock = Unlock
admin-account-now-locked = The account of { $name } is locked.
admin-account-now-open = The account of { $name } is open again.
admin-account-oneself = Your own account can't be locked here.
admin-account-already = Another administrator has changed this account.
admin-account-yourself = This is your own account.
admin-account-security = Security log of this person
admin-account-deeds = What this person did

admin-events = History of everything
admin-events-text = Who did what, when, and for whom.
admin-event-when = Time
admin-event-what = What happened
admin-event-subject = About
admin-event-id = Order number or id
admin-event-who = Who
admin-event-detail = Details
admin-event-nobody = Time went by
admin-subject-order = Order
admin-subject-share = Share
admin-subject-offer = Offer
admin-subject-catalog = Catalog
admin-subject-product = Item
admin-subject-lot = Lot
admin-subject-member = Membership
admin-subject-organisation = Organisation
admin-subject-person = Person
admin-subject-setting = Setting
admin-subject-category = Category
admin-subject-commodity = Commodity
admin-subject-job = Job

admin-security = Security log
admin-security-text = Logging in, denied access, roles and downloads. Kept for a year.
admin-security-address = IP address
admin-security-nobody = Unknown
admin-security-signed-in = Logged in
admin-security-sign-in-failed = Failed to log in
admin-security-signed-out = Logged out
admin-security-too-many = Refused, too many tries
admin-security-wrong-inside = Wrong password when changing the account
admin-security-sessions-ended = Logged out everywhere
admin-security-reset-asked = Password reset asked for
admin-security-access-denied = Access denied
admin-security-form-refused = Form refused
admin-security-role-changed = Role changed
admin-security-password-reset = Password reset
admin-security-password-changed = Password changed
admin-security-account-locked = Account locked
admin-security-account-unlocked = Account unlocked
admin-security-exported = Data downloaded

admin-jobs = Jobs and index
admin-jobs-open = Work not done yet
admin-jobs-none = Nothing is waiting.
admin-jobs-kind = Work
admin-jobs-waiting = Waiting
admin-jobs-planned = Planned
admin-jobs-retrying = Tried again
admin-jobs-dead = Failed
admin-jobs-oldest = Longest since
admin-jobs-letters = Letters
admin-jobs-index-offer = Index of one offer
admin-jobs-rebuild-index = New index
admin-jobs-last-done = The last work was done { $when }.
admin-jobs-last-error = Last error: { $kind }
admin-jobs-dead-title = Letters that could not be sent
admin-jobs-dead-text = They are not tried again by themselves.
admin-jobs-no-dead = All letters were sent.
admin-jobs-letter = Letter
admin-jobs-to = To
admin-jobs-error = Error
admin-jobs-since = Since
admin-jobs-acts = Action
admin-jobs-attempts = { $n ->
    [one] tried { $n } time
   *[other] tried { $n } times
 }
admin-jobs-retry = Try again
admin-jobs-discard = Discard
admin-jobs-retry-all = Try all again
admin-jobs-retried = It is tried again in a moment.
admin-jobs-discarded = The letter was discarded.
admin-jobs-all-retried = { $n ->
    [one] { $n } letter is tried again.
   *[other] { $n } letters are tried again.
 }
admin-jobs-not-dead = Another administrator has seen to this already.
admin-index = Search index
admin-index-documents = Offers in the index
admin-index-offers = Live offers
admin-index-backlog = Waiting for the index
admin-index-size = Size
admin-index-kilobytes = { $n } kB
admin-index-none = Search asks the database directly.
admin-index-rebuilding = A new index is being made: { $done } of { $all } ({ $percent }%).
admin-index-waiting = A new index waits for its turn.
admin-index-damaged = The index is damaged or empty. Make a new one.
admin-index-behind = { $n ->
    [one] { $n } offer is not in the index yet.
   *[other] { $n } offers are not in the index yet.
 }
admin-index-level = The index agrees with the database.
admin-index-differs = The numbers differ. Make a new index if that stays so.
admin-index-rebuild = Make a new index
admin-index-asked = A new index is made in a moment.

admin-settings = Settings
admin-settings-text = Rates, fees and deadlines, each from its day on.
admin-setting-share-answer-hours = Time for members to answer a share
admin-setting-approval-hold-hours = Goods held while the approver decides
admin-setting-checkout-hold-minutes = Goods held while ordering
admin-setting-order-timeout = Time for a cooperative to answer an order
admin-setting-ppn-rate = VAT (PPN) rate
admin-setting-ppn-num = Numerator of the other tax base
admin-setting-ppn-den = Denominator of the other tax base
admin-setting-platform-fee = Lumbung's fee
admin-setting-four-eyes = The approver must be somebody else
admin-setting-hours = { $n ->
    [one] { $n } hour
   *[other] { $n } hours
 }
admin-setting-minutes = { $n ->
    [one] { $n } minute
   *[other] { $n } minutes
 }
admin-setting-working-days = { $n ->
    [one] { $n } working day
   *[other] { $n } working days
 }
admin-setting-yes = yes
admin-setting-no = no
admin-setting-default = default
admin-setting-holds = In force
admin-setting-from = since { $day }
admin-setting-key = Setting
admin-setting-value = Value
admin-setting-value-hint = Write percent as 12 or 12.5. A choice: yes or no.
admin-setting-days = In force
admin-setting-valid-from = In force from
admin-setting-valid-from-hint = Today or later.
admin-setting-basis = Legal basis
admin-setting-basis-hint = For example PMK 131/2024.
admin-setting-by = Decided by
admin-setting-by-hint = For example members' meeting, 12 March 2026.
admin-setting-act = Action
admin-setting-decide = New setting
admin-setting-save = Save the setting
admin-setting-decided = The setting is saved.
admin-setting-withdraw = Withdraw
admin-setting-withdrawn = The setting was withdrawn.
admin-setting-past = Choose today or a later day.
admin-setting-overlap = A setting begins on { $day } already. Withdraw it first, or choose a later day.
admin-setting-in-force = This setting is in force already.
admin-setting-bad-percent = Write percent, at most 100
admin-setting-bad-flag = Write yes or no
admin-setting-bad-number = Write a number from { $least } to { $most }

admin-categories = Categories
admin-categories-text = Names may change. The id stays.
admin-category-new = New category
admin-category-change = Change the category
admin-commodity-new = New commodity
admin-commodities-none = No commodities yet.
admin-kind-category = Category
admin-kind-id = Id
admin-kind-name = Indonesian name
admin-kind-name-en = English name
admin-kind-position = Place
admin-kind-commodities = Commodities
admin-kind-live-offers = Live offers
admin-kind-picture = Picture
admin-kind-dimension = Measured by
admin-kind-dimension-hint = It can't be changed later.
admin-kind-ppn = VAT (PPN)
admin-kind-ppn-hint = Holds for new offers.
admin-kind-grades = Grades
admin-kind-grades-hint = Best first. Example: A, B
admin-kind-grades-many = At most { $max } grades
admin-kind-perishable = Perishable
admin-kind-retire = Not used any more
admin-kind-retire-hint = Gone from the lists to choose from. What exists stays.
admin-kind-retired = Not used
admin-kind-add = Add
admin-kind-save = Save
admin-kind-added = Added.
admin-kind-changed = Changed.
admin-kind-taken = This name is taken
admin-dimension-mass = Weight
admin-dimension-volume = Volume
admin-dimension-length = Length
admin-dimension-count = Count
admin-ppn-exempt = Exempt from VAT
admin-ppn-taxable = With VAT
admin-units = Units
admin-units-text = The sale units there are. What they hold is part of the program.
admin-unit-code = Code
