"""What a phone sends that kept scans for a while: whose they are, and until when one stays."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
import pytest

from tests.conftest import MakeResident
from tests.integration.visits.conftest import MakePlace, Scan


async def test_a_kept_scan_never_becomes_the_visit_of_the_next_person_on_the_phone(
    client: httpx.AsyncClient, make_resident: MakeResident, make_place: MakePlace
) -> None:
    first, second, place = await make_resident(), await make_resident(), await make_place()
    body = {"scan_id": str(uuid4()), "code": place.code}
    whose = {"X-Lachan-Person": str(first.id)}
    refused = await client.post("/api/v1/visits", json=body, headers=second.headers | whose)
    assert (refused.status_code, refused.json()["code"]) == (409, "scan-of-another")
    seen = await client.get("/api/v1/me/visits", headers=second.headers)
    assert seen.json()["visits"] == []
    taken = await client.post("/api/v1/visits", json=body, headers=first.headers | whose)
    assert taken.status_code == 201


async def test_until_the_event_ends_is_kept_over_the_usual_stay(
    make_resident: MakeResident, make_place: MakePlace, scan: Scan
) -> None:
    person, place = await make_resident(), await make_place("food", stay=60)
    ends = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=5)
    visit = (await scan(person, place, until=ends.isoformat())).json()["visit"]
    assert datetime.fromisoformat(visit["ends_at"]) == ends
    assert visit["open"]
    assert visit["end_source"] == "expected"


@pytest.mark.parametrize("hours", [-1, 25])
async def test_no_event_is_over_before_it_began_or_longer_than_a_day(
    make_resident: MakeResident, make_place: MakePlace, scan: Scan, hours: int
) -> None:
    person, place = await make_resident(), await make_place()
    ends = datetime.now(UTC) + timedelta(hours=hours)
    refused = await scan(person, place, until=ends.isoformat())
    assert (refused.status_code, refused.json()["code"]) == (422, "impossible-times")
    assert list(refused.json()["fields"]) == ["until"]
