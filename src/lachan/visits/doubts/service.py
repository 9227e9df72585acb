"""Looks at new visits, a slice of time after the other, and writes what speaks against them."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.settings import Settings
from lachan.visits.doubts import finding, store
from lachan.visits.doubts.domain import RULES, Kind, Rules, is_flood, judge_pair
from lachan.visits.doubts.finding import Pair, Window, days_around
from lachan.visits.doubts.store import Doubt


def _of_pair(pair: Pair, rules: Rules) -> Iterator[Doubt]:
    apart = judge_pair(pair.first, pair.second, rules.double_presence)
    if apart is None:
        return
    # Which of the two is untrue, nobody can tell from here: both are marked.
    for visit_id, day, place_id in pair.visits:
        yield Doubt(
            visit_id,
            day,
            Kind.DOUBLE_PRESENCE,
            pair.person_id,
            place_id,
            {"km": apart.km, "minutes": apart.minutes},
        )


async def look_at(
    connection: AsyncConnection,
    since: datetime,
    until: datetime,
    settings: Settings,
    rules: Rules = RULES,
) -> Counter[str]:
    """Doubt what was recorded in [since, until); how many of each kind were written."""
    days = days_around(since, until, days_back=settings.retention.visit_days)
    window = Window(since, until, *days)
    found: Counter[str] = Counter()
    pairs = await finding.pairs_apart(connection, window, rules.double_presence, rules.moving_kinds)
    found[Kind.DOUBLE_PRESENCE] = await store.write(
        connection, [doubt for pair in pairs for doubt in _of_pair(pair, rules)]
    )
    far = await finding.far_scans(connection, window, rules.far_from_usual, rules.moving_kinds)
    found[Kind.FAR_FROM_USUAL] = await store.write(connection, far)
    for hour in await finding.busy_hours(connection, window, rules.flood):
        if is_flood(hour.arrivals, hour.busiest, hour.hours, rules.flood):
            found[Kind.FLOOD] += await finding.mark_flood(connection, hour)
    found[Kind.CLOCK_SKEW] = await finding.mark_skewed(connection, window, rules.clock_skew_seconds)
    found[Kind.UNPROVED] = await finding.mark_unproved(connection, window)
    return found
