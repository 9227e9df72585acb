"""Pure rules of identity: phone numbers, names, local addresses."""

import re
import unicodedata
from typing import Final
from urllib.parse import urlsplit

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

REGION: Final = "VN"
LONGEST_NAME: Final = 120
_LONGEST_PHONE: Final = 32
_LONGEST_TARGET: Final = 500
# Numbers of these kinds cannot be reached by a text message.
_NO_TEXTS: Final = frozenset(
    {
        PhoneNumberType.FIXED_LINE,
        PhoneNumberType.TOLL_FREE,
        PhoneNumberType.PREMIUM_RATE,
        PhoneNumberType.SHARED_COST,
        PhoneNumberType.UAN,
        PhoneNumberType.VOICEMAIL,
    }
)
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def normalise_phone(text: str, region: str = REGION) -> str | None:
    """The E.164 form of a typed number that can receive texts, or None when it is not one."""
    if len(text) > _LONGEST_PHONE:
        return None
    try:
        number = phonenumbers.parse(unicodedata.normalize("NFKC", text), region)
    except NumberParseException:
        return None
    if number.extension or not phonenumbers.is_valid_number(number):
        return None
    if phonenumbers.number_type(number) in _NO_TEXTS:
        return None
    return str(phonenumbers.format_number(number, PhoneNumberFormat.E164))


def shown_phone(phone: str) -> str:
    """A stored number as people of the country write it; foreign ones in international form."""
    number = phonenumbers.parse(phone, None)
    home = number.country_code == phonenumbers.country_code_for_region(REGION)
    style = PhoneNumberFormat.NATIONAL if home else PhoneNumberFormat.INTERNATIONAL
    return str(phonenumbers.format_number(number, style))


def masked_phone(phone: str) -> str:
    """Enough of a number to recognise one's own, too little to call it: ••• ••• 678."""
    return f"••• ••• {phone[-3:]}"


def tidy_name(text: str) -> str:
    """A name as it is kept: composed letters, single blanks, nothing that hides or turns text."""
    composed = unicodedata.normalize("NFC", _CONTROL.sub(" ", text))
    return " ".join(composed.split())[:LONGEST_NAME]


def local_path(target: str | None, default: str) -> str:
    """`target` when it is an address on this site, else `default`.

    A sign-in page that forwards anywhere is a gift to a phisher.
    """
    if not target or not target.startswith("/") or len(target) > _LONGEST_TARGET:
        return default
    if target.startswith(("//", "/\\")) or "\\" in target or _CONTROL.search(target):
        return default
    parts = urlsplit(target)
    return default if parts.scheme or parts.netloc else target
