"""GET /fhir/R4/Patient/{id}/$everything: the whole record of one patient, for who treats them."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from fhir.resources.R4B import get_fhir_model_class

from telehealth.domain.record import READABLE
from telehealth.services import whole_record
from tests.arrivals import ALL, CONDITION, GOAL, WEIGHT, changed
from tests.integration.storage.cast import AMARA, BO, CY, NOOR
from tests.integration.web.hospital import ADA, PIA, STRANGER, Answer, Hospital, Person
from tests.integration.web.journeys import booked
from tests.integration.web.test_fhir import filed
from tests.integration.web.test_fhir_search import link, recorded
from tests.integration.web.test_fhir_writing import sent, treating
from web.fhir.whole import FIRST

WHOLE = f"/fhir/R4/Patient/{BO.id}/$everything"


def names(answer: Answer) -> list[str]:
    resources = [each["resource"] for each in answer.json.get("entry", ())]
    return [f"{each['resourceType']}/{each['id']}" for each in resources]


async def pages(person: Person, path: str) -> list[Answer]:
    found = [await person.get(path)]
    while link(found[-1], "next"):
        found.append(await person.get(link(found[-1], "next")))
    return found


async def test_everything_is_there_to_the_letter_once(hospital: Hospital) -> None:
    _, composition, amara = await filed(hospital)
    made = [await sent(amara, each) for each in ALL]
    found = await amara.get(WHOLE)
    assert (found.status, found.json["type"]) == (200, "searchset")
    listed = names(found)
    assert found.json["total"] == len(listed) == len(set(listed))
    assert {f"{each.json['resourceType']}/{each.json['id']}" for each in made} <= set(listed)
    assert {each.partition("/")[0] for each in listed} == set(READABLE) - {"Patient", "Consent"}
    assert f"Composition/{composition}" in listed
    assert all(each.text in found.text for each in made)
    get_fhir_model_class("Bundle").model_validate_json(found.text)


async def test_the_patient_comes_first(hospital: Hospital) -> None:
    noor, amara = await hospital.staff(NOOR), await hospital.staff(AMARA)
    new = {"given": "Eva", "family": "Holm", "birth_date": "1980-01-01", "gender": "female"}
    made = await noor.post("/api/v1/patients", new | {"language": "en", "email": "eva@patients.example"})
    eva = made.json["id"]
    hers = f"/fhir/R4/Patient/{eva}/$everything"
    assert (await noor.get(hers)).status == (await amara.get(hers)).status == 404
    await booked(hospital, 3, NOOR, replace(CY, id=eva))
    goal = await sent(amara, changed(GOAL, subject={"reference": f"Patient/{eva}"}))
    assert names(await amara.get(hers)) == [f"Patient/{eva}", f"Goal/{goal.json['id']}"]
    assert (await noor.get(hers)).status == 404, "who writes patients down reads no record"


async def test_pages_follow_each_other_through_all_types(hospital: Hospital) -> None:
    amara, _ = await recorded(hospital, *ALL)
    whole = names(await amara.get(WHOLE))
    for count in (1, 2, 5):
        found = await pages(amara, f"{WHOLE}?_count={count}")
        assert [name for page in found for name in names(page)] == whole, count
        assert {page.json["total"] for page in found} == {len(ALL)}
        assert len(found) == -(-len(ALL) // count)
        hospital.clock.move(seconds=60)
    none = await amara.get(f"{WHOLE}?_count=0")
    assert (none.json["total"], names(none), link(none, "next")) == (len(ALL), [], "")


async def test_a_page_ends_where_it_is_heavy(hospital: Hospital, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whole_record, "PAGE_BYTES", 1)
    amara, _ = await recorded(hospital, WEIGHT, CONDITION)
    assert [len(names(page)) for page in await pages(amara, WHOLE)] == [1, 1]


async def test_types_and_what_has_changed_since_narrow_it(hospital: Hospital) -> None:
    amara, (weight, condition) = await recorded(hospital, WEIGHT, CONDITION)
    both = [f"Observation/{weight}", f"Condition/{condition}"]
    later = (await amara.get(f"/fhir/R4/Condition/{condition}")).json["meta"]["lastUpdated"]
    for query, expected in (
        ("_type=Condition,Observation", both),
        ("_type=Condition", both[1:]),
        ("_type=Goal", []),
        (f"_since={later}", both[1:]),
        ("_since=2000-01-01T00:00:00Z", both),
        ("_since=2100-01-01T00:00:00Z", []),
        (f"_since={later}&_type=Observation", []),
    ):
        found = await amara.get(f"{WHOLE}?{query}")
        assert (names(found), found.json["total"]) == (expected, len(expected)), query


@pytest.mark.parametrize(
    "query, field",
    [
        ("start=2026", "start"),
        ("_since=yesterday", "_since"),
        ("_since=2026-01-01", "_since"),
        ("_type=Appointment", "_type"),
        ("_type=", "_type"),
        ("_type=Goal&_type=Condition", "_type"),
        ("_count=many", "_count"),
        ("_count=201", "_count"),
        ("_after=somewhere", "_after"),
        ("_after=MjAyNi0xMS0yM1QwOTowMDowMCswMDowMCBub25l", "_after"),
    ],
)
async def test_what_is_not_known_is_named(hospital: Hospital, query: str, field: str) -> None:
    refused = await (await treating(hospital)).get(f"{WHOLE}?{query}")
    assert (refused.status, refused.json["issue"][0]["expression"]) == (422, [field])


async def test_a_stranger_is_refused(hospital: Hospital) -> None:
    amara, _ = await recorded(hospital, WEIGHT)
    nobodys = "/fhir/R4/Patient/none/$everything"
    for each in (STRANGER, NOOR, ADA, PIA):
        person = await hospital.staff(each)
        assert (await person.get(WHOLE)).status == (await person.get(nobodys)).status == 404
    assert (await amara.get(f"/fhir/R4/Patient/{CY.id}/$everything")).status == 404
    assert (await amara.get("/fhir/R4/Observation/1/$everything")).status == 404
    assert "record:everything:read" not in hospital.actions()


async def test_nobody_elses_record_is_in_it(hospital: Hospital) -> None:
    await booked(hospital, 3, NOOR, CY)
    amara, (weight,) = await recorded(hospital, WEIGHT)
    await sent(amara, changed(WEIGHT, subject={"reference": f"Patient/{CY.id}"}))
    assert names(await amara.get(WHOLE)) == [f"Observation/{weight}"]


async def test_each_page_stands_in_the_log(hospital: Hospital) -> None:
    amara, _ = await recorded(hospital, WEIGHT, CONDITION)
    await pages(amara, f"{WHOLE}?_count=1&_type=Observation,Condition")
    entries: list[Any] = list(hospital.units.tables.entries.values())[-2:]
    for each in entries:
        assert (each.action, each.entity, each.entity_id) == ("record:everything:read", "Patient", BO.id)
        assert (each.patient_ids, each.reason) == ((BO.id,), "Observation, Condition")


async def test_nobody_takes_more_than_a_minutes_worth(hospital: Hospital) -> None:
    amara = await treating(hospital)
    answers = [(await amara.get(f"{WHOLE}?_count=0")).status for _ in range(31)]
    assert answers == [200] * 30 + [429]
    hospital.clock.at += timedelta(minutes=1)
    assert (await amara.get(WHOLE)).status == 200


def test_all_that_is_read_here_is_part_of_everything() -> None:
    assert sorted(FIRST) == sorted(READABLE)
