"""Invitations to choose a time of which nothing arrived are on the list of those who phone."""

from tests.integration.storage.cast import AMARA, NOOR
from tests.integration.web.hospital import Hospital
from tests.integration.web.test_choices import invite, the
from tests.integration.web.test_messages_pages import lose


async def test_an_invitation_that_reached_nobody_is_listed_until_it_ends(hospital: Hospital) -> None:
    await invite(hospital)
    noor, stranger, (one,) = await hospital.staff(NOOR), await hospital.staff(AMARA), [the(hospital)]
    assert "Every message reached somebody" in (await noor.get("/messages")).text
    lose(hospital)
    shown = (await noor.get("/messages")).text
    assert (f"#choice-{one.id}" in shown, "Invitation to choose a time" in shown) == (True, True)
    assert one.id not in (await stranger.get("/messages")).text
    hospital.clock.at = one.expires_at
    assert one.id not in (await noor.get("/messages")).text
