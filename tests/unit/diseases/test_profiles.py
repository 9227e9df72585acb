"""Profiles are read whole or not at all; the infectious window is whole local days."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from lachan.diseases.domain import infectious_window
from lachan.diseases.profiles import (
    FOLDER,
    DiseaseUnknown,
    ProfileError,
    all_profiles,
    load_profile,
    load_profiles,
    profile_of,
)
from lachan.kit.i18n import LANGUAGES, Catalogs

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def test_both_diseases_are_there_with_a_source_for_every_number() -> None:
    assert {profile.code for profile in all_profiles()} == {"covid-19", "measles"}
    for profile in all_profiles():
        assert set(profile.basis) == {
            "incubation_days",
            "infectious_days",
            "infectious_days_without_symptoms",
            "minimum_minutes",
            "lingering_minutes",
            "follow_up_days",
            "levels",
            "retention_days",
        }
        assert all(basis.source for basis in profile.basis.values())


def test_every_disease_has_a_name_in_every_language() -> None:
    catalogs = Catalogs()
    for profile in all_profiles():
        for lang in LANGUAGES:
            assert catalogs.has(profile.name_key, lang)


def test_measles_air_lingers_two_hours_indoors_and_not_outside() -> None:
    measles = profile_of("measles")
    assert measles.lingering_minutes["poor"] == 120
    assert measles.lingering_minutes["outdoor"] == 0


def test_the_reference_page_tells_the_numbers_of_the_files() -> None:
    page = Path(__file__).parents[3] / "docs" / "reference" / "disease-profiles.md"
    told = {
        cells[1].strip(): [cell.replace("*", "").strip() for cell in cells[2:4]]
        for line in page.read_text(encoding="utf-8").splitlines()
        if len(cells := line.split("|")) == 5
    }
    both = [profile_of("covid-19"), profile_of("measles")]
    air = [profile.lingering_minutes for profile in both]
    spans = [(one.infectious_days, one.infectious_days_without_symptoms) for one in both]
    expected = {
        "incubation, days (min, median, max)": [
            f"{one.incubation.min}, {one.incubation.median}, {one.incubation.max}" for one in both
        ],
        "infectious, days around onset, both included": [
            f"{one.first} to {one.last}" for one, _ in spans
        ],
        "without symptoms, days around sampling": [
            f"{other.first} to {other.last}" for _, other in spans
        ],
        "minutes in the same room": [str(one.same_room_minutes) for one in both],
        "minutes at the same place": [str(one.same_place_minutes) for one in both],
        "air lingers outdoors, minutes": [str(one["outdoor"]) for one in air],
        "... in good ventilation": [str(one["good"]) for one in air],
        "... in normal ventilation": [str(one["normal"]) for one in air],
        "... in poor ventilation": [str(one["poor"]) for one in air],
        "... where it is not known": [str(one["unknown"]) for one in air],
        "follow-up of close contacts, days": [str(one.follow_up_days) for one in both],
        "highest level traced": [f"F{one.max_level}" for one in both],
        "kept for, days": [str(one.retention_days) for one in both],
    }
    assert {name: told[name] for name in expected} == expected


def test_an_unknown_disease_is_refused() -> None:
    with pytest.raises(DiseaseUnknown):
        profile_of("plague")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('version = "2026.1"\n', "", "version is missing"),
        ("same_place = 15", "same_place = 5", "sharing a room cannot need longer"),
        ("same_room = 15", "same_room = 0", "minimum_minutes.same_room is not between"),
        ("same_room = 15", "same_room = true", "minimum_minutes.same_room is not a whole number"),
        ("poor = 60\n", "", "lingering_minutes.poor is not a whole number"),
        ("poor = 60\n", "poor = 60\nawful = 90\n", r"\[lingering_minutes\] has no awful"),
        ("from = -2\nuntil = 10", "from = 11\nuntil = 10", "ends before it begins"),
        ("median = 5", "median = 15", "not in order"),
        ('source = "who-tracing"', 'source = "hearsay"', "incubation_days.source is not in"),
        ("verified = true", 'verified = "yes"', "verified says neither"),
        ('case_prefix = "COV"', 'case_prefix = "c1"', "not capital letters"),
        ("[levels]\nmax = 5", "[levels]\nmax = 6", "levels.max is not between 1 and 5"),
        ('code = "covid-19"', 'code = "covid"', "must be called covid.toml"),
        ("[retention_days]", "[spare]\nx = 1\n[retention_days]", "no such thing as spare"),
        ("[levels]", "[levels", "covid-19.toml"),
    ],
)
def test_a_wrong_profile_says_what_is_wrong(tmp_path: Path, old: str, new: str, said: str) -> None:
    right = (FOLDER / "covid-19.toml").read_text(encoding="utf-8")
    assert old in right
    (tmp_path / "covid-19.toml").write_text(right.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ProfileError, match=said):
        load_profile(tmp_path / "covid-19.toml")


def test_an_empty_folder_and_a_shared_prefix_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match="no disease profile"):
        load_profiles(tmp_path)
    text = (FOLDER / "covid-19.toml").read_text(encoding="utf-8")
    for code in ("one", "two"):
        (tmp_path / f"{code}.toml").write_text(text.replace('"covid-19"', f'"{code}"', 1), "utf-8")
    with pytest.raises(ProfileError, match="share a case_prefix"):
        load_profiles(tmp_path)


def test_the_window_counts_whole_local_days_around_onset() -> None:
    window = infectious_window(profile_of("covid-19"), date(2026, 11, 12), None, ZONE)
    assert window == (
        datetime(2026, 11, 9, 17, tzinfo=UTC),
        datetime(2026, 11, 22, 17, tzinfo=UTC),
    )
    assert window[1] - window[0] == timedelta(days=13)


def test_onset_decides_where_both_are_known_and_sampling_where_it_is_not() -> None:
    measles = profile_of("measles")
    onset, sampled = date(2026, 11, 12), date(2026, 11, 14)
    assert infectious_window(measles, onset, sampled, ZONE) == infectious_window(
        measles, onset, None, ZONE
    )
    from_sampling = infectious_window(measles, None, sampled, ZONE)
    assert from_sampling[0] == datetime(2026, 11, 6, 17, tzinfo=UTC)
    with pytest.raises(ValueError, match="onset or of sampling"):
        infectious_window(measles, None, None, ZONE)
