"""What the scan page asks of somebody at a place with a display at its door."""

from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request

from lachan.visits.codes import PostedSpot
from lachan.visits.proof import Doors, Policy, judge, ticket


@dataclass(frozen=True, slots=True)
class Door:
    """`ticket` is set when the page was opened with the display's code; `stale` when that is old.

    `error` is the key of what was wrong with the digits.
    """

    policy: Policy
    ticket: str | None = None
    stale: bool = False
    error: str | None = None


def door_of(
    request: Request, posted: PostedSpot, moment: datetime, *, kept: str = "", error: str = ""
) -> Door:
    """The door behind a poster, as this request found it.

    `kept` is the ticket that a form carried along; else the display's code stands in the address.
    """
    if posted.proof == "off":
        return Door("off")
    doors: Doors = request.app.state.doors
    key = doors.key_of(posted.spot.place_id)
    shown = kept or request.query_params.get("d", "")
    if shown and judge(key, shown, moment, offline=False) == "display":
        return Door(posted.proof, kept or ticket(key, moment))
    return Door(posted.proof, stale=bool(shown) and not error, error=error or None)
