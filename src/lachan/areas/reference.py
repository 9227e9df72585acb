"""Puts the reference data that the package carries into the database. All its SQL is here."""

import tomllib
from collections.abc import Callable, Iterable, Sequence
from itertools import starmap
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from lachan.areas import data_files
from lachan.areas.domain import fold
from lachan.storage.roles import asyncpg_url

EDITION = "2025"
SOURCE = "lachan"
_LOCK = 0x1ACA_A4EA
# What people call the two biggest cities.
_ALSO = {"VN.01": ("hn",), "VN.79": ("hcm", "tphcm", "hcmc", "sai gon", "sg")}

_AREA_COLUMNS = (
    "path", "level", "code", "parent", "name", "full_name", "name_en", "folded", "names",
    "context", "lat", "lon", "area_km2", "derived",
)  # fmt: skip
_FORMER_COLUMNS = (
    "code", "level", "parent_code", "name", "full_name", "later_name", "edition", "folded", "names",
    "context", "lat", "lon",
)  # fmt: skip
_OUTLINE_COLUMNS = (
    "path", "geometry", "west", "south", "east", "north", "official", "source",
)  # fmt: skip

Row = tuple[object, ...]


def _names(*names: str) -> str:
    folded = dict.fromkeys(fold(name) for name in names if name)
    return f"| {' | '.join(folded)} |"


def _kind(full_name: str, name: str) -> str:
    return fold(full_name.removesuffix(name))


def read_areas() -> list[Row]:
    """Rows of `area`, the country first, so that every parent comes before its children."""
    rows: list[Row] = []
    above: dict[str, str] = {"": "", "VN": ""}
    for unit in sorted(
        data_files.read_table(data_files.UNITS), key=lambda unit: (unit["level"], unit["path"])
    ):
        also = _ALSO.get(unit["path"], ())
        context = f" {_kind(unit['full_name'], unit['name'])} {above[unit['parent']]}"
        if unit["level"] == "1":
            above[unit["path"]] = " ".join((fold(unit["full_name"]), *also))
        rows.append(
            (
                unit["path"], int(unit["level"]), unit["code"], unit["parent"] or None,
                unit["name"], unit["full_name"], unit["name_en"], fold(unit["name"]),
                _names(unit["name"], *also), context,
                float(unit["lat"]), float(unit["lon"]), float(unit["area_km2"]),
                unit["derived"] == "1",
            )
        )  # fmt: skip
    return rows


def read_former() -> list[Row]:
    """Rows of `area_former`."""
    units = list(data_files.read_table(data_files.FORMER))
    by_code = {unit["code"]: unit for unit in units}
    also = {"01": _ALSO["VN.01"], "79": _ALSO["VN.79"]}
    rows: list[Row] = []
    for unit in units:
        above, parent = [], by_code.get(unit["parent_code"])
        while parent is not None:
            above += [fold(parent["full_name"]), *also.get(parent["code"], ())]
            parent = by_code.get(parent["parent_code"])
        later = unit["later_name"]
        kinds = _kind(unit["full_name"], unit["name"])
        # "Xã Phú Hồng" is kept whole: where its kind ends only its own short name would tell.
        names = _names(unit["name"], later, *_without_kind(later))
        rows.append(
            (
                unit["code"], int(unit["level"]), unit["parent_code"] or None, unit["name"],
                unit["full_name"], later or None, unit["edition"], fold(unit["name"]), names,
                f" {' '.join((kinds, *above))}",
                float(unit["lat"]) if unit["lat"] else None,
                float(unit["lon"]) if unit["lon"] else None,
            )
        )  # fmt: skip
    return rows


def _without_kind(full_name: str) -> Sequence[str]:
    for kind in ("Thành phố ", "Thị trấn ", "Thị xã ", "Phường ", "Xã ", "Quận ", "Huyện "):
        if full_name.lower().startswith(kind.lower()):
            return (full_name[len(kind) :],)
    return ()


