# Warnings: officers approve them, residents receive them.

## Errors
error-warning-not-traced-title = The case has not been traced
error-warning-not-traced = Trace this case first; only then is it known whom to warn.
error-warning-case-discarded-title = The case was discarded
error-warning-case-discarded = This case turned out not to be one, so there is nothing to warn of.
error-warning-no-recipients-title = There is nobody to warn
error-warning-no-recipients = There is no contact at the chosen levels, or all of them were warned before.
error-warning-not-draft-title = The warning is no longer a draft
error-warning-not-draft = This warning has been approved or withdrawn already.
error-warning-recipients-changed-title = The recipients have changed
error-warning-recipients-changed = You saw { $seen } people; now there are { $now }. Look at the dry run again, then approve.
error-warning-second-officer-title = A second officer has to approve
error-warning-second-officer = This reaches more people than one officer may approve alone. Save the draft and ask another officer.
error-warning-withdrawn-title = The warning was withdrawn
error-warning-withdrawn = This warning has been withdrawn; nothing more needs to be done.
error-warning-disputed-title = You have told us already
error-warning-disputed = We have what you told us about this warning. The answer will appear here.
error-warning-nothing-to-answer-title = Nothing to answer
error-warning-nothing-to-answer = This objection does not exist or has been answered.
error-warning-kind-unknown-title = There is no such class of message
error-warning-kind-unknown = A message is one of: watch, test, stay home, call.
error-warning-level-outside-rule-title = This level is not warned
error-warning-level-outside-rule = The version of the rules that the case was traced by warns nobody of this level.
error-warning-rush-title = Too many warnings within an hour
error-warning-rush = Very much was warned of within the last hour. Save a draft and let another officer look at it and approve.
error-warnings-paused-title = Warnings are paused
error-warnings-paused = An admin is holding back all warnings in { $area }. Reason: { $reason }
error-warnings-paused-already-title = Paused already
error-warnings-paused-already = Warnings of this area are being held back.
error-warning-not-stopped-title = The warning is not stopped
error-warning-not-stopped = This warning has not stopped itself, so there is nothing to let go on.
error-place-report-not-accepted-title = The report is not accepted
error-place-report-not-accepted = Check and accept the report of the place before anybody is warned.
error-place-report-decided-title = The report is decided
error-place-report-decided = An officer has accepted or refused this report already.
error-rule-wrong-title = Something in the rules cannot be
error-rule-wrong = Look at the parts that are marked and save again.
error-rule-published-title = The version is in force
error-rule-published = This version was published, so it cannot change any more. Make a new one.
error-rule-untried-title = Not tried yet
error-rule-untried = Try the version on past cases and wait for the end before you publish it.
error-outbreak-place-unknown-title = The place is not of this warning
error-outbreak-place-unknown = Only places of this warning that are not listed yet can be put on the public list.
error-outbreak-drill-title = A drill is not public
error-outbreak-drill = Warnings of a drill are not put on the public list.

## Names of diseases, as they stand inside a sentence
warnings-disease-covid-19 = COVID-19
warnings-disease-measles = measles
warnings-disease-other = an infectious disease

## Sentences of a warning
warnings-place-room = { $place }, { $room }
warnings-place-gone = a place that is no longer in the system
warnings-place-home = At home
warnings-told-where = { $whose ->
    [theirs] { $name } was at { $place } during { $window }.
   *[mine] You were at { $place } during { $window }.
}
warnings-met = { $level ->
    [1] a person with { $disease }
   *[other] a contact (F{ NUMBER($near) }) in the chain of a case of { $disease }
}
warnings-reason-same-room = { $whose ->
    [theirs] { $name } and { $who } were in the same room for { $minutes }.
   *[mine] You and { $who } were in the same room for { $minutes }.
}
warnings-reason-same-place = { $whose ->
    [theirs] { $name } and { $who } were there at the same time for { $minutes }.
   *[mine] You and { $who } were there at the same time for { $minutes }.
}
warnings-reason-lingering-air = { $whose ->
    [theirs] { $name } arrived just after { $who } had left and stayed { $minutes } before the air had changed.
   *[mine] You arrived just after { $who } had left and stayed { $minutes } before the air had changed.
}
warnings-reason-household = { $whose ->
    [theirs] { $name } lives with { $who }.
   *[mine] You live with { $who }.
}
warnings-told-others = { $count ->
    [one] There was one more, shorter contact.
   *[other] There were { $count } more, shorter contacts.
}

