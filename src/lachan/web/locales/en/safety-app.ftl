# The facility's app: checking its own safety every day.
safety-app-title = Safety of your place
safety-app-link = The daily self-check and commitment on the safety map
safety-app-choose = You run several places. Choose the one to check.
safety-app-none-title = You run no place yet
safety-app-none-text = Register the place you are in charge of, or take an invitation from whoever runs it, then come back here.
safety-app-not-joined = Not on the safety map yet
safety-app-streak = { $days ->
    [one] reported { $days } day on end
   *[other] reported { $days } days on end
  }

# Colours.
safety-app-colour-now = On the map now
safety-app-colour-led = What it led to on the map

# Taking part.
safety-app-join-title = Join the safety map
safety-app-join-lead = Every day { $place } checks itself against the criteria of epidemic safety and commits to the result, which people see on the map at once.
safety-app-join-public = People see only the colour, the reasons and 30 days of history. Names, notes and photos are for those who run this place and the inspectors of its area.
safety-app-join-yes = Join
safety-app-join-later = Later
safety-app-no-set-title = There are no criteria for this place yet
safety-app-no-set-text = The health authority has not published criteria for “{ $kind }” here. Once it has, you can join on this page.
safety-app-set = Criteria
safety-app-set-items = Content
safety-app-set-count = { $count ->
    [one] { $count } criterion
   *[other] { $count } criteria
  }
safety-app-set-source = Source

# Today's work.
safety-app-tasks = Today’s tasks
safety-app-moment = Moment
safety-app-due = due { $time }
safety-app-committed-at = sent { $time }
safety-app-task-todo = To do
safety-app-task-overdue = Overdue
safety-app-task-done = Done
safety-app-task-late = Done, late
safety-app-task-draft = Draft
safety-app-task-waiting = Waiting to be sent
safety-app-task-refused = Not taken
safety-app-by-set = By: { $set }.
safety-app-unverified = The wording of these criteria is a working one, not confirmed by the authority that published them.
safety-app-commits = Who committed today
safety-app-commits-none = Nobody has committed today.
safety-app-no-name = No name given
safety-app-counts = Counts
safety-app-replaced = A later one counts
safety-app-late = late
safety-app-more = More
safety-app-history = History of 30 days
safety-app-history-text = The colour of each day, days reported late, days forgotten
safety-app-team-text = Invite staff to check with you, remove who has left
safety-app-voices = What people report
safety-app-voices-text = Read and answer before the deadline
safety-app-repair-waits = { $count ->
    [one] { $count } inspection asks for repair
   *[other] { $count } inspections ask for repair
  }
safety-app-voices-wait = { $count ->
    [one] { $count } report from the public waits for your answer
   *[other] { $count } reports from the public wait for your answer
  }
safety-app-voices-read = Read and answer
safety-app-by = Nearest deadline: { $time }.
safety-app-orders = See what to repair
safety-app-certificate = Certificate for the door
safety-app-certificate-text = A signed page with a QR code that anybody can check
safety-app-certificate-not = Printed only while this place is safe today
safety-app-public = See what people see
safety-app-public-text = The page of this place on the safety map
safety-app-reminders-on = You are reminded when a deadline has come and nothing was sent.
safety-app-reminders-off = Reminders of this place are off for you.
safety-app-reminders-turn-on = Turn reminders on
safety-app-reminders-turn-off = Turn reminders off
safety-app-did-joined = You joined the safety map
safety-app-did-quiet = Reminders are off
safety-app-did-loud = Reminders are on

# The list of a moment.
safety-app-overdue-title = This is overdue
safety-app-overdue-text = You can still send it today; it will be marked as late.
safety-app-again-title = { $name } committed at { $time }
safety-app-again-text = The answers below are from there. If you send again, yours counts; both are kept.
safety-app-like = Fill in as yesterday
safety-app-like-hint = Except what is compulsory: look at each point again.
safety-app-like-title = Filled in as yesterday
safety-app-like-text = What is compulsory or needs a photo is still empty. Look at each point before you commit.
safety-app-compulsory = Compulsory
safety-app-met = Met
safety-app-not-met = Not met
safety-app-good = Good
safety-app-fair = Partly met
safety-app-points-of = Points, from 0 to { $points }
safety-app-evidence-none = Note
safety-app-evidence-photo_optional = Note, photo
safety-app-evidence-photo = Photo needed; note
safety-app-photo = Photo taken on the spot
safety-app-photo-optional = Photo taken on the spot (optional)
safety-app-photo-of = Photo of criterion { $item }
safety-app-photo-promise = Before a photo is kept, its position, time and camera are removed. Avoid faces.
safety-app-note = Note
safety-app-commit-title = Commit
safety-app-commit-text = I commit that the above is what this place is like today.
safety-app-name = Who commits
safety-app-name-hint = Name and position. Only those who run this place and inspectors see it.
safety-app-commit = Commit and send

# The result.
safety-app-done-title = Committed
safety-app-done-lead = { $moment }: { $name } has committed.
safety-app-check-title = A commitment
safety-app-late-title = This one is marked as late
safety-app-late-text = It came after the deadline, or long after it was made.
safety-app-replaces-title = Before that, { $name } committed at { $time }
safety-app-replaces-text = Yours counts; the earlier one is kept.
safety-app-replaced-title = A later one has replaced this
safety-app-replaced-text = It is kept, but today’s colour does not go by it.
safety-app-next = Next: { $moment }
safety-app-back-today = Back to today’s tasks
safety-app-what = What was committed
safety-app-made = Made
safety-app-received = Received
safety-app-score = Result up to then
safety-app-score-of = { $score }/{ $maximum }

# History.
safety-app-streak-label = days on end reported
safety-app-days-reported = days reported
safety-app-days-late = days late
safety-app-days-forgotten = days forgotten
safety-app-day-late = late
safety-app-day-forgotten = forgotten
safety-app-day-closed = Not open
safety-app-day-open = Today not reported yet

# On the phone, without network.
safety-app-answered = { $count } of { $of } answered
safety-app-waiting-title = Committed, waiting to be sent
safety-app-waiting-text = The phone has no network. The commitment is kept on it and sends itself exactly once when the network is back; should it come late, it is marked as late.
safety-app-sent-title = A waiting commitment was sent
safety-app-sent-text = { $place }: { $time }
safety-app-sent-late = It is marked as late.
safety-app-refused-title = The commitment was not taken
safety-app-unanswered = Choose an answer
safety-app-photo-needed = Take a photo
safety-app-problem-title = { $count ->
    [one] { $count } point is not finished
   *[other] { $count } points are not finished
  }
safety-app-photo-chosen = There is a photo, kept on this phone.
safety-app-photo-none = No photo yet.
safety-app-failed-title = Not sent yet
safety-app-failed-text = Sign in again; the commitment is kept on this phone.
safety-app-offline-title = Safety of your place, without network
safety-app-offline-text = The lists you opened today still work. What you commit sends itself when the network is back.
safety-app-offline-none = This phone keeps no list yet. Open this page once with a network; from then on it works without.
safety-app-offline-old = This list is from { $time }.
safety-app-drop = Drop it
safety-app-sign-in = Sign in
safety-app-see = See it
