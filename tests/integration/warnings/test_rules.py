"""Versions of the rules: tried on past cases, published, kept; and what each would say."""

import csv
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.jobs.queue import JobContext
from lachan.warnings.rules.tasks import try_rule
from tests.conftest import AREA, MakeOfficer, Someone
from tests.integration.warnings.conftest import Station
from tests.integration.warnings.outbreak_world import make_outbreak, trace

AIR = {"outdoor": 0, "good": 15, "normal": 30, "poor": 60, "unknown": 30}
BODY: dict[str, Any] = {
    "same_room_minutes": 15,
    "same_place_minutes": 15,
    "lingering_minutes": AIR,
    "mode": "all",
    "kinds": [],
    "levels": [1, 2],
    "usual_levels": [1],
    "steps": [{"kind": "test", "levels": [1], "minutes": 60, "reasons": ["same_room"]}],
}


async def new_rule(
    client: httpx.AsyncClient, admin: Someone, *, area: str = "VN.01", **changes: object
) -> httpx.Response:
    return await client.post(
        "/api/v1/warning-rules",
        json={
            "disease": "covid-19",
            "area": area,
            "body": {**BODY, **changes},
            "reason": "Công văn thử 12/2026",
        },
        headers=admin.headers,
    )


async def tried(
    client: httpx.AsyncClient, owner: AsyncEngine, context: JobContext, admin: Someone, rule: int
) -> dict[str, Any]:
    path = f"/api/v1/warning-rules/{rule}"
    assert (await client.post(f"{path}/trials", headers=admin.headers)).status_code == 202
    async with owner.connect() as connection:
        trial = await connection.scalar(text("SELECT max(id) FROM rule_trial"))
    await try_rule(context, {"trial": trial})
    found: dict[str, Any] = (await client.get(f"{path}/trial", headers=admin.headers)).json()
    return found


async def published(
    client: httpx.AsyncClient, owner: AsyncEngine, context: JobContext, admin: Someone, rule: int
) -> None:
    await tried(client, owner, context, admin, rule)
    answer = await client.post(f"/api/v1/warning-rules/{rule}/publish", headers=admin.headers)
    assert answer.status_code == 200, answer.text


async def test_a_trial_says_whom_each_version_would_have_warned_and_publishing_makes_it_true(
    station: Station,
) -> None:
    admin, tracer = await station.make_officer("admin"), await station.make_officer("tracer")
    people = [(await station.make_resident(area=AREA)).id for _ in range(3)]
    world = await make_outbreak(station.owner, tracer.id, people)
    await trace(station.context, station.client, tracer, world.case)
    before = await station.draft(tracer, world.case)
    assert before["recipients"] == 2
    assert before["rule_version"] == "2026.1/2026.1"
    # Wider: ten minutes at the market count; narrower: markets do not.
    wider = (
        await new_rule(station.client, admin, same_room_minutes=5, same_place_minutes=5)
    ).json()["id"]
    found = await tried(station.client, station.owner, station.context, admin, wider)
    assert found["state"] == "done"
    assert (found["would"], found["present"]) == (3, 2)
    assert (found["gained"], found["lost"]) == (1, 0)
    assert found["cases"] == [
        {
            "case_code": "CA-26-1", "would": 3, "present": 2, "gained": 1, "lost": 0,
            "kinds": {"test": 1, "watch": 2},
        }
    ]  # fmt: skip
    narrower = (await new_rule(station.client, admin, mode="except", kinds=["market"])).json()["id"]
    found = await tried(station.client, station.owner, station.context, admin, narrower)
    assert (found["would"], found["present"], found["lost"]) == (1, 2, 1)
    listed = await station.client.get(
        f"/api/v1/warning-rules/{narrower}/trial",
        headers={**admin.headers, "accept": "text/csv"},
    )
    assert list(csv.reader(listed.text.splitlines()))[1] == [
        "CA-26-1", "1", "2", "0", "1", "0", "1", "0", "0",
    ]  # fmt: skip
    # The two ways of saying it agree: what is drafted is what the trial counted.
    for rule, expected in ((narrower, 1), (wider, 3)):
        await published(station.client, station.owner, station.context, admin, rule)
        await trace(station.context, station.client, tracer, world.case)
        made = await station.draft(tracer, world.case)
        assert (made["recipients"], made["rule_version"]) == (expected, str(rule))
    kinds = {share["kind"]: share["recipients"] for share in made["kinds"]}
    assert kinds == {"test": 1, "watch": 2}
    # What was drafted before is drawn up anew by the newest trace; what was sent is not.
    old = await station.client.get(f"/api/v1/warnings/{before['id']}", headers=tracer.headers)
    assert old.json()["rule_version"] == str(wider)
    assert (await station.approve(tracer, made["id"], 3)).status_code == 200
    again = (await new_rule(station.client, admin)).json()["id"]
    await published(station.client, station.owner, station.context, admin, again)
    kept = await station.client.get(f"/api/v1/warnings/{made['id']}", headers=tracer.headers)
    assert kept.json()["rule_version"] == str(wider)
    readable = await station.client.get(f"/api/v1/warning-rules/{wider}", headers=tracer.headers)
    assert readable.json()["body"]["same_place_minutes"] == 5
    assert not readable.json()["in_force"]
    for path in (
        "/desk/warning-rules?disease=covid-19",
        f"/desk/warning-rules/{wider}",
        "/desk/warning-rules/default?disease=measles",
        f"/desk/warnings/{made['id']}",
        f"/desk/warnings/new?case={world.case}",
    ):
        for lang in ("vi", "en"):
            page = await station.client.get(f"{path}{'&' if '?' in path else '?'}lang={lang}",
                                    headers=tracer.headers, follow_redirects=True)  # fmt: skip
            assert page.status_code == 200, (path, page.text[:500])
    newer = await station.client.get(
        f"/desk/warnings/new?case={world.case}&lang=vi",
        headers=tracer.headers,
        follow_redirects=True,
    )
    assert "phiên bản quy tắc mới hơn" in newer.text


