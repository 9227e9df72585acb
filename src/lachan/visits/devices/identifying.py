"""Who stands at which door: the questions of many devices at once, in one transaction.

A turnstile sends one scan at a time, thousands of them do so at once. As scans are written many to
a commit, so people are looked up many to a transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import text

from lachan.identity.credentials.service import Identified, Item, Outcome, identify_many
from lachan.kit.crypto import Keyring
from lachan.kit.errors import Overloaded
from lachan.settings import Settings
from lachan.storage.engine import Storage, is_away
from lachan.storage.writer import GroupCommitWriter
from lachan.visits.devices import store

_AT_ONCE: Final = 512

# Nobody is told anything before the visit is durable, and what is durable takes all that was
# written before it along: so this commit need not wait for the disk.
_NO_WAIT = text("SET LOCAL synchronous_commit = off")


@dataclass(frozen=True, slots=True)
class Ask:
    """What was shown, under a name made of device, scan and text.

    `once` when the same text may mean something else later (a one-time code; a moment that the
    server chose): then the answer is kept, so that sending the scan again changes nothing.
    """

    name: UUID
    item: Item
    once: bool


class Identifier:
    """Looks people up for devices; a full queue refuses rather than grow."""

    def __init__(self, storage: Storage, keyring: Keyring, settings: Settings) -> None:
        self._storage = storage
        self._keyring = keyring
        self._settings = settings
        self._writer: GroupCommitWriter[Ask, Outcome] = GroupCommitWriter(
            self._flush,
            queue_size=settings.intake.queue_size,
            batch_size=_AT_ONCE,
            # One: a scan that is sent again while it is looked up has to find what was found.
            flushers=1,
        )

    @property
    def depth(self) -> int:
        """Scans that wait for a look-up."""
        return self._writer.depth

    def start(self) -> None:
        """Begin to answer; needs a running event loop."""
        self._writer.start()

    async def stop(self) -> None:
        """Answer who waits, then end."""
        await self._writer.stop()

    async def take(self, ask: Ask) -> Outcome:
        """Who it is, or why it was refused. Raises `Overloaded`."""
        try:
            return await self._writer.submit(ask)
        except Exception as error:
            if is_away(error):
                raise Overloaded(retry_after=2) from None
            raise

    async def _flush(self, asks: Sequence[Ask]) -> Sequence[Outcome]:
        async with self._storage.app.begin() as connection:
            await connection.execute(_NO_WAIT)
            once = [ask.name for ask in asks if ask.once]
            known = await store.remembered(connection, once) if once else {}
            new = {ask.name: ask for ask in asks if ask.name not in known}
            outcomes = await identify_many(
                connection, self._keyring, self._settings, [ask.item for ask in new.values()]
            )
            found = dict(zip(new, outcomes, strict=True))
            fresh = {
                name: outcome
                for name, outcome in found.items()
                if new[name].once and isinstance(outcome, Identified)
            }
            if fresh:
                await store.remember(connection, fresh)
        return [found.get(ask.name) or known[ask.name] for ask in asks]
