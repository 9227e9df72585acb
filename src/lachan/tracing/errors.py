"""What can go wrong with a trace."""

from lachan.kit.errors import InvalidInput


class LevelTooHigh(InvalidInput):
    """The disease is not traced so far; param `most` is the highest level of its profile."""

    code = "trace-level-too-high"
