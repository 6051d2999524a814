"""Invited patients and the desk want one time at once, in several processes: one of all has it."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from telehealth.crypto.purposes import Purpose
from telehealth.crypto.tokens import LinkTokens
from telehealth.domain.choice import Choice
from telehealth.services.offer_links import OfferLinks
from telehealth.storage.rows.appointments import appointment_resource
from telehealth.storage.rows.choices import choices
from telehealth.storage.rows.visits import visits
from tests.integration.services.conftest import Office
from tests.integration.services.racer import PRIZE, choice_id, patient_id
from tests.integration.services.test_one_time_for_many import everybody, race
from tests.integration.storage import cast

RACERS = 80


async def invited(office: Office) -> None:
    """The odd ones have a link each."""
    links = OfferLinks(keys=LinkTokens(office.keyring.derived(Purpose.LINK_KEY)), page="")
    house = cast.HOSPITAL.id
    async with office.storage.writing() as uow:
        for number in range(1, RACERS, 2):
            whose, which = patient_id(number), choice_id(number)
            digest, code_digest = links.digests(which, whose)
            await uow.choices.add(
                Choice(
                    id=which,
                    organization_id=house,
                    patient_organization_id=house,
                    service_id=cast.CARDIOLOGY.id,
                    patient_id=whose,
                    practitioner_id=cast.AMARA.id,
                    interpreter=False,
                    made_at=cast.NOW,
                    expires_at=PRIZE + timedelta(days=1),
                    digest=digest,
                    code_digest=code_digest,
                )
            )


@pytest.mark.timeout(180)
async def test_one_of_all_who_choose_and_who_are_booked_gets_the_time(
    office: Office, migrated_url: str, tmp_path: Path
) -> None:
    await everybody(office.storage, moving=False)
    await invited(office)
    ends = await race(migrated_url, tmp_path / "keys", "choices", RACERS)
    assert sorted(ends.values()) == ["slot-taken"] * (RACERS - 1) + ["won"]
    (winner,) = [number for number, word in ends.items() if word == "won"]
    async with office.storage.engines[0].connect() as connection:
        claim = appointment_resource.c
        taken = select(claim.resource_id).where(claim.active, claim.busy_start == PRIZE)
        assert sorted(await connection.scalars(taken)) == sorted([cast.AMARA.id, patient_id(winner)])
        assert len((await connection.execute(select(visits))).all()) == 1
        booked = select(choices.c.id).where(choices.c.state == "booked")
        assert list(await connection.scalars(booked)) == ([choice_id(winner)] if winner % 2 else [])
