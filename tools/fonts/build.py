"""Makes the print fonts: one TrueType file per weight out of the web font's parts.

The web font comes cut into parts by script, as WOFF2, which typst does not read. Here the parts of
one weight become one file that covers Vietnamese and English, beside the built web assets.
Run after `npm ci`: python tools/fonts/build.py
"""

import logging
import shutil
import sys
import tempfile
from pathlib import Path

from fontTools.merge import Merger, Options
from fontTools.ttLib import TTFont

ASSETS = Path(__file__).parents[2] / "src/lachan/web/assets"
SOURCE = ASSETS / "node_modules/@fontsource/be-vietnam-pro/files"
TARGET = ASSETS.parent / "static/fonts"
WEIGHTS = {"Regular": 400, "SemiBold": 600, "Bold": 700}
# The first part gives the names and measures of the whole.
PARTS = ("latin", "latin-ext", "vietnamese")


def build(style: str, weight: int, target: Path) -> Path:
    """Write the font of one weight and return where it is."""
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for part in PARTS:
            woff = SOURCE / f"be-vietnam-pro-{part}-{weight}-normal.woff2"
            font = TTFont(woff, recalcTimestamp=False)
            font.flavor = None
            paths.append(f"{folder}/{part}.ttf")
            font.save(paths[-1])
        # Hints speak of one part's own tables; printers do not need them.
        options = Options(drop_tables=["fpgm", "prep", "cvt ", "gasp", "DSIG", "hdmx", "VDMX"])
        merged = Merger(options=options).merge(paths)
    # The same parts must give the same file, whenever it is made.
    merged.recalcTimestamp = False
    merged["head"].created = merged["head"].modified = font["head"].created
    path = target / f"BeVietnamPro-{style}.ttf"
    merged.save(path, reorderTables=False)
    return path


def main() -> int:
    """Build all weights; without the web font, say what to run first."""
    if not SOURCE.is_dir():
        print(f"{SOURCE} is missing: run `npm ci` in {ASSETS} first", file=sys.stderr)
        return 1
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    TARGET.mkdir(parents=True, exist_ok=True)
    # The Open Font License wants to travel with the fonts.
    shutil.copyfile(SOURCE.parent / "LICENSE", TARGET / "OFL.txt")
    for style, weight in WEIGHTS.items():
        path = build(style, weight, TARGET)
        print(f"{path.name}: {path.stat().st_size // 1024} KiB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