## What to do
warnings-advice-covid19-watch = Watch your health for 10 days from the day of contact: fever, cough, sore throat, tiredness, loss of taste or smell.
warnings-advice-covid19-mask = Wear a mask near other people and keep rooms aired during these 10 days.
warnings-advice-covid19-test = If you have symptoms, take a rapid test or go to a health facility to be tested.
warnings-advice-covid19-vulnerable = Keep away from older people, pregnant women, people with other illnesses and people who are not vaccinated.
warnings-advice-measles-vaccinated = Look at the vaccination book: have you and your children had 2 doses of measles vaccine? If not, ask the health station at once: a dose soon after contact can prevent the illness.
warnings-advice-measles-watch = Watch your health for 21 days from the day of contact: fever, cough, runny nose, red eyes, rash.
warnings-advice-measles-vulnerable = Keep away from babies under 12 months, pregnant women and people with weak immunity.
warnings-advice-measles-call-first = If you have fever or a rash, telephone the health facility before you go, so that nobody in the waiting room is infected.
warnings-advice-watch-14 = Watch your health for 14 days from the day of contact.
warnings-advice-watch-21 = Watch your health for 21 days from the day of contact.
warnings-advice-mask-crowds = Wear a mask in crowded places.
warnings-advice-call-station = If anything seems wrong, call the health station of your ward or commune, or the Ministry of Health hotline 19009095.
warnings-advice-emergency-breathing = Trouble breathing, chest pain, drowsiness: call 115 at once.

## The resident's pages
warnings-mine-title = Warnings
warnings-mine-lead = When you, or somebody of your household without a phone, has been near a case, the health authority tells you here.
warnings-mine-empty-title = No warnings
warnings-mine-empty = So far there is no record of you near a case. If there is one, this page tells you at once.
warnings-mine-new = New
warnings-mine-withdrawn = Withdrawn
warnings-mine-received = Received { $time }
warnings-mine-heading = { $whose ->
    [theirs] { $level ->
        [1] { $name } may have been in contact with a case of { $disease }
       *[other] { $name } is linked to the chain of a case of { $disease }
    }
   *[mine] { $level ->
        [1] You may have been in contact with a case of { $disease }
       *[other] You are linked to the chain of a case of { $disease }
    }
}
warnings-somebody = Somebody of your household
warnings-mine-about = This warning is about { $name }
warnings-mine-about-text = { $name } has no phone, so you, of the same household, get it and answer for them. The advice below is meant for { $name }.
warnings-mine-what = What happened
warnings-mine-where = Place
warnings-mine-address = Address
warnings-mine-window = Time
warnings-mine-minutes = Time near
warnings-mine-why = { $whose ->
    [theirs] Why there is a warning
   *[mine] Why you are told
}
warnings-mine-do = { $whose ->
    [theirs] What { $name } should do
   *[mine] What to do
}
warnings-mine-source = After { $source }
warnings-mine-calm = { $whose ->
    [theirs] A warning does not mean that { $name } is ill. Most contacts do not fall ill; follow the advice to keep the whole family safe.
   *[mine] A warning does not mean that you are ill. Most contacts do not fall ill; follow the advice to keep yourself and your family safe.
}
warnings-mine-privacy = Nobody else knows that you got this warning, except the officers tracing the case.
warnings-mine-note = A note from the health authority
warnings-mine-dispute-title = Is this wrong?
warnings-mine-dispute-hint = { $whose ->
    [theirs] For example: { $name } was not there that day, or left earlier. Only the tracing officers read this.
   *[mine] For example: you were not there that day, or you left earlier. Only the tracing officers read this.
}
warnings-mine-dispute-label = What is wrong
warnings-mine-dispute-send = Tell us
warnings-mine-disputed = We have what you told us
warnings-mine-disputed-text = Sent { $time }. A tracing officer will look at it and answer here.
warnings-mine-answered = The tracing officer's answer
warnings-mine-withdrawn-title = This warning was withdrawn
warnings-mine-withdrawn-text = You no longer need to follow this warning. Reason: { $reason }
warnings-mine-all = See all warnings
warnings-live-title = { $count ->
    [one] You have a new warning
   *[other] You have { $count } new warnings
}
warnings-live-open = See it and what to do
warnings-live-badge = { $count ->
    [one] one unread warning
   *[other] { $count } unread warnings
}

