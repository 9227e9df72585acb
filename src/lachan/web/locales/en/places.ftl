# Kinds of places, by the groups of the national roll-out of QR check-in.
places-kind-school = School
places-kind-medical = Medical facility
places-kind-hotel = Hotel or guest house
places-kind-quarantine_hotel = Quarantine hotel
places-kind-transport = Bus, train, boat or plane
places-kind-station = Station or airport
places-kind-workplace = Workplace or factory
places-kind-market = Market, supermarket or mall
places-kind-university = University or college
places-kind-dormitory = Dormitory
places-kind-food = Food and drink
places-kind-worship = Place of worship
places-kind-office = Government office
places-kind-event = Event or meeting
places-kind-household = Household
places-kind-other = Somewhere else

# The poster.
places-poster-heading = QR check-in point
places-poster-type = Cannot scan? Type the code at
places-poster-one = Open your phone’s camera and point it at this code.
places-poster-two = Tap the link that appears to note that you are here.
places-poster-three = Scan again when you leave. If there is a risk, you will be told.

# Errors.
error-place-code-mistyped-title = The code is not right
error-place-code-mistyped = A letter of the code was mistyped. Compare it with the poster and type it again.
error-place-code-unknown-title = No such place
error-place-code-unknown = No place has this code. Ask whoever runs the place you are at.
error-place-code-withdrawn-title = This poster is out of date
error-place-code-withdrawn = The place has a new code. Look for the new poster, and ask for the old one to be taken down.
error-place-no-longer-run-title = This place is closed
error-place-no-longer-run = This place is no longer run and takes no check-ins.
error-too-many-rooms-title = Too many rooms
error-too-many-rooms = A place has at most { $most } rooms. Register another place for the rest.
error-printers-busy-title = Many posters are being made
error-printers-busy = Many people are printing at once. Try again in a second.
places-field-unprintable = It holds a letter that cannot be printed; delete it and type it again
places-field-swapped = Latitude and longitude are swapped; in Viet Nam latitude is 6 to 24 and longitude 102 to 118
places-field-abroad = This position is not in Viet Nam
places-field-no-area = No ward or commune has this code
places-field-not-a-ward = Choose a ward, commune or special zone
places-field-where = Give the ward or commune, or send a position
places-field-no-ward-here = No ward or commune was found at this position; choose it by name
places-field-no-kind = There is no such kind of place
places-field-room-twice = There is a room of this name already
