"""What a row means and what about it a person has to decide."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.kit.ids import new_code
from lachan.visits.paper.domain import (
    Judged,
    Reason,
    Setting,
    State,
    Written,
    find_namesakes,
    judge,
    read_document,
    sort_out,
    tidy_cells,
    unpack_shown,
)

MOMENT = datetime(2026, 11, 25, 12, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
SETTING = Setting(
    moment=MOMENT,
    zone=ZONE,
    day=date(2026, 11, 25),
    rooms={"phong 1": 7},
    kept_from=MOMENT - timedelta(days=21),
    sure_from=MOMENT - timedelta(days=7),
    usual_stay=timedelta(hours=1),
)
ROW = Written(phone="0912345678", arrival="7:30", departure="8:15")


def test_a_plain_row_is_ready() -> None:
    judged = judge(ROW, SETTING)
    assert judged.state is State.READY
    assert judged.who.phone == "+84912345678"
    assert judged.arrived_at == datetime(2026, 11, 25, 0, 30, tzinfo=UTC)
    assert judged.left_at == datetime(2026, 11, 25, 1, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changes", "state", "reasons"),
    [
        ({"phone": "09123"}, State.DOUBTFUL, [Reason.PHONE_INVALID]),
        ({"phone": "", "name": "An"}, State.READY, []),
        ({"phone": "", "document": "12345"}, State.DOUBTFUL, [Reason.DOCUMENT_INVALID]),
        ({"phone": "", "card": "AAAA"}, State.DOUBTFUL, [Reason.CARD_INVALID]),
        ({"phone": ""}, State.REFUSED, [Reason.NOBODY]),
        ({"arrival": ""}, State.DOUBTFUL, [Reason.ARRIVAL_MISSING]),
        ({"arrival": "sáng"}, State.DOUBTFUL, [Reason.ARRIVAL_UNREADABLE]),
        ({"departure": "trưa"}, State.DOUBTFUL, [Reason.DEPARTURE_UNREADABLE]),
        ({"departure": "7:00"}, State.DOUBTFUL, [Reason.TIMES_IMPOSSIBLE]),
        ({"day": "hôm qua"}, State.DOUBTFUL, [Reason.DAY_UNREADABLE]),
        ({"day": "26/11/2026"}, State.DOUBTFUL, [Reason.IN_FUTURE]),
        ({"day": "15/11/2026"}, State.DOUBTFUL, [Reason.OLD]),
        ({"day": "15/10/2026"}, State.REFUSED, [Reason.TOO_OLD]),
        ({"room": "Phòng 1"}, State.READY, []),
        ({"room": "Phòng 9"}, State.READY, [Reason.ROOM_UNKNOWN]),
        ({"name": "=1+1"}, State.REFUSED, [Reason.FORMULA]),
        ({"note": "@SUM(A1)"}, State.REFUSED, [Reason.FORMULA]),
        ({"note": "- khách quen"}, State.READY, []),
        ({"phone": "+84912345678"}, State.READY, []),
    ],
)
def test_what_becomes_of_a_row(
    changes: dict[str, str], state: State, reasons: list[Reason]
) -> None:
    judged = judge(replace(ROW, **changes), SETTING)
    assert (judged.state, list(judged.reasons)) == (state, reasons)


def test_the_same_stay_has_the_same_key_however_it_is_written() -> None:
    other = Written(phone="+84 912.345.678", day="25/11", arrival="7h30", departure="8g15")
    assert judge(ROW, SETTING).key == judge(other, SETTING).key
    assert judge(replace(ROW, departure="8:16"), SETTING).key != judge(ROW, SETTING).key


def test_hours_and_late_lists() -> None:
    shut = replace(SETTING, open_at=lambda _: False)
    assert judge(ROW, shut).reasons == (Reason.OUTSIDE_HOURS,)
    officers = replace(SETTING, sure_from=None)
    assert judge(replace(ROW, day="15/11/2026"), officers).state is State.READY


def named(name: str, arrival: str, **more: str) -> Judged:
    return judge(Written(name=name, arrival=arrival, **more), SETTING)


def test_two_of_one_name_are_looked_at() -> None:
    one, two, later = named("Văn An", "7:00"), named("van an", "7:30"), named("Văn An", "15:00")
    assert [row.state for row in find_namesakes([one, later], timedelta(hours=1))] == [
        State.READY,
        State.READY,
    ]
    assert [row.reasons for row in find_namesakes([one, two, later], timedelta(hours=1))] == [
        (Reason.SAME_NAME,),
        (Reason.SAME_NAME,),
        (),
    ]
    # The same line twice is one line, not two people.
    assert find_namesakes([one, one], timedelta(hours=1))[0].state is State.READY
    numbered = named("Văn An", "20:00", phone="0912345678")
    assert find_namesakes([one, numbered], timedelta(hours=1))[0].reasons == (Reason.SAME_NAME,)
    assert find_namesakes([one, numbered], timedelta(hours=1))[1].reasons == (Reason.IN_FUTURE,)


def test_one_box_for_who() -> None:
    card = new_code(12)
    assert sort_out("0912 345 678").phone
    assert sort_out("Nguyễn Văn An").name
    assert sort_out(card).card == card
    assert sort_out(f"LCC:{card}").card
    assert sort_out("001099012345").document
    # Neither: somebody meant a phone number.
    assert sort_out("091234").phone == "091234"
    assert sort_out("An phòng 2").name


def test_spreadsheets_cut_the_zeros_of_documents() -> None:
    assert read_document("1099012345") == "001099012345"
    assert read_document("79099012345") == "079099012345"
    assert read_document("012345678") == "012345678"
    assert read_document("C1234567") == "C1234567"
    assert read_document("123") is None


def test_what_a_device_read_goes_into_its_cell() -> None:
    assert unpack_shown(Written(shown="PHONE:0912345678:123456")).phone == "0912345678"
    assert unpack_shown(Written(shown="garbage")).shown == "garbage"
    card = new_code(12)
    assert unpack_shown(Written(shown=f"LCC:{card}")).card


@given(st.fixed_dictionaries({field: st.text(max_size=30) for field in Written.__slots__}))
def test_no_row_breaks_the_judge_and_what_is_ready_can_be_written(cells: dict[str, str]) -> None:
    judged = judge(tidy_cells(Written(**cells)), SETTING)
    if judged.state is State.READY:
        assert judged.who.key
        assert judged.arrived_at is not None
        assert SETTING.kept_from <= judged.arrived_at
        assert judged.left_at is None or judged.arrived_at <= judged.left_at
    else:
        assert judged.reasons


def test_nothing_personal_is_shown_by_a_traceback() -> None:
    assert "0912" not in repr(ROW)
    assert "0912" not in repr(judge(ROW, SETTING).who)