def _outline(path: str, polygons: list[data_files.Rings]) -> Row:
    import shapely  # noqa: PLC0415 - every start asks whether to load, few have to

    shape = shapely.MultiPolygon([(rings[0], rings[1:]) for rings in polygons])
    # By structure, so that polygons alone come out: the other way leaves lines among them.
    whole = shapely.make_valid(shape, method="structure", keep_collapsed=False)
    west, south, east, north = whole.bounds
    return (path, shapely.to_wkb(whole), west, south, east, north, False, SOURCE)


def read_outlines() -> list[Row]:
    """Rows of `area_outline`, all approximate."""
    return list(starmap(_outline, data_files.read_shapes()))


def read_code_aliases() -> dict[str, str]:
    """Other ward codes in use, and the code that `area` has for each."""
    aliases: dict[str, str] = tomllib.loads(data_files.CODES.read_text("utf-8"))["wards"]
    return aliases


async def copy_rows(
    connection: AsyncConnection, table: str, columns: Sequence[str], rows: Iterable[Row]
) -> None:
    """COPY rows into `table` within the connection's transaction, which must have begun."""
    raw: Any = await connection.get_raw_connection()
    await raw.driver_connection.copy_records_to_table(table, records=rows, columns=columns)


async def load_reference(connection: AsyncConnection) -> bool:
    """Bring the tables of areas to the data that this program carries; whether anything changed.

    Called as the owner after every migration. Official outlines that were imported stay. A unit
    that the data no longer has stays too, for places may lie in it.
    """
    await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    version = data_files.version()
    held = await connection.scalar(
        text("SELECT version FROM area_edition WHERE name = :name"), {"name": EDITION}
    )
    if held == version:
        return False

    await connection.execute(text("CREATE TEMPORARY TABLE new_area (LIKE area) ON COMMIT DROP"))
    await copy_rows(connection, "new_area", _AREA_COLUMNS, read_areas())
    changed = ", ".join(f"{column} = excluded.{column}" for column in _AREA_COLUMNS[1:])
    await connection.execute(
        text(
            "INSERT INTO area SELECT * FROM new_area ORDER BY level "  # noqa: S608 - our names
            f"ON CONFLICT (path) DO UPDATE SET {changed}"
        )
    )
    await connection.execute(text("DROP TABLE new_area"))

    await connection.execute(text("DELETE FROM area_crosswalk"))
    await connection.execute(text("DELETE FROM area_former"))
    await copy_rows(connection, "area_former", _FORMER_COLUMNS, read_former())
    await copy_rows(
        connection,
        "area_crosswalk",
        ("former_code", "path", "position"),
        [
            (row["former_code"], row["path"], int(row["position"]))
            for row in data_files.read_table(data_files.CROSSWALK)
        ],
    )

    await connection.execute(text("DELETE FROM area_outline WHERE NOT official"))
    kept = set(await connection.scalars(text("SELECT path FROM area_outline")))
    await copy_rows(
        connection,
        "area_outline",
        _OUTLINE_COLUMNS,
        [row for row in read_outlines() if row[0] not in kept],
    )
    await connection.execute(
        text(
            "INSERT INTO area_edition (name, version) VALUES (:name, :version) "
            "ON CONFLICT (name) DO UPDATE SET version = excluded.version, loaded_at = now()"
        ),
        {"name": EDITION, "version": version},
    )
    # The planner must not guess at tables that went from nothing to full.
    for table in ("area", "area_former", "area_crosswalk", "area_outline"):
        await connection.execute(text(f"ANALYZE {table}"))
    return True


async def fill_areas(
    _settings: object, owner_url: str, _keyring: object, _told: Callable[[str], None]
) -> list[str]:
    """`load_reference` as the owner, in a transaction of its own; what `lachan run` fills in."""
    engine = create_async_engine(asyncpg_url(owner_url), poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            await load_reference(connection)
    finally:
        await engine.dispose()
    return []
