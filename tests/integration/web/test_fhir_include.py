"""GET /fhir/R4/{type}?_include=…: what is found comes with what it names, and with what names it."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from telehealth.domain.record import ResourceVersion
from telehealth.fhir.inclusion import backward, forward
from telehealth.fhir.record_search import PARAMETERS
from telehealth.services import including
from telehealth.services.sifting import every
from tests.arrivals import GOAL, PLAN, PRESSURE, REPORT, WEIGHT, changed
from tests.integration.storage.cast import AMARA, BO, CY, NOOR
from tests.integration.web.hospital import COORDINATOR, STRANGER, Answer, Hospital
from tests.integration.web.journeys import booked
from tests.integration.web.test_fhir import filed
from tests.integration.web.test_fhir_search import OBSERVATIONS, recorded
from tests.integration.web.test_fhir_slots import schedule_of
from tests.integration.web.test_fhir_writing import sent, treating

REPORTS = f"/fhir/R4/DiagnosticReport?patient={BO.id}"
PAIRS = ("&_include=DiagnosticReport:result", "&_include=DiagnosticReport:result:Observation")


def modes(answer: Answer) -> list[tuple[str, str]]:
    """How each entry came there, and which it is."""
    entries = answer.json.get("entry", ())
    return [(each["search"]["mode"], each["resource"].get("id", "")) for each in entries]


def naming(resource: dict[str, Any], element: str, *names: str) -> dict[str, Any]:
    return changed(resource, identifier=None, **{element: [{"reference": each} for each in names]})


@pytest.mark.parametrize("asked", PAIRS)
async def test_what_is_named_comes_along_to_the_letter(hospital: Hospital, asked: str) -> None:
    amara, (weight, _) = await recorded(hospital, WEIGHT, PRESSURE)
    _, (report,) = await recorded(hospital, naming(REPORT, "result", f"Observation/{weight}"))
    found = await amara.get(f"{REPORTS}{asked}")
    assert modes(found) == [("match", report), ("include", weight)]
    assert (found.json["total"], "72.50" in found.text) == (1, True)
    assert found.json["entry"][1]["fullUrl"].endswith(f"/fhir/R4/Observation/{weight}")
    assert modes(await amara.get(REPORTS)) == [("match", report)]


async def test_what_names_it_comes_along(hospital: Hospital) -> None:
    amara, (weight, pressure) = await recorded(hospital, WEIGHT, PRESSURE)
    address = f"http://clinic.example/fhir/R4/Observation/{weight}/_history/1"
    _, (report,) = await recorded(hospital, naming(REPORT, "result", address))
    along = "&_revinclude=DiagnosticReport:result"
    found = await amara.get(f"{OBSERVATIONS}{along}")
    assert modes(found) == [("match", weight), ("match", pressure), ("include", report)]
    assert modes(await amara.get(f"{OBSERVATIONS}&_id={pressure}{along}")) == [("match", pressure)]


async def test_nothing_comes_twice(hospital: Hospital) -> None:
    amara, (goal,) = await recorded(hospital, GOAL)
    both = naming(PLAN, "goal", f"Goal/{goal}", f"Goal/{goal}")
    _, plans = await recorded(hospital, both, both)
    found = await amara.get(f"/fhir/R4/CarePlan?patient={BO.id}&_include=CarePlan:goal")
    assert modes(found) == [*(("match", each) for each in plans), ("include", goal)]
    amara, (weight,) = await recorded(hospital, WEIGHT)
    _, (panel,) = await recorded(hospital, naming(WEIGHT, "hasMember", f"Observation/{weight}"))
    again = await amara.get(
        f"{OBSERVATIONS}&_include=Observation:has-member&_revinclude=Observation:has-member"
    )
    assert modes(again) == [("match", weight), ("match", panel)]


async def test_a_signed_note_comes_with_its_visit_and_its_signature(hospital: Hospital) -> None:
    visit, composition, amara = await filed(hospital)
    along = "&_include=Composition:encounter&_revinclude=Provenance:target"
    found = await amara.get(f"/fhir/R4/Composition?patient={BO.id}{along}")
    [note, encounter, provenance] = found.json["entry"]
    assert (note["resource"]["id"], note["search"]["mode"]) == (composition, "match")
    assert (encounter["resource"]["id"], encounter["search"]["mode"]) == (visit, "include")
    assert provenance["resource"]["resourceType"] == "Provenance"
    sought = f"/fhir/R4/Provenance?patient={BO.id}&target=Composition/{composition}&recorded=2026"
    assert modes(await amara.get(sought)) == [("match", provenance["resource"]["id"])]


async def test_what_is_somebody_elses_stays_where_it_is(hospital: Hospital) -> None:
    """Whoever writes may name what they like; a record leads into no other, even into one that they treat."""
    await booked(hospital, 3, NOOR, CY)
    amara = await treating(hospital)
    hers = (await sent(amara, changed(WEIGHT, subject={"reference": f"Patient/{CY.id}"}))).json["id"]
    _, (report,) = await recorded(
        hospital, naming(REPORT, "result", f"Observation/{hers}", "Observation/none")
    )
    assert modes(await amara.get(f"{REPORTS}{PAIRS[0]}")) == [("match", report)]


async def test_a_stranger_is_refused(hospital: Hospital) -> None:
    await recorded(hospital, REPORT)
    stranger = await hospital.staff(STRANGER)
    assert (await stranger.get(f"{REPORTS}{PAIRS[0]}")).status == 404


async def test_the_log_tells_of_what_types_more_could_be_seen(hospital: Hospital) -> None:
    amara = await treating(hospital)
    await amara.get(f"{OBSERVATIONS}&_include=Observation:encounter&_revinclude=DiagnosticReport:result")
    entry = list(hospital.units.tables.entries.values())[-1]
    assert (entry.action, entry.entity) == ("record:search", "Observation")
    assert (entry.patient_ids, entry.reason) == ((BO.id,), "DiagnosticReport, Encounter")


async def test_more_than_a_page_holds_is_left_out_and_that_is_said(
    hospital: Hospital, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(including.Room, "__init__", _small)
    amara, made = await recorded(hospital, *(changed(WEIGHT, identifier=None) for _ in range(3)))
    _, (report,) = await recorded(
        hospital, naming(REPORT, "result", *(f"Observation/{each}" for each in made))
    )
    found = await amara.get(f"{REPORTS}{PAIRS[0]}")
    assert modes(found) == [("match", report), ("include", made[0]), ("include", made[1]), ("outcome", "")]
    [issue] = found.json["entry"][-1]["resource"]["issue"]
    assert (issue["severity"], issue["code"]) == ("warning", "too-costly")


async def test_once_a_page_is_cut_nothing_more_is_opened_for_it(
    hospital: Hospital, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []

    async def noted(*asked: Any) -> AsyncIterator[ResourceVersion]:
        async for each in every(*asked):
            looked.append(each.id)
            yield each

    monkeypatch.setattr(including.Room, "__init__", _small)
    monkeypatch.setattr(including, "every", noted)
    amara, (weight,) = await recorded(hospital, changed(WEIGHT, identifier=None))
    several = [naming(REPORT, "result", f"Observation/{weight}")] * 5
    _, reports = await recorded(hospital, *several)
    found = await amara.get(f"{OBSERVATIONS}&_revinclude=DiagnosticReport:result")
    shown = [("match", weight), ("include", reports[0]), ("include", reports[1]), ("outcome", "")]
    assert (modes(found), looked) == (shown, list(reports[:3]))


def _small(room: including.Room, taken: set[tuple[str, str]]) -> None:
    room.count, room.size, room.cut, room.taken = 2, 10_000, False, taken


@pytest.mark.parametrize(
    "query, field",
    [
        ("_include=Observation", "_include"),
        ("_include=*", "_include"),
        ("_include=Observation:code", "_include"),
        ("_include=Observation:performer", "_include"),
        ("_include=DiagnosticReport:result", "_include"),
        ("_include=Observation:encounter:Patient", "_include"),
        ("_include=Observation:encounter:", "_include"),
        ("_revinclude=Observation:encounter", "_revinclude"),
        ("_revinclude=DiagnosticReport:result:Patient", "_revinclude"),
        ("_include:iterate=Observation:encounter", "_include:iterate"),
        ("&".join(["_include=Observation:encounter"] * 11), "_include"),
    ],
)
async def test_what_cannot_come_along_is_named(hospital: Hospital, query: str, field: str) -> None:
    refused = await (await treating(hospital)).get(f"{OBSERVATIONS}&{query}")
    assert (refused.status, refused.json["issue"][0]["expression"]) == (422, [field])


async def test_everything_that_is_told_of_comes_along_and_nothing_else(hospital: Hospital) -> None:
    amara = await treating(hospital)
    told = (await amara.get("/fhir/R4/metadata")).json["rest"][0]["resource"]
    every = {each for type_ in PARAMETERS for each in (*forward(type_), *backward(type_))}
    for resource in (each for each in told if each["type"] in PARAMETERS):
        hospital.clock.move(seconds=60)  # nobody may ask so much within a minute
        for asked, listed in (("_include", "searchInclude"), ("_revinclude", "searchRevInclude")):
            for each in sorted(every):
                path = f"/fhir/R4/{resource['type']}?patient={BO.id}&{asked}={each}"
                expected = 200 if each in resource.get(listed, ()) else 422
                assert (await amara.get(path)).status == expected, path


async def test_the_patient_comes_along_where_they_are_filed(hospital: Hospital) -> None:
    amara, (weight,) = await recorded(hospital, WEIGHT)
    text = f'{{"resourceType": "Patient", "id": "{BO.id}"}}'
    async with hospital.units.writing() as uow:
        at = hospital.clock.at
        await uow.record.put(ResourceVersion("Patient", BO.id, 1, BO.id, AMARA.organization_id, at, text))
    found = await amara.get(f"{OBSERVATIONS}&_include=Observation:patient")
    assert modes(found) == [("match", weight), ("include", BO.id)]


async def test_a_time_comes_along_with_its_schedule(hospital: Hospital) -> None:
    carla = await hospital.staff(COORDINATOR)
    schedule = await schedule_of(carla)
    path = f"/fhir/R4/Slot?schedule={schedule}&start=ge2026-11-24&_count=2"
    for asked in ("Slot:schedule", "Slot:schedule:Schedule"):
        found = modes(await carla.get(f"{path}&_include={asked}"))
        assert [mode for mode, _ in found] == ["match", "match", "include"]
        assert found[-1][1] == schedule
    assert [mode for mode, _ in modes(await carla.get(path))] == ["match", "match"]
    for asked in ("Schedule:actor", "Slot:schedule:Slot", ""):
        refused = await carla.get(f"{path}&_include={asked}")
        assert (refused.status, refused.json["issue"][0]["expression"]) == (422, ["_include"])
