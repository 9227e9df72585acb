# Giving places that the authority registered to those who will run them.
operators-text = Lá Chắn: you are invited to run the place "{ $place }". Sign in at { $url } with this number within { $days } days to accept or refuse.
operators-text-many = Lá Chắn: you are invited to run { $count } places. Sign in at { $url } with this number within { $days } days to accept or refuse.

# Pages of officers.
operators-title = Who runs it
operators-facts = Facts
operators-open = Open
operators-posters = Posters
operators-yes = Somebody runs this place
operators-yes-given = The authority gave it to somebody. Officers do not see who that is.
operators-yes-own = A resident registered this place. Only its owner invites others.
operators-no = Nobody runs this place yet
operators-no-text = Its posters take check-ins, but nobody sees the numbers, closes the day or reports a case. Invite whoever is in charge there.
operators-none-badge = Nobody
operators-some-badge = Yes
operators-column = Run by somebody
operators-by-phone = Invite by phone number
operators-phone = Phone number of the person in charge
operators-phone-hint = They get a text, sign in with that same number and accept. The invitation holds for { $days } days.
operators-send = Send the invitation
operators-by-code = Invite by a code on paper
operators-by-code-text = When you do not know the number: hand the code to the person in charge. Whoever holds it first gets the place, so give it to nobody else.
operators-make-code = Make a code
operators-invitations = Invitations not taken yet
operators-invited-phone = Phone number that ends in { $end }
operators-invited-code = Code on paper
operators-state-open = waiting until { $date }
operators-state-declined = refused
operators-state-expired = expired on { $date }
operators-withdraw = Withdraw the invitation
operators-did-sent = The invitation is sent
operators-did-withdrawn = The invitation is withdrawn
operators-did-taken = The place is taken back. Invite the person in charge anew.
operators-code-title = Code to take over a place
operators-code-once = The code is shown once
operators-code-once-text = Print this page or write the code down now, and hand it to the person in charge. It works once, until { $date }.
operators-code = Code
operators-code-picture = QR code to take over { $place }
operators-code-step-1 = Scan this QR code, or open { $site } and type the code.
operators-code-step-2 = Sign in with your phone number.
operators-code-step-3 = Press “Accept” to run this place: print posters, see the numbers, close the day.
operators-code-keep = Whoever holds this code can take the place. Do not put it up or send it around.
operators-code-done = Done
operators-take-back = Take the place back
operators-take-back-title = Take this place back?
operators-take-back-text = For when the invitation reached the wrong person. Everybody who runs the place loses it; their devices and invitations stop at once. Posters and visits stay as they are.
operators-reason = Reason
operators-reason-hint = Goes into the audit trail, for example: the code was sent to the wrong address
operators-take-back-yes = Take it back
operators-take-back-no = Leave it
operators-confirm-hint = You signed in a while ago. Enter your password again, so that we know it is you.
operators-field-confirm = Enter your password.

# The page of many places.
operators-list-title = Who runs them
operators-list-invited = People invited by text
operators-list-unowned = Nobody runs { $count } places of this list yet.
operators-list-all = Every place of this list is run by somebody.
operators-list-codes = Make codes for { $count } places (CSV)
operators-list-codes-text = One code for each place, which works once within { $days } days. The codes are in this file only; making them again ends the ones before.
operators-csv-address = Address
operators-csv-code = Code to take it over
operators-csv-link = Link

# Pages of those who are invited.
operators-offers = You are invited to run
operators-mine = Run by you
operators-offer-until = The health authority asks you to accept before { $date }.
operators-offer-yes = Accept
operators-offer-no = Not me
operators-offer-declined = The invitation is refused

error-place-has-operator-title = Somebody runs it already
error-place-has-operator = This place is run by somebody, so nobody else can be invited from here.
error-place-not-given-title = It cannot be taken back
error-place-not-given = A resident registered this place, so the authority cannot take it back.
error-too-many-invitations-title = Too many invitations
error-too-many-invitations = A place has at most { $most } open invitations. Withdraw some first.
