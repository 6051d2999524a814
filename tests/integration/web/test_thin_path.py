"""The thin path through the JSON API: slot, visit, waiting room, call, signed note in the shared record."""

from tests.integration.web.hospital import Hospital
from tests.integration.web.journeys import in_call


async def test_a_visit_leads_from_a_slot_to_a_signed_note_in_the_record(hospital: Hospital) -> None:
    visit, amara, bo = await in_call(hospital)
    content = {
        "history": "Cough for 3 weeks",
        "plan": "Rest",
        "outcome": "follow-up-video",
        "when": "2 weeks",
    }
    saved = await amara.put(f"/api/v1/visits/{visit}/note", content | {"version": 0})
    assert (saved.status, saved.json["state"], saved.json["version"]) == (200, "draft", 1)
    ended = await amara.post(f"/api/v1/visits/{visit}/end")
    assert (ended.status, ended.json["status"]) == (200, "finished")
    signed = await amara.post(f"/api/v1/visits/{visit}/note/signature", {"version": 1})
    assert (signed.status, signed.json["state"]) == (200, "signed")
    for type_, id_ in (("Composition", signed.json["record"]["composition"]), ("Encounter", visit)):
        read = await amara.get(f"/fhir/R4/{type_}/{id_}")
        assert (read.status, read.json["resourceType"]) == (200, type_)
    after = await bo.get(f"/api/v1/my/{visit}")
    assert after.json["summary"] == {"outcome": "follow-up-video", "when": "2 weeks"}
