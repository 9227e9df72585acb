"""The engine against an oracle that was written apart from it, on any set and any answers."""

from collections.abc import Mapping
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from lachan.safety.criteria.contradictions import check_set
from lachan.safety.criteria.domain import CriteriaSet, exact, judge, least_score, look_at_answers
from lachan.safety.criteria.rules import rules_from, rules_to
from tests.unit.safety.criteria.sets import any_set, item, set_and_answers, simple


def oracle(written: Mapping[str, Any], items: list[dict[str, Any]]) -> str:
    """The outcome by the rules as they are written, one item after another.

    `items` hold code, points, graded, compulsory and what was answered.
    """
    for one in written["classes"]:
        if enough(written["measure"], one, items) and all(row_fits(one, row) for row in items):
            return str(one["code"])
    raise AssertionError("the last class takes everything")


def enough(measure: str, one: Mapping[str, Any], items: list[dict[str, Any]]) -> bool:
    if "at_least" not in one:
        return True
    got = most = met = 0
    for row in items:
        got += row["answer"]
        most += row["points"]
        met += row["answer"] >= (1 if row["graded"] else row["points"])
    if measure == "count":
        return bool(met >= one["at_least"])
    # got / most >= at_least, multiplied out so that nothing is rounded.
    top, bottom = exact(one["at_least"]).as_integer_ratio()
    return bool(got * bottom >= top * most)


def row_fits(one: Mapping[str, Any], row: dict[str, Any]) -> bool:
    full = row["answer"] == row["points"]
    if one.get("no_zero") and row["answer"] == 0:
        return False
    if one.get("compulsory") and row["compulsory"] and not full:
        return False
    if row["code"] in one.get("all_met", []) and not full:
        return False
    return bool(row["answer"] >= one.get("all_at_least", {}).get(row["code"], 0))


@given(set_and_answers())
def test_the_engine_says_what_the_oracle_says(found: tuple[CriteriaSet, dict[str, int]]) -> None:
    criteria, answers = found
    written = rules_to(criteria.rules)
    # What is written in decimals is what counts; thirds do not survive it, and need not.
    criteria = simple(items=criteria.items, rules=rules_from(written))
    rows = [
        {
            "code": one.code,
            "points": one.points,
            "graded": one.graded,
            "compulsory": one.compulsory,
            "answer": answers.get(one.code, 0),
        }
        for one in criteria.items
    ]
    verdict = judge(criteria, answers)
    assert verdict.outcome.code == oracle(written, rows)
    assert verdict.colour == verdict.outcome.colour
    assert 0 <= verdict.score <= verdict.maximum
    assert verdict.reasons


@given(set_and_answers(), st.data())
def test_a_better_answer_never_makes_a_worse_class(
    found: tuple[CriteriaSet, dict[str, int]], data: st.DataObject
) -> None:
    criteria, answers = found
    order = [one.code for one in criteria.rules.classes]
    better = dict(answers)
    one = data.draw(st.sampled_from(criteria.items))
    better[one.code] = one.points
    before = order.index(judge(criteria, answers).outcome.code)
    assert order.index(judge(criteria, better).outcome.code) <= before


@given(set_and_answers())
def test_the_day_so_far_is_never_worse_than_the_day_when_it_ends(
    found: tuple[CriteriaSet, dict[str, int]],
) -> None:
    criteria, answers = found
    order = [one.code for one in criteria.rules.classes]
    ended = order.index(judge(criteria, answers).outcome.code)
    for reported in ((), ("before",), ("before", "during")):
        so_far = judge(criteria, answers, reported=reported)
        assert order.index(so_far.outcome.code) <= ended
        assert so_far.of == sum(one.moment in reported for one in criteria.items)
    whole = judge(criteria, answers, reported=criteria.moments)
    assert (whole.outcome, whole.score) == (judge(criteria, answers).outcome, whole.score)


@given(any_set())
def test_rules_read_back_as_they_were_written(criteria: CriteriaSet) -> None:
    written = rules_to(criteria.rules)
    assert rules_to(rules_from(written)) == written


@given(set_and_answers())
def test_every_class_of_a_set_without_contradiction_can_be_refused_or_reached(
    found: tuple[CriteriaSet, dict[str, int]],
) -> None:
    criteria, _ = found
    if check_set(criteria):
        return
    best = {one.code: one.points for one in criteria.items}
    assert judge(criteria, best).outcome is criteria.rules.classes[0]


def test_a_share_is_compared_without_binary_fractions() -> None:
    # 0.1 * 30 is 3 and a little more in floats; three of thirty points must be enough.
    assert least_score("share", exact(0.1), 30) == 3
    assert least_score("share", exact(0.75), 150) == 113
    assert least_score("count", exact(8), 10) == 8


def test_answers_are_looked_at_by_moment() -> None:
    criteria = simple(items=(item("1"), item("2", moment="after"), item("3", points=4)))
    found = look_at_answers(criteria, "before", {"1": 1, "2": 1, "9": 0, "3": 2})
    assert (found.unknown, found.missing, found.impossible) == (("2", "9"), (), ("3",))
    assert look_at_answers(criteria, "day", {"1": 1}).missing == ("2", "3")
    assert not look_at_answers(criteria, "day", {"1": 1, "2": 0, "3": 4})
