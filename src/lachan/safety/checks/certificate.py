"""The certificate for the door: issued while a place is safe, looked up by whoever scans it."""

import asyncio
import json
import threading
from dataclasses import dataclass
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Final

import typst
from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.kit.crypto import Keyring
from lachan.kit.http.access import Viewer
from lachan.kit.i18n import Catalogs, Language, format_date
from lachan.places.poster import QUIET_MODULES, qr_of
from lachan.safety.checks import errors, service, signing, store
from lachan.safety.colours import store as colour_store
from lachan.safety.colours.domain import Colour
from lachan.safety.criteria import service as criteria_service
from lachan.safety.criteria.domain import CriteriaSet, Outcome
from lachan.safety.wording import in_language
from lachan.settings import Settings

_FOLDER: Final = Path(__file__).parent
_WEB: Final = _FOLDER.parents[1] / "web"
_FONTS: Final = _WEB / "static" / "fonts"
_LOGO: Final = _WEB / "assets" / "public" / "logo.svg"
# The compiler is not to be entered twice.
_turn = threading.Lock()


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate with the words that it needs."""

    certificate: signing.Certificate
    token: str
    place: store.PlaceName
    criteria: CriteriaSet
    outcome: Outcome


async def issue(
    connection: AsyncConnection, keyring: Keyring, viewer: Viewer, place_id: int, today: date
) -> Issued:
    """A certificate for a place that the viewer runs.

    Raises `CheckForeign`, `StaffFormer`, `NotJoined`, or `NothingToCertify` unless it is green.
    """
    await service.access_staffed(connection, viewer, place_id)
    standing = await colour_store.standing(connection, place_id)
    if standing is None:
        raise errors.NotJoined
    if standing.as_of(today) != "green" or standing.set_id is None:
        raise errors.NothingToCertify
    certificate = signing.Certificate(
        place_id,
        standing.set_id,
        today,
        standing.score or 0,
        standing.maximum or 0,
        standing.streak,
    )
    place = await store.place_name(connection, place_id)
    assert place is not None  # it has a standing
    criteria = await criteria_service.set_by_id(connection, standing.set_id)
    outcome = criteria.outcome(standing.outcome or "")
    assert outcome is not None  # green is a class of its set
    return Issued(certificate, signing.sign(keyring, certificate), place, criteria, outcome)


@dataclass(frozen=True, slots=True)
class Verified:
    """A genuine certificate, and how its place stands today; `colour` None: it is gone."""

    certificate: signing.Certificate
    place: store.PlaceName | None
    criteria: CriteriaSet | None
    colour: Colour | None


async def access_certificate(
    connection: AsyncConnection, keyring: Keyring, token: str, today: date
) -> Verified:
    """What a scanned certificate says, and what is so today. Raises `CertificateForged`."""
    certificate = signing.read(keyring, token)
    if certificate is None:
        raise errors.CertificateForged
    standing = await colour_store.standing(connection, certificate.place_id)
    return Verified(
        certificate,
        await store.place_name(connection, certificate.place_id),
        await criteria_service.find_set(connection, certificate.set_id),
        standing.as_of(today) if standing else None,
    )


def url_of(base_url: str, token: str) -> str:
    """The address that the picture holds."""
    return f"{base_url.rstrip('/')}/certificates/{token}"


async def draw(catalogs: Catalogs, settings: Settings, issued: Issued) -> bytes:
    """The sheet for the door as a PDF, in a thread."""
    return await asyncio.to_thread(draw_now, catalogs, settings, issued)


def draw_now(
    catalogs: Catalogs, settings: Settings, issued: Issued, *, ppi: float | None = None
) -> bytes:
    """The same at once: a PDF, or with `ppi` a PNG picture."""
    outcome = issued.outcome.title
    url = url_of(settings.web.base_url, issued.token)
    picture = BytesIO()
    qr_of(url).save(picture, kind="svg", border=QUIET_MODULES, xmldecl=False, svgns=True)
    zone = settings.zone

    def both(name: str, **args: object) -> dict[str, str]:
        languages: tuple[Language, ...] = ("vi", "en")
        return {
            lang: catalogs.translate(
                lang,
                f"safety-certificate-{name}",
                day=format_date(lang, issued.certificate.day, tz=zone),
                **args,
            )
            for lang in languages
        }

    facts = {
        "title": f"{issued.place.name} · {issued.certificate.day.isoformat()}",
        "logo": _LOGO.read_text(encoding="utf-8"),
        "heading": both("heading"),
        "place": issued.place.name,
        "where": issued.place.where,
        "outcome": {"vi": in_language(outcome, "vi"), "en": in_language(outcome, "en")},
        "said": both(
            "said",
            score=issued.certificate.score,
            maximum=issued.certificate.maximum,
            streak=issued.certificate.streak,
        ),
        "scan": both("scan"),
        "source": f"{issued.criteria.source} · {issued.criteria.version}",
        "qr": picture.getvalue().decode(),
        "url": url,
    }
    with _turn:
        drawn = _compiler().compile(
            (_FOLDER / "certificate.typ").read_bytes(),
            format="pdf" if ppi is None else "png",
            ppi=ppi,
            sys_inputs={"certificate": json.dumps(facts, ensure_ascii=False)},
        )
    assert isinstance(drawn, bytes)
    return drawn


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(
        font_paths=typst.Fonts(
            include_system_fonts=False, font_paths=[_FONTS] if _FONTS.is_dir() else []
        )
    )
