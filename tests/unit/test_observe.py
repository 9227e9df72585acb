"""What a log line says of a fault."""

import json

import pytest
import structlog

from lachan.observe import set_up_logs
from lachan.safety.map.tiles import TileCache

DRIVER = """
def deep(left=25):
    if left:
        return deep(left - 1)
    raise ValueError("số điện thoại 0912 345 678")
"""


def test_a_fault_deep_in_a_driver_names_our_own_lines_and_no_values(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Where a library is twenty frames deep, its frames alone would not say where to look."""
    library: dict[str, object] = {}
    exec(compile(DRIVER, "/x/lib/python3.11/site-packages/driver/deep.py", "exec"), library)
    before = structlog.get_config()
    set_up_logs("json")
    try:
        try:
            TileCache().get("tile", 0, library["deep"])  # type: ignore[arg-type] # made by exec
        except ValueError:
            structlog.get_logger().exception("unhandled")
    finally:
        structlog.configure(**before)
    (line,) = capsys.readouterr().out.splitlines()
    frames = json.loads(line)["frames"]
    assert [one.rpartition(":")[0] for one in frames] == [
        "lachan/safety/map/tiles.py",
        *["driver/deep.py"] * 3,
    ]
    assert "0912" not in line
    assert "/x/" not in line
