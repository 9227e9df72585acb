"""Every doubt is a sentence in both languages, with all its figures in."""

import pytest

from lachan.kit.i18n import LANGUAGES, Catalogs, Language
from lachan.visits.doubts.domain import Kind
from lachan.visits.doubts.store import ShownDoubt
from lachan.visits.doubts.telling import sentence

CATALOGS = Catalogs()
DETAILS = {
    Kind.DOUBLE_PRESENCE: ({"km": 1144, "minutes": 5}, ["1144", "5"]),
    Kind.FAR_FROM_USUAL: ({"km": 61}, ["61"]),
    Kind.FLOOD: ({"arrivals": 260, "busiest": 40}, ["260", "40"]),
    Kind.CLOCK_SKEW: ({"seconds": 10_800}, ["180"]),
    Kind.UNPROVED: ({}, []),
}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", Kind)
def test_every_kind_is_told(kind: Kind, lang: Language) -> None:
    details, figures = DETAILS[kind]
    said = sentence(CATALOGS, lang, ShownDoubt(kind, dict(details)))
    assert "{" not in said
    assert "doubts-" not in said
    plain = said.replace(".", "").replace(",", "")
    assert all(figure in plain for figure in figures), said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_without_a_home_no_distance_is_told(lang: Language) -> None:
    said = sentence(CATALOGS, lang, ShownDoubt(Kind.FAR_FROM_USUAL, {}))
    assert "km" not in said
    assert "doubts-" not in said


def test_a_minute_is_a_minute() -> None:
    said = sentence(CATALOGS, "en", ShownDoubt(Kind.CLOCK_SKEW, {"seconds": 61}))
    assert "about a minute" in said
