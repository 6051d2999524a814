"""Booking by patients on a service's public page: each step without scripts, nothing shown about others."""

import re
from datetime import timedelta
from typing import Any

import pytest
from babel.dates import format_date

from telehealth.domain.outbox import CONTACT_CODE, INVITATION
from tests.integration.storage.cast import AMARA, BO, CARDIOLOGY
from tests.integration.web.hospital import ADA, COORDINATOR, Answer, Hospital, Person

PATH = f"/s/{CARDIOLOGY.id}"
DAWIT = {
    "given": "Dawit",
    "family": "Alemu",
    "day": "5",
    "month": "6",
    "year": "1980",
    "contact": "dawit@mail.example",
}
BO_SAYS = {
    "given": BO.name.given,
    "family": BO.name.family,
    "day": str(BO.birth_date.day),
    "month": str(BO.birth_date.month),
    "year": str(BO.birth_date.year),
    "contact": BO.email or BO.phone,
}


@pytest.fixture(autouse=True)
async def _open(hospital: Hospital) -> None:
    ada = await hospital.staff(ADA)
    answer = await ada.form(f"/organization/services/{CARDIOLOGY.id}", {"open": "true"})
    assert answer.status == 303


def times(page: Answer) -> list[str]:
    return re.findall(r'name="start" value="([^"]+)"', page.text)


async def chosen(somebody: Person, which: int = 0) -> str:
    page = await somebody.get(PATH)
    (key,) = re.findall(r'name="once" value="([^"]+)"', page.text)
    start = times(page)[which]
    answer = await somebody.form(PATH, {"start": start, "once": key})
    assert (answer.status, answer.headers["Location"]) == (303, f"{PATH}/details?lang=en")
    return start


def messages(hospital: Hospital, template: str) -> list[Any]:
    return [each for each in hospital.units.tables.outbox.values() if each.template == template]


def code(hospital: Hospital) -> str:
    return str(messages(hospital, CONTACT_CODE)[-1].values["code"])


async def asked(hospital: Hospital, somebody: Person, told: dict[str, str], which: int = 0) -> str:
    """Go to the page where the code is typed."""
    start = await chosen(somebody, which)
    assert (await somebody.form(f"{PATH}/details", told)).headers["Location"] == f"{PATH}/check?lang=en"
    assert (await somebody.form(f"{PATH}/check", {})).headers["Location"] == f"{PATH}/code?lang=en"
    return start


def patients(hospital: Hospital) -> list[Any]:
    return list(hospital.units.tables.patients.values())


async def test_a_time_is_chosen_told_checked_shown_and_booked_once(hospital: Hospital) -> None:
    dawit = await hospital.visitor()
    page = await dawit.get(PATH)
    assert "Choose a time" in page.text
    assert len(times(page)) == 20
    start = await chosen(dawit)
    page = await dawit.get(f"{PATH}/details")
    assert "We keep this time for you for 10 more minutes." in page.text
    assert AMARA.name.family in page.text
    assert (await dawit.form(f"{PATH}/details", DAWIT)).status == 303
    page = await dawit.get(f"{PATH}/check")
    assert "dawit@mail.example" in page.text
    assert "<dd>5 June 1980</dd>" in page.text
    assert (await dawit.form(f"{PATH}/check", {})).status == 303
    assert "We sent 6 digits to" in (await dawit.get(f"{PATH}/code")).text
    for _ in range(2):
        done = await dawit.form(f"{PATH}/code", {"code": code(hospital)})
        assert (done.status, done.headers["Location"]) == (303, f"{PATH}/done?lang=en")
    page = await dawit.get(f"{PATH}/done")
    assert "<h1>Your visit is booked.</h1>\n<p><strong>Your visit is " in page.text
    assert len(re.findall(r"[Tt]imes? in ", page.text)) == 1, "whose clock is meant"
    assert "BEGIN:VEVENT" in (await dawit.get(f"{PATH}/calendar")).text
    (invitation,) = messages(hospital, INVITATION)
    new = next(each for each in patients(hospital) if each.name.family == "Alemu")
    assert (invitation.person_id, new.organization_id) == (new.id, CARDIOLOGY.organization_id)
    assert hospital.actions().count("appointment:book") == 1
    assert start not in times(await (await hospital.visitor()).get(PATH))


