"""Tracing by whichever engine: one step finds who met the sources, the levels follow from steps."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.tracing.domain import (
    Exposure,
    Rules,
    Source,
    Trace,
    contacts_from,
    next_sources,
    qualifying,
)

MOST_CONTACTS = 100_000
"""More contacts of one case than this say that rules or data are wrong, not the outbreak."""

Progress = Callable[[int, int], Awaitable[None]]


class TraceEngine(Protocol):
    """Finds meetings in what is stored."""

    async def exposures(
        self,
        connection: AsyncConnection,
        sources: Sequence[Source],
        rules: Rules,
        excluded: Collection[int],
    ) -> list[Exposure]:
        """Visits of others that shared air with the sources' own, as the rules say.

        May leave out what cannot add up to a contact, and nothing else; never names `excluded`.
        """
        ...

    async def housemates(
        self, connection: AsyncConnection, sources: Sequence[Source], excluded: Collection[int]
    ) -> list[tuple[Source, int]]:
        """Each source with every person of its household who is not `excluded`."""
        ...


async def _told_nobody(_level: int, _found: int) -> None:
    return None


async def trace(
    engine: TraceEngine,
    connection: AsyncConnection,
    case: Source,
    rules: Rules,
    *,
    max_level: int,
    progress: Progress = _told_nobody,
    most: int = MOST_CONTACTS,
) -> Trace:
    """Contacts of a case up to F`max_level`, each at its lowest level.

    A level that would bring more than `most` contacts is not written and ends the trace; the levels
    before it stand. `progress` is told each level and how many contacts there are by then.
    """
    found: list[int] = []
    trace_so_far = Trace(contacts=[])
    excluded = {case.person_id}
    sources = [Source(case.person_id, case.since, min(case.until, rules.as_of))]
    for level in range(1, max_level + 1):
        sources = [source for source in sources if source.since < source.until]
        if not sources:
            break
        met = await engine.exposures(connection, sources, rules, excluded)
        homes = await engine.housemates(connection, sources, excluded)
        contacts = contacts_from(level, qualifying(met, rules), homes, excluded)
        if len(found) + len(contacts) > most:
            return Trace(trace_so_far.contacts, stopped_at=level)
        trace_so_far.contacts.extend(contacts)
        found.extend(contact.person_id for contact in contacts)
        excluded.update(contact.person_id for contact in contacts)
        await progress(level, len(found))
        sources = next_sources(contacts, rules.as_of)
    return trace_so_far
