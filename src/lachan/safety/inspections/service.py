"""Rules of inspections: an own check beside the place's, orders to repair, re-check, closing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.identity import audit
from lachan.kit.clock import local_day
from lachan.kit.errors import InvalidInput, NotAllowed, NotFound
from lachan.kit.http.access import Viewer
from lachan.places.service import access_own_place
from lachan.safety.colours import store as colour_store
from lachan.safety.colours.domain import Colour, DaySoFar, day_of
from lachan.safety.criteria import service as criteria_service
from lachan.safety.criteria.domain import CriteriaSet, Verdict, judge, look_at_answers
from lachan.safety.feedback import store as feedback_store
from lachan.safety.feedback.domain import tidy_body, wrong_with
from lachan.safety.inspections import holding, store
from lachan.safety.inspections.domain import (
    LONGEST_NOTE,
    LONGEST_ORDER,
    MOST_DAYS,
    deviation,
    due_of,
)
from lachan.safety.inspections.errors import InspectionClosed, InspectionPlace
from lachan.settings import Settings
from lachan.storage.events import publish

ROLE: Final = "safety_inspector"
SELF_CHECK_DAYS: Final = 7
"""A self-check of longer ago says nothing beside what an inspector finds today."""


@dataclass(frozen=True, slots=True)
class Site:
    """A place as an inspector stands in it; `said` is its last self-check, of `said_on`."""

    place: feedback_store.About
    criteria: CriteriaSet
    said: DaySoFar | None
    said_on: date | None


@dataclass(frozen=True, slots=True)
class Found:
    """What an inspector found and ordered."""

    answers: Mapping[str, int]
    notes: Mapping[str, str]
    remark: str
    orders: Mapping[str, str]
    due_at: datetime | None
    recheck_of: int | None = None
    closes_reports: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    id: int
    state: store.State
    verdict: Verdict
    deviation: Mapping[str, tuple[int, int]]
    due_at: datetime | None
    colour: Colour


def check_inspector(viewer: Viewer, area: str) -> None:
    """Raises `NotAllowed` unless the officer inspects `area`."""
    if not any(area == root or area.startswith(f"{root}.") for root in viewer.roots(ROLE)):
        raise NotAllowed


async def access_site(
    connection: AsyncConnection, viewer: Viewer, place_id: int, today: date
) -> Site:
    """A place to inspect, with its criteria and what it says of itself.

    Raises `InspectionPlace`, `NotAllowed` or `NoCriteria`.
    """
    place = await feedback_store.about(connection, place_id)
    if place is None:
        raise InspectionPlace
    check_inspector(viewer, place.area)
    criteria = await criteria_service.set_for(connection, place.kind, place.area, today)
    said_on = await store.last_reported(
        connection, place_id, today - timedelta(days=SELF_CHECK_DAYS)
    )
    said = None
    if said_on is not None:
        said = day_of(criteria, await colour_store.commits(connection, place_id, said_on))
    return Site(place, criteria, said, said_on)


def check_found(criteria: CriteriaSet, found: Found, moment: datetime) -> Found:
    """What was found, tidy. Raises `InvalidInput`, fields as `answers.<item>`, `orders.<item>`."""
    fields: dict[str, str] = {}
    wrong = look_at_answers(criteria, "day", found.answers)
    fields |= {f"answers.{one}": "safety-field-item-unknown" for one in wrong.unknown}
    fields |= {f"answers.{one}": "safety-field-unanswered" for one in wrong.missing}
    fields |= {f"answers.{one}": "safety-field-points" for one in wrong.impossible}
    notes = _texts(fields, "notes", criteria, found.notes, LONGEST_NOTE)
    orders = _texts(fields, "orders", criteria, found.orders, LONGEST_ORDER)
    remark = tidy_body(found.remark)
    if remark and (why := wrong_with(remark, shortest=1)):
        fields["remark"] = why
    if found.due_at is not None:
        if found.due_at.tzinfo is None:
            fields["due_at"] = "field-time"
        elif not moment < found.due_at <= moment + timedelta(days=MOST_DAYS):
            fields["due_at"] = "inspections-field-due"
    if fields:
        raise InvalidInput(fields=fields)
    return Found(
        dict(found.answers),
        notes,
        remark,
        orders,
        found.due_at,
        found.recheck_of,
        found.closes_reports,
    )


def _texts(
    fields: dict[str, str],
    name: str,
    criteria: CriteriaSet,
    typed: Mapping[str, str],
    longest: int,
) -> dict[str, str]:
    known = {item.code for item in criteria.items}
    kept: dict[str, str] = {}
    for code, text in typed.items():
        tidy = tidy_body(text)
        if code not in known:
            fields[f"{name}.{code}"] = "safety-field-item-unknown"
        elif len(tidy) > longest:
            fields[f"{name}.{code}"] = "field-too-long"
        elif tidy and (wrong := wrong_with(tidy, shortest=1)):
            fields[f"{name}.{code}"] = wrong
        elif tidy:
            kept[code] = tidy
    return kept


async def inspect(
    connection: AsyncConnection,
    viewer: Viewer,
    settings: Settings,
    place_id: int,
    found: Found,
    *,
    moment: datetime,
) -> Done:
    """Write an inspection, close the one it checks again, and settle the place.

    It stays open when the place is unsafe or something was ordered, and holds the place's colour
    until it is checked again or closed. Raises `InspectionPlace`, `NotAllowed`, `NoCriteria`,
    `InvalidInput`, `NotFound` or `InspectionClosed`.
    """
    today = local_day(moment, settings.zone)
    site = await access_site(connection, viewer, place_id, today)
    kept = check_found(site.criteria, found, moment)
    await holding.lock(connection, place_id)
    if kept.recheck_of is not None:
        await _close_before(connection, place_id, kept.recheck_of)
    verdict = judge(site.criteria, kept.answers)
    differing = deviation(site.said.answers if site.said else None, kept.answers)
    is_open = verdict.colour == "red" or bool(kept.orders)
    due_at = (kept.due_at or due_of(site.criteria, moment)) if is_open else None
    inspection_id = await store.insert(
        connection,
        place_id=place_id,
        officer_id=viewer.officer,
        set_id=site.criteria.id,
        recheck_of=kept.recheck_of,
        day=today,
        answers=kept.answers,
        notes=kept.notes,
        score=verdict.score,
        maximum=verdict.maximum,
        outcome=verdict.outcome.code,
        deviation=differing,
        remark=kept.remark,
        state="open" if is_open else "closed",
        due_at=due_at,
    )
    if kept.orders:
        await store.add_orders(connection, inspection_id, kept.orders)
    if kept.closes_reports:
        await feedback_store.close_confirmed(
            connection, place_id, kept.remark, officer_id=viewer.officer
        )
    colour = await holding.hold(connection, place_id, today, settings.safety)
    await audit.record(
        connection,
        viewer,
        "safety.inspected",
        area=site.place.area,
        object=f"inspection:{inspection_id}",
        details={
            "place": place_id,
            "outcome": verdict.outcome.code,
            "orders": len(kept.orders),
            "differing": len(differing),
        },
    )
    return Done(inspection_id, "open" if is_open else "closed", verdict, differing, due_at, colour)


async def _close_before(connection: AsyncConnection, place_id: int, inspection_id: int) -> None:
    before = await store.find(connection, inspection_id)
    if before is None or before.place_id != place_id:
        raise NotFound
    if not await store.close(connection, inspection_id, ""):
        raise InspectionClosed


async def close(
    connection: AsyncConnection,
    viewer: Viewer,
    settings: Settings,
    inspection_id: int,
    remark: str,
    *,
    moment: datetime,
) -> Colour:
    """Accept what was repaired and close an inspection; the colour of its place.

    Raises `NotFound`, `NotAllowed`, `InspectionClosed` or `InvalidInput`.
    """
    inspection = await store.find(connection, inspection_id)
    if inspection is None:
        raise NotFound
    check_inspector(viewer, inspection.area)
    said = tidy_body(remark)
    if said and (wrong := wrong_with(said, shortest=1)):
        raise InvalidInput(fields={"remark": wrong})
    await holding.lock(connection, inspection.place_id)
    if not await store.close(connection, inspection_id, said):
        raise InspectionClosed
    today = local_day(moment, settings.zone)
    colour = await holding.hold(connection, inspection.place_id, today, settings.safety)
    await audit.record(
        connection,
        viewer,
        "safety.inspection_closed",
        area=inspection.area,
        object=f"inspection:{inspection_id}",
    )
    return colour


async def say_repaired(
    connection: AsyncConnection, viewer: Viewer, place_id: int, inspection_id: int
) -> None:
    """Say, as those who run the place, that what was ordered is done; closing is the inspector's.

    Raises `NotFound` or `InspectionClosed`.
    """
    place = await access_own_place(connection, viewer, place_id)
    inspection = await store.find(connection, inspection_id)
    if inspection is None or inspection.place_id != place_id:
        raise NotFound
    if not await store.say_repaired(connection, inspection_id):
        raise InspectionClosed
    await publish(connection, f"desk:{place.facts.area}", "safety_repaired", {"id": inspection_id})
    await audit.record(
        connection,
        viewer,
        "safety.repair_reported",
        area=place.facts.area,
        object=f"inspection:{inspection_id}",
    )
