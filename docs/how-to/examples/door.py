# ruff: noqa: INP001 - a program to copy, not a package
"""A device at a door: keeps every scan in a file, sends it when there is a network, once only.

    DOOR_KEY=<the device's key> python3 door.py https://check-in.example.vn queue.db

Reads one scan a line from its input, `in`, `out` or `auto`, a blank, and the text that the reader
read; replace `scans_of` by your reader. Writes a line to its output for each answer. Only the
standard library of Python 3.11 is needed.
"""

import json
import os
import sqlite3
import sys
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, TextIO

MOST_AT_ONCE = 500
LONGEST_WAIT_SECONDS = 60.0
# Refusals of one scan that say "not now"; every other one is final.
COME_AGAIN = frozenset({"too-many-requests", "overloaded"})

Json = dict[str, Any]


class KeyRevokedError(Exception):
    """The key ends here: somebody has to give this device a new one."""


def now() -> str:
    """What this device's clock shows; the server puts it right by `sent_at`."""
    return datetime.now(UTC).isoformat()


class Queue:
    """Scans that were not answered yet, in a file that survives a power cut."""

    def __init__(self, path: str) -> None:
        self._file = sqlite3.connect(path, check_same_thread=False)
        self._lock = threading.Lock()
        with self._file:
            self._file.execute(
                "CREATE TABLE IF NOT EXISTS scan (scan_id TEXT PRIMARY KEY, body TEXT NOT NULL)"
            )

    def put(self, shown: str, direction: str) -> None:
        """Keep a scan. Its id is made here and now: sent twice, it still counts once."""
        scan_id = str(uuid.uuid4())
        scan = {"scan_id": scan_id, "shown": shown, "direction": direction, "at": now()}
        with self._lock, self._file:
            self._file.execute("INSERT INTO scan VALUES (?, ?)", (scan_id, json.dumps(scan)))

    def oldest(self, most: int) -> list[Json]:
        """The scans that wait longest, in the order in which they were made."""
        with self._lock:
            rows = self._file.execute("SELECT body FROM scan ORDER BY rowid LIMIT ?", (most,))
            return [json.loads(body) for (body,) in rows]

    def forget(self, scan_ids: list[str]) -> None:
        """Remove scans that were answered for good."""
        with self._lock, self._file:
            self._file.executemany(
                "DELETE FROM scan WHERE scan_id = ?", [(scan_id,) for scan_id in scan_ids]
            )


class Server:
    """The few calls that a device makes."""

    def __init__(self, url: str, key: str) -> None:
        self._url = url.rstrip("/")
        self._key = key

    def call(self, method: str, path: str, body: Json | None = None) -> Json:
        """One request.

        Raises `KeyRevokedError`, `urllib.error.HTTPError` for other refusals, and `OSError` when
        nobody answers.
        """
        request = urllib.request.Request(  # noqa: S310 - the address is the operator's own
            f"{self._url}/api/v1{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {self._key}",
                "Content-Type": "application/json",
                "Accept-Language": "vi",
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
                found: Json = json.load(answer)
                return found
        except urllib.error.HTTPError as refused:
            if refused.code == 401:  # noqa: PLR2004 - Unauthorized
                raise KeyRevokedError from refused
            raise

    def send(self, scans: list[Json]) -> list[Json]:
        """Report scans; one result each, in order."""
        body = {"sent_at": now(), "scans": scans}
        results: list[Json] = self.call("POST", "/device/scans", body)["results"]
        return results


def send_once(server: Server, queue: Queue, told: TextIO) -> float:
    """Send what waits, at most one batch; how long to rest before the next, in seconds."""
    scans = queue.oldest(MOST_AT_ONCE)
    if not scans:
        return 0.2
    try:
        results = server.send(scans)
    except urllib.error.HTTPError as refused:
        # 429 and 503 say when to come again; a batch that is wrong as a whole is a bug to be seen.
        told.write(f"batch refused: {refused.code}\n")
        return float(refused.headers.get("Retry-After") or LONGEST_WAIT_SECONDS)
    except OSError:
        return 5.0  # no network: nothing is lost, it waits in the file
    answered, wait = [], 0.0
    for scan, result in zip(scans, results, strict=True):
        if result["status"] == "refused" and result["code"] in COME_AGAIN:
            wait = LONGEST_WAIT_SECONDS
            continue
        answered.append(scan["scan_id"])
        # Light the lamp here: green for accepted and waiting, red with `detail` for refused.
        told.write(f"{result['status']} {result.get('outcome') or result.get('code') or '-'}\n")
    told.flush()
    queue.forget(answered)
    return wait


def scans_of(lines: TextIO) -> Iterator[tuple[str, str]]:
    """Direction and text of each scan; a keyboard wedge ends each with a line break."""
    for line in lines:
        direction, _, shown = line.rstrip("\r\n").partition(" ")
        if shown:
            yield direction, shown


def main() -> int:
    """Keep and send until the input ends and nothing waits any more."""
    server, queue = Server(sys.argv[1], os.environ["DOOR_KEY"]), Queue(sys.argv[2])
    try:
        sys.stdout.write(f"at {server.call('GET', '/device')['place']['name']}\n")
    except KeyRevokedError:
        sys.stdout.write("key revoked\n")
        return 1
    except OSError:
        sys.stdout.write("off line\n")
    sys.stdout.flush()
    done = threading.Event()

    def read() -> None:
        for direction, shown in scans_of(sys.stdin):
            queue.put(shown, direction)
        done.set()

    threading.Thread(target=read, daemon=True).start()
    while True:
        ended = done.is_set()
        try:
            rest = send_once(server, queue, sys.stdout)
        except KeyRevokedError:
            sys.stdout.write("key revoked\n")
            return 1
        if ended and not queue.oldest(1):
            return 0
        time.sleep(rest)


if __name__ == "__main__":
    sys.exit(main())
