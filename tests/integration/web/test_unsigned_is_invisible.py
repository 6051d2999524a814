"""An unsigned note is its author's alone: whatever anybody else asks for tells nothing of it."""

import re

import pytest

from telehealth.domain.people import Practitioner
from tests.integration.storage.cast import AMARA, BO, NOOR
from tests.integration.web.hospital import ADA, PIA, STRANGER, Hospital, Person
from tests.integration.web.journeys import in_call
from web.route import Access
from web.routes import routes

WORDS = {
    "history": "heron",
    "findings": "lapwing",
    "assessment": "godwit",
    "plan": "dunlin",
    "when": "curlew",
}
READING = [route for route in routes() if route.method == "GET"]
FILES = ("Composition", "Encounter", "Patient", "Provenance", "Observation")


def addresses(hospital: Hospital, visit: str) -> list[str]:
    """Every address that can be read, filled with the ids of the note, its visit and its patient."""
    (note,) = hospital.units.tables.notes.values()
    parts = {"visit": visit, "patient": BO.id, "practitioner": AMARA.id, "language": "en"}
    found = []
    for route in READING:
        for type_ in FILES if "{type}" in route.path else ("",):
            ids = (note.id, visit, BO.id)
            found += [filled(route.path, parts | {"type": type_, "id": each}) for each in ids]
    return list(dict.fromkeys(found))


def filled(path: str, parts: dict[str, str]) -> str:
    """Return an address whose other ids are the one that is asked for."""
    return re.sub(r"{(\w+)}", lambda part: parts.get(part[1], parts["id"]), path)


async def written(hospital: Hospital) -> tuple[str, Person, Person]:
    """Dr Amara has typed into every field and signed nothing: the visit, Dr Amara, Bo."""
    visit, amara, bo = await in_call(hospital)
    saved = await amara.put(f"/api/v1/visits/{visit}/note", WORDS | {"version": 0})
    assert saved.status == 200, saved.text
    return visit, amara, bo


async def told(person: Person, hospital: Hospital, visit: str) -> list[str]:
    """The addresses whose answer has a word of the note."""
    answers = [(path, await person.get(path)) for path in addresses(hospital, visit)]
    assert any(answer.status == 200 for _, answer in answers)
    return [path for path, answer in answers if re.search("|".join(WORDS.values()), answer.text)]


@pytest.mark.parametrize("who", [STRANGER, NOOR, ADA, PIA], ids=lambda who: who.name.given)
async def test_nobody_else_on_the_staff_meets_a_word_of_it(hospital: Hospital, who: Practitioner) -> None:
    visit, _, _ = await written(hospital)
    assert await told(await hospital.staff(who), hospital, visit) == []


async def test_the_patient_and_passers_by_meet_no_word_of_it(hospital: Hospital) -> None:
    visit, _, bo = await written(hospital)
    for person in (bo, await hospital.visitor()):
        assert await told(person, hospital, visit) == []


async def test_nobody_else_can_write_sign_or_add(hospital: Hospital) -> None:
    visit, _, bo = await written(hospital)
    note = f"/api/v1/visits/{visit}/note"
    for who in (STRANGER, NOOR, ADA, PIA):
        person = await hospital.staff(who)
        for method, path, body in (
            ("PUT", note, {"version": 1, "history": "Overwritten."}),
            ("POST", f"{note}/signature", {"version": 1}),
            ("POST", f"{note}/addenda", {"text": "Added."}),
        ):
            answer = await person.send(method, path, json=body)
            assert answer.status == (404 if who is STRANGER else 403), (who.id, path)
            assert (await bo.send(method, path, json=body)).status == 401
    (stored,) = hospital.units.tables.notes.values()
    assert (stored.version, stored.content.history) == (1, "heron")


async def test_neither_record_nor_log_holds_a_word_of_it(hospital: Hospital) -> None:
    await written(hospital)
    tables = hospital.units.tables
    assert [each for each in tables.resources.values() if each.type == "Composition"] == []
    kept = repr([tables.resources, tables.entries, tables.outbox, tables.visits])
    assert not re.search("|".join(WORDS.values()), kept)


async def test_its_author_meets_it_in_these_places_only(hospital: Hospital) -> None:
    visit, amara, _ = await written(hospital)
    assert await told(amara, hospital, visit) == [f"/clinic/{visit}", f"/api/v1/visits/{visit}/note"]


def test_the_table_is_walked_with_every_kind_of_access() -> None:
    assert {route.access for route in READING} == set(Access)
