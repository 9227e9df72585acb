"""A small HTTP/1.1 load generator: raw sockets, keep-alive, one request in flight a connection.

It runs in a process of its own so that its work is not counted as the server's. The protocol
between bench and generator is JSON on standard input and output.
"""

import asyncio
import json
import sys
import time
from uuid import uuid4


async def _connection(
    port: int,
    tokens: list[str],
    codes: list[str],
    ends: float,
    latencies: list[float],
    acknowledged: list[str],
    failures: list[int],
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    number = 0
    try:
        while time.monotonic() < ends:
            token, code = tokens[number % len(tokens)], codes[number % len(codes)]
            number += 1
            scan_id = str(uuid4())
            body = json.dumps({"scan_id": scan_id, "code": code}).encode()
            begun = time.perf_counter()
            writer.write(
                b"POST /api/v1/visits HTTP/1.1\r\nHost: localhost\r\n"
                b"Content-Type: application/json\r\nAuthorization: Bearer "
                + token.encode()
                + b"\r\nContent-Length: "
                + str(len(body)).encode()
                + b"\r\n\r\n"
                + body
            )
            head = await reader.readuntil(b"\r\n\r\n")
            status = int(head[9:12])
            length = next(
                int(line.partition(b":")[2])
                for line in head.lower().split(b"\r\n")
                if line.startswith(b"content-length:")
            )
            await reader.readexactly(length)
            latencies.append(time.perf_counter() - begun)
            if status == 201:
                acknowledged.append(scan_id)
            else:
                failures.append(status)
    except (asyncio.IncompleteReadError, ConnectionError):
        failures.append(0)
    finally:
        writer.close()


async def _main() -> None:
    order = json.loads(sys.stdin.readline())
    latencies: list[float] = []
    acknowledged: list[str] = []
    failures: list[int] = []
    tokens, codes = order["tokens"], order["codes"]
    connections = order["connections"]
    begun = time.monotonic()
    await asyncio.gather(
        *(
            _connection(
                order["port"],
                tokens[index::connections],
                codes[index % len(codes) :] + codes[: index % len(codes)],
                begun + order["seconds"],
                latencies,
                acknowledged,
                failures,
            )
            for index in range(connections)
        )
    )
    json.dump(
        {
            "seconds": time.monotonic() - begun,
            "latencies": latencies,
            "acknowledged": acknowledged,
            "failures": failures,
        },
        sys.stdout,
    )


if __name__ == "__main__":
    asyncio.run(_main())
