"""What the map asks of the database. Everything here is public."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.safety.map.domain import Box

TOPIC: Final = "map"
_CHUNK: Final = 5_000
# A transaction may commit after one that was given a later id: so far back is looked again.
_OVERLAP: Final = 2_000

# A place whose position nobody gave stands at the middle of its ward.
_LAT: Final = "coalesce(p.lat, a.lat)"
_LON: Final = "coalesce(p.lon, a.lon)"
_SHOWN: Final = f"p.state = 'active' AND {_LAT} IS NOT NULL"


@dataclass(frozen=True, slots=True)
class Change:
    """A place took another colour; `id` is that of the live event."""

    id: int
    place_id: int
    colour: str


async def newest_event(connection: AsyncConnection) -> int:
    """The id of the newest live event of any kind."""
    return int(await connection.scalar(text("SELECT coalesce(max(id), 0) FROM event")) or 0)


async def stamp(connection: AsyncConnection) -> tuple[int, datetime | None]:
    """Changes when places join, leave, move or are renamed."""
    row = (
        await connection.execute(
            text(
                "SELECT count(*) AS places, "
                "greatest(max(p.updated_at), max(s.joined_at)) AS latest "
                "FROM place_safety s JOIN place p ON p.id = s.place_id WHERE p.state = 'active'"
            )
        )
    ).one()
    return row.places, row.latest


async def newest_change(connection: AsyncConnection) -> tuple[int, datetime | None]:
    """Changes with every change of a colour."""
    row = (
        await connection.execute(
            text(
                "SELECT (SELECT coalesce(max(id), 0) FROM event WHERE topic = :topic) AS id, "
                "(SELECT max(changed_at) FROM place_safety) AS at"
            ),
            {"topic": TOPIC},
        )
    ).one()
    return row.id, row.at


async def everything(connection: AsyncConnection, today: date, after: int) -> Sequence[Row[Any]]:
    """The next places by id: id, lat, lon, kind, area, colour of `today`, of a drill or not."""
    found = await connection.execute(
        text(f"""
            SELECT p.id, {_LAT} AS lat, {_LON} AS lon, p.kind, p.area,
                   lachan_colour(s, :today) AS colour, p.drill_id IS NOT NULL AS drill
            FROM place_safety s JOIN place p ON p.id = s.place_id JOIN area a ON a.path = p.area
            WHERE s.place_id > :after AND {_SHOWN} ORDER BY s.place_id LIMIT :limit
        """),  # noqa: S608 - made of our own words
        {"today": today, "after": after, "limit": _CHUNK},
    )
    return found.all()


async def day_colours(connection: AsyncConnection, day: date) -> Sequence[Row[Any]]:
    """Place and colour at the end of `day`; who is not there did not report."""
    found = await connection.execute(
        text("SELECT place_id, colour FROM safety_day WHERE day = :day"), {"day": day}
    )
    return found.all()


@dataclass(frozen=True, slots=True)
class News:
    """Live events: their ids, changes of colour oldest first, and whether a day was ended."""

    ids: list[int]
    changes: list[Change]
    day_ended: bool


async def news(connection: AsyncConnection, reached: int, taken: Sequence[int]) -> News:
    """Events not `taken` yet, from a while before event `reached` on."""
    rows = await connection.execute(
        text("""
            SELECT id, kind, payload FROM event
            WHERE topic = :topic AND kind IN ('colour', 'day') AND id > :floor
              AND id <> ALL(:taken) ORDER BY id LIMIT 5000
        """),
        {"topic": TOPIC, "floor": reached - _OVERLAP, "taken": list(taken)},
    )
    found = rows.all()
    return News(
        [row.id for row in found],
        [
            Change(row.id, int(row.payload["id"]), str(row.payload["c"]))
            for row in found
            if row.kind == "colour"
        ],
        any(row.kind == "day" for row in found),
    )


async def without_position(
    connection: AsyncConnection, today: date, seconds: int
) -> list[tuple[int, str]]:
    """Place and colour of what changed lately among places whose position nobody gave."""
    found = await connection.execute(
        text("""
            SELECT s.place_id, lachan_colour(s, :today) AS colour
            FROM place_safety s JOIN place p ON p.id = s.place_id
            WHERE s.changed_at > now() - make_interval(secs => :seconds) AND p.lat IS NULL
        """),
        {"today": today, "seconds": seconds},
    )
    return [(row.place_id, row.colour) for row in found]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which places a list or file is about; empty tuples and None do not narrow it."""

    kinds: tuple[str, ...] = ()
    colours: tuple[str, ...] = ()
    area: str = ""
    words: tuple[str, ...] = ()
    box: Box | None = None
    day: date | None = None  # a past day; None: as it stands


