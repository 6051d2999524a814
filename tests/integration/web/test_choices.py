"""/choices and /v/choose: staff let a patient choose a time, who holds the link does. Without scripts."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from telehealth.domain.appointment import AppointmentStatus
from telehealth.domain.choice import Choice
from telehealth.domain.consultation import VisitStatus
from telehealth.domain.modality import Modality
from telehealth.domain.outbox import CHOOSE_TIME, INVITATION
from tests.integration.storage.cast import AMARA, BO, CARDIOLOGY, CY, NOOR
from tests.integration.web.hospital import ADA, Answer, Hospital, Person
from tests.integration.web.test_messages_pages import lose
from tests.integration.web.test_rooms_page import THERE
from web.keys import SERVICES

DAY = timedelta(days=1)


def last(hospital: Hospital, days: int = 14) -> str:
    return f"{hospital.clock.at.date() + days * DAY}"


def the(hospital: Hospital) -> Choice:
    (choice,) = hospital.units.tables.choices.values()
    return choice  # type: ignore[no-any-return]


async def invite(hospital: Hospital, **changes: str) -> Person:
    """Noor lets Cy choose."""
    noor = await hospital.staff(NOOR)
    asked = {"patient_id": CY.id, "service_id": CARDIOLOGY.id, "practitioner_id": "", "last": last(hospital)}
    done = await noor.form("/choices/add", asked | changes)
    assert (done.status, done.headers["Location"]) == (303, f"/book?patient={CY.id}"), done.text
    return noor


async def invited(hospital: Hospital) -> tuple[Person, str]:
    """Cy is invited; somebody with a phone, and the secret of the link."""
    await invite(hospital)
    return await link(hospital)


async def link(hospital: Hospital) -> tuple[Person, str]:
    """Somebody with a phone, and the secret of Cy's link."""
    links = hospital.server.app[SERVICES].appointments.choice_door._invitations.choices
    return await hospital.visitor(), links.token(the(hospital).id, CY.id)


async def opened(hospital: Hospital) -> tuple[Person, str]:
    """Cy is invited and has pressed; the phone and the address of the times."""
    await invite(hospital)
    return await opened_by(hospital)


async def opened_by(hospital: Hospital) -> tuple[Person, str]:
    """Cy, who is invited, has pressed."""
    phone, token = await link(hospital)
    entered = await phone.form("/v/choose", {"token": token})
    path = f"/v/choose/{the(hospital).id}"
    assert (entered.status, entered.headers["Location"]) == (303, f"{path}?lang=en")
    return phone, path


def times(page: Answer) -> list[str]:
    return re.findall(r'name="start" value="([^"]+)"', page.text)


async def choose(phone: Person, path: str, which: int = 0) -> str:
    """Choose a time; what the page that checks it would send."""
    page = await phone.get(path)
    (key,) = re.findall(r'name="once" value="([^"]+)"', page.text)
    done = await phone.form(path, {"start": times(page)[which], "once": key})
    assert (done.status, done.headers["Location"]) == (303, f"{path}/check?lang=en"), done.text
    (hold,) = re.findall(r'name="hold" value="([^"]+)"', (await phone.get(f"{path}/check")).text)
    return str(hold)


def told(hospital: Hospital, template: str) -> list[Any]:
    return [each for each in hospital.units.tables.outbox.values() if each.template == template]


async def test_what_was_looked_for_in_vain_is_what_the_patient_may_choose(hospital: Hospital) -> None:
    noor = await hospital.staff(NOOR)
    shown = (await noor.get(f"/book?patient={CY.id}")).text
    assert 'formaction="/choices/add"' in shown
    sent = {"patient": CY.id, "service": CARDIOLOGY.id, "practitioner": AMARA.id, "language": "", "day": ""}
    asked = (await noor.get("/choices/add", params=sent)).text
    for chosen in (CARDIOLOGY.id, AMARA.id):
        assert f'<option value="{chosen}" selected>' in asked
    assert 'name="interpreter" value="true">' in asked
    asked = (await noor.get("/choices/add", params=sent | {"interpreter": CY.language})).text
    assert 'name="interpreter" value="true" checked>' in asked


