# Taking over lists of facilities for the safety map.
safety-import-title = Import facilities
safety-import-lead = Schools, health facilities and other places from a register or from OpenStreetMap. The first step only checks: each line is held against the places registered already, nothing is changed.
safety-import-file = File
safety-import-file-hint = Excel (.xlsx), CSV, GeoJSON or OpenStreetMap (.osm.pbf), at most { NUMBER($megabytes) } MB. For larger files use the command lachan safety import.
safety-import-field-file = Choose a file
safety-import-source = Whose numbers the file holds
safety-import-source-hint = For example moet, osm. Use the same word when you send the same list again; left empty, the file's name is taken.
safety-import-check = Check the file
safety-import-columns = Columns
safety-import-columns-caption = Columns that a list may have, in any order
safety-import-column-ref = The facility's number in the register, by which it is known the next time
safety-import-column-name = Name of the facility
safety-import-column-kind = Kind: school, hospital, health station, market...
safety-import-column-ward = Ward: name or code; not needed with coordinates
safety-import-column-province = Province, where names of wards repeat
safety-import-column-address = Address
safety-import-column-lat = Latitude
safety-import-column-lon = Longitude
safety-import-before = Files sent
safety-import-by-command = from the command line
safety-import-lines = { $count ->
    [one] { $count } line
   *[other] { $count } lines
}
safety-import-state-reading = being read
safety-import-state-checked = checked, not taken over
safety-import-state-queued = waiting
safety-import-state-running = being taken over
safety-import-state-done = taken over
safety-import-state-failed = cannot be read
safety-import-reading = Reading: { $count ->
    [one] { $count } line
   *[other] { $count } lines
}
safety-import-running = Taking over: { $count ->
    [one] { $count } new place
   *[other] { $count } new places
}
safety-import-look-again = Look again
safety-import-dry-title = Nothing is changed yet
safety-import-dry-text = Look at the result below, then take it over. Refused lines are not lost: mend the file and send it again; what is there already is known by number, name and position.
safety-import-done-title = Taken over: { $count ->
    [one] { $count } new place
   *[other] { $count } new places
}
safety-import-done-text = These places have codes and are on the safety map. Nobody runs them yet: invite somebody from the page of each place.
safety-import-failed-title = The file cannot be read
safety-import-commit = Take over { $count ->
    [one] { $count } line
   *[other] { $count } lines
}
safety-import-commit-decided = Take over what was decided
safety-import-waiting = { $count ->
    [one] { $count } line waits for you
   *[other] { $count } lines wait for you
}
safety-import-report = Download the result of each line (CSV)
safety-import-verdict-new = New
safety-import-verdict-matched = There already, by name and position
safety-import-verdict-known = There already, by number
safety-import-verdict-doubtful = Not sure, a person has to look
safety-import-verdict-refused = Refused
safety-import-show = Lines shown
safety-import-none = No line of this group.
safety-import-line = Line { $line }
safety-import-in-list = In the file
safety-import-registered = Registered
safety-import-earlier-line = Line { $line } of the file
safety-import-how-near = Names { $percent } % alike
safety-import-how-near-metres = Names { $percent } % alike, { NUMBER($metres) } m apart
safety-import-same = The same place
safety-import-different = Another place, register it
safety-import-leave = Leave this line out
safety-import-decided-same = Decided: the same place
safety-import-decided-new = Decided: register it
safety-import-decided-leave = Decided: left out
safety-import-settled = taken over
safety-import-csv-line = Line
safety-import-csv-verdict = Result
safety-import-csv-reason = Why
safety-import-csv-name = Name
safety-import-csv-kind = Kind
safety-import-csv-ward = Ward
safety-import-csv-ref = Number
safety-import-csv-lat = Latitude
safety-import-csv-lon = Longitude
safety-import-csv-place = Place's id
safety-import-csv-place_name = Place registered
safety-import-csv-twin = Repeats line
safety-import-csv-likeness = Likeness of names
safety-import-csv-metres = Distance, m
safety-import-reason-abroad = The coordinates are outside Viet Nam
safety-import-reason-address-too-long = The address is too long
safety-import-reason-alike = Alike in name, and near
safety-import-reason-far = Same name in the same ward, but far apart
safety-import-reason-formula = A cell begins with =, +, - or @: a spreadsheet would run it as a formula
safety-import-reason-kind-unknown = Not a kind that is known
safety-import-reason-name-missing = No name
safety-import-reason-name-too-long = The name is too long
safety-import-reason-name-unprintable = Holds characters that cannot be printed
safety-import-reason-not-a-feature = Not a GeoJSON feature
safety-import-reason-nowhere = Neither coordinates nor a ward
safety-import-reason-off-land = The coordinates lie in no ward
safety-import-reason-other-kind = Same name and spot, but another kind
safety-import-reason-outside-area = The line, or the registered place that it points to, lies outside your area
safety-import-reason-position-half = Only one of the two coordinates
safety-import-reason-position-invalid = The coordinates cannot be read
safety-import-reason-ref-differs = This number belongs to a place with quite another name and position
safety-import-reason-ref-too-long = The number is too long
safety-import-reason-ref-twice = This number stands in a line above already
safety-import-reason-same-spot = The same spot, names alike in part
safety-import-reason-several = Several places look right
safety-import-reason-swapped = Latitude and longitude are swapped
safety-import-reason-ward-differs = The coordinates are far from the ward that the line names
safety-import-reason-ward-unknown = Not exactly one ward of this name; give its code, or add the province
error-facility-file-unreadable-title = The file cannot be read
error-facility-file-unreadable = The file is none of Excel, CSV, GeoJSON (WGS 84) and OpenStreetMap PBF, or it is broken.
error-facility-file-too-large-title = The file is too large
error-facility-file-too-large = The file is too large: at most { NUMBER($most) } facilities are taken at once. Cut it up, or use the command lachan safety import.
error-facility-file-failed-title = Reading the file failed
error-facility-file-failed = Something went wrong on our side while reading this file; nothing was changed. Send it again; if that does not help, tell whoever runs the system and give them the file.
error-facility-columns-missing-title = Columns are missing
error-facility-columns-missing = The first line of the list lacks: { $columns }. Add the headings and send it again.
error-facility-import-not-ready-title = This cannot be taken over now
error-facility-import-not-ready = The file is being read, being taken over, or could not be read.
safety-import-door = Bring in schools, health facilities and others from a list or OpenStreetMap.
