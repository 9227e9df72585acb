"""What is asked of administrative units. The tables are reference data: read by everybody."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.areas.domain import Area, FormerArea, Hit, Level, Located, Query, parse_query

# A position up to this far off every outline is still given the nearest ward: outlines are drawn
# to about 0.001 degree, and a quay or a river bank must not fall between them. About 2 km.
_NEAR_DEGREES = 0.02

_AREA = (
    "a.path, a.level, a.code, a.name, a.full_name, a.name_en, a.parent, "
    "CASE WHEN p.level = 0 THEN p.name ELSE p.full_name END AS parent_name, "
    "p.name_en AS parent_name_en, "
    "a.lat, a.lon, a.area_km2"
)
_FROM_AREA = "FROM area a LEFT JOIN area p ON p.path = a.parent"


def _area(row: Row[Any]) -> Area:
    return Area(
        row.path, row.level, row.code, row.name, row.full_name, row.name_en, row.parent,
        row.parent_name, row.parent_name_en, row.lat, row.lon, row.area_km2,
    )  # fmt: skip


async def get(connection: AsyncConnection, path: str) -> Area | None:
    """The unit at `path`, if there is one."""
    found = await connection.execute(
        text(f"SELECT {_AREA} {_FROM_AREA} WHERE a.path = :path"),
        {"path": path},
    )
    row = found.one_or_none()
    return _area(row) if row is not None else None


async def children(connection: AsyncConnection, path: str) -> list[Area]:
    """The units directly below `path`, by code."""
    found = await connection.execute(
        text(f"SELECT {_AREA} {_FROM_AREA} WHERE a.parent = :path ORDER BY a.code"),
        {"path": path},
    )
    return [_area(row) for row in found]


async def made_of(connection: AsyncConnection, path: str) -> list[FormerArea]:
    """The former provinces of a province, or the former communes of a ward, whole or in part."""
    found = await connection.execute(
        text("""
            SELECT f.code, f.level, f.full_name,
                   concat_ws(', ', d.full_name, t.full_name) AS within
            FROM area_crosswalk c
            JOIN area_former f ON f.code = c.former_code
            LEFT JOIN area_former d ON d.code = f.parent_code
            LEFT JOIN area_former t ON t.code = d.parent_code
            WHERE c.path = :path AND (f.level = 3 OR f.level = 1 OR NOT EXISTS (
                SELECT FROM area_former below WHERE below.parent_code = f.code))
            ORDER BY f.code
        """),
        {"path": path},
    )
    return [FormerArea(row.code, row.level, row.full_name, row.within or None) for row in found]


async def ward_counts(connection: AsyncConnection) -> dict[str, int]:
    """How many wards each province has, by its path."""
    found = await connection.execute(
        text("SELECT parent, count(*) AS wards FROM area WHERE level = 2 GROUP BY parent")
    )
    return {row.parent: row.wards for row in found}


async def former_provinces(connection: AsyncConnection) -> dict[str, list[str]]:
    """Names of the former provinces that each province was made of, by its path."""
    found = await connection.execute(
        text("""
            SELECT c.path, array_agg(f.name ORDER BY f.code) AS names
            FROM area_crosswalk c JOIN area_former f ON f.code = c.former_code AND f.level = 1
            GROUP BY c.path
        """)
    )
    return {row.path: list(row.names) for row in found}


# Ranks: 0 the name itself and the kind that was asked for, 1 the name, 2 its beginning, 3 a word in
# it, 4 found by what it lies in.
_RANK = """
    CASE WHEN {t}.names LIKE :exact_whole OR {t}.names LIKE :exact THEN
              CASE WHEN {t}.context LIKE :kind THEN 0 ELSE 1 END
         WHEN {t}.names LIKE :start_whole OR {t}.names LIKE :start THEN 2
         WHEN {t}.names LIKE :inside THEN 3
         ELSE 4 END
