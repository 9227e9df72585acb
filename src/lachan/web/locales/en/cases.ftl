# Cases.
cases-classification-suspected = Suspected
cases-classification-probable = Probable
cases-classification-confirmed = Confirmed
cases-classification-discarded = Discarded

cases-field-no-day = Enter the day of onset, or of sampling if there are no symptoms
cases-field-future = This day is in the future
cases-field-too-old = This day is more than 180 days ago, check it
cases-field-far-apart = Onset and sampling are more than 60 days apart, check them
cases-field-area = Choose the ward of the case
cases-field-person = There is no such person, or not within your remit

error-case-exists-title = This person has a record already
error-case-exists = This person has an open record of the same disease, { $code }. Use that one.
error-case-exists-elsewhere-title = This person has a record elsewhere
error-case-exists-elsewhere = This person has an open record of the same disease in another area. Ask the level above to have it handed over.
error-case-closed-title = The record is closed
error-case-closed = This record is closed or discarded; nothing more can be done with it.
error-case-outside-area-title = Outside your area
error-case-outside-area = This case belongs to an area that you are not responsible for. Hand it to the health authority there.

# Written into the access log; the person reads it.
cases-timeline-reason = Places visited while infectious, read to trace case { $code }
