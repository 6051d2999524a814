"""The unit tests of the browser code, run in Node, and what its build promises."""

import gzip
import json
import subprocess
import sys
from pathlib import Path

import brotli
import pytest

from web.build import find_node

ROOT = Path(__file__).resolve().parent.parent.parent
STATIC = ROOT / "web" / "static"


@pytest.fixture(scope="module")
def manifest() -> dict[str, str]:
    subprocess.run((sys.executable, "-m", "web.build"), cwd=ROOT, check=True)
    found: dict[str, str] = json.loads((STATIC / "manifest.json").read_text())
    return found


def test_the_unit_tests_of_the_browser_code_pass() -> None:
    command = (sys.executable, "-m", "web.build", "test")
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.fail(done.stdout + done.stderr, pytrace=False)


def test_every_page_and_style_sheet_is_built(manifest: dict[str, str]) -> None:
    client = ROOT / "web" / "client" / "src"
    pages = {f"{path.stem}.js" for path in (client / "pages").glob("*.ts")}
    styles = {path.name for path in (client / "styles").glob("*.css")}
    assert pages | styles <= set(manifest)
    assert all((STATIC / file).is_file() for file in manifest.values())


def test_the_compressed_twins_say_the_same(manifest: dict[str, str]) -> None:
    for name in manifest.values():
        plain = (STATIC / name).read_bytes()
        if (twin := STATIC / f"{name}.br").exists():
            assert brotli.decompress(twin.read_bytes()) == plain
        if (twin := STATIC / f"{name}.gz").exists():
            assert gzip.decompress(twin.read_bytes()) == plain


def test_what_a_page_preloads_exists(manifest: dict[str, str]) -> None:
    preload: dict[str, list[str]] = json.loads((STATIC / "preload.json").read_text())
    assert set(preload) <= set(manifest)
    assert all((STATIC / chunk).is_file() for chunks in preload.values() for chunk in chunks)


def test_socket_io_client_costs_at_most_12_kb(tmp_path: Path) -> None:
    """Bundled alone, without the transports that the server does not speak."""
    source = ROOT / "web" / "client"
    script = (
        'import { build } from "esbuild"; import { websocketOnly } from "./websocket-only.mjs";'
        "await build({ stdin: { contents: 'import { io } from \"socket.io-client\"; globalThis.io = io;',"
        ' resolveDir: "." }, bundle: true, minify: true, format: "esm", target: "es2020",'
        " plugins: [websocketOnly], outfile: process.argv[1] });"
    )
    out = tmp_path / "client.js"
    subprocess.run((*find_node().node, "--input-type=module", "-e", script, str(out)), cwd=source, check=True)
    bundle = out.read_bytes()
    assert len(brotli.compress(bundle, quality=11)) <= 12_000
    assert b"XMLHttpRequest" not in bundle
