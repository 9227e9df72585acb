"""What went wrong with a form, in the reader's language."""

from collections.abc import Mapping

from starlette.requests import Request

from lachan.kit.errors import Problem
from lachan.kit.i18n import Catalogs
from lachan.places.kinds import KINDS
from lachan.web.rendering import language_of


def say(request: Request, key: str, **args: object) -> str:
    """The sentence `key` in the reader's language."""
    catalogs: Catalogs = request.app.state.catalogs
    return catalogs.translate(language_of(request), key, **args)


def say_fields(request: Request, fields: Mapping[str, str]) -> dict[str, str]:
    """Field name to sentence."""
    return {name: say(request, key) for name, key in fields.items()}


def say_problem(request: Request, problem: Problem) -> dict[str, str]:
    """Field name to sentence; a problem of no field stands under the empty name."""
    if problem.fields:
        return say_fields(request, problem.fields)
    return {"": say(request, f"error-{problem.code}", **problem.params)}


def kind_options(request: Request) -> list[tuple[str, str]]:
    """Every kind of place with its name, in the order of the file."""
    return [(kind.code, say(request, kind.name_key)) for kind in KINDS.by_code.values()]
