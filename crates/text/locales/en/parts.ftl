part-optional = may be left empty
part-error-title = Error:
part-error-heading = { $n ->
    [one] There is 1 thing to put right
   *[other] There are { $n } things to put right
}
part-crumbs = Where this page stands
part-steps = Steps
part-step-of = Step { $n } of { $all }
part-pages = Pages
part-page-previous = Back
part-page-next = Next
part-less = Less
part-more = More
part-price-hidden = Log in to see the price
