"""The day it is where the tests live.

A function, not a number read once: a run that lasts past midnight goes on a day later.
"""

from datetime import date, datetime, timedelta

from lachan.kit.clock import day_bounds, local_day, now
from lachan.settings import Settings

ZONE = Settings().zone


def today() -> date:
    return local_day(now(), ZONE)


def midnight(ago: int) -> datetime:
    """The moment at which the day began that was `ago` days before today."""
    return day_bounds(today() - timedelta(days=ago), ZONE)[0]
