"""Why somebody is a contact, in one plain sentence a tracer can read on the phone."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from lachan.kit.i18n import Catalogs, Language, format_date, format_datetime, format_time


@dataclass(frozen=True, slots=True)
class Facts:
    """What the sentence is made of. `kind` is None for who only lives with the one nearer.

    `case_code` is None where the reader may not see the case.
    """

    kind: str | None
    level: int
    case_code: str | None
    place: str
    room: str | None
    started_at: datetime
    ended_at: datetime
    minutes: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """Says facts in one language and time zone."""

    catalogs: Catalogs
    lang: Language
    zone: tzinfo

    def sentence(self, facts: Facts) -> str:
        """One sentence with place, hours, day and minutes."""
        whom = self._whom(facts)
        if facts.kind is None:
            return self._say("tracing-evidence-household", whom=whom)
        return self._say(
            f"tracing-evidence-{facts.kind.replace('_', '-')}",
            whom=whom,
            where=self._where(facts),
            when=self._when(facts),
            minutes=facts.minutes,
        )

    def _say(self, key: str, **args: object) -> str:
        return self.catalogs.translate(self.lang, key, **args)

    def _whom(self, facts: Facts) -> str:
        code = facts.case_code or self._say("tracing-evidence-case-elsewhere")
        if facts.level == 1:
            return self._say("tracing-evidence-whom-case", code=code)
        return self._say("tracing-evidence-whom-contact", level=f"F{facts.level - 1}", code=code)

    def _where(self, facts: Facts) -> str:
        place = facts.place or self._say("tracing-evidence-place-gone")
        if facts.room is None:
            return place
        return self._say("tracing-evidence-room", room=facts.room, place=place)

    def _when(self, facts: Facts) -> str:
        day = format_date(self.lang, facts.started_at, tz=self.zone)
        if day == format_date(self.lang, facts.ended_at, tz=self.zone):
            return self._say(
                "tracing-evidence-when",
                begins=format_time(self.lang, facts.started_at, tz=self.zone),
                ends=format_time(self.lang, facts.ended_at, tz=self.zone),
                day=day,
            )
        return self._say(
            "tracing-evidence-when-days",
            begins=format_datetime(self.lang, facts.started_at, tz=self.zone),
            ends=format_datetime(self.lang, facts.ended_at, tz=self.zone),
        )
