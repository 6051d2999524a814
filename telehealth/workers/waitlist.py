"""Offers times that became free to those who wait for one, and moves on from who did not answer."""

from telehealth.services.waitlist_offers import WaitlistOffers
from telehealth.workers.loops import Loop

EVERY = 20.0


def offering(offers: WaitlistOffers) -> Loop:
    """Return the loop. What ran out comes first: its time is offered on in the same round."""

    async def step() -> None:
        await offers.expire()
        await offers.offer()

    return Loop("waitlist", step, EVERY)
