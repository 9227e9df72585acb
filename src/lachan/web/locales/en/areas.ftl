# Administrative units
error-area-unknown = There is no such administrative unit.
error-area-not-here = This position lies in no ward, commune or special zone.
