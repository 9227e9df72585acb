# Safety inspections: the inspector's desk.

error-inspection-closed-title = The inspection is closed
error-inspection-closed = This was done before. Reload the page to see how it stands.
error-inspection-place-title = The place takes no part in the safety map
error-inspection-place = Only a place that is open and takes part in the safety map can be inspected.
inspections-field-due = The deadline has to lie ahead, within 90 days.
inspections-field-none-chosen = Please tick at least one report.

inspections-title = Reports and inspections
inspections-lead = What people report on places of your area, and inspections that are not closed.
inspections-ways = Safety work
inspections-export = Download CSV
inspections-search = Find a place
inspections-search-hint = Name of a place in your area
inspections-search-send = Find
inspections-found = { $count ->
    [0] No place found
    [one] { $count } place found
   *[other] { $count } places found
  }
inspections-lists = Lists of work
inspections-which-reopened = Reopened
inspections-which-reopened-text = The place answered, but the reporter says it is still not right. Look at these first.
inspections-which-overdue = Answer overdue
inspections-which-overdue-text = The place let its time pass without an answer.
inspections-which-open = Waiting for the place
inspections-which-open-text = Reports with proof come first.
inspections-which-answered = Answered
inspections-which-answered-text = The reporter may still reopen these. You may confirm or dismiss them.
inspections-which-confirmed = Found true
inspections-which-confirmed-text = With enough people they hold the colour of the place. Close them when it is put right.
inspections-which-held = Unusually many
inspections-which-held-text = Too many reports at once on a place, or from one source. The place does not see them and its colour does not change. One line a place.
inspections-which-inspections = Inspections not closed
inspections-which-inspections-text = Inspections with something still to repair. Places that say it is done come first.
inspections-none = Nothing to do
inspections-none-text = This list is empty.
inspections-held-count = { $count ->
    [one] { $count } report waits to be read
   *[other] { $count } reports wait to be read
  }
inspections-late = Repair overdue
inspections-said-repaired = Said to be done at { $time }
inspections-state-open = Not closed
inspections-state-closed = Closed

inspections-column-place = Place
inspections-column-area = Area
inspections-column-item = Criterion
inspections-column-body = Report
inspections-column-proof = Proof
inspections-column-state = State
inspections-column-created = Sent at
inspections-column-due = Answer due
inspections-column-answer = Answer of the place
inspections-column-remark = Inspector's note
inspections-column-inspector = Inspector

inspections-report = A report
inspections-reports = Reports from the public
inspections-nobody-knows = The system shows nobody who reported, officers included.
inspections-decide = Decide
inspections-decide-text = { $reporters ->
    [0] No report on this place has been found true.
    [one] Reports of one person on this place have been found true, weight { $weight }.
   *[other] Reports of { $reporters } different people on this place have been found true, weight { $weight }.
  } From two people and weight { $needed } on, the place is held at yellow until you close them.
inspections-remark = Note
inspections-remark-hint = The place and the reporter read it. Needed for not accepting a report.
inspections-confirm = It is true
inspections-dismiss = Do not accept
inspections-close-report = Close: put right
inspections-did-confirmed = The report is confirmed
inspections-did-dismissed = Noted as not accepted
inspections-did-closed = Closed
inspections-did-inspected = The inspection is noted

inspections-held = Reports held back
inspections-held-text = Many reports came at once: perhaps for one true reason, perhaps on purpose. Let those through that deserve it; turn the rest down together, with a reason.
inspections-held-remark = Why they are not accepted
inspections-held-remark-hint = Only for not accepting. The reporters will read it.
inspections-held-all = All { $count } reports on this page
inspections-held-release = Let through for the place to answer
inspections-held-dismiss = Do not accept

inspections-colour-now = Colour now
inspections-self-check = The place's last self-check
inspections-said-late = late
inspections-said-none = The place has not checked itself in the last 7 days.
inspections-met = Met
inspections-not-met = Not met
inspections-days = Last 30 days
inspections-streak = { $days ->
    [0] No days reported on end.
    [one] Reported for one day.
   *[other] Reported { $days } days on end.
  }
inspections-differing = { $count ->
    [0] as the place said
    [one] { $count } criterion differs
   *[other] { $count } criteria differ
  }
inspections-orders-count = { $count ->
    [one] { $count } order
   *[other] { $count } orders
  }

inspections-inspect = Inspect
inspections-recheck = Check again
inspections-recheck-title = Checking the inspection of { $day } again
inspections-recheck-text = Sending this closes the earlier one. What is still not met needs a new order.
inspections-beside = Beside each criterion stands what the place answered on { $day }.
inspections-compulsory = Compulsory
inspections-place-said = The place said:
inspections-was-ordered = Ordered:
inspections-order-open = Not repaired
inspections-order-repaired = Said to be repaired
inspections-order-accepted = Accepted
inspections-points = { $points ->
    [one] { $points } point
   *[other] { $points } points
  }
inspections-points-of = Points, { $points } at most
inspections-note-or-order = Order, note
inspections-order = Order to repair
inspections-note = Note
inspections-finish = Finish the inspection
inspections-finish-text = If the place is unsafe or something is ordered, the inspection stays open and holds the colour of the place until it is checked again.
inspections-remark-all = Remark
inspections-remark-all-hint = The place reads it.
inspections-due = Deadline to repair
inspections-due-hint = Only used when something is ordered.
inspections-closes-reports = What was reported and found true is put right
inspections-closes-reports-hint = { $count ->
    [one] Closes what one person reported of this place.
   *[other] Closes what { $count } people reported of this place.
  }
inspections-send = Note the inspection

inspections-one = Inspection
inspections-outcome = Outcome
inspections-score = Result
inspections-repaired = Said to be repaired
inspections-closed = Closed at
inspections-end = Closing
inspections-end-text = Go and look again, or accept what the place has shown.
inspections-close-without = Accept without looking again
inspections-close-remark = On what grounds
inspections-close = Accept and close
inspections-deviation = Beside the place's own check
inspections-deviation-text = { $over ->
    [0] { $count } differ; the place overstated none.
   *[other] { $count } differ; of these the place overstated { $over }.
  }
inspections-deviation-none = Nothing differs, or the place has not checked itself.
inspections-answers = Each criterion
