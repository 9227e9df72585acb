# Daily checks and criteria: refusals, and what is wrong with a field.

error-check-place-foreign-title = Not your place
error-check-place-foreign = You do not run this place, so you cannot send a check for it.
error-check-staff-former-title = You run this place no more
error-check-staff-former = The owner took you off the list. If that was a mistake, ask for a new invitation.
error-check-not-joined-title = The place takes no part in the safety map
error-check-not-joined = Let the place take part first, then send the check.
error-check-day-back-dated-title = Only today's check is taken
error-check-day-back-dated = A check is made today and sent within { $hours } hours. Past days are not filled in.
error-check-items-unknown-title = Criteria that are not in the set
error-check-items-unknown = The set has just changed, or the answers belong to another moment. Reload and answer again.
error-check-incomplete-title = Not everything is answered
error-check-incomplete = { $count ->
    [one] One criterion of this moment has no answer.
   *[other] { $count } criteria of this moment have no answer.
}
error-check-photo-missing-title = A photo is missing
error-check-photo-missing = A criterion asks for a photo as evidence, or a photo has not arrived yet.
error-check-commit-taken-title = The id was used before
error-check-commit-taken = Another check was sent under this id. Send it as a new one.
error-safety-photo-unreadable-title = The photo cannot be opened
error-safety-photo-unreadable = What was sent is no JPEG, PNG or WebP picture, or it is broken.
error-safety-photo-too-large-title = The photo is too large
error-safety-photo-too-large = It has more bytes or pixels than are taken. Take a smaller one.
error-certificate-unknown-title = No such certificate
error-certificate-unknown = The code is wrong or was not issued here. Look the place up on the map.
error-certificate-not-safe-title = No certificate yet
error-certificate-not-safe = It is issued when the place has reported today and is green.

error-criteria-none-title = No criteria yet
error-criteria-none = No set of criteria is in force for this kind of place here.
error-criteria-contradict-title = The set contradicts itself
error-criteria-contradict = It cannot be published. Mend the places below and upload it again.
error-criteria-published-title = The version is published
error-criteria-published = A published version never changes. Give it a new version number.
error-criteria-taken-title = The code and version are taken
error-criteria-taken = Another area has a draft of this code and version. Give it another code or version number.
error-criteria-unreadable-title = The set cannot be read
error-criteria-unreadable = The file is not of the template's shape. Download the template and fill it in.

safety-field-moment = The set does not ask about this moment.
safety-field-item-unknown = This moment has no such criterion.
safety-field-unanswered = Not answered.
safety-field-points = This criterion cannot have so many points.
safety-field-photo-gone = The photo is gone, or belongs to another criterion.
safety-field-photo-needed = At least one photo is needed.

push-safety-due-title = Time for the safety check
push-safety-due-body = A part of today is not reported yet. Tap to do it now.

safety-certificate-heading = Certificate of the daily safety check
safety-certificate-said = { $day }: { $score } of { $maximum } by the criteria, reported { $streak ->
    [one] one day
   *[other] { $streak } days
} in a row.
safety-certificate-scan = Scan to see whether the place is safe today
safety-certificate-still = Still safe today
safety-certificate-still-text = The certificate is genuine, and the place is green today.
safety-certificate-changed = The certificate is genuine, but of the day below. The place is not like that today.
safety-certificate-gone = The place is on the map no more
safety-certificate-gone-text = The certificate is genuine, but the place has closed or takes part no more.
safety-certificate-where = Address
safety-certificate-day = Day of the certificate
safety-certificate-result = Result of that day
safety-certificate-score = { $score } of { $maximum }
safety-certificate-genuine = The signature is this system's own.
safety-certificate-today = See the place on the map
safety-certificate-map = Open the safety map
