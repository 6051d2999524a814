"""/fhir/R4/AuditEvent: the log for privacy officers' programs, and for nobody else's."""

import pytest
from fhir.resources.R4B import get_fhir_model_class

from telehealth.domain.people import Practitioner
from tests.integration.storage.cast import AMARA, BO, CY, NOOR
from tests.integration.web.hospital import ADA, PIA, Hospital, Person
from tests.integration.web.journeys import booked

DOOR = "/fhir/R4/AuditEvent"


async def codes(pia: Person, **asked: str) -> list[str]:
    found = await pia.get(DOOR, params=asked)
    assert found.status == 200, found.text
    get_fhir_model_class("Bundle").model_validate(found.json)
    return [each["resource"]["subtype"][1]["code"] for each in found.json.get("entry", [])]


async def test_the_log_is_searched_by_patient_agent_and_date(hospital: Hospital) -> None:
    await booked(hospital, by=AMARA)
    pia = await hospital.staff(PIA)
    assert set(await codes(pia, patient=f"Patient/{BO.id}")) >= {"appointment:book"}
    assert "audit:read" in await codes(pia, patient=BO.id)
    assert await codes(pia, patient=CY.id) == []
    agents = await codes(pia, agent=f"Practitioner/{AMARA.id}")
    assert {"account:sign-in", "appointment:book"} <= set(agents)
    assert "audit:read" not in agents
    assert await codes(pia, date="lt2026-11-01") == []
    assert "account:sign-in" in await codes(pia, date="2026-11-23")


async def test_older_entries_follow_by_the_link_and_each_is_read_by_its_id(hospital: Hospital) -> None:
    for hours in (1, 3):
        await booked(hospital, hours, AMARA)
    pia = await hospital.staff(PIA)
    first = (await pia.get(f"{DOOR}?agent={AMARA.id}&_count=1")).json
    links = {each["relation"]: each["url"] for each in first["link"]}
    assert links["self"].endswith(f"{DOOR}?agent={AMARA.id}&_count=1")
    told = [one := first["entry"][0]]
    while "next" in links:
        older = (await pia.get(links["next"].partition("example")[2])).json
        told += older["entry"]
        links = {each["relation"]: each["url"] for each in older["link"]}
    entries = hospital.units.tables.entries.values()
    assert len({each["resource"]["id"] for each in told}) == sum(
        each.actor_id == AMARA.id for each in entries
    )
    assert len(told) > 2
    again = await pia.get(f"{DOOR}/{one['resource']['id']}")
    assert (again.status, again.json) == (200, one["resource"])
    assert (await pia.get(f"{DOOR}?_cursor=nonsense")).status == 422
    assert (await pia.get(f"{DOOR}?outcome=0")).status == 422


@pytest.mark.parametrize("who", [AMARA, NOOR, ADA], ids=lambda each: each.role)
async def test_a_stranger_is_refused(hospital: Hospital, who: Practitioner) -> None:
    somebody, known = await hospital.staff(who), list(hospital.units.tables.entries)[-1]
    answers = [await somebody.get(f"{DOOR}{path}") for path in ("", f"/{known}", "/nothing")]
    assert [each.status for each in answers] == [403, 403, 403]
    assert {each.json["resourceType"] for each in answers} == {"OperationOutcome"}


async def test_an_entry_of_another_house_is_not_there(hospital: Hospital) -> None:
    await hospital.staff(NOOR)
    foreign = list(hospital.units.tables.entries)[-1]
    pia = await hospital.staff(PIA)
    for known in (foreign, "nothing"):
        assert (await pia.get(f"{DOOR}/{known}")).status == 404
