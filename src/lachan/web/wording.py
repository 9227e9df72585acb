"""What a sentence says that is more than words on a page: a number to call, a code not to break."""

import re
from typing import Final

from markupsafe import Markup, escape

# Hotlines (1800, 1900), the short numbers of emergency and health services (112 to 115, 111), and
# numbers with their area, written with or without spaces, dots or hyphens between groups. A short
# number counts only after a word for calling: elsewhere it is a quantity.
_CALL: Final = re.compile(
    r"(?<![\w.,+-])(?:"
    r"(?P<long>1[89]00(?:[ .-]?\d){4,6}|(?:\+84|0)(?:[ .-]?\d){9,10})"
    r"|(?:(?<=gọi )|(?<=Gọi )|(?<=call )|(?<=Call ))(?P<short>11[1-5])"
    r")(?![\w-]|[.,]\d)"
)


def callable_numbers(text: str) -> Markup:
    """The text with every telephone number as a link that a phone calls when it is pressed."""
    out, at = Markup(), 0
    for found in _CALL.finditer(text):
        number = re.sub(r"[ .-]", "", found.group())
        out += escape(text[at : found.start()])
        out += Markup('<a class="call" href="tel:{}">{}</a>').format(number, found.group())
        at = found.end()
    return out + escape(text[at:])


def unbroken(text: str, *parts: str | None) -> Markup:
    """The text with each of `parts` kept on one line: no case code breaks at its hyphen."""
    kept = [re.escape(part) for part in parts if part]
    if not kept:
        return escape(text)
    pieces = re.split(f"({'|'.join(kept)})", text)
    return Markup().join(
        Markup('<span class="unbroken">{}</span>').format(piece) if odd else escape(piece)
        for odd, piece in ((number % 2, piece) for number, piece in enumerate(pieces))
    )
