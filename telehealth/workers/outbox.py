"""Sends waiting messages, each channel in a loop of its own."""

from telehealth.domain.outbox import Channel
from telehealth.services.delivery import BATCH, Delivery
from telehealth.workers.loops import Loop

EVERY = 1.0


def outbox(delivery: Delivery, channel: Channel) -> Loop:
    """Look every second, and go on at once while whole batches leave."""

    async def step() -> None:
        while await delivery.send_due(channel) == BATCH:
            pass

    return Loop(f"outbox-{channel}", step, EVERY)
