"""What the kiosk's page says by itself, in every language at once: it changes them off line."""

from collections.abc import Mapping
from typing import Final

import orjson

from lachan.kit.i18n import Catalogs, Language

_PLAIN: Final = (
    "frame-other-language",
    "kiosk-broken",
    "kiosk-broken-text",
    "kiosk-camera-busy",
    "kiosk-camera-denied",
    "kiosk-camera-missing",
    "kiosk-camera-retry",
    "kiosk-camera-unsupported",
    "kiosk-desk-back",
    "kiosk-desk-clear",
    "kiosk-desk-drop",
    "kiosk-desk-full",
    "kiosk-desk-leave",
    "kiosk-desk-leave-kept",
    "kiosk-desk-leave-text",
    "kiosk-desk-none",
    "kiosk-desk-privacy",
    "kiosk-desk-refused",
    "kiosk-desk-send",
    "kiosk-desk-setup",
    "kiosk-desk-sound",
    "kiosk-desk-title",
    "kiosk-direction",
    "kiosk-direction-auto",
    "kiosk-direction-auto-hint",
    "kiosk-direction-in",
    "kiosk-direction-out",
    "kiosk-full",
    "kiosk-full-text",
    "kiosk-in",
    "kiosk-kept",
    "kiosk-kept-text",
    "kiosk-kind-card",
    "kiosk-kind-decision-1405",
    "kiosk-kind-national-id",
    "kiosk-kind-phone",
    "kiosk-kind-phone-code",
    "kiosk-layout",
    "kiosk-layout-text",
    "kiosk-line-full",
    "kiosk-line-on",
    "kiosk-loading",
    "kiosk-lost",
    "kiosk-no-name",
    "kiosk-not-inside",
    "kiosk-not-inside-text",
    "kiosk-operator",
    "kiosk-out",
    "kiosk-pad-back",
    "kiosk-pad-close",
    "kiosk-pad-code",
    "kiosk-pad-done",
    "kiosk-pad-no-code",
    "kiosk-pad-phone",
    "kiosk-pad-send",
    "kiosk-pad-sending",
    "kiosk-pad-sent",
    "kiosk-pad-slower",
    "kiosk-pad-wrong",
    "kiosk-phone",
    "kiosk-pin",
    "kiosk-pin-forgotten",
    "kiosk-pin-go",
    "kiosk-pin-pause",
    "kiosk-pin-wrong",
    "kiosk-poster",
    "kiosk-poster-text",
    "kiosk-prompt",
    "kiosk-prompt-usb",
    "kiosk-reader",
    "kiosk-reader-back",
    "kiosk-reader-front",
    "kiosk-reader-usb",
    "kiosk-refused",
    "kiosk-repeated",
    "kiosk-revoked",
    "kiosk-revoked-again",
    "kiosk-revoked-text",
    "kiosk-setup",
    "kiosk-setup-go",
    "kiosk-setup-pin",
    "kiosk-setup-pin-hint",
    "kiosk-setup-pin-keep",
    "kiosk-setup-pin-wrong",
    "kiosk-title",
    "kiosk-unpaired",
    "kiosk-unpaired-go",
    "kiosk-unpaired-offline",
    "kiosk-unpaired-text",
    "kiosk-waiting",
    "kiosk-waiting-text",
    "kiosk-what",
)
# The page fills these in: a fact is written as the name in braces.
_WITH_FACTS: Final[Mapping[str, tuple[str, ...]]] = {
    "kiosk-desk-elsewhere": ("count",),
    "kiosk-desk-waiting": ("count",),
    "kiosk-line-clock": ("count",),
    "kiosk-line-off": ("count", "time"),
    "kiosk-people": ("count",),
    "kiosk-revoked-kept": ("count",),
    "kiosk-today": ("count",),
}
# Why a scan can be refused after it was kept: told in the language of the page, not of the request.
REFUSALS: Final = (
    "card-blank",
    "card-mistyped",
    "card-unknown",
    "card-withdrawn",
    "code-wrong",
    "device-clock-wrong",
    "phone-code-expired",
    "phone-code-forged",
    "phone-code-used",
    "phone-code-withdrawn",
    "place-no-longer-run",
    "scan-in-future",
    "scan-too-old",
    "scan-unreadable",
    "shown-unreadable",
)
# Its sentence holds a number that only the server knows.
_SAID_BY_THE_SERVER: Final = frozenset({"scan-too-old"})


def sentences(catalogs: Catalogs, lang: Language) -> dict[str, str]:
    """All sentences of the page in `lang`, those with facts holding `{name}` in their place."""
    said = {key: catalogs.translate(lang, key) for key in _PLAIN}
    for key, facts in _WITH_FACTS.items():
        said[key] = catalogs.translate(lang, key, **{name: f"{{{name}}}" for name in facts})
    for code in REFUSALS:
        said[f"error-{code}-title"] = catalogs.translate(lang, f"error-{code}-title")
        if code not in _SAID_BY_THE_SERVER:
            said[f"error-{code}"] = catalogs.translate(lang, f"error-{code}")
    return said


def as_json(catalogs: Catalogs, lang: Language) -> str:
    """The same as the page carries it."""
    return orjson.dumps(sentences(catalogs, lang)).decode()