## The officer's pages
warnings-desk-title = Warnings
warnings-desk-lead = Every warning begins with a traced case and is tried dry before it is sent.
warnings-desk-empty-title = No warnings yet
warnings-desk-empty = Open a traced case and choose to warn its contacts.
warnings-desk-cases = To the cases
warnings-desk-id = Warning { $id }
warnings-desk-case = Case
warnings-desk-disease = Disease
warnings-desk-levels = Levels
warnings-desk-state = State
warnings-desk-state-draft = Draft
warnings-desk-state-approved = Approved
warnings-desk-state-withdrawn = Withdrawn
warnings-desk-created = Drafted
warnings-desk-approved = Approved
warnings-desk-recipients = Recipients
warnings-desk-sent = Sent
warnings-desk-seen = Seen
warnings-desk-disputed = Disputed
warnings-desk-new-title = Warn the contacts of case { $code }
warnings-desk-new-caption = Dry run: nobody has been told
warnings-desk-would = { $count ->
    [one] This would warn one person at { $places ->
        [one] one place
       *[other] { NUMBER($places) } places
    }
   *[other] This would warn { NUMBER($count) } people at { $places ->
        [one] one place
       *[other] { NUMBER($places) } places
    }
}
warnings-desk-outside = { $count ->
    [0] All of them live in your area.
    [one] One of them lives outside your area.
   *[other] { NUMBER($count) } of them live outside your area.
}
warnings-desk-already = { $count ->
    [0] Nobody has been warned of this case yet.
    [one] One person was warned of this case before and is not told again.
   *[other] { NUMBER($count) } people were warned of this case before and are not told again.
}
warnings-desk-levels-label = Which levels to warn
warnings-desk-levels-hint = Usually F1 only. Add F2 when the disease spreads fast and early notice matters.
warnings-desk-level-option = F{ NUMBER($level) }
warnings-desk-look-again = Run again
warnings-desk-note-label = An additional note
warnings-desk-note-hint = Shown word for word to everybody warned. Write nothing about the case or about any person.
warnings-desk-places = Places and times
warnings-desk-place = Place
warnings-desk-window = Time
warnings-desk-people = People
warnings-desk-sample = What a recipient will read
warnings-desk-sample-vi = Vietnamese
warnings-desk-sample-en = English
warnings-desk-advice-unverified = No health department has yet compared this advice with its source
warnings-desk-approve = { $count ->
    [one] Approve and warn one person
   *[other] Approve and warn { NUMBER($count) } people
}
warnings-desk-approve-hint = It appears on their phones within seconds. You can withdraw it, but not unsend it.
warnings-desk-save-draft = Save the draft for another officer to approve
warnings-desk-second = A second officer has to approve
warnings-desk-second-text = This reaches more people than one officer may approve alone. Save the draft; another officer of this area approves it.
warnings-desk-second-saved = This reaches more people than one officer may approve alone. The draft is saved; another officer of this area approves it on this page.
warnings-desk-none-title = There is nobody to warn
warnings-desk-none = There is no contact at the chosen levels, or all of them were warned before.
warnings-desk-progress = Sending
warnings-desk-disputes = What recipients say is wrong
warnings-desk-disputes-none = Nobody has objected.
warnings-desk-dispute-broken = This objection cannot be opened.
warnings-desk-dispute-at = Sent { $time }
warnings-desk-answer-label = Answer this person
warnings-desk-answer-send = Send the answer
warnings-desk-answered = Answered { $time }
warnings-desk-withdraw-title = Withdraw the warning
warnings-desk-withdraw-text = Everybody who got it will see that it no longer stands, and the reason you give.
warnings-desk-withdraw-label = Reason
warnings-desk-withdraw-hint = For example: the confirmation test was negative.
warnings-desk-withdraw-send = Withdraw
warnings-desk-discard = Discard the draft
warnings-desk-withdrawn-at = Withdrawn { $time }. Reason: { $reason }

