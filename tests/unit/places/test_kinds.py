"""The file of kinds: complete, named in both languages, refused when it is wrong."""

from pathlib import Path

import pytest

from lachan.kit.i18n import LANGUAGES, Catalogs
from lachan.places.kinds import KINDS, KindsError, kind_of, load_kinds

ROLLOUT = {
    "school",
    "medical",
    "hotel",
    "quarantine_hotel",
    "transport",
    "station",
    "workplace",
    "market",
    "university",
    "dormitory",
}
GOOD = """
version = "1"
source = "test"
[[kind]]
code = "school"
rollout = true
usual_stay_minutes = 480
ventilation = "normal"
verified = false
note = ""
"""


def test_the_ten_groups_of_the_national_rollout_and_six_more() -> None:
    assert {kind.code for kind in KINDS.by_code.values() if kind.rollout} == ROLLOUT
    assert set(KINDS.by_code) - ROLLOUT == {
        "food",
        "worship",
        "office",
        "event",
        "household",
        "other",
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_has_a_name(language: str) -> None:
    catalogs = Catalogs()
    names = {catalogs.translate(language, kind.name_key) for kind in KINDS.by_code.values()}
    assert len(names) == len(KINDS.by_code)


def test_a_figure_that_nobody_published_says_what_it_rests_on() -> None:
    assert all(kind.verified or kind.note for kind in KINDS.by_code.values())


def test_an_unknown_kind_is_a_key_error() -> None:
    assert kind_of("school").usual_stay_minutes == 480
    with pytest.raises(KeyError):
        kind_of("castle")


@pytest.mark.parametrize(
    "broken",
    [
        GOOD.replace("480", "0"),
        GOOD.replace("480", "1441"),
        GOOD.replace('"normal"', '"stuffy"'),
        GOOD + GOOD[GOOD.index("[[kind]]") :],
        GOOD.replace("rollout = true", ""),
        GOOD.replace("rollout = true", "rollout = true\ncolour = 1"),
        GOOD.replace("rollout = true", "rollout = true\nrest_days = [0]"),
        GOOD.replace("rollout = true", "rollout = true\nrest_days = [1, 2, 3, 4, 5, 6, 7]"),
    ],
    ids=[
        "no-stay",
        "over-a-day",
        "ventilation",
        "twice",
        "missing",
        "unknown",
        "no-such-day",
        "never-open",
    ],
)
def test_a_broken_file_is_refused(tmp_path: Path, broken: str) -> None:
    path = tmp_path / "kinds.toml"
    path.write_text(GOOD)
    assert load_kinds(path).version == "1"
    path.write_text(broken)
    with pytest.raises(KindsError):
        load_kinds(path)


def test_the_reference_page_says_what_the_file_says() -> None:
    catalogs = Catalogs()
    page = (Path(__file__).parents[3] / "docs" / "reference" / "place-kinds.md").read_text()
    assert f"`{KINDS.version}`" in page
    rows = [line for line in page.splitlines() if line.startswith("| `")]
    assert rows == [
        f"| `{kind.code}` | {catalogs.translate('vi', kind.name_key)} "
        f"| {catalogs.translate('en', kind.name_key)} | {'yes' if kind.rollout else ''} "
        f"| {kind.usual_stay_minutes} | {kind.ventilation} | {kind.note} |"
        for kind in KINDS.by_code.values()
    ]
