"""The hospital's door, opened afresh for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.integration.web.hospital import Hospital, hospital_at


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the client build would have written, as far as pages ask for it."""
    folder = tmp_path_factory.mktemp("static")
    (folder / "manifest.json").write_text('{"clinic.js": "clinic-ABC.js", "staff.css": "staff-DEF.css"}')
    (folder / "preload.json").write_text('{"clinic.js": ["chunk-1.js"]}')
    (folder / "clinic-ABC.js").write_text("export {};")
    (folder / "clinic-ABC.js.br").write_bytes(b"brotli twin")
    (folder / "clinic-ABC.js.gz").write_bytes(b"gzip twin")
    (folder / "staff-DEF.css").write_text("p{}")
    return folder


@pytest.fixture
async def hospital(built: Path) -> AsyncIterator[Hospital]:
    async with hospital_at(built) as door:
        yield door
