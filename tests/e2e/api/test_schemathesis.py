"""Schemathesis attacks the running API by its own document, as each kind of caller.

Whatever comes, the answer is one that the document announces: never a 500, never another shape.
"""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import MakeOfficer, MakeResident
from tests.e2e.conftest import Live

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
)
CALLERS = ("nobody", "resident", "tracer", "admin", "auditor")


@pytest.mark.parametrize("caller", CALLERS)
async def test_the_api_keeps_to_its_document(
    live: Live,
    live_resident: MakeResident,
    live_officer: MakeOfficer,
    tmp_path: Path,
    caller: str,
) -> None:
    headers = []
    if caller == "resident":
        headers = ["-H", f"Authorization: Bearer {(await live_resident()).token}"]
    elif caller != "nobody":
        headers = ["-H", f"Authorization: Bearer {(await live_officer(caller, 'VN.01')).token}"]
    command = [
        *(str(Path(sys.executable).with_name("st")), "run", f"{live.url}/api/openapi.json"),
        *headers,
        *("--checks", ",".join(CHECKS)),
        *("--phases", "examples,coverage,fuzzing"),
        *("--max-examples", "6"),
        # Streams never end; a drill makes thousands of people.
        *("--exclude-path-regex", r"/(events|live)$|/api/v1/drills"),
        *("--request-timeout", "10"),
        *("--max-failures", "5"),
        *("--seed", "20210716"),
        *("--suppress-health-check", "all"),
        *("--generation-database", "none"),
        "--no-color",
        "--no-shrink",
    ]
    done = await asyncio.to_thread(
        subprocess.run,
        command,
        capture_output=True,
        text=True,
        timeout=600,
        cwd=tmp_path,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
