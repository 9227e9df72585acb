# Rules of warning: versions, trials, publishing.

rules-title = Rules of warning
rules-lead = Who is a contact, who is warned, and with which message. A version never changes; to change something, make a new one, try it and publish it.
rules-disease = Disease
rules-show = Show
rules-in-force = In force
rules-everywhere = The whole country
rules-versions = Versions
rules-version = Version
rules-area = Area
rules-state = State
rules-state-default = Comes with the program
rules-state-draft = Draft
rules-state-published = Published { $time }
rules-made = Made
rules-reason = Reason
rules-new = Make a new version
rules-new-title = A new version of the rules
rules-new-lead = Filled in from the version in force. Once saved it is tried on past cases; nobody is affected yet.
rules-base = Make a new version from this one
rules-number = Version { $number }
rules-default-title = Default version { $version }
rules-contact = What a contact is
rules-contact-hint = Minutes are added up over a day at one place.
rules-same-room = In the same room, at least (minutes)
rules-same-place = At the same place, at least (minutes)
rules-same-place-hint = Leave empty when only the same room counts.
rules-same-place-never = Does not count, only the same room does
rules-minutes = { $count ->
    [one] 1 minute
   *[other] { NUMBER($count) } minutes
}
rules-air = Air stays infectious after the case has left (minutes)
rules-air-outdoor = Outdoors
rules-air-good = Well aired
rules-air-normal = Normally aired
rules-air-poor = Badly aired
rules-air-unknown = Not known
rules-kinds = Kinds of places
rules-kinds-all = All kinds of places
rules-kinds-only = Only the kinds chosen
rules-kinds-except = All but the kinds chosen
rules-kinds-which = Which kinds
rules-who = Who is warned
rules-levels = Levels that may be warned
rules-usual-levels = Levels ticked at first
rules-level = F{ NUMBER($level) }
rules-steps = Who gets which message
rules-steps-hint = Read from the top; the first line that fits decides. Where none fits, the message is “Watch your health”.
rules-step = Line { NUMBER($number) }
rules-step-kind = Message
rules-step-none = Not used
rules-step-first = From level
rules-step-last = To level
rules-step-minutes = From how many minutes
rules-step-reason = Why
rules-reason-any = For any reason
rules-reason-same-room = Same room
rules-reason-same-place = Same place
rules-reason-lingering-air = Air that lingered
rules-reason-household = Living together
rules-why = Why this version is made
rules-why-hint = For example the number of a decision, or a variant that spreads faster.
rules-save = Save and try
rules-field-wrong = This value cannot be used.
rules-source = Source
rules-unverified = not compared by a health authority
rules-trial = Tried on past cases
rules-trial-result = { $cases ->
    [0] There is no traced case whose visits are still kept, so there is nothing to compare.
    [one] On one past case this version would have warned { NUMBER($would) } people; the one in use ({ $present }) warns { NUMBER($now) }.
   *[other] On { NUMBER($cases) } past cases this version would have warned { NUMBER($would) } people; the one in use ({ $present }) warns { NUMBER($now) }.
}
rules-trial-change = { NUMBER($gained) } more, { NUMBER($lost) } fewer.
rules-trial-running = Being tried…
rules-trial-failed = The trial did not end well. Try again; if it stays so, tell the system's administrator.
rules-trial-none = This version was not tried yet.
rules-trial-again = Try again
rules-trial-save = Save the table (CSV)
rules-trial-case = Case
rules-trial-would = This version
rules-trial-present = In use
rules-trial-gained = More
rules-trial-lost = Fewer
rules-publish = Publish this version
rules-publish-hint = Every trace from now on goes by this version. Warnings already sent do not change.
rules-published = This version is in force
rules-superseded = Another version has taken its place
