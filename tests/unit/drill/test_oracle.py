"""The drill's own judge, held to cases small enough to reckon by hand."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from lachan.drill.oracle import Numbers, Visit, contacts, infectious_window

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
DAY = datetime(2026, 11, 20, tzinfo=ZONE)
NUMBERS = Numbers(
    same_room=15,
    same_place=30,
    lingering={(1, None): 30, (1, 1): 60, (1, 2): 60, (2, None): 0},
    zone=ZONE,
)
WINDOW = (DAY - timedelta(days=2), DAY + timedelta(days=11))


def at(clock: str, day: int = 0) -> datetime:
    hours, minutes = clock.split(":")
    return DAY + timedelta(days=day, hours=int(hours), minutes=int(minutes))


def visit(
    person: int, came: str, left: str, *, place: int = 1, room: int | None = None, day: int = 0
) -> Visit:
    return Visit(person, place, room, at(came, day), at(left, day))


def found(*visits: Visit, homes: dict[int, int] | None = None, levels: int = 2) -> dict[int, int]:
    present = DAY + timedelta(days=5)
    return contacts(visits, homes or {}, 1, WINDOW, NUMBERS, levels, present)


def test_enough_minutes_at_a_place_and_one_too_few() -> None:
    case = visit(1, "08:00", "10:00", place=2)
    assert found(case, visit(2, "09:30", "11:00", place=2)) == {2: 1}
    assert found(case, visit(2, "09:31", "11:00", place=2)) == {}


def test_a_known_room_needs_fewer_minutes() -> None:
    case = visit(1, "08:00", "09:00", room=1)
    assert found(case, visit(2, "08:45", "09:00", room=1)) == {2: 1}
    assert found(case, visit(2, "08:46", "09:00", room=1)) == {}
    assert found(case, visit(2, "08:15", "09:00", room=2)) == {}
    assert found(case, visit(2, "08:45", "09:00")) == {}
    assert found(case, visit(2, "08:30", "09:00")) == {2: 1}


def test_air_lingers_for_who_comes_after_not_for_who_stays_on() -> None:
    case = visit(1, "08:00", "09:00", room=1)
    assert found(case, visit(2, "09:45", "11:00", room=1)) == {2: 1}
    assert found(case, visit(2, "09:46", "11:00", room=1)) == {}
    assert found(case, visit(2, "08:50", "11:00", room=1)) == {}
    assert found(case, visit(2, "09:00", "11:00")) == {2: 1}
    assert found(case, visit(2, "09:01", "11:00")) == {}


def test_a_day_is_added_up_and_two_days_are_not() -> None:
    case = (visit(1, "08:00", "09:00", place=2), visit(1, "08:00", "09:00", place=2, day=1))
    twice = (visit(2, "08:00", "08:15", place=2), visit(2, "08:30", "08:45", place=2))
    assert found(*case, *twice) == {2: 1}
    split = (visit(2, "08:00", "08:15", place=2), visit(2, "08:00", "08:15", place=2, day=1))
    assert found(*case, *split) == {}


def test_only_what_came_after_the_own_exposure_counts_for_the_next_level() -> None:
    case = visit(1, "12:00", "13:00", place=2)
    met = visit(2, "12:00", "13:00", place=2)
    before = (visit(2, "08:00", "09:00"), visit(3, "08:00", "09:00"))
    after = (visit(2, "14:00", "15:00"), visit(4, "14:00", "15:00"))
    assert found(case, met, *before, *after) == {2: 1, 4: 2}
    assert found(case, met, *after, levels=1) == {2: 1}


def test_who_lives_together_has_met() -> None:
    assert found(visit(1, "08:00", "09:00"), homes={1: 7, 2: 7, 3: 8}) == {2: 1}
    chain = found(
        visit(1, "08:00", "09:00", place=2),
        visit(2, "08:00", "09:00", place=2),
        homes={2: 9, 3: 9},
    )
    assert chain == {2: 1, 3: 2}


def test_outside_the_infectious_window_nobody_is_met() -> None:
    early = visit(1, "08:00", "10:00", place=2, day=-3)
    assert found(early, visit(2, "08:00", "10:00", place=2, day=-3)) == {}


def test_the_window_is_whole_local_days() -> None:
    begins, ends = infectious_window(date(2026, 11, 20), -2, 10, ZONE)
    assert begins == datetime(2026, 11, 18, tzinfo=ZONE)
    assert ends == datetime(2026, 12, 1, tzinfo=ZONE)
