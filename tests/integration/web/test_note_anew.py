"""/wrong-patient/{visit}/anew: a visit whose note was taken out of the record gets another one."""

import pytest

from telehealth.services.stored_versions import WrittenVersions
from tests.integration.storage.cast import BO
from tests.integration.web.hospital import ADA, STRANGER, Hospital, Person
from tests.integration.web.test_note_versions import versions
from tests.integration.web.test_wrong_patient import NOTE, WHY, newest, two_visits

RIGHT = {"history": "Dizzy since Monday.", "plan": "Drink water.", "outcome": "no-follow-up"}


async def taken_out(hospital: Hospital) -> tuple[str, Person, Person]:
    """Bo's visit, whose note was somebody else's."""
    bos, _, amara, bo = await two_visits(hospital)
    await amara.form(f"/wrong-patient/{bos}", {"to": "", "why": WHY})
    return bos, amara, bo


async def test_a_new_note_is_written_signed_and_read_by_the_patient(hospital: Hospital) -> None:
    bos, amara, bo = await taken_out(hospital)
    assert f'action="/wrong-patient/{bos}/anew"' in (await amara.get(f"/wrong-patient/{bos}")).text
    assert f'action="/wrong-patient/{bos}/anew"' in (await amara.get(f"/clinic-aids/{bos}")).text
    begun = await amara.form(f"/wrong-patient/{bos}/anew", {})
    assert (begun.status, begun.headers["Location"]) == (303, f"/clinic/{bos}")
    path = f"/api/v1/visits/{bos}/note"
    draft = (await amara.get(path)).json
    assert (draft["state"], draft["version"], draft["content"]["history"]) == ("draft", 3, "")
    assert (await amara.put(path, {"version": 3} | RIGHT)).status == 200
    assert bos in [each["id"] for each in (await amara.get("/api/v1/notes/unsigned")).json["notes"]]
    assert "Drink water." not in (await bo.get(f"/v/{bos}/after")).text
    signed = (await amara.post(f"{path}/signature", {"version": 4})).json
    assert (signed["state"], signed["record"]["version"]) == ("signed", 1)
    assert "Drink water." in (await bo.get(f"/v/{bos}/after")).text
    assert sorted(each["status"] for each in newest(hospital, "Composition", BO.id)) == [
        "entered-in-error",
        "final",
    ]
    assert (await amara.post(f"{path}/addenda", {"text": "Better."})).status == 200
    assert (await amara.get(f"/clinic-note/{bos}/paper")).status == 200


async def test_both_notes_are_told_and_not_compared(hospital: Hospital) -> None:
    bos, amara, _ = await taken_out(hospital)
    await amara.form(f"/wrong-patient/{bos}/anew", {})
    assert len(versions((await amara.get(f"/note-history/{bos}")).text)) == 3
    await amara.put(f"/api/v1/visits/{bos}/note", {"version": 3} | RIGHT)
    await amara.post(f"/api/v1/visits/{bos}/note/signature", {"version": 4})
    told = versions((await amara.get(f"/note-history/{bos}")).text)
    assert [each.partition(" Monday")[0].partition(" 23 Nov")[0] for each in told] == [
        "Note 2 · Version 1 · Signed",
        "Note 1 · Version 3 · Taken out of the record",
        "Note 1 · Version 2 · Addendum",
        "Note 1 · Version 1 · Signed",
    ]
    assert "Dizzy" in told[0]
    assert "Palpitations" not in told[0]


async def test_pressed_twice_it_is_one_and_what_was_typed_stays(hospital: Hospital) -> None:
    bos, amara, _ = await taken_out(hospital)
    for _ in range(2):
        assert (await amara.form(f"/wrong-patient/{bos}/anew", {})).status == 303
        await amara.put(f"/api/v1/visits/{bos}/note", {"version": 3} | RIGHT)
    draft = (await amara.get(f"/api/v1/visits/{bos}/note")).json
    assert (draft["version"], draft["content"]["history"]) == (4, "Dizzy since Monday.")


async def test_where_a_note_stands_no_other_is_begun(hospital: Hospital) -> None:
    bos, cys, amara, _ = await two_visits(hospital)
    for visit in (bos, cys):
        assert (await amara.form(f"/wrong-patient/{visit}/anew", {})).status == 409
    assert len(hospital.units.tables.notes) == 1
    assert (await amara.put(f"/api/v1/visits/{bos}/note", {"version": 2} | RIGHT)).status == 409


async def test_the_new_note_can_be_taken_out_and_filed_elsewhere_as_well(hospital: Hospital) -> None:
    bos, cys, amara, _ = await two_visits(hospital)
    await amara.form(f"/wrong-patient/{bos}", {"to": "", "why": WHY})
    await amara.form(f"/wrong-patient/{bos}/anew", {})
    await amara.put(f"/api/v1/visits/{bos}/note", {"version": 3} | NOTE | {"version": 3})
    await amara.post(f"/api/v1/visits/{bos}/note/signature", {"version": 4})
    assert (await amara.form(f"/wrong-patient/{bos}", {"to": cys, "why": WHY})).status == 303
    assert (await amara.get(f"/api/v1/visits/{cys}/note")).json["state"] == "signed"
    assert (await amara.form(f"/wrong-patient/{bos}/anew", {})).status == 303
    assert {each.number for each in hospital.units.tables.notes.values() if each.visit_id == bos} == {1, 2, 3}


@pytest.mark.parametrize("lost, found", [(0, 0), (1, 1), (2, 1)])
async def test_an_old_version_put_back_is_noticed_over_both_notes(
    hospital: Hospital, lost: int, found: int
) -> None:
    bos, amara, _ = await taken_out(hospital)
    await amara.form(f"/wrong-patient/{bos}/anew", {})
    await amara.put(f"/api/v1/visits/{bos}/note", {"version": 3} | RIGHT)
    heard = WrittenVersions()
    for number, entry in enumerate(hospital.units.tables.entries.values()):
        heard.hear(number, entry)
    notes = hospital.units.tables.notes
    for each in sorted(notes.values(), key=lambda each: -each.number)[:lost]:
        del notes[each.id]
    async with hospital.units.reading() as uow:
        assert bool(await heard.rolled_back(uow)) == bool(found)


async def test_a_stranger_is_refused(hospital: Hospital) -> None:
    bos, _, _ = await taken_out(hospital)
    for asking, status in ((STRANGER, 404), (ADA, 403)):
        person = await hospital.staff(asking)
        assert (await person.form(f"/wrong-patient/{bos}/anew", {})).status == status
    assert len(hospital.units.tables.notes) == 1
