"""The privacy officer's pages: who did what, in words, found by patient, person, kind and days."""

import re
from dataclasses import replace

import pytest

from telehealth.domain.audit import AuditAction, AuditOutcome
from telehealth.domain.people import Practitioner
from tests.integration.storage.cast import AMARA, BO, NOOR
from tests.integration.web.hospital import ADA, PIA, Hospital
from tests.integration.web.journeys import in_call
from tests.integration.web.test_people_pages import invited


async def test_the_privacy_officer_reads_the_log_of_the_own_organization(hospital: Hospital) -> None:
    await invited(await hospital.staff(ADA))
    noor, pia = await hospital.staff(NOOR), await hospital.staff(PIA)
    await noor.post("/api/v1/patients/search", {"phone": "+34600000000"})
    shown = await pia.get("/audit")
    assert "Staff account changed" in shown.text
    assert "Ada Lund" in shown.text
    assert "Patient searched for" not in shown.text
    assert "Audit log read" in (await pia.get("/audit")).text
    assert (await pia.get("/audit?kind=setting&person=prac-ada")).text.count("<tr>") == 2
    assert "There are no such entries." in (await pia.get("/audit?kind=setting&person=prac-pia")).text


async def test_a_patient_is_found_by_what_singles_them_out_and_told_of(hospital: Hospital) -> None:
    visit, amara, _ = await in_call(hospital)
    await amara.put(f"/api/v1/visits/{visit}/note", {"version": 0, "history": "Palpitations."})
    pia = await hospital.staff(PIA)
    too_wide = await pia.form("/audit/search", {"family": BO.name.family})
    assert (too_wide.status, "family name with the birth date" in too_wide.text) == (422, True)
    found = await pia.form("/audit/search", {"phone": BO.phone})
    [address] = re.findall(r'href="(/audit\?patient=[^"]+)">Show who did what', found.text)
    assert BO.phone not in address
    told = (await pia.get(address)).text
    for words in ("Note written", "Patient admitted to the call", "Treatment", BO.name.listed, AMARA.display):
        assert words in told
    assert "Palpitations" not in told
    foreign = await pia.form("/audit/search", {"phone": "+498955512"})
    assert "0 patients found" in foreign.text


async def test_a_connection_made_beforehand_is_not_called_admitting(hospital: Hospital) -> None:
    await in_call(hospital)
    entries = hospital.units.tables.entries
    admitted = next(each for each in entries.values() if each.action is AuditAction.VISIT_ADMITTED)
    entries[admitted.id] = replace(admitted, action=AuditAction.VISIT_PREPARED)
    told = (await (await hospital.staff(PIA)).get("/audit")).text
    assert "Connection for the call prepared" in told
    assert "Patient admitted to the call" not in told


async def test_of_a_patient_no_more_is_told_than_that_something_was_done(hospital: Hospital) -> None:
    pia = await hospital.staff(PIA)
    entries = hospital.units.tables.entries
    read = next(iter(entries.values()))
    urgent = {"action": AuditAction.WALK_IN_ASSESSED, "patient_ids": (BO.id,), "reason": "urgent"}
    refused = {"outcome": AuditOutcome.REFUSED, "reason": "no-relation"}
    many = tuple(f"pat-{number}" for number in range(4))
    for name, facts in (("1", urgent), ("2", refused), ("3", {"patient_ids": many})):
        entries[name] = replace(read, id=name, **facts)
    told = (await pia.get("/audit")).text
    assert "Walk-in patient: list changed" in told
    assert "urgent" not in told
    assert "(no-relation)" in told
    assert re.search(r"<details><summary>4 patients</summary>\s*<ul", told)


async def test_older_entries_follow_page_by_page(hospital: Hospital) -> None:
    pia = await hospital.staff(PIA)
    await pia.get("/audit")
    entries = hospital.units.tables.entries
    for number in range(51):
        read = replace(entries[list(entries)[-1]], id=f"read-{number}", at=hospital.clock.now())
        entries[read.id] = read
        hospital.clock.move(seconds=1)
    first = await pia.get("/audit?kind=audit")
    [older] = re.findall(r'href="(/audit\?kind=audit&amp;cursor=[^"]+)"', first.text)
    second = await pia.get(older.replace("&amp;", "&"))
    assert (first.text.count("<tr>"), second.text.count("<tr>")) == (51, 3)
    assert "cursor=" not in second.text
    assert (await pia.get("/audit?cursor=nonsense")).status == 422


@pytest.mark.parametrize("who", [AMARA, NOOR, ADA], ids=lambda each: each.role)
async def test_a_stranger_is_refused(hospital: Hospital, who: Practitioner) -> None:
    somebody = await hospital.staff(who)
    assert (await somebody.get("/audit")).status == 403
    assert (await somebody.form("/audit/search", {"phone": BO.phone})).status == 403
