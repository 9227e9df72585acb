"""Built files: those with a hash in their name never change, and are packed when they are built."""

import mimetypes
import os
from pathlib import Path
from typing import Final

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

_A_YEAR: Final = "public, max-age=31536000, immutable"
_A_DAY: Final = "public, max-age=86400"
_PACKED: Final = (("br", ".br"), ("gzip", ".gz"))


class BuiltFiles(StaticFiles):
    """Serves a folder; where the build left `name.br` or `name.gz` beside a file, that is sent."""

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        hashed = "/assets/" in scope["path"]
        accepted = Headers(scope=scope).get("accept-encoding", "")
        packed = _packed(os.fspath(full_path), accepted) if hashed else None
        if packed is None:
            response = super().file_response(full_path, stat_result, scope, status_code)
        else:
            encoding, path, stat = packed
            response = super().file_response(path, stat, scope, status_code)
            response.headers["content-encoding"] = encoding
            kind = mimetypes.guess_type(full_path)[0] or "application/octet-stream"
            text = kind.startswith("text/")
            response.headers["content-type"] = f"{kind}; charset=utf-8" if text else kind
        if hashed:
            response.headers.add_vary_header("accept-encoding")
        response.headers["cache-control"] = _A_YEAR if hashed else _A_DAY
        return response


def _packed(path: str, accepted: str) -> tuple[str, str, os.stat_result] | None:
    wanted = {one.split(";", 1)[0].strip() for one in accepted.split(",")}
    for encoding, suffix in _PACKED:
        if encoding in wanted:
            try:
                return encoding, path + suffix, Path(path + suffix).stat()
            except FileNotFoundError:
                continue
    return None
