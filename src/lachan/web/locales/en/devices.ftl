# Devices at a door: kiosks, turnstiles, face terminals.
error-too-many-devices-title = Too many devices
error-too-many-devices = A place can have at most { $most } devices. Revoke those no longer in use.
error-device-clock-wrong-title = The device's clock is wrong
error-device-clock-wrong = The device's clock is off by more than a day and cannot be corrected. Set it, then send again.
error-scan-unreadable-title = Scan not readable
error-scan-unreadable = This scan is not of the agreed shape and was not recorded.
devices-field-room = The place has no such room
devices-field-clock = More than a day away from the server's clock
