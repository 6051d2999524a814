"""Who has read about me: people, what and why, by the patient's own link, once a day each."""

import json
import re
from contextlib import aclosing
from dataclasses import replace
from datetime import timedelta

import pytest

from telehealth.domain.access import SYSTEM
from telehealth.domain.audit import AuditAction
from telehealth.papers.sheet import Sheet
from telehealth.services import own_trail
from telehealth.services.taking_out import READERS, TakingOut
from telehealth.services.trail import Work
from tests.arrivals import WEIGHT
from tests.fakes import FakeChance
from tests.integration.storage.cast import AMARA, BO, HOSPITAL
from tests.integration.web.hospital import COORDINATOR, Hospital, Person
from tests.integration.web.journeys import booked, opened
from tests.integration.web.programs import OBSERVATIONS, let_in
from tests.integration.web.test_after_the_visit import over
from tests.integration.web.test_fhir_subscriptions import Ear, telling, watching
from tests.integration.web.test_fhir_writing import sent, treating


async def lines(bo: Person, visit: str, language: str = "en") -> list[str]:
    """What each card says of each person, in one line."""
    shown = await bo.get(f"/v/{visit}/seen?lang={language}")
    assert shown.status == 200
    told = re.findall(r"<p><strong>(.*?)</p>", shown.text, re.DOTALL)
    return [" ".join(re.sub("<[^>]+>", " ", each).split()).replace(" ,", ",") for each in told]


async def test_the_page_after_the_visit_leads_to_who_has_read(hospital: Hospital) -> None:
    visit, amara, bo = await over(hospital)
    kai = await hospital.staff(COORDINATOR)
    await kai.get(f"/api/v1/patients/{BO.id}")
    for _ in range(2):
        await amara.get(f"/api/v1/visits/{visit}/note")
    [address] = re.findall(r'href="(/v/[^"]+/seen[^"]*)"', (await bo.get(f"/v/{visit}/after")).text)
    shown = await bo.get(address)
    assert (shown.status, f'href="tel:{HOSPITAL.phone}"' in shown.text) == (200, True)
    told = await lines(bo, visit)
    assert sum(AMARA.display in each for each in told) == 1
    doctor = next(each for each in told if AMARA.display in each)
    assert doctor.startswith(f"{AMARA.display}, {HOSPITAL.name} Notes about your visits, to treat you")
    desk = next(each for each in told if "Your name and how to reach you" in each and "to plan" in each)
    assert desk.startswith(f"Staff, {HOSPITAL.name}")
    assert COORDINATOR.name.family not in " ".join(told)
    assert any(each.startswith("You Notes about your visits") for each in told)
    last = list(hospital.units.tables.entries.values())[-1]
    assert (last.action, last.actor_id, last.patient_ids, last.reason) == (
        AuditAction.AUDIT_READ,
        BO.id,
        (BO.id,),
        "own",
    )


async def test_days_are_the_patients_and_what_is_no_reading_of_theirs_is_left_out(hospital: Hospital) -> None:
    visit, _, bo = await over(hospital)
    entries = hospital.units.tables.entries
    read = next(each for each in entries.values() if each.actor_id == AMARA.id and BO.id in each.patient_ids)
    entries.clear()
    late = replace(read, id="1", action=AuditAction.RECORD_READ, at=read.at.replace(hour=23, minute=30))
    entries |= {"1": late, "2": replace(late, id="2", at=late.at - timedelta(hours=2))}
    entries |= {"3": replace(late, id="3", action=AuditAction.VISIT_ADMITTED)}
    entries |= {"4": replace(late, id="4", patient_ids=("pat-other",))}
    shown = (await bo.get(f"/v/{visit}/seen?lang=en")).text
    assert re.findall(r'<h2><time datetime="([^"]+)"', shown) == ["2026-11-24", "2026-11-23"]
    assert len(await lines(bo, visit)) == 2


async def test_a_program_is_told_as_one_with_its_name(hospital: Hospital) -> None:
    visit, _, bo = await over(hospital)
    client = await let_in(hospital)
    assert (await client.send("GET", OBSERVATIONS)).status == 200
    [told] = [each for each in await lines(bo, visit) if "Laboratory" in each]
    machine = f"Program of another system: Laboratory, {HOSPITAL.name}"
    assert told.startswith(f"{machine} Your health record, to treat you")


async def test_news_that_a_program_was_told_of_are_named_as_such(hospital: Hospital) -> None:
    visit, _, bo = await over(hospital)
    await watching(hospital)
    await sent(await treating(hospital), WEIGHT)
    await telling(hospital, Ear()).tell_due()
    [told] = [each for each in await lines(bo, visit) if "Laboratory" in each]
    machine = f"Program of another system: Laboratory, {HOSPITAL.name}"
    assert told.startswith(f"{machine} Notice of something new in your health record, to treat you")


@pytest.mark.parametrize("later", [0, 3], ids=["newest", "behind others"])
async def test_a_record_that_was_taken_out_whole_is_told_of(
    hospital: Hospital, later: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit, amara, bo = await over(hospital)
    monkeypatch.setattr(own_trail, "NEWEST", 2)
    work = Work(hospital.units, hospital.clock, FakeChance("taking out"))
    taking = TakingOut(work=work, paper=no_paper)
    async with aclosing(taking.pieces(SYSTEM, BO.id)) as pieces:
        readers = b"".join([each.content async for each in pieces if each.name == READERS])
    for _ in range(later):
        hospital.clock.move(seconds=1)
        await amara.get(f"/api/v1/visits/{visit}/note")
    [told] = [each for each in await lines(bo, visit) if "Who runs this service" in each]
    assert told.startswith("Who runs this service Your whole health record was written into a file ")
    assert [each["who"] for each in json.loads(readers) if each["what"] == "whole"] == ["system"]


async def no_paper(_: Sheet) -> bytes:
    return b""


async def test_another_browser_is_not_told(hospital: Hospital) -> None:
    appointment = await booked(hospital)
    visit, first, second = appointment["visit"], *[await opened(hospital, appointment) for _ in range(2)]
    for step in ("consent", "wait"):
        assert (await first.post(f"/api/v1/my/{visit}/{step}")).status == 200
    assert (await first.get(f"/v/{visit}/seen")).status == 200
    assert (await second.get(f"/v/{visit}/seen")).status == 409


async def test_a_stranger_is_refused(hospital: Hospital) -> None:
    appointment = await booked(hospital)
    nobody = await hospital.visitor()
    assert (await nobody.get(f"/v/{appointment['visit']}/seen")).status == 401