async def test_where_no_time_is_free_the_page_says_how_far_ahead_one_may_book(hospital: Hospital) -> None:
    somebody = await hospital.visitor()
    last = (hospital.clock.now() + timedelta(days=CARDIOLOGY.horizon_days)).date()
    named = f"The last day you can choose: {format_date(last, 'full', 'en_GB')}"
    assert named in (await somebody.get(PATH)).text
    behind = await somebody.get(PATH, params={"day": (last + timedelta(days=1)).isoformat()})
    assert times(behind) == []
    assert "There is no free time in these weeks." in behind.text
    assert named in behind.text


async def test_the_clinic_sees_that_the_patient_chose_the_time(hospital: Hospital) -> None:
    dawit = await hospital.visitor()
    await asked(hospital, dawit, DAWIT)
    assert (await dawit.form(f"{PATH}/code", {"code": code(hospital)})).status == 303
    (visit,) = hospital.units.tables.visits.values()
    kai = await hospital.staff(COORDINATOR)
    assert "The patient chose this time" in (await kai.get(f"/messages/{visit.id}")).text


async def test_whom_the_clinic_knows_is_found_by_the_code_and_not_before(hospital: Hospital) -> None:
    before = len(patients(hospital))
    bo, dawit = await hospital.visitor(), await hospital.visitor()
    await asked(hospital, bo, BO_SAYS)
    await asked(hospital, dawit, DAWIT, which=5)
    pages = [(await each.get(f"{PATH}/code")).text for each in (bo, dawit)]
    plain = [re.sub(r"nonce=\"[^\"]+\"|<bdi[^>]*>[^<]*</bdi>|<time.*?</time>", "", each) for each in pages]
    assert [len(each.splitlines()) for each in plain] == [len(plain[0].splitlines())] * 2
    assert len(patients(hospital)) == before, "nobody is known or new before the code"
    known = messages(hospital, CONTACT_CODE)[0]
    assert (await bo.form(f"{PATH}/code", {"code": known.values["code"]})).status == 303
    assert len(patients(hospital)) == before
    (visit,) = hospital.units.tables.visits.values()
    assert visit.patient_id == BO.id


async def test_somebody_with_another_birth_date_is_somebody_else(hospital: Hospital) -> None:
    twin = await hospital.visitor()
    await asked(hospital, twin, {**BO_SAYS, "year": "1960"})
    assert (await twin.form(f"{PATH}/code", {"code": code(hospital)})).status == 303
    (visit,) = hospital.units.tables.visits.values()
    assert visit.patient_id != BO.id


async def test_after_five_wrong_codes_the_time_is_free_again(hospital: Hospital) -> None:
    dawit = await hospital.visitor()
    start = await asked(hospital, dawit, DAWIT)
    right = code(hospital)
    wrong = "000000" if right != "000000" else "111111"
    assert start not in times(await (await hospital.visitor()).get(PATH))
    for _ in range(5):
        refused = await dawit.form(f"{PATH}/code", {"code": wrong})
        assert refused.status == 422
    assert "We could not keep this time any longer." in refused.text
    assert (await dawit.form(f"{PATH}/code", {"code": right})).status == 409
    assert start in times(await (await hospital.visitor()).get(PATH))
    assert hospital.actions().count("appointment:own:refused") == 5
    assert not hospital.units.tables.visits


async def test_a_hold_that_ran_out_is_told_with_free_times(hospital: Hospital) -> None:
    dawit = await hospital.visitor()
    await asked(hospital, dawit, DAWIT)
    hospital.clock.move(minutes=10)
    for step in ("details", "check", "code"):
        page = await dawit.get(f"{PATH}/{step}")
        assert "We could not keep this time any longer." in page.text
        assert len(times(page)) == 20
    late = await dawit.form(f"{PATH}/code", {"code": code(hospital)})
    assert late.status == 409
    assert len(times(late)) == 20


async def test_a_browser_holds_one_time_and_keeps_what_it_told(hospital: Hospital) -> None:
    dawit, other = await hospital.visitor(), await hospital.visitor()
    first = await chosen(dawit)
    assert (await dawit.form(f"{PATH}/details", DAWIT)).status == 303
    second = await chosen(dawit, 3)
    left = times(await other.get(PATH))
    assert first in left
    assert second not in left
    assert 'value="Alemu"' in (await dawit.get(f"{PATH}/details")).text


