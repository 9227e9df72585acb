"""The share of visitors that scan, and what it must not tell."""

from datetime import date

from lachan.visits.attendance.domain import WHOLE_DAY, Arrivals, Counted, quality_of

DAY, NEXT = date(2026, 3, 2), date(2026, 3, 3)


def test_scans_against_heads() -> None:
    arrivals = [Arrivals(DAY, 8, 30), Arrivals(DAY, 9, 12), Arrivals(DAY, WHOLE_DAY, 42)]
    assert quality_of(arrivals, [Counted(DAY, 8, 40)]).share == 0.75
    assert quality_of(arrivals, [Counted(DAY, 8, 40), Counted(DAY, WHOLE_DAY, 84)]).share == 0.5
    assert quality_of(arrivals, [Counted(DAY, 8, 10)]).share == 1.0
    assert quality_of(arrivals, []).share is None
    assert quality_of(arrivals, [Counted(DAY, 8, 4)]).share is None


def test_a_number_under_five_is_not_told_by_a_share() -> None:
    arrivals = [Arrivals(DAY, 8, None)]
    assert quality_of(arrivals, [Counted(DAY, 8, 10)]).share == 0.0
    assert quality_of([], [Counted(NEXT, 8, 10)]).share == 0.0
