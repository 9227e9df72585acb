"""Logs as data. What could name a person never gets this far: no bodies, no paths, no tokens."""

import logging
from pathlib import Path
from typing import Final, Literal

import structlog

_HERE: Final = Path(__file__).parent
# How many frames of a fault are kept: of our own, and where it broke.
_OURS: Final = 9
_LAST: Final = 3


def set_up_logs(shape: Literal["json", "console"], level: int = logging.INFO) -> None:
    """One line an event, on standard error; call once a process."""
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if shape == "json"
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _frames_without_values,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(),
        cache_logger_on_first_use=True,
    )


def _frames_without_values(
    _logger: object, _method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Keep where it broke, drop what the exception said: database errors repeat the row."""
    error = event.pop("exc_info", None)
    if error:
        import sys  # noqa: PLC0415 - only needed when something broke

        current = error if isinstance(error, BaseException) else sys.exc_info()[1]
        frames: list[str] = []
        trace = current.__traceback__ if current else None
        while trace is not None:
            frames.append(_place(trace.tb_frame.f_code.co_filename, trace.tb_lineno))
            trace = trace.tb_next
        # A driver may be twenty frames deep: ours say where to look, its last ones what it was at.
        ours = [frame for frame in frames[:-_LAST] if frame.startswith("lachan/")]
        event["frames"] = ours[-_OURS:] + frames[-_LAST:]
    return event


def _place(file: str, line: int) -> str:
    """Where a frame is: of ours below `lachan/`, of a library below its folder."""
    path = Path(file)
    if path.is_relative_to(_HERE):
        return f"lachan/{path.relative_to(_HERE).as_posix()}:{line}"
    return f"{file.rpartition('site-packages/')[2]}:{line}"