## Classes of message
warnings-kind-watch = Watch your health
warnings-kind-test = Get tested
warnings-kind-stay-home = Stay at home
warnings-kind-call-me = A health officer will call you
warnings-advice-covid19-test-now = Take a rapid test today and again after 3 days, even without symptoms.
warnings-advice-report-test = Once you are tested, press “I was tested” below so that the health station knows.
warnings-advice-test-where = Ask the health station of your ward or commune where and when to be tested.
warnings-advice-stay-home = Stay at home and receive nobody until the health authority says otherwise.
warnings-advice-stay-own-room = If you can, keep to a room of your own, open the window, eat apart and wear a mask near your family.
warnings-advice-stay-help = Do you need medicine, food or a paper for work? Press “Please call me” below.
warnings-advice-call-me = Keep your phone near: a health officer will call you. Officers never ask for a one-time code or a bank account.
warnings-advice-call-me-meanwhile = Until then stay at home and keep away from others.
warnings-text = Lá Chắn: the health authority has sent you a message. Open { $url } to read it.

## What the resident answers
warnings-reply-title = Answer the health authority
warnings-reply-hint = Only the tracers of the case read it. You may choose more than one.
warnings-reply-tested = { $whose ->
    [theirs] { $name } was tested
   *[mine] I was tested
}
warnings-reply-call-me = Please call me
warnings-reply-well = { $whose ->
    [theirs] { $name } is well
   *[mine] I am well
}
warnings-reply-tested-at = { $whose ->
    [theirs] You said at { $time } that { $name } was tested.
   *[mine] You said at { $time } that you were tested.
}
warnings-reply-call-me-at = You asked for a call at { $time }. A health officer will call the number you sign in with.
warnings-reply-called-at = A health officer called you at { $time }.
warnings-reply-well-at = { $whose ->
    [theirs] You said at { $time } that { $name } is well.
   *[mine] You said at { $time } that you are well.
}
warnings-mine-decision-kept = The warning stands.
warnings-mine-decision-corrected = The time near the case was corrected as you said.
warnings-mine-decision-withdrawn = { $whose ->
    [theirs] This warning does not concern { $name } any more.
   *[mine] This warning does not concern you any more.
}

## The officer's pages: classes, calls, stops
warnings-desk-rule = Version of the rules
warnings-desk-rule-default = Default { $version }
warnings-desk-rule-number = Number { $version }
warnings-desk-rule-newer = There is a newer version of the rules
warnings-desk-rule-newer-text = This case was traced by an older version. Trace it again to warn by the new one.
warnings-desk-kinds = Who gets which message
warnings-desk-kind-for = { $count ->
    [one] 1 person, by the rules: { $kind }
   *[other] { NUMBER($count) } people, by the rules: { $kind }
}
warnings-desk-kind-change = Message for the group “{ $kind }”
warnings-desk-kind-changed = Changed by an officer from “{ $kind }”
warnings-desk-kinds-save = Change the messages
warnings-desk-rush = Very many warnings within the last hour
warnings-desk-rush-text = Save a draft; another officer looks at it and approves.
warnings-desk-by-kind = By class of message
warnings-desk-kind = Message
warnings-desk-pushed = Told at once
warnings-desk-texted = Text message
warnings-desk-replied = Answered
warnings-desk-tested = Tested
warnings-desk-call-asked = Want a call
warnings-desk-well = Well
warnings-desk-calls = People who want a call
warnings-desk-calls-none = Nobody has asked for a call.
warnings-desk-call-at = Asked at { $time }
warnings-desk-call-contact = Open the contact's page for the number
warnings-desk-call-unknown = This person has no page as a contact of the case.
warnings-desk-call-done = Called
warnings-desk-called-at = Called at { $time }
warnings-desk-delay = From opening the case to sending
warnings-desk-decision = Decision
warnings-desk-decision-kept = The warning stands
warnings-desk-decision-corrected = Correct the minutes
warnings-desk-decision-withdrawn = Withdraw it for this person
warnings-desk-minutes = The right number of minutes
warnings-desk-minutes-hint = Only when you correct the minutes.
warnings-desk-minutes-wrong = Enter a number of minutes from 0 to 1440.
warnings-desk-stopped = The warning has stopped itself
warnings-desk-stopped-text = Too many of those who saw it first say that it is wrong. Read what they say below, then withdraw it or let it go on.
warnings-desk-resume = Let it go on
warnings-desk-resume-label = Why the warning is right after all
warnings-desk-resume-other = Whoever approved it cannot let it go on; ask another officer.
warnings-desk-held = Sent in two parts
warnings-desk-held-text = This warning has many recipients, so a few are told first. The others are told from { $time }.
warnings-desk-paused = All warnings in { $area } are paused
warnings-desk-paused-text = Since { $time }. Reason: { $reason }
warnings-desk-pause-link = Pause warnings
warnings-desk-rules-link = Rules of warning
warnings-desk-reports-link = Reports of places
warnings-desk-reports-waiting = { $count ->
    [one] A place reports a member of staff who tested positive, and waits for a check
   *[other] { NUMBER($count) } places report staff who tested positive, and wait for a check
}
warnings-desk-of-report = Place
warnings-desk-new-report-title = Warn those who were at { $place }
warnings-desk-disease-label = Disease

