"""The map of a process: reads all places once, follows the live events, serves tiles and viewers.

Nothing is read before the map is first asked for, or a few seconds after the start.
"""

import asyncio
import time
from collections import OrderedDict
from contextlib import aclosing, suppress
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Row

from lachan.kit.clock import now
from lachan.safety.map import store
from lachan.safety.map.domain import PAST_DAYS, Tile
from lachan.storage.engine import Storage
from lachan.storage.events import Hub

if TYPE_CHECKING:
    # numpy and h3 take a tenth of a second to load, and the start does not wait for the map.
    from lachan.safety.map.board import Board, Codes
    from lachan.safety.map.country import BinOutlines, Cell
    from lachan.safety.map.live import Audience, Channel
    from lachan.safety.map.tiles import MadeTile, Painter, TileCache

log = structlog.get_logger()

_QUIET_SECONDS: Final = 5.0
_LOOK_SECONDS: Final = 60.0
_SOON_SECONDS: Final = 1.0
_REMEMBERED: Final = 4_000
_OVERLAP_SECONDS: Final = 30


class SafetyMap:
    """One instance lives at `app.state.safety_map`."""

    def __init__(self, storage: Storage, hub: Hub, zone: ZoneInfo, live_ms: int) -> None:
        self._storage = storage
        self._hub = hub
        self._zone = zone
        self._pause = live_ms / 1000
        self._task: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()
        self._taken: OrderedDict[int, None] = OrderedDict()
        self._stamp: tuple[int, datetime | None] | None = None
        self._look_at = 0.0
        self._again_at = 0.0
        self._joined = False
        self._unannounced_at = 0.0
        self._past: dict[date, tuple[Board, Codes]] = {}
        self._board: Board | None = None
        self._painter: Painter | None = None
        self._outlines: tuple[Board, BinOutlines] | None = None
        self._cache: TileCache | None = None
        self._audience: Audience | None = None

    def wake(self) -> None:
        """Begin to read and to follow, unless that is done already."""
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """End the open streams and stop following."""
        if self._audience is not None:
            self._audience.dismiss()
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def board(self) -> "Board":
        """The board, once it has been read."""
        self.wake()
        await self._ready.wait()
        assert self._board is not None
        return self._board

    @property
    def today(self) -> date:
        """The local day."""
        return now().astimezone(self._zone).date()

    @property
    def audience(self) -> "Audience":
        if self._audience is None:
            from lachan.safety.map.live import Audience  # noqa: PLC0415 - see above

            self._audience = Audience()
        return self._audience

    @property
    def cache(self) -> "TileCache":
        if self._cache is None:
            from lachan.safety.map.tiles import TileCache  # noqa: PLC0415 - see above

            self._cache = TileCache()
        return self._cache

    async def counts(self, day: date | None, kinds: tuple[str, ...], area: str) -> dict[str, int]:
        """How many places have each colour."""
        board = await self.board()
        return board.counts(await self._colours(board, day), kinds, area)

    async def greeting(self, channel: "Channel", since: int | None) -> bytes:
        """What a viewer is told first: all that changed after `since` in its channel."""
        from lachan.safety.map.live import Telling, hello, reload  # noqa: PLC0415 - see above

        board = await self.board()
        if since is None:
            return hello(board.seq)
        if since < board.base:
            return hello(board.seq) + reload(board.seq)
        missed = board.changed_since(since, channel.regions)
        told = Telling(board, missed, board.seq).frame(channel) if len(missed) else None
        return hello(board.seq) + (told or b"")

    async def points_tile(self, tile: Tile, day: date | None) -> "MadeTile":
        """Places on a tile of `domain.POINT_ZOOM`."""
        painter = await self._drawing()
        colours = await self._colours(painter.board, day)
        seq = painter.points_seq(tile) if day is None else 0
        return self.cache.get(("p", tile, day), seq, lambda: painter.points(tile, colours))

    async def bins_tile(self, tile: Tile, day: date | None, kinds: tuple[str, ...]) -> "MadeTile":
        """Bins on a tile; `kinds` keeps to some kinds of places."""
        painter = await self._drawing()
        colours = await self._colours(painter.board, day)
        seq = painter.bins_seq(tile) if day is None else 0
        return self.cache.get(
            ("b", tile, day, kinds), seq, lambda: painter.bins(tile, colours, kinds)
        )

    async def country(
        self, day: date | None, kinds: tuple[str, ...], wanted: tuple[str, ...]
    ) -> "list[Cell]":
        """The bins of the whole country, painted by the share of the wanted colours."""
        from lachan.safety.map import country  # noqa: PLC0415 - see above

        board = await self.board()
        if self._outlines is None or self._outlines[0] is not board:
            made = country.BinOutlines(board.bins(country.RESOLUTION))
            self._outlines = (board, made)
        colours = await self._colours(board, day)
        return country.draw_cells(board, self._outlines[1], colours, kinds, wanted)

    async def _colours(self, board: "Board", day: date | None) -> "Codes":
        """The column of colours as it stands (None), or as a past day ended."""
        if day is None:
            return board.colours
        found = self._past.get(day)
        if found is None or found[0] is not board:
            async with self._storage.transaction() as connection:
                rows = await store.day_colours(connection, day)
            column = await asyncio.to_thread(
                board.with_colours, [(row.place_id, row.colour) for row in rows]
            )
            found = self._past[day] = (board, column)
            for old in sorted(self._past)[: -PAST_DAYS - 1]:
                del self._past[old]
        return found[1]

    async def _drawing(self) -> "Painter":
        await self.board()
        assert self._painter is not None
        return self._painter

    async def _run(self) -> None:
        while True:
            try:
                await self._read()
                await self._follow()
            except Exception as error:  # noqa: BLE001 - the map lives as long as the process
                log.warning("map_failed", error=type(error).__name__)
                await asyncio.sleep(_SOON_SECONDS)

    async def _read(self) -> None:
        """Read everything anew, keeping what the old board knew of when colours changed."""
        from lachan.safety.map.board import Board  # noqa: PLC0415 - see above
        from lachan.safety.map.tiles import Painter  # noqa: PLC0415 - see above

        begun = time.monotonic()
        today = self.today
        rows: list[Row[Any]] = []
        async with self._storage.transaction() as connection:
            base = await store.newest_event(connection)
            stamp = await store.stamp(connection)
            after = 0
            while chunk := await store.everything(connection, today, after):
                rows.extend(chunk)
                after = chunk[-1].id
                await asyncio.sleep(0)
        board = await asyncio.to_thread(
            lambda: Board(
                today,
                base,
                [row.id for row in rows],
                [(row.lat, row.lon) for row in rows],
                [row.kind for row in rows],
                [row.area for row in rows],
                [row.colour for row in rows],
                [row.drill for row in rows],
            )
        )
        older = self._board
        same = older is not None and board.carry_over(older)
        self._joined = False
        self._stamp = stamp
        ended = time.monotonic()
        self._look_at = ended + _LOOK_SECONDS
        # Places that join one after the other must not make it read all the time.
        self._again_at = ended + max(_SOON_SECONDS, 10 * (ended - begun))
        self._board, self._painter = board, Painter(board)
        self._past.clear()
        self.cache.forget()
        self._ready.set()
        if older is not None and not (same and older.day == today):
            from lachan.safety.map.live import reload  # noqa: PLC0415 - see above

            await self.audience.tell_all(reload(board.seq))

    async def _follow(self) -> None:
        """Take what changes until everything must be read anew."""
        async with aclosing(self._hub.wait(store.TOPIC, _QUIET_SECONDS)) as news:
            async for _ in news:
                begun = time.perf_counter()
                await self._take()
                if await self._is_stale():
                    return
                # What a fan-out costs is given back: under a heavy load frames come further apart.
                spent = time.perf_counter() - begun
                await asyncio.sleep(max(self._pause, spent))

    async def _take(self) -> None:
        """Take the changes there are, and tell who watches."""
        import numpy as np  # noqa: PLC0415 - see above

        board = self._board
        assert board is not None
        async with self._storage.transaction() as connection:
            news = await store.news(connection, board.seq, list(self._taken))
        if news.day_ended:
            # What was shown of it before was not all.
            self._past.clear()
            self.cache.forget()
        for event in news.ids:
            self._taken[event] = None
        while len(self._taken) > _REMEMBERED:
            self._taken.popitem(last=False)
        if not news.changes:
            return
        moved = board.take(news.changes)
        await self.audience.tell_of(board, np.array(moved.places, np.int64))
        self._joined = self._joined or moved.unknown

    async def _take_unannounced(self) -> None:
        """Take changes of places that stand at the middle of their ward: no event tells of them."""
        import numpy as np  # noqa: PLC0415 - see above

        board = self._board
        assert board is not None
        if time.monotonic() < self._unannounced_at:
            return
        self._unannounced_at = time.monotonic() + _QUIET_SECONDS
        async with self._storage.transaction() as connection:
            found = await store.without_position(connection, board.day, _OVERLAP_SECONDS)
        changes = [store.Change(board.seq, place, colour) for place, colour in found]
        fresh = [one for one in changes if board.differs(one)]
        if fresh:
            await self.audience.tell_of(board, np.array(board.take(fresh).places, np.int64))

    async def _is_stale(self) -> bool:
        """Whether the day has changed, or places came, went or moved."""
        assert self._board is not None
        if self.today != self._board.day:
            return True
        if self._joined and time.monotonic() >= self._again_at:
            return True
        await self._take_unannounced()
        if time.monotonic() < self._look_at:
            return False
        self._look_at = time.monotonic() + _LOOK_SECONDS
        async with self._storage.transaction() as connection:
            return await store.stamp(connection) != self._stamp
