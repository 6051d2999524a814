"""Nobody is promised messages that will not come: who answered no offer reads it, and may ask again."""

from tests.integration.web.hospital import Hospital
from tests.integration.web.journeys import booked
from tests.integration.web.test_change import changing, hidden
from tests.integration.web.test_waitlist import offered
from web.keys import SERVICES


async def test_who_answered_no_offer_is_promised_no_more_and_may_ask_again(hospital: Hospital) -> None:
    appointment = await booked(hospital, 49)
    bo, path = await changing(hospital, appointment), f"/v/{appointment['visit']}/change"
    wish, promise = f"/v/{appointment['visit']}/earlier", "We write to you when an earlier time is free."
    sent = {"csrf": hidden(await bo.get(path))["csrf"]}
    await bo.form(wish, sent)
    assert promise in (await bo.get(path)).text
    offers = hospital.server.app[SERVICES].appointments.offers
    for _ in range(3):
        assert await offers.offer() == 1
        hospital.clock.move(hours=2)
        assert await offers.expire() == 1
    shown = (await bo.get(path)).text
    assert (promise in shown, "So we have stopped writing." in shown) == (False, True)
    assert f'action="{wish}?' in shown
    assert (await bo.form(wish, sent)).status == 303
    assert promise in (await bo.get(path)).text
    assert await offers.offer() == 1


async def test_the_last_offer_that_was_missed_leads_to_the_phone(hospital: Hospital) -> None:
    phone, first = await offered(hospital)
    door = hospital.server.app[SERVICES].appointments.offer_door
    hospital.clock.move(hours=2)
    promise = "We write to you when another time is free."
    assert promise in (await phone.form("/v/offer", {"token": first})).text
    offers = hospital.server.app[SERVICES].appointments.offers
    assert await offers.expire() == 1
    for _ in range(2):
        assert await offers.offer() == 1
        hospital.clock.move(hours=2)
        assert await offers.expire() == 1
    newest = max(hospital.units.tables.offers.values(), key=lambda each: each.made_at)
    last = door._invitations.offers.token(newest.id, newest.patient_id)
    shown = (await phone.form("/v/offer", {"token": last})).text
    assert (promise in shown, "Call the clinic if you need a new time." in shown) == (False, True)
