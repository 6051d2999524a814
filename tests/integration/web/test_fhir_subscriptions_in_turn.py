"""Programs are told of news in turn: much news of one keeps nobody waiting."""

import pytest

from tests.arrivals import WEIGHT, changed
from tests.integration.web.hospital import Hospital
from tests.integration.web.test_fhir_subscriptions import WANTED, Ear, telling, watching
from tests.integration.web.test_fhir_writing import sent, treating


async def test_who_has_much_to_hear_lets_others_hear_first(
    hospital: Hospital, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("telehealth.services.announcing.BATCH", 1)
    monkeypatch.setattr("telehealth.services.announcing.LOT", 1)
    for place in ("much", "little"):
        channel = WANTED["channel"] | {"endpoint": f"https://lab.example/{place}"}
        await watching(hospital, WANTED | {"channel": channel})
        hospital.clock.move(seconds=1)
    amara, ear = await treating(hospital), Ear()
    for _ in range(3):
        await sent(amara, changed(WEIGHT, identifier=None))
    for _ in range(4):
        await telling(hospital, ear).tell_due()
        hospital.clock.move(seconds=1)
    assert [endpoint.rpartition("/")[2] for endpoint, _, _ in ear.heard] == ["much", "little"] * 2
