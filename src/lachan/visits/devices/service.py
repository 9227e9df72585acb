"""What becomes of the scans of a device: each by itself, all of them in order."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, TypeGuard, TypeVar
from uuid import UUID

from pydantic import ValidationError

from lachan.identity.credentials.domain import trimmed
from lachan.identity.credentials.service import Asker, Identified, Item, device_asker
from lachan.identity.errors import CodeWrong
from lachan.kit.crypto import Keyring
from lachan.kit.errors import NotAllowed, Problem, TooManyRequests
from lachan.kit.http.access import Device, Viewer
from lachan.settings import Settings
from lachan.storage.engine import Storage
from lachan.visits.batch import Scan
from lachan.visits.codes import PostedSpot
from lachan.visits.devices.domain import (
    ask_name,
    clock_offset,
    corrected,
    is_phone,
    is_unconfirmed_phone,
    scan_name,
)
from lachan.visits.devices.errors import DeviceClockWrong, ScanUnreadable
from lachan.visits.devices.identifying import Ask, Identifier
from lachan.visits.devices.schemas import DeviceBatch, DeviceScanIn
from lachan.visits.domain import Outcome, Spot
from lachan.visits.intake import Intake, check_scan_time
from lachan.visits.paper import service as paper

UNCONFIRMED: Final = "phone-unconfirmed"
_LONGEST_ID: Final = 36
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Accepted:
    """Durable: what it led to for the one who showed, and for how many people it counts."""

    outcome: Outcome
    people: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """Kept for somebody to decide: a phone that nobody confirmed while the door was off line."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Not kept. Not raised either: it concerns this scan and no other."""

    problem: Problem


Result = Accepted | Waiting | Refused


@dataclass(frozen=True, slots=True)
class Tools:
    """What taking scans needs of the application."""

    intake: Intake
    identifier: Identifier
    storage: Storage
    keyring: Keyring
    settings: Settings


@dataclass(frozen=True, slots=True)
class Taken:
    """A scan's id as far as it could be read, and what became of it."""

    scan_id: UUID | None
    result: Result


@dataclass(frozen=True, slots=True)
class _Timed:
    scan: DeviceScanIn
    at: datetime
    device_at: datetime | None
    offline: bool


def _id_in(raw: Any) -> UUID | None:  # noqa: ANN401 - whatever JSON was sent
    given = raw.get("scan_id") if isinstance(raw, dict) else None
    if not isinstance(given, str) or len(given) > _LONGEST_ID:
        return None
    try:
        return UUID(given)
    except ValueError:
        return None


def _read(
    raw: Any,  # noqa: ANN401 - whatever JSON was sent
    offset: timedelta,
    received_at: datetime,
    settings: Settings,
) -> _Timed | Refused:
    try:
        scan = DeviceScanIn.model_validate(raw)
        at, offline = check_scan_time(corrected(scan.at, offset), received_at, settings)
    except (ValidationError, OverflowError):
        # OverflowError: a moment near the end of the calendar, put right beyond it.
        return Refused(ScanUnreadable())
    except Problem as problem:
        return Refused(problem)
    if "\0" in scan.shown:
        return Refused(ScanUnreadable())
    return _Timed(scan, at, scan.at, offline)


def check_reports(viewer: Viewer) -> None:
    """Raises `NotAllowed` for a display: it hangs where everybody reaches it, and shows a code."""
    if viewer.at_place.kind == "display":
        raise NotAllowed


async def take_scans(
    tools: Tools, viewer: Viewer, batch: DeviceBatch, *, received_at: datetime
) -> list[Taken]:
    """Take the scans of one request; one result each, in order, once all of them are durable.

    A door that showed more unknown cards or new people than doors do is slowed down: a scan that
    has to wait for it is refused as `too-many-requests` and may come again. The others are settled
    all the same, else a few bad cards would hold up everybody behind them for good.

    Raises `DeviceClockWrong`, `PlaceClosed`, `TooManyRequests` when every scan has to wait, and
    `Overloaded` when there is no room for all of them: sending the same again is safe, as every
    scan counts once.
    """
    device = viewer.at_place
    offset = clock_offset(batch.sent_at, received_at)
    if offset is None:
        raise DeviceClockWrong(fields={"sent_at": "devices-field-clock"})
    spot = await tools.intake.codes.stands_at(device.place_id, device.room_id)
    read = [_read(raw, offset, received_at, tools.settings) for raw in batch.scans]
    door = _Door(tools, viewer, device, spot, received_at)
    results = await door.take([one for one in read if isinstance(one, _Timed)])
    slowed = [one.problem for one in results if _is_slowed(one)]
    if slowed and len(slowed) == len(batch.scans):
        raise slowed[0]
    following = iter(results)
    return [
        Taken(one.scan.scan_id, next(following))
        if isinstance(one, _Timed)
        else Taken(_id_in(raw), one)
        for raw, one in zip(batch.scans, read, strict=True)
    ]


