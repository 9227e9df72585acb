"""Ends the sessions that a program opened, once it has no key any more."""

from collections.abc import Mapping
from typing import Any

import structlog

from lachan.identity.clients import store
from lachan.identity.clients.service import END_SESSIONS
from lachan.jobs.queue import Job, JobContext

log = structlog.get_logger()
_AT_ONCE = 10_000


async def end_sessions(context: JobContext, payload: Mapping[str, Any]) -> None:
    """Sign everybody out who came through the program."""
    ended = 0
    while True:
        async with context.engine.begin() as connection:
            if await store.has_live_key(connection, payload["name"]):
                return  # it was given a new key meanwhile
            some = await store.end_sessions(connection, payload["name"], most=_AT_ONCE)
        ended += some
        if some < _AT_ONCE:
            break
    log.info("client_sessions_ended", ended=ended)


JOBS = (Job(END_SESSIONS, end_sessions),)