def _narrowed(wanted: Wanted, today: date) -> tuple[str, str, dict[str, object]]:
    """The colour's expression, the conditions, and what they bind."""
    binds: dict[str, object] = {"today": today}
    conditions = [_SHOWN, "p.drill_id IS NULL"]
    colour = "lachan_colour(s, :today)"
    if wanted.day is not None:
        binds["day"] = wanted.day
        colour = "coalesce(d.colour, 'grey')"
    if wanted.kinds:
        binds["kinds"] = list(wanted.kinds)
        conditions.append("p.kind = ANY(:kinds)")
    if wanted.colours:
        binds["colours"] = list(wanted.colours)
        conditions.append(f"{colour} = ANY(:colours)")
    if wanted.area:
        binds |= {"area": wanted.area, "below": wanted.area + ".%"}
        conditions.append("(p.area = :area OR p.area LIKE :below)")
    for number, word in enumerate(wanted.words):
        # Folded words hold letters and digits only: nothing that LIKE would read as its own.
        binds[f"word{number}"] = f"%{word}%"
        conditions.append(f"p.folded LIKE :word{number}")
    if (box := wanted.box) is not None:
        binds |= {"west": box.west, "south": box.south, "east": box.east, "north": box.north}
        conditions.append(f"{_LON} BETWEEN :west AND :east AND {_LAT} BETWEEN :south AND :north")
    return colour, " AND ".join(conditions), binds


_FROM: Final = """
    FROM place_safety s JOIN place p ON p.id = s.place_id JOIN area a ON a.path = p.area
    LEFT JOIN area v ON v.path = a.parent
"""
_OF_DAY: Final = "LEFT JOIN safety_day d ON d.place_id = s.place_id AND d.day = :day"


def _from(wanted: Wanted) -> str:
    return _FROM + (_OF_DAY if wanted.day is not None else "")


async def listed(
    connection: AsyncConnection,
    wanted: Wanted,
    today: date,
    *,
    limit: int,
    after: tuple[str, int] | None = None,
) -> Sequence[Row[Any]]:
    """Places by name, then id; `after` is the folded name and the id of the last one shown."""
    colour, conditions, binds = _narrowed(wanted, today)
    if after is not None:
        binds |= {"name": after[0], "id": after[1]}
        conditions += " AND (p.folded, p.id) > (:name, :id)"
    found = await connection.execute(
        text(f"""
            SELECT p.id, p.name, p.folded, p.kind, p.address, p.area, a.full_name AS ward,
                   a.name_en AS ward_en, v.full_name AS province, v.name_en AS province_en,
                   {_LAT} AS lat, {_LON} AS lon, {colour} AS colour, s.changed_at,
                   s.score, s.maximum, s.day
            {_from(wanted)} WHERE {conditions} ORDER BY p.folded, p.id LIMIT :limit
        """),
        {**binds, "limit": limit},
    )
    return found.all()


