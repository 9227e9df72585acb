"""Daily checks: who may commit what for which day, and what becomes of it."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.identity import sealed
from lachan.kit.clock import local_day, now
from lachan.kit.crypto import Keyring
from lachan.kit.errors import InvalidInput, NotFound
from lachan.kit.http.access import Viewer
from lachan.places.domain import is_printable, tidy
from lachan.safety.checks import errors, store
from lachan.safety.checks.domain import due_at, is_late, is_of_today
from lachan.safety.colours import service as colours
from lachan.safety.colours import store as colour_store
from lachan.safety.colours.domain import Colour, Commit, day_of
from lachan.safety.criteria import service as criteria_service
from lachan.safety.criteria.domain import CriteriaSet, look_at_answers
from lachan.settings import Settings

# Controls that a note may hold. Joiners and the like it may hold too: emoji are made of them, and a
# list that was made without network is not refused for one.
_LAYOUT: Final = frozenset("\r\n\t")


@dataclass(frozen=True, slots=True)
class Sent:
    """A commit as a phone sends it. `name`: who commits; None takes the name of the profile."""

    commit_id: UUID
    moment: str
    day: date
    made_at: datetime
    answers: Mapping[str, int]
    notes: Mapping[str, str]
    photos: Mapping[str, Sequence[UUID]]
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Committed:
    """A commit that was taken, now or when it was first sent (`again`), and where the place stands.

    `colour` and `standing` are as of now; outcome, score and maximum as of the commit.
    """

    check: store.Check
    criteria: CriteriaSet
    colour: Colour
    standing: colour_store.Standing
    again: bool


async def join(connection: AsyncConnection, place_id: int, today: date) -> bool:
    """Let a place take part in the safety map; False when it does already.

    For whoever runs the place, or officers of its area. Raises `NotFound`, or `NoCriteria` where no
    set is in force for such a place.
    """
    found = await store.kind_and_area(connection, place_id)
    if found is None:
        raise NotFound
    criteria = await criteria_service.set_for(connection, *found, today)
    return bool(await store.join(connection, place_id, criteria.id))


async def access_staffed(connection: AsyncConnection, viewer: Viewer, place_id: int) -> str:
    """The label by which the viewer runs a place now.

    Raises `StaffFormer` to who committed here before, `CheckForeign` to anybody else.
    """
    label = await store.staff_label(connection, place_id, viewer.person)
    if label is not None:
        return label
    if await store.has_committed(connection, place_id, viewer.person):
        raise errors.StaffFormer
    raise errors.CheckForeign


async def commit(
    connection: AsyncConnection,
    keyring: Keyring,
    settings: Settings,
    viewer: Viewer,
    place_id: int,
    sent: Sent,
) -> Committed:
    """Take a check of a moment, settle the place and tell the maps.

    Sending the same commit again changes nothing. Of two commits of a moment both are kept and the
    later one counts. Raises `CheckForeign`, `StaffFormer`, `NotJoined`, `BackDated`, `NoCriteria`,
    `ItemsUnknown`, `Incomplete`, `PhotoMissing`, `CommitTaken` or `InvalidInput`.
    """
    label = await access_staffed(connection, viewer, place_id)
    # Locked from here: two who commit at once come one after the other.
    standing = await colour_store.standing(connection, place_id, lock=True)
    if standing is None:
        raise errors.NotJoined
    kept = await store.find_commit(connection, sent.commit_id)
    if kept is not None:
        return await _again(connection, settings, viewer, place_id, kept)
    received = now()
    if not is_of_today(
        sent.day,
        sent.made_at,
        received,
        zone=settings.zone,
        offline_hours=settings.safety.offline_hours,
    ):
        raise errors.BackDated(params={"hours": settings.safety.offline_hours})
    criteria = await criteria_service.set_for(connection, standing.kind, standing.area, sent.day)
    check_answers(criteria, sent.moment, sent.answers, sent.notes)
    await _check_photos(connection, place_id, criteria, sent)
    name = _check_name(sent.name)
    late = is_late(sent.made_at, received, due_at(criteria, sent.moment, sent.day, settings.zone))
    earlier = await colour_store.commits(connection, place_id, sent.day)
    mine = Commit(sent.moment, sent.answers, late, received)
    day = day_of(criteria, [*earlier, mine])
    assert day is not None  # there is at least this commit
    made = await store.insert_check(
        connection,
        store.Check(
            id=0,
            commit_id=sent.commit_id,
            place_id=place_id,
            set_id=criteria.id,
            day=sent.day,
            moment=sent.moment,
            person_id=viewer.person,
            committed_as=await _sealed_name(connection, keyring, viewer, sent, name or None, label),
            made_at=sent.made_at,
            received_at=received,
            late=late,
            answers=sent.answers,
            notes={code: text for code, text in sent.notes.items() if text.strip()},
            score=day.verdict.score,
            maximum=day.verdict.maximum,
            outcome=day.verdict.outcome.code,
            replaced_by=None,
            replaces=None,
        ),
    )
    if made is None:
        raise errors.CommitTaken
    for code, photos in sent.photos.items():
        await store.attach_photos(connection, made.id, code, photos)
    settled = await colours.settle_known(connection, standing, [*earlier, mine], criteria, sent.day)
    return Committed(made, criteria, settled.as_of(sent.day), settled, again=False)


async def _again(
    connection: AsyncConnection,
    settings: Settings,
    viewer: Viewer,
    place_id: int,
    kept: store.Check,
) -> Committed:
    """The answer to a commit that was taken before. Raises `CommitTaken` when it was another's."""
    if kept.place_id != place_id or kept.person_id != viewer.person:
        raise errors.CommitTaken
    criteria = await criteria_service.set_by_id(connection, kept.set_id)
    standing = await colour_store.standing(connection, place_id)
    assert standing is not None  # the caller holds it locked
    today = local_day(now(), settings.zone)
    return Committed(kept, criteria, standing.as_of(today), standing, again=True)


