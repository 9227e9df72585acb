"""Keeps the audit trail readable: one entry an hour for an officer who keeps a page open."""

import time
from collections import OrderedDict

from fastapi import Request

from lachan.cases.store import Case
from lachan.kit.http.access import Viewer
from lachan.kit.http.rate import RateLimit
from lachan.kit.i18n import DEFAULT, Catalogs

_SECONDS = 3600.0
_KEPT = 10_000


class Openings:
    """Who was written down for which case or contact in the last hour, and how fast they open."""

    def __init__(self) -> None:
        self._noted: OrderedDict[tuple[int, str], float] = OrderedDict()
        # Opening names one by one is work; opening them by the hundred is not.
        self.identities = RateLimit(20, burst=40)

    def is_new(self, officer: int, what: str) -> bool:
        """Whether this reading is to be written down; from then on it is not new for an hour."""
        key, moment = (officer, what), time.monotonic()
        noted = self._noted.get(key)
        if noted is not None and moment - noted < _SECONDS:
            return False
        self._noted[key] = moment
        self._noted.move_to_end(key)
        if len(self._noted) > _KEPT:
            self._noted.popitem(last=False)
        return True


def timeline_reason(request: Request, viewer: Viewer, case: Case) -> str | None:
    """Why the officer reads where the case was, as the case will read it; None when not new."""
    if not openings_of(request).is_new(viewer.officer, f"case:{case.id}"):
        return None
    catalogs: Catalogs = request.app.state.catalogs
    return catalogs.translate(DEFAULT, "cases-timeline-reason", code=case.code)


def openings_of(request: Request) -> Openings:
    """The application's own, made at the first use."""
    state = request.app.state
    if not hasattr(state, "openings"):
        state.openings = Openings()
    openings: Openings = state.openings
    return openings
