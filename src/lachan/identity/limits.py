"""How often one address may knock at the doors of sign-in."""

from dataclasses import dataclass, field

from fastapi import Request

from lachan.kit.http.rate import RateLimit, block_of


@dataclass(frozen=True, slots=True)
class Limits:
    """Buckets by client address; a school or a factory behind one address must still get in."""

    codes: RateLimit = field(default_factory=lambda: RateLimit(20, burst=60))
    tries: RateLimit = field(default_factory=lambda: RateLimit(30, burst=90))
    officers: RateLimit = field(default_factory=lambda: RateLimit(10, burst=30))


def limits_of(request: Request) -> Limits:
    """The application's limits, made at their first use."""
    state = request.app.state
    if not hasattr(state, "identity_limits"):
        state.identity_limits = Limits()
    limits: Limits = state.identity_limits
    return limits


def address_of(request: Request) -> str:
    """The address that limits go by."""
    return block_of(request.client.host) if request.client else ""
