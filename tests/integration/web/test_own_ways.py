"""How patients who book by themselves have their visit: one question where there is more than one way."""

import re
from dataclasses import replace

import pytest

from telehealth.domain.appointment import ResourceKind
from telehealth.domain.modality import Modality
from telehealth.domain.resources import Resource
from tests.integration.storage.cast import CARDIOLOGY, HOSPITAL, WARD
from tests.integration.web.hospital import ADA, Hospital, Person
from tests.integration.web.test_own_booking import DAWIT, PATH, code, times

API = f"/api/v1/open-services/{CARDIOLOGY.id}"
NUMBER = "+251911223344"


@pytest.fixture(autouse=True)
async def _open(hospital: Hospital) -> None:
    async with hospital.units.writing() as uow:
        await uow.directory.save_location(replace(WARD, name="Ward 3", address="4 Mill Lane", version=1))
        await uow.directory.save_service(replace(CARDIOLOGY, modalities=tuple(Modality), version=1))
        await uow.resources.add(Resource("room-1", HOSPITAL.id, WARD.id, ResourceKind.ROOM, "Room 1"))
    ada = await hospital.staff(ADA)
    assert (await ada.form(f"/organization/services/{CARDIOLOGY.id}", {"open": "true"})).status == 303


async def book(hospital: Hospital, somebody: Person, how: str, contact: str) -> str:
    """Go all the way; return the last page."""
    page = await somebody.get(PATH, params={"how": how})
    (key,) = re.findall(r'name="once" value="([^"]+)"', page.text)
    assert f'<input type="hidden" name="how" value="{how}">' in page.text
    chosen = await somebody.form(PATH, {"start": times(page)[0], "once": key, "how": how})
    assert chosen.status == 303
    assert (await somebody.form(f"{PATH}/details", DAWIT | {"contact": contact})).status == 303
    assert (await somebody.form(f"{PATH}/check", {})).status == 303
    assert (await somebody.form(f"{PATH}/code", {"code": code(hospital)})).status == 303
    return (await somebody.get(f"{PATH}/done")).text


async def test_the_way_is_asked_once_and_the_first_is_chosen(hospital: Hospital) -> None:
    page = (await (await hospital.visitor()).get(PATH)).text
    ways = re.findall(r'name="how" value="([^"]+)"( checked)?> <span>([^<]+)<', page)
    assert ways == [
        ("video", " checked", "By video: you open a link"),
        ("phone", "", "By phone: we ring you"),
        (WARD.id, "", "With our staff at Ward 3, 4 Mill Lane"),
    ]


async def test_where_there_is_one_way_nothing_is_asked(hospital: Hospital) -> None:
    async with hospital.units.writing() as uow:
        service = await uow.directory.service(CARDIOLOGY.id)
        assert service is not None
        one = replace(service, modalities=(Modality.PHONE,), version=service.version + 1)
        await uow.directory.save_service(one)
    assert 'name="how"' not in (await (await hospital.visitor()).get(PATH)).text


async def test_somebody_chooses_to_be_phoned(hospital: Hospital) -> None:
    dawit = await hospital.visitor()
    done = await book(hospital, dawit, "phone", NUMBER)
    assert "We phone you at this time." in done
    assert "camera" not in done
    (booked,) = [each for each in hospital.units.tables.appointments.values() if each.status == "booked"]
    assert booked.modality is Modality.PHONE


async def test_who_wants_to_be_phoned_gives_a_number(hospital: Hospital) -> None:
    dawit = await hospital.visitor()
    page = await dawit.get(PATH, params={"how": "phone"})
    (key,) = re.findall(r'name="once" value="([^"]+)"', page.text)
    await dawit.form(PATH, {"start": times(page)[0], "once": key, "how": "phone"})
    refused = await dawit.form(f"{PATH}/details", DAWIT)
    assert (refused.status, "Write the phone number that we ring" in refused.text) == (422, True)
    assert "By phone: we ring you" in refused.text
    assert "<strong>Your phone number</strong>" in refused.text, "an e-mail would be refused"


async def test_somebody_comes_to_a_site_while_its_room_is_free(hospital: Hospital) -> None:
    before = times(await (await hospital.visitor()).get(PATH, params={"how": WARD.id}))
    done = await book(hospital, await hospital.visitor(), WARD.id, NUMBER)
    assert "Please come to Ward 3, 4 Mill Lane." in done
    after = times(await (await hospital.visitor()).get(PATH, params={"how": WARD.id}))
    assert before[0] not in after


async def test_a_way_that_is_none_is_refused(hospital: Hospital) -> None:
    somebody = await hospital.visitor()
    assert (await somebody.get(PATH, params={"how": "by-pigeon"})).status == 422
    slots = await somebody.get(f"{API}/slots", params={"how": "by-pigeon"})
    assert (slots.status, slots.json["errors"][0]["field"]) == (422, "how")


async def test_programs_choose_the_way_too(hospital: Hospital) -> None:
    somebody = await hospital.visitor()
    ways = (await somebody.get(API)).json["ways"]
    assert [each["name"] for each in ways] == ["video", "phone", WARD.id]
    assert ways[2] == {"name": WARD.id, "modality": "assisted", "place": "Ward 3, 4 Mill Lane"}
    start = (await somebody.get(f"{API}/slots", params={"how": WARD.id})).json["slots"][0]["start"]
    held = await somebody.post(f"{API}/holds", {"start": start, "how": WARD.id})
    assert (held.status, held.json["modality"]) == (201, "assisted")
    assert held.json["place"] == "Ward 3, 4 Mill Lane"
