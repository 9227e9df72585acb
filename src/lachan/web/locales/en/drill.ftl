# Drills.
error-drill-area-title = No such area
error-drill-area = The area of the drill does not exist or holds no ward.
drill-field-area = Choose a province or a ward of the list
