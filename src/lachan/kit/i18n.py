"""Sentences in the reader's language, and dates, times and numbers written the local way.

Sentences live in Project Fluent files, one per feature and language. A missing sentence is a fault
of ours, never something to show: Vietnamese stands in for a missing translation, and a key that no
language has raises.
"""

from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from pathlib import Path
from typing import Final, Literal, get_args

from babel import dates, numbers, units
from fluent.runtime import FluentBundle
from fluent.syntax import FluentParser, ast

Language = Literal["vi", "en"]
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
DEFAULT: Final[Language] = "vi"
FOLDER: Final = Path(__file__).parents[1] / "web" / "locales"

_MINUTES_PER_HOUR: Final = 60
_HOURS_PER_DAY: Final = 24
# Day before month in both languages: a reader who switches to English in Viet Nam must not have to
# guess which number is the month.
_DATE: Final[Mapping[Language, str]] = {"vi": "dd/MM/y", "en": "d MMM y"}
_DAY: Final[Mapping[Language, str]] = {"vi": "EEEE, dd/MM/y", "en": "EEEE d MMM y"}
_DATETIME: Final[Mapping[Language, str]] = {"vi": "HH:mm, dd/MM/y", "en": "HH:mm, d MMM y"}
_TIME: Final = "HH:mm"
# CLDR writes Vietnamese units in full under "short" and has no "long".
_UNIT: Final[Mapping[Language, Literal["short", "long"]]] = {"vi": "short", "en": "long"}


class MissingMessageError(KeyError):
    """No catalogue has the key, or the sentence names an argument that was not given."""


class CatalogError(ValueError):
    """A catalogue cannot be read."""


class Catalogs:
    """All sentences of all features in all languages, each language read once, when first asked.

    Reading one takes a fifth of a second; `warm` reads those that nobody has asked for yet.
    """

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder
        self._read: dict[Language, FluentBundle] = {}
        self._keys: tuple[str, ...] = ()

    def _bundle(self, lang: Language) -> FluentBundle:
        if lang not in self._read:
            bundle, keys = _bundle(lang, self._folder / lang)
            # The keys first: another thread takes a language that is there for read to the end.
            if lang == DEFAULT:
                self._keys = keys
            self._read[lang] = bundle
        return self._read[lang]

    def warm(self) -> None:
        """Read every language. Raises CatalogError."""
        for lang in LANGUAGES:
            self._bundle(lang)

    def translate(self, lang: Language, key: str, **args: object) -> str:
        """Say `key` in `lang`, else in Vietnamese.

        Raises MissingMessageError where no language has it or an argument is missing.
        """
        for language in (lang, DEFAULT):
            bundle = self._bundle(language)
            if bundle.has_message(key):
                pattern = bundle.get_message(key).value
                if pattern is None:
                    break
                text, errors = bundle.format_pattern(pattern, dict(args))
                if errors:
                    raise MissingMessageError(f"{key} ({language}): {errors[0]}")
                return str(text)
        raise MissingMessageError(f"no sentence for {key!r}")

    def has(self, key: str, lang: Language = DEFAULT) -> bool:
        """Tell whether `lang` itself has a sentence for `key`."""
        return self._bundle(lang).has_message(key)

    def keys(self, prefix: str) -> list[str]:
        """Keys of the default language that begin with `prefix`."""
        self._bundle(DEFAULT)
        return [key for key in self._keys if key.startswith(prefix)]


def negotiate(accept_language: str | None, cookie: str | None) -> Language:
    """Choose the language: the cookie's, else English only for a reader who puts it first."""
    for language in LANGUAGES:
        if cookie == language:
            return language
    first = (accept_language or "").split(",", 1)[0].split(";", 1)[0].strip().lower()
    return "en" if first.split("-", 1)[0] == "en" else DEFAULT


def format_date(lang: Language, moment: date | datetime, *, tz: tzinfo) -> str:
    """Write the local calendar day: 23/11/2026, or 23 Nov 2026."""
    return dates.format_date(_local_day(moment, tz), _DATE[lang], locale=lang)


def format_day(lang: Language, moment: date | datetime, *, tz: tzinfo) -> str:
    """Write the local calendar day with the day of the week, beginning with a capital."""
    text = dates.format_date(_local_day(moment, tz), _DAY[lang], locale=lang)
    return text[:1].upper() + text[1:]


def format_time(lang: Language, moment: datetime, *, tz: tzinfo) -> str:
    """Write the local time of day on the 24-hour clock."""
    return dates.format_time(_local(moment, tz), _TIME, tzinfo=tz, locale=lang)


def format_datetime(lang: Language, moment: datetime, *, tz: tzinfo) -> str:
    """Write local time and day: 14:05, 23/11/2026."""
    return dates.format_datetime(_local(moment, tz), _DATETIME[lang], tzinfo=tz, locale=lang)


def format_time_range(lang: Language, start: datetime, end: datetime | None, *, tz: tzinfo) -> str:
    """Write a half-open interval, naming the day once where both ends share it.

    An open interval (`end` is None) ends in the dash.
    """
    if end is None:
        return f"{format_datetime(lang, start, tz=tz)} –"
    if _local(start, tz).date() == _local(end, tz).date():
        return f"{format_time(lang, start, tz=tz)}–{format_datetime(lang, end, tz=tz)}"
    return f"{format_datetime(lang, start, tz=tz)} – {format_datetime(lang, end, tz=tz)}"


def format_minutes(lang: Language, minutes: float) -> str:
    """Write a length of time in hours and whole minutes: 1 giờ 35 phút, 1 hour 35 minutes.

    From two days on in days and hours: nobody reads 286 hours.
    """
    hours, rest = divmod(round(minutes), _MINUTES_PER_HOUR)
    days, over = divmod(hours, _HOURS_PER_DAY)
    if days > 1:
        amounts = [(days, "duration-day"), (over, "duration-hour")][: 2 if over else 1]
    else:
        amounts = [(hours, "duration-hour")] if hours else []
        if rest or not hours:
            amounts.append((rest, "duration-minute"))
    return " ".join(
        units.format_unit(amount, unit, length=_UNIT[lang], locale=lang) for amount, unit in amounts
    )


def format_number(lang: Language, value: float) -> str:
    """Write a number with the language's separators: 12.345,6 or 12,345.6."""
    return numbers.format_decimal(value, locale=lang)


def _local(moment: datetime, tz: tzinfo) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone cannot be shown")
    return moment.astimezone(tz)


def _local_day(moment: date | datetime, tz: tzinfo) -> date:
    return _local(moment, tz).date() if isinstance(moment, datetime) else moment


def _bundle(lang: Language, folder: Path) -> tuple[FluentBundle, tuple[str, ...]]:
    # Isolation marks guard mixed left-to-right and right-to-left text, which neither language has;
    # they would travel into titles, copied text and text messages.
    bundle = FluentBundle([lang], use_isolating=False)
    keys: list[str] = []
    for path in sorted(folder.glob("*.ftl")):
        resource = FluentParser().parse(path.read_text(encoding="utf-8"))
        for entry in resource.body:
            if isinstance(entry, ast.Junk):
                line = (entry.content or "").strip().splitlines()[:1]
                raise CatalogError(f"{path}: not Fluent near {line}")
            if isinstance(entry, ast.Message):
                keys.append(entry.id.name)
        bundle.add_resource(resource)
    return bundle, tuple(keys)
