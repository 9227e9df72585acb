"""The sentences of a warning, in the reader's language."""

from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from sqlalchemy import Row

from lachan.kit.i18n import Catalogs, Language, format_minutes, format_time_range
from lachan.warnings.advice import advice_for
from lachan.warnings.domain import Told

HOUSEHOLD = "household"


@dataclass(frozen=True, slots=True)
class Wording:
    """Says warnings in one language, with times of one zone."""

    catalogs: Catalogs
    lang: Language
    zone: tzinfo

    def say(self, key: str, **values: object) -> str:
        return self.catalogs.translate(self.lang, key, **values)

    def disease(self, code: str) -> str:
        """The name of a disease, as it stands inside a sentence."""
        for key in (f"warnings-disease-{code}", f"diseases-{code}"):
            if self.catalogs.has(key):
                return self.say(key)
        return self.say("warnings-disease-other")

    def about(self, told: Told) -> dict[str, str]:
        """Whom a sentence is about, as messages take it: the reader, or somebody by name."""
        if told.name is None:
            return {"whose": "mine", "name": ""}
        return {"whose": "theirs", "name": told.name or self.say("warnings-somebody")}

    def heading(self, told: Told) -> str:
        """What a warning is about, in a line."""
        return self.say(
            "warnings-mine-heading",
            level=told.level,
            disease=self.disease(told.disease),
            **self.about(told),
        )

    def place(self, told: Told) -> str:
        """The place with its room."""
        if told.reason == HOUSEHOLD:
            return self.say("warnings-place-home")
        if told.place is None:
            return self.say("warnings-place-gone")
        if told.room:
            return self.say("warnings-place-room", place=told.place, room=told.room)
        return told.place

    def window(self, told: Told) -> str:
        return format_time_range(self.lang, told.window_from, told.window_to, tz=self.zone)

    def happened(self, told: Told) -> str:
        """Where, when, how long and why, as one paragraph."""
        if told.reason == HOUSEHOLD:
            return self.reason(told)
        values = {"place": self.place(told), "window": self.window(told), **self.about(told)}
        sentences = [self.say("warnings-told-where", **values), self.reason(told)]
        if told.others > 0:
            sentences.append(self.say("warnings-told-others", count=told.others))
        return " ".join(sentences)

    def reason(self, told: Told) -> str:
        """Why this person is told: what kind of meeting, with whom, for how long."""
        who = self.say(
            "warnings-met",
            level=told.level,
            near=told.level - 1,
            disease=self.disease(told.disease),
        )
        return self.say(
            f"warnings-reason-{told.reason.replace('_', '-')}",
            who=who,
            minutes=format_minutes(self.lang, told.minutes),
            **self.about(told),
        )

    def advice(self, told: Told) -> list[str]:
        """What to do, one sentence a step."""
        found = advice_for(told.disease, told.kind, told.level, told.advice_version)
        return [self.say(key) for key in found.keys]

    def kind(self, kind: str) -> str:
        """What a class of message asks for, as a heading."""
        return self.say(f"warnings-kind-{kind.replace('_', '-')}")

    def whole(self, told: Told) -> str:
        """All that a person reads, as one text: what an officer checks before approving."""
        lines = [self.happened(told), self.kind(told.kind)]
        if told.note:
            lines.append(told.note)
        lines += [f"• {step}" for step in self.advice(told)]
        return "\n".join(lines)


def told_of(
    row: Row[Any], *, disease: str, note: str, advice_version: str, name: str | None = None
) -> Told:
    """The facts of a message from a row of `store`, about the reader or somebody by name."""
    return Told(
        disease=disease,
        level=row.level,
        place=row.place,
        room=row.room,
        window_from=row.window_from,
        window_to=row.window_to,
        minutes=row.minutes,
        reason=row.reason,
        others=row.others,
        note=note,
        advice_version=advice_version,
        kind=row.kind,
        name=name,
    )


def told_of_message(row: Row[Any], name: str | None = None) -> Told:
    """The facts of a message that was drafted or sent, about the reader or somebody by name."""
    return told_of(
        row, disease=row.disease, note=row.note, advice_version=row.advice_version, name=name
    )
