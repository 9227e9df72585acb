# The resident's app: scanning, the own code, what waits on the phone.
app-name = Lá Chắn
app-description = Scan in and out, and be told when there is a case where you have been.
app-diary = Diary
app-halves = Ways to scan
app-scan-half = Scan
app-code-half = My code
app-cancel = Cancel

app-update = There is a new version of the app.
app-update-now = Use it now
app-waiting-one = 1 scan waiting to be sent
app-waiting-many = { $count } scans waiting to be sent
app-refused-some = Scans not taken: { $count }
app-waiting-see = See
app-waiting-others = This phone still holds scans of somebody else: { $count }. They are sent only when that person signs in again.
app-signed-out = You have been signed out
app-signed-out-text = You can still scan. The phone keeps your scans and sends them when you sign in again.
app-sign-in = Sign in again
app-sign-in-first = Sign in, then scan again.

app-scan-title = Scan
app-camera = Camera
app-camera-picture = Picture from the camera
app-camera-open = Open the camera
app-camera-close = Close the camera
app-camera-torch = Light
app-camera-aim = Point the frame at the QR code at the door.
app-camera-denied = The camera is blocked
app-camera-denied-text = Allow this site to use the camera in your browser’s settings, then open it again. You can also type the code printed below the square.
app-camera-missing = No camera found
app-camera-missing-text = Type the code printed below the square at the door.
app-camera-busy = Another app is using the camera
app-camera-busy-text = Close that app, then open the camera here again.
app-camera-unsupported = This browser cannot open the camera
app-camera-unsupported-text = Scan with your phone’s own camera app, or type the code printed below the square.
app-code-unknown = This is not the code of a place, or it is blurred. Try again.
app-code-of-a-person = This is a person’s code. Scan the code of the place you visit.
app-often = Where you often go
app-often-text = This list is on your phone only.
app-favourite-remove = Remove { $place } from the list

app-digits = Three digits beside the code
app-digits-hint = The display at the door changes them every minute.
app-until = Stay until the event ends
app-until-label = The event ends at
app-until-hint = If you forget to scan when you leave, the visit ends at that time.

app-sending = Sending…
app-did-arrived = Checked in
app-did-moved = Checked in
app-did-departed = Checked out
app-did-repeated = You have scanned already
app-did-not_inside = You had not checked in here
app-kept = Saved on your phone
app-kept-text = No network yet. The phone sends it by itself; you need not scan again.
app-kept-signed-out = You have been signed out. The phone keeps this scan and sends it when you sign in again.
app-since = Since { $time }
app-ends-by-itself = If you forget, this visit ends by itself at { $time }.
app-again = Scan another code
app-remind = Remind me to scan out
app-will-remind = We will ask when people usually leave.
app-will-not-remind = Notifications are blocked in your browser’s settings.
app-undone = Undone
app-not-undone = Too late to undo
app-no-network = No network yet. Try again later.

app-queue = Scans on your phone
app-queue-text = These have not reached the system yet. The phone sends them when there is a network.
app-queue-drop = I understand, drop it
app-direction-in = In, waiting to be sent
app-direction-out = Out, waiting to be sent
app-direction-auto = Waiting to be sent

app-leave-title = Still at { $place }?
app-leave-body = This is when people usually leave.
app-left = I have left
app-stay = Still here
app-left-done = Noted that you left { $place }
app-left-waiting = Saved, to be sent when there is a network

app-code-title = My code
app-code-show = Show this to the scanner at the door
app-code-picture = Your QR code, which changes every half minute
app-code-meter = Time left for this code
app-code-left = New code in { $seconds } seconds
app-code-bright = Is it not read? Turn up the brightness and hold still.
app-code-why = The code changes every half minute, so a photo of it is of no use. The place does not learn your name or number.
app-code-no-key = A network is needed once
app-code-no-key-text = Open this page while you have a network. After that your code shows without one.
app-code-no-script = This browser cannot show your code
app-code-no-script-text = Scan the code at the door with your camera, or ask for a printed card at a health station.

app-offline-title = No network
app-offline-text = This page needs a network. Scanning and your code still work.
app-offline-back = When the network is back, the phone sends the scans that wait.