async def streamed(
    connection: AsyncConnection, wanted: Wanted, today: date
) -> AsyncIterator[Row[Any]]:
    """All places by id, read as they are asked for."""
    colour, conditions, binds = _narrowed(wanted, today)
    return await connection.stream(
        text(f"""
            SELECT p.id, p.name, p.kind, p.address, p.area, a.full_name AS ward,
                   v.full_name AS province, {_LAT} AS lat, {_LON} AS lon, {colour} AS colour,
                   s.score, s.maximum, s.day
            {_from(wanted)} WHERE {conditions} ORDER BY s.place_id
        """),
        binds,
    )


async def counted(connection: AsyncConnection, wanted: Wanted, today: date) -> dict[str, int]:
    """How many of the places have each colour."""
    colour, conditions, binds = _narrowed(wanted, today)
    found = await connection.execute(
        text(
            f"SELECT {colour} AS colour, count(*) AS places {_from(wanted)} "
            f"WHERE {conditions} GROUP BY 1"
        ),
        binds,
    )
    return {row.colour: row.places for row in found}


async def by_area(connection: AsyncConnection, parent: str, today: date) -> Sequence[Row[Any]]:
    """Places by colour in each unit directly below `parent`, which may be the country."""
    found = await connection.execute(
        text(f"""
            SELECT u.path, u.full_name, u.name_en, lachan_colour(s, :today) AS colour,
                   count(*) AS places
            {_FROM} JOIN area u ON u.path = left(p.area, :length)
            WHERE {_SHOWN} AND p.drill_id IS NULL AND u.parent = :parent
            GROUP BY 1, 2, 3, 4 ORDER BY 1
        """),
        {"today": today, "parent": parent, "length": 5 if parent == "VN" else 11},
    )
    return found.all()


async def facts(connection: AsyncConnection, place_id: int, today: date) -> Row[Any] | None:
    """One place that takes part, as everybody may see it."""
    found = await connection.execute(
        text(f"""
            SELECT p.id, p.name, p.kind, p.address, p.area, a.full_name AS ward,
                   a.name_en AS ward_en, v.full_name AS province, v.name_en AS province_en,
                   {_LAT} AS lat, {_LON} AS lon, p.lat IS NULL AS approximate,
                   lachan_colour(s, :today) AS colour
            {_FROM} WHERE p.id = :id AND {_SHOWN}
        """),
        {"id": place_id, "today": today},
    )
    return found.one_or_none()


async def last_inspection(connection: AsyncConnection, place_id: int) -> Row[Any] | None:
    """Day, outcome, set, state and deadline of a place's last inspection."""
    found = await connection.execute(
        text(
            "SELECT i.day, i.outcome, i.state, i.due_at, c.rules "
            "FROM lachan_last_inspection(:id) i LEFT JOIN criteria_set c ON c.id = i.set_id "
            "WHERE i.day IS NOT NULL"
        ),
        {"id": place_id},
    )
    return found.one_or_none()


async def outlines_in(
    connection: AsyncConnection,
    bounds: tuple[float, float, float, float],
    level: int,
    also: Sequence[str] = (),
) -> Sequence[Row[Any]]:
    """Outlines of a level, and those in `also`, that touch west, south, east, north (degrees)."""
    found = await connection.execute(
        text("""
            SELECT o.path, a.name, a.name_en, a.full_name, o.geometry
            FROM area_outline o JOIN area a USING (path)
            WHERE (a.level = :level OR o.path = ANY(:also)) AND o.west <= :east
              AND o.east >= :west AND o.south <= :north AND o.north >= :south ORDER BY o.path
        """),
        {
            "level": level,
            "also": list(also),
            **dict(zip(("west", "south", "east", "north"), bounds, strict=True)),
        },
    )
    return found.all()


async def outlines_stamp(connection: AsyncConnection) -> str:
    """Changes whenever an outline does."""
    row = (
        await connection.execute(
            text("SELECT count(*) AS n, max(imported_at) AS latest FROM area_outline")
        )
    ).one()
    latest: datetime | None = row.latest
    return f"{row.n}-{int(latest.timestamp()) if latest else 0}"
