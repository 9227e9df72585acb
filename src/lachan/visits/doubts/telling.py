"""What speaks against a visit, in one plain sentence."""

from lachan.kit.i18n import Catalogs, Language
from lachan.visits.doubts.domain import Kind
from lachan.visits.doubts.store import ShownDoubt


def sentence(catalogs: Catalogs, lang: Language, doubt: ShownDoubt) -> str:
    """The sentence for a tracer who weighs the evidence."""
    key = f"doubts-{doubt.kind.value.replace('_', '-')}"
    if doubt.kind is Kind.FAR_FROM_USUAL and "km" not in doubt.details:
        key += "-places"
    figures = dict(doubt.details)
    if doubt.kind is Kind.CLOCK_SKEW:
        figures["minutes"] = max(1, round(figures.pop("seconds") / 60))
    return str(catalogs.translate(lang, key, **figures))
