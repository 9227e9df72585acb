"""A tablet whose clock is wrong, is set, or which slept: when was somebody really there."""

from typing import Any

from tests.unit.web.app.conftest import Run

HOUR = 3_600_000
TRUE = 1_795_000_000_000


def stamp(at: int, tick: int, ahead: int = 0, boot: str = "a") -> dict[str, Any]:
    return {"at": at, "tick": tick, "ahead": ahead, "boot": boot}


def moments(run_script: Run, pairs: list[tuple[dict[str, Any], dict[str, Any]]]) -> list[Any]:
    return run_script("kiosk/clock.ts", "things.trueMoment", [list(pair) for pair in pairs])


def test_the_moment_of_a_scan_whatever_was_done_to_the_clock(run_script: Run) -> None:
    wrong = 2 * HOUR
    found = moments(
        run_script,
        [
            # A right clock; a clock two hours behind that stayed so.
            (stamp(TRUE, 10), stamp(TRUE + HOUR, 10 + HOUR)),
            (stamp(TRUE - wrong, 10, wrong), stamp(TRUE - wrong + HOUR, 10 + HOUR, wrong)),
            # Set back by two hours after the scan, off line: the ticks know.
            (stamp(TRUE, 10), stamp(TRUE - wrong + HOUR, 10 + HOUR, wrong)),
            # It slept for half of the hour: ticks stood still, the clock did not.
            (stamp(TRUE, 10), stamp(TRUE + HOUR, 10 + HOUR // 2)),
            # The page was opened anew: ticks of another opening say nothing.
            (stamp(TRUE, 900_000, 0, "b"), stamp(TRUE + HOUR, 5, 0, "a")),
        ],
    )
    assert found == [TRUE] * 5


def test_half_of_the_way_there_and_back_is_taken_off(run_script: Run) -> None:
    told = [TRUE + 500, TRUE, TRUE + 400]
    (ahead,) = run_script("kiosk/clock.ts", "things.measuredAhead", [told])
    assert ahead == 300
