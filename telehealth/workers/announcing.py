"""Tells programs what is new in the record."""

from telehealth.services.announcing import BATCH, Announcing
from telehealth.workers.loops import Loop

EVERY = 1.0


def telling(announcing: Announcing) -> Loop:
    """Look every second, and go on at once while whole batches are told."""

    async def step() -> None:
        while await announcing.tell_due() == BATCH:
            pass

    return Loop("announcing", step, EVERY)
