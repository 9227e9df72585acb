"""Pictures drawn anew: what they may cost, whatever their files look like."""

import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from lachan.safety.checks import photos
from lachan.safety.checks.errors import PhotoTooLarge
from lachan.settings import Safety

LIMITS = Safety()
# Peaks are of a process of its own: what others drew before does not count.
_MEASURE = """
import sys
from lachan.safety.checks.photos import redraw
from lachan.settings import Safety

def peak():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))

raw, limits, before = open(sys.argv[1], "rb").read(), Safety(), peak()
redraw(raw, limits.photo_pixels, limits.whole_photo_pixels)
print((peak() - before) // 1024)
"""


def lying(kind: str, mode: str, size: tuple[int, int], **more: Any) -> bytes:
    """A flat picture that lies on its side: a small file, and all the work there can be."""
    exif = Image.Exif()
    exif[0x0112] = 6
    out = io.BytesIO()
    Image.new(mode, size).save(out, kind, exif=exif, **more)
    return out.getvalue()


def redraw(raw: bytes) -> photos.Picture:
    return photos.redraw(raw, LIMITS.photo_pixels, LIMITS.whole_photo_pixels)


@pytest.mark.parametrize(
    ("kind", "more"),
    [("PNG", {}), ("WEBP", {}), ("JPEG", {"progressive": True})],
    ids=["png", "webp", "progressive"],
)
def test_what_is_read_whole_has_fewer_pixels(kind: str, more: dict[str, Any]) -> None:
    with pytest.raises(PhotoTooLarge):
        redraw(lying(kind, "RGB", (4001, 4000), **more))
    taken = redraw(lying(kind, "RGB", (2000, 1000), **more))
    assert (taken.width, taken.height) == (800, 1600)


def test_a_camera_of_many_pixels_is_taken() -> None:
    taken = redraw(lying("JPEG", "RGB", (8000, 6000)))
    assert (taken.width, taken.height) == (1200, 1600)
    with pytest.raises(PhotoTooLarge):
        redraw(lying("JPEG", "RGB", (8000, 6251)))


def test_a_strip_that_cannot_be_made_smaller_while_it_is_read_is_refused() -> None:
    with pytest.raises(PhotoTooLarge):
        redraw(lying("JPEG", "RGB", (40_000, 1200)))


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="asks the kernel of Linux")
@pytest.mark.parametrize(
    ("raw", "most"),
    [(lying("PNG", "RGBA", (4000, 4000)), 190), (lying("JPEG", "RGB", (7000, 7000)), 100)],
    ids=["png", "jpeg"],
)
def test_the_largest_pictures_cost_what_they_may(raw: bytes, most: int, tmp_path: Path) -> None:
    file = tmp_path / "picture"
    file.write_bytes(raw)
    told = subprocess.run(
        [sys.executable, "-c", _MEASURE, str(file)], capture_output=True, text=True, check=True
    )
    assert int(told.stdout) < most, "megabytes"
