"""What a row of a list means. Pure: no clock, no database."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Written:
    """The cells of a row as they were written; `shown` is what a device read instead."""

    name: str = ""
    phone: str = ""
    document: str = ""
    card: str = ""
    arrival: str = ""
    departure: str = ""
    room: str = ""
    note: str = ""
    shown: str = ""
    # Why somebody refused the row, in their words.
    refusal: str = ""

    def __repr__(self) -> str:
        # Who came must not reach a log through a traceback.
        return "Written(…)"
