"""All SQL of the worker that registers a list: the places, their posters, who is to run them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.areas.domain import fold
from lachan.kit.crypto import Keyring
from lachan.places.bulk.domain import Row
from lachan.places.bulk.store import State, sealed_about
from lachan.places.domain import cell_of
from lachan.places.kinds import kind_of


@dataclass(frozen=True, slots=True)
class Begun:
    """A list that the worker registers."""

    id: int
    person_id: int | None
    officer_id: int | None
    rows: list[Row]
    size: Literal["a4", "a5"]


async def begin(connection: AsyncConnection, import_id: int) -> Begun | None:
    """Take a queued list, or one that a stopped worker left behind."""
    row = (
        await connection.execute(
            text(
                """
                UPDATE place_import SET state = 'running'
                WHERE id = :id AND state IN ('queued', 'running')
                RETURNING id, person_id, officer_id, rows, size
                """
            ),
            {"id": import_id},
        )
    ).one_or_none()
    if row is None:
        return None
    rows = [Row(**{**entry, "rooms": tuple(entry["rooms"])}) for entry in row.rows]
    return Begun(row.id, row.person_id, row.officer_id, rows, row.size)


async def made_lines(connection: AsyncConnection, import_id: int) -> set[int]:
    """Lines that are registered already."""
    found = await connection.scalars(
        text("SELECT line FROM place_import_place WHERE import_id = :id"), {"id": import_id}
    )
    return set(found.all())


_PLACES = text(
    """
    INSERT INTO place (name, kind, area, address, lat, lon, h3, ventilation, usual_stay_minutes,
                       folded, by_authority)
    SELECT name, kind, area, address, lat, lon, h3, ventilation, stay, folded, :by_authority
    FROM unnest(CAST(:name AS text[]), CAST(:kind AS text[]), CAST(:area AS text[]),
                CAST(:address AS text[]), CAST(:lat AS float8[]), CAST(:lon AS float8[]),
                CAST(:h3 AS bigint[]), CAST(:ventilation AS text[]), CAST(:stay AS integer[]),
                CAST(:folded AS text[])) WITH ORDINALITY
         AS u(name, kind, area, address, lat, lon, h3, ventilation, stay, folded, n)
    ORDER BY n RETURNING id, name
    """
)


async def insert_places(
    connection: AsyncConnection,
    rows: Sequence[Row],
    codes: Sequence[Sequence[str]],
    *,
    by_authority: bool,
) -> list[int]:
    """Write places with their rooms; `codes` holds for each its own code and its rooms'. Ids."""
    found = (
        await connection.execute(
            _PLACES,
            {
                "name": [row.name for row in rows],
                "kind": [row.kind for row in rows],
                "area": [row.area for row in rows],
                "address": [row.address for row in rows],
                "lat": [row.lat for row in rows],
                "lon": [row.lon for row in rows],
                "h3": [_cell(row) for row in rows],
                "ventilation": [row.ventilation or kind_of(row.kind).ventilation for row in rows],
                "stay": [row.usual_stay_minutes for row in rows],
                "folded": [fold(row.name) for row in rows],
                "by_authority": by_authority,
            },
        )
    ).fetchall()
    assert [row.name for row in found] == [row.name for row in rows], "the order was kept"
    ids = [row.id for row in found]
    await _make_rooms_and_codes(connection, ids, rows, codes)
    return ids


async def make_places(
    connection: AsyncConnection, begun: Begun, rows: Sequence[Row], codes: Sequence[Sequence[str]]
) -> None:
    """Register places with their rooms; `codes` holds for each its own code and its rooms'."""
    ids = await insert_places(connection, rows, codes, by_authority=begun.officer_id is not None)
    if begun.person_id is not None:
        await connection.execute(
            text(
                "INSERT INTO place_staff (place_id, person_id, role) "
                "SELECT id, :person, 'owner' FROM unnest(CAST(:ids AS bigint[])) AS u(id)"
            ),
            {"person": begun.person_id, "ids": ids},
        )
    looked_at = [(place, row) for place, row in zip(ids, rows, strict=True) if row.review]
    if looked_at:
        await connection.execute(
            text("INSERT INTO place_review (place_id, similar_to, why) VALUES (:p, :s, :w)"),
            [{"p": place, "s": row.similar_to, "w": row.review} for place, row in looked_at],
        )
    await connection.execute(
        text(
            """
            INSERT INTO place_import_place (import_id, line, place_id)
            SELECT :import, line, id
            FROM unnest(CAST(:lines AS integer[]), CAST(:ids AS bigint[])) AS u(line, id)
            """
        ),
        {"import": begun.id, "lines": [row.line for row in rows], "ids": ids},
    )
    await connection.execute(
        text("UPDATE place_import SET made = made + :made WHERE id = :id"),
        {"made": len(rows), "id": begun.id},
    )


