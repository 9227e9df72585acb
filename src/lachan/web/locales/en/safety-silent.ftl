# Places that have not reported today.

silent-title = Not reported today
silent-door = Which places of the area have not sent today's result; remind them all in one press.
silent-up = Up to the area above
silent-count = Not reported
silent-of = { $count ->
    [one] of one place that takes part
   *[other] of { $count } places that take part
  }
silent-reminded = Reminded today
silent-remind = { $count ->
    [one] Remind one place
   *[other] Remind { $count } places
  }
silent-remind-hint = Those who run it are told on their phones and see it on the page of the place. A place is reminded once a day.
silent-did = { $count ->
    [one] One place is reminded.
   *[other] { $count } places are reminded.
  }
silent-did-none = No place is left to be reminded today.
silent-export = Download CSV
silent-by-area = By area
silent-places = Places that have not reported
silent-none = Every place has reported
silent-none-text = No place of this area has today's report missing.
silent-never = Never
silent-column-place = Place
silent-column-kind = Kind
silent-column-area = Area
silent-column-address = Address
silent-column-last = Last report
silent-column-reminded = Reminded at
silent-column-places = Taking part

frame-nav-inspections = Safety inspection
frame-nav-silent = Not reported
