"""Patients answer an invitation and an offer at once, in several processes: one visit for each of them."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from telehealth.crypto.purposes import Purpose
from telehealth.crypto.tokens import LinkTokens
from telehealth.domain.appointment import Appointment
from telehealth.domain.choice import Choice
from telehealth.domain.people import Patient
from telehealth.domain.waitlist import EVERY_DAY, Offer, Waiting
from telehealth.services.offer_links import OfferLinks
from telehealth.services.repositories import UnitOfWork
from telehealth.storage.rows.appointments import appointments
from tests.integration.services.conftest import Office
from tests.integration.services.racer import ANSWERED, PRIZE, choice_id, chosen_id, offer_id, patient_id
from tests.integration.services.test_one_time_for_many import race
from tests.integration.storage import cast

APART = timedelta(minutes=25)
"""A visit and the pause after it."""
LATER = PRIZE + timedelta(days=1)


async def keep(uow: UnitOfWork, name: str, number: int, whose: Patient) -> Appointment:
    """Hold one of Dr Amara's times."""
    start = PRIZE + number * APART
    booked = replace(
        cast.held(name, LATER, start), patient_id=whose.id, patient_organization_id=cast.HOSPITAL.id
    )
    await uow.appointments.book(booked, cast.claims(booked))
    return booked


async def asked(uow: UnitOfWork, links: OfferLinks, number: int) -> None:
    """Somebody has chosen a time, which is kept, and a later one is offered to them; every third waits
    because staff say so."""
    house, service = cast.HOSPITAL.id, cast.CARDIOLOGY.id
    whose = replace(cast.CY, id=patient_id(number), email=f"p{number}@mail.example")
    await uow.patients.add(whose)
    held = await keep(uow, f"chosen-{number}", 2 * number, whose)
    assert held.id == chosen_id(number)
    which = choice_id(number)
    made = Choice(
        which, house, house, service, whose.id, "", False, cast.NOW, LATER, *links.digests(which, whose.id)
    )
    await uow.choices.add(replace(made, hold_id=held.id))
    day = PRIZE.date()
    wish = Waiting(f"wish-{number}", house, house, service, whose.id, "", day, day, EVERY_DAY, 0, cast.NOW)
    await uow.waitlist.add(replace(wish, by_patient=bool(number % 3)))
    offered, which = await keep(uow, f"offered-{number}", 2 * number + 1, whose), offer_id(number)
    what = (whose.id, offered.id, offered.practitioner_id, offered.start, LATER, cast.NOW)
    await uow.waitlist.add_offer(Offer(which, wish.id, *what, *links.digests(which, whose.id)))


@pytest.mark.timeout(180)
async def test_who_answers_an_invitation_and_an_offer_at_once_has_one_visit(
    office: Office, migrated_url: str, tmp_path: Path
) -> None:
    links = OfferLinks(keys=LinkTokens(office.keyring.derived(Purpose.LINK_KEY)), page="")
    async with office.storage.writing() as uow:
        for number in range(ANSWERED):
            await asked(uow, links, number)
    ends = await race(migrated_url, tmp_path / "keys", "answers", 2 * ANSWERED)
    both = {(ends[number], ends[number + ANSWERED]) for number in range(ANSWERED)}
    assert both <= {("won", "slot-taken"), ("wrong-state", "won")}
    async with office.storage.engines[0].connect() as connection:
        takes = select(appointments.c.patient_id).where(appointments.c.status.in_(("booked", "pending")))
        taken = sorted(await connection.scalars(takes))
    assert taken == [patient_id(number) for number in range(ANSWERED)]