async def test_the_patient_chooses_checks_and_books_and_staff_see_each_step(hospital: Hospital) -> None:
    noor = await invite(hospital)
    assert "Nothing booked yet." in (await noor.get(f"/book?patient={CY.id}")).text
    assert {each.channel for each in told(hospital, CHOOSE_TIME)}
    phone, path = await opened_by(hospital)
    assert "Opened on" in (await noor.get(f"/book?patient={CY.id}")).text
    page = await phone.get(path)
    assert len(times(page)) == 20
    hold = await choose(phone, path)
    checked = (await phone.get(f"{path}/check")).text
    assert "We keep this time for you for 10 more minutes." in checked
    assert AMARA.display in checked
    assert CY.name.full not in checked
    assert 'href="/v/choose' in (await phone.get(path)).text, "the way back to what is kept"
    for _ in range(2):
        done = await phone.form(f"{path}/check", {"hold": hold})
        assert (done.status, done.headers["Location"]) == (303, f"{path}?lang=en")
    assert "Your visit is booked." in (await phone.get(path)).text
    assert "Your visit is booked." in (await phone.get(f"{path}/check")).text
    assert (await phone.get(f"{path}/calendar")).text.startswith("BEGIN:VCALENDAR")
    assert len(hospital.units.tables.visits) == 1
    assert told(hospital, INVITATION)
    shown = (await noor.get(f"/book?patient={CY.id}")).text
    assert ("The patient has booked" in shown, f"/choices/{the(hospital).id}/end" in shown) == (True, False)


async def test_without_a_script_code_and_birth_date_do(hospital: Hospital) -> None:
    phone, _ = await invited(hospital)
    door = await phone.get("/v/choose")
    assert ('name="code"' in door.text, "See the times" in door.text) == (True, True)
    links = hospital.server.app[SERVICES].appointments.choice_door._invitations.choices
    code, born = links.code(the(hospital).id, CY.id), CY.birth_date
    typed = {"code": code, "day": str(born.day), "month": str(born.month), "year": str(born.year)}
    wrong = await phone.form("/v/choose", typed | {"year": "1991"})
    assert (wrong.status, "do not fit together" in wrong.text) == (404, True)
    none = await phone.form("/v/choose", typed | {"month": "13"})
    assert (none.status, "Please check the day" in none.text) == (422, True)
    right = await phone.form("/v/choose", typed)
    assert right.headers["Location"] == f"/v/choose/{the(hospital).id}?lang=en"


async def test_looking_changes_nothing(hospital: Hospital) -> None:
    """Who scans mails opens the address; the token stays in its fragment."""
    phone, path = await opened(hospital)
    before = hospital.units.tables.copy()
    for address in ("/v/choose", path, f"{path}/check", f"{path}?day={last(hospital, 3)}"):
        assert (await phone.get(address)).status == 200
    assert hospital.units.tables.choices == before.choices
    assert hospital.units.tables.appointments == before.appointments


async def test_another_time_in_another_tab_is_told_before_it_is_booked(hospital: Hospital) -> None:
    phone, path = await opened(hospital)
    first = await choose(phone, path)
    second = await choose(phone, path, 3)
    refused = await phone.form(f"{path}/check", {"hold": first})
    assert (refused.status, "You have chosen another time meanwhile." in refused.text) == (409, True)
    assert f'name="hold" value="{second}"' in refused.text
    assert hospital.units.tables.visits == {}
    assert (await phone.form(f"{path}/check", {"hold": second})).status == 303


async def test_a_time_that_ran_out_is_chosen_again(hospital: Hospital) -> None:
    phone, path = await opened(hospital)
    hold = await choose(phone, path)
    hospital.clock.move(minutes=10)
    gone = await phone.form(f"{path}/check", {"hold": hold})
    assert (gone.status, "We could not keep this time any longer." in gone.text) == (409, True)
    assert len(times(gone)) == 20
    assert "We could not keep this time any longer." in (await phone.get(f"{path}/check")).text


