"""After a day's work nothing that was typed or seeded can be read in DATA or in the logs."""

import base64
from pathlib import Path

import pytest

from telehealth.demo.patients import PATIENTS
from telehealth.probe.http import Caller
from tests.integration.server.acting import NOTE, signed_in, specialist, visits_of
from tests.services.server import Server

TYPED = "Reads sagittarius-typed-text in the note"


@pytest.mark.timeout(180)
async def test_nothing_personal_is_readable_in_data_and_logs(tmp_path: Path) -> None:
    server = Server(tmp_path / "data", log_level="debug")
    server.start()
    manifest = server.manifest()
    known = specialist(manifest)
    async with signed_in(server, known) as desk, Caller(server.url) as patient:
        visit = await desk.start_visit(visits_of(manifest, known)[0], patient)
        version = await desk.save(visit, 0, history=TYPED)
        await desk.caller.post(f"/api/v1/visits/{visit}/note/signature", {"version": version})
        await desk.caller.post(f"/api/v1/visits/{visit}/note/addenda", {"text": "virgo-typed-addendum"})
        await desk.caller.post(f"/api/v1/visits/{visit}/end")
        await desk.caller.post("/api/v1/patients/search", {"family": "Lindqvist", "birth_date": "1961-05-14"})
        readable = secrets_of(manifest)
        assert found(readable, server) == []
        server.kill()
    assert found(readable, server) == []


def secrets_of(manifest: dict[str, object]) -> list[str]:
    """Everything that is somebody's: names, phones, dates, mail, passwords, seeds, links, the note."""
    texts = [TYPED, "virgo-typed-addendum", "Linden street 4", *NOTE.values()]
    for patient in PATIENTS:
        texts += [patient.family, patient.phone, patient.identifier, patient.birth_date.isoformat()]
        texts.append(f"{patient.identifier.lower()}@patients.example")
    for person in manifest["staff"]:  # type: ignore[attr-defined]
        texts += [person["email"], person["password"], person["totp_secret"], person["name"].split()[-1]]
    for visit in manifest["visits"]:  # type: ignore[attr-defined]
        texts.append(visit["join_url"].partition("#")[2])
    return [text for text in texts if len(text) > 3 and text != "follow-up-video"]


def found(texts: list[str], server: Server) -> list[tuple[str, str]]:
    """Where any of the texts stands, in whatever common clothing; the console is the terminal, no log."""
    hits = []
    for path in sorted(server.data.rglob("*")):
        if not path.is_file():
            continue
        content = path.read_bytes()
        hits += [(text, path.name) for text in texts if any(form in content for form in forms(text))]
    logged = [line for line in server.log.read_text().splitlines() if line.startswith("{")]
    assert logged, "there is a log to look into"
    hits += [(text, "log") for text in texts if any(text in line for line in logged)]
    return hits


def forms(text: str) -> list[bytes]:
    plain = text.encode()
    return [
        plain,
        plain.lower(),
        text.encode("utf-16-le"),
        plain.hex().encode(),
        base64.b64encode(plain)[:-4] or plain,
        text.encode("unicode_escape"),
    ]
