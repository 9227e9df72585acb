"""Rules of warning people, without a clock or a database."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from lachan.diseases.rules import MessageKind, Rule
from lachan.tracing.domain import Contact


@dataclass(frozen=True, slots=True)
class Breaker:
    """Beyond these an officer cannot approve a draft of their own.

    A warning to a whole town is either right, and then a second look costs a minute, or a slip.
    `share_floor` keeps the share from biting where few people are registered at all.
    """

    most_recipients: int
    most_share_percent: int
    share_floor: int
    most_an_hour: int
    most_warnings_an_hour: int


def needs_second_officer(recipients: int, residents: int, breaker: Breaker) -> bool:
    """Whether `recipients` of the `residents` registered in the area are too many for one officer.

    People of a drill count in neither number.
    """
    if recipients > breaker.most_recipients:
        return True
    share = breaker.most_share_percent * residents
    return recipients > breaker.share_floor and 100 * recipients > share


@dataclass(frozen=True, slots=True)
class Doubt:
    """When people say of a warning that it is wrong, before most of them have seen it."""

    first_seen: int
    least: int
    share_percent: int


def is_rush(warnings: int, warned: int, recipients: int, breaker: Breaker) -> bool:
    """Whether one more warning is too much for an hour in which so much was approved already.

    A mistake repeated over many cases stays below the limit of each single warning.
    """
    return warnings >= breaker.most_warnings_an_hour or warned + recipients > breaker.most_an_hour


def is_doubtful(seen: int, disputed: int, doubt: Doubt) -> bool:
    """Whether so many disputes among the first who saw a warning stop the rest of it."""
    return disputed >= doubt.least and 100 * disputed > doubt.share_percent * seen


def checked_levels(levels: Sequence[int]) -> list[int]:
    """Levels once each, nearest first."""
    return sorted(set(levels))


@dataclass(frozen=True, slots=True)
class Told:
    """The facts of one message, from which its sentences are made in any language.

    `minutes` is the time spent together; `others` counts further exposures of the same person.
    A household has no place: its reason says it all. `name` is whom it is about when that is not
    the reader but somebody the reader answers for; empty when the name is not known.
    """

    disease: str
    level: int
    place: str | None
    room: str | None
    window_from: datetime
    window_to: datetime
    minutes: int
    reason: str
    others: int
    note: str
    advice_version: str
    kind: str = "watch"
    name: str | None = None


def recipients_of(
    contacts: Iterable[Contact], rule: Rule, place_kinds: Mapping[int, str], levels: Collection[int]
) -> dict[int, MessageKind]:
    """Whom a version would warn among the contacts of a trace, and with which class.

    The same as `store.told` says in SQL of the contacts that were written; a test holds the two
    together. `place_kinds` is the kind of each place; one that is gone counts unless only some do.
    """
    found: dict[int, MessageKind] = {}
    for contact in contacts:
        if contact.level not in levels:
            continue
        told = [
            one
            for one in contact.exposures
            if (
                rule.counts(place_kinds[one.place_id])
                if one.place_id in place_kinds
                else rule.mode != "only"
            )
        ]
        if told:
            longest = max(told, key=lambda one: (one.minutes, -one.started_at.timestamp()))
            minutes, reason = longest.minutes, longest.kind.value
        elif contact.household or not contact.exposures:
            minutes, reason = contact.minutes, "household"
        else:
            continue
        found[contact.person_id] = rule.kind_of(contact.level, minutes, reason)
    return found


def is_under(area: str, roots: Sequence[str]) -> bool:
    """Whether `area` is one of `roots` or below one of them."""
    return any(area == root or area.startswith(f"{root}.") for root in roots)
