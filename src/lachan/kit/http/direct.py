"""Routes that whole cities use at once, met before the framework's own machinery.

A request for any other route passes router, exception layers and dependency stacks; of a scan that
answers in a few hundred microseconds these take a fifth. The endpoint and the handlers of its
errors are the same either way, so an answer does not tell which way it came.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from lachan.kit.http.access import Endpoint, PlainRoute

Handler = Callable[..., Awaitable[Response] | Response]


class Direct:
    """Calls the endpoint of a POST route whose path has no parameters; passes on all else.

    `handlers` are the application's own, by class of exception; one that none handles goes on
    outwards, as from any route.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        routes: Iterable[PlainRoute],
        handlers: Mapping[Any, Handler],
    ) -> None:
        self._app = app
        self._routes = {route.path: route for route in routes}
        self._handlers = handlers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        route = None
        if scope["type"] == "http" and scope["method"] == "POST":
            route = self._routes.get(scope["path"])
        if route is None:
            await self._app(scope, receive, send)
            return
        scope["route"] = route
        endpoint: Endpoint = route.endpoint
        request = Request(scope, receive, send)
        try:
            response = await endpoint(request)
        except Exception as error:
            handler = next(
                (self._handlers[kind] for kind in type(error).__mro__ if kind in self._handlers),
                None,
            )
            if handler is None:
                raise
            answered = handler(request, error)
            response = answered if isinstance(answered, Response) else await answered
        await response(scope, receive, send)
