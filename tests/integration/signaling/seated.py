"""Bo and Dr Amara in the call: where most tests of a room begin."""

from tests.integration.signaling.house import FRESH, PATIENT, STAFF, VISIT, Person, Served


async def both(served: Served) -> tuple[Person, Person]:
    """Return Bo and Dr Amara, seated in epoch 1."""
    bo = await Person().connect(served, PATIENT, visit=VISIT)
    amara = await Person().connect(served, STAFF)
    assert (await bo.ask("enter", {"epoch": 0, "since": 0}))["ok"]
    assert (await amara.ask("enter", FRESH))["ok"]
    await bo.expect("roster", 2)
    return bo, amara
