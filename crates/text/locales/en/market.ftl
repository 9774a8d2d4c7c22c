market-home-title = Wholesale from cooperatives
market-home-heading = One order, from many village businesses.
market-home-lead = Cooperatives pool their members' goods. You order in bulk once, with clear prices and origins.
market-home-often = Often searched:
market-home-kinds = Choose a kind of goods
market-home-ready = Ready to ship this week
market-home-promises = What we promise
market-see-all = See all
market-kind-chips = Snacks
market-kind-sugar = Sugar
market-kind-coffee = Coffee and tea
market-kind-honey = Honey
market-kind-fresh = Fresh produce
market-kind-oil = Coconut oil
market-kind-cloth = Woven cloth
market-kind-weaving = Basketry
market-promise-pool = Many businesses, one offer
market-promise-pool-text = The cooperative checks quality and pools the same goods.
market-promise-fair = Shared fairly, with reasons
market-promise-fair-text = Every member sees their share and how it was worked out.
market-promise-origin = Origin and permits you can check
market-promise-origin-text = Region, P-IRT and halal are shown on every offer.
market-call-umkm = Do you run a business?
market-call-umkm-text = Sell through the cooperative in your area. A mobile number is enough to start.
market-call-umkm-go = Start selling
market-call-cooperative = Do you run a cooperative?
market-call-cooperative-text = Pool members' goods, take orders, and share them fairly.
market-call-cooperative-go = Register a cooperative

market-card-pooled = { $n ->
    [one] From { $n } business · { $available }
   *[other] Combined from { $n } businesses · { $available }
}
market-card-ladder = { $price } from { $from }
market-card-minimum = Minimum order { $least }
market-available = { $quantity } ready
market-available-none = none ready yet
market-offers = Offers
market-total = { $n ->
    [one] { $n } offer
   *[other] { $n } offers
}
market-range = { $first }–{ $last } of { $n } offers

market-search-all = All offers
market-search-heading = Results for “{ $text }”
market-search-corrected = These are results for “{ $text }”.
market-search-some = These results have some of your words.
market-search-plain = Full search is being prepared. These are the results of a simple search.
market-filter = Filter
market-filter-open = Filter ({ $n })
market-filter-clear = Clear filters
market-filter-go = Show offers
market-facet-category = Kind
market-facet-commodity = Goods
market-facet-province = Province
market-facet-regency = Region of origin
market-facet-permit = Permit
market-facet-ready = Ready within
market-facet-days = { $n } days
market-facet-any = Any time
market-facet-more = More
market-facet-price = Price per unit
market-price-from = Rp from
market-price-to = Rp up to
market-price-unread = Write the price in digits, for example 12.500.
market-facet-least = Smallest order
market-sort = Sort
market-sort-go = Sort
market-sort-relevance = Best match
market-sort-price-up = Lowest price
market-sort-price-down = Highest price
market-sort-newest = Newest
market-sort-ready = Ready soonest
market-chip-remove = Remove this filter
market-chip-ready = Ready within { $n } days
market-chip-from = From { $price }
market-price-above = Above { $price }
market-chip-to = Up to { $price }
market-chip-least = Orders from { $price } or less
market-chip-cooperative = One cooperative
market-none = Nothing fits yet
market-none-text = Try another, shorter word, or see all offers.
market-none-all = See all offers
market-none-filters = See { $n } offers without filters
market-none-try = Try:
market-none-related = Or look at these kinds

market-cooperative-verified = Verified cooperative
market-price-per = / { $unit }
market-price-before-tax = / { $unit }, VAT (PPN) not included
market-price-hidden = The cooperative shows this price to chosen buyers only.
market-grade = Grade { $grade }
market-ladder = Prices by quantity
market-ladder-quantity = Quantity
market-ladder-per = Per { $unit }
market-ladder-from = from { $from }
market-ladder-mine = Your quantity
market-buy = Order
market-how-many = How many? ({ $unit })
market-hint-carton = At least { $least }. 1 { $carton } holds { $packs }.
market-hint-pack = At least { $least }.
market-hint-step = In steps of { $step }.
market-ppn = VAT (PPN)
market-sum = Total
market-too-much = You chose more than there is: { $available }.
market-to-cart = Add to cart
market-sign-in = Log in to order
market-waiting = You can order once Lumbung has checked your business.
market-ready-in = { $n ->
    [one] Ready in { $n } day. { $freight }
   *[other] Ready in { $n } days. { $freight }
}
market-delivery-loco = You fetch the goods at the cooperative.
market-delivery-franco = Delivered, freight by destination.
market-delivery-quoted = Delivered, the cooperative works the freight out.
market-share = Share via WhatsApp
market-share-other = Share another way
market-qr = QR code of this offer
market-photos = Photos
market-photo-of = Photo: { $business }
market-manage = Manage this offer
market-pooled = { $n ->
    [one] From { $n } business
   *[other] Combined from { $n } businesses
}
market-pooled-lead = The same for all businesses: { $terms }.
market-pooled-alike = All are goods of the same kind.
market-pooled-grade = grade { $grades }
market-pooled-content = { $content } per { $unit }
market-others = others
market-business = Business
market-origin = Origin
market-capacity = Can supply
market-dates = Ready by date
market-build-up = How the price comes about
market-build-up-text = Per { $unit }, without PPN. This cooperative shows it.
market-part-members = For the members
market-part-costs = Packaging and transport
market-part-cooperative = Cooperative
market-part-price = Price
market-rule-link = See how orders are shared
market-rule-pro-rata = By what each can supply
market-rule-pro-rata-text = Orders are shared by what each can supply.
market-rule-equal-share = Equal parts
market-rule-equal-share-text = Orders are shared in equal parts.
market-rule-least-served = In turn
market-rule-least-served-text = Businesses that got the least so far come first.
market-rule-grade-first = Best grade first
market-rule-grade-first-text = The best grade comes first.
market-rule-first-come = First come
market-rule-first-come-text = Businesses that offered earlier come first.
market-permits = Permits and certificates
market-permit-all = All businesses
market-permit-some = { $n ->
    [one] { $n } permit
   *[other] { $n } permits
}
market-permit-list = See { $n } permit numbers
market-permit-until = until { $day }
market-about = About the goods
market-fact-grade = Grade
market-fact-content = Net content
market-fact-content-per = { $content } per { $unit }
market-fact-carton = Per { $carton }
market-fact-mixed = { $packs }, may be from several businesses
market-fact-unmixed = { $packs }, from one business
market-fact-shelf = Shelf life
market-fact-days = { $n } days