async def test_what_is_taken_back_or_over_says_so(hospital: Hospital) -> None:
    phone, path = await opened(hospital)
    noor = await hospital.staff(NOOR)
    sent = await noor.form(f"/choices/{the(hospital).id}/again", {})
    assert "The link is on its way to the patient." in (await noor.get(sent.headers["Location"])).text
    assert (await noor.form(f"/choices/{the(hospital).id}/end", {})).status == 303
    assert "Taken back" in (await noor.get(f"/book?patient={CY.id}")).text
    for page in (path, f"{path}/check"):
        assert "No time can be chosen any more" in (await phone.get(page)).text
    answer = await phone.form(path, {"start": "2026-11-24T09:00:00Z", "once": "0" * 8})
    assert (answer.status, "No time can be chosen any more" in answer.text) == (409, True)


@pytest.mark.parametrize(
    "status, said",
    [
        (VisitStatus.COMPLETED, "The patient has booked"),
        (VisitStatus.CANCELLED, "The patient booked; the visit was cancelled since."),
    ],
)
async def test_staff_read_what_became_of_the_visit(
    hospital: Hospital, status: VisitStatus, said: str
) -> None:
    noor = await invite(hospital)
    phone, path = await opened_by(hospital)
    await phone.form(f"{path}/check", {"hold": await choose(phone, path)})
    (visit,) = hospital.units.tables.visits.values()
    stands = AppointmentStatus.CANCELLED if status is VisitStatus.CANCELLED else AppointmentStatus.FULFILLED
    hospital.units.tables.visits[visit.id] = replace(visit, status=status)
    booked = hospital.units.tables.appointments[visit.appointment_id]
    hospital.units.tables.appointments[booked.id] = replace(booked, status=stands)
    assert said in (await noor.get(f"/book?patient={CY.id}")).text


async def test_the_check_says_of_a_visit_by_phone_who_rings(hospital: Hospital) -> None:
    directory = hospital.units.tables.services
    directory[CARDIOLOGY.id] = replace(directory[CARDIOLOGY.id], modalities=(Modality.PHONE,))
    phone, path = await opened(hospital)
    await choose(phone, path)
    assert "By phone: we ring you" in (await phone.get(f"{path}/check")).text


async def test_for_whom_no_time_fits_waits_by_the_same_link(hospital: Hospital) -> None:
    phone, path = await opened(hospital)
    assert f'href="{path}/wish?lang=en"' in (await phone.get(path)).text
    assert "On which days can you come?" in (await phone.get(f"{path}/wish")).text
    refused = await phone.form(f"{path}/wish", {"weekday": ["2"], "hours": "never"})
    assert (refused.status, 'value="2" checked' in refused.text) == (422, True)
    left = await phone.form(f"{path}/wish", {"weekday": ["2"], "hours": "after"})
    assert (left.status, left.headers["Location"]) == (303, f"{path}?lang=en")
    (one,) = hospital.units.tables.waitlist.values()
    assert (one.patient_id, one.weekdays, one.from_hour) == (CY.id, (2,), 12)
    shown = (await phone.get(path)).text
    assert ("You are on the waiting list" in shown, "Take my wish back" in shown) == (True, True)
    hospital.units.tables.waitlist[one.id] = replace(one, by_patient=False)
    assert "Take my wish back" not in (await phone.get(path)).text, "staff wished it"
    hospital.units.tables.waitlist[one.id] = one
    stranger = await hospital.visitor()
    for address in (f"{path}/wish", f"{path}/wish/end"):
        assert (await stranger.form(address, {"hours": "any"})).status == 404
    assert (await phone.form(f"{path}/wish/end", {})).status == 303
    assert "You are on the waiting list" not in (await phone.get(path)).text


