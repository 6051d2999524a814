"""/wrong-patient/{visit}: a signed note leaves the wrong record and stands, signed, in the right one."""

import json
from typing import Any

from telehealth.domain.audit import AuditAction
from tests.integration.storage.cast import BO, CY, NOOR
from tests.integration.web.hospital import ADA, STRANGER, Hospital, Person
from tests.integration.web.journeys import CONFIRMED, booked, in_call, opened

NOTE = {"version": 0, "history": "Palpitations.", "plan": "Rest.", "outcome": "no-follow-up"}
WHY = "I had the wrong page open."


async def two_visits(hospital: Hospital) -> tuple[str, str, Person, Person]:
    """Bo's visit has a signed note with an addendum; Cy's visit is over and has none."""
    made = await booked(hospital, 3, by=NOOR, patient=CY)
    cy = await opened(hospital, made)
    for step in ("consent", "wait"):
        await cy.post(f"/api/v1/my/{made['visit']}/{step}")
    bos, amara, bo = await in_call(hospital)
    for each in (made["visit"], bos):
        await amara.post(f"/api/v1/visits/{each}/admit")
        await amara.put(f"/api/v1/visits/{each}/confirmation", CONFIRMED)
        assert (await amara.post(f"/api/v1/visits/{each}/end")).status == 200
    await amara.put(f"/api/v1/visits/{bos}/note", NOTE)
    assert (await amara.post(f"/api/v1/visits/{bos}/note/signature", {"version": 1})).status == 200
    await amara.post(f"/api/v1/visits/{bos}/note/addenda", {"text": "Also dizzy."})
    return bos, made["visit"], amara, bo


def newest(hospital: Hospital, type_: str, patient: str) -> list[dict[str, Any]]:
    kept: dict[str, Any] = {}
    for each in hospital.units.tables.resources.values():
        if each.type == type_ and each.patient_id == patient:
            known = kept.get(each.id)
            if known is None or known.version < each.version:
                kept[each.id] = each
    return [json.loads(each.text) for each in kept.values()]


async def test_both_records_are_right_afterwards(hospital: Hospital) -> None:
    bos, cys, amara, bo = await two_visits(hospital)
    path = f"/wrong-patient/{bos}"
    assert f'value="{cys}"' in (await amara.get(path)).text
    assert "Rest." in (await bo.get(f"/v/{bos}/after")).text
    done = await amara.form(path, {"to": cys, "why": WHY})
    assert (done.status, done.headers["Location"]) == (303, path)
    assert "It is kept as an error" in (await amara.get(path)).text
    (wrong,) = newest(hospital, "Composition", BO.id)
    (right,) = newest(hospital, "Composition", CY.id)
    assert (wrong["status"], right["status"]) == ("entered-in-error", "amended")
    replaced = right["relatesTo"][0]
    assert (replaced["code"], replaced["targetReference"]["reference"]) == (
        "replaces",
        f"Composition/{wrong['id']}",
    )
    assert "Also dizzy." in json.dumps(right)
    reasons = [each.get("reason") for each in newest(hospital, "Provenance", BO.id)]
    assert [{"text": WHY}] in reasons
    assert "Rest." not in (await bo.get(f"/v/{bos}/after")).text
    note = (await amara.get(f"/api/v1/visits/{cys}/note")).json
    assert (note["state"], note["content"]["history"]) == ("signed", "Palpitations.")
    assert [each["text"] for each in note["addenda"]] == ["Also dizzy."]


async def test_the_error_takes_nothing_more_and_the_right_note_goes_on(hospital: Hospital) -> None:
    bos, cys, amara, _ = await two_visits(hospital)
    await amara.form(f"/wrong-patient/{bos}", {"to": cys, "why": WHY})
    assert (await amara.post(f"/api/v1/visits/{bos}/note/addenda", {"text": "More."})).status == 409
    assert (await amara.get(f"/clinic-note/{bos}/paper")).status == 409
    assert (await amara.form(f"/wrong-patient/{bos}", {"to": cys, "why": WHY})).status == 409
    assert "was taken out" in (await amara.get(f"/clinic-aids/{bos}")).text
    assert (await amara.post(f"/api/v1/visits/{cys}/note/addenda", {"text": "More."})).status in {200, 201}
    (right,) = newest(hospital, "Composition", CY.id)
    assert right["relatesTo"][0]["code"] == "replaces"


async def test_what_is_refused_is_not_offered(hospital: Hospital) -> None:
    bos, cys, amara, _ = await two_visits(hospital)
    await amara.form(f"/wrong-patient/{bos}", {"to": cys, "why": WHY})
    gone, stands = [(await amara.get(f"/clinic/{visit}")).text for visit in (bos, cys)]
    hidden, shown = ('data-only="standing"' + end for end in (" hidden", ""))
    assert gone.replace(" novalidate", "").count(hidden) == 2
    assert (stands.count(shown), stands.replace(" novalidate", "").count(hidden)) == (2, 0)


async def test_it_can_be_taken_out_alone(hospital: Hospital) -> None:
    bos, cys, amara, _ = await two_visits(hospital)
    assert (await amara.form(f"/wrong-patient/{bos}", {"to": "", "why": WHY})).status == 303
    assert newest(hospital, "Composition", BO.id)[0]["status"] == "entered-in-error"
    assert newest(hospital, "Composition", CY.id) == []
    assert (await amara.get(f"/api/v1/visits/{cys}/note")).json["state"] != "signed"


async def test_what_cannot_be_leaves_everything_as_it_was(hospital: Hospital) -> None:
    bos, cys, amara, _ = await two_visits(hospital)
    path = f"/wrong-patient/{bos}"
    assert (await amara.form(path, {"to": cys, "why": " "})).status == 422
    assert (await amara.form(path, {"to": bos, "why": WHY})).status == 409
    assert (await amara.form(path, {"to": "nowhere", "why": WHY})).status == 404
    await amara.put(f"/api/v1/visits/{cys}/note", NOTE)
    assert f'value="{cys}"' not in (await amara.get(path)).text
    assert (await amara.form(path, {"to": cys, "why": WHY})).status == 409
    assert newest(hospital, "Composition", BO.id)[0]["status"] == "amended"
    assert (await amara.get(f"/wrong-patient/{cys}")).status == 409


async def test_each_record_is_named_in_an_entry_of_its_own(hospital: Hospital) -> None:
    bos, cys, amara, _ = await two_visits(hospital)
    await amara.form(f"/wrong-patient/{bos}", {"to": cys, "why": WHY})
    found = {
        each.action: each.patient_ids
        for each in hospital.units.tables.entries.values()
        if each.action in {AuditAction.NOTE_WITHDRAWN, AuditAction.NOTE_REFILED}
    }
    assert found == {AuditAction.NOTE_WITHDRAWN: (BO.id,), AuditAction.NOTE_REFILED: (CY.id,)}
    assert WHY not in "".join(each.reason for each in hospital.units.tables.entries.values())


async def test_a_stranger_is_refused(hospital: Hospital) -> None:
    bos, cys, _, _ = await two_visits(hospital)
    for asking, status in ((STRANGER, 404), (ADA, 403)):
        person = await hospital.staff(asking)
        assert (await person.get(f"/wrong-patient/{bos}")).status == status
        assert (await person.form(f"/wrong-patient/{bos}", {"to": cys, "why": WHY})).status == status
