"""Bundles of the browser code for tests in a real Chromium, and waiting for what they say."""

import asyncio
import subprocess
from pathlib import Path

import pytest
from playwright.async_api import Page

from web.build import find_node, install

CLIENT = Path(__file__).resolve().parent.parent.parent / "web" / "client"
SCRIPT = (
    'import { build } from "esbuild";'
    "const [entry, outfile] = process.argv.slice(1);"
    'await build({ entryPoints: [entry], bundle: true, format: "iife", target: "es2020", outfile });'
)


def bundle(name: str, folder: Path) -> str:
    """Return the script that web/client/tests/NAME.ts and everything it imports make."""
    node = find_node()
    install(node)
    out = folder / f"{name}.js"
    command = (*node.node, "--input-type=module", "-e", SCRIPT, f"tests/{name}.ts", str(out))
    subprocess.run(command, cwd=CLIENT, check=True)
    return out.read_text()


async def eventually(page: Page, expression: str, told: str = "''", seconds: float = 20) -> None:
    """Wait until the expression holds (it may be a promise); else fail with what `told` says."""
    deadline = asyncio.get_running_loop().time() + seconds
    while not await page.evaluate(expression):
        if asyncio.get_running_loop().time() > deadline:
            pytest.fail(f"never true: {expression}\n{await page.evaluate(told)}")
        await asyncio.sleep(0.1)


async def sees(page: Page, name: str) -> None:
    """Wait until this person decodes frames and sound of the other side, and the line is good."""
    told = f"[{name}.states, {name}.errors, {name}.steps]"
    await eventually(page, f"{name}.numbers().then(it => it.frames > 5 && it.sound > 20)", told)
    await eventually(page, f"{name}.states.at(-1) === 'good'", told)
    assert await page.evaluate(f"{name}.errors") == []
