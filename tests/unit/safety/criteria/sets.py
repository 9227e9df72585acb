"""Sets of criteria for tests, and hypothesis strategies that make any."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

from hypothesis import strategies as st

from lachan.safety.criteria.domain import CriteriaSet, Item, Measure, Outcome, Rules

TITLE = {"vi": "Tên", "en": "Name"}


def item(code: str, **more: object) -> Item:
    return replace(
        Item(code, 1, TITLE, "before", {"vi": "Câu", "en": "Sentence"}),
        **more,  # type: ignore[arg-type]
    )


def outcome(code: str, colour: str, **more: object) -> Outcome:
    return replace(Outcome(code, colour, TITLE), **more)  # type: ignore[arg-type]


def simple(**more: object) -> CriteriaSet:
    """Ten items that are counted: 8 is good, 6 is fair."""
    return replace(
        CriteriaSet(
            id=0,
            code="simple",
            version="1",
            title=TITLE,
            kinds=("school",),
            area="VN",
            items=tuple(item(str(number)) for number in range(1, 11)),
            rules=Rules(
                "count",
                (
                    outcome("good", "green", at_least=Fraction(8)),
                    outcome("fair", "yellow", at_least=Fraction(6), repair=True),
                    outcome("bad", "red"),
                ),
                ("good", "fair"),
            ),
            repair_hours=48,
            source="nguồn",
            verified=False,
            valid_from=date(2021, 1, 1),
        ),
        **more,  # type: ignore[arg-type]
    )


@st.composite
def any_set(draw: st.DrawFn) -> CriteriaSet:
    """Any set of the shape that the engine reads, contradicting itself or not."""
    measure: Measure = draw(st.sampled_from(["share", "count"]))
    items = tuple(
        item(
            f"{number}",
            moment=draw(st.sampled_from(["before", "during", "after"])),
            points=points,
            graded=points > 1 and draw(st.booleans()),
            compulsory=draw(st.booleans()),
        )
        for number, points in enumerate(
            draw(st.lists(st.integers(1, 5), min_size=1, max_size=12)), 1
        )
    )
    codes = [one.code for one in items]
    threshold = (
        st.fractions(0, 1, max_denominator=20)
        if measure == "share"
        else st.integers(0, len(items)).map(Fraction)
    )
    classes = [
        outcome(
            f"c{place}",
            draw(st.sampled_from(["green", "yellow", "red"])),
            at_least=draw(st.none() | threshold),
            no_zero=draw(st.booleans()),
            compulsory=draw(st.booleans()),
            all_met=tuple(draw(st.lists(st.sampled_from(codes), max_size=3))),
            all_at_least=draw(
                st.dictionaries(st.sampled_from(codes), st.integers(1, 5), max_size=3)
            ),
        )
        for place in range(draw(st.integers(0, 3)))
    ]
    classes.append(outcome("last", "red"))
    may_open = tuple(draw(st.lists(st.sampled_from([one.code for one in classes]), max_size=3)))
    return simple(items=items, rules=Rules(measure, tuple(classes), may_open))


@st.composite
def set_and_answers(draw: st.DrawFn) -> tuple[CriteriaSet, dict[str, int]]:
    """A set, and answers that are possible; some items are left out."""
    criteria = draw(any_set())
    answers = {
        one.code: draw(
            st.integers(0, one.points) if one.graded else st.sampled_from([0, one.points])
        )
        for one in criteria.items
    }
    for code in draw(st.lists(st.sampled_from(list(answers)), max_size=2)):
        answers.pop(code, None)
    return criteria, answers
