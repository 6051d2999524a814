"""Sends waiting messages."""

from telehealth.services.delivery import BATCH, Delivery
from telehealth.workers.loops import Loop

EVERY = 1.0


def outbox(delivery: Delivery) -> Loop:
    """Look every second, and go on at once while whole batches leave."""

    async def step() -> None:
        while await delivery.send_due() == BATCH:
            pass

    return Loop("outbox", step, EVERY)
