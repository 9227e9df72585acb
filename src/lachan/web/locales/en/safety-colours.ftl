# The safety map: colours, and why a place has its colour.

safety-colour-green = Safe
safety-colour-yellow = Some risk
safety-colour-red = Unsafe
safety-colour-grey = Not reported today
safety-colour-repair = Under repair

safety-moment-before = Start of the day
safety-moment-during = During the day
safety-moment-after = End of the day
safety-moment-day = Whole day

safety-reason-criteria-met = The criteria are met: { $score } of { $maximum }.
safety-reason-below-share = { $score } of { $maximum } points; the next level needs at least { $needed }.
safety-reason-below-count = { $score } of { $maximum } criteria met; the next level needs at least { $needed }.
safety-reason-compulsory-not-met = A compulsory criterion is not met: { $item }.
safety-reason-item-zero = A criterion has 0 points: { $item }.
safety-reason-item-not-met = Not fully met: { $item }.
safety-reason-item-too-low = Too low for the next level: { $item }.
safety-reason-items-more = { $count ->
    [one] And one more criterion is not met.
   *[other] And { $count } more criteria are not met.
}
safety-reason-may-not-open = With this result the place may not receive people.
safety-reason-so-far = { $done } of { $of } criteria reported so far; the others are not due yet.
safety-reason-not-reported = The place has not reported today.
safety-reason-inspection-unsafe = Inspectors found it unsafe.
safety-reason-inspection-unsafe-by = Inspectors found it unsafe; to be repaired by { $when }.
safety-reason-under-repair = Repairs ordered by inspectors are under way.
safety-reason-under-repair-by = Repairs ordered by inspectors are under way, due { $when }.
safety-reason-feedback-confirmed = Several reports from the public were confirmed.
safety-reason-repair-until = The next level has to be reached.
safety-reason-repair-until-by = The next level has to be reached by { $when }.
safety-reason-repair-overdue = The time to repair is over.
safety-reason-repair-overdue-by = The time to repair was over at { $when }.
