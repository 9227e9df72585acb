# The kiosk: a tablet or PC at a door, to which people show a code.
kiosk-title = Door kiosk
kiosk-loading = Opening the kiosk…
kiosk-no-scripts = The kiosk needs JavaScript. Turn it on in the browser, then load this page again.
kiosk-operator = For the operator
kiosk-no-name = Nobody's name is shown

# Waiting for the next person.
kiosk-prompt = Hold your code in the frame
kiosk-prompt-usb = Hold your code to the reader
kiosk-what = The code on your phone, a printed card or your national ID card.
kiosk-direction = Record as
kiosk-direction-auto = Automatic
kiosk-direction-in = In
kiosk-direction-out = Out
kiosk-direction-auto-hint = Automatic: the first scan means in, another after 5 minutes means out.
kiosk-phone = No code? Type your phone number
kiosk-today = { $count } today
kiosk-line-on = Online
kiosk-line-off = Offline since { $time }, { $count } kept
kiosk-line-clock = This device's clock is off by more than a day, { $count } kept. Set date and time.
kiosk-line-full = Memory is nearly full. Connect this device to a network.

# The answer that fills the screen.
kiosk-in = Welcome
kiosk-out = Goodbye
kiosk-kept = Recorded
kiosk-kept-text = This scan is kept here and will be sent when there is a network.
kiosk-people = A group of { $count } people
kiosk-repeated = Recorded before, no need to scan again.
kiosk-not-inside = No arrival found
kiosk-not-inside-text = You have not scanned in here today, so there is nothing to end.
kiosk-waiting = Kept, to be confirmed
kiosk-waiting-text = The number is kept under seal for the operator to look at.
kiosk-refused = Not accepted
kiosk-poster = This is the poster of a place
kiosk-poster-text = Posters are for phone cameras. Show your own code, a printed card or your ID card.
kiosk-layout = The reader is set to another keyboard layout
kiosk-layout-text = What arrived is garbled. Operator: set this device's keyboard to English (US), turn Vietnamese typing off, and set the reader to USB Keyboard, US English.
kiosk-full = This device's memory is full
kiosk-full-text = It keeps at most 5,000 scans without a network. Write on paper and ask the operator to connect it.
kiosk-broken = This device cannot record
kiosk-broken-text = Write on paper and call the operator.
kiosk-lost = This device can no longer read what it kept

# The phone number.
kiosk-pad-phone = Your phone number
kiosk-pad-code = The 6 digits in the message
kiosk-pad-send = Text me
kiosk-pad-done = Done
kiosk-pad-back = Delete one digit
kiosk-pad-close = Cancel
kiosk-pad-no-code = No message came
kiosk-pad-sending = Sending the message…
kiosk-pad-sent = Message sent. Type the 6 digits.
kiosk-pad-wrong = This is not a phone number. Look at it again.
kiosk-pad-slower = Too many messages at once. Wait a minute, then try again.

# The camera.
kiosk-camera-denied = The browser does not allow the camera. Operator: allow it in the settings of this page.
kiosk-camera-missing = No camera found.
kiosk-camera-busy = Another program is using the camera.
kiosk-camera-unsupported = This browser cannot open the camera. Use a recent Chromium over https.
kiosk-camera-retry = It will be tried again by itself. A USB reader still works.

# Not paired, or taken off.
kiosk-unpaired = This device is not paired
kiosk-unpaired-text = The operator signs in on this device, opens the page of the place and picks “Use this device as a kiosk”.
kiosk-unpaired-offline = There is no network right now.
kiosk-unpaired-go = Open my places
kiosk-revoked = This device takes no more scans
kiosk-revoked-text = It was taken off the place, or the place has closed. Please call the operator. Meanwhile scan the poster with a phone or write on paper.
kiosk-revoked-kept = Kept here and not sent: { $count }. They will be sent once this device is paired with the same place again.
kiosk-revoked-again = Operator: sign in

# Settings.
kiosk-setup = Set up the kiosk
kiosk-reader = Read codes with
kiosk-reader-front = Front camera
kiosk-reader-back = Back camera
kiosk-reader-usb = USB reader only
kiosk-setup-pin = The operator's secret number
kiosk-setup-pin-hint = 4 to 8 digits. It opens the settings of this device.
kiosk-setup-pin-keep = Leave empty to keep the old one.
kiosk-setup-pin-wrong = Type 4 to 8 digits.
kiosk-setup-go = Start
kiosk-pin = For the operator
kiosk-pin-go = Open
kiosk-pin-wrong = This number is not right.
kiosk-pin-pause = Wrong too often. Wait a minute.
kiosk-pin-forgotten = Forgotten? On another device, open the page of the place, take this device off and pair it again. Scans kept here are not lost.
kiosk-desk-title = How the kiosk is doing
kiosk-desk-waiting = Waiting to be sent: { $count }.
kiosk-desk-elsewhere = Kept here for another place: { $count }. They cannot be sent from this one. Pair the device with that place again, or delete them.
kiosk-desk-drop = Delete the other place's scans
kiosk-desk-send = Send now
kiosk-desk-setup = Settings
kiosk-desk-sound = Try the sound
kiosk-desk-full = Full screen
kiosk-desk-back = Back
kiosk-desk-refused = Refused scans
kiosk-desk-none = None was refused.
kiosk-desk-clear = Clear the list
kiosk-desk-privacy = The list holds time and reason only. What was shown was deleted as soon as the server answered.
kiosk-desk-leave = Stop using this device
kiosk-desk-leave-text = The device is signed out. To use it again, the operator has to sign in and pair it once more.
kiosk-desk-leave-kept = Scans not yet sent stay sealed on this device and can only be sent after pairing with this place again.
kiosk-kind-phone-code = Phone code
kiosk-kind-card = Card
kiosk-kind-national-id = National ID card
kiosk-kind-decision-1405 = Personal code
kiosk-kind-phone = Phone number

# The operator's page that pairs a device.
kiosk-pair = Use this device as a kiosk
kiosk-pair-what = Put this tablet or PC at the door. Visitors show the code on their phone, a printed card or their ID card; whoever has nothing types a phone number.
kiosk-pair-signed-out = You will be signed out of this device
kiosk-pair-signed-out-text = From then on it only records who comes and goes at this place and opens none of your pages. Pair the very device that stands at the door, not your own phone.
kiosk-pair-label = Where does it stand?
kiosk-pair-label-hint = For example: main gate, reception
kiosk-pair-room = Room
kiosk-pair-whole = The whole place
kiosk-pair-go = Pair this device
kiosk-pair-devices = Devices in use