def is_answered_without_key(batch: DeviceBatch) -> bool:
    """Whether some scan may be answered without looking the device up by its key.

    A typed phone number is not looked up by it, and a scan without a moment may be known already.
    """
    return any(
        scan.get("at") is None or is_phone(scan.get("shown"))
        for scan in batch.scans
        if isinstance(scan, dict)
    )


def any_not_allowed(taken: Sequence[Taken]) -> bool:
    """Whether the database knew nothing of the asking device."""
    return any(
        isinstance(one.result, Refused) and isinstance(one.result.problem, NotAllowed)
        for one in taken
    )


def _is_slowed(result: Result) -> TypeGuard[Refused]:
    return isinstance(result, Refused) and isinstance(result.problem, TooManyRequests)


class _Door:
    """The work on one request of one device."""

    def __init__(
        self, tools: Tools, viewer: Viewer, device: Device, spot: Spot, received_at: datetime
    ) -> None:
        self._tools = tools
        self._viewer = viewer
        self._device = device
        self._asker: Asker = device_asker(viewer)
        self._received_at = received_at
        self._source = "kiosk" if device.kind == "kiosk" else "device"
        self._posted = PostedSpot(
            code="", spot=spot, name="", kind="", room=None, open=True, withdrawn=False
        )

    async def take(self, scans: Sequence[_Timed]) -> list[Result]:
        results = await _all(self._take(scan) for scan in scans)
        held = [scan for scan, one in zip(scans, results, strict=True) if isinstance(one, Waiting)]
        if held:
            await self._hold(held)
        return results

    async def _take(self, timed: _Timed) -> Result:
        scan = timed.scan
        if is_unconfirmed_phone(scan.shown):
            return Waiting()
        found = await self._tools.identifier.take(
            Ask(
                ask_name(self._device.id, scan.scan_id, scan.shown),
                Item(scan.shown, timed.at, self._asker),
                once=scan.at is None or is_phone(scan.shown),
            )
        )
        if not isinstance(found, Identified):
            # Off line the code may have run out on its way; whoever typed it was there.
            return Waiting() if timed.offline and isinstance(found, CodeWrong) else Refused(found)
        name = scan_name(self._device.id, scan.scan_id)
        answers = await _all(
            self._tools.intake.take(self._scan(timed, name, person)) for person in found.people
        )
        return Accepted(answers[0].outcome, len(answers))

    def _scan(self, timed: _Timed, name: UUID, person: int) -> Scan:
        return Scan(
            person_id=person,
            scan_id=name,
            posted=self._posted,
            direction=timed.scan.direction,
            at=timed.at,
            device_at=timed.device_at,
            received_at=self._received_at,
            offline=timed.offline,
            source=self._source,
            client=self._viewer.client,
            device_id=self._device.id,
            proof="device",
        )

    async def _hold(self, scans: Sequence[_Timed]) -> None:
        async with self._tools.storage.transaction(self._viewer.token) as connection:
            for timed in scans:
                await paper.hold(
                    connection,
                    self._tools.keyring,
                    place_id=self._device.place_id,
                    room_id=self._device.room_id,
                    device_id=self._device.id,
                    scan_id=timed.scan.scan_id,
                    shown=trimmed(timed.scan.shown),
                    direction=timed.scan.direction,
                    at=timed.at,
                    reason=UNCONFIRMED,
                )


async def _all(work: Iterable[Awaitable[T]]) -> list[T]:
    """Wait for all of `work`, also when some of it fails; then raise the first failure."""
    done = await asyncio.gather(*work, return_exceptions=True)
    for one in done:
        if isinstance(one, BaseException):
            raise one
    return [one for one in done if not isinstance(one, BaseException)]


Say = Callable[[Problem], str]


def result_out(taken: Taken, say: Say) -> dict[str, object]:
    """The JSON of `DeviceScanOut`, without what is not there."""
    out: dict[str, object] = {"scan_id": taken.scan_id and str(taken.scan_id)}
    match taken.result:
        case Accepted(outcome, people):
            return out | {"status": "accepted", "outcome": outcome.value, "people": people}
        case Waiting():
            return out | {"status": "waiting"}
        case Refused(problem):
            return out | {"status": "refused", "code": problem.code, "detail": say(problem)}
