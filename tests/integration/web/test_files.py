"""/api/v1/visits/{visit}/files: what was shown in a call, kept in the record of who it is about."""

from io import BytesIO

import pytest

from telehealth.domain.audit import AuditAction
from telehealth.domain.files import LARGEST_FILE
from tests.integration.storage.cast import AMARA, BO
from tests.integration.web.hospital import ADA, STRANGER, Answer, Hospital, Person
from tests.integration.web.journeys import in_call, waiting
from tests.pictures import EXIF, PDF, PLACE, PNG, jpeg


async def sends(person: Person, visit: str, raw: bytes, kind: str = "image/jpeg") -> Answer:
    path = f"/api/v1/visits/{visit}/files"
    return await person.send("POST", path, data=BytesIO(raw), headers={"Content-Type": kind})


async def test_a_picture_is_kept_without_its_place_and_comes_back(hospital: Hospital) -> None:
    visit, amara, _ = await in_call(hospital)
    kept = await sends(amara, visit, jpeg(EXIF))
    assert kept.status == 201
    assert (await sends(amara, visit, jpeg(EXIF))).json == kept.json, "the same one is kept once"
    path = f"/api/v1/visits/{visit}/files/{kept.json['id']}"
    async with amara.client.get(path) as shown:
        assert await shown.read() == jpeg()
        assert shown.content_type == "image/jpeg"
        assert "sandbox" in shown.headers["Content-Security-Policy"]
    assert path in (await amara.get(f"/clinic-record/{visit}")).text
    (stored,) = [each for each in hospital.units.tables.resources.values() if each.id == kept.json["id"]]
    assert (stored.patient_id, PLACE.decode() in stored.text) == (BO.id, False)
    resource = (await amara.get(f"/fhir/R4/DocumentReference/{kept.json['id']}")).json
    assert resource["context"]["encounter"] == [{"reference": f"Encounter/{visit}"}]


async def test_a_document_is_saved_and_not_shown(hospital: Hospital) -> None:
    visit, amara, _ = await in_call(hospital)
    kept = await sends(amara, visit, PDF, "application/pdf")
    shown = await amara.get(f"/api/v1/visits/{visit}/files/{kept.json['id']}")
    assert shown.headers["Content-Disposition"] == 'attachment; filename="document.pdf"'


@pytest.mark.parametrize(
    "raw, kind, status",
    [
        (PNG, "image/jpeg", 422),
        (b"<svg/>", "image/svg+xml", 415),
        (b"{}", "application/json", 415),
        (b"\0" * (LARGEST_FILE + 1), "image/png", 413),
        (b"", "image/png", 422),
    ],
)
async def test_what_is_none_of_these_or_too_large_is_refused(
    hospital: Hospital, raw: bytes, kind: str, status: int
) -> None:
    visit, amara, _ = await in_call(hospital)
    assert (await sends(amara, visit, raw, kind)).status == status


async def test_nothing_is_kept_before_it_is_known_whose_it_is(hospital: Hospital) -> None:
    visit, amara, _ = await waiting(hospital)
    assert (await sends(amara, visit, jpeg())).status == 409


async def test_a_stranger_is_refused(hospital: Hospital) -> None:
    visit, amara, patient = await in_call(hospital)
    kept = (await sends(amara, visit, jpeg())).json["id"]
    for asking, status in ((STRANGER, 404), (ADA, 403)):
        person = await hospital.staff(asking)
        assert (await sends(person, visit, jpeg())).status == status
        assert (await person.get(f"/api/v1/visits/{visit}/files/{kept}")).status == status
    assert (await sends(patient, visit, jpeg())).status == 401


async def test_keeping_and_opening_are_entered(hospital: Hospital) -> None:
    visit, amara, _ = await in_call(hospital)
    before = len(hospital.units.tables.entries)
    kept = (await sends(amara, visit, jpeg())).json["id"]
    await amara.get(f"/api/v1/visits/{visit}/files/{kept}")
    entries = list(hospital.units.tables.entries.values())[before:]
    assert [(each.action, each.entity_id, each.actor_id, each.patient_ids) for each in entries] == [
        (AuditAction.RECORD_WRITTEN, kept, AMARA.id, (BO.id,)),
        (AuditAction.RECORD_READ, kept, AMARA.id, (BO.id,)),
    ]
