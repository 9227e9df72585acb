"""Who sends slowly holds a socket and nothing else: no body is read inside a transaction."""

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute

from lachan.kit.http import access
from tests.contract.test_routes import routes

_READS = frozenset(("body", "form", "json", "stream"))


def dependencies(route: APIRoute) -> Iterator[Callable[..., Any]]:
    """What is called before the endpoint."""
    waiting = list(route.dependant.dependencies)
    while waiting:
        one = waiting.pop()
        if one.call is not None:
            yield one.call
        waiting += one.dependencies


def named(function: Callable[..., Any]) -> dict[str, Any]:
    """What the names in a function stand for."""
    found = inspect.getclosurevars(function)
    return {**found.globals, **found.nonlocals}


def reads_by_hand(endpoint: Callable[..., Any]) -> bool:
    """Whether an endpoint, or a function of ours that it calls, reads the body of the request."""
    seen: set[Callable[..., Any]] = set()
    waiting = [inspect.unwrap(endpoint)]
    while waiting:
        function = waiting.pop()
        if function in seen:
            continue
        seen.add(function)
        known = named(function)
        for call in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(function)))):
            if not isinstance(call, ast.Call):
                continue
            called = call.func
            if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name):
                if called.value.id == "request" and called.attr in _READS:
                    return True
                next_one = getattr(known.get(called.value.id), called.attr, None)
            else:
                next_one = known.get(called.id) if isinstance(called, ast.Name) else None
            if inspect.isfunction(next_one) and next_one.__module__.startswith("lachan."):
                waiting.append(inspect.unwrap(next_one))
    return False


def test_no_route_reads_its_body_inside_the_transaction(app: FastAPI) -> None:
    """A body that is declared is read by the framework, before it opens anything."""
    by_hand = [
        one
        for one in routes(app)
        if one.methods & {"POST", "PUT", "PATCH", "DELETE"} and reads_by_hand(one.endpoint)
    ]
    assert len(by_hand) >= 15, "the walk has lost most of the routes"
    inside = [
        one.path
        for one in by_hand
        if isinstance(one, APIRoute)
        and one.body_field is None
        and access.transaction in dependencies(one)
    ]
    assert inside == []
