"""Turns errors into answers: problem+json for programs, a page for people."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Scope

from lachan.kit import errors
from lachan.kit.i18n import negotiate

MEDIA_TYPE = "application/problem+json"

_BY_STATUS: Mapping[int, type[errors.Problem]] = {
    400: errors.BadRequest,
    401: errors.SignInNeeded,
    403: errors.NotAllowed,
    404: errors.NotFound,
    405: errors.MethodNotAllowed,
    408: errors.BodyLate,
    413: errors.TooLarge,
    415: errors.UnsupportedMediaType,
    429: errors.TooManyRequests,
}


def _language(request: Request) -> Any:  # noqa: ANN401 - the Language literal lives in kit.i18n
    return request.scope["state"].get("lang") or negotiate(
        request.headers.get("accept-language"), request.cookies.get("lang")
    )


# SQLSTATE of a NUL in a text: JSON and forms can carry one, the database cannot.
_NOT_A_CHARACTER = "22021"


def wants_page(request: Request) -> bool:
    """Whether a person is looking, by address and Accept."""
    return not request.url.path.startswith("/api/") and "text/html" in request.headers.get(
        "accept", ""
    )


def problem_json(request: Request, problem: errors.Problem) -> Response:
    """The RFC 9457 answer, in the language asked for."""
    catalogs = request.app.state.catalogs
    language = _language(request)
    body: dict[str, Any] = {
        "type": f"/problems/{problem.code}",
        "title": _title(request, problem),
        "status": problem.status,
        "detail": _detail(request, problem),
        "code": problem.code,
        "fields": {name: catalogs.translate(language, key) for name, key in problem.fields.items()},
        "request_id": request.scope["state"].get("request_id"),
    }
    return Response(
        orjson.dumps(body),
        status_code=problem.status,
        media_type=MEDIA_TYPE,
        headers=_headers(problem),
    )


def _title(request: Request, problem: errors.Problem) -> str:
    title: str = request.app.state.catalogs.translate(
        _language(request), f"error-{problem.code}-title"
    )
    return title


def _detail(request: Request, problem: errors.Problem) -> str:
    detail: str = request.app.state.catalogs.translate(
        _language(request), f"error-{problem.code}", **problem.params
    )
    return detail


def _headers(problem: errors.Problem) -> dict[str, str]:
    headers = {}
    if problem.retry_after is not None:
        headers["retry-after"] = str(problem.retry_after)
    if problem.status == errors.SignInNeeded.status:
        headers["www-authenticate"] = "Bearer"
    if problem.status == errors.BodyLate.status:
        # The rest of the body would come in yet, and nobody reads it.
        headers["connection"] = "close"
    return headers


def problem_response(request: Request, problem: errors.Problem) -> Response:
    """A page, a redirect to signing in, or problem+json, whichever the asker can use."""
    if not wants_page(request):
        return problem_json(request, problem)
    path = request.url.path
    if isinstance(problem, errors.SignInNeeded):
        target = "/desk/login" if path.startswith("/desk") else "/login"
        if request.method == "GET":
            # Only the path: a query may hold what must not travel through a login page.
            return RedirectResponse(f"{target}?next={path}", status_code=303)
        return RedirectResponse(target, status_code=303)
    response: Response = request.app.state.pages.render(
        request,
        "errors/problem.html",
        status=problem.status,
        headers=_headers(problem),
        code=problem.code,
        title=_title(request, problem),
        text=_detail(request, problem),
    )
    return response


def fields_of(problems: Sequence[Any]) -> dict[str, str]:
    """Field name to Fluent key, from what pydantic says; the input itself is never repeated."""
    fields: dict[str, str] = {}
    for one in problems:
        where = [str(part) for part in one["loc"] if part not in {"body", "query", "path"}]
        fields[".".join(where)[:80] or "body"] = _message_key(str(one["type"]))
    return fields


_MESSAGES = (
    ("missing", "field-missing"),
    ("string_too_long", "field-too-long"),
    ("too_long", "field-too-long"),
    ("string_too_short", "field-too-short"),
    ("too_short", "field-too-short"),
    ("greater_than", "field-out-of-range"),
    ("less_than", "field-out-of-range"),
    ("extra_forbidden", "field-unknown"),
    ("date", "field-time"),
    ("timezone", "field-time"),
)


def _message_key(kind: str) -> str:
    return next((key for start, key in _MESSAGES if kind.startswith(start)), "field-invalid")


def _from_validation(error: RequestValidationError | ValidationError) -> errors.Problem:
    problems = error.errors()
    if any(one["type"] in {"json_invalid", "model_attributes_type"} for one in problems):
        return errors.BadRequest()
    return errors.InvalidInput(fields=fields_of(problems))


def install(app: FastAPI) -> None:
    """Answer every error of `app` in our shape."""

    async def on_problem(request: Request, error: Exception) -> Response:
        assert isinstance(error, errors.Problem)
        return problem_response(request, error)

    async def on_validation(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError | ValidationError)
        return problem_response(request, _from_validation(error))

    async def on_database(request: Request, error: Exception) -> Response:
        assert isinstance(error, DBAPIError)
        if getattr(error.orig, "sqlstate", None) != _NOT_A_CHARACTER:
            raise error
        return problem_response(request, errors.BadRequest())

    async def on_http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return problem_response(request, _BY_STATUS.get(error.status_code, errors.BadRequest)())

    app.add_exception_handler(errors.Problem, on_problem)
    app.add_exception_handler(RequestValidationError, on_validation)
    app.add_exception_handler(ValidationError, on_validation)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(DBAPIError, on_database)


def refuser(app: FastAPI) -> Any:  # noqa: ANN401 - the Refuse callable of kit.http.edge
    """How the edge answers before any route is found."""

    async def refuse(scope: Scope, problem: errors.Problem) -> ASGIApp:
        scope["app"] = app
        return problem_response(Request(scope), problem)

    return refuse
