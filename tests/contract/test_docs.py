"""What is written about the program is true of the program."""

import re
import sys
from pathlib import Path

import pytest
import yaml
from prometheus_client import REGISTRY

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
sys.path.insert(0, str(ROOT / "tools" / "docs"))

import build as reference  # noqa: E402 - a tool, not a package

ALERTS = ROOT / "deploy" / "prometheus" / "alerts.yml"
WATCH = ROOT / "deploy" / "bin" / "lachan-watch"
ADRS = sorted((DOCS / "adr").glob("*.md"))
PLAYBOOKS = sorted((DOCS / "playbooks").glob("*.md"))
# Written by hand; the reference pages are written from the program.
PAGES = [
    *sorted(ROOT.glob("*.md")),
    *sorted(path for path in DOCS.rglob("*.md")),
    ROOT / "deploy" / "README.md",
]
ADR_HEADINGS = ["Context", "Decision", "Consequences", "Alternatives", "Test"]
PLAYBOOK_HEADINGS = ["What it means", "How to look", "What to do", "Who to tell"]
# Of Prometheus itself and of the node exporter.
FOREIGN_METRICS = {"up", "node_filesystem_avail_bytes"}
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)|<(?:img|source)[^>]*?src(?:set)?=\"([^\"]+)\"")
_METRIC = re.compile(r"\b(?:lachan|node)_[a-z0-9_]+|\bup\b")
_VARIABLE = re.compile(r"\bLACHAN_[A-Z_]*[A-Z]\b(?![*_])")
_TEST_FILE = re.compile(r"`(tests/[\w/]+\.py)`")


def alerts() -> list[dict[str, object]]:
    [group] = yaml.safe_load(ALERTS.read_text())["groups"]
    return list(group["rules"])


def headings(path: Path, level: int = 2) -> list[str]:
    mark = "#" * level + " "
    return [line[len(mark) :] for line in path.read_text().splitlines() if line.startswith(mark)]


def anchors(path: Path) -> set[str]:
    """Anchors as they are made on the pages of a repository: lower case, blanks to hyphens."""
    found = set()
    for line in path.read_text().splitlines():
        if line.startswith("#"):
            words = re.sub(r"[^\w\s-]", "", line.lstrip("#").strip().lower())
            found.add(re.sub(r"\s", "-", words))
    return found


def links(path: Path) -> list[str]:
    text = re.sub(r"```.*?```", "", path.read_text(), flags=re.DOTALL)
    return [one or other for one, other in _LINK.findall(text)]


def own_metrics() -> set[str]:
    """Every name under which a metric of ours can be asked for."""
    names: set[str] = set()
    for family in REGISTRY.collect():
        if family.name.startswith("lachan_"):
            suffixes = {
                "counter": ("_total",),
                "histogram": ("_bucket", "_count", "_sum"),
            }.get(family.type, ("",))
            names |= {family.name + suffix for suffix in suffixes}
    return names


def watched_metrics() -> set[str]:
    """What `lachan-watch` writes."""
    return set(re.findall(r"lachan_watch_[a-z_]+", WATCH.read_text()))


@pytest.mark.parametrize("name", reference.PAGES)
def test_reference_pages_say_what_the_program_says(name: str) -> None:
    path = reference.REFERENCE / name
    assert path.read_text() == reference.PAGES[name](), "run: .venv/bin/python tools/docs/build.py"


def test_every_alert_asks_for_metrics_that_exist() -> None:
    known = own_metrics() | watched_metrics() | FOREIGN_METRICS
    for alert in alerts():
        # Values of labels are not metrics.
        asked = set(_METRIC.findall(re.sub(r'"[^"]*"', '""', str(alert["expr"]))))
        assert asked, alert["alert"]
        assert asked <= known, f"{alert['alert']}: {asked - known}"


def test_alerts_ask_only_for_what_the_web_process_counts() -> None:
    """The worker serves no /metrics, so an alert on its counters would never ring."""
    of_the_worker = ("lachan_jobs_", "lachan_job_", "lachan_trace_", "lachan_warnings_sent")
    silent = [
        alert["alert"]
        for alert in alerts()
        if any(name.startswith(of_the_worker) for name in _METRIC.findall(str(alert["expr"])))
    ]
    assert silent == []


