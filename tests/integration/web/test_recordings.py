"""Recordings of a visit: listed and played to who treats the patient, in parts, each opening written down."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from telehealth.domain.audit import AuditAction
from telehealth.domain.recording import Recording, View
from tests.fakes.recordings import FakeFilm, FakeTapes
from tests.integration.web.hospital import ADA, AMARA, COORDINATOR, PIA, STRANGER, Hospital, Person
from tests.integration.web.journeys import in_call
from web.keys import SERVICES

FILM = bytes(range(256)) * 1200


PLAY = "/recording/rec-1/p"


async def recorded(hospital: Hospital) -> tuple[str, Person]:
    """A visit that was recorded, and Dr Amara."""
    visit, amara, _ = await in_call(hospital)
    row = hospital.units.tables.visits[visit]
    now = hospital.clock.now()
    made = Recording(
        "rec-1",
        visit,
        row.patient_id,
        row.organization_id,
        asked_at=now,
        kept_until=now + timedelta(days=30),
        began_at=now,
        ended_at=now,
        key="5a" * 32,
        views=(View("p", "Bo Lindqvist", 3), View("s", "Amara Diallo", 3)),
    )
    hospital.units.tables.recordings["rec-1"] = made
    shelf = hospital.server.app[SERVICES].company.recordings.tapes
    assert isinstance(shelf, FakeTapes)
    shelf.films = {("rec-1", "p"): FakeFilm(FILM)}
    return visit, amara


async def fetched(person: Person, path: str, span: str = "") -> tuple[int, Mapping[str, str], bytes]:
    headers = {"Range": span} if span else {}
    async with person.client.get(path, headers=headers, allow_redirects=False) as answer:
        return answer.status, answer.headers, await answer.read()


def played(hospital: Hospital) -> list[AuditAction]:
    entered = [each.action for each in hospital.units.tables.entries.values()]
    return [each for each in entered if each.startswith("recording:")]


async def test_it_is_listed_and_plays_in_parts(hospital: Hospital) -> None:
    visit, amara = await recorded(hospital)
    listed = await amara.get(f"/recordings/{visit}")
    assert listed.status == 200
    for words in ("Bo Lindqvist", "Amara Diallo", "1:05", f'src="{PLAY}"'):
        assert words in listed.text
    status, headers, body = await fetched(amara, PLAY)
    assert (status, headers["Content-Type"], body) == (200, "video/webm", FILM)
    status, headers, body = await fetched(amara, PLAY, "bytes=1000-1999")
    assert (status, body) == (206, FILM[1000:2000])
    assert headers["Content-Range"] == f"bytes 1000-1999/{len(FILM)}"
    assert (await fetched(amara, PLAY, f"bytes={len(FILM) - 5}-"))[2] == FILM[-5:]
    status, headers, _ = await fetched(amara, PLAY, f"bytes={len(FILM)}-")
    assert (status, headers["Content-Range"]) == (416, f"bytes */{len(FILM)}")
    assert played(hospital) == [AuditAction.RECORDING_LISTED, *[AuditAction.RECORDING_PLAYED] * 4]


async def test_what_is_not_there_is_not_found(hospital: Hospital) -> None:
    _, amara = await recorded(hospital)
    for address in ("/recording/rec-1/s", "/recording/rec-1/g1", "/recording/rec-2/p", "/recording/rec-1/x"):
        assert (await amara.get(address)).status == 404
    kept = hospital.units.tables.recordings
    kept["rec-1"] = replace(kept["rec-1"], key="", views=(), erased_at=hospital.clock.now())
    assert (await amara.get(PLAY)).status == 404


async def test_a_file_is_given_to_who_has_just_proven_themselves(hospital: Hospital) -> None:
    _, amara = await recorded(hospital)
    _, headers, _ = await fetched(amara, f"{PLAY}/file")
    assert headers["Content-Disposition"] == 'attachment; filename="recording.webm"'
    hospital.clock.move(minutes=6)
    late = await amara.get(f"{PLAY}/file")
    assert (late.status, late.headers["Location"]) == (303, f"/step-up?next={PLAY}/file")
    assert played(hospital) == [AuditAction.RECORDING_EXPORTED]


async def test_a_stranger_is_refused(hospital: Hospital) -> None:
    visit, _ = await recorded(hospital)
    for asking, status in ((STRANGER, 404), (ADA, 403), (COORDINATOR, 403), (PIA, 403)):
        person = await hospital.staff(asking)
        for address in (f"/recordings/{visit}", PLAY, f"{PLAY}/file"):
            assert (await person.get(address)).status == status, address
    nobody = await hospital.visitor()
    assert (await nobody.get(PLAY)).status == 303
    assert played(hospital) == []


async def test_the_parts_for_a_call_are_there(hospital: Hospital) -> None:
    nobody = await hospital.visitor()
    assert "May we record this call?" in (await nobody.get("/v/recording")).text
    assert (await nobody.get("/clinic-recording")).status == 303
    amara = await hospital.staff(AMARA)
    assert "Everyone in the call is being asked." in (await amara.get("/clinic-recording")).text
