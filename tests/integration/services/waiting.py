"""A waiting room to test: patients in line for Dr Amara, what they see and what they were told."""

from dataclasses import dataclass, replace
from datetime import timedelta

from telehealth.domain.access import SYSTEM, Actor
from telehealth.domain.audit import AuditAction
from telehealth.domain.notices import PlacesChanged
from telehealth.domain.queue import Place
from telehealth.services.visit_view import VisitView
from tests.cast import HOSPITAL, MONDAY, House, a_patient

SLOT = timedelta(minutes=20)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One patient in line."""

    visit_id: str
    visitor: Actor


async def line(house: House, count: int) -> list[Waiting]:
    """Let so many patients wait, a slot apart."""
    found = []
    for number in range(count):
        patient = await house.assembled.services.desk.register(
            replace(SYSTEM, organization_id=HOSPITAL), a_patient("Bo", f"Number-{number}", f"{20 + number}")
        )
        booked = await house.book(MONDAY + number * SLOT, patient=patient)
        found.append(Waiting(booked.visit_id, await house.wait(booked)))
    return found


async def view(house: House, who: Waiting) -> VisitView:
    """What the patient's page asks for."""
    return await house.assembled.services.attending.view(who.visitor)


def pushed(house: House) -> list[Place]:
    """Every place that was announced, in order."""
    told = [notice.places for notice in house.heard.notices if isinstance(notice, PlacesChanged)]
    return [place for places in told for place in places]


async def actions(house: House) -> list[AuditAction]:
    """What the audit log holds."""
    async with house.assembled.opened.work.units.reading() as uow:
        return [entry.action for entry in await uow.audit.entries(organization_id=HOSPITAL)]
