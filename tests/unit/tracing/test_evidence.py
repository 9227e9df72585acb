"""The sentence that says why, in both languages."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from lachan.kit.i18n import Catalogs, Language
from lachan.tracing.domain import ExposureKind
from lachan.tracing.evidence import Evidence, Facts

CATALOGS = Catalogs()
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
FACTS = Facts(
    kind="same_room",
    level=1,
    case_code="COV-2026-000123",
    place="Trường THCS Nguyễn Du",
    room="Phòng 201",
    started_at=datetime(2026, 11, 12, 1, 10, tzinfo=UTC),
    ended_at=datetime(2026, 11, 12, 2, 40, tzinfo=UTC),
    minutes=90,
)


def say(lang: Language, facts: Facts) -> str:
    return Evidence(CATALOGS, lang, ZONE).sentence(facts)


def test_it_names_room_place_case_hours_day_and_minutes() -> None:
    assert say("vi", FACTS) == (
        "Ở cùng phòng với ca COV-2026-000123: Phòng 201, Trường THCS Nguyễn Du, "
        "từ 08:10 đến 09:40 ngày 12/11/2026 (90 phút)."
    )
    assert say("en", FACTS) == (
        "In the same room as case COV-2026-000123: Phòng 201, Trường THCS Nguyễn Du, "
        "08:10 to 09:40 on 12 Nov 2026 (90 min)."
    )


def test_past_midnight_both_days_are_named() -> None:
    late = replace(FACTS, ended_at=FACTS.ended_at + timedelta(hours=20))
    assert "từ 08:10, 12/11/2026 đến 05:40, 13/11/2026" in say("vi", late)


def test_a_further_level_was_with_the_level_before_it() -> None:
    assert "người tiếp xúc F2 của ca COV-2026-000123" in say("vi", replace(FACTS, level=3))
    assert "an F2 contact of case COV-2026-000123" in say("en", replace(FACTS, level=3))


def test_a_case_that_the_reader_may_not_see_is_not_named() -> None:
    hidden = replace(FACTS, case_code=None)
    assert "ca ở địa bàn khác" in say("vi", hidden)
    assert "case in another area" in say("en", hidden)


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_kind_has_a_sentence_of_its_own(lang: Language) -> None:
    said = {say(lang, replace(FACTS, kind=kind.value)) for kind in ExposureKind}
    said.add(say(lang, replace(FACTS, kind=None)))
    assert len(said) == len(ExposureKind) + 1


def test_a_place_that_is_gone_is_said_to_be() -> None:
    assert "một nơi đã bị xóa" in say("vi", replace(FACTS, place="", room=None))
