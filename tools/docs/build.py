"""Writes the reference pages from the program itself.

Settings, error codes, metrics, commands, routes, jobs. A test runs this and compares, so the
pages cannot drift.

    .venv/bin/python tools/docs/build.py [--check]
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import click
import typer
from fastapi.routing import APIRoute
from fluent.syntax import FluentParser, FluentSerializer, ast
from prometheus_client import REGISTRY
from pydantic import BaseModel, SecretStr
from pydantic_core import PydanticUndefined
from starlette.routing import Mount

from lachan.app import create_app
from lachan.cli import app as commands
from lachan.jobs.registry import all_jobs
from lachan.kit.crypto import new_keyring
from lachan.kit.errors import all_problems
from lachan.kit.http.access import Access, PlainRoute
from lachan.kit.i18n import FOLDER
from lachan.settings import Settings
from lachan.storage.roles import RoleUrls

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"
_NOTE = "Written by `tools/docs/build.py` from the program; do not edit by hand."
_NOWHERE = "postgresql+asyncpg://nobody@localhost/nothing"


def _page(title: str, lead: str, lines: list[str]) -> str:
    return "\n".join([f"# {title}", "", lead, "", _NOTE, "", *lines]).rstrip() + "\n"


def _default(value: object) -> str:
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    if value is None or value is PydanticUndefined or value == "":
        return "(empty)"
    return f"`{value}`"


def settings_page() -> str:
    """Every LACHAN_* variable, its default and what it does."""
    lines = []
    top = [
        (name, field)
        for name, field in Settings.model_fields.items()
        if not (isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel))
    ]
    sections: list[tuple[str, str, list[tuple[str, object]]]] = [("General", "", list(top))]
    for name, field in Settings.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            fields = list(field.annotation.model_fields.items())
            sections.append((name.capitalize(), f"{name.upper()}_", fields))
    for title, prefix, fields in sections:
        lines += [f"## {title}", "", "| variable | default | what it does |", "|---|---|---|"]
        lines += [
            f"| `LACHAN_{prefix}{name.upper()}` | {_default(field.default)} | {field.description} |"
            for name, field in fields
        ]
        lines.append("")
    return _page("Settings", "Environment variables, read once at start.", lines)


def _sentences(lang: str) -> dict[str, str]:
    """Messages by key, their arguments still open: `{ $days }`."""
    found = {}
    for path in sorted((FOLDER / lang).glob("*.ftl")):
        for entry in FluentParser().parse(path.read_text(encoding="utf-8")).body:
            if isinstance(entry, ast.Message) and entry.value is not None:
                text = FluentSerializer().serialize_entry(entry).partition("=")[2]
                found[entry.id.name] = " ".join(text.split())
    return found


def errors_page() -> str:
    """Every error code, its status and its sentences."""
    english, vietnamese = _sentences("en"), _sentences("vi")
    lines = ["| code | status | English | Vietnamese |", "|---|---:|---|---|"]
    for code, problem in sorted(all_problems().items()):
        key = f"error-{code}"
        lines.append(f"| `{code}` | {problem.status} | {english[key]} | {vietnamese[key]} |")
    lead = (
        "Errors are RFC 9457 `application/problem+json`: `type`, `title`, `status`, `detail`, the "
        "stable `code`, and `fields` with a sentence for each input that was wrong."
    )
    return _page("Error codes", lead, lines)


def metrics_page() -> str:
    """Every metric of /metrics that is ours."""
    lines = ["| metric | kind | what it measures |", "|---|---|---|"]
    for family in sorted(REGISTRY.collect(), key=lambda one: one.name):
        if family.name.startswith("lachan_"):
            suffix = "_total" if family.type == "counter" else ""
            lines.append(f"| `{family.name}{suffix}` | {family.type} | {family.documentation} |")
    lead = "`/metrics` in Prometheus' text format. No label names a person or a place."
    return _page("Metrics", lead, lines)


def _walk(command: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
    if isinstance(command, click.Group) or hasattr(command, "commands"):
        for name, child in sorted(command.commands.items()):
            yield from _walk(child, f"{path} {name}")
    else:
        yield path, command


def commands_page() -> str:
    """Every command with its options."""
    lines = []
    for path, command in _walk(typer.main.get_command(commands), "lachan"):
        help_text = " ".join((command.help or "").split("\f")[0].split())
        lines += [f"## `{path}`", "", help_text, ""]
        rows = []
        for parameter in command.params:
            if parameter.name == "help":
                continue
            names = ", ".join(f"`{name}`" for name in parameter.opts)
            told = " ".join((getattr(parameter, "help", None) or "").split())
            rows.append(f"| {names} | {told} |")
        if rows:
            lines += ["| option | what it does |", "|---|---|", *rows, ""]
    return _page("Commands", "`lachan COMMAND --help` says the same.", lines)


def access_of(route: object) -> str | None:
    """Who may call a route, as it declares; None when it is silent."""
    if isinstance(route, PlainRoute):
        access = getattr(route.endpoint, "access", None)
        return access.name if access is not None else None
    if isinstance(route, APIRoute):
        waiting = list(route.dependant.dependencies)
        while waiting:
            one = waiting.pop()
            if isinstance(one.call, Access):
                return one.call.name
            waiting += one.dependencies
    return None


def _routes() -> list[object]:
    """All routes, those of included routers too."""
    app = create_app(Settings(), RoleUrls(_NOWHERE, _NOWHERE, _NOWHERE), new_keyring())
    return [route for route in flat(app.router.routes) if hasattr(route, "methods")]


def flat(routes: list[object]) -> Iterator[object]:
    """Routes with included routers opened up."""
    for route in routes:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from flat(list(inner.routes))
        elif not isinstance(route, Mount):
            yield route


def routes_page() -> str:
    """Every route and who may call it."""
    rows = set()
    for route in _routes():
        methods = ", ".join(sorted(route.methods - {"HEAD"}))
        if route.path == "/api/openapi.json":
            continue
        rows.add((route.path, methods, access_of(route) or "UNDECLARED"))
    lines = ["| address | verbs | who may call it |", "|---|---|---|"]
    lines += [f"| `{path}` | {methods} | {who} |" for path, methods, who in sorted(rows)]
    lead = "The API in machine-readable form is at `/api/openapi.json`."
    return _page("Routes", lead, lines)


def jobs_page() -> str:
    """Every kind of job."""
    lines = ["| job | when | what it does |", "|---|---|---|"]
    for job in sorted(all_jobs(), key=lambda one: one.name):
        told = " ".join((job.run.__doc__ or "").split("\n\n")[0].split())
        lines.append(
            f"| `{job.name}` | {f'`{job.schedule}`' if job.schedule else 'queued'} | {told} |"
        )
    return _page("Jobs", "What `lachan worker` runs.", lines)


PAGES = {
    "settings.md": settings_page,
    "errors.md": errors_page,
    "metrics.md": metrics_page,
    "commands.md": commands_page,
    "routes.md": routes_page,
    "jobs.md": jobs_page,
}


def main() -> int:
    """Write the pages, or with --check say which are stale."""
    check = "--check" in sys.argv[1:]
    stale = []
    REFERENCE.mkdir(parents=True, exist_ok=True)
    for name, build in PAGES.items():
        path, body = REFERENCE / name, build()
        if not path.exists() or path.read_text() != body:
            stale.append(name)
            if not check:
                path.write_text(body)
    print(f"{'stale' if check else 'written'}: {', '.join(stale) or 'none'}")
    return 1 if check and stale else 0


if __name__ == "__main__":
    raise SystemExit(main())
