# Lists of visitors on paper.
paper-title = Paper list
paper-link-text = Do visitors sign a book? Type it up or send a file, so that they too are warned in time.
paper-link = Type a paper list
paper-nav-type = Quick typing
paper-nav-import = Send a file
paper-nav-waiting = Rows to check
paper-type-lead = One visitor a row. Tab moves on, Enter saves.
paper-who = Phone number, Lá Chắn card, document number or name
paper-who-hint = No number at all? Type the name
paper-name-hint = When the box above holds a number
paper-times-hint = Write times as 7:30, 7h30 or 730, and days as 25/11/2026 or 25/11.
paper-no-room = Room not known
paper-save-row = Save this row
paper-typed-today = What you typed today
paper-typed-none = No rows yet.
paper-saved-ready = Row { $line } saved
paper-saved-accepted = Row { $line } saved
paper-saved-doubtful = Row { $line } saved, but has to be checked
paper-saved-refused = Row { $line } kept but not counted
paper-fix = Check
paper-line = Row { $line }
paper-from-device = From a device at the door

paper-field-name = Full name
paper-field-phone = Phone number
paper-field-document = ID card or passport number
paper-field-card = Card number
paper-field-day = Date
paper-field-arrival = Time in
paper-field-departure = Time out
paper-field-room = Room
paper-field-note = Note
paper-field-file = Choose a file that holds something
paper-field-file-label = The list
paper-field-file-hint = Excel (.xlsx) or CSV, up to { $most } rows and 12 MB. Headings in Vietnamese or English, with or without accents, in any order.

paper-import-title = Send a list as a file
paper-import-lead = The file is read on trial first, and you see what becomes of each row. Nothing counts before you agree.
paper-upload = Read on trial
paper-template-title = A file to fill in
paper-template-text = No file yet? Download this one, fill it in and send it. Delete the example row.
paper-template-xlsx = Download for Excel
paper-template-csv = Download as CSV
paper-template-name = Nguyễn Văn Ví Dụ
paper-template-note = An example, delete it
paper-lists = Lists so far
paper-lists-none = No lists yet.
paper-list-file = File of { $day }
paper-list-typed = Typed on { $day }
paper-rows-count = { $count ->
    [one] { $count } row
   *[other] { $count } rows
}
paper-list-state-mapping = columns to be chosen
paper-list-state-checking = being read
paper-list-state-checked = waits for your agreement
paper-list-state-taking = being taken
paper-list-state-done = done
paper-list-state-open = being typed
paper-list-state-failed = could not be read
paper-list-lead-mapping = Say which column holds what.
paper-list-lead-checking = Each row is being read. You may leave this page, the reading goes on.
paper-list-lead-checked = This is a trial. Nothing counts yet.
paper-list-lead-taking = The visits are being recorded. You may leave this page.
paper-list-lead-done = Done. Rows to check wait for you or for a contact tracer.
paper-list-lead-open = A list being typed.
paper-list-lead-failed = This file has not been read yet.
paper-progress-checking = Reading the file
paper-progress-taking = Recording visits
paper-look-again = Look again
paper-failed-title = The file could not be read
paper-failed-text = Something went wrong on our side. Choose the columns and read it again, or send another file.
paper-count-ready = rows will be taken
paper-count-accepted = rows taken
paper-count-doubtful = rows to check
paper-count-refused = rows refused
paper-day-used = The date of rows that tell none: { $day }.
paper-day-none = The file names no date for the whole list.
paper-columns-used = Columns read:
paper-columns-change = Change columns
paper-confirm = { $count ->
    [one] Take { $count } row
   *[other] Take { $count } rows
}
paper-confirm-note = Rows to check and rows refused are kept with the reason. No row is lost.
paper-discard = Throw this file away
paper-problems = Rows not taken
paper-accept-these = { $count ->
    [one] Take this { $count } row
   *[other] Take these { $count } rows
}
paper-accept-all = Take all rows with this reason alone
paper-report-download = Download these rows (CSV)
paper-report-line = Line
paper-report-column = Column
paper-report-state = Result
paper-report-reason = Reason
paper-report-todo = What to do

paper-columns-title = Which column is which?
paper-columns-lead = Look at the first values of each column and choose. Columns that are not chosen are not kept.
paper-columns-unclear = The headings leave open
paper-columns-heading = Line with the headings
paper-columns-heading-hint = Number of the line in the file; 0 when there are no headings
paper-columns-day = Date of the list
paper-columns-day-hint = For rows that tell only a time, as 25/11/2026
paper-column = Column { $letter }: { $heading }
paper-column-samples = For example: { $samples }
paper-column-ignored = Not used
paper-columns-twice = Choose each content for one column only
paper-columns-go = Read by these columns
paper-columns-missing-who = A column must tell who came: name, phone, document or card
paper-columns-missing-arrival = A column must tell the time in
paper-columns-missing-name = More than one column looks like a name
paper-columns-missing-phone = More than one column looks like a phone number
paper-columns-missing-document = More than one column looks like a document number
paper-columns-missing-card = More than one column looks like a card number
paper-columns-missing-day = More than one column looks like a date
paper-columns-missing-departure = More than one column looks like a time out
paper-columns-missing-room = More than one column looks like a room
paper-columns-missing-note = More than one column looks like a note

