"""The service worker and the one page that it keeps: nothing of any visit in it."""

import json
from pathlib import Path

import pytest

from tests.integration.web.hospital import Hospital, hospital_at
from tests.integration.web.journeys import booked, opened


@pytest.fixture
def with_worker(tmp_path: Path) -> Path:
    (tmp_path / "manifest.json").write_text(json.dumps({"worker.js": "worker-ABC.js"}))
    (tmp_path / "worker-ABC.js").write_text("addEventListener('fetch', () => {});")
    return tmp_path


async def test_the_worker_has_a_lasting_name_and_looks_after_the_patients_pages(with_worker: Path) -> None:
    async with hospital_at(with_worker) as hospital:
        answer = await (await hospital.visitor()).get("/v/worker.js")
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert answer.headers["Service-Worker-Allowed"] == "/v"
    assert answer.headers["Cache-Control"] == "no-cache"


async def test_without_a_built_worker_there_is_none(hospital: Hospital) -> None:
    assert (await (await hospital.visitor()).get("/v/worker.js")).status == 404


async def test_the_page_is_the_same_for_everybody(hospital: Hospital) -> None:
    appointment = await booked(hospital)
    bo, nobody = await opened(hospital, appointment), await hospital.visitor()
    known, unknown = await bo.get("/v/offline"), await nobody.get("/v/offline")
    assert known.status == 200
    assert "You keep your place" in known.text
    assert appointment["visit"] not in known.text
    assert len(known.text) == len(unknown.text)
