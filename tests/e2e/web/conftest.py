"""The frame and the parts of the pages under the real policy, in a real browser.

No database: what is tried here is what every page shares.
"""

import asyncio
import os
import socket
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.async_api import async_playwright
from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from lachan.kit.http import problems
from lachan.kit.http.access import PlainRoute
from lachan.kit.http.edge import CONTENT_SECURITY_POLICY
from lachan.kit.i18n import Catalogs
from lachan.web import dev, rendering
from lachan.web.language import LanguageLayer
from lachan.web.public import home
from lachan.web.rendering import Pages

WEB = rendering.TEMPLATES.parent
AXE = WEB / "assets/node_modules/axe-core/axe.min.js"
CHROMIUM = os.environ.get("LACHAN_CHROMIUM", "/usr/bin/chromium")
# A test browser has no business with its maker's servers.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]


# What the browser says when it keeps to `service_workers="block"`.
BLOCKED = "Service Worker registration blocked"


class Policy:
    """What the edge does for a page: a place for its facts, and the policy of the browser."""

    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] == "http":
            scope.setdefault("state", {})

        async def send_with_policy(message):
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["content-security-policy"] = CONTENT_SECURITY_POLICY
            await send(message)

        await self.app(scope, receive, send_with_policy)


def pages_app() -> FastAPI:
    app = FastAPI()
    app.state.catalogs = Catalogs()
    app.state.settings = SimpleNamespace(retention=SimpleNamespace(visit_days=21), secure=False)
    app.state.pages = Pages(
        catalogs=app.state.catalogs,
        static_dir=WEB / "static",
        timezone=ZoneInfo("Asia/Ho_Chi_Minh"),
        development=True,
    )
    app.state.sent = []

    async def slow(request):
        app.state.sent.append(request.url.path)
        await asyncio.sleep(0.3)
        return Response(status_code=204)

    app.include_router(home.router)
    app.include_router(dev.router)
    app.router.routes.append(PlainRoute("/slow", slow, methods=["POST"]))
    app.router.routes.append(Mount("/static", StaticFiles(directory=WEB / "static")))
    problems.install(app)
    app.add_middleware(LanguageLayer, secure=False)
    app.add_middleware(Policy)
    return app


@pytest.fixture(scope="session")
async def site():
    """The running pages: `.url`, and `.sent`, the forms that arrived at /slow."""
    app = pages_app()
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
        running = asyncio.create_task(server.serve(sockets=[listener]))
        while not server.started:  # noqa: ASYNC110 - the server offers a flag and no event
            await asyncio.sleep(0.01)
        port = listener.getsockname()[1]
        yield SimpleNamespace(url=f"http://127.0.0.1:{port}", sent=app.state.sent)
        server.should_exit = True
        await running


@pytest.fixture(scope="session")
async def browser():
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        await started.close()


@pytest.fixture
async def open_page(site, browser):
    """Opens a path as one reader would see it; fails the test on any error in the console."""
    contexts, complaints = [], []

    async def open_page(path="/", *, width=360, lang="vi", theme="auto", **options):
        context = await browser.new_context(
            viewport={"width": width, "height": 800},
            locale="vi-VN",
            reduced_motion="reduce",
            # The worker of the app is no part of these pages; it has tests of its own.
            service_workers="block",
            **options,
        )
        contexts.append(context)
        await context.add_cookies(
            [
                {"name": name, "value": value, "url": site.url}
                for name, value in {"lang": lang, "theme": theme}.items()
            ]
        )
        page = await context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda message: (
                complaints.append(f"{message.text} {message.location.get('url')}")
                if message.type in {"error", "warning"} and BLOCKED not in message.text
                else None
            ),
        )
        await page.goto(site.url + path)
        return page

    yield open_page
    for context in contexts:
        await context.close()
    assert complaints == []
