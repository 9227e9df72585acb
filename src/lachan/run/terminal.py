"""What the person at the terminal is told while the program starts and stops."""

import time
from collections.abc import Iterator
from contextlib import contextmanager


def tell(line: str) -> None:
    """A line of progress, at once, also where the output is a file."""
    print(f"  {line}", flush=True)


@contextmanager
def step(title: str) -> Iterator[None]:
    """Tell what was done and how long it took, once it is done."""
    begun = time.perf_counter()
    yield
    tell(f"{title} ({time.perf_counter() - begun:.1f} s)")