async def test_staff_read_whom_to_phone(hospital: Hospital) -> None:
    noor = await invite(hospital)
    said = "Message not delivered – phone them"
    assert said not in (await noor.get(f"/book?patient={CY.id}")).text
    lose(hospital)
    assert said in (await noor.get(f"/book?patient={CY.id}")).text


@pytest.mark.parametrize("changes", [{"last": "2026-11-01"}, {"last": ""}, {"last": "2028-01-01"}])
async def test_a_last_day_that_cannot_be_comes_back(hospital: Hospital, changes: dict[str, str]) -> None:
    noor = await hospital.staff(NOOR)
    asked = {"patient_id": CY.id, "service_id": CARDIOLOGY.id, "interpreter": "true"}
    answer = await noor.form("/choices/add", asked | changes)
    assert (answer.status, 'role="alert"' in answer.text) == (422, True)
    assert 'value="true" checked' in answer.text
    assert hospital.units.tables.choices == {}


async def test_programs_invite_list_send_again_and_take_back(hospital: Hospital) -> None:
    noor, there = await hospital.staff(NOOR), replace(THERE[2], languages=(CY.language,))
    body = {"patient_id": CY.id, "service_id": CARDIOLOGY.id, "last": last(hospital), "interpreter": True}
    nobody = await noor.post("/api/v1/choices", body)
    assert (nobody.status, nobody.json["errors"][0]["field"]) == (422, "interpreter")
    async with hospital.units.writing() as uow:
        await uow.resources.add(replace(there, organization_id=NOOR.organization_id))
    made = await noor.post("/api/v1/choices", body)
    assert (made.status, made.json["state"], made.json["interpreter"]) == (201, "open", True)
    twice = await noor.post("/api/v1/choices", body)
    assert (twice.status, twice.json["errors"][0]["code"]) == (422, "twice")
    lose(hospital)
    path = f"/api/v1/choices/{made.json['id']}"
    listed = (await noor.get(f"/api/v1/patients/{CY.id}/choices")).json
    assert (listed["choices"], listed["unreached"]) == ([made.json], [made.json["id"]])
    assert (await noor.post(f"{path}/messages", {})).status == 204
    assert (await noor.get(f"/api/v1/patients/{CY.id}/choices")).json["unreached"] == []
    assert (await noor.send("DELETE", path)).status == 204
    assert (await noor.post(f"{path}/messages", {})).status == 409
    (gone,) = (await noor.get(f"/api/v1/patients/{CY.id}/choices")).json["choices"]
    assert gone["state"] == "withdrawn"


async def test_a_stranger_is_refused(hospital: Hospital) -> None:
    phone, path = await opened(hospital)
    choice, stranger = the(hospital), await hospital.visitor()
    for person, status in ((await hospital.staff(ADA), 403), (await hospital.staff(AMARA), 404)):
        assert (await person.get(f"/api/v1/patients/{CY.id}/choices")).status == status
        for what in ("again", "end"):
            assert (await person.form(f"/choices/{choice.id}/{what}", {})).status == status
    for page in (path, f"{path}/check"):
        answer = await stranger.get(page)
        assert (answer.status, answer.headers["Location"]) == (303, "/v/choose?lang=en")
    assert (await stranger.get(f"{path}/calendar")).status == 404
    assert (await stranger.form(path, {"start": "2026-11-24T09:00:00Z", "once": "0" * 8})).status == 404
    assert (await stranger.form(f"{path}/check", {"hold": "any"})).status == 404
    dead = await stranger.form("/v/choose", {"token": "x" * 43})
    assert (dead.status, "Please open the newest message." in dead.text) == (404, True)
    assert BO.name.family not in (await phone.get(path)).text


async def test_a_link_is_tried_so_often_and_no_more(hospital: Hospital) -> None:
    phone, token = await invited(hospital)
    for _ in range(10):
        assert (await phone.form("/v/choose", {"token": token})).status == 303
    assert (await phone.form("/v/choose", {"token": token})).status == 429
