"""`python -m bench NAME [--small]`: measures, writes bench/results/NAME.json, renders the page.

Without a name: every bench. A bench is a module here with `async def run(small) -> Findings`.
"""

import argparse
import asyncio
import importlib

from bench.report import render, save

BENCHES = ("start", "intake", "checkin", "trace", "outbreak", "posters", "map")


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("name", nargs="?", choices=BENCHES, help="which bench; default: all")
    parser.add_argument("--small", action="store_true", help="a size that takes a minute or two")
    chosen = parser.parse_args()
    for name in [chosen.name] if chosen.name else BENCHES:
        module = importlib.import_module(f"bench.{name}")
        print(f"bench {name}{' (small)' if chosen.small else ''}", flush=True)
        save(name, asyncio.run(module.run(chosen.small)), small=chosen.small)
    print(f"written: {render()}")


if __name__ == "__main__":
    main()
