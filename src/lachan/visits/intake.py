"""Takes scans in: a queue, a group-commit writer, and the answer each request is owed."""

from lachan.settings import Settings


class Intake:
    """The way of a scan from a request to a durable visit."""

    def __init__(self, url: str, settings: Settings) -> None:
        self._url = url
        self._settings = settings

    @property
    def depth(self) -> int:
        return 0

    @property
    def has_room(self) -> bool:
        return True

    async def start(self) -> None:
        """Connect and begin to write."""

    async def stop(self) -> None:
        """Write what is queued, then disconnect."""
