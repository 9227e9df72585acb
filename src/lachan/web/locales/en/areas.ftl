# Administrative units
error-area-not-found-title = No such area
error-area-not-found = There is no such administrative unit.
error-area-not-here-title = Outside every area
error-area-not-here = This position lies in no ward, commune or special zone.
