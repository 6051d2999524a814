"""The pages about messages: what reached nobody, what was sent about a visit, sending the link again."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from telehealth.domain.outbox import Channel, Delivery
from tests.integration.storage.cast import AMARA, NOOR
from tests.integration.web.hospital import ADA, Hospital
from tests.integration.web.journeys import booked


def lose(hospital: Hospital, state: Delivery = Delivery.FAILED) -> None:
    """The worker was there and nothing went right."""
    tables = hospital.units.tables
    tables.outbox = {
        key: replace(each, state=state, last_error="recipient-refused") for key, each in tables.outbox.items()
    }


async def test_a_visit_shows_its_messages_and_that_none_arrived(hospital: Hospital) -> None:
    visit = (await booked(hospital))["visit"]
    amara = await hospital.staff(AMARA)
    waiting = (await amara.get(f"/messages/{visit}")).text
    assert waiting.partition("<main")[2].count("Waiting") == 2
    assert "could not be delivered" not in waiting
    lose(hospital)
    lost = (await amara.get(f"/messages/{visit}")).text
    assert "The invitation could not be delivered – phone them." in lost
    assert lost.count("the address or number does not work") == lost.count('<tr><th scope="row">') == 4


async def test_a_visit_shows_when_its_reminders_will_leave(hospital: Hospital) -> None:
    appointment = await booked(hospital, hours=26)
    amara = await hospital.staff(AMARA)
    shown = (await amara.get(f"/messages/{appointment['visit']}")).text
    start = datetime.fromisoformat(appointment["start"])
    for each in (start - timedelta(days=1), start - timedelta(minutes=10)):
        planned = each.astimezone(ZoneInfo("Europe/Berlin"))
        assert len(re.findall(rf"Planned for \S+ {planned.day} [^<]*{planned:%H:%M}<", shown)) == 2


async def test_the_clinics_row_the_api_and_the_list_say_so_too(hospital: Hospital) -> None:
    visit = (await booked(hospital))["visit"]
    amara = await hospital.staff(AMARA)
    tag = re.compile(rf'href="/messages/{visit}" target="_blank">Invitation not delivered')
    assert not tag.search((await amara.get("/clinic")).text)
    assert "reached somebody" in (await amara.get("/messages")).text
    lose(hospital)
    assert tag.search((await amara.get("/clinic")).text)
    assert (await amara.get(f"/api/v1/visits/{visit}")).json["visit"]["undelivered"] is True
    listed = (await amara.get("/messages")).text
    assert f'href="/messages/{visit}"' in listed


async def test_the_link_is_sent_again_once_per_press(hospital: Hospital) -> None:
    visit = (await booked(hospital))["visit"]
    amara = await hospital.staff(AMARA)
    lose(hospital)
    shown = (await amara.get(f"/messages/{visit}")).text
    once = re.findall(r'name="once" value="([^"]+)"', shown)[0]
    for _ in range(2):
        answer = await amara.form(f"/messages/{visit}", {"once": once})
        assert answer.headers["Location"] == f"/messages/{visit}?done=again"
    again = [each for each in hospital.units.tables.outbox.values() if each.state is Delivery.DUE]
    assert {each.channel for each in again} == set(Channel)
    assert "on its way to the patient" in (await amara.get(f"/messages/{visit}?done=again")).text
    assert hospital.actions().count("link:send-again") == 1


async def test_the_api_sends_it_again_and_says_when_it_is_too_often(hospital: Hospital) -> None:
    visit = (await booked(hospital))["visit"]
    amara = await hospital.staff(AMARA)
    for _ in range(3):
        lose(hospital, Delivery.SENT)
        assert (await amara.post(f"/api/v1/visits/{visit}/invitation")).status == 204
        hospital.clock.move(seconds=1)
    lose(hospital, Delivery.SENT)
    refused = await amara.post(f"/api/v1/visits/{visit}/invitation")
    assert (refused.status, refused.json["code"]) == (429, "too-many-requests")
    assert int(refused.headers["Retry-After"]) > 3000


async def test_a_stranger_is_refused(hospital: Hospital) -> None:
    visit = (await booked(hospital))["visit"]
    lose(hospital)
    ada, noor = await hospital.staff(ADA), await hospital.staff(NOOR)
    for path in ("/messages", f"/messages/{visit}"):
        assert (await ada.get(path)).status == 403
    assert (await noor.get(f"/messages/{visit}")).status == 404
    assert visit not in (await noor.get("/messages")).text
    assert (await noor.form(f"/messages/{visit}", {})).status == 404
