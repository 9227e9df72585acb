"""Every sentence a warning can be made of, in both languages."""

from datetime import UTC, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from lachan.diseases.rules import MESSAGE_KINDS
from lachan.kit.i18n import LANGUAGES, Catalogs, Language
from lachan.warnings.advice import advice_for, all_advice, newest_advice
from lachan.warnings.domain import Told
from lachan.warnings.wording import Wording

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
REASONS = ("same_room", "same_place", "lingering_air", "household")


@pytest.fixture(scope="module")
def catalogs() -> Catalogs:
    return Catalogs()


def told(**changes: object) -> Told:
    facts: dict[str, object] = {
        "disease": "covid-19",
        "level": 1,
        "place": "Chợ Thử",
        "room": None,
        "window_from": AT,
        "window_to": AT + timedelta(minutes=35),
        "minutes": 35,
        "reason": "same_place",
        "others": 0,
        "note": "",
        "advice_version": "2026.1",
    }
    return Told(**{**facts, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("lang", "reason", "level", "disease"),
    list(product(LANGUAGES, REASONS, (1, 2, 5), ("covid-19", "measles", "unheard-of"))),
)
def test_every_warning_can_be_said(
    catalogs: Catalogs, lang: Language, reason: str, level: int, disease: str
) -> None:
    words = Wording(catalogs, lang, ZoneInfo("Asia/Ho_Chi_Minh"))
    place = None if reason == "household" else "Chợ Thử"
    text = words.whole(told(reason=reason, level=level, disease=disease, place=place, others=2))
    assert len(text) > 100
    assert (place is None) == ("Chợ Thử" not in text)
    assert (f"F{level - 1}" in text) == (level > 1)


def test_a_warning_says_nothing_of_who_the_case_is(catalogs: Catalogs) -> None:
    words = Wording(catalogs, "vi", ZoneInfo("Asia/Ho_Chi_Minh"))
    assert words.happened(told(room="Lớp 2A")) == (
        "Bạn đã có mặt tại Chợ Thử, Lớp 2A trong khoảng 09:00–09:35, 20/11/2026. "
        "Bạn và một người mắc COVID-19 đã cùng có mặt tại đó trong 35 phút."
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_step_of_advice_has_its_sentence_and_a_source(
    catalogs: Catalogs, lang: Language
) -> None:
    for advice in (one for entries in all_advice().values() for one in entries):
        assert advice.source
        for key in advice.keys:
            assert catalogs.has(key, lang), key


def test_advice_is_the_nearest_there_is() -> None:
    assert advice_for("measles", "watch", 1).disease == "measles"
    assert advice_for("measles", "watch", 4).level == 2
    assert advice_for("unheard-of", "test", 3).disease is None
    assert advice_for("measles", "watch", 1, "never-was").version == newest_advice()


@pytest.mark.parametrize("kind", MESSAGE_KINDS)
@pytest.mark.parametrize("disease", ["covid-19", "measles", "unheard-of"])
def test_every_class_of_message_has_advice_of_its_own(disease: str, kind: str) -> None:
    texts = {other: advice_for(disease, other, 1).steps for other in MESSAGE_KINDS}
    assert texts[kind]
    assert [other for other, steps in texts.items() if steps == texts[kind]] == [kind]