def check_answers(
    criteria: CriteriaSet, moment: str, answers: Mapping[str, int], notes: Mapping[str, str]
) -> None:
    """Raises `ItemsUnknown`, `Incomplete` or `InvalidInput` (points or letters that cannot be)."""
    if moment != "day" and moment not in criteria.moments:
        raise errors.ItemsUnknown(fields={"moment": "safety-field-moment"})
    wrong = look_at_answers(criteria, moment, answers)
    asked = {item.code for item in criteria.items_of(moment)}
    unknown = [*wrong.unknown, *(code for code in notes if code not in asked)]
    if unknown:
        raise errors.ItemsUnknown(
            fields={f"answers.{code}": "safety-field-item-unknown" for code in unknown}
        )
    if wrong.missing:
        raise errors.Incomplete(
            fields={f"answers.{code}": "safety-field-unanswered" for code in wrong.missing},
            params={"count": len(wrong.missing)},
        )
    if wrong.impossible:
        raise InvalidInput(
            fields={f"answers.{code}": "safety-field-points" for code in wrong.impossible}
        )
    unprintable = [code for code, text in notes.items() if not is_plain(text)]
    if unprintable:
        raise InvalidInput(
            fields={f"notes.{code}": "places-field-unprintable" for code in unprintable}
        )


def is_plain(text: str) -> bool:
    """Whether a text, of several lines perhaps, is free of control characters."""
    return all(one in _LAYOUT or unicodedata.category(one) not in {"Cc", "Cs"} for one in text)


async def _check_photos(
    connection: AsyncConnection, place_id: int, criteria: CriteriaSet, sent: Sent
) -> None:
    """Raises `PhotoMissing` or `ItemsUnknown`."""
    items = {item.code: item for item in criteria.items_of(sent.moment)}
    unknown = [code for code in sent.photos if code not in items]
    if unknown:
        raise errors.ItemsUnknown(
            fields={f"photos.{code}": "safety-field-item-unknown" for code in unknown}
        )
    named = [photo for photos in sent.photos.values() for photo in photos]
    free = await store.free_photos(connection, place_id, named) if named else set()
    # A photo given to two items is one of them's alone.
    if len(set(named)) != len(named) or free != set(named):
        raise errors.PhotoMissing(fields={"photos": "safety-field-photo-gone"})
    missing = [
        code
        for code, item in items.items()
        if item.evidence == "photo" and sent.answers[code] > 0 and not sent.photos.get(code)
    ]
    if missing:
        raise errors.PhotoMissing(
            fields={f"photos.{code}": "safety-field-photo-needed" for code in missing}
        )


def _check_name(typed: str | None) -> str:
    """Raises `InvalidInput`."""
    name = tidy(typed or "")
    if not is_printable(name):
        raise InvalidInput(fields={"name": "places-field-unprintable"})
    return name


async def _sealed_name(
    connection: AsyncConnection,
    keyring: Keyring,
    viewer: Viewer,
    sent: Sent,
    name: str | None,
    label: str,
) -> bytes | None:
    """Who commits, sealed: as given, else by the profile, else by the owner's label."""
    if name is None:
        known = await sealed.read(connection, keyring, viewer.person)
        name = known.name if known and known.name else label
    return keyring.seal(name.encode(), about=_about(sent.commit_id)) if name else None


def _about(commit_id: UUID) -> str:
    return f"daily_check:{commit_id}"


def name_of(keyring: Keyring, check: store.Check) -> str | None:
    """Who committed, for those who run the place and its inspectors."""
    if check.committed_as is None:
        return None
    return keyring.unseal(check.committed_as, about=_about(check.commit_id)).decode()
