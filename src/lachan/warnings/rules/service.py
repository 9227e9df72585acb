"""Versions of the rules: drafted, tried on past cases, published by an admin, never rewritten."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.diseases import store as versions
from lachan.diseases.rules import Rule, RuleError, rule_from
from lachan.identity import audit
from lachan.jobs.queue import enqueue
from lachan.kit.errors import NotAllowed, NotFound
from lachan.kit.http.access import Viewer
from lachan.warnings import errors
from lachan.warnings.domain import is_under
from lachan.warnings.rules import store

ROLE = "admin"
TRY = "warnings.try_rule"


@dataclass(frozen=True, slots=True)
class Trial:
    """A version tried on past cases; `row` is None while nobody asked for it."""

    row: Row[Any]
    cases: Sequence[Row[Any]]

    @property
    def would(self) -> int:
        return sum(case.would for case in self.cases)

    @property
    def present(self) -> int:
        return sum(case.present for case in self.cases)

    @property
    def gained(self) -> int:
        return sum(case.gained for case in self.cases)

    @property
    def lost(self) -> int:
        return sum(case.lost for case in self.cases)


def areas_of(viewer: Viewer) -> list[str]:
    """Where the officer may make versions: the country or provinces, never a single ward."""
    return [root for root in viewer.roots(ROLE) if root.count(".") <= 1]


async def access_version(connection: AsyncConnection, rule_id: int) -> Row[Any]:
    """A kept version. Raises `NotFound`."""
    row = await versions.find(connection, rule_id)
    if row is None:
        raise NotFound
    return row


async def draft(
    connection: AsyncConnection,
    viewer: Viewer,
    *,
    disease: str,
    area: str,
    body: Mapping[str, Any],
    reason: str,
) -> int:
    """Keep a version that is not in force yet; its number.

    Raises `RuleWrong` naming the part that cannot be, `NotAllowed` outside the officer's areas,
    `DiseaseUnknown`.
    """
    if area.count(".") > 1 or not is_under(area, viewer.roots(ROLE)):
        raise NotAllowed
    current = await versions.in_force(connection, disease, area)
    try:
        rule = rule_from(
            {"source": current.source, **body}, disease=disease, area=area, version="", rule_id=None
        )
    except RuleError as error:
        raise errors.RuleWrong(fields={error.field: "rules-field-wrong"}) from None
    made = await versions.insert(
        connection,
        disease=disease,
        area=area,
        body=orjson.dumps(rule.body()).decode(),
        reason=reason,
        officer=viewer.officer,
    )
    await audit.record(
        connection, viewer, "rule.drafted", area=area, object=f"rule:{made}", reason=reason
    )
    return made


async def start_trial(connection: AsyncConnection, viewer: Viewer, rule_id: int) -> int:
    """Try a version on past cases beside the one in force. Raises `NotFound`, `NotAllowed`."""
    row = await access_version(connection, rule_id)
    _check_mine(viewer, row)
    present = await versions.in_force(connection, row.disease, row.area)
    trial = await store.insert_trial(
        connection,
        rule_id=rule_id,
        area=row.area,
        present=present.version,
        officer=viewer.officer,
    )
    await enqueue(connection, TRY, {"trial": trial})
    return trial


def _check_mine(viewer: Viewer, row: Row[Any]) -> None:
    if not is_under(row.area, viewer.roots(ROLE)):
        raise NotAllowed


async def newest_trial(connection: AsyncConnection, rule_id: int) -> Trial | None:
    """The newest trial of a version with its cases, None when there is none."""
    row = await store.newest_trial(connection, rule_id)
    if row is None:
        return None
    return Trial(row, await store.cases_of(connection, row.id))


async def publish(connection: AsyncConnection, viewer: Viewer, rule_id: int) -> None:
    """Put a version in force: every trace asked for from now on goes by it.

    Raises `NotFound`, `NotAllowed`, `RulePublished`, `RuleUntried`.
    """
    row = await access_version(connection, rule_id)
    _check_mine(viewer, row)
    if row.published_at is not None:
        raise errors.RulePublished
    trial = await store.newest_trial(connection, rule_id)
    if trial is None or trial.state != "done":
        raise errors.RuleUntried
    if not await versions.publish(connection, rule_id, viewer.officer):
        raise errors.RulePublished
    await audit.record(
        connection,
        viewer,
        "rule.published",
        area=row.area,
        object=f"rule:{rule_id}",
        reason=row.reason,
    )


async def rule_in_force(connection: AsyncConnection, disease: str, area: str) -> Rule:
    """The version by which cases of `area` are worked now. Raises `DiseaseUnknown`."""
    return await versions.in_force(connection, disease, area)