## The public list, for officers
warnings-public-title = Public list
warnings-public-lead = Choose the places that anybody may know of, also people without the app. A number of people below 5 is never shown.
warnings-public-choose = Put on the list
warnings-public-risky = { $count ->
    [one] Only 1 person: this place may tell who the case is.
   *[other] Only { NUMBER($count) } people: this place may tell who the case is.
}
warnings-public-people = { $count ->
    [one] 1 person
   *[other] { NUMBER($count) } people
}
warnings-public-days = Shown for how many days
warnings-public-publish = Put on the public list
warnings-public-on = Public until { $time }
warnings-public-off = Taken off
warnings-public-take-off = Take off the list
warnings-public-none = No place is public yet.

## Pausing everything
warnings-pause-title = Pause warnings
warnings-pause-lead = When a wrong mass warning is suspected: nothing more is sent in the area until you let it go on. What was sent stays; to take it back, withdraw it.
warnings-pause-now = Paused now
warnings-pause-none = No area is paused.
warnings-pause-area = Area
warnings-pause-reason = Reason
warnings-pause-reason-hint = Every officer of the area can read it.
warnings-pause-button = Pause all warnings
warnings-pause-resume = Let warnings go on
warnings-pause-since = Since { $time }
warnings-pause-past = Earlier pauses
warnings-pause-ended = { $from } – { $to }
warnings-desk-state-stopped = Stopped

## Reports of places: somebody of the staff tested positive
warnings-reports-title = Reports of places
warnings-reports-lead = Operators report staff who tested positive. Call and check before you accept; only then can visitors be warned.
warnings-reports-none-title = No reports
warnings-reports-none = When a place in your area reports staff who tested positive, the report appears here.
warnings-reports-duty = Was there
warnings-reports-at = Reported at
warnings-reports-rooms = Rooms
warnings-reports-rooms-all = The whole place
warnings-reports-tested = Day of the test
warnings-reports-contact = How to reach the person
warnings-reports-note = Note
warnings-reports-read = That you opened this page is in the audit trail.
warnings-reports-state-new = Waits for a check
warnings-reports-state-accepted = Accepted
warnings-reports-state-refused = Refused
warnings-reports-decide = Check and decide
warnings-reports-decide-hint = Call the operator and compare the test result. Accepting sends no warning yet.
warnings-reports-reason = Note, or why it is refused
warnings-reports-reason-hint = Needed for a refusal. The operator can read it.
warnings-reports-accept = Accept
warnings-reports-refuse = Refuse
warnings-reports-warn = Warn those who were there
warnings-reports-warn-hint = Takes this place and these hours as the source of exposure: whoever was there long enough by the rules is warned. You see a dry run first.
warnings-reports-warn-button = See the dry run
warnings-reports-case = Open a case
warnings-reports-case-hint = If you know the person's phone number, open a case, so that the other places they went to are traced too.
warnings-reports-case-button = Open the case
warnings-reports-phone = The person's phone number
warnings-reports-onset = Day of onset
