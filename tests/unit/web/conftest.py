import json
import shutil
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from starlette.requests import Request

from lachan.kit.i18n import Catalogs
from lachan.web import rendering
from lachan.web.rendering import Pages

WEB = Path(rendering.__file__).parent


@pytest.fixture(scope="session")
def catalogs():
    return Catalogs()


@pytest.fixture(scope="session")
def static_dir(tmp_path_factory):
    """What a build leaves behind, as far as pages look at it."""
    folder = tmp_path_factory.mktemp("static")
    shutil.copytree(WEB / "assets/public", folder, dirs_exist_ok=True)
    entries = [WEB / "assets/src/main.ts", *sorted((WEB / "assets/src/entries").glob("*.ts*"))]
    manifest = {"css/index.css": {"file": "assets/index-1a2b.css"}}
    for entry in entries:
        key = entry.relative_to(WEB / "assets").as_posix()
        manifest[key] = {"file": f"assets/{entry.stem}-3c4d.js"}
    manifest["src/entries/island.ts"] = {
        "file": "assets/island-5e6f.js",
        "css": ["assets/island-7a8b.css"],
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


@pytest.fixture
def pages(catalogs, static_dir):
    return Pages(
        catalogs=catalogs,
        static_dir=static_dir,
        timezone=ZoneInfo("Asia/Ho_Chi_Minh"),
        development=True,
    )


@pytest.fixture
def make_request(pages):
    def make(path="/", *, query="", headers=None, **state):
        app = SimpleNamespace(
            state=SimpleNamespace(
                pages=pages,
                settings=SimpleNamespace(
                    retention=SimpleNamespace(visit_days=21), secure=False, mode="development"
                ),
            )
        )
        raw = [(k.lower().encode(), v.encode()) for k, v in (headers or {}).items()]
        return Request(
            {
                "type": "http",
                "method": "GET",
                "path": path,
                "query_string": query.encode(),
                "headers": [(b"host", b"test"), *raw],
                "scheme": "http",
                "server": ("test", 80),
                "state": state,
                "app": app,
            }
        )

    return make
