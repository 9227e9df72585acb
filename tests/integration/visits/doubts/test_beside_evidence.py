"""A doubted visit still makes a contact, and the tracer reads what speaks against it."""

from datetime import timedelta

import asyncpg
import httpx
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.jobs.queue import JobContext
from lachan.kit.clock import local_day, now
from lachan.settings import Settings
from lachan.tracing.tasks import run_trace
from lachan.visits.doubts import tasks
from tests.conftest import AREA, Database, MakeOfficer, MakeResident, Someone
from tests.integration.cases.conftest import Enrol, enrol
from tests.integration.visits.doubts.conftest import SAI_GON, PutPlace, PutVisit

__all__ = ["enrol"]

PHONE = "0912345678"


async def case_of(client: httpx.AsyncClient, tracer: Someone, day: str) -> int:
    made = await client.post(
        "/api/v1/cases",
        json={
            "person": {"phone": PHONE},
            "disease": "covid-19",
            "classification": "confirmed",
            "sampled_on": day,
            "area": AREA,
        },
        headers=tracer.headers,
    )
    assert made.status_code == 201, made.text
    number = made.json()["id"]
    assert isinstance(number, int)
    return number


async def test_the_tracer_reads_the_doubt_beside_the_evidence(
    client: httpx.AsyncClient,
    owner: AsyncEngine,
    database: Database,
    settings: Settings,
    make_officer: MakeOfficer,
    make_resident: MakeResident,
    put_place: PutPlace,
    put_visit: PutVisit,
    enrol: Enrol,
    job_context: JobContext,
) -> None:
    tracer = await make_officer("tracer", AREA)
    sick, met = await enrol(PHONE), await make_resident(area=AREA)
    here, far = await put_place(proof="optional"), await put_place(SAI_GON)
    began = now() - timedelta(hours=20)
    await put_visit(sick, here, began, minutes=120, end_source="scanned")
    await put_visit(met.id, far, began - timedelta(minutes=10), minutes=5)
    await put_visit(met.id, here, began, minutes=100, end_source="scanned", proof="challenge")
    await tasks.look(job_context, {})
    case = await case_of(client, tracer, local_day(now(), settings.zone).isoformat())
    run = await client.post(
        f"/api/v1/cases/{case}/traces", json={"max_level": 1}, headers=tracer.headers
    )
    await run_trace(job_context, {"run": run.json()["run_id"]})
    listed = await client.get(f"/api/v1/cases/{case}/contacts", headers=tracer.headers)
    (contact,) = listed.json()["items"]
    assert contact["person_id"] == met.id
    told = await client.get(f"/api/v1/contacts/{contact['id']}", headers=tracer.headers)
    (evidence,) = told.json()["evidence"]
    doubt, other = evidence["doubts"]
    assert doubt["kind"] == "double_presence"
    assert doubt["visit_id"] == evidence["visit_id"]
    assert (other["kind"], other["visit_id"]) == ("unproved", evidence["source_visit_id"])
    assert "1144 km" in doubt["sentence"].replace(".", "").replace(",", "")
    page = await client.get(
        f"/desk/contacts/{contact['id']}", headers={**tracer.headers, "accept": "text/html"}
    )
    assert "Lượt của người này:" in page.text
    assert "một người không thể có mặt ở cả hai nơi" in page.text
    assert "Lượt của người nguồn:" in page.text
    timeline = await client.get(f"/api/v1/cases/{case}/timeline", headers=tracer.headers)
    (visit,) = [item for item in timeline.json()["items"] if item["kind"] == "visit"]
    assert [doubt["kind"] for doubt in visit["doubts"]] == ["unproved"]
    page = await client.get(
        f"/desk/cases/{case}", headers={**tracer.headers, "accept": "text/html"}
    )
    assert "nhưng lượt này không kèm mã" in page.text

    raw = await asyncpg.connect(database.dsn("app"))
    try:
        for someone, seen in (
            (tracer, 2),
            (await make_officer("tracer", "VN.79"), 0),
            (await make_officer("admin", "VN"), 0),
            (met, 0),
        ):
            await raw.execute("SELECT set_config('lachan.session', $1, false)", someone.token)
            # The visit in the south is doubted too, and nobody's evidence; the row may be read.
            rows = await raw.fetch("SELECT DISTINCT person_id FROM visit_doubt")
            assert len(rows) == seen, someone
    finally:
        await raw.close()
    async with owner.connect() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM visit")) == 3