async def test_two_presses_on_a_time_hold_it_once(hospital: Hospital) -> None:
    dawit = await hospital.visitor()
    page = await dawit.get(PATH)
    (key,) = re.findall(r'name="once" value="([^"]+)"', page.text)
    for _ in range(2):
        assert (await dawit.form(PATH, {"start": times(page)[0], "once": key})).status == 303
    pending = [each for each in hospital.units.tables.appointments.values() if each.status == "pending"]
    assert len(pending) == 1


async def test_who_was_slower_is_told_and_chooses_again(hospital: Hospital) -> None:
    dawit, other = await hospital.visitor(), await hospital.visitor()
    page = await other.get(PATH)
    (key,) = re.findall(r'name="once" value="([^"]+)"', page.text)
    start = await chosen(dawit)
    refused = await other.form(PATH, {"start": start, "once": key})
    assert refused.status == 409
    assert "Somebody else has just taken this time." in refused.text
    assert start not in times(refused)


async def test_what_cannot_be_used_is_said_and_stays_typed(hospital: Hospital) -> None:
    dawit = await hospital.visitor()
    await chosen(dawit)
    cases = [
        ({"contact": "12"}, "Write an e-mail address, or a phone number with + and the country first."),
        ({"day": "31", "month": "2"}, "Please check the day, the month and the year."),
        ({"given": "", "family": ""}, "Please write a name."),
    ]
    for change, sentence in cases:
        refused = await dawit.form(f"{PATH}/details", {**DAWIT, **change})
        assert refused.status == 422
        assert sentence in refused.text
        assert 'value="1980"' in refused.text


async def test_a_contact_gets_three_codes_an_hour_whoever_asks(hospital: Hospital) -> None:
    for which in range(4):
        somebody = await hospital.visitor()
        await chosen(somebody, which)
        assert (await somebody.form(f"{PATH}/details", DAWIT)).status == 303
        sent = await somebody.form(f"{PATH}/check", {})
        assert sent.status == (303 if which < 3 else 429)
    assert "Too many tries." in sent.text
    assert len(messages(hospital, CONTACT_CODE)) == 3


async def test_other_answers_need_another_code(hospital: Hospital) -> None:
    dawit = await hospital.visitor()
    await asked(hospital, dawit, DAWIT)
    assert (await dawit.form(f"{PATH}/details", {**DAWIT, "contact": BO.email})).status == 303
    assert (await dawit.form(f"{PATH}/code", {"code": code(hospital)})).status == 409
    assert not hospital.units.tables.visits


async def test_a_service_that_is_not_open_does_not_exist(hospital: Hospital) -> None:
    ada, stranger = await hospital.staff(ADA), await hospital.visitor()
    assert (await ada.form(f"/organization/services/{CARDIOLOGY.id}", {"open": "false"})).status == 303
    closed, unknown = await stranger.get(PATH), await stranger.get("/s/nothing")
    assert closed.status == unknown.status == 404
    assert "We could not open this page" in closed.text
    assert (await stranger.form(PATH, {"start": "2026-11-30T09:00:00Z", "once": "0" * 16})).status == 404


async def test_a_stranger_is_refused(hospital: Hospital) -> None:
    dawit, stranger = await hospital.visitor(), await hospital.visitor()
    await asked(hospital, dawit, DAWIT)
    for step in ("details", "check", "code"):
        page = await stranger.get(f"{PATH}/{step}")
        assert "Alemu" not in page.text
        assert "dawit@" not in page.text
    assert (await stranger.form(f"{PATH}/code", {"code": code(hospital)})).status == 409
    assert (await stranger.get(f"{PATH}/done")).status == 404
    assert (await stranger.get(f"{PATH}/calendar")).status == 404
    amara = await hospital.staff(AMARA)
    assert (await amara.form(f"/organization/services/{CARDIOLOGY.id}", {"open": "true"})).status == 403


async def test_nobody_finds_the_record_that_times_are_held_for(hospital: Hospital) -> None:
    dawit, amara = await hospital.visitor(), await hospital.staff(AMARA)
    await chosen(dawit)
    found = await amara.post("/api/v1/patients/search", {"family": "", "birth_date": "1890-01-01"})
    assert found.status == 422
