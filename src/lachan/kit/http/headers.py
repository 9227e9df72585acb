"""The headers of a request as a dictionary, made once and asked by every layer."""

from collections.abc import Mapping

from starlette.types import Scope

_KEPT = "headers_by_name"


def headers_of(scope: Scope) -> Mapping[str, str]:
    """Header values by lower-case name; of a header sent twice, the first.

    Starlette's own view walks the list at every question, and the layers in front of a scan ask a
    dozen of them.
    """
    state = scope.setdefault("state", {})
    found: dict[str, str] | None = state.get(_KEPT)
    if found is None:
        found = {
            name.decode("latin-1"): value.decode("latin-1")
            for name, value in reversed(scope["headers"])
        }
        state[_KEPT] = found
    return found
