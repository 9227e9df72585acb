"""A set that contradicts itself is refused, and told where."""

from fractions import Fraction

import pytest

from lachan.safety.criteria.contradictions import check_set
from lachan.safety.criteria.domain import CriteriaSet, Outcome, Rules
from lachan.safety.criteria.rules import RulesUnreadable, rules_from
from tests.unit.safety.criteria.sets import item, outcome, simple


def ruled(*classes: Outcome, measure: str = "count", **more: object) -> CriteriaSet:
    """The simple set with other classes; every class but the last may open."""
    may_open = tuple(one.code for one in classes[:-1])
    return simple(
        rules=Rules(measure, classes, may_open),  # type: ignore[arg-type]
        repair_hours=None,
        **more,
    )


GOOD = outcome("good", "green", at_least=Fraction(8))
BAD = outcome("bad", "red")


@pytest.mark.parametrize(
    ("criteria", "code", "where"),
    [
        (simple(title={"en": "Name"}), "title-empty", ""),
        (simple(kinds=()), "kinds-none", ""),
        (simple(kinds=("school", "moon")), "kind-unknown", "moon"),
        (simple(source=" "), "source-empty", ""),
        (simple(repair_hours=None), "repair-without-hours", "fair"),
        (simple(repair_hours=-1), "repair-hours", ""),
        (simple(items=()), "items-none", ""),
        (simple(items=(item("1"), item("1"))), "item-twice", "1"),
        (simple(items=(item(""),)), "item-code", ""),
        (simple(items=(item("1", wording={"vi": " ", "en": "x"}),)), "wording-empty", "1"),
        (simple(items=(item("1", wording={"vi": "x" * 601}),)), "wording-long", "1"),
        (simple(items=(item("1", moment="night"),)), "moment-unknown", "1"),
        (simple(items=(item("1", evidence="video"),)), "evidence-unknown", "1"),
        (simple(items=(item("1", points=0),)), "points-range", "1"),
        (simple(items=(item("1", points=101),)), "points-range", "1"),
        (simple(items=(item("1", graded=True),)), "graded-one-point", "1"),
        (simple(items=(item("1", points=3),)), "points-not-counted", "1"),
        (ruled(GOOD, outcome("low", "yellow", at_least=Fraction(1))), "class-last", ""),
        (ruled(GOOD, outcome("good", "red")), "class-twice", "good"),
        (ruled(outcome("good", "red", at_least=Fraction(8)), outcome("bad", "green")),
         "class-colours", "bad"),
        (ruled(GOOD, outcome("low", "yellow", at_least=Fraction(9)), BAD), "class-order", "low"),
        (ruled(GOOD, outcome("low", "yellow", at_least=Fraction(8)), BAD),
         "class-unreachable", "low"),
        (ruled(GOOD, outcome("low", "yellow", at_least=Fraction(8), all_met=("1",)), BAD),
         "class-unreachable", "low"),
        (ruled(outcome("all", "green"), BAD), "class-unreachable", "bad"),
        (ruled(outcome("good", "green", no_zero=True),
               outcome("low", "yellow", all_met=tuple(map(str, range(1, 11)))), BAD),
         "class-unreachable", "low"),
        (ruled(outcome("good", "green", at_least=Fraction(8), title={"vi": ""}), BAD),
         "class-title-empty", "good"),
        (ruled(outcome("good", "green", at_least=Fraction(11)), BAD),
         "class-threshold-high", "good"),
        (ruled(outcome("good", "green", at_least=Fraction(75)), BAD, measure="share"),
         "class-threshold-high", "good"),
        (ruled(outcome("good", "green", at_least=Fraction(0)), BAD),
         "class-threshold-low", "good"),
        (ruled(outcome("good", "green", all_met=("99",)), BAD), "class-item-unknown", "good: 99"),
        (ruled(outcome("good", "green", all_at_least={"1": 2}), BAD),
         "class-item-points", "good: 1"),
        (ruled(outcome("good", "green", compulsory=True), BAD), "class-compulsory-none", "good"),
        (simple(rules=Rules("count", (GOOD, BAD), ("good", "best"))), "open-unknown", "best"),
        (simple(rules=Rules("count", (GOOD, BAD), ())), "open-best", "good"),
        (simple(rules=Rules("count", (GOOD, BAD), ("bad",))), "open-worse", "bad"),
        (simple(rules=Rules("count", (GOOD, BAD), ("good",))), "hours-without-repair", ""),
        (simple(rules=Rules("count", (GOOD, BAD), ("good",), {"after": "18:00"})),
         "due-without-items", "after"),
    ],
)  # fmt: skip
def test_what_contradicts_is_found_and_told_where(
    criteria: CriteriaSet, code: str, where: str
) -> None:
    assert (code, where) in [(one.code, one.where) for one in check_set(criteria)]


def test_times_of_a_day_come_one_after_the_other() -> None:
    items = (item("1"), item("2", moment="during"))
    due = {"before": "14:00", "during": "07:00"}
    found = check_set(
        simple(items=items, rules=Rules("share", (outcome("a", "red"),), ("a",), due))
    )
    assert [one.code for one in found if one.code.startswith("due")] == ["due-order"]


def test_a_sound_set_is_let_through() -> None:
    assert check_set(simple()) == []


@pytest.mark.parametrize(
    "written",
    [
        {},
        {"measure": "votes", "classes": []},
        {"measure": "count", "classes": {}},
        {"measure": "count", "classes": [1]},
        {"measure": "count", "classes": [], "more": 1},
        {"measure": "count", "classes": [{"code": "Big", "colour": "red", "title": {}}]},
        {"measure": "count", "classes": [{"code": "a", "colour": "blue", "title": {}}]},
        {"measure": "count", "classes": [{"code": "a", "colour": "red", "title": "x"}]},
        {"measure": "count", "classes": [{"code": "a", "colour": "red", "title": {"fr": "x"}}]},
        {"measure": "count", "classes": [], "due": {"before": "7 giờ"}},
        {"measure": "count", "classes": [], "due": {"night": "07:00"}},
        {"measure": "count", "classes": [], "may_open": "good"},
        *(
            {"measure": "count", "classes": [{"code": "a", "colour": "red", "title": {}} | extra]}
            for extra in (
                {"at_least": "8"},
                {"at_least": True},
                {"at_least": float("nan")},
                {"at_least": float("inf")},
                {"no_zero": 1},
                {"all_met": [1]},
                {"all_at_least": {"1": 1.5}},
                {"at_leats": 8},
            )
        ),
    ],
)
def test_rules_of_another_shape_are_not_read(written: dict[str, object]) -> None:
    with pytest.raises(RulesUnreadable):
        rules_from(written)
