# What people say of a place on the safety map.

error-feedback-unknown-title = No such report
error-feedback-unknown = The follow code is wrong, or no report goes by it. Please compare it letter by letter.
error-feedback-not-taken-title = This place takes no reports yet
error-feedback-not-taken = The place takes no part in the safety map, or it is closed.
error-feedback-settled-title = The report has moved on
error-feedback-settled = Somebody has dealt with it already, or it is not time for this yet. Reload the page to see how it stands.
error-feedback-photos-title = The photo cannot be added
error-feedback-photos = A report has three photos at most, sent within an hour of it.
feedback-field-too-short = Please write a little more, 10 characters at least.
feedback-field-link = No web addresses, please. Say it in words.
feedback-field-letters = There are characters that cannot be shown.
feedback-field-item = The criteria of this place have no such item.
feedback-field-why-dismissed = Please say why: the person who reported will read it.

## The page that tells
feedback-tell-title = This is not right here
feedback-tell-lead = { $place }, { $area }
feedback-tell-text = Say what you saw that differs from what the place says. It has to answer within { $hours } hours, counted to the end of that day, and inspectors read every report.
feedback-tell-private = Nobody learns who you are
feedback-tell-private-text = No account is needed. Neither the place nor the public ever sees who reported; the place sees the day, not the hour.
feedback-tell-body = What did you see?
feedback-tell-body-hint = What, where and when. Please name nobody and give no phone numbers.
feedback-tell-item = Which criterion is it about?
feedback-tell-item-none = Not sure, or something else
feedback-tell-photo = Photo
feedback-tell-photo-hint = JPEG, PNG or WebP, up to 8 MB. Where and when it was taken is removed from the file. Please keep faces out of it.
feedback-tell-send = Send the report
feedback-tell-sign-in = Reports with proof are looked at first
feedback-tell-sign-in-text = Sign in with your phone number, or have scanned in here within 14 days, and your report weighs more. You stay unknown all the same.
feedback-tell-sign-in-link = Sign in, then report
feedback-tell-proof-phone = You are signed in: your report weighs more. You stay unknown all the same.
feedback-tell-proof-visit = You were here within the last 14 days: your report weighs most. You stay unknown all the same.
feedback-tell-back = Back to the place

## The page that follows
feedback-told-title = Your report
feedback-told-sent = Your report is sent
feedback-told-sent-text = Keep this page or the code below. It is the only way for you to see what becomes of it, and we cannot send the code again.
feedback-told-photo-failed = The report is sent, but the photo did not arrive
feedback-told-photo-failed-text = It could not be opened or was too large. What you wrote is looked at all the same.
feedback-told-code = Follow code
feedback-told-copy = Copy the link
feedback-told-place = Place
feedback-told-item = Criterion
feedback-told-item-none = Something else
feedback-told-said = You wrote
feedback-told-history = What happened
feedback-told-when-sent = You reported
feedback-told-when-answered = The place answered
feedback-told-when-reopened = You said it is still not right
feedback-told-when-decided-confirmed = An inspector found the report to be true
feedback-told-when-decided-dismissed = An inspector did not accept the report
feedback-told-when-decided-closed = An inspector closed it: put right
feedback-told-due = The place has to answer by { $time }.
feedback-told-overdue = The time to answer is over. The inspectors of the area have been told.
feedback-told-held = Many reports on this place came at once, so an inspector reads them first. Yours is not lost.
feedback-told-reopen-title = Still not right?
feedback-told-reopen-text = You can reopen it once. The place has to answer again, and an inspector will look.
feedback-told-reopen-why = What is still not right?
feedback-told-reopen-send = Reopen the report
feedback-told-reopened = Reopened. The place has to answer again by the new deadline.
feedback-find-title = What became of my report
feedback-find-text = Type the follow code that you got when you reported.
feedback-find-send = Look

feedback-state-held = Read by an inspector first
feedback-state-open = Waits for an answer
feedback-state-answered = Answered
feedback-state-reopened = Reopened
feedback-state-confirmed = Found true
feedback-state-dismissed = Not accepted
feedback-state-closed = Closed
feedback-state-overdue = Answer overdue
feedback-proof-none = Anonymous
feedback-proof-phone = With a phone number
feedback-proof-visit = Was at the place

## The page of the place
voices-title = Reports and inspections
voices-lead = Answer what people report, and say when what was ordered is repaired.
voices-none = No reports yet
voices-none-text = When people report something about this place, you answer here.
voices-waiting = To be answered
voices-before = Dealt with
voices-count = { $count ->
    [one] { $count } report to be answered
   *[other] { $count } reports to be answered
  }
voices-day = On { $day }
voices-due = Answer by { $time }
voices-reopened = The reporter says it is still not right:
voices-answered = The place answered:
voices-remark = The inspector noted:
voices-answer = Your answer
voices-answer-hint = What was done, and by when it will be. The reporter and the inspectors read it.
voices-answer-send = Send the answer
voices-did-answered = The answer is sent
voices-did-repaired = Said to be repaired. An inspector will look again.
voices-photo = Photo from the public, open large
voices-anonymous = Places do not learn who reports, and may not try to.
voices-orders = Orders to repair
voices-orders-due = To be repaired by { $time }
voices-orders-overdue = The repair is overdue
voices-orders-repaired = You said at { $time } that it is repaired; an inspector will look again.
voices-orders-done = Say that it is repaired
voices-inspections = Inspections
voices-inspections-none = No inspection yet
