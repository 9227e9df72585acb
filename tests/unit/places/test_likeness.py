"""Which names might be taken for each other."""

import pytest

from lachan.places.reviews.domain import Names, has_odd_letters

KNOWN = Names([(1, "Chợ Bến Thành"), (2, "Trường Tiểu học Kim Liên số 3"), (3, "Phở Thìn Lò Đúc")])


@pytest.mark.parametrize(
    ("name", "like"),
    [
        ("CHO BEN THANH", 1),
        ("Chợ Bến Thanh", 1),
        ("Bến Thành Chợ", 1),
        ("Chợ  Bến-Thành!", 1),
        ("Chợ Bến Thành 2", 1),
        ("Trường tiểu học Kim Liên", 2),
        ("Trường Tiểu học Kim Liên số 5", None),
        ("Chợ Tân Định", None),
        ("Phở Hòa", None),
        ("", None),
    ],
)
def test_names_that_are_near(name: str, like: int | None) -> None:
    assert KNOWN.like(name) == like


def test_the_same_name() -> None:
    assert KNOWN.same("phở thìn lò đúc") == 3
    assert KNOWN.same("Phở Thìn") is None


@pytest.mark.parametrize(
    ("name", "odd"),
    [("Chợ Bến Thành", False), ("Сhợ Bến Thành", True), ("Ｃhợ", True), ("Quán 김치", False)],
)
def test_letters_that_only_look_right(name: str, odd: bool) -> None:
    assert has_odd_letters(name) is odd
