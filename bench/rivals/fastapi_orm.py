"""The scan endpoint written the usual way: FastAPI, SQLAlchemy's async ORM, a commit a request.

Same tables, same rules, same answer, the same checks on the same durable PostgreSQL; written as the
tutorials of both libraries show it, with care (keyed look-ups, one session a request, no lazy
loading), and without anything a reviewer would call slow on purpose.
"""

import hashlib
import os
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, ClassVar
from uuid import UUID

from fastapi import Depends, FastAPI, Header, HTTPException
from pydantic import BaseModel
from sqlalchemy import BigInteger, DateTime, Identity, Text, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from lachan.kit.clock import local_day
from lachan.kit.ids import normalise_code, uuid7
from lachan.places.kinds import kind_of
from lachan.settings import Settings
from lachan.visits.domain import Direction, EndSource, Outcome, Spot, Stay, decide
from lachan.visits.schemas import PlaceOut, ScanIn, VisitOut

ZONE = Settings().zone


class Base(DeclarativeBase):
    type_annotation_map: ClassVar = {datetime: DateTime(timezone=True), str: Text}


class Session(Base):
    __tablename__ = "session"
    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    person_id: Mapped[int | None] = mapped_column(BigInteger)
    client: Mapped[str]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class Place(Base):
    __tablename__ = "place"
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    name: Mapped[str]
    kind: Mapped[str]
    state: Mapped[str]
    usual_stay_minutes: Mapped[int | None]


class PlaceCode(Base):
    __tablename__ = "place_code"
    code: Mapped[str] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(BigInteger)
    room_id: Mapped[int | None] = mapped_column(BigInteger)
    revoked_at: Mapped[datetime | None]


class Visit(Base):
    __tablename__ = "visit"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(BigInteger)
    place_id: Mapped[int] = mapped_column(BigInteger)
    room_id: Mapped[int | None] = mapped_column(BigInteger)
    started_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    end_source: Mapped[str]
    source: Mapped[str]
    client: Mapped[str]
    offline: Mapped[bool]


class Scan(Base):
    __tablename__ = "scan"
    person_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    scan_id: Mapped[UUID] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    visit_id: Mapped[UUID | None]
    visit_day: Mapped[date | None]
    place_id: Mapped[int] = mapped_column(BigInteger)
    room_id: Mapped[int | None] = mapped_column(BigInteger)
    outcome: Mapped[str]
    client: Mapped[str]
    at: Mapped[datetime]
    device_at: Mapped[datetime | None]
    received_at: Mapped[datetime]


class LastVisit(Base):
    __tablename__ = "last_visit"
    person_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    visit_id: Mapped[UUID]
    day: Mapped[date]
    place_id: Mapped[int] = mapped_column(BigInteger)
    room_id: Mapped[int | None] = mapped_column(BigInteger)
    started_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    end_source: Mapped[str]


class Answer(BaseModel):
    outcome: Outcome
    visit: VisitOut | None


engine = create_async_engine(os.environ["RIVAL_DATABASE_URL"], pool_size=20, max_overflow=20)
sessions = async_sessionmaker(engine, expire_on_commit=False)
app = FastAPI()


async def database() -> AsyncIterator[AsyncSession]:
    async with sessions() as session:
        yield session


Database = Annotated[AsyncSession, Depends(database, scope="function")]


async def signed_in(authorization: Annotated[str, Header()], db: Database) -> Session:
    token = authorization.removeprefix("Bearer ")
    found = await db.get(Session, hashlib.sha256(token.encode()).digest())
    if found is None or found.revoked_at or found.expires_at < datetime.now(UTC):
        raise HTTPException(401)
    return found


@app.get("/readyz")
async def readyz() -> dict[str, str]:
    return {"status": "ready"}


@app.post("/api/v1/visits", status_code=201)
async def scan(body: ScanIn, who: Annotated[Session, Depends(signed_in)], db: Database) -> Answer:
    person = who.person_id
    assert person is not None
    received_at = datetime.now(UTC)
    at = min(body.at or received_at, received_at)
    today = local_day(at, ZONE)
    code = normalise_code(body.code)
    posted = await db.get(PlaceCode, code) if code else None
    place = await db.get(Place, posted.place_id) if posted else None
    if posted is None or place is None or posted.revoked_at or place.state != "active":
        raise HTTPException(404)
    known = await db.scalar(
        select(Scan).where(
            Scan.person_id == person,
            Scan.scan_id == body.scan_id,
            Scan.day.between(today - timedelta(days=1), today + timedelta(days=1)),
        )
    )
    last = await db.get(LastVisit, person, with_for_update=True)
    stay = None
    if last is not None:
        stay = Stay(
            last.visit_id,
            last.place_id,
            last.room_id,
            last.started_at,
            last.ends_at,
            EndSource(last.end_source),
        )
    if known is not None:
        return _answer(Outcome(known.outcome), stay, place, posted, received_at)
    minutes = place.usual_stay_minutes or kind_of(place.kind).usual_stay_minutes
    spot = Spot(place.id, posted.room_id, timedelta(minutes=minutes))
    decision = decide(stay, None, spot, Direction(body.direction), at)
    if decision.end is not None and stay is not None and last is not None:
        visit = await db.get(Visit, (stay.visit_id, last.day))
        assert visit is not None
        stay.ends_at, stay.end_source = decision.end
        visit.ends_at, visit.end_source = decision.end[0], decision.end[1].value
        last.ends_at, last.end_source = decision.end[0], decision.end[1].value
    if decision.begin_until is not None:
        stay = Stay(
            uuid7(int(at.timestamp() * 1000)),
            spot.place_id,
            spot.room_id,
            at,
            decision.begin_until,
            EndSource.EXPECTED,
        )
        db.add(
            Visit(
                id=stay.visit_id,
                day=today,
                person_id=person,
                place_id=spot.place_id,
                room_id=spot.room_id,
                started_at=at,
                ends_at=stay.ends_at,
                end_source=stay.end_source.value,
                source="app",
                client=who.client,
                offline=False,
            )
        )
        if last is None:
            last = LastVisit(person_id=person)
            db.add(last)
        last.visit_id, last.day = stay.visit_id, today
        last.place_id, last.room_id = stay.place_id, stay.room_id
        last.started_at, last.ends_at = stay.started_at, stay.ends_at
        last.end_source = stay.end_source.value
    db.add(
        Scan(
            person_id=person,
            scan_id=body.scan_id,
            day=today,
            visit_id=stay.visit_id if stay else None,
            visit_day=last.day if last else None,
            place_id=spot.place_id,
            room_id=spot.room_id,
            outcome=decision.outcome.value,
            client=who.client,
            at=at,
            device_at=body.at,
            received_at=received_at,
        )
    )
    await db.commit()
    return _answer(decision.outcome, stay, place, posted, received_at)


def _answer(
    outcome: Outcome, stay: Stay | None, place: Place, posted: PlaceCode, moment: datetime
) -> Answer:
    if stay is None:
        return Answer(outcome=outcome, visit=None)
    return Answer(
        outcome=outcome,
        visit=VisitOut(
            id=stay.visit_id,
            place=PlaceOut(code=posted.code, name=place.name, kind=place.kind),
            room=None,
            started_at=stay.started_at,
            ends_at=stay.ends_at,
            end_source=stay.end_source,
            open=stay.end_source is EndSource.EXPECTED and moment < stay.ends_at,
        ),
    )