paper-state-ready = Fine
paper-state-accepted = Taken
paper-state-doubtful = To check
paper-state-refused = Refused

paper-reason-phone-invalid = The phone number is not right.
paper-todo-phone-invalid = Compare it with the paper and correct it; if it cannot be read, delete it and keep the name.
paper-reason-document-invalid = The document number is not right.
paper-todo-document-invalid = ID cards have 12 digits, older ones 9. Correct or delete it.
paper-reason-card-invalid = The card number is mistyped.
paper-todo-card-invalid = Card numbers have 12 characters. Compare and correct it.
paper-reason-card-unknown = No card has this number.
paper-todo-card-unknown = Compare the number, or delete it and give the name.
paper-reason-card-withdrawn = The card was reported lost, or nobody uses it yet.
paper-todo-card-withdrawn = Delete the number and give the name or phone.
paper-reason-arrival-missing = The time in is missing.
paper-todo-arrival-missing = Give the time in, a guess will do.
paper-reason-arrival-unreadable = The time in cannot be read, or the date is missing.
paper-todo-arrival-unreadable = Write it as 25/11/2026 7:30 or 7h30.
paper-reason-departure-unreadable = The time out cannot be read.
paper-todo-departure-unreadable = Write it as 8:15; leave it empty when it is not known.
paper-reason-day-unreadable = The date cannot be read.
paper-todo-day-unreadable = Write the day first, then the month: 25/11/2026.
paper-reason-times-impossible = The time out is before the time in, or more than 24 hours after it.
paper-todo-times-impossible = Correct one of the two.
paper-reason-in-future = This moment has not come yet.
paper-todo-in-future = Check date and time.
paper-reason-outside-hours = Outside opening hours.
paper-todo-outside-hours = Check the time; if it is right, take the row.
paper-reason-old = More than a week ago.
paper-todo-old = Check the date; if it is right, take the row.
paper-reason-same-name = Two people share this name and there is no phone number.
paper-todo-same-name = If it is another person, take the row; if it is the same one, add a number or refuse the row.
paper-reason-phone-unconfirmed = The phone number typed at the door was not confirmed.
paper-todo-phone-unconfirmed = Call the number, or take the row if you trust it.
paper-reason-shown-unreadable = What was shown cannot be read.
paper-todo-shown-unreadable = Give a name or phone number, or refuse the row.
paper-reason-room-unknown = There is no room of this name; it counts for the whole place.
paper-todo-room-unknown = Nothing to do.
paper-reason-nobody = Neither a name nor any number.
paper-todo-nobody = Give a name, phone, document or card number.
paper-reason-too-old = Older than visits are kept.
paper-todo-too-old = Such visits are not kept any more; nothing to do.
paper-reason-formula = A cell holds a formula.
paper-todo-formula = Paste it as values and send the file again.
paper-reason-repeated = The same as a row that you sent before.
paper-todo-repeated = Nothing to do; the visit counts once.
paper-reason-by-hand = Refused on a second look.
paper-todo-by-hand = Nothing to do.

paper-waiting-title = Rows to check
paper-waiting-lead = Compare with the paper, correct and take, or refuse and say why. Only you and the contact tracers of the area see these rows.
paper-waiting-none-title = Nothing waits
paper-waiting-none-text = Every row was taken or refused.
paper-did-settled = Taken
paper-did-refused = Refused, and the reason kept
paper-row-title = Check a row
paper-why-doubtful = Why it has to be checked
paper-shown = What was shown:
paper-settle = Save and take this row
paper-settle-note = What you leave as it is counts as looked at and right.
paper-refuse-title = Or refuse it
paper-refuse-reason = Why it is refused
paper-refuse = Refuse this row
paper-overlap-title = This person seems to have been elsewhere at the time
paper-overlap-text = By another visit this person was elsewhere during the time on the row. Whoever typed the list does not see this.
paper-overlap-accept = The person was here
paper-overlap-refuse = It is not this person

paper-desk-title = Paper lists to check
paper-desk-lead = Rows that cannot be settled without a person, by place.
paper-desk-none = Nothing waits in your areas.
paper-desk-waiting = { $count ->
    [one] { $count } row waits
   *[other] { $count } rows wait
}
paper-desk-place-lead = Names and numbers show only when you open a row and say why.
paper-time-unknown = Time not known
paper-open = Open
paper-open-title = Open a row
paper-open-lead = The row holds personal data. Opening it is written to the audit trail.
paper-open-reason = Why you open it
paper-open-reason-usual = Checking a waiting row of a paper list
paper-open-reason-hint = The person concerned can read this

error-paper-list-too-long-title = The file is too long
error-paper-list-too-long = The file has { $rows } rows; at most { $most } are taken at once. Split it and send the parts one by one.
error-paper-list-settled-title = The list was taken already
error-paper-list-settled = This list was taken and can no longer be changed or thrown away. Settle the rows to check one by one.
error-paper-row-settled-title = This row was settled already
error-paper-row-settled = Somebody has settled this row. Go back to the list for another one.
error-paper-row-needs-correction-title = To be corrected first
error-paper-row-needs-correction = The row does not tell enough: who came, and when. Correct it, then take it.
