"""What can be refused around devices."""

from lachan.kit.errors import Problem


class DeviceClockWrong(Problem):
    """The device's clock is off by more than can be corrected."""

    code = "device-clock-wrong"
    status = 422


class ScanUnreadable(Problem):
    """One scan of a batch is not of the agreed shape; its neighbours are not affected."""

    code = "scan-unreadable"
    status = 422
