"""Taking the next where a clinic is closed or the specialist away, and who waits in a closed clinic."""

from dataclasses import replace
from datetime import time, timedelta

import pytest

from tests.integration.storage.cast import AMARA, CARDIOLOGY, RURAL, absence, closure
from tests.integration.web.hospital import Hospital
from tests.integration.web.test_queue_page import added

NEXT = f"/queue/next/{CARDIOLOGY.id}"
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    "what,sentence",
    [
        ("closed", "Your clinic is closed now. The coordinator can open it under Closed times."),
        ("away", "You are noted as away now. Change that under Hours first."),
        ("no hours", "You have no hours for this service today. Add extra hours under Hours first."),
    ],
)
async def test_nobody_is_called_while_the_specialist_does_not_work(
    hospital: Hospital, what: str, sentence: str
) -> None:
    await added(hospital)
    now = hospital.clock.at
    async with hospital.units.writing() as uow:
        if what == "closed":
            await uow.closures.add(replace(closure(), start=now, end=now + DAY))
        elif what == "away":
            gone = replace(absence(), first=now.date(), last=now.date(), start=time(0), end=time(0))
            await uow.schedules.add_exception(gone)
        else:
            for rule in await uow.directory.hours(practitioner_id=AMARA.id):
                await uow.directory.save_hours(
                    replace(rule, until=(now - DAY).date(), version=rule.version + 1)
                )
    amara = await hospital.staff(AMARA)
    refused = await amara.form(NEXT, {})
    assert refused.status == 409
    assert sentence in refused.text
    assert not hospital.units.tables.visits


async def test_who_waits_in_a_closed_clinic_is_passed_over_and_their_row_says_what_to_do(
    hospital: Hospital,
) -> None:
    noor, _ = await added(hospital)
    now = hospital.clock.at
    shut = replace(closure(), organization_id=RURAL.id, start=now, end=now + timedelta(minutes=9))
    async with hospital.units.writing() as uow:
        await uow.closures.add(shut)
    shown = (await noor.get("/queue")).text
    assert "Closed until" in shown
    assert "Send the patient on, or book a visit for them." in shown
    amara = await hospital.staff(AMARA)
    assert "Closed until" in (await amara.get("/queue")).text
    refused = await amara.form(NEXT, {})
    assert refused.status == 409
    assert "Nobody who waits can be called now." in refused.text
    hospital.clock.move(minutes=9)
    assert (await amara.form(NEXT, {})).headers["Location"] == "/clinic"


async def test_a_clinic_with_one_open_site_is_open(hospital: Hospital) -> None:
    await added(hospital)
    now = hospital.clock.at
    shut = replace(closure(), organization_id=RURAL.id, location_id="loc-other", start=now, end=now + DAY)
    async with hospital.units.writing() as uow:
        await uow.closures.add(shut)
    amara = await hospital.staff(AMARA)
    assert (await amara.form(NEXT, {})).headers["Location"] == "/clinic"
