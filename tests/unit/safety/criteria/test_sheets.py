"""A set goes to Excel and comes back; what cannot be read is told by its cell."""

from dataclasses import replace
from io import BytesIO

import pytest
from hypothesis import given, settings
from xlsxwriter import Workbook

from lachan.kit.errors import SpreadsheetUnreadable
from lachan.safety.criteria import sheets
from lachan.safety.criteria.domain import CriteriaSet
from lachan.safety.criteria.errors import CriteriaUnreadable
from lachan.safety.criteria.reference import published_sets
from lachan.safety.criteria.rules import rules_from, rules_to
from tests.unit.safety.criteria.sets import any_set, simple


def placed(criteria: CriteriaSet) -> CriteriaSet:
    """As it comes back: rules in decimals, items numbered in the order of the sheet."""
    return replace(
        criteria,
        items=tuple(replace(one, position=n) for n, one in enumerate(criteria.items, 1)),
        rules=rules_from(rules_to(criteria.rules)),
    )


@pytest.mark.parametrize("criteria", published_sets(), ids=lambda one: one.code)
def test_every_set_of_ours_comes_back_as_it_went(criteria: CriteriaSet) -> None:
    assert sheets.read(sheets.write(criteria)) == (placed(criteria), [])


@settings(max_examples=25, deadline=None)
@given(any_set())
def test_any_set_comes_back_as_it_went(criteria: CriteriaSet) -> None:
    back, errors = sheets.read(sheets.write(criteria))
    assert errors == []
    assert back is not None
    # A class opens or not; in which order they were named is lost.
    rules = replace(criteria.rules, may_open=tuple(
        one.code for one in criteria.rules.classes if one.code in criteria.rules.may_open
    ))  # fmt: skip
    assert back == placed(replace(criteria, rules=rules))


def book(**changes: list[list[object]]) -> bytes:
    """A file with these sheets in the place of those of a sound set."""
    given = {
        "facts": [["Mã bộ", "x"], ["Phiên bản", "1"], ["Tên", "Bộ"], ["Loại nơi", "school"],
                  ["Mã địa bàn", "VN"], ["Cách tính", "số tiêu chí"], ["Nguồn", "n"],
                  ["Hiệu lực từ ngày", "01/02/2026"]],
        "items": [["Mã", "Buổi", "Nội dung"], ["1", "đầu ngày", "Câu"]],
        "classes": [["Mã", "Màu", "Tên", "Từ mức"], ["a", "xanh", "A", "1"], ["b", "đỏ", "B", ""]],
    } | changes  # fmt: skip
    out = BytesIO()
    with Workbook(out, {"in_memory": True}) as made:
        for name, rows in zip(
            (sheets.SET, sheets.ITEMS, sheets.CLASSES), given.values(), strict=True
        ):
            sheet = made.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return out.getvalue()


def test_a_plain_file_is_read() -> None:
    criteria, errors = sheets.read(book())
    assert errors == []
    assert criteria is not None
    assert (criteria.valid_from.isoformat(), criteria.kinds) == ("2026-02-01", ("school",))
    assert [one.at_least for one in criteria.rules.classes] == [1, None]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"items": [["Mã", "Buổi"], ["1", "nửa đêm"]]}, ("Tiêu chí", 2, "B", "choice")),
        ({"items": [["Mã", "Buổi"], ["", "đầu ngày"]]}, ("Tiêu chí", 2, "A", "empty")),
        ({"items": [["Mã", "Buổi", "Điểm"], ["1", "đầu ngày", "nhiều"]]},
         ("Tiêu chí", 2, "C", "number")),
        *(
            ({"items": [["Mã", "Buổi", "Điểm"], ["1", "đầu ngày", typed]]},
             ("Tiêu chí", 2, "C", "number"))
            for typed in ("nan", "inf", "-inf", "1e400", "9" * 5000)
        ),
        *(
            ({"classes": [["Mã", "Màu", "Từ mức"], ["a", "đỏ", typed]]},
             ("Xếp loại", 2, "C", "number"))
            for typed in ("nan", "inf%", "1e300", "9" * 5000)
        ),
        *(
            ({"classes": [["Mã", "Màu", "Tiêu chí phải đạt ít nhất"], ["a", "đỏ", f"4={typed}"]]},
             ("Xếp loại", 2, "C", "pairs"))
            for typed in ("9" * 5000, "9" * 20, "²")
        ),
        ({"items": [["Mã", "Buổi", "Bắt buộc"], ["1", "đầu ngày", "hơi"]]},
         ("Tiêu chí", 2, "C", "yes-no")),
        ({"items": [["Buổi"], ["đầu ngày"]]}, ("Tiêu chí", 1, "", "column")),
        ({"classes": [["Mã", "Màu", "Từ mức"], ["a", "tím", "8"]]}, ("Xếp loại", 2, "B", "choice")),
        ({"classes": [["Mã", "Màu", "Từ mức"], ["a", "đỏ", "tám"]]},
         ("Xếp loại", 2, "C", "number")),
        ({"classes": [["Mã", "Màu", "Tiêu chí phải đạt ít nhất"], ["a", "đỏ", "4"]]},
         ("Xếp loại", 2, "C", "pairs")),
        ({"classes": [["Mã", "Màu"], ["Loại A", "đỏ"]]}, ("Xếp loại", 0, "", "rules")),
        ({"facts": [["Mã bộ", "x"], ["Hiệu lực từ ngày", "mai"]]},
         ("Bộ tiêu chí", 2, "B", "day")),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told_by_its_cell(
    changes: dict[str, list[list[object]]], expected: tuple[str, int, str, str]
) -> None:
    criteria, errors = sheets.read(book(**changes))
    assert criteria is None
    assert expected in [(one.sheet, one.line, one.column, one.code) for one in errors]


def test_a_share_may_be_written_in_percent() -> None:
    criteria, _ = sheets.read(
        book(classes=[["Mã", "Màu", "Từ mức"], ["a", "xanh", "75%"], ["b", "đỏ", ""]])
    )
    assert criteria is not None
    assert str(criteria.rules.classes[0].at_least) == "3/4"


def test_a_text_that_a_spreadsheet_would_run_is_made_plain_and_comes_back() -> None:
    criteria = simple(title={"vi": "=1+1", "en": "@x"})
    raw = sheets.write(criteria)
    back, errors = sheets.read(raw)
    assert errors == []
    assert back is not None
    assert back.title == criteria.title


def test_other_files_are_refused() -> None:
    out = BytesIO()
    with Workbook(out, {"in_memory": True}) as made:
        made.add_worksheet("Trang").write(0, 0, "x")
    with pytest.raises(CriteriaUnreadable):
        sheets.read(out.getvalue())
    with pytest.raises(SpreadsheetUnreadable):
        sheets.read(b"Ma;Ten")
