"""What a program of others may be called."""

import re
from typing import Final

WEB: Final = "web"
"""Our own pages: a browser needs no key."""
# Names that visits carry for other reasons.
RESERVED: Final = frozenset({WEB, "drill", "device", "kiosk", "card", "paper", "diary"})
_NAME: Final = re.compile(r"[a-z][a-z0-9-]{1,30}")
LABEL_LENGTH: Final = 120


def is_name(text: str) -> bool:
    """Whether a program may be called so: short, lower case, and not a name of ours."""
    return _NAME.fullmatch(text) is not None and text not in RESERVED
