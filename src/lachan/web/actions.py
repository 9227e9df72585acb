"""Says what the audit trail recorded, in the reader's language."""

from starlette.requests import Request

from lachan.kit.i18n import Catalogs
from lachan.kit.spreadsheets import fold
from lachan.web.rendering import language_of

_ACTION = "audit-action-"
_OBJECT = "audit-object-"


def action_key(action: str) -> str:
    """Key of an action's sentence: `trace.requested` is `audit-action-trace-requested`."""
    return f"{_ACTION}{action.replace('.', '-')}"


def say_action(request: Request, action: str) -> str:
    """An action in words; the trail outlives versions, so one that ours forgot stays a code."""
    return _say(request, action_key(action), action)


def say_object(request: Request, object: str) -> str:  # noqa: A002 - the trail's own word
    """What was acted on in words: `case:12` is "Ca bệnh 12"."""
    kind, _, number = object.partition(":")
    return f"{_say(request, _OBJECT + kind, kind)} {number}".rstrip()


def action_options(request: Request, asked: str) -> list[tuple[str, str]]:
    """Every action with its words, in the alphabet of the reader; `asked` is among them."""
    catalogs: Catalogs = request.app.state.catalogs
    codes = {key.removeprefix(_ACTION).replace("-", ".", 1) for key in catalogs.keys(_ACTION)}
    said = [(code, say_action(request, code)) for code in codes | ({asked} if asked else set())]
    return sorted(said, key=lambda pair: fold(pair[1]))


def _say(request: Request, key: str, otherwise: str) -> str:
    catalogs: Catalogs = request.app.state.catalogs
    lang = language_of(request)
    return catalogs.translate(lang, key) if catalogs.has(key) else otherwise