"""


def _search_sql(words: int) -> str:
    """The search for that many words, each to begin a word of the name or of what is above."""

    def matches(table: str) -> str:
        every = [f"({table}.names || {table}.context) LIKE :word{i}" for i in range(words)]
        return " AND ".join([f"{table}.names LIKE :first", *every])

    return f"""
        WITH former AS (
            SELECT f.code, f.level, f.full_name, f.parent_code, f.folded,
                   {_RANK.format(t="f")} AS rank
            FROM area_former f WHERE {matches("f")}
            ORDER BY rank, f.level, length(f.folded), f.code LIMIT :most
        ), hit AS (
            SELECT a.path, {_RANK.format(t="a")} * 2 AS rank, length(a.folded) AS length,
                   0 AS position, NULL::text AS former_code
            FROM area a WHERE a.level > 0 AND {matches("a")}
            UNION ALL
            SELECT c.path, f.rank * 2 + 1, length(f.folded), c.position, f.code
            FROM former f JOIN area_crosswalk c ON c.former_code = f.code
        ), best AS (
            SELECT DISTINCT ON (path) * FROM hit ORDER BY path, rank, length, position, former_code
        )
        SELECT {_AREA}, f.code AS former_code, f.level AS former_level,
               f.full_name AS former_name,
               concat_ws(', ', d.full_name, t.full_name) AS former_within
        FROM best b
        JOIN area a ON a.path = b.path
        LEFT JOIN area p ON p.path = a.parent
        LEFT JOIN area_former f ON f.code = b.former_code
        LEFT JOIN area_former d ON d.code = f.parent_code
        LEFT JOIN area_former t ON t.code = d.parent_code
        WHERE (:level < 0 OR a.level = :level) AND (:root = '' OR a.path = :root
               OR starts_with(a.path, :root || '.'))
        ORDER BY b.rank, a.level, b.length, a.folded <> :bare, b.former_code NULLS FIRST,
                 b.position, a.path
        LIMIT :limit
    """  # noqa: S608 - made of our own words; what people typed is bound


async def search(
    connection: AsyncConnection,
    typed: str,
    *,
    limit: int = 10,
    level: Level | None = None,
    root: str = "",
) -> list[Hit]:
    """Areas by current or former name, with or without accents, the likeliest first.

    Words may be cut short and may name what the unit lies in ("dịch vọng, cầu giấy"). `root` keeps
    to the units below a path.
    """
    query = parse_query(typed)
    if query is None:
        return []
    hits = await _search(connection, query, limit=limit, level=level, root=root)
    if not hits and query.without_kinds() != query:
        hits = await _search(connection, query.without_kinds(), limit=limit, level=level, root=root)
    return hits


async def _search(
    connection: AsyncConnection, query: Query, *, limit: int, level: Level | None, root: str
) -> list[Hit]:
    first, last = query.bare.split()[0], query.words[-1]
    # Folded text holds letters, digits and spaces only: nothing that LIKE would read as its own.
    found = await connection.execute(
        text(_search_sql(len(query.words))),
        {
            "exact_whole": f"%| {query.whole} |%",
            "exact": f"%| {query.bare} |%",
            "kind": f" {query.kind}%",
            "start_whole": f"%| {query.whole}%",
            "start": f"%| {query.bare}%",
            "inside": f"% {query.bare}%",
            # The last word may be cut short; one before it may not, or "hà n" would find Hát Môn.
            "first": f"% {first}%" if len(query.words) == 1 or first == last else f"% {first} %",
            **{f"word{i}": f"% {word}%" for i, word in enumerate(query.words)},
            "bare": query.bare,
            "level": -1 if level is None else int(level),
            "root": root,
            "limit": limit,
            "most": max(4 * limit, 40),
        },
    )
    return [
        Hit(
            _area(row),
            FormerArea(
                row.former_code, row.former_level, row.former_name, row.former_within or None
            )
            if row.former_code is not None
            else None,
        )
        for row in found
    ]


async def at_point(connection: AsyncConnection, lat: float, lon: float) -> Located | None:
    """The ward at a position in degrees; None at sea and abroad. An official outline wins."""
    found = await connection.execute(
        text("""
            SELECT path, geometry, official FROM area_outline
            WHERE path LIKE 'VN.__._____'
              AND west <= :east AND east >= :west AND south <= :north AND north >= :south
        """),
        {
            "west": lon - _NEAR_DEGREES,
            "east": lon + _NEAR_DEGREES,
            "south": lat - _NEAR_DEGREES,
            "north": lat + _NEAR_DEGREES,
        },
    )
    candidates = found.all()
    if not candidates:
        return None
    import shapely  # noqa: PLC0415 - slow to load, and few requests need it

    point = shapely.Point(lon, lat)
    away = shapely.distance(shapely.from_wkb([row.geometry for row in candidates]), point)
    distance, row = min(
        zip(away, candidates, strict=True), key=lambda pair: (pair[0], not pair[1].official)
    )
    if distance > _NEAR_DEGREES:
        return None
    area = await get(connection, row.path)
    return Located(area, not row.official) if area is not None else None


@dataclass(frozen=True, slots=True)
class Outline:
    """One unit's outline. `geometry` is WKB, degrees of longitude and latitude, WGS 84."""

    path: str
    name: str
    full_name: str
    official: bool
    geometry: bytes


