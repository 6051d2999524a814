"""/s/{service}/wish: where no time fits, somebody leaves a wish, and takes it back. Without scripts."""

import re
from dataclasses import replace

import pytest

from telehealth.domain.appointment import ResourceKind
from telehealth.domain.modality import Modality
from telehealth.domain.outbox import CONTACT_CODE
from telehealth.domain.resources import Resource
from tests.integration.storage.cast import AMARA, BO, CARDIOLOGY
from tests.integration.web.hospital import ADA, Hospital, Person
from tests.integration.web.test_own_booking import BO_SAYS, DAWIT, code, messages

PAGE = f"/s/{CARDIOLOGY.id}"
PATH = f"{PAGE}/wish"


@pytest.fixture(autouse=True)
async def _open(hospital: Hospital) -> None:
    ada = await hospital.staff(ADA)
    answer = await ada.form(f"/organization/services/{CARDIOLOGY.id}", {"open": "true"})
    assert answer.status == 303


async def wished(hospital: Hospital, somebody: Person, **changes: object) -> None:
    asked = await somebody.form(PATH, {**DAWIT, "hours": "before", **changes})
    assert (asked.status, asked.headers["Location"]) == (303, f"{PATH}/code?lang=en"), asked.text
    done = await somebody.form(f"{PATH}/code", {"code": code(hospital)})
    assert (done.status, done.headers["Location"]) == (303, f"{PATH}?lang=en"), done.text


async def test_where_no_time_fits_a_wish_is_left_shown_and_taken_back(hospital: Hospital) -> None:
    dawit = await hospital.visitor()
    assert f'href="{PATH}?lang=en">Write to me when a time is free' in (await dawit.get(PAGE)).text
    form = (await dawit.get(PATH)).text
    assert ("Monday" in form, "Sunday" in form) == (True, True)
    await wished(hospital, dawit, weekday=["1", "3"])
    (one,) = hospital.units.tables.waitlist.values()
    assert (one.weekdays, one.from_hour, one.until_hour, one.by_patient) == ((1, 3), 0, 12, True)
    assert "You are on the waiting list" in (await dawit.get(PATH)).text
    for _ in range(2):
        left = await dawit.form(f"{PATH}/end", {})
        assert (left.status, left.headers["Location"]) == (303, f"{PATH}?lang=en&done=end")
    assert "We send you no message about free times any more" in (await dawit.get(f"{PATH}?done=end")).text
    assert "On which days can you come?" in (await dawit.get(PATH)).text
    assert {"waitlist:own:code", "waitlist:add", "waitlist:leave"} <= {*hospital.actions()}


async def test_where_visits_are_by_phone_a_number_is_asked_for_and_at_sites_alone_no_wish(
    hospital: Hospital,
) -> None:
    dawit, offered = await hospital.visitor(), hospital.units.tables.services
    offered[CARDIOLOGY.id] = replace(offered[CARDIOLOGY.id], modalities=(Modality.PHONE,))
    told = await dawit.form(PATH, {**DAWIT, "contact": "dawit@mail.example"})
    assert (told.status, "Write the phone number that we ring" in told.text) == (422, True)
    offered[CARDIOLOGY.id] = replace(offered[CARDIOLOGY.id], modalities=(Modality.ASSISTED,))
    house, site = CARDIOLOGY.organization_id, AMARA.location_id
    room = Resource("room-1", house, site, ResourceKind.ROOM, "Room 1")
    hospital.units.tables.resources[room.id] = room
    assert (await dawit.get(PAGE)).text.count("No time fits?") == 0


async def test_staff_see_who_put_it_there_and_what_suits(hospital: Hospital) -> None:
    await wished(hospital, await hospital.visitor(), weekday=["1", "3"])
    amara = await hospital.staff(AMARA)
    shown = (await amara.get("/waitlist")).text
    assert "The patient asked for it." in shown
    assert "Mon, Wed · 00:00–12:00" in re.sub(r"\s+", " ", shown)
    (told,) = (await amara.get("/api/v1/waitlist")).json["wishes"]
    names = ("weekdays", "from_hour", "until_hour", "by_patient")
    assert [told[name] for name in names] == [[1, 3], 0, 12, True]


async def test_what_is_wrong_comes_back_as_it_was_filled_in(hospital: Hospital) -> None:
    dawit = await hospital.visitor()
    for changes, sentence in (
        ({"month": "13"}, "Please check the day, the month and the year."),
        ({"given": "", "family": ""}, "Please write a name."),
        ({"contact": "no way"}, "Write an e-mail address"),
    ):
        back = await dawit.form(PATH, {**DAWIT, "weekday": ["2", "4"], "hours": "after", **changes})
        assert (back.status, sentence in back.text) == (422, True)
        assert re.findall(r'name="weekday" value="(\d)" checked', back.text) == ["2", "4"]
        assert re.findall(r'name="hours" value="(\w+)" checked', back.text) == ["after"]
    assert messages(hospital, CONTACT_CODE) == []


async def test_a_wrong_code_and_an_old_one_say_so(hospital: Hospital) -> None:
    dawit = await hospital.visitor()
    await dawit.form(PATH, {**DAWIT, "hours": "any"})
    right = code(hospital)
    wrong = await dawit.form(f"{PATH}/code", {"code": f"{(int(right) + 1) % 10**6:06}"})
    assert (wrong.status, "This code is not right." in wrong.text) == (422, True)
    hospital.clock.move(minutes=10)
    old = await dawit.form(f"{PATH}/code", {"code": right})
    assert (old.status, "This code is too old." in old.text) == (409, True)
    assert hospital.units.tables.waitlist == {}


async def test_the_answer_is_the_same_whether_somebody_is_known_or_not(hospital: Hospital) -> None:
    answers = []
    for told in (DAWIT, BO_SAYS):
        somebody = await hospital.visitor()
        asked = await somebody.form(PATH, {**told, "hours": "any"})
        page = (await somebody.get(f"{PATH}/code")).text
        page = re.sub(r'nonce="[^"]+"|\(\{[^}]*\}\)', "", page.replace(told["contact"], ""))
        answers.append((asked.status, asked.headers["Location"], page))
    assert answers[0] == answers[1]


async def test_a_contact_gets_few_codes(hospital: Hospital) -> None:
    for _ in range(3):
        assert (await (await hospital.visitor()).form(PATH, {**DAWIT, "hours": "any"})).status == 303
    much = await (await hospital.visitor()).form(PATH, {**DAWIT, "hours": "any"})
    assert (much.status, "Too many tries." in much.text) == (429, True)


async def test_a_stranger_is_refused(hospital: Hospital) -> None:
    await wished(hospital, await hospital.visitor())
    stranger = await hospital.visitor()
    assert "You are on the waiting list" not in (await stranger.get(PATH)).text
    assert (await stranger.get(f"{PATH}/code")).headers["Location"] == f"{PATH}?lang=en"
    assert (await stranger.form(f"{PATH}/code", {"code": "000000"})).status == 409
    assert (await stranger.form(f"{PATH}/end", {})).status == 404
    ada = await hospital.staff(ADA)
    await ada.form(f"/organization/services/{CARDIOLOGY.id}", {"open": "false"})
    assert (await stranger.get(PATH)).status == 404
    (one,) = hospital.units.tables.waitlist.values()
    assert one.patient_id != BO.id
