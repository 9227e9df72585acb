# Safety inspections: the inspector's desk.

error-inspection-closed-title = The inspection is closed
error-inspection-closed = This was done before. Reload the page to see how it stands.
error-inspection-place-title = The place takes no part in the safety map
error-inspection-place = Only a place that is open and takes part in the safety map can be inspected.
inspections-field-due = The deadline has to lie ahead, within 90 days.
