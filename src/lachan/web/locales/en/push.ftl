# Telling a browser at once: the notification says nothing about its reader.

error-push-endpoint-refused-title = This browser cannot be notified
error-push-endpoint-refused = The notification service of this browser is not on the list we send to. Warnings are still under Warnings.
error-push-keys-refused-title = The subscription is not valid
error-push-keys-refused = The browser sent keys that are not right. Load the page anew and try again.
push-field-endpoint = This is no address of a notification service we send to.
push-field-keys = The keys are not of the right form.

## The notification on a locked screen: whoever holds the phone may read it, so neither place nor disease
push-warning-title = Lá Chắn has news for you
push-warning-body = The health authority has sent you a message. Tap to read it.
push-leave-title = About to leave?
push-leave-body = The usual stay is nearly over. Tap to note that you have left.
push-safety-report-title = Your place has not reported today
push-safety-report-body = The officers of the area remind you of today's self-check. Tap to do it now.
push-safety-answer-title = An answer is overdue
push-safety-answer-body = A report on your place has not been answered. Tap to look.
push-safety-repair-title = A repair is overdue
push-safety-repair-body = The deadline of an order to repair has passed. Tap to look.

## The button
push-ask-title = Tell you at once?
push-ask-text = When there is a warning, your phone shows a notification even when this page is closed. It names neither place nor disease.
push-ask-button = Tell me at once
push-asking = Asking the browser…
push-on-title = You are told at once on this device
push-on-text = Until you turn it off here or sign out.
push-off-button = Turn notifications off
push-denied = The browser blocks notifications of this page. Allow them in the settings of the browser, then try again.
push-failed = Notifications could not be turned on. Check the network and try again.
push-install = On an iPhone, add Lá Chắn to the home screen first and open it from there.

## Reminder to leave
error-visit-over-title = The visit is over
error-visit-over = You have left, so there is nothing to be reminded of.
error-push-not-on-title = You are not told at once
error-push-not-on = Turn on “Tell me at once” under Warnings first, so that this device can be reminded.
