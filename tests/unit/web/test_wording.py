"""Numbers that a phone can call, and codes that stay on one line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup, escape

from lachan.web.wording import callable_numbers, unbroken


@pytest.mark.parametrize(
    ("text", "called", "shown"),
    [
        ("đường dây nóng 19009095 của Bộ Y tế", "19009095", "19009095"),
        ("Hotline 1900 9095.", "19009095", "1900 9095"),
        ("miễn phí 1800.1119", "18001119", "1800.1119"),
        ("Trạm y tế: 024 3825 3531", "02438253531", "024 3825 3531"),
        ("hay +84 912 345 678, cả đêm", "+84912345678", "+84 912 345 678"),
        ("Khó thở thì gọi 115 ngay", "115", "115"),
        ("In danger call 115.", "115", "115"),
    ],
)
def test_a_number_becomes_a_link(text, called, shown):
    link = f'<a class="call" href="tel:{called}">{shown}</a>'
    assert callable_numbers(text) == text.replace(shown, link)


@pytest.mark.parametrize(
    "text",
    [
        "Ở nhà 14 ngày, từ 23/11/2026",
        "115 người đã xem",
        "Mã CB-1900-90951",
        "lúc 19:00, 09/05/2026",
        "0,25 m",
        "số 123456789012345678",
        "1900",
    ],
)
def test_what_is_not_a_number_to_call_stays(text):
    assert callable_numbers(text) == text


@given(st.text(alphabet="<>&\"' 019+.-gọi", max_size=40))
def test_text_stays_itself_and_is_escaped(text):
    shown = callable_numbers(text)
    assert Markup(shown).striptags() == Markup(escape(text)).striptags()
    assert shown.count("<") == 2 * shown.count("<a class")


def test_a_code_is_kept_together_and_the_rest_is_escaped():
    assert unbroken("Cảnh báo <b> của HN-26-1", "HN-26-1", None) == (
        'Cảnh báo &lt;b&gt; của <span class="unbroken">HN-26-1</span>'
    )
    assert unbroken("Không có", None) == "Không có"
