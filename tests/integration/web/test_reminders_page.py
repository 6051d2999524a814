"""/reminders: how long before their visits a service's patients are reminded."""

import re

from multidict import MultiDict

from tests.integration.storage.cast import AMARA, CARDIOLOGY, NOOR, RURAL
from tests.integration.web.hospital import ADA, PIA, Hospital
from tests.integration.web.journeys import booked

PAGE = f"/reminders/{CARDIOLOGY.id}"

SEEN = {"version": "0"}


def ticked(page: str) -> list[str]:
    return re.findall(r'name="minutes" value="(\d+)" checked', page)


async def test_the_choice_is_kept_entered_and_holds_for_the_next_visit(hospital: Hospital) -> None:
    ada, amara = await hospital.staff(ADA), await hospital.staff(AMARA)
    assert ticked((await ada.get("/reminders")).text) == ["1440", "10"]
    for _ in range(2):
        kept = await ada.form(PAGE, SEEN | {"minutes": "120"})
        assert kept.headers["Location"] == "/reminders?done=kept"
    shown = (await ada.get("/reminders?done=kept")).text
    assert "Saved." in shown
    assert ticked(shown) == ["120"]
    assert hospital.actions().count("service:reminders:change") == 1
    visit = (await booked(hospital, hours=26))["visit"]
    assert (await amara.get(f"/messages/{visit}")).text.count("Planned for") == 2


async def test_several_or_none_can_be_chosen(hospital: Hospital) -> None:
    ada = await hospital.staff(ADA)
    boxes = MultiDict([("version", "0"), ("minutes", "30"), ("minutes", "4320"), ("minutes", "30")])
    await ada.send("POST", PAGE, data=boxes)
    assert ticked((await ada.get("/reminders")).text) == ["4320", "30"]
    assert (await ada.form(PAGE, SEEN)).status == 412
    await ada.form(PAGE, {"version": "1"})
    assert ticked((await ada.get("/reminders")).text) == []


async def test_what_is_not_offered_is_refused_and_nothing_changes(hospital: Hospital) -> None:
    ada = await hospital.staff(ADA)
    for wrong in ("11", "-10", "", "ten", "99999"):
        refused = await ada.form(PAGE, SEEN | {"minutes": wrong})
        assert refused.status == 422
        assert 'role="alert"' in refused.text
    assert ticked((await ada.get("/reminders")).text) == ["1440", "10"]


async def test_a_stranger_is_refused(hospital: Hospital) -> None:
    for who in (AMARA, NOOR, PIA):
        person = await hospital.staff(who)
        assert (await person.get("/reminders")).status == 403
        assert (await person.form(PAGE, SEEN | {"minutes": "30"})).status == 403
    ada = await hospital.staff(ADA)
    services = hospital.units.tables.services
    services[CARDIOLOGY.id] = type(CARDIOLOGY)("foreign", RURAL.id, "Foreign", "x", 20)
    assert "Foreign" not in (await ada.get("/reminders")).text
    for path in (PAGE, "/reminders/nobody"):
        assert (await ada.form(path, SEEN | {"minutes": "30"})).status == 404
