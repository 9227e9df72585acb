"""What makes a set of criteria contradict itself, so that it is never published."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lachan.places.kinds import KINDS
from lachan.safety.criteria.domain import (
    COLOURS,
    EVIDENCE,
    MOMENTS,
    CriteriaSet,
    Item,
    Outcome,
    Text,
)

MOST_ITEMS: Final = 200
CODE_LENGTH: Final = 20
_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,19}")
_SET_CODE: Final = re.compile(r"[a-z][a-z0-9-]{1,60}")
_AREA: Final = re.compile(r"VN(\.\d{2}(\.\d{5})?)?")
WORDING_LENGTH: Final = 600
_VERSION_LENGTH: Final = 40
MOST_POINTS: Final = 100


@dataclass(frozen=True, slots=True)
class Contradiction:
    """What cannot be: the Fluent message `safety-contradiction-<code>`, and about what."""

    code: str
    where: str = ""


def check_set(criteria: CriteriaSet) -> list[Contradiction]:
    """Everything in which a set contradicts itself; an empty list may be published."""
    return [
        *_about_the_set(criteria),
        *_about_items(criteria),
        *_about_classes(criteria),
        *_about_times(criteria),
    ]


def _about_the_set(criteria: CriteriaSet) -> Iterator[Contradiction]:
    if not said(criteria.title):
        yield Contradiction("title-empty")
    if not _SET_CODE.fullmatch(criteria.code):
        yield Contradiction("code", criteria.code[:CODE_LENGTH])
    if not 1 <= len(criteria.version) <= _VERSION_LENGTH:
        yield Contradiction("version")
    if not _AREA.fullmatch(criteria.area):
        yield Contradiction("area", criteria.area[:CODE_LENGTH])
    if not criteria.source.strip():
        yield Contradiction("source-empty")
    if not criteria.kinds:
        yield Contradiction("kinds-none")
    yield from (
        Contradiction("kind-unknown", kind) for kind in criteria.kinds if kind not in KINDS.by_code
    )
    yield from _about_repair(criteria)


def _about_repair(criteria: CriteriaSet) -> Iterator[Contradiction]:
    repairing = [one.code for one in criteria.rules.classes if one.repair]
    if repairing and criteria.repair_hours is None:
        yield Contradiction("repair-without-hours", repairing[0])
    if criteria.repair_hours is not None:
        if criteria.repair_hours <= 0:
            yield Contradiction("repair-hours")
        if not repairing:
            yield Contradiction("hours-without-repair")


def said(text: Text) -> bool:
    """Whether there is a Vietnamese sentence."""
    return bool(text.get("vi", "").strip())


def _about_items(criteria: CriteriaSet) -> Iterator[Contradiction]:
    if not criteria.items:
        yield Contradiction("items-none")
    if len(criteria.items) > MOST_ITEMS:
        yield Contradiction("items-many")
    for code, times in Counter(item.code for item in criteria.items).items():
        if times > 1:
            yield Contradiction("item-twice", code)
    for item in criteria.items:
        yield from _about_item(criteria, item)


def _about_item(criteria: CriteriaSet, item: Item) -> Iterator[Contradiction]:
    if not _CODE.fullmatch(item.code):
        yield Contradiction("item-code", item.code[:CODE_LENGTH])
    if not said(item.wording):
        yield Contradiction("wording-empty", item.code)
    if max(map(len, item.wording.values()), default=0) > WORDING_LENGTH:
        yield Contradiction("wording-long", item.code)
    if item.moment not in MOMENTS:
        yield Contradiction("moment-unknown", item.code)
    if item.evidence not in EVIDENCE:
        yield Contradiction("evidence-unknown", item.code)
    if not 1 <= item.points <= MOST_POINTS:
        yield Contradiction("points-range", item.code)
    elif item.graded and item.points == 1:
        # 0 or 1 is met or not met: there is nothing to grade.
        yield Contradiction("graded-one-point", item.code)
    elif not item.graded and item.points > 1 and criteria.rules.measure == "count":
        # Points say nothing where items are counted; who wrote them meant something else.
        yield Contradiction("points-not-counted", item.code)


def _about_classes(criteria: CriteriaSet) -> Iterator[Contradiction]:
    classes = criteria.rules.classes
    if not classes or not classes[-1].is_open:
        yield Contradiction("class-last")
    for code, times in Counter(one.code for one in classes).items():
        if times > 1:
            yield Contradiction("class-twice", code)
    items = {item.code: item for item in criteria.items}
    for place, one in enumerate(classes):
        yield from _about_class(criteria, one, items)
        before = classes[:place]
        if before and COLOURS.index(one.colour) < COLOURS.index(before[-1].colour):
            yield Contradiction("class-colours", one.code)
        if any(_asks_more(one, other) for other in before):
            yield Contradiction("class-order", one.code)
        elif any(_implies(one, other, items) for other in before):
            yield Contradiction("class-unreachable", one.code)
    yield from _about_opening(criteria)


def _about_class(
    criteria: CriteriaSet, one: Outcome, items: dict[str, Item]
) -> Iterator[Contradiction]:
    if not said(one.title):
        yield Contradiction("class-title-empty", one.code)
    if one.at_least is not None:
        most = 1 if criteria.rules.measure == "share" else len(items)
        if one.at_least <= 0:
            yield Contradiction("class-threshold-low", one.code)
        elif one.at_least > most:
            yield Contradiction("class-threshold-high", one.code)
    for code in (*one.all_met, *one.all_at_least):
        if code not in items:
            yield Contradiction("class-item-unknown", f"{one.code}: {code}")
    for code, least in one.all_at_least.items():
        if code in items and not 1 <= least <= items[code].points:
            yield Contradiction("class-item-points", f"{one.code}: {code}")
    if one.compulsory and not any(item.compulsory for item in items.values()):
        yield Contradiction("class-compulsory-none", one.code)


def _about_opening(criteria: CriteriaSet) -> Iterator[Contradiction]:
    codes = [one.code for one in criteria.rules.classes]
    for code in criteria.rules.may_open:
        if code not in codes:
            yield Contradiction("open-unknown", code)
    allowed = [code in criteria.rules.may_open for code in codes]
    if allowed and not allowed[0]:
        yield Contradiction("open-best", codes[0])
    for place in range(1, len(codes)):
        if allowed[place] and not allowed[place - 1]:
            yield Contradiction("open-worse", codes[place])
            break


def _asks_more(later: Outcome, earlier: Outcome) -> bool:
    """Whether a class tried later has a higher threshold."""
    return (
        later.at_least is not None
        and earlier.at_least is not None
        and later.at_least > earlier.at_least
    )


def _implies(later: Outcome, earlier: Outcome, items: dict[str, Item]) -> bool:
    """Whether whatever fits `later` fits `earlier` too, so that nothing ever reaches `later`."""
    if earlier.at_least is not None and (
        later.at_least is None or later.at_least < earlier.at_least
    ):
        return False
    sure = {
        item.code: _least_of(later, item)
        for item in items.values()
    }  # fmt: skip
    return all(
        sure[item.code] >= _least_of(earlier, item)
        for item in items.values()
    )  # fmt: skip


def _least_of(one: Outcome, item: Item) -> int:
    """How many points a class asks of an item, at the least."""
    if item.code in one.all_met or (one.compulsory and item.compulsory):
        return item.points
    least = max(one.all_at_least.get(item.code, 0), int(one.no_zero))
    # What is not graded has all of its points or none.
    return item.points if least and not item.graded else least


def _about_times(criteria: CriteriaSet) -> Iterator[Contradiction]:
    due = criteria.rules.due
    for moment in due:
        if moment not in criteria.moments:
            yield Contradiction("due-without-items", moment)
    in_order = [due[moment] for moment in MOMENTS if moment in due]
    if in_order != sorted(set(in_order)):
        yield Contradiction("due-order")
