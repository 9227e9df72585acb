"""Every job that is queued anywhere has a worker, and no two share a name."""

import re
from collections import Counter
from pathlib import Path

import lachan
from lachan.jobs.registry import all_jobs

SOURCES = Path(lachan.__file__).parent


def test_no_two_jobs_share_a_name() -> None:
    names = Counter(job.name for job in all_jobs())
    assert [name for name, times in names.items() if times > 1] == []


def test_every_queued_job_has_a_worker() -> None:
    known = {job.name for job in all_jobs()}
    queued = set()
    for path in SOURCES.rglob("*.py"):
        text = path.read_text()
        constants = dict(re.findall(r'^([A-Z_]+)\s*=\s*"([a-z_]+\.[a-z_]+)"', text, re.MULTILINE))
        for argument in re.findall(r"enqueue\(\s*connection,\s*([^,]+),", text):
            literal = argument.strip().strip('"')
            queued.add(constants.get(literal, literal))
    queued = {name for name in queued if re.fullmatch(r"[a-z_]+\.[a-z_]+", name)}
    assert queued, "the search for queued jobs finds nothing any more"
    assert queued - known == set()
