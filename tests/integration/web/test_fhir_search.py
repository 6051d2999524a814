"""GET /fhir/R4/{type}: what is recorded about a patient, sifted and page by page."""

from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.arrivals import CONDITION, PRESSURE, WEIGHT, changed
from tests.integration.storage.cast import BO
from tests.integration.web.hospital import Answer, Hospital, Person
from tests.integration.web.test_fhir_writing import sent, treating

OBSERVATIONS = f"/fhir/R4/Observation?patient={BO.id}"


def link(answer: Answer, relation: str) -> str:
    found = [each["url"] for each in answer.json["link"] if each["relation"] == relation]
    return f"{urlsplit(found[0]).path}?{urlsplit(found[0]).query}" if found else ""


def ids(answer: Answer) -> list[str]:
    return [each["resource"]["id"] for each in answer.json.get("entry", ())]


async def recorded(hospital: Hospital, *resources: dict[str, Any]) -> tuple[Person, list[str]]:
    amara, made = await treating(hospital), []
    for each in resources:
        hospital.clock.move(seconds=60)
        made.append((await sent(amara, each)).json["id"])
    return amara, made


async def test_what_is_found_is_there_to_the_letter(hospital: Hospital) -> None:
    amara, (weight,) = await recorded(hospital, WEIGHT)
    found = await amara.get(f"{OBSERVATIONS}&code=http://loinc.org|29463-7&status=final&date=ge2026-11")
    assert (found.json["type"], found.json["total"], ids(found)) == ("searchset", 1, [weight])
    assert "72.50" in found.text
    [entry] = found.json["entry"]
    assert entry["fullUrl"] == f"http://clinic.example/fhir/R4/Observation/{weight}"
    assert entry["search"] == {"mode": "match"}


async def test_parameters_narrow_it_together(hospital: Hospital) -> None:
    amara, (weight, pressure) = await recorded(hospital, WEIGHT, PRESSURE)
    for query, expected in (
        ("", [weight, pressure]),
        ("&code=85354-9", [pressure]),
        ("&code=85354-9&date=2026-11-21", []),
        ("&date=ge2026-11-20&date=lt2026-11-21", [pressure]),
        (f"&_id={weight}", [weight]),
        ("&_lastUpdated=lt2000", []),
        ("&_count=0", []),
    ):
        assert ids(await amara.get(OBSERVATIONS + query)) == expected, query
    assert (await amara.get(f"{OBSERVATIONS}&_count=0")).json["total"] == 2


async def test_the_next_page_goes_on_where_this_one_ends(hospital: Hospital) -> None:
    amara, made = await recorded(hospital, *(changed(WEIGHT, identifier=None) for _ in range(5)))
    page, seen = await amara.get(f"{OBSERVATIONS}&status=final&_count=2"), []
    while True:
        seen += ids(page)
        assert page.json["total"] == 5
        if not link(page, "next"):
            break
        page = await amara.get(link(page, "next"))
    assert seen == made
    assert "status=final" in link(page, "self")


async def test_what_changes_between_two_pages_comes_again_and_nothing_is_left_out(hospital: Hospital) -> None:
    amara, made = await recorded(hospital, *(changed(WEIGHT, identifier=None) for _ in range(3)))
    page = await amara.get(f"{OBSERVATIONS}&_count=1")
    hospital.clock.move(seconds=60)
    await sent(amara, changed(WEIGHT, id=made[0]), {"If-Match": 'W/"1"'}, to=made[0])
    seen = ids(page)
    while link(page, "next"):
        page = await amara.get(link(page, "next"))
        seen += ids(page)
    assert seen == [*made, made[0]]


async def test_what_is_sought_may_stand_in_the_body(hospital: Hospital) -> None:
    amara, (condition,) = await recorded(hospital, CONDITION)
    fields = {"patient": f"Patient/{BO.id}", "clinical-status": "resolved"}
    found = await amara.send("POST", "/fhir/R4/Condition/_search", data=fields)
    assert ids(found) == [condition]
    both = await amara.send("POST", "/fhir/R4/Condition/_search?code=1", data=fields)
    assert (both.status, both.json["total"]) == (200, 0)


@pytest.mark.parametrize(
    "query, field",
    [
        ("", "patient"),
        ("?patient=Group/1", "patient"),
        (f"?patient={BO.id}&patient={BO.id}", "patient"),
        (f"?patient={BO.id}&_summary=true", "_summary"),
        (f"?patient={BO.id}&_elements=code", "_elements"),
        (f"?patient={BO.id}&_sort=date", "_sort"),
        (f"?patient={BO.id}&code:text=x", "code:text"),
        (f"?patient={BO.id}&authoredon=2026", "authoredon"),
        (f"?patient={BO.id}&date=soon", "date"),
        (f"?patient={BO.id}&_count=many", "_count"),
        (f"?patient={BO.id}&_after=somewhere", "_after"),
    ],
)
async def test_what_is_not_known_is_named(hospital: Hospital, query: str, field: str) -> None:
    refused = await (await treating(hospital)).get(f"/fhir/R4/Observation{query}")
    assert (refused.status, refused.json["issue"][0]["expression"]) == (422, [field])
