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

## Names of diseases, as they stand inside a sentence
warnings-disease-covid-19 = COVID-19
warnings-disease-measles = measles
warnings-disease-other = an infectious disease

## Sentences of a warning
warnings-place-room = { $place }, { $room }
warnings-place-gone = a place that is no longer in the system
warnings-place-home = At home
warnings-told-where = You were at { $place } during { $window }.
warnings-met = { $level ->
    [1] a person with { $disease }
   *[other] a contact (F{ NUMBER($near) }) in the chain of a case of { $disease }
}
warnings-reason-same-room = You and { $who } were in the same room for { $minutes }.
warnings-reason-same-place = You and { $who } were there at the same time for { $minutes }.
warnings-reason-lingering-air = You arrived just after { $who } had left and stayed { $minutes } before the air had changed.
warnings-reason-household = You live with { $who }.
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
warnings-mine-lead = When you have been near a case, the health authority tells you here.
warnings-mine-empty-title = No warnings
warnings-mine-empty = So far there is no record of you near a case. If there is one, this page tells you at once.
warnings-mine-new = New
warnings-mine-withdrawn = Withdrawn
warnings-mine-received = Received { $time }
warnings-mine-heading = { $level ->
    [1] You may have been in contact with a case of { $disease }
   *[other] You are linked to the chain of a case of { $disease }
}
warnings-mine-what = What happened
warnings-mine-where = Place
warnings-mine-address = Address
warnings-mine-window = Time
warnings-mine-minutes = Time near
warnings-mine-why = Why you are told
warnings-mine-do = What to do
warnings-mine-source = After { $source }
warnings-mine-calm = A warning does not mean that you are ill. Most contacts do not fall ill; follow the advice to keep yourself and your family safe.
warnings-mine-privacy = Nobody else knows that you got this warning, except the officers tracing the case.
warnings-mine-note = A note from the health authority
warnings-mine-dispute-title = Is this wrong?
warnings-mine-dispute-hint = For example: you were not there that day, or you left earlier. Only the tracing officers read this.
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
warnings-desk-advice-unverified = No health department has yet compared this advice with its source: { $source }
warnings-desk-approve = { $count ->
    [one] Approve and warn one person
   *[other] Approve and warn { NUMBER($count) } people
}
warnings-desk-approve-hint = It appears on their phones within seconds. You can withdraw it, but not unsend it.
warnings-desk-save-draft = Save the draft for another officer to approve
warnings-desk-second = A second officer has to approve
warnings-desk-second-text = This reaches more people than one officer may approve alone. Save the draft; another officer of this area approves it.
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
