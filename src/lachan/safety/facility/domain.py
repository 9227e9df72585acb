"""A day at a place as those who run it see it: tasks, and the days behind. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal

from lachan.safety.checks.store import Check
from lachan.safety.colours.domain import Colour, Ended
from lachan.safety.criteria.domain import CriteriaSet, Item

HISTORY_DAYS: Final = 30
TaskState = Literal["todo", "overdue", "done", "late"]
DayState = Literal["reported", "late", "forgotten", "closed", "before", "open"]


@dataclass(frozen=True, slots=True)
class Task:
    """A moment of the day: what it asks, until when, and the commit that counts for it."""

    moment: str
    items: tuple[Item, ...]
    due: datetime | None
    done: Check | None
    state: TaskState


def tasks_of(
    criteria: CriteriaSet,
    checks: Sequence[Check],
    due: Callable[[str], datetime | None],
    at: datetime,
) -> tuple[Task, ...]:
    """The moments of a day in order; the last commit of a moment, or of the whole day, counts."""
    found = []
    for moment in criteria.moments:
        done = next((one for one in reversed(checks) if one.moment in (moment, "day")), None)
        until = due(moment)
        state: TaskState
        if done is not None:
            state = "late" if done.late else "done"
        else:
            state = "overdue" if until is not None and at > until else "todo"
        found.append(Task(moment, criteria.items_of(moment), until, done, state))
    return tuple(found)


def as_yesterday(criteria: CriteriaSet, moment: str, checks: Sequence[Check]) -> Mapping[str, int]:
    """What may be answered as on the day before: never what is compulsory, or wants a photo.

    Only by the same version of the set: another may mean something else by the same code.
    """
    last = next(
        (one for one in reversed(checks) if one.moment in (moment, "day")),
        None,
    )
    if last is None or last.set_id != criteria.id:
        return {}
    return {
        item.code: last.answers[item.code]
        for item in criteria.items_of(moment)
        if not item.compulsory and item.evidence != "photo" and item.code in last.answers
    }


@dataclass(frozen=True, slots=True)
class PastDay:
    """How a day ended; `colour` None where nothing is known of it."""

    day: date
    colour: Colour | None
    state: DayState


def past_days(
    written: Mapping[date, Ended],
    *,
    today: date,
    joined: date,
    is_open: Callable[[date], bool],
) -> tuple[PastDay, ...]:
    """The last days, the newest first. A day that was open and has no report was forgotten."""
    found = []
    for back in range(HISTORY_DAYS):
        day = today - timedelta(days=back)
        ended = written.get(day)
        found.append(
            PastDay(
                day,
                ended.colour if ended else None,
                _state(day, ended, today=today, joined=joined, is_open=is_open),
            )
        )
    return tuple(found)


def _state(
    day: date,
    ended: Ended | None,
    *,
    today: date,
    joined: date,
    is_open: Callable[[date], bool],
) -> DayState:
    if ended is not None and ended.reported:
        return "late" if ended.late else "reported"
    if day < joined:
        return "before"
    if not is_open(day):
        return "closed"
    return "open" if day == today else "forgotten"
