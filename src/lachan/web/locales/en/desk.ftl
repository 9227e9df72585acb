# The tracer's desk.
desk-overview-title = Overview
desk-overview-areas = Your area: { $areas }
desk-more-than = over { NUMBER($count) }
desk-open-cases = open cases
desk-to-call = F1 not called yet
desk-to-call-note = living in your area
desk-runs = traces running
desk-runs-note = shown as soon as they are done
desk-runs-title = Being traced
desk-newest-title = Newest records
desk-all-cases = All cases
desk-no-cases = No cases yet
desk-no-cases-text = When somebody in your area is confirmed or suspected, open a record to trace from.
desk-door-officers = Make accounts and assign areas.
desk-door-audit = See who opened which data, and why.
desk-door-places = Look up check-in points in your area.
desk-door-reviews = Look at places that registered with a name near another’s.
desk-door-bulk = Send an Excel or CSV list and get every poster in one file.
desk-door-cards = Print and give out cards for people without a phone.
desk-door-rules = Who is a contact, who is warned, with which message; make a new version.
desk-door-pauses = Stop all warnings in the area when one has gone wrong.
desk-door-duty = End the duty to check in when the epidemic subsides.
desk-door-quality = How many places are scanned at, and what share of visitors scans.

desk-cases-title = Cases
desk-case = Case
desk-case-code = Case code
desk-disease = Disease
desk-classification = Classification
desk-classification-suspected = Signs and exposure, not tested yet.
desk-classification-probable = Signs and a link to a confirmed case.
desk-classification-confirmed = Tested positive.
desk-onset = Onset
desk-onset-long = Day of onset
desk-onset-hint = The first day of symptoms; for measles, of the rash. Leave empty without symptoms.
desk-sampled = Day of sampling
desk-sampled-hint = Needed when there are no symptoms.
desk-no-symptoms = No symptoms
desk-not-known = Not known
desk-area = Home
desk-opened = Opened
desk-profile = Disease profile
desk-record = Record
desk-state-all = All
desk-state-open = Open
desk-state-closed = Closed
desk-any = All
desk-filter = Filter
desk-drill = Drill
desk-closed = Closed
desk-none-found = No case fits
desk-none-found-text = Use fewer filters, or check the case code.

desk-new-case = Open a case
desk-new-title = Open a case
desk-new-lead = That you opened it is written down with your name.
desk-new-contact = This person is on the list as an { $level } contact of case { $code }.
desk-new-phone = Phone number
desk-new-phone-hint = If the number is not registered, a new person is made.
desk-new-name = Full name
desk-new-name-hint = Used only when the number is not registered.
desk-new-area = Home
desk-new-area-hint = Type the name of the ward and press Find. Leave empty to use the home the person gave.
desk-new-area-search = Find
desk-new-area-choose = Choose the ward
desk-new-area-none = There is no such ward in your area.
desk-new-reason = Grounds
desk-new-reason-hint = For example: test result of the district hospital. Kept in the access log.
desk-new-submit = Open the case
desk-field-day = Enter the day as year-month-day

desk-window-title = Infectious period
desk-window-onset = Could infect others from { $begins } to the end of { $ends } ({ $count } days), counted from onset.
desk-window-sampled = Could infect others from { $begins } to the end of { $ends } ({ $count } days), counted from sampling.
desk-window-legend = One square a day; the fuller it is, the more hours of that day are on record at a place. ▼ marks the days of onset and of sampling.
desk-window-table = Show as a table
desk-day = Day
desk-visits = Visits
desk-recorded = Time on record
desk-remark = Remark
desk-day-onset = onset
desk-day-sampled = sampling
desk-day-today = today
desk-day-ahead = ahead

desk-trace-title = Tracing
desk-trace = Trace
desk-trace-again = Trace again
desk-trace-dry = Dry run
desk-trace-levels = How far
desk-trace-up-to = Up to { $level }
desk-refresh = Reload to see how far it is
desk-dry-title = Result of the dry run
desk-dry-text = The list of contacts has not changed.
desk-traced-at = traced at { $time }
desk-late-title = { $visits ->
    [one] One new visit since the trace
   *[other] { NUMBER($visits) } new visits since the trace
}
desk-late-text = { $people ->
    [0] A paper list or an offline batch that came later shows more time near the case. The F1 contacts stay the same, but the evidence and the next levels may change.
    [one] A paper list or an offline batch that came later shows one more F1 contact that the trace did not know. Trace again before you warn.
   *[other] A paper list or an offline batch that came later shows { NUMBER($people) } more F1 contacts that the trace did not know. Trace again before you warn.
}
desk-late-again = Trace again up to { $level }
desk-late-cases = Worth tracing again
desk-stopped-title = Too many contacts
desk-stopped-text = Level { $level } has too many people and was not written. The levels before it are complete.
desk-not-traced = This case has not been traced. Do a dry run to see how many people there are, or trace to make the list.
desk-no-contacts = No contacts found
desk-no-contacts-text = Nobody shared a place with the case for long enough while it was infectious. Ask about the hours that are not on record.
desk-warn = Draft a warning
desk-contacts-of-level = Contacts at level { $level }

desk-level = Level
desk-why = Why
desk-minutes = Minutes
desk-status = Status
desk-open = Open
desk-more-times = And { $count ->
    [one] once more
   *[other] { $count } more times
}.
desk-also-household = Lives in the same household.
desk-is-case = Is a case by now
desk-contact-number = Contact { $id }

desk-timeline-title = Places visited
desk-timeline-noted = That you read this is written down; the person can see it.
desk-timeline-count = { $visits ->
    [one] 1 visit
   *[other] { $visits } visits
}, { $gaps ->
    [one] 1 stretch
   *[other] { $gaps } stretches
} without a record
desk-gap = Nothing on record
desk-still-there = Has not scanned out
desk-no-visits = No visits
desk-no-visits-text = This person scanned nowhere during the infectious period. Ask in person.

desk-identity-title = Identity
desk-identity-reason = Reason for opening
desk-identity-hint = The person will read it, for example: calling to investigate.
desk-identity-open = Open name and phone
desk-identity-noted = Written into the access log. Shown this once.
desk-identity-name = Full name
desk-identity-phone = Phone number
desk-identity-kept-by = Answers for them, same household
desk-identity-birth = Year of birth
desk-identity-none = None

desk-change-title = Update the record
desk-change = Change classification
desk-close-title = Close the record
desk-close-text = Once closed, nothing is traced or warned from this record any more.
desk-close = Close the record

desk-contacts-title = Contacts in your area
desk-contacts-lead = People who live in your area, wherever the case is.
desk-contacts-none = No contacts
desk-contacts-none-text = Nobody in your area fits.
desk-first-exposure = First exposure
desk-last-exposure = Last exposure
desk-together = Time in all
desk-status-title = Follow-up
desk-status-save = Save status
desk-contact-to-case = This person has fallen ill: open a case
desk-evidence-title = Evidence
