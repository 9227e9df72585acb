"""What the pages of the safety map say of colours, reasons and criteria."""

from collections.abc import Iterable
from functools import partial

from starlette.requests import Request

from lachan.kit.errors import Problem
from lachan.safety import wording
from lachan.safety.criteria.domain import CriteriaSet, Reason
from lachan.web.place.sentences import say, say_fields
from lachan.web.rendering import language_of


def say_reasons(
    request: Request, criteria: CriteriaSet | None, reasons: Iterable[Reason]
) -> list[str]:
    """Why a place has its colour, what decides it first."""
    state = request.app.state
    lang = language_of(request)
    return [
        wording.sentence(state.catalogs, lang, state.settings.zone, criteria, one)
        for one in reasons
    ]


def reader(request: Request) -> partial[str]:
    """Reads a text of a set in the reader's language."""
    return partial(wording.in_language, lang=language_of(request))


def say_check(request: Request, problem: Problem) -> dict[str, str]:
    """Name of the input to sentence; what is about no input stands under the empty name."""
    said = say_fields(request, problem.fields)
    found = {}
    for name, sentence in said.items():
        kind, dot, code = name.partition(".")
        found[f"{kind.removesuffix('s')}-{code}" if dot else name] = sentence
    if set(found) <= {"day", "moment", "photos"}:
        return {"": say(request, f"error-{problem.code}", **problem.params)}
    return found
