"""How often one address may knock at the doors of sign-in."""

from dataclasses import dataclass, field

from fastapi import Request

from lachan.kit.http.rate import RateLimit, block_of
from lachan.settings import Identity


class Texts:
    """How many codes leave this process at most, whoever asks.

    A number abroad can earn its holder money with each text, so these have a small bucket of their
    own (premium-rate fraud by text, GSMA FS.11 names it artificially inflated traffic).
    """

    def __init__(self, settings: Identity) -> None:
        self._all = _an_hour(settings.texts_per_hour)
        self._abroad = _an_hour(settings.texts_abroad_per_hour)
        self._home = f"+{settings.home_country_code}"

    def check(self, phone: str) -> None:
        """Take a text to `phone` (E.164) from the buckets. Raises `TooManyRequests`."""
        if not phone.startswith(self._home):
            self._abroad.check("")
        self._all.check("")


def _an_hour(count: int) -> RateLimit:
    return RateLimit(max(1, count // 60), burst=count)


@dataclass(frozen=True, slots=True)
class Limits:
    """Buckets by client address; a school or a factory behind one address must still get in."""

    codes: RateLimit = field(default_factory=lambda: RateLimit(20, burst=60))
    tries: RateLimit = field(default_factory=lambda: RateLimit(30, burst=90))
    officers: RateLimit = field(default_factory=lambda: RateLimit(10, burst=30))
    texts: Texts = field(default_factory=lambda: Texts(Identity()))


def limits_of(request: Request) -> Limits:
    """The application's limits, made at their first use."""
    state = request.app.state
    if not hasattr(state, "identity_limits"):
        state.identity_limits = Limits(texts=Texts(state.settings.identity))
    limits: Limits = state.identity_limits
    return limits


def address_of(request: Request) -> str:
    """The address that limits go by."""
    return block_of(request.client.host) if request.client else ""
