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
