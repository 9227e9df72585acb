from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.kit import i18n
from lachan.kit.i18n import CatalogError, Catalogs, MissingMessageError, negotiate

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
# 00:40 of the 3rd in Viet Nam is still the 2nd in UTC.
NIGHT = datetime(2026, 3, 2, 17, 40, tzinfo=UTC)


def catalogs(folder: Path, *, vi: str = "", en: str = "") -> Catalogs:
    for lang, text in {"vi": vi, "en": en}.items():
        (folder / lang).mkdir()
        (folder / lang / "sample.ftl").write_text(text, encoding="utf-8")
    return Catalogs(folder)


def test_says_it_in_the_language_asked_for(tmp_path):
    both = catalogs(tmp_path, vi="hello = Chào { $name }", en="hello = Hello { $name }")
    assert both.translate("vi", "hello", name="Bình") == "Chào Bình"
    assert both.translate("en", "hello", name="Bình") == "Hello Bình"


def test_a_thread_that_sees_a_language_sees_its_keys(tmp_path):
    """A second thread reads the catalogues beside the first requests."""
    both = catalogs(tmp_path, vi="hello = Xin chào\n", en="hello = Hello\n")
    seen = []

    class Looked(dict):
        def __setitem__(self, lang, bundle):
            super().__setitem__(lang, bundle)
            seen.append(both.keys("hel"))

    both._read = Looked()
    both.warm()
    assert seen == [["hello"]] * 2


def test_vietnamese_stands_in_for_a_missing_translation(tmp_path):
    assert catalogs(tmp_path, vi="only = Chỉ có").translate("en", "only") == "Chỉ có"


def test_a_key_that_no_language_has_raises(tmp_path):
    with pytest.raises(MissingMessageError, match="nowhere"):
        catalogs(tmp_path, vi="a = b").translate("vi", "nowhere")


def test_a_missing_argument_raises_and_is_not_shown(tmp_path):
    with pytest.raises(MissingMessageError, match="hello"):
        catalogs(tmp_path, vi="hello = Chào { $name }").translate("vi", "hello")


def test_figures_in_sentences_are_written_the_local_way(tmp_path):
    both = catalogs(tmp_path, vi="n = { $n } lượt", en="n = { $n } visits")
    assert both.translate("vi", "n", n=12345) == "12.345 lượt"
    assert both.translate("en", "n", n=12345) == "12,345 visits"


def test_no_invisible_marks_around_arguments(tmp_path):
    text = catalogs(tmp_path, vi="hello = Chào { $name }").translate("vi", "hello", name="An")
    assert text.isprintable()


def test_a_broken_catalogue_is_refused_by_name(tmp_path):
    with pytest.raises(CatalogError, match=r"sample\.ftl"):
        catalogs(tmp_path, vi="this is not fluent").warm()


@pytest.mark.parametrize(
    ("accept", "cookie", "expected"),
    [
        (None, None, "vi"),
        ("", None, "vi"),
        ("en", None, "en"),
        ("en-GB,vi;q=0.8", None, "en"),
        ("EN-us;q=0.9", None, "en"),
        ("vi-VN,en;q=0.9", None, "vi"),
        ("fr,en;q=0.9", None, "vi"),
        ("english", None, "vi"),
        ("vi", "en", "en"),
        ("en", "vi", "vi"),
        ("en", "de", "en"),
        ("vi", "", "vi"),
    ],
)
def test_english_only_for_those_who_put_it_first(accept, cookie, expected):
    assert negotiate(accept, cookie) == expected


@given(st.none() | st.text(), st.none() | st.text())
def test_any_header_gives_a_language(accept, cookie):
    assert negotiate(accept, cookie) in i18n.LANGUAGES


def test_moments_are_shown_in_local_time():
    assert i18n.format_datetime("vi", NIGHT, tz=HANOI) == "00:40, 03/03/2026"
    assert i18n.format_datetime("en", NIGHT, tz=HANOI) == "00:40, 3 Mar 2026"
    assert i18n.format_date("vi", NIGHT, tz=HANOI) == "03/03/2026"
    assert i18n.format_time("en", NIGHT, tz=HANOI) == "00:40"
    assert i18n.format_day("vi", NIGHT, tz=HANOI) == "Thứ Ba, 03/03/2026"
    assert i18n.format_day("en", NIGHT, tz=HANOI) == "Tuesday 3 Mar 2026"


def test_a_plain_date_stays_that_date():
    assert i18n.format_date("vi", date(2026, 3, 2), tz=HANOI) == "02/03/2026"


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        i18n.format_time("vi", NIGHT.replace(tzinfo=None), tz=HANOI)


def test_a_range_names_its_day_once():
    end = NIGHT + timedelta(minutes=35)
    assert i18n.format_time_range("vi", NIGHT, end, tz=HANOI) == "00:40–01:15, 03/03/2026"


def test_a_range_over_local_midnight_names_both_days():
    start = NIGHT - timedelta(hours=1)
    assert i18n.format_time_range("en", start, NIGHT, tz=HANOI) == (
        "23:40, 2 Mar 2026 – 00:40, 3 Mar 2026"
    )


def test_an_open_range_ends_in_the_dash():
    assert i18n.format_time_range("vi", NIGHT, None, tz=HANOI) == "00:40, 03/03/2026 –"


@pytest.mark.parametrize(
    ("minutes", "vi", "en"),
    [
        (0, "0 phút", "0 minutes"),
        (1, "1 phút", "1 minute"),
        (60, "1 giờ", "1 hour"),
        (95.4, "1 giờ 35 phút", "1 hour 35 minutes"),
        (1500, "25 giờ", "25 hours"),
        (2880, "2 ngày", "2 days"),
        (17185, "11 ngày 22 giờ", "11 days 22 hours"),
    ],
)
def test_lengths_of_time_are_said_in_days_hours_and_minutes(minutes, vi, en):
    assert i18n.format_minutes("vi", minutes) == vi
    assert i18n.format_minutes("en", minutes) == en


def test_numbers_take_the_separators_of_the_language():
    assert i18n.format_number("vi", 1234567.5) == "1.234.567,5"
    assert i18n.format_number("en", 1234567.5) == "1,234,567.5"