async def test_a_version_is_not_published_untried_nor_twice_nor_rewritten(
    client: httpx.AsyncClient,
    owner: AsyncEngine,
    job_context: JobContext,
    make_officer: MakeOfficer,
) -> None:
    admin = await make_officer("admin")
    rule = (await new_rule(client, admin)).json()["id"]
    path = f"/api/v1/warning-rules/{rule}/publish"
    early = await client.post(path, headers=admin.headers)
    assert (early.status_code, early.json()["code"]) == (409, "rule-untried")
    await published(client, owner, job_context, admin, rule)
    again = await client.post(path, headers=admin.headers)
    assert (again.status_code, again.json()["code"]) == (409, "rule-published")
    with pytest.raises(Exception, match="not rewritten"):
        async with owner.begin() as connection:
            await connection.execute(text("UPDATE disease_rule SET body = '{}'"))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"same_place_minutes": 10}, "same_place_minutes"),
        ({"mode": "only", "kinds": []}, "kinds"),
        ({"usual_levels": [3]}, "usual_levels"),
    ],
)
async def test_versions_that_cannot_be(
    client: httpx.AsyncClient, make_officer: MakeOfficer, changes: dict[str, object], field: str
) -> None:
    admin = await make_officer("admin")
    answer = await new_rule(client, admin, **changes)
    assert (answer.status_code, answer.json()["code"]) == (422, "rule-wrong")
    assert list(answer.json()["fields"]) == [field]


async def test_who_may_make_versions(station: Station) -> None:
    admin, tracer = await station.make_officer("admin"), await station.make_officer("tracer")
    elsewhere, ward = (
        await station.make_officer("admin", "VN.79"),
        await station.make_officer("admin", AREA),
    )
    resident = await station.make_resident()
    for who in (tracer, elsewhere, ward, resident):
        assert (await new_rule(station.client, who)).status_code == 403
    assert (await new_rule(station.client, admin, area="VN")).status_code == 403
    assert (await new_rule(station.client, ward, area=AREA)).status_code == 403
    rule = (await new_rule(station.client, admin)).json()["id"]
    path = f"/api/v1/warning-rules/{rule}"
    for verb in ("trials", "publish"):
        answer = await station.client.post(f"{path}/{verb}", headers=elsewhere.headers)
        assert answer.status_code == 403
    assert (await station.client.get(path, headers=resident.headers)).status_code == 403
    assert (await station.client.get(path)).status_code == 401
    await tried(station.client, station.owner, station.context, admin, rule)
    assert (await station.client.get(f"{path}/trial", headers=elsewhere.headers)).status_code == 404


async def test_the_form_makes_and_tries_a_version(
    client: httpx.AsyncClient, make_officer: MakeOfficer
) -> None:
    admin = await make_officer("admin", "VN")
    new = await client.get("/desk/warning-rules/new?disease=covid-19", headers=admin.headers)
    assert new.status_code == 200
    form = {
        "area": "VN",
        "same_room_minutes": "20",
        "same_place_minutes": "",
        **{f"air_{name}": str(minutes) for name, minutes in AIR.items()},
        "mode": "except",
        "kinds": ["park"],
        "levels": ["1", "2"],
        "usual_levels": ["1"],
        "step_1_kind": "call_me",
        "step_1_first": "1",
        "step_1_last": "2",
        "step_1_minutes": "30",
        "step_1_reason": "household",
        "reason": '=HYPERLINK("x") <script>alert(1)</script>',
    }
    wrong = await client.post(
        "/desk/warning-rules?disease=covid-19",
        data={**form, "same_room_minutes": "nhiều", "reason": ""},
        headers=admin.headers,
    )
    assert wrong.status_code == 422
    assert "Giá trị này không dùng được" in wrong.text
    made = await client.post(
        "/desk/warning-rules?disease=covid-19", data=form, headers=admin.headers
    )
    assert made.status_code == 303, made.text
    shown = await client.get(made.headers["location"], headers=admin.headers)
    assert "Không tính, phải ở cùng phòng" in shown.text
    assert "<script>alert" not in shown.text
    assert "Đang chạy thử" in shown.text
