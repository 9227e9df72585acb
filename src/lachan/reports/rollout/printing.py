"""The roll-out report on paper."""

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

_FOLDER: Final = Path(__file__).parent
_FONTS: Final = _FOLDER.parents[1] / "web" / "static" / "fonts"
# The compiler is not to be entered twice.
_turn: Final = threading.Lock()


def pdf(facts: Mapping[str, object]) -> bytes:
    """A PDF of A4 pages. `facts` holds text alone: see `rollout.typ`. Call it in a thread."""
    import typst  # noqa: PLC0415 - slow to load

    with _turn:
        drawn = typst.compile(
            (_FOLDER / "rollout.typ").read_bytes(),
            font_paths=typst.Fonts(
                include_system_fonts=False, font_paths=[_FONTS] if _FONTS.is_dir() else []
            ),
            sys_inputs={"report": json.dumps(dict(facts), ensure_ascii=False)},
        )
    assert isinstance(drawn, bytes)
    return drawn


def table(
    columns: Sequence[str], rows: Sequence[Sequence[str]], say: Callable[[str], str]
) -> dict[str, object]:
    """A table for `pdf`: headings said, cells as they stand."""
    return {"head": [say(column) for column in columns], "rows": [list(row) for row in rows]}