def test_routes_that_alerts_name_exist() -> None:
    paths = set(re.findall(r"`(/[^`]*)`", reference.routes_page()))
    for alert in alerts():
        for asked in re.findall(r'route=~?"([^"]+)"', str(alert["expr"])):
            for one in asked.split("|"):
                pattern = re.escape(one).replace(r"\.\*", ".*")
                assert any(re.fullmatch(pattern, path) for path in paths), one


def test_every_alert_has_a_page_and_every_page_an_alert() -> None:
    pages = {}
    for alert in alerts():
        page = ROOT / str(alert["annotations"]["playbook"])  # type: ignore[index]
        assert page.is_file(), f"{alert['alert']}: no {page.name}"
        assert f"Alert `{alert['alert']}`" in page.read_text()
        assert alert["labels"] in ({"severity": "page"}, {"severity": "ticket"})
        pages[page] = alert["alert"]
    assert sorted(pages) == PLAYBOOKS


@pytest.mark.parametrize("path", PLAYBOOKS, ids=lambda path: path.stem)
def test_a_playbook_says_what_to_do_and_whom_to_tell(path: Path) -> None:
    assert headings(path) == PLAYBOOK_HEADINGS
    assert path in {(DOCS / link).resolve() for link in links(DOCS / "README.md")}


@pytest.mark.parametrize("path", ADRS, ids=lambda path: path.stem)
def test_a_decision_has_its_parts_and_a_test_that_holds_it(path: Path) -> None:
    assert headings(path) == ADR_HEADINGS
    assert headings(path, level=1)[0].startswith(f"{int(path.name[:4])}. ")
    last = path.read_text().split("## Test")[1]
    tests = _TEST_FILE.findall(last)
    assert tests, "no test is named"
    for test in tests:
        assert (ROOT / test).is_file(), test
    assert path in {(DOCS / link).resolve() for link in links(DOCS / "README.md")}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(path: Path) -> None:
    for link in links(path):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        target = (path.parent / name).resolve() if name else path
        assert target.exists(), f"{path.name}: {link}"
        if anchor and target.suffix == ".md":
            assert anchor in anchors(target), f"{path.name}: {link}"


def test_every_page_is_reached_from_the_index() -> None:
    reached = {DOCS / "README.md"}
    waiting = [DOCS / "README.md", ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        for link in links(page):
            target = (page.parent / link.partition("#")[0]).resolve()
            if target.suffix == ".md" and target.is_file() and target not in reached:
                reached.add(target)
                waiting.append(target)
    lost = [str(path.relative_to(ROOT)) for path in DOCS.rglob("*.md") if path not in reached]
    assert lost == []


def test_files_that_documents_name_exist() -> None:
    """`src/...`, `tests/...`, `tools/...`, `deploy/...` in backticks are real paths."""
    named = re.compile(r"`((?:src|tests|tools|deploy|bench)/[\w./-]+)`")
    for page in PAGES:
        for name in named.findall(page.read_text()):
            assert (ROOT / name).exists(), f"{page.name}: {name}"


def test_settings_that_documents_name_exist() -> None:
    sources = [
        ROOT / "Makefile",
        *(ROOT / "src" / "lachan").rglob("*.py"),
        *(path for path in (ROOT / "tools" / "setup").iterdir() if path.is_file()),
    ]
    # Read one by one from the environment, beside the settings: LACHAN_PG_BIN and the like.
    beside = {name for path in sources for name in _VARIABLE.findall(path.read_text())}
    known = beside | set(_VARIABLE.findall(reference.settings_page()))
    for page in PAGES:
        for name in _VARIABLE.findall(page.read_text()):
            assert name in known, f"{page.name}: {name}"


def test_pictures_stay_small() -> None:
    sizes = {path.name: path.stat().st_size for path in (DOCS / "images").glob("*.png")}
    assert all(size < 200_000 for size in sizes.values()), sizes
    assert sum(sizes.values()) < 1_500_000


def test_pictures_are_shown() -> None:
    shown = {(page.parent / link).resolve() for page in PAGES for link in links(page)}
    assert [path.name for path in (DOCS / "images").iterdir() if path not in shown] == []
