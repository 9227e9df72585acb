"""Photos as evidence: drawn anew, so that nothing but the picture is kept."""

import asyncio
import io
import warnings
from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid4

from PIL import Image, ImageOps
from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.kit.ids import uuid7
from lachan.safety.checks import store
from lachan.safety.checks.errors import PhotoTooLarge, PhotoUnreadable
from lachan.settings import Safety

LONGEST_SIDE: Final = 1600
_FORMATS: Final = ("JPEG", "PNG", "WEBP")
_QUALITY: Final = 82
# Drawing takes memory and a processor: so many at a time in a process.
_DRAWING: Final = asyncio.Semaphore(2)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture drawn anew as JPEG: no place, no time, no camera in it."""

    jpeg: bytes
    width: int
    height: int


def redraw(raw: bytes, most_pixels: int, most_whole: int) -> Picture:
    """The picture alone, upright, no side over `LONGEST_SIDE`.

    A JPEG of up to `most_pixels` is made smaller while it is read; what has to be read whole takes
    memory for each pixel, and may have `most_whole` of them. Raises `PhotoUnreadable`, and
    `PhotoTooLarge` before anything large is opened.
    """
    try:
        drawn = _upright(raw, most_pixels, most_whole)
        out = io.BytesIO()
        drawn.save(out, "JPEG", quality=_QUALITY, optimize=True)
    except (PhotoTooLarge, Image.DecompressionBombError):
        raise PhotoTooLarge from None
    except Exception:  # noqa: BLE001 - a broken file fails in Pillow in any way there is
        raise PhotoUnreadable from None
    return Picture(out.getvalue(), drawn.width, drawn.height)


def _upright(raw: bytes, most_pixels: int, most_whole: int) -> Image.Image:
    with warnings.catch_warnings():
        # Pillow warns of what we refuse ourselves, by a limit of our own.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        with Image.open(io.BytesIO(raw), formats=_FORMATS) as opened:
            pixels = opened.width * opened.height
            opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            if not _comes_in_order(opened):
                most_pixels = min(most_pixels, most_whole)
            if pixels > most_pixels or opened.width * opened.height > most_whole:
                raise PhotoTooLarge
            # Made small before it is turned: turning takes a copy.
            opened.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            upright = ImageOps.exif_transpose(opened)
    seen = upright.convert("RGBA") if upright.has_transparency_data else upright.convert("RGB")
    drawn = Image.new("RGB", seen.size, "white")
    drawn.paste(seen, mask=seen if seen.mode == "RGBA" else None)
    return drawn


def _comes_in_order(opened: Image.Image) -> bool:
    """Whether a picture can be read line by line; of any other all of it is held at once."""
    return opened.format == "JPEG" and "progressive" not in opened.info


async def draw(raw: bytes, settings: Safety) -> Picture:
    """`redraw` within the limits that are set, a few at a time in a process.

    Outside any transaction: it takes a second, and a connection would wait for it.
    """
    if len(raw) > settings.photo_bytes:
        raise PhotoTooLarge
    async with _DRAWING:
        return await asyncio.to_thread(
            redraw, raw, settings.photo_pixels, settings.whole_photo_pixels
        )


async def keep(
    connection: AsyncConnection,
    picture: Picture,
    place_id: int,
    *,
    by: int | None,
    inspection_id: int | None = None,
    feedback_id: int | None = None,
    item_code: str | None = None,
) -> UUID:
    """Keep a photo of a place, taken by a resident (`by`) or, None, by an officer or nobody known.

    The caller says who may.
    """
    # An id made of the time would tell a place when somebody reported.
    photo = uuid7() if feedback_id is None else uuid4()
    await store.insert_photo(
        connection,
        photo,
        place_id=place_id,
        jpeg=picture.jpeg,
        width=picture.width,
        height=picture.height,
        taken_by=by,
        inspection_id=inspection_id,
        feedback_id=feedback_id,
        item_code=item_code,
    )
    return photo
