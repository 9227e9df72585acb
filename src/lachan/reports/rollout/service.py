"""Rules of the roll-out report: who may look at what, over which days."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.areas import store as areas
from lachan.areas.domain import Area, in_jurisdiction, simplify_roots
from lachan.kit.clock import day_bounds, local_day
from lachan.kit.errors import InvalidInput, NotFound
from lachan.kit.http.access import Viewer
from lachan.places.kinds import KINDS
from lachan.reports.rollout import store
from lachan.reports.rollout.domain import Count, total, window
from lachan.reports.rollout.store import Asked

ROLES: Final = ("reporter", "admin", "safety_inspector")
GROUPS: Final = tuple(kind.code for kind in KINDS.by_code.values() if kind.rollout)


@dataclass(frozen=True, slots=True)
class Part:
    """A province of the country, a ward of a province, or the ward itself, by group."""

    area: str
    name: str
    groups: Mapping[str, Count]

    @property
    def whole(self) -> Count:
        return total(self.groups.values())


@dataclass(frozen=True, slots=True)
class Rollout:
    """The report. Counts of `today` whatever the window; `roots` are the viewer's areas."""

    area: Area
    group: str | None
    first: date
    last: date
    today: date
    groups: Mapping[str, Count]
    parts: Sequence[Part]
    roots: Sequence[str]
    asked: Asked

    @property
    def whole(self) -> Count:
        return total(self.groups.values())


async def access_asked(
    connection: AsyncConnection,
    viewer: Viewer,
    *,
    area: str | None,
    group: str | None,
    last: date | None,
    moment: datetime,
    zone: ZoneInfo,
) -> tuple[Area, Asked, date]:
    """Which places are meant, and the last day, where the viewer works.

    Raises `NotFound` and, for a day that has not come or a group there is not, `InvalidInput`.
    """
    roots = sorted(simplify_roots(viewer.roots(*ROLES)))
    path = area or next(iter(roots), "")
    found = await areas.get(connection, path) if in_jurisdiction(roots, path) else None
    if found is None:
        raise NotFound
    today = local_day(moment, zone)
    day = last or today
    if day > today:
        raise InvalidInput(fields={"last": "rollout-field-last"})
    if group and group not in GROUPS:
        raise InvalidInput(fields={"group": "field-invalid"})
    first, day = window(day)
    asked = Asked(
        found.path,
        found.level,
        (group,) if group else GROUPS,
        day_bounds(first, zone)[0],
        day_bounds(day, zone)[1],
        today,
    )
    return found, asked, day


async def access_rollout(
    connection: AsyncConnection,
    viewer: Viewer,
    *,
    area: str | None,
    group: str | None,
    last: date | None,
    moment: datetime,
    zone: ZoneInfo,
) -> Rollout:
    """The report of an area: by group, and by its parts; with `group` of that group alone.

    Raises what `access_asked` does.
    """
    found, asked, day = await access_asked(
        connection, viewer, area=area, group=group, last=last, moment=moment, zone=zone
    )
    counted = await store.counts(connection, asked)
    below = await areas.children(connection, found.path) or [found]
    return Rollout(
        area=found,
        group=group or None,
        first=window(day)[0],
        last=day,
        today=asked.today,
        groups={
            kind: total(count for (_, one), count in counted.items() if one == kind)
            for kind in asked.kinds
        },
        parts=[
            Part(
                part.path,
                part.full_name,
                {kind: counted.get((part.path, kind), Count()) for kind in asked.kinds},
            )
            for part in below
        ],
        roots=sorted(simplify_roots(viewer.roots(*ROLES))),
        asked=asked,
    )
