"""The only module that reads and writes `identity_sealed`: who a person number is."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.kit.crypto import Keyring

PHONE_INDEX = "phone"
DOCUMENT_INDEX = "document"
DOCUMENT_CHECK = "document-check"

_READ = text("SELECT sealed FROM identity_sealed WHERE person_id = :person")
_READ_OWN = text(
    "SELECT person_id, sealed FROM identity_sealed "
    "WHERE person_id = ANY ((SELECT lachan_own_people())::bigint[]) ORDER BY person_id"
)
_INSERT = text(
    "INSERT INTO identity_sealed (person_id, sealed, phone_index) VALUES (:person, :sealed, :index)"
)
_UPDATE = text(
    "UPDATE identity_sealed SET sealed = :sealed, updated_at = now() WHERE person_id = :person"
)
_NEW_PEOPLE = text(
    "INSERT INTO person (home_area) SELECT CAST(:area AS text) FROM generate_series(1, :people) "
    "RETURNING id"
)
_INSERT_WALK_INS = text(
    """
    INSERT INTO identity_sealed (person_id, sealed, document_index, document_check)
    SELECT * FROM unnest(CAST(:people AS bigint[]), CAST(:sealed AS bytea[]),
                         CAST(:indexes AS bytea[]), CAST(:checks AS bytea[]))
    """
)
# Two doors that meet the same document for the first time at once must not make two people.
_LOCK_DOCUMENTS = text(
    """
    SELECT pg_advisory_xact_lock(k) FROM (
      SELECT DISTINCT hashtextextended(encode(i, 'hex'), 11) AS k
      FROM unnest(CAST(:indexes AS bytea[])) AS i ORDER BY k) AS ordered
    """
)
_KEPT_BY = text("SELECT person_id, sealed FROM lachan_kept_by(:person)")
_FIND = text("SELECT lachan_person_by_phone(:index)")
# Two phones signing in for the first time at once must not make two people.
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(encode(:index, 'hex'), 7))")

# The same locks, of many numbers.
_LOCK_MANY = text(
    """
    SELECT pg_advisory_xact_lock(k) FROM (
      SELECT DISTINCT hashtextextended(encode(i, 'hex'), 7) AS k
      FROM unnest(CAST(:indexes AS bytea[])) AS i ORDER BY k) AS ordered
    """
)
_FIND_MANY = text(
    """
    SELECT lachan_person_by_phone(u.i) AS person_id
    FROM unnest(CAST(:indexes AS bytea[])) WITH ORDINALITY AS u (i, n) ORDER BY u.n
    """
)
_INSERT_PHONES = text(
    """
    INSERT INTO identity_sealed (person_id, sealed, phone_index)
    SELECT * FROM unnest(CAST(:people AS bigint[]), CAST(:sealed AS bytea[]),
                         CAST(:indexes AS bytea[]))
    """
)


@dataclass(frozen=True, slots=True)
class IdentityData:
    """What is known of a person; every part may be missing.

    `phone` may be a relative's, at which somebody without a phone can be reached: only a number
    that its owner proved is in the blind index and signs in. `address` stands on the document.
    """

    phone: str | None = None
    name: str | None = None
    birth_year: int | None = None
    relation: str | None = None
    document: str | None = None
    address: str | None = None

    def __repr__(self) -> str:
        # Sealed data must not reach a log through a traceback.
        return "IdentityData(…)"


@dataclass(frozen=True, slots=True)
class Papers:
    """The blind indexes of a document: of its number, and of number and birth together."""

    index: bytes
    check: bytes


@dataclass(frozen=True, slots=True)
class WalkIn:
    """Somebody without a phone who is to be enrolled, by a document or (None) by a card alone."""

    data: IdentityData
    papers: Papers | None


def _about(person_id: int) -> str:
    return f"identity_sealed:{person_id}"


def phone_index(keyring: Keyring, phone: str) -> bytes:
    """The blind index of an E.164 number."""
    return keyring.blind_index(PHONE_INDEX, phone)


def papers_of(keyring: Keyring, number: str, born: str) -> Papers:
    """The blind indexes of a document whose owner was `born` (`YYYY-MM-DD`, or `YYYY`)."""
    return Papers(
        keyring.blind_index(DOCUMENT_INDEX, number),
        keyring.blind_index(DOCUMENT_CHECK, f"{number}|{born}"),
    )


def _seal(keyring: Keyring, person_id: int, data: IdentityData) -> bytes:
    known = {key: value for key, value in asdict(data).items() if value is not None}
    return keyring.seal(orjson.dumps(known), about=_about(person_id))


def _open(keyring: Keyring, person_id: int, sealed: bytes) -> IdentityData:
    return IdentityData(**orjson.loads(keyring.unseal(sealed, about=_about(person_id))))


def opened(keyring: Keyring, person_id: int, sealed: bytes) -> IdentityData:
    """An identity that the database handed out for one purpose. Raises `SealBroken`."""
    return _open(keyring, person_id, sealed)


async def find_person(connection: AsyncConnection, keyring: Keyring, phone: str) -> int | None:
    """The person with this E.164 number, by blind index."""
    found: int | None = await connection.scalar(_FIND, {"index": phone_index(keyring, phone)})
    return found


async def lock_phone(connection: AsyncConnection, keyring: Keyring, phone: str) -> None:
    """Hold the right to enrol this number until the transaction ends."""
    await connection.execute(_LOCK, {"index": phone_index(keyring, phone)})


async def write(
    connection: AsyncConnection, keyring: Keyring, person_id: int, data: IdentityData
) -> None:
    """Seal the identity of a new person."""
    await connection.execute(
        _INSERT,
        {
            "person": person_id,
            "sealed": _seal(keyring, person_id, data),
            "index": phone_index(keyring, data.phone) if data.phone else None,
        },
    )


async def find_people(
    connection: AsyncConnection, keyring: Keyring, phones: Sequence[str]
) -> dict[str, int]:
    """The people with these E.164 numbers, in one statement; numbers of nobody are left out."""
    rows = await connection.execute(
        _FIND_MANY, {"indexes": [phone_index(keyring, phone) for phone in phones]}
    )
    return {
        phone: row.person_id
        for phone, row in zip(phones, rows, strict=True)
        if row.person_id is not None
    }


async def enrol_phones(
    connection: AsyncConnection, keyring: Keyring, people: Sequence[IdentityData]
) -> list[int]:
    """Make people by their numbers, none of which is known yet; their ids, in order.

    Hold `lock_phones` on all of them, and look again under it.
    """
    rows = await connection.execute(_NEW_PEOPLE, {"area": None, "people": len(people)})
    made = [row.id for row in rows]
    await connection.execute(
        _INSERT_PHONES,
        {
            "people": made,
            "sealed": [_seal(keyring, one, data) for one, data in zip(made, people, strict=True)],
            "indexes": [data.phone and phone_index(keyring, data.phone) for data in people],
        },
    )
    return made


async def lock_phones(connection: AsyncConnection, keyring: Keyring, phones: Sequence[str]) -> None:
    """Hold the right to enrol these numbers until the transaction ends; in one order everywhere."""
    await connection.execute(
        _LOCK_MANY, {"indexes": [phone_index(keyring, phone) for phone in phones]}
    )


async def lock_documents(connection: AsyncConnection, papers: Sequence[Papers]) -> None:
    """Hold the right to enrol these documents until the transaction ends."""
    await connection.execute(_LOCK_DOCUMENTS, {"indexes": [one.check for one in papers]})


async def enrol_walk_ins(
    connection: AsyncConnection,
    keyring: Keyring,
    people: Sequence[WalkIn],
    *,
    home_area: str | None = None,
) -> list[int]:
    """Make people who have no phone, in two statements however many; their ids, in order."""
    rows = await connection.execute(_NEW_PEOPLE, {"area": home_area, "people": len(people)})
    made = [row.id for row in rows]
    await connection.execute(
        _INSERT_WALK_INS,
        {
            "people": made,
            "sealed": [
                _seal(keyring, person, one.data) for person, one in zip(made, people, strict=True)
            ],
            "indexes": [one.papers and one.papers.index for one in people],
            "checks": [one.papers and one.papers.check for one in people],
        },
    )
    return made


async def read(
    connection: AsyncConnection, keyring: Keyring, person_id: int
) -> IdentityData | None:
    """The identity of a person, None where row security (or nothing there) hides it."""
    sealed: bytes | None = await connection.scalar(_READ, {"person": person_id})
    return None if sealed is None else _open(keyring, person_id, sealed)


async def read_own(connection: AsyncConnection, keyring: Keyring) -> dict[int, IdentityData]:
    """The asking resident's identity and those of household members without a phone."""
    rows = await connection.execute(_READ_OWN)
    return {row.person_id: _open(keyring, row.person_id, row.sealed) for row in rows}


async def read_kept_by(
    connection: AsyncConnection, keyring: Keyring, person_id: int
) -> dict[int, IdentityData]:
    """Who answers for somebody without a phone, by person; nobody for anybody else.

    Told to a tracer whose case or contact that somebody is, and to nobody else.
    """
    rows = await connection.execute(_KEPT_BY, {"person": person_id})
    return {row.person_id: _open(keyring, row.person_id, row.sealed) for row in rows}


async def change(
    connection: AsyncConnection, keyring: Keyring, person_id: int, **changes: str | int | None
) -> IdentityData | None:
    """Seal a person's identity anew with some parts changed; the phone stays what it is."""
    known = await read(connection, keyring, person_id)
    if known is None:
        return None
    changed = replace(known, **changes)  # type: ignore[arg-type] # names are checked by replace
    await connection.execute(
        _UPDATE, {"person": person_id, "sealed": _seal(keyring, person_id, changed)}
    )
    return changed
