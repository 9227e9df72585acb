"""Why a place has its colour, in the reader's language."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from fastapi import Request

from lachan.kit.i18n import LANGUAGES, Catalogs, Language, format_datetime, negotiate
from lachan.safety.criteria.domain import CriteriaSet, Reason, Text

_LONGEST: Final = 110
"""An item's wording stands in a sentence; the full text is on the list of criteria."""


def language_of(request: Request) -> Language:
    """The language that this request is answered in."""
    settled = request.scope["state"].get("lang")
    for language in LANGUAGES:
        if settled == language:
            return language
    return negotiate(request.headers.get("accept-language"), request.cookies.get("lang"))


def in_language(text: Text, lang: Language) -> str:
    """A text of a set in a language, else in Vietnamese."""
    return text.get(lang) or text.get("vi", "")


def sentence(
    catalogs: Catalogs,
    lang: Language,
    zone: ZoneInfo,
    criteria: CriteriaSet | None,
    reason: Reason,
) -> str:
    """One reason as a sentence; `criteria` give an item its wording."""
    args: dict[str, object] = {}
    key = f"safety-reason-{reason.code}"
    for name, value in reason.params.items():
        if name == "item":
            args["item"] = _wording(criteria, str(value), lang)
        elif name in ("due", "until"):
            if value:
                moment = datetime.fromisoformat(str(value))
                args["when"] = format_datetime(lang, moment, tz=zone)
                key = f"safety-reason-{reason.code}-by"
        else:
            args[name] = value
    return catalogs.translate(lang, key, **args)


def _wording(criteria: CriteriaSet | None, code: str, lang: Language) -> str:
    found = next((one for one in criteria.items if one.code == code), None) if criteria else None
    if found is None:
        return code
    wording = in_language(found.wording, lang).rstrip(".")
    if len(wording) > _LONGEST:
        wording = wording[:_LONGEST].rsplit(" ", 1)[0] + "…"
    return f"{code}. {wording}"
