"""Token buckets in memory: enough to slow a guesser or a flood down in front of one process."""

import time
from collections import OrderedDict
from ipaddress import IPv6Address

from lachan.kit.errors import TooManyRequests

_KEYS_KEPT = 100_000
_V6_PARTS = 4


def block_of(address: str) -> str:
    """What a limit per address goes by: the address, of IPv6 the /64 that one subscriber holds."""
    if ":" not in address:
        return address
    try:
        parsed = IPv6Address(address.partition("%")[0])
    except ValueError:
        return address
    mapped = parsed.ipv4_mapped
    return str(mapped) if mapped else ":".join(parsed.exploded.split(":")[:_V6_PARTS])


class RateLimit:
    """At most `per_minute` a key over time, with bursts of up to `burst` (default: a minute's)."""

    def __init__(self, per_minute: int, *, burst: int | None = None) -> None:
        self._refill = per_minute / 60
        self._burst = float(burst or per_minute)
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def check(self, key: str, cost: float = 1.0) -> None:
        """Take `cost` from the bucket of `key`. Raises `TooManyRequests` when it is empty."""
        moment = time.monotonic()
        level, at = self._buckets.get(key, (self._burst, moment))
        level = min(self._burst, level + (moment - at) * self._refill)
        if level < cost:
            raise TooManyRequests(retry_after=max(1, round((cost - level) / self._refill)))
        self._buckets[key] = (level - cost, moment)
        self._buckets.move_to_end(key)
        if len(self._buckets) > _KEYS_KEPT:
            # The one that was quiet longest is full again anyhow.
            self._buckets.popitem(last=False)

    def has_room(self, key: str, cost: float = 1.0) -> bool:
        """Whether `check` would let `key` pass now; takes nothing."""
        level, at = self._buckets.get(key, (self._burst, 0.0))
        return min(self._burst, level + (time.monotonic() - at) * self._refill) >= cost
