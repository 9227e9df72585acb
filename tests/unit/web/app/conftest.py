"""Runs functions of the pages' scripts as a phone would, in the machine's JavaScript."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lachan.web import rendering

ASSETS = rendering.TEMPLATES.parent / "assets"
# Bundles one module, then calls one of its functions with each list of arguments.
_RUN = """
import { rolldown } from "rolldown";
const { module, call, lists } = JSON.parse(await new Promise((resolve) => {
  let text = "";
  process.stdin.on("data", (part) => (text += part)).on("end", () => resolve(text));
}));
const bundle = await rolldown({ input: module, platform: "browser", logLevel: "silent" });
const { output } = await bundle.generate({ format: "esm" });
const code = `data:text/javascript;base64,${Buffer.from(output[0].code).toString("base64")}`;
const things = await import(code);
const given = new Function("things", `return (${call})`)(things);
const results = [];
for (const list of lists) results.push((await given(...list)) ?? null);
// A channel that the module opened would keep the process alive.
process.stdout.write(JSON.stringify(results), () => process.exit(0));
"""

Run = Callable[[str, str, list[list[Any]]], list[Any]]


@pytest.fixture(scope="session")
def run_script() -> Run:
    node = shutil.which("node") or str(Path(sys.executable).with_name("node"))

    def run(module: str, call: str, lists: list[list[Any]]) -> list[Any]:
        """`call` is an expression over `things`, what the module exports; null is undefined."""
        told = json.dumps({"module": str(ASSETS / "src" / module), "call": call, "lists": lists})
        done = subprocess.run(
            [node, "--input-type=module", "--eval", _RUN],
            input=told,
            capture_output=True,
            text=True,
            cwd=ASSETS,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        found: list[Any] = json.loads(done.stdout)
        return found

    return run
