"""What a report may say, what it weighs, and what a flood is."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.safety.feedback.domain import (
    LONGEST,
    STATES,
    WAITING,
    WEIGHT,
    first_state,
    is_overdue,
    proof_of,
    tidy_body,
    turns_yellow,
    wrong_with,
)

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


def test_proof_needs_somebody() -> None:
    assert proof_of(signed_in=False, was_here=True) == "none"
    assert proof_of(signed_in=True, was_here=False) == "phone"
    assert proof_of(signed_in=True, was_here=True) == "visit"
    assert WEIGHT["none"] < WEIGHT["phone"] < WEIGHT["visit"]


@pytest.mark.parametrize(
    ("of_place", "of_source", "state"),
    [(0, 0, "open"), (19, 4, "open"), (20, 0, "held"), (0, 5, "held"), (500, 500, "held")],
)
def test_too_many_are_held(of_place: int, of_source: int, state: str) -> None:
    found = first_state(of_place=of_place, of_source=of_source, per_place=20, per_source=5)
    assert found == state


@given(weight=st.integers(0, 1000), least=st.integers(1, 10))
def test_one_voice_never_turns_a_place(weight: int, least: int) -> None:
    assert not turns_yellow(1, weight, least)
    assert turns_yellow(2, weight, least) is (weight >= least)


@given(st.text(max_size=300))
def test_tidying_twice_is_tidying_once(typed: str) -> None:
    once = tidy_body(typed)
    assert tidy_body(once) == once
    assert once == once.strip()


def test_lines_stay_and_letters_are_composed() -> None:
    assert tidy_body("  Cổng  sau\r\n\r\n\r\n\r\nbẩn ") == "Cổng sau\n\nbẩn"


@pytest.mark.parametrize(
    "body",
    [
        "Nước rửa tay hết từ 7h30, ngày 2.11 vẫn chưa có.",
        "Lớp 3.A ngồi sát nhau.Cô giáo không nhắc.",
        "Trường THCS Nguyễn Du, cổng số 2: không ai trực",
    ],
)
def test_ordinary_sentences_pass(body: str) -> None:
    assert wrong_with(tidy_body(body)) is None


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ("", "field-missing"),
        ("bẩn", "feedback-field-too-short"),
        ("x" * (LONGEST + 1), "field-too-long"),
        ("Xem HTTPS://bay.example nhé", "feedback-field-link"),
        ("Vào ngay bay-gia.vn để nhận quà", "feedback-field-link"),
        ("Có ký tự lạ \u202e ở đây", "feedback-field-letters"),
    ],
)
def test_what_is_wrong_is_named(body: str, wrong: str) -> None:
    assert wrong_with(body) == wrong


def test_only_what_waits_is_overdue() -> None:
    late = NOON - timedelta(seconds=1)
    assert {one for one in STATES if is_overdue(one, late, NOON)} == set(WAITING)
    assert not any(is_overdue(one, NOON, NOON) for one in STATES)