async def outlines(connection: AsyncConnection, path: str) -> list[Outline]:
    """Outlines of the units directly below `path`; of the unit itself where nothing is below."""
    found = await connection.execute(
        text("""
            SELECT a.path, a.name, a.full_name, o.official, o.geometry
            FROM area a JOIN area_outline o USING (path)
            WHERE a.parent = :path OR (a.path = :path AND a.level = 2)
            ORDER BY a.path
        """),
        {"path": path},
    )
    return [Outline(*row) for row in found]


async def outlines_stamp(connection: AsyncConnection, path: str) -> str:
    """Changes whenever `outlines(path)` would; cheaper than the outlines."""
    row = (
        await connection.execute(
            text("""
                SELECT (SELECT version FROM area_edition WHERE name = '2025') AS version,
                       max(o.imported_at) AS latest, count(*) FILTER (WHERE o.official) AS official
                FROM area a JOIN area_outline o USING (path)
                WHERE a.parent = :path OR (a.path = :path AND a.level = 2)
            """),
            {"path": path},
        )
    ).one()
    latest: datetime | None = row.latest
    said = f"{path}:{row.version}:{latest.isoformat() if latest else ''}:{row.official}"
    return hashlib.sha256(said.encode()).hexdigest()[:20]


async def ward_paths(connection: AsyncConnection) -> dict[str, str]:
    """Paths of all wards by their official code."""
    found = await connection.execute(text("SELECT code, path FROM area WHERE level = 2"))
    return {row.code: row.path for row in found}


async def write_outlines(
    connection: AsyncConnection, rows: Sequence[tuple[str, bytes]], *, source: str
) -> None:
    """Put official outlines (path, WKB) in place of what was there."""
    import shapely  # noqa: PLC0415 - slow to load, and few requests need it

    shapes = shapely.from_wkb([geometry for _, geometry in rows])
    bounds = shapely.bounds(shapes)
    await connection.execute(
        text("""
            INSERT INTO area_outline (path, geometry, west, south, east, north, official, source)
            VALUES (:path, :geometry, :west, :south, :east, :north, true, :source)
            ON CONFLICT (path) DO UPDATE SET geometry = excluded.geometry, west = excluded.west,
              south = excluded.south, east = excluded.east, north = excluded.north,
              official = true, source = excluded.source, imported_at = now()
        """),
        [
            {
                "path": path, "geometry": geometry, "west": float(west), "south": float(south),
                "east": float(east), "north": float(north), "source": source,
            }
            for (path, geometry), (west, south, east, north) in zip(rows, bounds, strict=True)
        ],
    )  # fmt: skip


async def official_wards(connection: AsyncConnection, province: str) -> list[bytes] | None:
    """WKB of all wards of a province; None while any of them has no official outline."""
    found = await connection.execute(
        text("""
            SELECT o.geometry, coalesce(o.official, false) AS official
            FROM area a LEFT JOIN area_outline o USING (path) WHERE a.parent = :province
        """),
        {"province": province},
    )
    rows = found.all()
    return [row.geometry for row in rows] if all(row.official for row in rows) else None
