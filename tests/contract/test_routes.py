"""Every route says who may call it, and the API document tells the whole API."""

import sys
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tools" / "docs"))

import build as reference  # noqa: E402 - a tool, not a package


def routes(app: FastAPI) -> list[Any]:
    return [one for one in reference.flat(app.router.routes) if hasattr(one, "methods")]


def test_every_route_says_who_may_call_it(app: FastAPI) -> None:
    silent = [
        one.path
        for one in routes(app)
        if one.path != "/api/openapi.json" and reference.access_of(one) is None
    ]
    assert silent == []
    assert len(routes(app)) > 50, "the walk has lost most of the routes"


def test_no_open_door_to_health_data(app: FastAPI) -> None:
    """What anybody may call is a short list that somebody has thought about."""
    allowed = (
        "/",
        "/healthz",
        "/readyz",
        "/metrics",
        "/login",
        "/logout",
        "/p/",
        "/place/join",
        "/P/",
        "/areas",
        "/map",
        "/outbreak",
        "/preferences/",
        "/problems/",
        "/desk/login",
        "/desk/sign-in",
        "/desk/passkey",
        "/dev/",
        "/app/",
        "/sw.js",
        "/kiosk",
        "/api/v1/areas",
        "/api/v1/auth/",
        "/api/v1/diseases",
        "/api/v1/officers/sessions",
        "/api/v1/outbreak",
        "/api/v1/push/key",
        "/api/v1/officers/passkeys",
        "/api/v1/map/",
        "/api/v1/feedback/",
        "/api/v1/criteria",
        "/api/v1/safety/certificate",
        "/certificates/",
        "/api/v1/places/",
    )
    open_paths = {one.path for one in routes(app) if reference.access_of(one) == "anyone"}
    unexpected = sorted(
        path for path in open_paths if path != "/" and not path.startswith(allowed[1:])
    )
    assert unexpected == []


def test_the_document_tells_every_api_route(app: FastAPI) -> None:
    document = app.openapi()
    told = {(path, verb.upper()) for path, verbs in document["paths"].items() for verb in verbs}
    real = {
        (one.path, verb)
        for one in routes(app)
        if one.path.startswith("/api/v1/")
        for verb in one.methods - {"HEAD", "OPTIONS"}
    }
    assert real - told == set()


@pytest.mark.parametrize("page", sorted(reference.PAGES))
def test_reference_pages_are_true(page: str) -> None:
    path = reference.REFERENCE / page
    assert path.read_text() == reference.PAGES[page](), (
        f"docs/reference/{page} is stale: run .venv/bin/python tools/docs/build.py"
    )