def _cell(row: Row) -> int | None:
    return None if row.lat is None or row.lon is None else cell_of(row.lat, row.lon)


async def _make_rooms_and_codes(
    connection: AsyncConnection,
    ids: Sequence[int],
    rows: Sequence[Row],
    codes: Sequence[Sequence[str]],
) -> None:
    wanted = [
        (place, name, code)
        for place, row, own in zip(ids, rows, codes, strict=True)
        for name, code in zip(row.rooms, own[1:], strict=True)
    ]
    given: list[tuple[str, int, int | None]] = [
        (own[0], place, None) for place, own in zip(ids, codes, strict=True)
    ]
    if wanted:
        rooms = await connection.execute(
            text(
                """
                INSERT INTO room (place_id, name)
                SELECT place, name FROM unnest(CAST(:places AS bigint[]), CAST(:names AS text[]))
                     WITH ORDINALITY AS u(place, name, n) ORDER BY n
                RETURNING id, place_id, name
                """
            ),
            {"places": [place for place, _, _ in wanted], "names": [name for _, name, _ in wanted]},
        )
        room_ids = {(row.place_id, row.name): row.id for row in rooms}
        given += [(code, place, room_ids[place, name]) for place, name, code in wanted]
    await connection.execute(
        text(
            """
            INSERT INTO place_code (code, place_id, room_id)
            SELECT * FROM unnest(CAST(:codes AS text[]), CAST(:places AS bigint[]),
                                 CAST(:rooms AS bigint[]))
            """
        ),
        {
            "codes": [code for code, _, _ in given],
            "places": [place for _, place, _ in given],
            "rooms": [room for _, _, room in given],
        },
    )


async def posters(
    connection: AsyncConnection, import_id: int
) -> list[tuple[str, str, str | None, bool]]:
    """Code, place, room and whether it counts as registered, of all that a list made, by line."""
    rows = await connection.execute(
        text(
            """
            SELECT c.code, p.name, r.name AS room, w.place_id IS NULL AS registered
            FROM place_import_place m
            JOIN place p ON p.id = m.place_id
            JOIN place_code c ON c.place_id = p.id AND c.revoked_at IS NULL
            LEFT JOIN room r ON r.id = c.room_id
            LEFT JOIN place_review w ON w.place_id = p.id AND w.state <> 'accepted'
            WHERE m.import_id = :id ORDER BY m.line, r.id NULLS FIRST
            """
        ),
        {"id": import_id},
    )
    return [(row.code, row.name, row.room, row.registered) for row in rows]


async def set_printed(connection: AsyncConnection, import_id: int, printed: int) -> None:
    """Say how many posters are drawn."""
    await connection.execute(
        text("UPDATE place_import SET printed = :printed WHERE id = :id"),
        {"printed": printed, "id": import_id},
    )


async def keep_pdf(connection: AsyncConnection, import_id: int, part: int, content: bytes) -> None:
    """Keep a piece of the PDF."""
    await connection.execute(
        text(
            """
            INSERT INTO place_import_pdf (import_id, part, content)
            VALUES (:id, :part, :content)
            """
        ),
        {"id": import_id, "part": part, "content": content},
    )


async def finish(connection: AsyncConnection, import_id: int, state: State) -> None:
    """Say that the work on a list is over."""
    await connection.execute(
        text("UPDATE place_import SET state = :state, finished_at = now() WHERE id = :id"),
        {"id": import_id, "state": state},
    )


async def drop_pdf(connection: AsyncConnection, import_id: int) -> None:
    """Begin a PDF anew."""
    await connection.execute(
        text("DELETE FROM place_import_pdf WHERE import_id = :id"), {"id": import_id}
    )


async def forget(connection: AsyncConnection, before: datetime) -> int:
    """Drop lists and their PDFs that are older; the places stay. How many."""
    done = await connection.execute(
        text("DELETE FROM place_import WHERE created_at < :before"), {"before": before}
    )
    return done.rowcount


async def take_phones(
    connection: AsyncConnection, keyring: Keyring, import_id: int
) -> dict[int, str]:
    """The numbers by line; from here on they are not kept any more."""
    sealed = await connection.scalar(
        text("SELECT sealed FROM place_import WHERE id = :id FOR UPDATE"), {"id": import_id}
    )
    if sealed is None:
        return {}
    await connection.execute(
        text("UPDATE place_import SET sealed = NULL WHERE id = :id"), {"id": import_id}
    )
    plain = orjson.loads(keyring.unseal(sealed, about=sealed_about(import_id)))
    return {int(line): str(phone) for line, phone in plain.items()}
