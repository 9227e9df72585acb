"""Packs pages on their way out.

Only pages that hold nothing about who asks: the length of a packed page tells of what is in it
(BREACH), so what is private goes as it is.
"""

import gzip
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

_LEVEL: Final = 6


def packed(request: Request, response: Response) -> Response:
    """`response` gzipped, for who can read that."""
    response.headers.add_vary_header("accept-encoding")
    wanted = request.headers.get("accept-encoding", "").split(",")
    if "gzip" in {one.split(";", 1)[0].strip() for one in wanted}:
        response.body = gzip.compress(bytes(response.body), _LEVEL, mtime=0)
        response.headers["content-encoding"] = "gzip"
        response.headers["content-length"] = str(len(response.body))
    return response