market-resting = Paused for now
market-resting-text = The cooperative has paused this offer. Try again later, or see other goods.
market-resting-over = No longer offered
market-resting-over-text = The cooperative has closed this offer. See other goods.
market-resting-similar = Find similar goods
market-resting-cooperative = See the cooperative

market-cooperatives = Cooperatives
market-cooperatives-lead = Every cooperative here was checked by Lumbung.
market-cooperatives-total = { $n ->
    [one] { $n } cooperative
   *[other] { $n } cooperatives
}
market-cooperatives-none = No cooperatives yet
market-cooperatives-none-text = The first one appears here once it has been checked.
market-cooperative-counts = { $members } businesses · { $offers } offers
market-coop-kind = Kind of cooperative
market-coop-producer = Producers
market-coop-consumer = Consumers
market-coop-marketing = Marketing
market-coop-service = Services
market-coop-savings-loan = Savings and loans
market-coop-members = Members
market-coop-businesses = { $n ->
    [one] { $n } business
   *[other] { $n } businesses
}
market-coop-tax = Tax
market-coop-pkp = VAT-registered (PKP), VAT is added
market-coop-not-pkp = Not VAT-registered, no VAT
market-coop-since = Verified since
market-coop-none = No offers yet
market-coop-none-text = Offers appear here when a catalogue opens.
market-catalogs = Catalogs
market-catalog-until = { $n ->
    [one] { $n } offer · until { $until }
   *[other] { $n } offers · until { $until }
}
market-catalog-edition = Edition { $n }
market-catalog-closes = Closes { $at }
market-edition-current = In force
market-edition-past = Old edition
market-edition-published = Published { $at }.
market-edition-replaced = Replaced { $at }.
market-edition-old = This is an old edition. The newest is edition { $n }.
market-edition-to-latest = See the newest edition
market-edition-pdf = Download PDF
market-edition-xlsx = Download Excel
market-edition-all = All editions
market-edition-since = What has changed since this edition
market-edition-since-below = The changes stand with each offer below.
market-edition-added = Added later:
market-edition-minimum = Minimum
market-edition-multiple = Multiple of
market-edition-lead = Ready in
market-edition-delivery = Delivery
market-edition-link = This edition, PDF and Excel
market-change-added = Added
market-change-removed = No longer offered
market-change-price = Price from { $from }: was { $before }, is now { $after }
market-change-price-gone = The price from { $from } ({ $before }) is gone
market-change-price-new = A new price from { $from }: { $after }
market-change-minimum = Minimum: was { $before }, is now { $after }
market-change-lead = Ready in: was { $before } days, is now { $after } days
market-change-name = The name has changed
market-change-description = The description has changed
market-change-packing = The packing has changed
market-change-grades = The grades have changed
market-change-permits = The permits have changed
market-change-delivery = The delivery has changed
market-change-tax = The tax has changed
market-change-businesses = The businesses behind it have changed
market-change-picture = Its photo has changed
market-change-visibility = Who sees the price has changed
market-change-catalog-title = The catalog's name has changed
market-change-catalog-text = The catalog's description has changed
market-change-catalog-time = Opening or closing time has changed
market-change-catalog-audience = The buyers it is for have changed
market-paper-phone = Phone { $phone }
market-paper-edition = Edition
market-paper-published = Published
market-paper-until = Open until
market-paper-for = For
market-paper-private = { $name }. Holds prices that are not public.
market-paper-tax = Prices are without PPN.
market-sheet-goods = Catalog
market-sheet-prices = Prices
market-sheet-picture = Picture
market-sheet-name = Goods
market-sheet-unit = Sold by
market-sheet-packs = Packs per carton
market-sheet-minimum = Minimum
market-sheet-days = Ready (days)
market-sheet-details = Details
market-sheet-from = From quantity
market-sheet-of = Unit
market-sheet-price = Price per unit (Rp)
market-sheet-carton-price = Price per carton (Rp)

market-how-title = How Lumbung works
market-how-lead = Many small businesses sell together through a cooperative.
market-how-steps = From goods to order
market-how-list = Businesses list their goods
market-how-list-text = The owner writes name, price and how much there is.
market-how-pool = The cooperative pools them
market-how-pool-text = It checks quality and permits and makes one offer.
market-how-order = Buyers order once
market-how-order-text = Stock is held the moment the order is sent. Nothing is promised twice.
market-how-share = The order is shared out
market-how-share-text = Every member sees their share and the reason, then answers.
market-how-rules = How orders are shared
market-how-rules-text = The cooperative chooses one way. Every member can read the working.
market-how-start = Start
market-how-search = Search goods
market-how-register = Sign up
market-how-keys = Keyboard shortcuts
market-how-keys-text = For keyboards, where the browser runs scripts.
market-how-key-search = to the search field
market-how-key-help = to this list
market-how-key-leave = out of the search field
market-how-key-escape = Esc
